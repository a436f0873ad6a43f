/* endpoint.h - whom a delivery may dial: an Endpoint record, judged (guide profile
 * tandem-endpoint). */
#ifndef SERVER_EXCHANGE_ENDPOINT_H
#define SERVER_EXCHANGE_ENDPOINT_H
#include "server/service.h"

struct endpoint {
    struct str address;      /* https://host[:port][/path], no slash at the end */
    struct str organization; /* "Organization/x" that it belongs to */
};

/* An address that can be dialled: https, a host, no user name, query or fragment. Fills *out
 * without the last slash. */
bool endpoint_parse_address(struct str *out, struct str address, struct arena *arena);
/* Reads "Endpoint/x" as the viewer. False with an issue endpoint-refused that says why: it is not
 * there, not active, not a FHIR REST endpoint, has no https address, or belongs to no registered
 * party. */
bool endpoint_find(struct endpoint *out, const struct service *service, const struct viewer *viewer,
                   struct str reference, struct arena *arena, struct issues *issues);
#endif
