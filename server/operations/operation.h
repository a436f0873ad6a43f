/* operation.h - the operations, one file each, found by one table (R4 operations.html). */
#ifndef SERVER_OPERATIONS_OPERATION_H
#define SERVER_OPERATIONS_OPERATION_H
#include "server/interactions/interaction.h"

enum operation_level {
    OPERATION_SYSTEM = 1,
    OPERATION_TYPE = 2,
    OPERATION_INSTANCE = 4,
    OPERATION_VERSION = 8 /* of a record in its history */
};

struct operation {
    const char *name;         /* without '$' */
    const char *definition;   /* canonical of the OperationDefinition */
    const char *const *types; /* NULL-terminated; NULL: every type */
    unsigned levels;          /* bits of enum operation_level */
    unsigned acts;            /* what the viewer must be allowed on the type */
    enum route_weight weight; /* LIGHT or HEAVY */
    bool is_readonly;         /* changes nothing, so GET may call it */
    bool takes_graphql;       /* its body is a query */
    bool may_persist;         /* when asked to, it stores its answer */
    bool is_later;            /* it is never answered at once */
    bool has_page;            /* it answers Accept: text/html with a page */
    interaction_function run; /* the type, id and body are the interaction's */
};
/* Ends with a row whose name is NULL. */
const struct operation *operations_table(void);
/* The row for an address; NULL when there is none at its level. */
const struct operation *operations_find(const struct route_match *at);
/* Whether the operation is there for the type at one of these levels. */
bool operations_has_type(const struct operation *operation, struct str type);
/* ROUTE_LIGHT for an unknown name: its refusal is cheap. */
enum route_weight operations_weight(struct str name);
/* Whether what is asked at the address has a page for people. */
bool operations_has_page(const struct route_match *at);
/* Whether what is asked at the address may change records. */
bool operations_may_write(const struct route_match *at);
/* What a posted body is: BODY_RESOURCE or BODY_GRAPHQL. */
enum route_body operations_body(struct str name);

/* lead.c */
bool operations_lead_propose(struct interaction *interaction);
bool operations_lead_attest(struct interaction *interaction);
bool operations_led_members(struct interaction *interaction);
/* plan_scope.c */
bool operations_plan_scope(struct interaction *interaction);
/* push.c */
bool operations_push(struct interaction *interaction);
bool operations_retry(struct interaction *interaction);
/* expand.c, validate_code.c, lookup.c, translate.c */
bool operations_expand(struct interaction *interaction);
bool operations_validate_code(struct interaction *interaction);
bool operations_lookup(struct interaction *interaction);
bool operations_subsumes(struct interaction *interaction);
bool operations_translate(struct interaction *interaction);

/* validate.c */
bool operations_validate(struct interaction *interaction);
bool operations_explain(struct interaction *interaction);    /* explain.c */
bool operations_merge(struct interaction *interaction);      /* merge.c */
bool operations_lastn(struct interaction *interaction);      /* lastn.c */
bool operations_document(struct interaction *interaction);   /* document.c */
bool operations_everything(struct interaction *interaction); /* everything.c */
/* meta.c */
bool operations_meta(struct interaction *interaction);
bool operations_meta_add(struct interaction *interaction);
bool operations_meta_delete(struct interaction *interaction);
bool operations_graphql(struct interaction *interaction); /* graphql.c */
/* reindex.c */
bool operations_reindex(struct interaction *interaction);
bool operations_reindex_status(struct interaction *interaction);

/* export.c */
bool operations_export(struct interaction *interaction);

/* snapshot.c */
bool operations_snapshot(struct interaction *interaction);

/* referral_status.c */
bool operations_referral_status(struct interaction *interaction);
/* check_duplication.c */
bool operations_check_duplication(struct interaction *interaction);
/* populate.c */
bool operations_populate(struct interaction *interaction);
/* plan_document.c */
bool operations_plan_document(struct interaction *interaction);
/* test_clock.c */
bool operations_test_clock(struct interaction *interaction);

/* The value of an input parameter: from Parameters.parameter (any value[x], resource or the
 * parameter itself when it has parts); NULL when absent. `parameters` may be NULL. */
const cJSON *operation_parameter(const cJSON *parameters, const char *name);
/* The body as Parameters, an empty one when there is no body; NULL with an issue. */
cJSON *operation_parameters(struct interaction *interaction);
#endif
