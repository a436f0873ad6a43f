/* patch.h - a patch on its way to a record: one request's or a Bundle entry's. */
#ifndef SERVER_INTERACTIONS_PATCH_H
#define SERVER_INTERACTIONS_PATCH_H
#include "server/interactions/write.h"

/* Exactly one of the three is there. */
struct patch {
    const cJSON *operations; /* JSON Patch: an array */
    const cJSON *parameters; /* FHIRPath Patch: Parameters */
    struct str xml;          /* XML Patch */
};
/* Of a Bundle entry: Parameters, or a Binary that holds a JSON or XML Patch. NULL with an issue. */
struct patch *patch_of_entry(cJSON *resource, const struct place *at, struct arena *arena,
                             struct issues *issues);
/* Makes the write a WRITE_PATCH: on each try the record as it then stands is patched. */
void patch_prepare(struct write *write, const struct patch *patch);
#endif
