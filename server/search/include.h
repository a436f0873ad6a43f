/* include.h - _include and _revinclude (R4 search.html#revinclude). */
#ifndef SERVER_SEARCH_INCLUDE_H
#define SERVER_SEARCH_INCLUDE_H
#include "server/search/parse.h"

/* True for the names of these parameters, with whatever modifier. */
bool include_is(struct str name);
bool include_parse(struct parsing *with, const struct search_pair *pair);
#endif
