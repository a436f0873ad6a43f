/* headers.h - the header fields that FHIR gives a meaning to (RFC 9110; R4 http.html). */
#ifndef SERVER_INTERACTIONS_HEADERS_H
#define SERVER_INTERACTIONS_HEADERS_H
#include "resources/base/issue.h"

/* Cuts at the separator, but not inside a quoted string (RFC 9110 section 5.6.4); trimmed. */
struct str headers_cut_quoted(struct str *rest, char separator);
/* Takes the next `name=value` of a list of parameters behind semicolons, the value without its
 * quotes; false at its end. */
bool headers_next_parameter(struct str *rest, struct str *name, struct str *value);

/* The weight among the parameters of a range, in thousandths; what is no weight counts as if it was
 * not there. */
int headers_weight(struct str rest);

/* W/"3", "3" or (from clients that do not know better) 3. False unless it is a version from 1. */
bool headers_parse_etag(uint64_t *version, struct str text);
struct str headers_print_etag(uint64_t version, struct arena *arena);
/* If-None-Match: whether the list holds this version, or is `*`. */
bool headers_etag_matches(struct str list, uint64_t version);

/* Seconds since 1970 of an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"); false for anything
 * else. */
bool headers_parse_date(int64_t *seconds, struct str text);
enum headers_return { RETURN_DEFAULT, RETURN_MINIMAL, RETURN_REPRESENTATION, RETURN_OUTCOME };
/* Prefer: handling=lenient; without it and with handling=strict false (R4 http.html#handling). */
bool headers_prefer_lenient(struct str prefer);
/* Prefer: respond-async (RFC 7240 section 4.1). */
bool headers_prefer_async(struct str prefer);
/* The `return` preference among the (comma and semicolon separated) preferences of RFC 7240. */
enum headers_return headers_prefer_return(struct str prefer);
#endif
