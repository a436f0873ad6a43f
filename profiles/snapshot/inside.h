/* inside.h - the elements inside an element: those of its type, of the profile on its type, or of
 * the element that it refers to. */
#ifndef PROFILES_SNAPSHOT_INSIDE_H
#define PROFILES_SNAPSHOT_INSIDE_H
#include "profiles/snapshot/branch.h"

/* Gives out the children that it has by its type, when it has none yet. False with an issue when
 * it can have none, or not those that diff's children need. */
bool snapshot_inside_open(struct maker *maker, struct branch *out, const struct branch *diff);
#endif
