/* fhirpath.h - FHIRPath N1 as R4 uses it: compile once, evaluate often (hl7.org/fhirpath, R4
 * fhirpath.html). */
#ifndef RESOURCES_FHIR_FHIRPATH_FHIRPATH_H
#define RESOURCES_FHIR_FHIRPATH_FHIRPATH_H
#include "resources/base/issue.h"
#include "resources/fhir/node.h"

struct terminology;
struct ucum;
struct fhirpath; /* a compiled expression: immutable, shared by threads, lives in the arena it was
                    parsed into */

/* NULL with one issue (fhirpath-syntax, with the position in the expression) on a fault. text is
 * copied. */
struct fhirpath *fhirpath_parse(struct str text, struct arena *arena, struct issues *issues);

enum fhirpath_kind {
    FHIRPATH_NODE,
    FHIRPATH_BOOLEAN,
    FHIRPATH_INTEGER,
    FHIRPATH_LONG, /* 64 bits: 5L */
    FHIRPATH_DECIMAL,
    FHIRPATH_STRING,
    FHIRPATH_DATE,
    FHIRPATH_DATETIME,
    FHIRPATH_TIME,
    FHIRPATH_QUANTITY,
    FHIRPATH_TYPE
};
/* One item of a collection. FHIR elements stay nodes until a System value is needed. */
struct fhirpath_item {
    enum fhirpath_kind kind;
    const struct node
        *node; /* FHIRPATH_NODE; of a quantity: the element it was read from, or NULL */
    struct str
        text; /* literal of every other kind ("true", "1.50", "2024-02", "'mg'" unit apart) */
    struct str unit; /* FHIRPATH_QUANTITY */
};
struct fhirpath_items {
    struct fhirpath_item *items;
    size_t count;
};

/* What the caller lends: everything that reaches outside the resource. Any pointer may be NULL. */
struct fhirpath_resolver {
    void *context;
    /* resolve(): the root of the resource that a reference string leads to, made in the arena, or
     * NULL when unknown. */
    const struct node *(*resolve)(void *context, struct str reference, const struct node *from,
                                  struct arena *arena);
    /* conformsTo(canonical): -1 unknown. */
    int (*conforms)(void *context, const struct node *node, struct str canonical);
    /* slice(structure, name): is the element in the slice, 1 or 0; -1: there is no such slice.
     * structure empty: of the profile whose invariant is being evaluated. */
    int (*slices)(void *context, const struct node *node, struct str structure, struct str name);
    /* trace(): what passes by. */
    void (*trace)(void *context, struct str name, const struct fhirpath_items *items);
};
/* What %name stands for. */
struct fhirpath_variable {
    struct str name;
    struct fhirpath_items items;
};
struct fhirpath_context {
    struct arena *arena;             /* results and scratch */
    struct definitions *definitions; /* NULL: there are no types but System's */
    const struct ucum *units;        /* NULL: those of the definitions */
    struct terminology *terminology; /* memberOf(); may be NULL */
    const struct fhirpath_resolver *resolver;
    struct issues *issues; /* errors of evaluation, with the position in the expression */
    const struct node *resource,
        *root_resource;         /* %resource, %rootResource; NULL: taken from the focus */
    const struct node *context; /* %context; NULL: the focus */
    struct str now;             /* now() as a FHIR dateTime with zone; the clock is the caller's */
    const struct fhirpath_variable *variables;
    size_t variable_count;
    size_t most_steps, most_items; /* 0: the defaults below */
};
enum {
    FHIRPATH_MOST_STEPS = 1000000,
    FHIRPATH_MOST_ITEMS = 100000,
    FHIRPATH_MOST_DEPTH = 100,
    FHIRPATH_MOST_TEXT = 1 << 20,
    FHIRPATH_MOST_MADE = 256 /* elements that %factory makes in one evaluation */
};

/* Strict: holds the expression against the definitions before it runs over something of the focus's
 * type. False with an issue for a name that no element has, for a type that the focus is not of,
 * and where order is asked of children, which have none. What can not be told before is let pass.
 */
bool fhirpath_check(const struct fhirpath *expression, const struct node *focus,
                    struct definitions *definitions, struct issues *issues);

/* Names of the functions that there are, one after the other; NULL behind the last. */
const char *fhirpath_functions_name(size_t index);

/* False with an issue when evaluation fails (type error, limit). */
bool fhirpath_evaluate(struct fhirpath_items *out, const struct fhirpath *expression,
                       const struct node *focus, struct fhirpath_context *context);
/* The same over several items, or none. The first is where an issue stands. */
bool fhirpath_evaluate_items(struct fhirpath_items *out, const struct fhirpath *expression,
                             const struct fhirpath_items *focus, struct fhirpath_context *context);
/* An item as text: of a System value what toString() gives, of a primitive element its value, of
 * any other element its JSON. Borrowed or in the arena. */
struct str fhirpath_print(const struct fhirpath_item *item, struct arena *arena);
/* "FHIR.Patient", "System.Integer". */
struct str fhirpath_print_type(const struct fhirpath_item *item, struct arena *arena);
/* The result as an invariant's verdict: 1 true (also a single non-boolean), 0 false or empty, -1
 * failed with an issue. */
int fhirpath_test(const struct fhirpath *expression, const struct node *focus,
                  struct fhirpath_context *context);
#endif
