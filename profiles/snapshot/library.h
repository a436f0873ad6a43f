/* library.h - StructureDefinitions that were read from files, by canonical. */
#ifndef PROFILES_SNAPSHOT_LIBRARY_H
#define PROFILES_SNAPSHOT_LIBRARY_H
#include "profiles/snapshot/snapshot.h"

struct snapshot_library_set;

struct snapshot_library_set *snapshot_library_open(struct arena *arena);
/* Keeps a copy of a StructureDefinition, or of those of a Bundle, in the set's arena; passes others
 * over. The first of a canonical stays. */
void snapshot_library_add(struct snapshot_library_set *set, const cJSON *resource);
/* For snapshot_request.library. */
struct snapshot_library snapshot_library_of(struct snapshot_library_set *set);
#endif
