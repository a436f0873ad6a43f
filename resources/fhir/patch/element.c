/* element.c - finding where an element goes, and changing a tree there. */
#include "resources/fhir/patch/element.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/measure.h"

enum { MOST_PART_DEPTH = 40 };

/* Nodes lend a tree that belongs to the patch's caller, who gave it to be changed. */
static cJSON *own(const cJSON *lent)
{
    union {
        const cJSON *lent;
        cJSON *own;
    } item = { .lent = lent };
    return item.own;
}

static bool is_primitive_name(struct str type)
{
    return type.len && type.data[0] >= 'a' && type.data[0] <= 'z';
}

/* The definition that holds an element's children. */
static const struct element *scope_of(const struct element *element,
                                      const struct structure *structure)
{
    if (element && element->child_count)
        return element;
    if (element && element->content)
        return element->content;
    return structure ? structure->root : NULL;
}

static const char *shadow_key(const char *key, struct arena *arena)
{
    return str_print(arena, "_%s", key).data;
}

/* "value" and "Quantity" are valueQuantity. */
static struct str choice_key(struct str stem, struct str type, struct arena *arena)
{
    char first = is_primitive_name(type) ? (char)(type.data[0] - 'a' + 'A')
                 : type.len              ? type.data[0]
                                         : '?';
    return str_print(arena, STR_FMT "%c" STR_FMT, STR_ARG(stem), first,
                     STR_ARG(str_slice(type, 1, type.len)));
}

static struct str stem_of(struct str name)
{
    return str_slice(name, 0, name.len - (str_ends(name, STR("[x]")) ? 3 : 0));
}

/* The property that a name and a type mean inside a definition. */
static bool find_property(struct element_slot *slot, const struct element *scope, struct str name,
                          struct str value_type, struct arena *arena)
{
    struct str key = str_copy(arena, stem_of(name));
    slot->type = NULL;
    slot->element = scope ? definitions_child(scope, key, &slot->type) : NULL;
    if (scope && (!slot->element || (slot->element->is_choice && !slot->type))) {
        key = choice_key(key, value_type, arena);
        slot->element = definitions_child(scope, key, &slot->type);
        if (slot->element && (!slot->element->is_choice || !slot->type))
            return false;
    }
    slot->key = key.data;
    slot->is_list = slot->element && slot->element->base_max > 1;
    return slot->element != NULL;
}

bool element_slot_of(struct element_slot *slot, const struct node *node, struct arena *arena)
{
    struct str name = str_of(node->place.name);
    *slot = (struct element_slot){ .parent = node->parent,
                                   .element = node->element,
                                   .index = node->place.index < 0 ? 0 : (size_t)node->place.index,
                                   .is_list = node->place.index >= 0 };
    if (node->place.of_type)
        name = choice_key(stem_of(name), str_of(node->place.of_type), arena);
    slot->key = str_cstr(arena, name);
    return node->parent != NULL;
}

/* The object in which an element's children are properties: of a primitive its shadow. */
static cJSON *object_of(const struct node *node)
{
    return own(node_is_primitive(node) ? node->shadow : node->value);
}

/* What is stored need not have been validated: nothing is put where JSON has another form. */
bool element_slot_find(struct element_slot *slot, const struct node *parent, struct str name,
                       struct str value_type, struct arena *arena)
{
    const cJSON *object = object_of(parent);
    *slot = (struct element_slot){ .parent = parent };
    if ((object && !cJSON_IsObject(object)) ||
        !find_property(slot, scope_of(parent->element, parent->structure), name, value_type, arena))
        return false;
    const cJSON *there = json_get(object, slot->key);
    return !slot->is_list || !there || cJSON_IsArray(there);
}

static void pad(cJSON *array, size_t count, struct arena *arena)
{
    for (size_t have = json_count(array); have < count; have++)
        json_add(array, json_new_null(arena));
}

static cJSON *get_array(cJSON *object, const char *key, size_t count, struct arena *arena)
{
    cJSON *array = json_get(object, key);
    if (!cJSON_IsArray(array)) /* what does not run in parallel with the values is no shadow */
        array = json_set(arena, object, key, json_new_array(arena));
    pad(array, count, arena);
    return array;
}

static void exchange(cJSON *array, size_t index, cJSON *item)
{
    json_unlink(array, json_at(array, index));
    json_insert(array, index, item);
}

/* As object_of; a primitive without a shadow gets one. */
static cJSON *make_object(const struct node *node, struct arena *arena)
{
    struct element_slot slot;
    cJSON *object = object_of(node);
    if (object || !element_slot_of(&slot, node, arena))
        return object;
    const char *key = shadow_key(slot.key, arena);
    cJSON *around = object_of(node->parent);
    object = json_new_object(arena);
    if (slot.is_list)
        exchange(get_array(around, key, slot.index + 1, arena), slot.index, object);
    else
        json_set(arena, around, key, object);
    return object;
}

