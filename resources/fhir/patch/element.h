/* element.h - inside patch: elements of a tree set, inserted and removed as FHIR has them: with
 * their shadows, and as lists where the definitions say so (R4 json.html). */
#ifndef RESOURCES_FHIR_PATCH_ELEMENT_H
#define RESOURCES_FHIR_PATCH_ELEMENT_H
#include <cjson/cJSON.h>

#include "resources/fhir/node.h"

/* A value of a Parameters part. */
struct element_value {
    struct str type;       /* "Quantity", a resource's type; empty: a nameless type */
    cJSON *value, *shadow; /* copies; of a nameless type made by element_value_build */
    const cJSON *parts;    /* of a nameless type */
};
/* False when the part has no value. */
bool element_value_read(struct element_value *value, const cJSON *part, struct arena *arena);

/* Where an element is or goes: property `key` of the object that parent's children live in (made
 * when something is put there). index: of an item of a list. */
struct element_slot {
    const struct node *parent;
    const struct element *element;
    const struct element_type *type; /* of a choice the one chosen; NULL when unknown */
    const char *key;
    size_t index;
    bool is_list;
};
/* By element name: of a choice its stem, with "[x]" or a type behind it or not; then value_type
 * says which. False when there is no such element. */
bool element_slot_find(struct element_slot *slot, const struct node *parent, struct str name,
                       struct str value_type, struct arena *arena);
/* Of an element that is there; false for the root. */
bool element_slot_of(struct element_slot *slot, const struct node *node, struct arena *arena);
/* Whether it, or its choice in another type, is there. */
bool element_slot_is_taken(const struct element_slot *slot);
size_t element_count(const struct element_slot *slot);

/* Makes the value of a nameless type; false when the type is not one of the slot's, or the tree
 * would become too deep. */
bool element_value_build(struct element_value *value, const struct element_slot *slot,
                         struct definitions *definitions, struct arena *arena);
void element_insert(const struct element_slot *slot, size_t index,
                    const struct element_value *value, struct arena *arena);
/* old and slot differ when a choice changes its type. */
void element_replace(const struct element_slot *old, const struct element_slot *slot,
                     const struct element_value *value, struct arena *arena);
void element_move(const struct element_slot *slot, size_t from, size_t to, struct arena *arena);
/* And what is empty without it, up to the resource. */
void element_delete(const struct node *node, struct arena *arena);
#endif
