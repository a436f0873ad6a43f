/* composite.h - rows of composite search parameters: the components' values of one element side by
 * side (R4 search.html#composite). */
#ifndef SERVER_SEARCH_COMPOSITE_H
#define SERVER_SEARCH_COMPOSITE_H
#include "server/search/extract.h"

/* A composite parameter's components, compiled; immutable once made. */
struct composite {
    const struct search_parameter *parameters[INDEX_MOST_PARTS];
    struct fhirpath *expressions[INDEX_MOST_PARTS];
    enum index_kind kinds[INDEX_MOST_PARTS];
    size_t count;
};
/* NULL when a component has no index or does not compile. */
struct composite *composite_compile(struct definitions *definitions, struct str type,
                                    const struct search_parameter *parameter, struct arena *arena,
                                    struct issues *issues);
/* The rows of one element that the composite's own expression found. */
void composite_extract(struct extract *extract, const struct composite *composite,
                       const struct node *element, struct fhirpath_context *context);
#endif