static size_t count_of(const cJSON *object, const char *key, struct arena *arena)
{
    const cJSON *value = json_get(object, key), *shadow = json_get(object, shadow_key(key, arena));
    size_t values = cJSON_IsArray(value) ? json_count(value) : 0;
    size_t shadows = cJSON_IsArray(shadow) ? json_count(shadow) : 0;
    return values > shadows ? values : shadows;
}

/* Arrays that hold nothing are not there. */
static void tidy(cJSON *object, const char *key)
{
    cJSON *array = json_get(object, key);
    const cJSON *item = array ? array->child : NULL;
    if (!cJSON_IsArray(array))
        return;
    while (item && cJSON_IsNull(item))
        item = item->next;
    if (!item)
        json_remove(object, key);
}

static cJSON *or_null(cJSON *item, struct arena *arena)
{
    return item ? item : json_new_null(arena);
}

static void insert_item(cJSON *object, const char *key, size_t index,
                        const struct element_value *value, struct arena *arena)
{
    const char *shadows = shadow_key(key, arena);
    size_t count = count_of(object, key, arena);
    json_insert(get_array(object, key, count, arena), index, or_null(value->value, arena));
    if (value->shadow || json_get(object, shadows))
        json_insert(get_array(object, shadows, count, arena), index, or_null(value->shadow, arena));
    tidy(object, key);
    tidy(object, shadows);
}

static void set_property(cJSON *object, const char *key, const struct element_value *value,
                         struct arena *arena)
{
    const char *shadow = shadow_key(key, arena);
    if (value->value)
        json_set(arena, object, key, value->value);
    else
        json_remove(object, key);
    if (value->shadow)
        json_set(arena, object, shadow, value->shadow);
    else
        json_remove(object, shadow);
}

bool element_slot_is_taken(const struct element_slot *slot)
{
    const cJSON *object = object_of(slot->parent);
    struct str stem = stem_of(slot->element->name);
    for (const cJSON *item = object ? object->child : NULL; item; item = item->next) {
        const struct element_type *type = NULL;
        struct str key = str_of(item->string + (item->string[0] == '_'));
        if (str_is(key, slot->key))
            return true;
        if (slot->element->is_choice && str_starts(key, stem) &&
            definitions_child(slot->element->parent, key, &type) == slot->element && type)
            return true;
    }
    return false;
}

size_t element_count(const struct element_slot *slot)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    const cJSON *object = object_of(slot->parent);
    return object ? count_of(object, slot->key, scratch) : 0;
}

void element_insert(const struct element_slot *slot, size_t index,
                    const struct element_value *value, struct arena *arena)
{
    cJSON *object = make_object(slot->parent, arena);
    if (slot->is_list)
        insert_item(object, slot->key, index, value, arena);
    else
        set_property(object, slot->key, value, arena);
}

static void remove_item(cJSON *object, const char *key, size_t index)
{
    cJSON *array = json_get(object, key);
    cJSON *item = cJSON_IsArray(array) ? json_at(array, index) : NULL;
    if (item)
        json_unlink(array, item);
    tidy(object, key);
}

static void remove_element(const struct element_slot *slot, struct arena *arena)
{
    cJSON *object = object_of(slot->parent);
    const char *shadow = shadow_key(slot->key, arena);
    if (slot->is_list) {
        remove_item(object, slot->key, slot->index);
        remove_item(object, shadow, slot->index);
    } else {
        json_remove(object, slot->key);
        json_remove(object, shadow);
    }
}

void element_replace(const struct element_slot *old, const struct element_slot *slot,
                     const struct element_value *value, struct arena *arena)
{
    cJSON *object = object_of(old->parent);
    if (slot->is_list) {
        remove_element(old, arena);
        insert_item(object, slot->key, slot->index, value, arena);
        return;
    }
    if (strcmp(old->key, slot->key) != 0) {
        const char *there = json_get(object, old->key) ? old->key : shadow_key(old->key, arena);
        json_set_after(arena, object, there, slot->key, json_new_null(arena));
        remove_element(old, arena);
    }
    set_property(object, slot->key, value, arena);
}

static void move_item(cJSON *array, size_t from, size_t to)
{
    cJSON *item = json_at(array, from);
    json_unlink(array, item);
    json_insert(array, to, item);
}

