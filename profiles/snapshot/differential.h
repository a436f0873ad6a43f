/* differential.h - the differential as a tree: which element each entry speaks of. */
#ifndef PROFILES_SNAPSHOT_DIFFERENTIAL_H
#define PROFILES_SNAPSHOT_DIFFERENTIAL_H
#include "profiles/snapshot/branch.h"

/* The tree under the profile's type. Slices are children like others here, in their order; names
 * are as they were stated ("valueQuantity"). Parents that the differential leaves out are there
 * without an element. NULL, with issues, when a path is none or leads elsewhere. */
struct branch *snapshot_differential_read(const cJSON *profile, struct maker *maker);

/* True when both are the same name, or one is a choice ("value[x]") and the other its short form.
 */
bool snapshot_differential_same_name(struct str a, struct str b);
#endif
