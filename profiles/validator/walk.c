/* walk.c - one pass over a resource: each value against every shape that holds of it. R4's own
 * shape says which properties there are and how JSON writes them; all layers say how often, which
 * types, which values. */
#include "profiles/validator/run.h"
#include "profiles/validator/slice.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

#include <string.h>

/* A property of one object: its value and shadow, in one of its types. */
struct group {
    const struct property *property;
    const cJSON *value, *shadow;
};

/* One shape that a list must have, with its slices in this instance. */
struct part {
    const struct shape *shape;
    struct slice_state *slices;
};

/* The properties of one object, by the ordinal of their element, and in the order in which they
 * came. */
struct groups {
    struct group *each;
    struct group **order;
    size_t count;
};

/* All values of one property under one parent. */
struct list {
    const struct node *parent;
    const struct group *group;
    struct part *parts;
    size_t count;
};

static struct node child_node(const struct node *parent, const struct property *property,
                              const cJSON *value, int index)
{
    return (struct node){
        .place = { &parent->place, property->name, property->of_type, index, json_offset(value) },
        .parent = parent,
        .element = property->shape->element,
        .resource = parent->resource,
    };
}

/* What has no element has no place of its own: it is said of its parent, where it stands. */
static void raise_stranger(struct run *run, const struct node *parent, const struct shape *base,
                           const cJSON *property)
{
    struct node at = { .place = parent->place };
    struct fault fault = { ISSUE_UNKNOWN_ELEMENT, str_of(property->string),
                           base->element->structure->url, NULL, false };
    at.place.offset = json_offset(property);
    validator_run_raise(run, &at, fault, STR_FMT " has no '%s'", STR_ARG(base->element->path),
                        property->string);
}

static void check_rules(struct run *run, const struct node *node, size_t from)
{
    uint32_t serial = ++run->serial;
    for (size_t i = from; i < run->layer_count; i++) {
        const struct shape *shape = run->layers[i];
        for (size_t r = 0; r < shape->rule_count; r++) {
            const struct rule *rule = shape->rules[r];
            if (rule->id < run->stamp_count) {
                if (run->stamps[rule->id] == serial)
                    continue;
                run->stamps[rule->id] = serial;
            }
            rule->kind->check(run, rule, node);
        }
    }
}

/* The types that a shape of an element allows, and the profiles that it asks of them. False when it
 * speaks of another type: then it says no more about this value. */
static bool check_type(struct run *run, const struct node *node, const struct shape *shape,
                       struct str code, size_t from)
{
    if (shape->type_count == 0 || !code.len)
        return true;
    const struct shape_type *type = validator_shape_type(run->validator, shape, code);
    if (!type) {
        struct arena_mark mark = validator_run_mark(run);
        struct buf allowed;
        buf_init(&allowed, run->scratch, 1024);
        for (size_t i = 0; i < shape->type_count; i++)
            buf_print(&allowed, "%s" STR_FMT, i ? ", " : "", STR_ARG(shape->types[i].code));
        struct fault fault = { ISSUE_TYPE_MISMATCH, STR("type"), shape->type_profile, NULL, false };
        bool is_of_extension = node->parent && str_is(node_type(node->parent), "Extension");
        validator_run_raise(run, is_of_extension ? node->parent : node, fault,
                            STR_FMT " is given, allowed: " STR_FMT, STR_ARG(code),
                            STR_ARG(buf_str(&allowed)));
        validator_run_reset(run, mark);
        return false;
    }
    validator_profile_require(run, node, type, shape->type_profile, from);
    return true;
}

/* Puts on the stack every shape of this occurrence: of its element, of its slices, of its type. */
static void push_layers(struct run *run, const struct list *list, const struct node *node,
                        const struct shape *base, struct str code)
{
    size_t from = run->layer_count;
    for (size_t i = 0; i < list->count; i++)
        validator_run_push(run, from, list->parts[i].shape);
    for (size_t i = 0; i < list->count; i++)
        if (list->parts[i].slices)
            validator_slice_item(run, list->parts[i].slices, node, base, from);
    size_t own = run->layer_count;
    if (base)
        validator_run_push(run, from, base);
    size_t kept = from;
    for (size_t i = from; i < own; i++)
        if (check_type(run, node, run->layers[i], code, from))
            run->layers[kept++] = run->layers[i];
    for (size_t i = own; i < run->layer_count; i++)
        run->layers[kept++] = run->layers[i];
    run->layer_count = kept;
}

/* R4's shape of what is inside a property: inline, or that of its type. */
static const struct shape *inside_of(struct run *run, const struct property *property)
{
    const struct shape *inside = validator_shape_inside(property->shape);
    if (inside->child_count || !property->type)
        return inside;
    return validator_schema_root(run->validator, property->type->base);
}

