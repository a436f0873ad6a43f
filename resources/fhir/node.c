/* node.c - walking from a value to its children with their definitions. */
#include "resources/fhir/node.h"

#include <assert.h>
#include <string.h>

#include "resources/fhir/json/json.h"

/* A resource says its type itself; NULL when what it says is no resource type of R4. */
static const struct structure *resource_structure(const cJSON *value,
                                                  struct definitions *definitions)
{
    struct str type = json_get_text(value, "resourceType");
    if (!definitions || !cJSON_IsString(json_get(value, "resourceType")) ||
        !definitions_is_resource_type(definitions, type))
        return NULL;
    return definitions_type(definitions, type);
}

bool node_root(struct node *node, const cJSON *resource, struct definitions *definitions)
{
    struct str type = json_get_text(resource, "resourceType");
    *node = (struct node){ .place = { NULL, type.len ? type.data : "Resource", NULL, -1,
                                      json_offset(resource) },
                           .value = resource,
                           .structure = resource_structure(resource, definitions),
                           .resource = node };
    return node->structure;
}

/* The definition below which the children are looked up, or NULL. */
static const struct element *scope_of(const struct node *node)
{
    if (node->element && node->element->child_count)
        return node->element;
    if (node->element && node->element->content)
        return node->element->content;
    return node->structure ? node->structure->root : NULL;
}

bool node_is_primitive(const struct node *node)
{
    if (node->structure)
        return node->structure->kind == KIND_PRIMITIVE;
    bool is_scalar = node->value ? !cJSON_IsObject(node->value) : node->shadow != NULL;
    return is_scalar && !scope_of(node);
}

struct str node_type(const struct node *node)
{
    return node->structure ? node->structure->type : (struct str){ "", 0 };
}

/* The object whose properties are the children: of a primitive, its shadow. */
static const cJSON *object_of(const struct node *node)
{
    return node_is_primitive(node) ? node->shadow : node->value;
}

void node_walk_init(struct node_walk *walk, const struct node *parent, const char *only,
                    struct definitions *definitions)
{
    const cJSON *object = object_of(parent);
    *walk = (struct node_walk){
        .parent = parent, .definitions = definitions, .scope = scope_of(parent), .only = only
    };
    if ((walk->scope || !parent->structure) && cJSON_IsObject(object))
        walk->property = object->child;
}

static struct str stem_of(const struct element *element)
{
    struct str name = element->name;
    return str_slice(name, 0, name.len - (element->is_choice ? sizeof "[x]" - 1 : 0));
}

/* Below a node of which nothing is known every property is a child; only extensions are known
 * everywhere. */
static bool define_untyped(struct node_walk *walk, const char *key)
{
    bool is_extension = !strcmp(key, "extension") || !strcmp(key, "modifierExtension");
    if (!strcmp(key, "resourceType") || (walk->only && strcmp(key, walk->only) != 0))
        return false;
    walk->element = NULL;
    walk->structure = is_extension && walk->definitions
                          ? definitions_type(walk->definitions, STR("Extension"))
                          : NULL;
    walk->name = key;
    walk->of_type = NULL;
    return true;
}

/* Finds element and type of a property; false when it is not a child to be walked. */
static bool define(struct node_walk *walk, const char *key)
{
    const struct element_type *type = NULL;
    if (!walk->scope)
        return define_untyped(walk, key);
    if (walk->only &&
        (key[0] != walk->only[0] || strncmp(key, walk->only, strlen(walk->only)) != 0))
        return false; /* of most properties the first letter tells */
    /* What a primitive holds is its node's value, not a child. */
    if (node_is_primitive(walk->parent) && !strcmp(key, "value"))
        return false;
    walk->element = definitions_child(walk->scope, str_of(key), &type);
    if (!walk->element || (walk->element->is_choice && !type) ||
        (walk->only && !str_is(stem_of(walk->element), walk->only)))
        return false;
    const struct element *named = walk->element->content ? walk->element->content : walk->element;
    if (!type && named->type_count)
        type = named->types;
    walk->structure = type ? definitions_type_of(walk->definitions, type) : NULL;
    walk->name = key;
    walk->of_type = NULL;
    if (walk->element->is_choice) {
        walk->name = walk->element->name.data;
        walk->of_type = type->code.data;
        assert(walk->name[walk->element->name.len] == '\0' && !walk->of_type[type->code.len]);
    }
    return true;
}

/* Whether `_key` may go with the property's values. */
static bool takes_shadow(const struct node_walk *walk)
{
    return walk->structure ? walk->structure->kind == KIND_PRIMITIVE : !walk->scope;
}

static const cJSON *find_shadow(const cJSON *object, const char *key)
{
    const cJSON *item = object->child;
    while (item && !(item->string[0] == '_' && !strcmp(item->string + 1, key)))
        item = item->next;
    return item;
}

/* Sets the cursors on a property's items; what does not run in parallel with the value is no shadow
 * of it. */
static void enter(struct node_walk *walk, const cJSON *value, const cJSON *shadow)
{
    bool is_list = cJSON_IsArray(value ? value : shadow);
    if (value && shadow && cJSON_IsArray(shadow) != is_list)
        shadow = NULL;
    walk->index = is_list ? 0 : -1;
    walk->item = is_list && value ? value->child : value;
    walk->shadow_item = is_list && shadow ? shadow->child : shadow;
}

/* Goes on to the next property that has a definition. */
static bool next_property(struct node_walk *walk)
{
    const cJSON *object = object_of(walk->parent), *property;
    while ((property = walk->property)) {
        walk->property = property->next;
        bool is_shadow = property->string[0] == '_';
        const char *key = property->string + is_shadow;
        if (walk->wants && !walk->wants(property))
            continue;
        if (!define(walk, key) ||
            (is_shadow && (!takes_shadow(walk) || (!walk->wants && json_get(object, key)))))
            continue;
        if (is_shadow)
            enter(walk, NULL, property);
        else
            enter(walk, property, takes_shadow(walk) ? find_shadow(object, key) : NULL);
        return true;
    }
    return false;
}

/* Takes the value and shadow under the cursors; a null in the one leaves room for the other. */
static bool next_item(struct node_walk *walk, struct node *child)
{
    while (walk->item || walk->shadow_item) {
        const cJSON *value = walk->item, *shadow = walk->shadow_item;
        bool is_list = walk->index >= 0;
        child->place.index = walk->index;
        child->value = cJSON_IsNull(value) ? NULL : value;
        child->shadow = cJSON_IsObject(shadow) ? shadow : NULL;
        walk->index += is_list;
        walk->item = is_list && value ? value->next : NULL;
        walk->shadow_item = is_list && shadow ? shadow->next : NULL;
        if (child->value || child->shadow)
            return true;
    }
    return false;
}

bool node_walk_next(struct node_walk *walk, struct node *child)
{
    while (!next_item(walk, child))
        if (!next_property(walk))
            return false;
    child->place.in = &walk->parent->place;
    child->place.name = walk->name;
    child->place.of_type = walk->of_type;
    child->place.offset = json_offset(child->value ? child->value : child->shadow);
    child->element = walk->element;
    child->structure = walk->structure;
    child->parent = walk->parent;
    child->resource = walk->parent->resource;
    if (child->structure && child->structure->kind == KIND_RESOURCE) {
        const struct structure *own = resource_structure(child->value, walk->definitions);
        child->structure = own ? own : child->structure;
        child->resource = child;
    } else if (!walk->scope && !child->structure && json_get(child->value, "resourceType")) {
        child->structure = resource_structure(child->value, walk->definitions);
        child->resource = child;
    }
    return true;
}
