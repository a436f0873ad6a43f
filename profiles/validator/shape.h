/* shape.h - what a StructureDefinition is compiled into: one shape an element, small rules on it.
 *
 * Everything here is made once, under the validator's lock, in the validator's arena, and is then
 * read by all threads without a lock. The README tells the story. */
#ifndef PROFILES_VALIDATOR_SHAPE_H
#define PROFILES_VALIDATOR_SHAPE_H
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/node.h"

struct rule;
struct run;
struct slicer;
struct validator;

/* A rule holds of one value. Two equal rules from the same profile are one object, so that what an
 * element inherits is checked once however many profiles repeat it. */
struct rule_kind {
    const char *name;
    void (*check)(struct run *run, const struct rule *rule, const struct node *node);
};
struct rule {
    const struct rule_kind *kind;
    struct str profile; /* canonical of the definition that introduced it */
    uint32_t id;        /* dense, from 0 */
};

/* A StructureDefinition by canonical or a type by name; compiled at first use. */
struct schema {
    struct str canonical;
    _Atomic(const struct shape *) root;
};

/* The issue key that the guide gives to a rule, with its sentence; code is empty when it gives
 * none. */
struct validator_key {
    struct str code, text;
};

struct shape_type {
    struct str code;
    struct schema *base; /* of the type itself */
    struct schema **profiles;
    size_t profile_count;
};

/* One element of a snapshot. */
struct shape {
    const struct element *element;
    const struct rule **rules;
    size_t rule_count;
    struct shape **children; /* sorted by name */
    size_t child_count;
    struct shape *
        *needed; /* the children that may not be absent: min > 0, or a slice with min > 0 */
    size_t needed_count;
    const struct shape *content; /* where the children stand for a contentReference, or NULL */
    struct shape_type *types;
    size_t type_count;
    const struct slicer *slicer; /* NULL when not sliced */
    struct map properties;       /* of R4's own types: JSON property name -> struct property */
    struct str min_profile, max_profile, type_profile; /* who introduced these limits */
    struct validator_key key;                          /* of too few and too many, from the guide */
    size_t ordinal;                                    /* among the children of its parent */
};

/* How JSON writes a value. */
enum json_form { FORM_OBJECT, FORM_STRING, FORM_NUMBER, FORM_BOOLEAN, FORM_RESOURCE };

/* What a JSON property name means on an element: which child, in which of its types. */
struct property {
    const struct shape *shape;
    const struct shape_type *type;
    const char *name;    /* the element's name in FHIRPath: value for valueQuantity */
    const char *of_type; /* Quantity for valueQuantity, else NULL */
    const char *key;     /* as JSON writes it */
    enum json_form form;
    bool is_array;
};

/* NULL when the canonical is unknown. Safe from outside: what is unknown is not remembered. */
struct schema *validator_schema_find(struct validator *validator, struct str canonical);
/* The compiled root, or NULL when the canonical is unknown or its definition holds no elements. */
const struct shape *validator_schema_root(struct validator *validator, struct schema *schema);
/* The child with this element name ("value[x]" for a choice), or NULL. */
const struct shape *validator_shape_child(const struct shape *shape, struct str name);
/* Where the children of an element stand: the shape itself or the target of its contentReference.
 */
const struct shape *validator_shape_inside(const struct shape *shape);
/* May this type stand where that one is allowed: itself, or a resource where its ancestor is. A
 * data type never stands for the one it specializes: JSON names it. */
bool validator_schema_is_type(struct validator *validator, struct str type, struct str allowed);
/* The type of this code among a shape's types (a resource type also matches its ancestors), or
 * NULL. */
const struct shape_type *validator_shape_type(struct validator *validator,
                                              const struct shape *shape, struct str code);
#endif