/* Of a type's root its own structure, of an inline element that of its type (BackboneElement,
 * Element). */
static const struct structure *structure_of(struct run *run, const struct shape *base)
{
    if (!base->element->parent)
        return base->element->structure;
    const struct shape *type =
        base->type_count ? validator_schema_root(run->validator, base->types[0].base) : NULL;
    return type ? type->element->structure : NULL;
}

static void check_resource_item(struct run *run, const struct list *list, struct node *node)
{
    size_t from = run->layer_count;
    struct str type = json_get_text(node->value, "resourceType");
    node->structure = definitions_type(run->validator->definitions, type);
    push_layers(run, list, node, NULL, node->structure ? type : STR(""));
    validator_resource_walk(run, node, from);
    run->layer_count = from;
}

static void check_item(struct run *run, const struct list *list, struct node *node)
{
    const struct property *property = list->group->property;
    if (!validator_form_check(run, node, property))
        return;
    if (property->form == FORM_RESOURCE) {
        check_resource_item(run, list, node);
        return;
    }
    const struct shape *base = inside_of(run, property);
    if (!base)
        return;
    size_t from = run->layer_count;
    node->structure = structure_of(run, base);
    push_layers(run, list, node, base, property->type ? property->type->code : STR(""));
    if (base->element->structure->kind == KIND_COMPLEX && str_is(node_type(node), "Extension"))
        validator_extension_check(run, node, from);
    validator_walk_value(run, node, base, from);
    run->layer_count = from;
}

static size_t count_of(const cJSON *value)
{
    return cJSON_IsArray(value) ? json_count(value) : value != NULL;
}

static void raise_count(struct run *run, const struct node *parent, const struct shape *shape,
                        size_t count)
{
    const struct element *element = shape->element;
    bool is_short = count < element->min;
    struct fault fault = { is_short ? ISSUE_REQUIRED_MISSING : ISSUE_TOO_MANY, element->name,
                           is_short ? shape->min_profile : shape->max_profile, &shape->key, false };
    if (is_short)
        validator_run_raise(run, parent, fault, STR_FMT ": needed %u, given %zu",
                            STR_ARG(element->path), element->min, count);
    else if (element->max == 0)
        validator_run_raise(run, parent, fault, STR_FMT ": it is not used here",
                            STR_ARG(element->path));
    else
        validator_run_raise(run, parent, fault, STR_FMT ": at most %u, given %zu",
                            STR_ARG(element->path), element->max, count);
}

/* How often the list and each slice is there. What a missing slice explains is said once, of the
 * slice. */
static void check_counts(struct run *run, const struct list *list, size_t count)
{
    size_t missing = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->parts[i].slices) {
            size_t of_part = validator_slice_end(run, list->parts[i].slices, list->parent);
            missing = of_part > missing ? of_part : missing;
        }
    bool is_mistyped = !list->group->property->is_array && cJSON_IsArray(list->group->value);
    for (size_t i = 0; i < list->count; i++) {
        const struct element *element = list->parts[i].shape->element;
        bool is_long = count > element->max && !(is_mistyped && element->max == 1);
        if (count + missing < element->min || is_long)
            raise_count(run, list->parent, list->parts[i].shape, count);
    }
}

static void check_items(struct run *run, const struct list *list, size_t count)
{
    const struct group *group = list->group;
    bool is_list = cJSON_IsArray(group->value ? group->value : group->shadow);
    const cJSON *value = cJSON_IsArray(group->value) ? group->value->child : group->value;
    const cJSON *shadow = cJSON_IsArray(group->shadow) ? group->shadow->child : group->shadow;
    for (size_t i = 0; i < count; i++) {
        struct node node = child_node(list->parent, group->property, value ? value : shadow,
                                      is_list ? (int)i : -1);
        node.value = value && !cJSON_IsNull(value) ? value : NULL;
        node.shadow = shadow && !(is_list && cJSON_IsNull(shadow)) ? shadow : NULL;
        struct arena_mark mark = validator_run_mark(run);
        check_item(run, list, &node);
        validator_run_reset(run, mark);
        value = value ? value->next : NULL;
        shadow = shadow ? shadow->next : NULL;
        if (!is_list)
            break;
    }
}

/* The shapes that the layers of the parent have for this property. */
static void find_parts(struct run *run, struct list *list, size_t from, size_t to)
{
    const struct property *property = list->group->property;
    list->parts = arena_array(run->scratch, to - from + 1, sizeof *list->parts);
    list->parts[list->count++].shape = property->shape;
    for (size_t i = from; i < to; i++) {
        const struct shape *layer = validator_shape_inside(run->layers[i]);
        const struct shape *child = validator_shape_child(layer, property->shape->element->name);
        if (!child && property->of_type)
            child = validator_shape_child(layer, str_of(property->key));
        if (child && child != property->shape)
            list->parts[list->count++].shape = child;
    }
    for (size_t i = 0; i < list->count; i++)
        if (list->parts[i].shape->slicer)
            list->parts[i].slices = validator_slice_begin(run, list->parts[i].shape->slicer);
}

