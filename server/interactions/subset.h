/* subset.h - parts of records: _summary and _elements (R4 search.html#summary, #elements). */
#ifndef SERVER_INTERACTIONS_SUBSET_H
#define SERVER_INTERACTIONS_SUBSET_H
#include "server/search/search.h"

struct subset {
    enum search_summary summary;
    const struct str *elements; /* "name" or "Type.name"; none: all */
    size_t element_count;
    struct definitions *definitions;
};
/* True when nothing is left out. */
bool subset_is_whole(const struct subset *subset);
/* Replaces the body of a record by the part that is asked for, tagged as SUBSETTED. Elements that
 * must be there, id and meta always stay. A body that can not be read stays whole. */
void subset_apply(struct str *body, const struct subset *subset, struct arena *arena);
#endif
