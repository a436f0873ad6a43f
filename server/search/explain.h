/* explain.h - a condition of a plan in words, for $explain. */
#ifndef SERVER_SEARCH_EXPLAIN_H
#define SERVER_SEARCH_EXPLAIN_H
#include "resources/base/buf.h"
#include "server/search/search.h"

/* "token status (2 values)", "subject leads to Patient: string name (1 value)". Names and how many
 * values, not the values. */
void explain_condition(struct buf *out, const struct search_condition *condition);
#endif
