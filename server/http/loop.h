/* loop.h - inside server/http: the event loops, and what connections share with them. */
#ifndef SERVER_HTTP_LOOP_H
#define SERVER_HTTP_LOOP_H
#include <event2/event.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http/codec.h"
#include "server/http/stream.h"

enum {
    LOOP_READ_ROOM = 16384, /* bytes taken from a socket at once: a TLS record */
    LOOP_RECORD = 16384,    /* bytes of an answer that fit one TLS record */
    LOOP_MOST_SPARES = 256, /* exchanges kept for reuse, each with one block of memory */
    LOOP_TICK_US = 100000   /* how often deadlines are looked at */
};

/* What other threads send to a loop. */
struct post {
    struct post *next;
    enum post_kind { POST_CONNECTION, POST_CONTINUE, POST_ANSWER } kind;
};

/* One thread, one event base, its connections. Only `posts`, `connection_count` and the wake
 * descriptor are touched from other threads. */
struct loop {
    struct http_server *server;
    pthread_t thread; /* to join it */
    pthread_t self;   /* the same, known to the thread from its start */
    struct event_base *base;
    int wake_descriptor;
    struct event wake, tick, accept; /* accept: of the first loop alone */
    bool is_accept_paused;
    _Atomic(struct post *) posts; /* newest first */
    _Atomic size_t connection_count;
    struct connection *connections;
    size_t exchanges; /* that are being worked on */
    struct exchange *spares;
    size_t spare_count;
    struct exchange *dispatching; /* the handler is being called with it */
    uint64_t requests;            /* to make request ids */
    char *read_room;
};

struct http_server {
    struct arena *arena;
    struct http_options options;
    int listener, port;
    struct loop *loops;
    unsigned loop_count, next_loop;
    char id_prefix[24];
    _Atomic bool is_draining, is_stopping;
    _Atomic size_t connections, held_bytes;
};

bool loop_open(struct loop *loop, struct http_server *server);
void loop_start(struct loop *loop);
void loop_post(struct loop *loop, struct post *post);
void loop_wake(struct loop *loop);
/* After the loop's thread was joined. */
void loop_close(struct loop *loop);
int64_t loop_now_us(void);
#endif