void element_move(const struct element_slot *slot, size_t from, size_t to, struct arena *arena)
{
    cJSON *object = object_of(slot->parent);
    const char *keys[] = { slot->key, shadow_key(slot->key, arena) };
    size_t count = element_count(slot);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (json_get(object, keys[i]))
            move_item(get_array(object, keys[i], count, arena), from, to);
}

/* A primitive keeps its value when its last extension goes. */
static void drop_shadow(const struct node *node, struct arena *arena)
{
    struct element_slot slot;
    element_slot_of(&slot, node, arena);
    cJSON *object = object_of(node->parent);
    const char *key = shadow_key(slot.key, arena);
    if (slot.is_list)
        exchange(json_get(object, key), slot.index, json_new_null(arena));
    else
        json_remove(object, key);
    tidy(object, key);
}

void element_delete(const struct node *node, struct arena *arena)
{
    struct element_slot slot;
    for (; element_slot_of(&slot, node, arena); node = node->parent) {
        const struct node *parent = node->parent;
        remove_element(&slot, arena);
        const cJSON *object = object_of(parent);
        if (object->child)
            return;
        if (node_is_primitive(parent) && parent->value) {
            drop_shadow(parent, arena);
            return;
        }
    }
}

bool element_value_read(struct element_value *value, const cJSON *part, struct arena *arena)
{
    *value = (struct element_value){ 0 };
    for (const cJSON *member = part ? part->child : NULL; member; member = member->next) {
        bool is_shadow = member->string[0] == '_';
        struct str key = str_of(member->string + is_shadow);
        if (str_is(key, "resource") && !is_shadow) {
            value->value = json_copy(arena, member);
            value->type = json_get_text(member, "resourceType");
        } else if (str_is(key, "part") && cJSON_IsArray(member)) {
            value->parts = member;
        } else if (str_starts(key, STR("value")) && key.len > 5) {
            char *type = str_cstr(arena, str_slice(key, 5, key.len));
            value->type = str_of(type);
            *(is_shadow ? &value->shadow : &value->value) = json_copy(arena, member);
        }
    }
    bool has_value = value->value || value->shadow;
    return has_value != (value->parts != NULL);
}

static bool is_type(struct str given, struct str wanted, struct definitions *definitions)
{
    return str_equal(given, wanted) || definitions_is_a(definitions, given, wanted) ||
           definitions_is_a(definitions, wanted, given);
}

/* Whether the value may stand there, as far as the form of its JSON tells: which primitive it is,
 * validation says. */
static bool takes_type(const struct element_slot *slot, const struct element_value *value,
                       struct definitions *definitions)
{
    bool is_complex = cJSON_IsObject(value->value);
    const struct element *named = slot->element->content ? slot->element->content : slot->element;
    for (size_t i = 0; i < named->type_count; i++) {
        const struct element_type *type = &named->types[i];
        if (slot->element->is_choice && slot->type != type)
            continue;
        if (is_primitive_name(type->code)
                ? !is_complex && !cJSON_IsArray(value->value)
                : is_complex && is_type(value->type, type->code, definitions))
            return true;
    }
    return false;
}

static bool build_parts(struct element_value *value, const struct element_slot *slot, int depth,
                        struct definitions *definitions, struct arena *arena)
{
    const struct element *named = slot->element->content ? slot->element->content : slot->element;
    struct str code = slot->type          ? slot->type->code
                      : named->type_count ? named->types[0].code
                                          : (struct str){ 0 };
    const struct element *scope = scope_of(slot->element, definitions_type(definitions, code));
    if (depth > MOST_PART_DEPTH || is_primitive_name(code))
        return false;
    value->value = json_new_object(arena);
    for (const cJSON *part = value->parts->child; part; part = part->next) {
        struct element_value inner;
        struct element_slot place = { 0 };
        if (!element_value_read(&inner, part, arena) ||
            !find_property(&place, scope, json_get_text(part, "name"), inner.type, arena))
            return false;
        if (inner.parts ? !build_parts(&inner, &place, depth + 1, definitions, arena)
                        : !takes_type(&place, &inner, definitions))
            return false;
        size_t count = count_of(value->value, place.key, arena);
        if (place.is_list)
            insert_item(value->value, place.key, count, &inner, arena);
        else
            set_property(value->value, place.key, &inner, arena);
    }
    return true;
}

bool element_value_build(struct element_value *value, const struct element_slot *slot,
                         struct definitions *definitions, struct arena *arena)
{
    int depth = 0;
    size_t values = 0;
    for (const struct node *node = slot->parent; node; node = node->parent)
        depth += node->place.index < 0 ? 1 : 2;
    if (value->parts ? !build_parts(value, slot, 0, definitions, arena)
                     : !takes_type(slot, value, definitions))
        return false;
    return !value->value || measure_tree(value->value, depth + 1, &values);
}
