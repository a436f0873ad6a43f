/* integrity.h - references lead to records that are there, as long as they are there (R4
 * http.html#integrity). */
#ifndef SERVER_INTERACTIONS_INTEGRITY_H
#define SERVER_INTERACTIONS_INTEGRITY_H
#include "server/interactions/write.h"

/* Relative references, and absolute ones below our own base, are looked up: as the viewer, so that
 * what it may not see is not there for it either. A versioned one needs that version. Contained,
 * logical and foreign references, urn:uuid and canonicals are nobody's record here. A deletion
 * needs that no record which the viewer may see refers to it. What was found is tied to the commit,
 * whose writer looks again. */
bool integrity_check(struct write_set *set, struct store_commit *commit);
/* "Type/id" of each record of this server that a resource refers to, once each, without looking
 * whether it is there: what a stored record's links are. */
void integrity_links(struct str **links, size_t *count, const cJSON *resource,
                     struct definitions *definitions, struct str base_url, struct arena *arena);
#endif
