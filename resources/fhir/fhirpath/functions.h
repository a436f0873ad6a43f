/* functions.h - the function table's rows and what a function gets to see. Private to fhirpath. */
#ifndef RESOURCES_FHIR_FHIRPATH_FUNCTIONS_H
#define RESOURCES_FHIR_FHIRPATH_FUNCTIONS_H
#include "resources/fhir/fhirpath/evaluate.h"

enum { FHIRPATH_MOST_ARGUMENTS = 7 };

/* What a function works on. For all but COLLECTION the empty collection gives the empty collection
 * without a call, and several items are an error. */
enum fhirpath_input {
    INPUT_COLLECTION,
    INPUT_ONE,    /* one item of any kind, as it is */
    INPUT_STRING, /* one string, or a FHIR primitive that is one */
    INPUT_VALUE,  /* one System value */
};

/* How an argument is passed. VALUE to INTEGER are evaluated once, in the scope around the call;
 * when one of STRING to INTEGER is empty, so is the result. */
enum fhirpath_argument {
    ARGUMENT_LAZY = 1, /* evaluated by the function, once an item */
    ARGUMENT_TYPE,     /* a type's name */
    ARGUMENT_VALUE,    /* a collection */
    ARGUMENT_STRING,   /* one string */
    ARGUMENT_INTEGER,  /* one integer */
    ARGUMENT_PATTERN, /* one string that is a regular expression: a literal one is compiled with the
                         expression. Always the first argument. */
    ARGUMENT_FLAGS,   /* one string, i and m: how the pattern is meant */
};

struct fhirpath_call {
    struct fhirpath_run *run;
    const struct fhirpath_scope *scope;
    const struct fhirpath_expression *expression;
    struct fhirpath_items input;
    struct fhirpath_item item; /* the one item, for every input but COLLECTION */
    struct fhirpath_items arguments[FHIRPATH_MOST_ARGUMENTS];
    struct str texts[FHIRPATH_MOST_ARGUMENTS]; /* STRING, PATTERN and FLAGS arguments */
    int64_t numbers[FHIRPATH_MOST_ARGUMENTS];  /* INTEGER arguments */
    size_t count;                              /* arguments given */
};

struct fhirpath_function {
    const char *name; /* NULL ends a table */
    size_t least, most;
    enum fhirpath_input input;
    enum fhirpath_argument arguments[FHIRPATH_MOST_ARGUMENTS];
    bool (*apply)(struct fhirpath_call *call, struct fhirpath_list *out);
    bool calls_out; /* uses the resolver */
};

/* One table a file. */
extern const struct fhirpath_function fhirpath_existence_functions[];
extern const struct fhirpath_function fhirpath_filtering_functions[];
extern const struct fhirpath_function fhirpath_combining_functions[];
extern const struct fhirpath_function fhirpath_conversion_functions[];
extern const struct fhirpath_function fhirpath_text_functions[];
extern const struct fhirpath_function fhirpath_regex_functions[];
extern const struct fhirpath_function fhirpath_encoding_functions[];
extern const struct fhirpath_function fhirpath_math_functions[];
extern const struct fhirpath_function fhirpath_tree_functions[];
extern const struct fhirpath_function fhirpath_utility_functions[];
extern const struct fhirpath_function fhirpath_boundary_functions[];
extern const struct fhirpath_function fhirpath_fhir_functions[];
extern const struct fhirpath_function fhirpath_structure_functions[];
extern const struct fhirpath_function fhirpath_terminologies_functions[];
extern const struct fhirpath_function fhirpath_aggregate_functions[];
extern const struct fhirpath_function fhirpath_parts_functions[];

/* Those that `left` has, when it is %factory or %terminologies; else those of every item. NULL when
 * there is none of this name. */
const struct fhirpath_function *fhirpath_functions_find(const struct fhirpath_expression *left,
                                                        struct str name);
/* factory.c, terminologies.c: of %factory and of %terminologies. */
const struct fhirpath_function *fhirpath_factory_find(struct str name);
const struct fhirpath_function *fhirpath_terminologies_find(struct str name);

/* The text of a primitive child; empty when there is none. */
struct str fhirpath_fhir_child_text(struct fhirpath_run *run, const struct node *node,
                                    const char *name);

/* Calls the function of a FORM_FUNCTION expression. */
bool fhirpath_functions_call(struct fhirpath_run *run, const struct fhirpath_expression *expression,
                             const struct fhirpath_items *input, const struct fhirpath_scope *scope,
                             struct fhirpath_list *out);
/* Evaluates a lazy argument for one item; index is its $index. */
bool fhirpath_functions_apply(const struct fhirpath_call *call, size_t argument,
                              const struct fhirpath_item *item, size_t index,
                              struct fhirpath_list *out);
/* As a criterion: *verdict is true only for true. Memory taken on the way is given back where that
 * is safe. */
bool fhirpath_functions_test(const struct fhirpath_call *call, size_t argument,
                             const struct fhirpath_item *item, size_t index, bool *verdict);
/* Compiles a regular expression; NULL with a fhirpath-type issue. What it takes lives in the arena.
 */
const void *fhirpath_regex_compile(struct str pattern, struct str flags, struct arena *arena,
                                   struct str *reason);
#endif
