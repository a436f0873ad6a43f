/* merge.c - finds the element that each entry of a differential speaks of, in order. */
#include "profiles/snapshot/merge.h"

#include "profiles/snapshot/differential.h"
#include "profiles/snapshot/facets.h"
#include "profiles/snapshot/inside.h"
#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/shelf.h"
#include "profiles/snapshot/slices.h"
#include "profiles/snapshot/types.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* True when the name, or the child's, is a short form with a type's name behind it. */
static bool is_short_form(struct maker *maker, const struct branch *child, struct str name)
{
    if (!snapshot_differential_same_name(child->name, name))
        return false;
    struct str choice = snapshot_branch_is_choice(child) ? child->name : name;
    struct str other = snapshot_branch_is_choice(child) ? name : child->name;
    return snapshot_types_is_type(maker, str_slice(other, choice.len - 3, other.len));
}

/* The child of that very name, or the choice whose short form it is. */
static struct branch *find_slot(struct maker *maker, const struct branch *out, struct str name)
{
    struct branch *slot = snapshot_branch_child(out, name);
    for (struct branch *child = out->child; child && !slot; child = child->next)
        slot = str_equal(child->name, name) ? child : NULL;
    for (struct branch *child = out->child; child && !slot; child = child->next)
        slot = is_short_form(maker, child, name) ? child : NULL;
    return slot;
}

/* A specialization adds elements of its own after those that it has inherited. */
static struct branch *add_slot(struct maker *maker, struct branch *out, const struct branch *diff)
{
    if (!diff->element || !snapshot_maker_count(maker))
        return NULL;
    struct branch *slot =
        snapshot_branch_new(diff->name, json_new_object(maker->arena), maker->arena);
    snapshot_branch_add(out, slot);
    return slot;
}

static bool is_before(const struct branch *a, const struct branch *b)
{
    while (a && a != b)
        a = a->next;
    return a && a == b;
}

static bool find_slots(struct maker *maker, struct branch *out, const struct branch *diff)
{
    struct branch *furthest = NULL;
    bool is_found = true;
    for (struct branch *child = diff->child; child; child = child->next) {
        child->slot = find_slot(maker, out, child->name);
        if (!child->slot && maker->is_specialization)
            child->slot = add_slot(maker, out, child);
        if (!child->slot)
            is_found = snapshot_maker_refuse(
                maker, child, "the element '" STR_FMT "' is not in the base", STR_ARG(child->name));
        else if (!furthest || is_before(furthest, child->slot))
            furthest = child->slot;
        else if (!maker->is_any_order && !maker->is_specialization)
            is_found = snapshot_maker_refuse(
                maker, child, "'" STR_FMT "' is out of order: it comes before '" STR_FMT "'",
                STR_ARG(child->name), STR_ARG(furthest->name));
    }
    return is_found;
}

/* What a profile on the type says of the element as a whole comes before what is said here. */
static void adopt_profile(struct maker *maker, struct branch *out, const struct branch *diff)
{
    const cJSON *types = json_get(diff->element, "type"), *type = types ? types->child : NULL;
    const cJSON *known = json_get(out->element, "type");
    struct str profile = snapshot_types_profile(type);
    bool is_new = !known || json_count(known) != 1 ||
                  !str_equal(snapshot_types_profile(known->child), profile);
    if (json_count(types) != 1 || !profile.len || !is_new ||
        str_is(snapshot_types_code(type), "Reference"))
        return;
    struct book *book = snapshot_shelf_find(maker->shelf, profile);
    if (!book) {
        snapshot_maker_warn(maker, diff, "the profile '" STR_FMT "' is not known",
                            STR_ARG(profile));
        return;
    }
    const struct branch *root = snapshot_shelf_root(book, maker, diff);
    bool is_sliced = out->slice.len ? !out->is_fresh : json_get(out->element, "slicing") != NULL;
    if (root)
        snapshot_facets_adopt(maker, out, root, !is_sliced && !json_get(diff->element, "max"));
}

void snapshot_merge_apply(struct maker *maker, struct branch *out, const struct branch *diff)
{
    if (maker->shelf->is_full)
        return;
    if (diff->element) {
        adopt_profile(maker, out, diff);
        snapshot_facets_apply(maker, out, diff);
    }
    if (!diff->child || (!snapshot_inside_open(maker, out, diff) && !maker->is_specialization))
        return;
    find_slots(maker, out, diff);
    for (struct branch *slot = out->child; slot; slot = slot->next)
        snapshot_slices_apply(maker, slot, diff);
}
