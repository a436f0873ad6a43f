/* slices.c - slices found by name, or made from the element that they slice. */
#include "profiles/snapshot/slices.h"

#include "profiles/snapshot/choice.h"
#include "profiles/snapshot/facets.h"
#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/merge.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* One element being changed. */
struct work {
    struct maker *maker;
    struct branch *slot;
    const struct branch *pristine; /* as it was before, without slices; NULL: no slice is named */
    struct branch *last_known;     /* the last of the base's slices that was named */
    bool has_new;
    bool was_sliced, was_closed; /* in the base */
    size_t slice_count;          /* slices that the differential names */
};

static const struct branch *next_of(const struct branch *slot, const struct branch *diff)
{
    while (diff && diff->slot != slot)
        diff = diff->next;
    return diff;
}

/* Inside a slice, a short form that is alone there narrows the choice itself, as in R4's own blood
 * pressure profile; elsewhere it makes a slice of the choice. */
static bool is_narrowing(const struct branch *slot, const struct branch *diff)
{
    const struct branch *in = slot->parent;
    const struct branch *first = next_of(slot, diff->parent->child);
    if (diff->slice.len || slot->first_slice || first != diff || next_of(slot, diff->next))
        return false;
    while (in && !in->is_opened && !in->slice.len)
        in = in->parent;
    return in && !in->is_opened;
}

static bool is_slice(const struct branch *slot, const struct branch *diff)
{
    return diff->slice.len > 0 ||
           (snapshot_choice_is_short(slot, diff) && !is_narrowing(slot, diff));
}

static void set_discriminator(struct branch *slot, const char *type, const char *path,
                              struct arena *arena)
{
    cJSON *slicing = json_new_object(arena), *list = json_new_array(arena);
    cJSON *discriminator = json_add(list, json_new_object(arena));
    json_set(arena, discriminator, "type", json_new_string(arena, str_of(type)));
    json_set(arena, discriminator, "path", json_new_string(arena, str_of(path)));
    json_set(arena, slicing, "discriminator", list);
    json_set(arena, slicing, "ordered", json_new_bool(arena, false));
    json_set(arena, slicing, "rules", json_new_string(arena, STR("open")));
    json_set(arena, slot->element, "slicing", slicing);
}

/* A lone slice name without any slicing was once used to give the element a name. */
static bool is_only_named(const struct work *work, const struct branch *diff)
{
    const struct branch *slot = work->slot;
    return diff->element && diff->slice.len && work->slice_count == 1 &&
           !json_get(slot->element, "slicing") && !snapshot_branch_is_extension(slot) &&
           !snapshot_branch_is_choice(slot) && next_of(slot, diff->parent->child) == diff;
}

/* Slices of extensions and of choices may come without saying by what. */
static bool start_slicing(struct work *work, const struct branch *first)
{
    struct branch *slot = work->slot;
    struct arena *arena = work->maker->arena;
    if (cJSON_IsObject(json_get(slot->element, "slicing")))
        return true;
    if (snapshot_branch_is_extension(slot))
        set_discriminator(slot, "value", "url", arena);
    else if (snapshot_branch_is_choice(slot))
        set_discriminator(slot, "type", "$this", arena);
    else
        return snapshot_maker_refuse(
            work->maker, first, "the slice '" STR_FMT "' comes without a slicing of the element",
            STR_ARG(first->slice));
    return true;
}

static struct branch *find_slice(struct work *work, const struct branch *diff)
{
    struct str name = diff->slice.len ? diff->slice : diff->name;
    struct branch *slice = snapshot_branch_slice(work->slot, name);
    if (slice || !snapshot_branch_is_choice(work->slot) || !snapshot_choice_is_by_type(work->slot))
        return slice;
    return snapshot_choice_slice(work->slot, snapshot_choice_type(work->maker, work->slot, diff));
}

/* The slice of which "a/b" is a slice, or NULL. */
static struct branch *find_resliced(struct branch *slot, struct str name)
{
    struct branch *found = NULL;
    for (size_t slash = str_find(name, '/', 0); slash < name.len;
         slash = str_find(name, '/', slash + 1)) {
        struct branch *slice = snapshot_branch_slice(slot, str_slice(name, 0, slash));
        found = slice ? slice : found;
    }
    return found;
}

/* Behind the slice that it reslices, and what that was resliced into before. */
static struct branch *place_of_reslice(struct branch *resliced)
{
    struct branch *at = resliced;
    while (at->next && str_starts(at->next->slice, resliced->slice) &&
           at->next->slice.len > resliced->slice.len &&
           at->next->slice.data[resliced->slice.len] == '/')
        at = at->next;
    return at;
}

static struct branch *add_slice(struct work *work, const struct branch *diff)
{
    struct maker *maker = work->maker;
    struct str name = diff->slice.len ? diff->slice : diff->name;
    struct branch *resliced = find_resliced(work->slot, name);
    struct branch *slice = snapshot_branch_copy(resliced ? resliced : work->pristine, false, maker);
    if (!slice)
        return NULL;
    slice->slice = name;
    json_remove(slice->element, "slicing");
    json_remove(slice->element, "sliceIsConstraining");
    const cJSON *type =
        snapshot_branch_is_choice(slice) ? snapshot_choice_type(maker, slice, diff) : NULL;
    if (type && !json_count(json_get(diff->element, "type")))
        snapshot_choice_set_type(maker, slice, type);
    /* The only type that is spoken of is as required as the choice. */
    if (!snapshot_branch_is_choice(slice) || work->slice_count > 1 || resliced)
        snapshot_facets_set_min(slice->element, 0, maker->arena);
    slice->is_fresh = !work->was_sliced;
    snapshot_branch_add_slice(
        work->slot, resliced ? place_of_reslice(resliced) : work->slot->last_slice, slice);
    return slice;
}

