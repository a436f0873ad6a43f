/* run.h - what the parts of a run share. Private to graphql. */
#ifndef RESOURCES_FHIR_GRAPHQL_RUN_H
#define RESOURCES_FHIR_GRAPHQL_RUN_H
#include "resources/base/map.h"
#include "resources/fhir/graphql/syntax.h"
#include "resources/fhir/node.h"

struct graphql_run {
    const struct graphql_request *request;
    const struct graphql_operation *operation;
    struct arena *arena;
    struct issues *issues;
    struct map expressions; /* compiled, by text */
    size_t steps, bytes;
};
/* Counts work; false with an issue when there was too much or the time is over. */
bool graphql_run_step(struct graphql_run *run);
/* Counts bytes of the answer, in the same way. */
bool graphql_run_grow(struct graphql_run *run, size_t bytes);
/* graphql-invalid at a byte of the query. Always false. */
bool graphql_run_refuse(struct graphql_run *run, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* values.c: what arguments and variables say. */
struct graphql_texts {
    struct str *texts;
    size_t count;
    bool is_null; /* null, or a variable that was not given */
};
bool graphql_values_read(struct graphql_run *run, const struct graphql_argument *argument,
                         struct graphql_texts *out);
const struct graphql_argument *graphql_values_find(const struct graphql_argument *first,
                                                   const char *name);
/* A single text, empty when there is none; `first` is a list of arguments. */
bool graphql_values_text(struct graphql_run *run, const struct graphql_argument *first,
                         const char *name, struct str *text);
/* *value stays as it is when there is no such argument. */
bool graphql_values_flag(struct graphql_run *run, const struct graphql_argument *first,
                         const char *name, bool *value);
bool graphql_values_number(struct graphql_run *run, const struct graphql_argument *first,
                           const char *name, size_t *value);
/* Whether @skip and @include leave the selection. */
bool graphql_values_is_taken(struct graphql_run *run, const struct graphql_selection *selection,
                             bool *is_taken);
const struct graphql_directive *graphql_values_directive(const struct graphql_selection *field,
                                                         const char *name);

/* property.c: what a field's name stands for in a type. */
struct graphql_property {
    const struct element *element;
    const struct structure *structure; /* of its type */
    const struct element *scope;       /* below which its own fields are looked up; NULL: none */
    const char *choice;                /* type of a choice, or NULL */
    bool is_list, is_shadow;
};
/* The element whose children are the fields of a node. */
const struct element *graphql_property_scope(const struct node *node);
bool graphql_property_find(struct graphql_property *out, const struct element *scope,
                           struct str name, struct definitions *definitions);
/* A leaf of the answer: no fields below. */
bool graphql_property_is_leaf(const struct graphql_property *property);
/* XList or XConnection, where X is a resource type. */
enum graphql_reverse { GRAPHQL_NO_SEARCH, GRAPHQL_LIST, GRAPHQL_CONNECTION };
enum graphql_reverse graphql_property_search(struct str name, struct str *type,
                                             struct definitions *definitions);

/* check.c: holds selections against the definitions before they run. type empty: the system. What
 * is only known to be some resource is checked when it is there. */
bool graphql_check(struct graphql_run *run, const struct graphql_selection *selections,
                   struct str type, size_t depth);

/* collect.c: the selections of one object, fragments opened, those of one key together. */
struct graphql_set {
    const struct graphql_selection *selections;
    struct graphql_set *next;
};
struct graphql_group {
    const struct graphql_selection *field; /* the first of them */
    struct graphql_set *sets;              /* what they select below */
    struct graphql_group *next;
};
bool graphql_collect(struct graphql_run *run, const struct graphql_set *sets, struct str type,
                     struct graphql_group **groups);
const struct graphql_fragment *graphql_collect_fragment(const struct graphql_run *run,
                                                        struct str name);

/* output.c: an object of the answer while it grows. */
enum graphql_shape { GRAPHQL_SINGLE, GRAPHQL_REPEATING, GRAPHQL_SINGLETON };
struct graphql_target {
    cJSON *object;
    struct graphql_slot *slots;
};
struct graphql_target graphql_output_begin(struct graphql_run *run);
struct graphql_output {
    struct str key, type; /* FHIR's type: flattened together they must have the same */
    enum graphql_shape shape;
    cJSON *value;
    size_t offset;
};
bool graphql_output_add(struct graphql_run *run, struct graphql_target *target,
                        const struct graphql_output *out);

/* select.c: the selections over a resource or element. */
struct graphql_frame {
    struct graphql_target *target;
    bool is_listed;    /* below a flattened list: all become lists */
    struct str suffix; /* of sliced lists above */
    size_t depth;
};
bool graphql_select(struct graphql_run *run, const struct graphql_set *sets,
                    const struct node *node, const struct graphql_frame *frame);
/* The same for a whole resource, which is checked first. */
bool graphql_select_resource(struct graphql_run *run, const struct graphql_set *sets,
                             const cJSON *resource, const struct graphql_frame *frame);

/* filter.c: which items of a list the arguments leave, and what it is sliced by. */
bool graphql_filter(struct graphql_run *run, const struct graphql_selection *field,
                    const struct node **items, size_t *count);
/* The value of an expression over the node as text. */
bool graphql_filter_text(struct graphql_run *run, struct str expression, size_t offset,
                         const struct node *node, struct str *text);
bool graphql_filter_test(struct graphql_run *run, struct str expression, size_t offset,
                         const struct node *node, bool *is_true);

/* emit.c: values under a field's key, as its directives have it. */
struct graphql_values {
    const struct node *const *nodes;
    size_t count;
    bool is_list, is_shadow;
};
bool graphql_emit(struct graphql_run *run, const struct graphql_group *group,
                  const struct graphql_values *values, const struct graphql_frame *frame);

/* reach.c: references, reads and searches. */
bool graphql_reach_reference(struct graphql_run *run, const struct graphql_group *group,
                             const struct node *node, const struct graphql_frame *frame);
/* from: the resource that is referred to (XList(_reference: ...)); NULL: the whole system. */
bool graphql_reach_search(struct graphql_run *run, const struct graphql_group *group,
                          const struct node *from, const struct graphql_frame *frame);
bool graphql_reach_read(struct graphql_run *run, const struct graphql_group *group,
                        const struct graphql_frame *frame);
#endif
