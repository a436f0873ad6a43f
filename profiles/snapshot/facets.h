/* facets.h - what a differential says of one element, applied to it (R4 elementdefinition.html). */
#ifndef PROFILES_SNAPSHOT_FACETS_H
#define PROFILES_SNAPSHOT_FACETS_H
#include "profiles/snapshot/branch.h"

/* Narrows out by diff->element; what would widen it is an issue, and is not applied. */
void snapshot_facets_apply(struct maker *maker, struct branch *out, const struct branch *diff);
/* Takes over what the root of a profile on the element's type says: texts, constraints, and of an
 * extension also whether it is a modifier and, with_max, how often it may be there. */
void snapshot_facets_adopt(struct maker *maker, struct branch *out, const struct branch *root,
                           bool with_max);
/* The element with its properties in the order of ElementDefinition; the items are moved. */
cJSON *snapshot_facets_arrange(cJSON *element, struct arena *arena);

/* ElementDefinition.min and max; max is UINT32_MAX for "*". False when there is none. */
bool snapshot_facets_min(const cJSON *element, unsigned *min);
bool snapshot_facets_max(const cJSON *element, unsigned *max);
void snapshot_facets_set_min(cJSON *element, unsigned min, struct arena *arena);
#endif
