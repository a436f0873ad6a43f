/* heads.h - conformance resources of every type as a list: what is there, without reading it. */
#ifndef RESOURCES_FHIR_DEFINITIONS_HEADS_H
#define RESOURCES_FHIR_DEFINITIONS_HEADS_H
#include "resources/base/str.h"
#include "resources/fhir/definitions/definitions.h"

struct definition_head {
    struct str type, url, version, id, name, title, status;
    struct definitions *layer; /* that has it */
    int64_t number;
};
/* id is empty where a resource has none.
 *
 * Those of a type, and of an id or url where these are not empty, in the order of the set. Of what
 * is there twice (by canonical, or by id) the first one counts. Allocated in the arena. */
const struct definition_head *definitions_heads(struct definitions *definitions, struct str type,
                                                struct str id, struct str url, struct arena *arena,
                                                size_t *count);
/* False for a type of which none is there; takes no lock. */
bool definitions_has_heads(const struct definitions *definitions, struct str type);
/* Its JSON, without narrative; false when the file is damaged. */
bool definitions_head_text(const struct definition_head *head, struct arena *arena,
                           struct str *text);
#endif
