/* slices.h - an element and its slices, changed together (R4 profiling.html#slicing). */
#ifndef PROFILES_SNAPSHOT_SLICES_H
#define PROFILES_SNAPSHOT_SLICES_H
#include "profiles/snapshot/branch.h"

/* Applies to slot those of diff's children that speak of it: the element itself, slices that it
 * has, new slices, types of a choice. */
void snapshot_slices_apply(struct maker *maker, struct branch *slot, const struct branch *diff);
#endif
