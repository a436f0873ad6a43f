/* node.h - a value inside a resource together with what FHIR says about it. */
#ifndef RESOURCES_FHIR_NODE_H
#define RESOURCES_FHIR_NODE_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"
#include "resources/fhir/definitions/definitions.h"

/* Made on the fly while walking down; the engines see nodes, never a bare cJSON. value may be NULL
 * when only the shadow (`_birthDate`) is there; shadow may be NULL. type is the R4 type of the
 * value ("Patient", "HumanName", "string", "BackboneElement"): for an element inline in its
 * structure (backbone) `element` leads to its children, otherwise children are those of type's
 * structure. place.in of a child is the parent's place, so a node must outlive the nodes below it
 * (keep them in an arena when they are collected), and `resource` may be the node itself: a node is
 * filled where it stays, not copied. place.name of a choice is "value[x]", place.of_type its type.
 */
struct node {
    struct place place;
    const cJSON *value, *shadow;
    /* Definition of this element; NULL at the root and when unknown. */
    const struct element *element;
    const struct structure *structure; /* structure of its type: never NULL for a known type */
    const struct node *parent;         /* NULL at the root */
    const struct node *resource;       /* nearest node that is a resource (itself for a resource) */
};

/* The root node of a resource; false when resourceType is missing or unknown (then structure is
 * NULL, which lets it be walked as JSON of which nothing is known: each property is a child, named
 * by its key; a value that is no object counts as primitive). definitions NULL: no type is known.
 */
bool node_root(struct node *node, const cJSON *resource, struct definitions *definitions);
/* True for elements whose value is a primitive. */
bool node_is_primitive(const struct node *node);
struct str node_type(const struct node *node);

/* Walks the children in document order, arrays item by item, shadows joined with their values;
 * extension and id of a primitive come from its shadow. resourceType is not a child. Unknown
 * properties are skipped. */
struct node_walk {
    const struct node *parent;
    struct definitions *definitions;
    const char *only; /* when not NULL: only this element name (a choice by its stem: "value") */
    /* When not NULL (set it after node_walk_init): only properties that it wants, asked before
     * anything is looked up; a primitive's value and its shadow are then asked for apart. */
    bool (*wants)(const cJSON *property);
    /* The rest belongs to the walk. */
    const struct element *scope, *element;
    const struct structure *structure;
    const cJSON *property, *item, *shadow_item;
    const char *name, *of_type;
    int index;
};
void node_walk_init(struct node_walk *walk, const struct node *parent, const char *only,
                    struct definitions *definitions);
bool node_walk_next(struct node_walk *walk, struct node *child);
#endif