static void check_list(struct run *run, const struct node *parent, const struct group *group,
                       size_t from, size_t to)
{
    struct arena_mark mark = validator_run_mark(run);
    struct list list = { .parent = parent, .group = group };
    find_parts(run, &list, from, to);
    const cJSON *both[] = { group->value, group->shadow };
    for (size_t i = 0; i < COUNT(both); i++) {
        struct node node = child_node(parent, group->property, both[i], -1);
        if (both[i])
            validator_form_check_list(run, &node, group->property, both[i]);
    }
    size_t values = count_of(group->value), shadows = count_of(group->shadow);
    size_t count = values > shadows ? values : shadows;
    check_items(run, &list, count);
    if (count > 0)
        check_counts(run, &list, count);
    validator_run_reset(run, mark);
}

/* Children that are not there although a layer wants them, or wants one of their slices. */
static void check_absent(struct run *run, const struct node *node, const struct shape *base,
                         const struct groups *groups, size_t layer)
{
    const struct shape *inside = validator_shape_inside(run->layers[layer]);
    for (size_t i = 0; i < inside->needed_count; i++) {
        const struct shape *child = inside->needed[i];
        const struct shape *own = validator_shape_child(base, child->element->name);
        if (own && groups->each[own->ordinal].property)
            continue;
        struct arena_mark mark = validator_run_mark(run);
        struct slice_state *slices =
            child->slicer ? validator_slice_begin(run, child->slicer) : NULL;
        size_t missing = slices ? validator_slice_end(run, slices, node) : 0;
        if (missing < child->element->min)
            raise_count(run, node, child, 0);
        validator_run_reset(run, mark);
    }
}

static void take_property(struct run *run, const struct node *node, const struct shape *base,
                          struct groups *groups, const cJSON *item)
{
    bool is_shadow = item->string[0] == '_';
    const struct property *property = map_find(&base->properties, str_of(item->string + is_shadow));
    bool is_own_value = base->element->structure->kind == KIND_PRIMITIVE && property &&
                        str_is(property->shape->element->name, "value");
    bool is_primitive =
        property && property->form != FORM_OBJECT && property->form != FORM_RESOURCE;
    if (!property || is_own_value || (is_shadow && !is_primitive)) {
        raise_stranger(run, node, base, item);
        return;
    }
    struct group *group = &groups->each[property->shape->ordinal];
    if (group->property && group->property != property) {
        struct node at = child_node(node, property, item, -1);
        struct fault fault = { .id = ISSUE_CHOICE_CLASH, .profile = base->element->structure->url };
        validator_run_raise(run, &at, fault, "'%s' is also given", group->property->key);
        return;
    }
    if (!group->property)
        groups->order[groups->count++] = group;
    group->property = property;
    *(is_shadow ? &group->shadow : &group->value) = item;
}

static void check_children(struct run *run, const struct node *node, const struct shape *base,
                           size_t from)
{
    bool is_primitive = base->element->structure->kind == KIND_PRIMITIVE && !base->element->parent;
    const cJSON *object = is_primitive ? node->shadow : node->value;
    if (!cJSON_IsObject(object))
        return;
    struct arena_mark mark = validator_run_mark(run);
    size_t to = run->layer_count;
    struct groups groups = { .each = arena_array(run->scratch, base->child_count,
                                                 sizeof *groups.each) };
    groups.order = arena_array(run->scratch, base->child_count, sizeof(struct group *));
    bool is_resource = node->resource == node;
    for (const cJSON *item = object->child; item; item = item->next)
        if (!is_resource || strcmp(item->string, "resourceType") != 0)
            take_property(run, node, base, &groups, item);
    for (size_t i = 0; i < groups.count; i++)
        check_list(run, node, groups.order[i], from, to);
    if (!is_primitive)
        for (size_t i = from; i < to; i++)
            check_absent(run, node, base, &groups, i);
    validator_run_reset(run, mark);
}

void validator_walk_value(struct run *run, const struct node *node, const struct shape *base,
                          size_t from)
{
    if (run->depth == MOST_WALK_DEPTH) {
        validator_run_raise(run, node, (struct fault){ .id = ISSUE_TOO_DEEP },
                            "more than %d levels", MOST_WALK_DEPTH);
        return;
    }
    /* Whoever only asks whether it conforms knows enough. */
    if (run->nested && run->issues->errors)
        return;
    run->depth++;
    check_children(run, node, base, from);
    check_rules(run, node, from);
    run->depth--;
}
