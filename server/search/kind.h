/* kind.h - which index a search parameter's type lives in. */
#ifndef SERVER_SEARCH_KIND_H
#define SERVER_SEARCH_KIND_H
#include "server/search/search.h"

/* False for parameters without an expression, and special ones that are none of ours: no index has
 * them. */
bool kind_of_parameter(enum index_kind *kind, const struct search_parameter *parameter);
/* The parameter of the type with this canonical, which a component names; NULL when there is none.
 */
const struct search_parameter *kind_find_component(struct definitions *definitions, struct str type,
                                                   struct str canonical);
/* The kinds of a composite parameter's components, as many as are returned; 0 when one of them has
 * no index or there are too many. */
size_t kind_of_components(enum index_kind *kinds, struct definitions *definitions, struct str type,
                          const struct search_parameter *parameter);
#endif
