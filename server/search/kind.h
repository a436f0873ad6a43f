/* kind.h - which index a search parameter's type lives in. */
#ifndef SERVER_SEARCH_KIND_H
#define SERVER_SEARCH_KIND_H
#include "server/search/search.h"

/* False for composite and special parameters and those without an expression: no index has them. */
bool kind_of_parameter(enum index_kind *kind, const struct search_parameter *parameter);
#endif
