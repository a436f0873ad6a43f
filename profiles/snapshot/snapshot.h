/* snapshot.h - the snapshot of a StructureDefinition, made from its differential
 * (R4 profiling.html#snapshot, elementdefinition.html). */
#ifndef PROFILES_SNAPSHOT_SNAPSHOT_H
#define PROFILES_SNAPSHOT_SNAPSHOT_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

struct definitions;

/* What a client may ask for is bounded; each refusal is an issue too-costly. */
enum {
    SNAPSHOT_MOST_ELEMENTS = 20000, /* copied while one snapshot and those it needs are made */
    SNAPSHOT_MOST_STEPS = 32,       /* of an element's path */
    SNAPSHOT_MOST_BASES = 32        /* profiles whose snapshot needs another one first */
};

/* StructureDefinitions beside the compiled ones: files of a command line, a package being built.
 * find gives the StructureDefinition of a canonical (url or url|version), with or without a
 * snapshot, or NULL; it is read and never changed, and must live as long as the arena of
 * snapshot_make. These come before the definitions'. */
struct snapshot_library {
    void *context;
    const cJSON *(*find)(void *context, struct str canonical);
};

struct snapshot_request {
    struct definitions *definitions;
    const struct snapshot_library *library; /* may be NULL */
    bool is_any_order; /* the differential may list siblings in another order than the base */
};

/* Makes structure_definition.snapshot anew, from the snapshot of its base (made first when that has
 * none) and its own differential, which stays as it is. False, with errors at
 * StructureDefinition.differential.element, when the differential can not be carried out; then
 * structure_definition is unchanged. What cannot be judged here (a profile that is not known) is a
 * warning. New parts of the tree come from the arena. */
bool snapshot_make(cJSON *structure_definition, const struct snapshot_request *request,
                   struct arena *arena, struct issues *issues);
#endif
