/* referred.h - the records of this server that others refer to, read from the records themselves.
 */
#ifndef SERVER_OPERATIONS_REFERRED_H
#define SERVER_OPERATIONS_REFERRED_H
#include "resources/base/map.h"
#include "resources/fhir/types/reference.h"
#include "resources/fhir/json/json.h"
#include "server/service.h"

/* References, and attachments whose content is a Binary here; each record once, in the order in
 * which they were met. */
struct referred {
    const struct service *service;
    struct arena *arena;
    struct map seen; /* "Type/id" */
    struct reference *all;
    size_t count, room;
    struct str elsewhere; /* the first reference to another server, or empty */
};
void referred_init(struct referred *referred, const struct service *service, struct arena *arena);
/* That one is not to be collected; true when it was met before. */
bool referred_skip(struct referred *referred, struct str type, struct str id);
/* From a resource or a part of one. What was read from text is not deeper than JSON_MOST_DEPTH. */
void referred_collect(struct referred *referred, const cJSON *item);
#endif
