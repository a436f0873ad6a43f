/* instant.h - a moment as the FHIR instant that every answer and record shows (R4
 * datatypes.html#instant). */
#ifndef SERVER_INSTANT_H
#define SERVER_INSTANT_H
#include "resources/base/str.h"

/* UTC with milliseconds: 2026-03-01T09:30:00.125Z. us: microseconds since 1970, UTC. */
struct str instant_print(int64_t us, struct arena *arena);
enum { INSTANT_LENGTH = 24 };
/* The same into INSTANT_LENGTH bytes (not terminated), for those that splice. */
void instant_write(char *out, int64_t us);
/* The date of Last-Modified and Date: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 section 5.6.7). */
struct str instant_print_http(int64_t us, struct arena *arena);
#endif
