/* extract.h - index rows from one value that a search parameter's expression found. */
#ifndef SERVER_SEARCH_EXTRACT_H
#define SERVER_SEARCH_EXTRACT_H
#include "resources/fhir/fhirpath/fhirpath.h"
#include "server/search/codes.h"
#include "server/search/search.h"

/* Collects the rows of one resource. */
struct extract {
    struct arena *arena;
    struct definitions *definitions;
    struct codes *codes;
    struct str base_url;
    const struct search_parameter *parameter; /* of the rows being added */
    struct index_row *rows;
    size_t count, room;
    bool is_over; /* SEARCH_MOST_ROWS: further rows were dropped */
};
/* A row of the parameter; "suffix" is what its name has there. */
struct index_row *extract_add(struct extract *extract, enum index_kind kind, const char *suffix);
/* By the parameter's type and the value's type (R4 search.html#table): a value of a type that the
 * table does not have gives no row, and is no value of the parameter: false. */
bool extract_item(struct extract *extract, const struct fhirpath_item *item);
/* A row of presence for each type of resource that is contained (INDEX_CONTAINED). */
void extract_contained(struct extract *extract, const cJSON *resource);
/* One row of the presence index for the parameter. */
void extract_presence(struct extract *extract);
#endif
