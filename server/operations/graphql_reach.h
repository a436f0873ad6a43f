/* graphql_reach.h - what a GraphQL query reads and searches, as its viewer. */
#ifndef SERVER_OPERATIONS_GRAPHQL_REACH_H
#define SERVER_OPERATIONS_GRAPHQL_REACH_H
#include "resources/base/map.h"
#include "resources/fhir/graphql/graphql.h"
#include "server/interactions/interaction.h"

enum {
    GRAPHQL_REACH_MOST_SEARCHES = 100,   /* of one query */
    GRAPHQL_REACH_MOST_READS = 5000,     /* resources that one query reads and finds */
    GRAPHQL_REACH_MOST_BYTES = 32 << 20, /* of them together */
};
struct graphql_reaching {
    struct interaction *interaction;
    struct map read;  /* cJSON by "Type/id/version" */
    int64_t until_us; /* of the monotonic clock */
    size_t searches, reads, bytes;
};
/* The functions' context is `reaching`, which outlives them. */
struct graphql_reach graphql_reach_begin(struct graphql_reaching *reaching,
                                         struct interaction *interaction);
#endif
