/* condition.h - one parameter of a query as a condition: its name with modifier, chain or _has, and
 * its values. */
#ifndef SERVER_SEARCH_CONDITION_H
#define SERVER_SEARCH_CONDITION_H
#include "server/search/parse.h"

struct condition_text {
    const struct search_pair *pair; /* for issues: as it was sent */
    const struct str *types;        /* of the records that the name belongs to */
    size_t type_count;
    struct str name, value; /* what is left of the pair here */
    unsigned depth;
};
bool condition_parse(struct parsing *with, struct search_condition *out,
                     const struct condition_text *text);
/* Counts a node of the plan's trees; false with an issue past SEARCH_MOST_CONDITIONS, or where
 * `depth` is past SEARCH_MOST_DEPTH. */
bool condition_count(struct parsing *with, unsigned depth);
/* Fills type, code, kind and parameter of a search parameter without a modifier; false (without an
 * issue) when there is none that has an index. */
bool condition_find(struct parsing *with, struct search_condition *out, struct str code);
/* One value of a condition, still escaped. */
bool condition_value(struct parsing *with, const struct search_pair *pair,
                     const struct search_condition *condition, struct str text,
                     struct search_value *value);
#endif
