/* base64.h - base64 as FHIR's base64Binary has it (RFC 4648 section 4). */
#ifndef RESOURCES_BASE_BASE64_H
#define RESOURCES_BASE_BASE64_H
#include "resources/base/str.h"

struct arena;

/* White space is ignored. False for anything else that is not base64. */
bool base64_decode(struct str *bytes, struct str text, struct arena *arena);
struct str base64_encode(struct str bytes, struct arena *arena);
#endif
