/* endpoint.h - whom a delivery may dial: an Endpoint record, judged (guide profile
 * tandem-endpoint). */
#ifndef SERVER_EXCHANGE_ENDPOINT_H
#define SERVER_EXCHANGE_ENDPOINT_H
#include "server/service.h"

struct endpoint {
    struct str address;      /* https://host[:port][/path], no slash at the end */
    struct str organization; /* "Organization/x" that it belongs to */
};

/* Reads "Endpoint/x" as the viewer. False with an issue endpoint-refused that says why: it is not
 * there, not active, not a FHIR REST endpoint, has no https address, or not one at the base that is
 * registered for the organization which it says it is of: that is only a claim, which anybody who
 * may write an Endpoint can make. */
bool endpoint_find(struct endpoint *out, const struct service *service, const struct viewer *viewer,
                   struct str reference, struct arena *arena, struct issues *issues);
#endif
