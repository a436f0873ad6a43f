/* route.h - which interaction a request asks for: one table of method and path shape (R4
 * http.html). */
#ifndef SERVER_INTERACTIONS_ROUTE_H
#define SERVER_INTERACTIONS_ROUTE_H
#include "resources/base/str.h"
#include "server/security/viewer.h"

struct interaction;
/* Fills interaction->answer; false when issues were raised, which then become the answer. */
typedef bool (*interaction_function)(struct interaction *interaction);

enum route_weight {
    ROUTE_AT_ONCE, /* on the event loop: one indexed read, nothing parsed */
    ROUTE_LIGHT,
    ROUTE_HEAVY
};
/* What a request's body is, so that it is judged by its media type before anything else. */
enum route_body { BODY_NONE, BODY_RESOURCE, BODY_PATCH, BODY_FORM, BODY_GRAPHQL };

struct route {
    const char *method;
    const char *shape; /* segments: "{type}" "{id}" "{version}" "{operation}", or a literal */
    const char *code;  /* R4 restful interaction, for the CapabilityStatement; NULL: not listed */
    unsigned acts;     /* what the viewer must be allowed on the type; 0: decided inside */
    enum route_weight weight;
    enum route_body body;
    bool is_public; /* needs no identity */
    interaction_function run;
};
const struct route *route_table(size_t *count);

struct route_match {
    const struct route *route; /* NULL: no such address, or (allowed not empty) another method */
    struct str type, id, operation; /* percent-decoded; operation without '$' */
    struct str member;              /* of the compartment of type and id: a type, or "*" */
    uint64_t version;
    struct str allowed; /* methods of the address, for Allow, when only the method is wrong */
};
/* path: behind the base path, "" or "/Patient/1". HEAD is answered by the rows of GET. */
struct route_match route_find(struct str method, struct str path, struct arena *arena);

/* Whether text is a FHIR id: [A-Za-z0-9-.]{1,64}. */
bool route_is_id(struct str text);
#endif
