/* query.h - named queries (_query): searches that a definition brings along (R4 search.html#query).
 */
#ifndef SERVER_SEARCH_QUERY_H
#define SERVER_SEARCH_QUERY_H
#include "server/search/parse.h"

/* An OperationDefinition of kind query, with the search that stands for it in the extension
 * QUERY_SEARCH: the text of a query, in whose values {name} stands for an input parameter and
 * {today} for the day (UTC). */
#define QUERY_SEARCH "http://tandem-fhir.org/ltss/StructureDefinition/query-search"
enum { QUERY_MOST_PARAMETERS = 64 };
struct query {
    struct str code, url, search;
    const cJSON *definition;
};
/* Those for a resource type, of packages and the guide; in the arena. */
const struct query *query_list(struct definitions *definitions, struct str type,
                               struct arena *arena, size_t *count);
/* Looks for _query among the pairs: with->query is what it names, NULL when there is none or it
 * names nothing. */
void query_begin(struct parsing *with, const struct search_pair *pairs, size_t count);
/* The control _query itself: adds the conditions of the search that it names. */
bool query_parse(struct parsing *with, const struct search_pair *pair);
/* Whether the pair is an argument of the query. */
bool query_takes(const struct parsing *with, struct str name);
#endif
