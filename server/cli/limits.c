/* limits.c - one table of the constants, each from the header that owns it. */
#include "server/cli/limits.h"

#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/decimal.h"
#include "resources/fhir/types/primitive.h"
#include "server/catalog.h"
#include "server/async.h"
#include "server/exchange/attempt.h"
#include "server/exchange/plan_bundle.h"
#include "server/http/codec.h"
#include "server/http/tls.h"
#include "server/operations/export.h"
#include "server/operations/graphql_reach.h"
#include "server/search/search.h"

static const struct limit {
    const char *name;
    long number;
    const char *help;
} LIMITS[] = {
    { "json-depth", JSON_MOST_DEPTH, "nesting of JSON content" },
    { "primitive-characters", PRIMITIVE_MOST_CHARACTERS, "characters of a primitive value" },
    { "decimal-digits", DECIMAL_MOST_DIGITS, "digits of a decimal" },
    { "fhirpath-steps", FHIRPATH_MOST_STEPS, "steps of an expression's evaluation" },
    { "fhirpath-items", FHIRPATH_MOST_ITEMS, "items of a collection" },
    { "fhirpath-depth", FHIRPATH_MOST_DEPTH, "nesting of an expression" },
    { "fhirpath-bytes", FHIRPATH_MOST_TEXT, "bytes of a string in an expression" },
    { "search-count", SEARCH_MOST_COUNT, "entries of a page (_count)" },
    { "search-parameters", SEARCH_MOST_CONDITIONS, "parameters of a search" },
    { "search-values", SEARCH_MOST_VALUES, "values of a search" },
    { "search-sorts", SEARCH_MOST_SORTS, "keys of _sort" },
    { "async-most-errands", ASYNC_MOST_ERRANDS, "requests of a client that are answered later" },
    { "async-most-request", ASYNC_MOST_REQUEST, "bytes of content of one" },
    { "async-most-answer", ASYNC_MOST_ANSWER, "bytes of its answer" },
    { "export-most-file", EXPORT_MOST_FILE, "bytes of a file of an export" },
    { "export-most-files", EXPORT_MOST_FILES, "files of an export" },
    { "export-most-members", EXPORT_MOST_MEMBERS, "members of a Group that is exported" },
    { "graphql-most-text", GRAPHQL_MOST_TEXT, "bytes of a GraphQL query" },
    { "graphql-most-nodes", GRAPHQL_MOST_NODES, "fields, arguments and values of one" },
    { "graphql-most-depth", GRAPHQL_MOST_DEPTH, "nesting of its selections" },
    { "graphql-most-steps", GRAPHQL_MOST_STEPS, "fields answered and items filtered" },
    { "graphql-most-answer", GRAPHQL_MOST_ANSWER, "bytes of the values answered" },
    { "graphql-most-fhirpath", GRAPHQL_MOST_FHIRPATH, "steps of one of its FHIRPath filters" },
    { "graphql-most-searches", GRAPHQL_REACH_MOST_SEARCHES, "searches of a query" },
    { "graphql-most-reads", GRAPHQL_REACH_MOST_READS, "resources that it reads and finds" },
    { "graphql-most-bytes", GRAPHQL_REACH_MOST_BYTES, "bytes of these" },
    { "delivery-entries", PLAN_BUNDLE_MOST_ENTRIES, "resources that a plan is sent with" },
    { "delivery-reply-bytes", ATTEMPT_MOST_REPLY, "bytes of a reply that are kept" },
    { "posted-definitions", CATALOG_MOST_DEFINITIONS, "posted definitions that take effect" },
    { "chunk-line-bytes", CODEC_MOST_CHUNK_LINE, "bytes before a chunk" },
    { "trailer-bytes", CODEC_MOST_TRAILER, "bytes behind the last chunk" },
    { "chain-depth", TLS_MOST_DEPTH, "intermediates of a client's certificate" },
    { "ticket-seconds", TLS_TICKET_SECONDS, "seconds in which a TLS session is resumed" },
};

void limits_print(struct buf *text)
{
    for (size_t i = 0; i < COUNT(LIMITS); i++)
        buf_print(text, "  %-34s %s (%ld)\n", LIMITS[i].name, LIMITS[i].help, LIMITS[i].number);
}
