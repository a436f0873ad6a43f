/* parse.h - what the files share that read a query: the plan being made, and how to refuse. */
#ifndef SERVER_SEARCH_PARSE_H
#define SERVER_SEARCH_PARSE_H
#include "resources/base/buf.h"
#include "server/search/search.h"

struct query;
struct parsing {
    struct search_plan *plan;
    const struct search_context *context;
    struct search_condition *conditions; /* the plan's */
    size_t condition_room;
    struct search_sort *sorts;
    struct search_include *includes;
    struct arena *arena;
    struct issues *issues;
    struct buf self;
    int64_t today_us;
    uint64_t seen;                   /* bits of the controls met so far */
    size_t nodes;                    /* conditions made, parts of others too */
    const struct search_pair *pairs; /* all of them */
    size_t pair_count;
    const struct query *query; /* that _query names, or NULL */
    bool is_hidden;            /* pairs of the query's own search, which plan->self does not tell */
    bool is_over;              /* a limit was reached: nothing that is tried can make up for it */
    bool is_unready;           /* a parameter that is being indexed was asked for */
    bool is_unknown;           /* why it was refused: a name that is not known, not a wrong value */
};
/* These add their issue and return false. */
bool parse_wrong(struct parsing *with, const struct search_pair *pair, const char *wanted);
bool parse_unknown(struct parsing *with, const struct search_pair *pair, const char *why);
bool parse_too_many(struct parsing *with, const char *limit, int most, const char *what);
/* The pair as it was understood, for plan->self. Returns true. */
bool parse_keep(struct parsing *with, struct str name, struct str value);
/* A pair of the search that a named query stands for. */
bool parse_pair_of_query(struct parsing *with, const struct search_pair *pair);
/* The search parameter of that code that every one of the types has, with one type; NULL when there
 * is none. */
const struct search_parameter *parse_find(const struct parsing *with, const struct str *types,
                                          size_t count, struct str code);
#endif
