/* graphql.h - GraphQL over FHIR: a query parsed, held against the definitions, run over resources
 * (R4 graphql.html; the language is spec.graphql.org's of October 2021). */
#ifndef RESOURCES_FHIR_GRAPHQL_GRAPHQL_H
#define RESOURCES_FHIR_GRAPHQL_GRAPHQL_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"
#include "resources/fhir/definitions/definitions.h"

struct graphql_document; /* lives in the arena that it was parsed into */

enum {
    GRAPHQL_MOST_TEXT = 64 << 10,   /* bytes of a query */
    GRAPHQL_MOST_NODES = 4000,      /* selections, arguments, values and directives of a query */
    GRAPHQL_MOST_DEPTH = 24,        /* of selections in one another, those of fragments included */
    GRAPHQL_MOST_STEPS = 200000,    /* fields answered, items filtered */
    GRAPHQL_MOST_ANSWER = 16 << 20, /* bytes of the values answered */
    GRAPHQL_MOST_FHIRPATH = 20000   /* steps of one fhirpath argument or slice */
};

/* text is UTF-8 and outlives the document and the issues, whose source it becomes. NULL with one
 * issue that has line and column. */
const struct graphql_document *graphql_parse(struct str text, struct arena *arena,
                                             struct issues *issues);

/* What is searched for: the pairs of a FHIR search. */
struct graphql_pair {
    struct str name, value;
};
struct graphql_search {
    struct str type;
    const struct graphql_pair *pairs;
    size_t pair_count;
    bool has_count, is_counted; /* is_counted: the total is asked for */
    size_t count, offset;
    struct str cursor; /* of a page found before; empty: the first */
};
struct graphql_found {
    const cJSON *const *resources;
    size_t count, page_size;
    bool has_total;
    uint64_t total;
    struct str first, next; /* cursors; empty: none */
};
/* What the caller lends: everything outside the query and the resource. Each checks whether the
 * client may; false with an issue. */
struct graphql_reach {
    void *context;
    /* *resource is NULL when there is no such resource. version empty: the current one. An optional
     * one that the client may not read is not there. */
    bool (*read)(void *context, struct str type, struct str id, struct str version,
                 bool is_optional, const struct place *at, const cJSON **resource);
    bool (*search)(void *context, const struct graphql_search *asked, const struct place *at,
                   struct graphql_found *found);
    /* Whether the time is over; then it has raised the issue. */
    bool (*is_late)(void *context);
};
struct graphql_request {
    const struct graphql_document *document;
    struct str operation;   /* name of the one to run; empty: the only one */
    const cJSON *variables; /* an object or NULL */
    const cJSON *resource;  /* that fields are of; NULL: the whole system */
    struct str base_url;    /* references that begin with it are local */
    struct str now;         /* for fhirpath's now() */
    struct definitions *definitions;
    const struct graphql_reach *reach;
};
/* The object that stands under "data"; NULL with issues, places being positions in the query. */
cJSON *graphql_run(const struct graphql_request *request, struct arena *arena,
                   struct issues *issues);
#endif
