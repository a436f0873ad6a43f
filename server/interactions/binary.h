/* binary.h - the security context of a Binary (R4 binary.html). */
#ifndef SERVER_INTERACTIONS_BINARY_H
#define SERVER_INTERACTIONS_BINARY_H
#include "resources/fhir/json/json.h"

/* store_write.context of a resource: the type that a Binary's securityContext leads to, "*" where
 * that can not be told here, empty for everything else. */
struct str binary_context(const cJSON *resource, struct str base_url);
#endif
