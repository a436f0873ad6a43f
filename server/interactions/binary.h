/* binary.h - base64 as FHIR's base64Binary has it (RFC 4648 section 4), and whom a Binary is about.
 */
#ifndef SERVER_INTERACTIONS_BINARY_H
#define SERVER_INTERACTIONS_BINARY_H
#include "resources/fhir/json/json.h"

/* White space is ignored. False for anything else that is not base64. */
bool binary_decode(struct str *bytes, struct str text, struct arena *arena);
struct str binary_encode(struct str bytes, struct arena *arena);

/* store_write.context of a resource: the type that a Binary's securityContext leads to, "*" where
 * that can not be told here, empty for everything else. */
struct str binary_context(const cJSON *resource, struct str base_url);
#endif
