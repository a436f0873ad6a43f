/* choice.c - what slices say of a choice's types, and the types of its slices. */
#include "profiles/snapshot/choice.h"

#include "profiles/snapshot/differential.h"
#include "profiles/snapshot/facets.h"
#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/types.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

bool snapshot_choice_is_short(const struct branch *slot, const struct branch *diff)
{
    return snapshot_branch_is_choice(slot) && !str_equal(slot->name, diff->name);
}

const cJSON *snapshot_choice_type(struct maker *maker, const struct branch *slot,
                                  const struct branch *diff)
{
    const cJSON *stated = json_get(diff->element, "type");
    size_t stem = slot->name.len - 3;
    if (json_count(stated))
        return json_count(stated) == 1 ? stated->child : NULL;
    struct str name = snapshot_choice_is_short(slot, diff) ? diff->name : diff->slice;
    if (!str_starts(name, str_slice(slot->name, 0, stem)))
        return NULL;
    return snapshot_types_of_suffix(maker, slot, str_slice(name, stem, name.len));
}

bool snapshot_choice_check_short(struct maker *maker, const struct branch *slot,
                                 const struct branch *diff)
{
    struct str suffix = str_slice(diff->name, slot->name.len - 3, diff->name.len);
    const cJSON *named = snapshot_types_of_suffix(maker, slot, suffix);
    const cJSON *stated = json_get(diff->element, "type");
    if (!named)
        return snapshot_maker_refuse(maker, diff, "the choice has no such type");
    for (const cJSON *type = stated ? stated->child : NULL; type; type = type->next)
        if (!str_equal(snapshot_types_code(type), snapshot_types_code(named)))
            return snapshot_maker_refuse(maker, diff, "the type is not the one that the path says");
    return true;
}

void snapshot_choice_set_type(struct maker *maker, struct branch *out, const cJSON *type)
{
    cJSON *types = json_new_array(maker->arena);
    json_add(types, json_copy(maker->arena, type));
    json_set(maker->arena, out->element, "type", types);
}

bool snapshot_choice_is_by_type(const struct branch *slot)
{
    const cJSON *list = json_get(json_get(slot->element, "slicing"), "discriminator");
    if (json_count(list) == 0)
        return true;
    return json_count(list) == 1 && str_is(json_get_text(list->child, "type"), "type") &&
           str_is(json_get_text(list->child, "path"), "$this");
}

static const cJSON *only_type(const struct branch *branch)
{
    const cJSON *types = json_get(branch->element, "type");
    return json_count(types) == 1 ? types->child : NULL;
}

static bool is_of_type(const struct branch *slice, const cJSON *type)
{
    const cJSON *own = only_type(slice);
    return own && str_equal(snapshot_types_code(own), snapshot_types_code(type));
}

struct branch *snapshot_choice_slice(const struct branch *slot, const cJSON *type)
{
    for (struct branch *slice = type ? slot->first_slice : NULL; slice; slice = slice->next)
        if (is_of_type(slice, type))
            return slice;
    return NULL;
}

/* Leaves of the slot's types those that `keep` says. */
static void keep_types(struct branch *slot,
                       bool (*keep)(const struct branch *slot, const cJSON *type))
{
    cJSON *types = json_get(slot->element, "type"), *next;
    for (cJSON *type = types ? types->child : NULL; type; type = next) {
        next = type->next;
        if (!keep(slot, type))
            json_unlink(types, type);
    }
}

static bool is_required(const struct branch *slice)
{
    unsigned min;
    return snapshot_facets_min(slice->element, &min) && min > 0;
}

static bool has_required_slice(const struct branch *slot, const cJSON *type)
{
    const struct branch *slice = snapshot_choice_slice(slot, type);
    return slice && is_required(slice);
}

static bool has_slice(const struct branch *slot, const cJSON *type)
{
    return snapshot_choice_slice(slot, type) != NULL;
}

static bool have_all_slices(const struct branch *slot)
{
    const cJSON *types = json_get(slot->element, "type");
    for (const cJSON *type = types ? types->child : NULL; type; type = type->next)
        if (!snapshot_choice_slice(slot, type))
            return false;
    return true;
}

static void move_first(struct branch *slot, struct branch *after, struct branch *slice)
{
    struct branch *before = NULL;
    for (struct branch *at = slot->first_slice; at != slice; at = at->next)
        before = at;
    if (before == after)
        return;
    before->next = slice->next;
    if (slot->last_slice == slice)
        slot->last_slice = before;
    snapshot_branch_add_slice(slot, after, slice);
}

/* How the differential speaks of the choice's slices. */
struct order {
    struct branch *last;           /* the last that it names */
    const struct branch *required; /* the first that it makes required */
    const struct branch *said;     /* where */
};

static struct branch *find_named(struct maker *maker, struct branch *slot,
                                 const struct branch *diff)
{
    struct branch *slice = snapshot_branch_slice(slot, diff->slice.len ? diff->slice : diff->name);
    return slice ? slice : snapshot_choice_slice(slot, snapshot_choice_type(maker, slot, diff));
}

/* The differential's slices in its order, then those of the base that it does not name. */
static struct order order_slices(struct maker *maker, struct branch *slot,
                                 const struct branch *diff)
{
    struct order order = { NULL, NULL, NULL };
    for (const struct branch *child = diff->child; child; child = child->next) {
        if (child->slot != slot || (!child->slice.len && !snapshot_choice_is_short(slot, child)))
            continue;
        struct branch *slice = find_named(maker, slot, child);
        if (!slice || slice == order.last)
            continue;
        move_first(slot, order.last, slice);
        order.last = slice;
        if (!order.required && child->element && json_get(child->element, "min") &&
            is_required(slice)) {
            order.required = slice;
            order.said = child;
        }
    }
    return order;
}

static bool is_extension_value(const struct branch *slot)
{
    return slot->parent &&
           (str_is(slot->parent->name, "Extension") || snapshot_branch_is_extension(slot->parent));
}

void snapshot_choice_finish(struct maker *maker, struct branch *slot, const struct branch *diff)
{
    cJSON *slicing = json_get(slot->element, "slicing");
    struct order order = order_slices(maker, slot, diff);
    if (order.required && order.required != order.last)
        snapshot_maker_refuse(maker, order.said, "it is required, so no other type can be there");
    if (order.required) {
        snapshot_facets_set_min(slot->element, 1, maker->arena);
        keep_types(slot, has_required_slice);
    } else if (is_extension_value(slot)) {
        keep_types(slot, has_slice);
    }
    json_set(maker->arena, slicing, "rules",
             json_new_string(maker->arena, have_all_slices(slot) ? STR("closed") : STR("open")));
}
