/* filter.h - the expressions of _filter (R4 search_filter.html). */
#ifndef SERVER_SEARCH_FILTER_H
#define SERVER_SEARCH_FILTER_H
#include "server/search/condition.h"

bool filter_parse(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text);
#endif
