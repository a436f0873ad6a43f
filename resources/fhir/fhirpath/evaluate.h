/* evaluate.h - the state of one evaluation and the tools that operators and functions share.
 * Private to fhirpath. */
#ifndef RESOURCES_FHIR_FHIRPATH_EVALUATE_H
#define RESOURCES_FHIR_FHIRPATH_EVALUATE_H
#include "resources/fhir/fhirpath/syntax.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/decimal.h"
#include "resources/fhir/types/quantity.h"

/* A collection that grows in the run's arena. Items are copied, nodes and texts borrowed. */
struct fhirpath_list {
    struct fhirpath_items items;
    size_t room;
};

struct fhirpath_run {
    struct fhirpath_context *context;
    struct str text; /* of the expression, for positions */
    size_t position; /* of what is being evaluated */
    const struct node *focus;
    size_t steps, most_steps, most_items;
    struct node *spare;                       /* allocated for a child that was not there */
    const struct fhirpath_defined *defined;   /* just made by defineVariable() */
    size_t made;                              /* elements by %factory */
    const struct fhirpath_defining *defining; /* what elementDefinition() has read (structure.c) */
};

/* The UCUM table, or NULL. */
const struct ucum *fhirpath_evaluate_units(const struct fhirpath_run *run);

/* What defineVariable() made: known to the rest of its path and to what is inside of that. */
struct fhirpath_defined {
    struct fhirpath_variable variable;
    const struct fhirpath_defined *earlier;
};

/* What names without a left side mean: $this, $index, $total. */
struct fhirpath_scope {
    struct fhirpath_items focus; /* $this; usually one item */
    int64_t index;               /* -1 outside of a function that counts */
    const struct fhirpath_items *total;
    const struct fhirpath_defined *defined;
};

/* The items of %name; NULL when there is none. */
const struct fhirpath_items *fhirpath_evaluate_variable(const struct fhirpath_run *run,
                                                        struct str name,
                                                        const struct fhirpath_scope *scope);
/* True for the %names that are always there. */
bool fhirpath_evaluate_is_reserved(struct str name);
/* Evaluates into *out (which it initializes). False with an issue. */
bool fhirpath_evaluate_expression(struct fhirpath_run *run,
                                  const struct fhirpath_expression *expression,
                                  const struct fhirpath_scope *scope, struct fhirpath_list *out);
