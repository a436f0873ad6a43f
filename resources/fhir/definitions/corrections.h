/* corrections.h - what the npm definitions say otherwise than R4 4.0.1, put right while compiling.
 */
#ifndef RESOURCES_FHIR_DEFINITIONS_CORRECTIONS_H
#define RESOURCES_FHIR_DEFINITIONS_CORRECTIONS_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

/* The facts of a corrections file (corrections.json; README.md has its form). Each is applied to
 * one resource, and one that finds nothing to change is an issue, so that the file can not go
 * stale. */
struct corrections;

/* NULL with an issue when the text is no corrections file. Lives in the arena. */
struct corrections *corrections_parse(struct str text, struct arena *arena, struct issues *issues);
/* Changes the resource in place. False: the resource is not part of R4 and is to be left out. */
bool corrections_apply(struct corrections *corrections, cJSON *resource, struct arena *arena,
                       struct issues *issues);
/* False when a correction was not applied in full; those whose resource never came get an issue. */
bool corrections_check(const struct corrections *corrections, struct issues *issues);
#endif
