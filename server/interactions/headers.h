/* headers.h - the header fields that FHIR gives a meaning to (RFC 9110; R4 http.html). */
#ifndef SERVER_INTERACTIONS_HEADERS_H
#define SERVER_INTERACTIONS_HEADERS_H
#include "resources/base/issue.h"

/* Accept: whether one of the media ranges takes FHIR JSON (application/fhir+json; empty: yes). */
bool headers_accept_json(struct str accept);
/* The value of _format; true for the names of JSON. */
bool headers_format_json(struct str format);
/* Content-Type of a body: application/fhir+json or application/json, UTF-8, fhirVersion 4.0. */
bool headers_is_json(struct str content_type);
/* Content-Type of a posted search. */
bool headers_is_form(struct str content_type);

/* W/"3", "3" or (from clients that do not know better) 3. False unless it is a version from 1. */
bool headers_parse_etag(uint64_t *version, struct str text);
struct str headers_print_etag(uint64_t version, struct arena *arena);
/* If-None-Match: whether the list holds this version, or is `*`. */
bool headers_etag_matches(struct str list, uint64_t version);

/* Seconds since 1970 of an IMF-fixdate ("Sun, 06 Nov 1994 08:49:37 GMT"); false for anything
 * else. */
bool headers_parse_date(int64_t *seconds, struct str text);
enum headers_return { RETURN_DEFAULT, RETURN_MINIMAL, RETURN_REPRESENTATION, RETURN_OUTCOME };
/* The `return` preference among the (comma and semicolon separated) preferences of RFC 7240. */
enum headers_return headers_prefer_return(struct str prefer);
#endif