/* Raises an issue at the focus, with the position in the expression. Always false. */
bool fhirpath_evaluate_fail(struct fhirpath_run *run, enum issue_id id, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Counts work; false with fhirpath-limit when there was too much. */
bool fhirpath_evaluate_step(struct fhirpath_run *run, size_t steps);
/* Counts the work of going over a text. */
bool fhirpath_evaluate_text(struct fhirpath_run *run, size_t bytes);

/* Adding items: false with fhirpath-limit when the collection grows too long. */
bool fhirpath_items_add(struct fhirpath_run *run, struct fhirpath_list *list,
                        const struct fhirpath_item *item);
bool fhirpath_items_add_all(struct fhirpath_run *run, struct fhirpath_list *list,
                            const struct fhirpath_items *items);
bool fhirpath_items_add_node(struct fhirpath_run *run, struct fhirpath_list *list,
                             const struct node *node);
bool fhirpath_items_add_boolean(struct fhirpath_run *run, struct fhirpath_list *list, bool value);
bool fhirpath_items_add_integer(struct fhirpath_run *run, struct fhirpath_list *list,
                                int64_t value);
bool fhirpath_items_add_long(struct fhirpath_run *run, struct fhirpath_list *list, int64_t value);
bool fhirpath_items_add_string(struct fhirpath_run *run, struct fhirpath_list *list,
                               struct str text);
bool fhirpath_items_add_decimal(struct fhirpath_run *run, struct fhirpath_list *list,
                                const struct decimal *value);
bool fhirpath_items_add_quantity(struct fhirpath_run *run, struct fhirpath_list *list,
                                 const struct quantity *value);
bool fhirpath_items_add_date(struct fhirpath_run *run, struct fhirpath_list *list,
                             const struct date *date, enum fhirpath_kind kind);
/* The children of an item called name (a choice by its stem), or all of them when name is NULL. */
bool fhirpath_items_add_children(struct fhirpath_run *run, struct fhirpath_list *list,
                                 const struct fhirpath_item *item, const char *name);

/* The root of something made here, of a type by its name; of a resource by its own. */
struct node *fhirpath_items_new_node(struct fhirpath_run *run, const cJSON *value, struct str type);

/* *out is the System value of an item: of a FHIR primitive or a Quantity what it holds, of a System
 * item itself. False when it has none (a complex element, or a primitive without a value). Raises
 * nothing. */
bool fhirpath_values_of(struct fhirpath_item *out, const struct fhirpath_item *item,
                        struct fhirpath_run *run);
/* The same for an element of no known type, by its JSON: a whole number is an integer. */
bool fhirpath_values_of_untyped(struct fhirpath_item *out, const struct node *node);
bool fhirpath_values_decimal(struct decimal *out, const struct fhirpath_item *value);
bool fhirpath_values_integer(int64_t *out, const struct fhirpath_item *value);
bool fhirpath_values_date(struct date *out, const struct fhirpath_item *value);
/* Also of numbers, whose unit is '1'. */
bool fhirpath_values_quantity(struct quantity *out, const struct fhirpath_item *value);
/* As the toString() function writes it; empty for what has no text. */
struct str fhirpath_values_text(const struct fhirpath_item *value, struct arena *arena);
/* A collection where one boolean is wanted: -1 empty, 0 or 1; a single item that is no boolean
 * counts as true. False with an issue for more than one item. */
bool fhirpath_values_truth(struct fhirpath_run *run, const struct fhirpath_items *items,
                           int *truth);

/* Equality (=): 1 equal, 0 not, -1 not to be known; -2 with an issue. */
int fhirpath_compare_equal(struct fhirpath_run *run, const struct fhirpath_item *a,
                           const struct fhirpath_item *b);
/* Equivalence (~): 1 or 0; -2 with an issue. */
int fhirpath_compare_equivalent(struct fhirpath_run *run, const struct fhirpath_item *a,
                                const struct fhirpath_item *b);
/* Order of two System values: -1, 0, 1; 2 not to be known; -2 with an issue when they can not be
 * ordered. */
int fhirpath_compare_order(struct fhirpath_run *run, const struct fhirpath_item *a,
                           const struct fhirpath_item *b);
/* A number that is the same for equal items; constant for kinds whose equality is not by text. */
uint64_t fhirpath_compare_hash(struct fhirpath_run *run, const struct fhirpath_item *item);

/* Distinct items in order of arrival. */
struct fhirpath_set {
    struct fhirpath_list list;
    size_t *slots; /* index + 1 into list, 0 free */
    uint64_t *hashes;
    size_t room;
};
void fhirpath_set_init(struct fhirpath_set *set);
/* *is_new tells whether it was added. False with an issue. */
bool fhirpath_set_add(struct fhirpath_run *run, struct fhirpath_set *set,
                      const struct fhirpath_item *item, bool *is_new);
bool fhirpath_set_has(struct fhirpath_run *run, const struct fhirpath_set *set,
                      const struct fhirpath_item *item, bool *is_in);

/* Whether an item is of a type: `is` follows specialization. -1 with an issue when the type is
 * unknown. */
int fhirpath_types_is(struct fhirpath_run *run, const struct fhirpath_item *item,
                      const struct fhirpath_type_name *type);
/* As `as` and ofType() want it: FHIR primitives by their own name only (a code is not taken as a
 * string). */
int fhirpath_types_fits(struct fhirpath_run *run, const struct fhirpath_item *item,
                        const struct fhirpath_type_name *type);
/* The type of an item as a FHIRPATH_TYPE item: text the name, unit the namespace. */
struct fhirpath_item fhirpath_types_of(const struct fhirpath_item *item);
#endif
