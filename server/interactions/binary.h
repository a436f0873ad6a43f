/* binary.h - base64 as FHIR's base64Binary has it (RFC 4648 section 4). */
#ifndef SERVER_INTERACTIONS_BINARY_H
#define SERVER_INTERACTIONS_BINARY_H
#include "resources/base/str.h"

struct arena;

/* White space is ignored. False for anything else that is not base64. */
bool binary_decode(struct str *bytes, struct str text, struct arena *arena);
struct str binary_encode(struct str bytes, struct arena *arena);
#endif
