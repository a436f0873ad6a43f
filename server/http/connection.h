/* connection.h - inside server/http: one accepted socket, from its handshake to its end. */
#ifndef SERVER_HTTP_CONNECTION_H
#define SERVER_HTTP_CONNECTION_H
#include "server/http/loop.h"

/* A connection works on one exchange at a time: what a client sends ahead waits, so answers leave
 * in order and a flood is held back by TCP. Its memory, and with it the certificate that exchanges
 * point to, lives until its last exchange has come back, also when the socket is long closed. */
enum connection_state {
    CONNECTION_HANDSHAKE,
    CONNECTION_READING,
    CONNECTION_WORKING,
    CONNECTION_WRITING,
    CONNECTION_LINGERING, /* all is sent; what still comes is dropped, so that no reset overtakes
                             the answer */
    CONNECTION_CLOSED
};

struct connection {
    struct post post; /* first: how it comes to its loop */
    struct connection *before, *after;
    struct loop *loop;
    struct arena *arena;
    struct stream stream;
    enum connection_state state;
    struct event readable, writable;
    bool is_paused;      /* does not listen for bytes */
    int64_t deadline_us; /* of the state; INT64_MAX: none */
    struct exchange *exchange;
    bool has_continued;
    char *ahead; /* bytes behind the current request */
    size_t ahead_at, ahead_length;
    struct str out[3]; /* what is to be sent: an interim answer, the answer's first and further
                          bytes */
    size_t out_count;
    size_t held; /* bytes counted against held_bytes */
    struct str peer;
    const struct http_peer *certificate;
};

struct exchange {
    struct http_exchange http; /* first: http_answer gets a pointer to it */
    struct post post;
    struct exchange *next_spare;
    struct connection *connection;
    struct arena_mark empty;
    struct codec codec;
    struct str first, rest; /* the answer's bytes: one record, and what did not fit in it */
    struct str client;
    int status;
    bool is_keep_alive, is_answered;
    void (*function)(void *argument); /* of http_continue */
    void *argument;
};

/* In the acceptor's thread. */
struct connection *connection_open(struct http_server *server, int descriptor, struct str peer);
/* The rest in the loop's thread. */
void connection_start(struct post *post, struct loop *loop);
void connection_answer(struct post *post, struct loop *loop);
void connection_continue(struct post *post, struct loop *loop);
void connection_check_deadlines(struct loop *loop, int64_t now_us);
void connection_end_idle(struct loop *loop);
void connection_close_all(struct loop *loop);
void connection_drop_spares(struct loop *loop);
#endif