static bool is_closed(const struct branch *slot)
{
    return str_is(json_get_text(json_get(slot->element, "slicing"), "rules"), "closed");
}

static bool is_after(const struct branch *slice, const struct branch *other)
{
    for (; other; other = other->next)
        if (other == slice)
            return true;
    return false;
}

static void apply_known(struct work *work, struct branch *slice, const struct branch *diff)
{
    struct maker *maker = work->maker;
    bool is_free = snapshot_branch_is_choice(work->slot) || maker->is_any_order;
    if (!is_free && (work->has_new || (work->last_known && !is_after(slice, work->last_known))))
        snapshot_maker_refuse(maker, diff, "the slice '" STR_FMT "' is out of order",
                              STR_ARG(slice->slice));
    if (!work->has_new)
        work->last_known = slice;
    snapshot_merge_apply(maker, slice, diff);
}

static void apply_slice(struct work *work, const struct branch *diff)
{
    struct maker *maker = work->maker;
    if (snapshot_choice_is_short(work->slot, diff) &&
        !snapshot_choice_check_short(maker, work->slot, diff))
        return;
    struct branch *slice = find_slice(work, diff);
    if (slice) {
        apply_known(work, slice, diff);
        return;
    }
    if (!diff->element && diff->slice.len) {
        snapshot_maker_refuse(maker, diff, "there is no slice '" STR_FMT "'", STR_ARG(diff->slice));
        return;
    }
    bool is_reslice = str_find(diff->slice, '/', 0) < diff->slice.len;
    if (work->was_closed && !is_reslice && !snapshot_branch_is_choice(work->slot)) {
        snapshot_maker_refuse(
            maker, diff, "the slicing is closed in the base: there can be no slice '" STR_FMT "'",
            STR_ARG(diff->slice));
        return;
    }
    slice = add_slice(work, diff);
    work->has_new = work->has_new || !is_reslice;
    if (slice)
        snapshot_merge_apply(maker, slice, diff);
}

/* A short form that narrows the choice: to that type. */
static void narrow(struct work *work, const struct branch *diff)
{
    struct maker *maker = work->maker;
    struct branch *slot = work->slot;
    if (!snapshot_choice_check_short(maker, slot, diff))
        return;
    const cJSON *type = snapshot_choice_type(maker, slot, diff);
    if (type && !json_count(json_get(diff->element, "type")))
        snapshot_choice_set_type(maker, slot, type);
    snapshot_merge_apply(maker, slot, diff);
}

/* The element itself: stands once, before its slices. */
static void apply_whole(struct work *work, const struct branch *from)
{
    struct branch *slot = work->slot;
    bool has_slices = false, is_said = false;
    for (const struct branch *diff = next_of(slot, from); diff; diff = next_of(slot, diff->next)) {
        if (is_slice(slot, diff)) {
            has_slices = true;
            continue;
        }
        if (is_said && diff->element)
            snapshot_maker_refuse(work->maker, diff, "the element is given twice");
        else if (has_slices && diff->element && !work->maker->is_any_order)
            snapshot_maker_refuse(work->maker, diff, "the element comes after its slices");
        else if (snapshot_choice_is_short(slot, diff))
            narrow(work, diff);
        else
            snapshot_merge_apply(work->maker, slot, diff);
        is_said = is_said || diff->element;
    }
}

void snapshot_slices_apply(struct maker *maker, struct branch *slot, const struct branch *diff)
{
    struct work work = { .maker = maker, .slot = slot };
    const struct branch *first = next_of(slot, diff->child);
    while (first && !is_slice(slot, first))
        first = next_of(slot, first->next);
    if (first) {
        work.pristine = snapshot_branch_copy(slot, false, maker);
        if (!work.pristine)
            return;
    }
    work.was_closed = is_closed(slot);
    work.was_sliced = json_get(slot->element, "slicing") != NULL;
    for (const struct branch *next = first; next; next = next_of(slot, next->next))
        work.slice_count += is_slice(slot, next);
    apply_whole(&work, diff->child);
    if (first && is_only_named(&work, first)) {
        snapshot_maker_warn(maker, first, "the slice name '" STR_FMT "' comes without a slicing",
                            STR_ARG(first->slice));
        slot->slice = first->slice;
        snapshot_merge_apply(maker, slot, first);
        return;
    }
    if (!first || !start_slicing(&work, first))
        return;
    for (const struct branch *next = first; next; next = next_of(slot, next->next))
        if (is_slice(slot, next))
            apply_slice(&work, next);
    if (snapshot_branch_is_choice(slot) && snapshot_choice_is_by_type(slot))
        snapshot_choice_finish(maker, slot, diff);
}
