/* service.h - what a running server holds: handed to every interaction and operation. */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H
#include "profiles/validator/validator.h"
#include "server/http/http.h"
#include "server/http/workers.h"
#include "server/reindex.h"
#include "server/store/store.h"

struct catalog;
struct program;

/* Immutable, but for `registry`, which a SIGHUP exchanges behind a counted pointer. A request sees
 * one edition of it (catalog.h): whoever works for longer pins the one that stands. */
struct service {
    struct catalog *catalog; /* may be NULL: then this is the only edition */
    struct definitions *definitions;
    struct terminology *terminology;
    struct validator *validator;
    struct store *store;
    struct search_indexer *indexer; /* of `definitions` and `base_url` */
    struct reindex *reindex;        /* server/reindex.h; may be NULL */
    struct workers *workers;
    struct registry *registry;         /* server/security/registry.h */
    struct capabilities *capabilities; /* server/interactions/capabilities.h */
    struct fence *fence;               /* server/interactions/fence.h; may be NULL */
    struct log *log;                   /* server/log/log.h; may be NULL */
    struct metrics *metrics;           /* server/metrics/metrics.h; may be NULL */
    struct delivery *delivery;         /* server/exchange/delivery.h; NULL: no outgoing exchange */
    struct str base_url;  /* "https://host:port/fhir", no slash at the end: links and Location */
    struct str base_path; /* "/fhir" */
    struct str version;   /* of the program */
    enum validation validation;
    const struct program *programs; /* resources/ltss/program.h: the loaded program packs */
    size_t program_count;
    struct scheduler *scheduler; /* server/rules/scheduler.h; NULL: no program is loaded */
    struct bell *bell;           /* server/rules/bell.h; the scheduler's, or NULL */
    bool has_test_clock;         /* a client of the role tester may set the rules' clock */
    bool is_dev;
    bool has_integrity; /* references are held to what is there (interactions/integrity.h) */
    size_t most_body, most_transaction, most_entries, most_deletes;
    size_t most_at_once;    /* entries of a batch that run at a time; 0: one */
    const struct str *cors; /* origins that may call; "*" is any */
    size_t cors_count;
    struct async *async; /* server/async.h; NULL: nothing is answered later */
    const struct errand
        *errand;              /* store/errand.h: that is being done and may have files; else NULL */
    const _Atomic bool *stop; /* of what is answered later: it is to end; else NULL */
    struct throttle *throttle; /* server/security/throttle.h; NULL: no limit */
    unsigned seconds_per_request;
    int64_t (*now_us)(void); /* wall clock, UTC microseconds */
};

/* What a search is read against, strictly. */
static inline struct search_context service_search_context(const struct service *service)
{
    return (struct search_context){ .definitions = service->definitions,
                                    .terminology = service->terminology,
                                    .is_ready = service->reindex ? reindex_is_ready : NULL,
                                    .readiness = service->reindex,
                                    .base_url = service->base_url };
}

/* The way of a request: viewer, route, interaction, answer. An http_handler; context is the struct
 * service. */
void service_handle(struct http_exchange *exchange, void *service);
struct interaction;
struct viewer;
/* The whole way of a request whose caller is known already, without sending its answer. Blocks. */
void service_answer(const struct service *service, const struct http_request *request,
                    const struct viewer *viewer, struct arena *arena, struct http_answer *answer);
/* Sends what an interaction has come to: its answer, or its issues. From any thread, once. */
void service_finish(struct interaction *interaction, bool is_good);
#endif
