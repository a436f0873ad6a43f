/* set.c - distinct items, found by hash: a bundle's thousand full urls are not compared each with
 * each. */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/evaluate.h"

enum { FIRST_ROOM = 8 };

void fhirpath_set_init(struct fhirpath_set *set)
{
    *set = (struct fhirpath_set){ .room = 0 };
}

/* Index of an equal item, or the count of items when there is none; *slot is where it is or would
 * be. */
static bool find(struct fhirpath_run *run, const struct fhirpath_set *set,
                 const struct fhirpath_item *item, uint64_t hash, size_t *slot)
{
    for (*slot = hash & (set->room - 1); set->slots[*slot]; *slot = (*slot + 1) & (set->room - 1)) {
        size_t index = set->slots[*slot] - 1;
        if (set->hashes[index] != hash)
            continue;
        int equal = fhirpath_compare_equal(run, &set->list.items.items[index], item);
        if (equal == -2)
            return false;
        if (equal == 1)
            return true;
    }
    return true;
}

/* Twice the room, and every item in its new slot. */
static void widen(struct fhirpath_run *run, struct fhirpath_set *set)
{
    size_t room = set->room ? set->room * 2 : FIRST_ROOM, count = set->list.items.count;
    size_t *slots = arena_array(run->context->arena, room, sizeof *slots);
    uint64_t *hashes = arena_alloc_raw(run->context->arena, room * sizeof *hashes);
    if (count)
        memcpy(hashes, set->hashes, count * sizeof *hashes);
    for (size_t i = 0; i < count; i++) {
        size_t slot = hashes[i] & (room - 1);
        while (slots[slot])
            slot = (slot + 1) & (room - 1);
        slots[slot] = i + 1;
    }
    set->slots = slots;
    set->hashes = hashes;
    set->room = room;
}

bool fhirpath_set_add(struct fhirpath_run *run, struct fhirpath_set *set,
                      const struct fhirpath_item *item, bool *is_new)
{
    if (!fhirpath_evaluate_step(run, 1))
        return false;
    if (set->list.items.count * 2 >= set->room)
        widen(run, set);
    uint64_t hash = fhirpath_compare_hash(run, item);
    size_t slot;
    if (!find(run, set, item, hash, &slot))
        return false;
    *is_new = set->slots[slot] == 0;
    if (!*is_new)
        return true;
    set->hashes[set->list.items.count] = hash;
    set->slots[slot] = set->list.items.count + 1;
    return fhirpath_items_add(run, &set->list, item);
}

bool fhirpath_set_has(struct fhirpath_run *run, const struct fhirpath_set *set,
                      const struct fhirpath_item *item, bool *is_in)
{
    *is_in = false;
    if (set->list.items.count == 0)
        return true;
    size_t slot;
    if (!fhirpath_evaluate_step(run, 1) ||
        !find(run, set, item, fhirpath_compare_hash(run, item), &slot))
        return false;
    *is_in = set->slots[slot] != 0;
    return true;
}
