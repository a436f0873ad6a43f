/* interaction.h - one request on its way to an answer, and the functions that answer it, one file
 * each. */
#ifndef SERVER_INTERACTIONS_INTERACTION_H
#define SERVER_INTERACTIONS_INTERACTION_H
#include "resources/fhir/json/json.h"
#include "server/interactions/headers.h"
#include "server/interactions/media.h"
#include "server/interactions/route.h"
#include "server/service.h"

/* Lives in the request's arena. Inside a Bundle an entry that runs alone has one of its own, whose
 * exchange is NULL. */
struct interaction {
    const struct service *service;
    struct http_exchange *exchange;
    const struct http_request *request;
    struct arena *arena;
    const struct viewer *viewer;
    struct route_match at;
    cJSON *resource;    /* the body of an entry, already a tree; NULL: it is in the request */
    int64_t updated_us; /* of the version answered, 0: none */
    enum headers_return prefer;
    enum media accept;      /* format of the answer: MEDIA_JSON or MEDIA_XML */
    enum media content;     /* format of the request's body */
    bool is_async;          /* Prefer: respond-async */
    bool is_lenient;        /* Prefer: handling=lenient: what a search does not know is ignored */
    bool is_pretty;         /* _pretty=true */
    bool wants_page;        /* Accept asks for text/html, and the operation has it */
    bool has_format;        /* the answer's format was asked for with _format */
    size_t held;            /* bytes that the Bundle's answer holds besides `arena` */
    bool is_probe;          /* a GET of a transaction, only to see whether it can be answered */
    unsigned retry_seconds; /* of a 429 */
    bool is_on_loop;        /* not on a worker yet: nothing here may take long */
    struct issues issues;   /* warnings stay here when the work succeeds */
    struct http_answer answer;
    /* Set by a run function that returns true without an answer yet: called as the last thing that
     * is done with it there. From then on another thread has it, and ends with service_finish. */
    void (*hand_over)(struct interaction *interaction);
    void *handed; /* the run function's own */
};

bool interactions_read(struct interaction *interaction);
bool interactions_vread(struct interaction *interaction);
bool interactions_create(struct interaction *interaction);
bool interactions_update(struct interaction *interaction);
bool interactions_patch(struct interaction *interaction);
bool interactions_delete(struct interaction *interaction);
bool interactions_history(struct interaction *interaction);
bool interactions_search(struct interaction *interaction);
bool interactions_transaction(struct interaction *interaction);
bool interactions_batch(struct interaction *interaction, const cJSON *bundle);
bool interactions_capabilities(struct interaction *interaction);
/* operations/operation.c: looks the name up in the table of operations. */
bool operations_run(struct interaction *interaction);

/* The body as a tree; NULL with an issue. Raises TYPE_IN_URL when `type` is given and the resource
 * is another one. */
cJSON *interaction_resource(struct interaction *interaction, struct str type);
/* The pairs of a query or posted form, without _format and _pretty, which it looks at. */
bool interaction_query(struct interaction *interaction, struct str query,
                       struct search_pair **pairs, size_t *count);
/* Raises PARAMETER_UNKNOWN when the query holds anything. */
bool interaction_no_query(struct interaction *interaction);
/* Raises LOGIN_REQUIRED or SCOPE_MISSING (which names the scope) unless all acts are allowed. */
bool interaction_may(struct interaction *interaction, struct str type, unsigned acts,
                     const struct place *at);
/* Sets status and, unless body is empty, the body with FHIR's media type. */
void interaction_answer(struct interaction *interaction, int status, struct str body);
/* ETag and Last-Modified. */
void interaction_answer_version(struct interaction *interaction, uint64_t version,
                                int64_t updated_us);
/* The wall clock of the service as an instant. */
struct str interaction_now(const struct interaction *interaction);
#endif
