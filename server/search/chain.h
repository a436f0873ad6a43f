/* chain.h - conditions on other records that this one leads to, or that lead here (R4
 * search.html#chaining, #has). */
#ifndef SERVER_SEARCH_CHAIN_H
#define SERVER_SEARCH_CHAIN_H
#include "server/search/condition.h"

/* subject:Patient.name and deeper. */
bool chain_parse(struct parsing *with, struct search_condition *out,
                 const struct condition_text *text);
/* _has:Observation:patient:code and deeper. */
bool chain_parse_has(struct parsing *with, struct search_condition *out,
                     const struct condition_text *text);
/* What `make` makes of the condition that stands behind a reference, for each type that it may lead
 * to; false when it holds for none of them. */
struct chain_rest {
    bool (*make)(struct parsing *with, struct search_condition *out,
                 const struct condition_text *text);
    const struct condition_text *text; /* its types are filled in */
};
bool chain_add_parts(struct parsing *with, struct search_condition *out, struct str only,
                     const struct chain_rest *rest);
/* :above and :below on a reference: fills target and hierarchy when the parameter leads to one type
 * whose records stand below one another. */
void chain_find_hierarchy(const struct parsing *with, struct search_condition *out);
#endif
