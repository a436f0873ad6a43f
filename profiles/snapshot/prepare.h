/* prepare.h - gives profiles without a snapshot one while they are compiled
 * (definitions/compile.h).
 */
#ifndef PROFILES_SNAPSHOT_PREPARE_H
#define PROFILES_SNAPSHOT_PREPARE_H
#include "profiles/snapshot/snapshot.h"

/* For definitions_preparation.prepare; context is a struct snapshot_request. A StructureDefinition
 * without a snapshot, or with one whose elements have no ids, gets it made from its differential;
 * false, with issues, when that can not be done. */
bool snapshot_prepare(void *context, cJSON *resource, struct arena *arena, struct issues *issues);
#endif
