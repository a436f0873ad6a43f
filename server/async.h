/* async.h - Prefer: respond-async: requests that are answered later, by threads of their own (R4
 * async.html). */
#ifndef SERVER_ASYNC_H
#define SERVER_ASYNC_H
#include "server/service.h"

enum {
    ASYNC_MOST_ERRANDS = 20,       /* of one client, those done and not yet expired too */
    ASYNC_MOST_REQUEST = 16 << 20, /* bytes of content */
    ASYNC_MOST_ANSWER = 64 << 20,  /* bytes */
    ASYNC_RETRY_SECONDS = 2        /* after which to ask again */
};
struct async_options {
    struct service *service;
    unsigned threads;
    unsigned seconds;      /* that one may take */
    unsigned keep_seconds; /* that its answer is kept */
};
/* Goes on with what an earlier run had not done. Close it before the store. */
struct async *async_open(const struct async_options *options);
/* What runs is ended where it is; reads are begun anew by the next run. Nothing is begun any more.
 * NULL is allowed, here and below. */
void async_stop(struct async *async);
void async_close(struct async *async);

/* Whether the request is one that may be answered later, and asks for it. */
bool async_is_asked(const struct interaction *interaction);
/* Takes it on: 202 and where to ask for it. On a worker. */
bool async_take_on(struct interaction *interaction);
/* The address at which an errand's answer is asked for. */
struct str async_address(const struct interaction *interaction, struct str id);
/* GET and DELETE [base]/_async/[id]. */
bool async_status(struct interaction *interaction);
bool async_delete(struct interaction *interaction);
/* GET [base]/_async/[id]/[number]: a file of an answer, NDJSON. */
bool async_file(struct interaction *interaction);
#endif
