/* merge.h - carries out a differential, element by element. */
#ifndef PROFILES_SNAPSHOT_MERGE_H
#define PROFILES_SNAPSHOT_MERGE_H
#include "profiles/snapshot/branch.h"

/* Changes out, its children and their slices as diff says. What can not be carried out is an issue;
 * the rest is. */
void snapshot_merge_apply(struct maker *maker, struct branch *out, const struct branch *diff);
#endif
