/* stream.h - one accepted socket, plain or under TLS: the same few calls for both. */
#ifndef SERVER_HTTP_STREAM_H
#define SERVER_HTTP_STREAM_H
#include "resources/base/str.h"

struct ssl_st;
/* Not blocking. Belongs to one thread. */
struct stream {
    int descriptor;
    struct ssl_st *ssl;  /* NULL: plain */
    bool waits_for_room; /* what the last AGAIN waits for: room to write, else bytes to read */
};
enum stream_outcome {
    STREAM_DONE,
    STREAM_AGAIN, /* later, when the descriptor is ready */
    STREAM_END,   /* the other side has ended its direction */
    STREAM_BROKEN
};

/* The TLS handshake as its server; DONE at once when plain. */
enum stream_outcome stream_shake_hands(struct stream *stream);
/* DONE: *count is above 0. */
enum stream_outcome stream_read(struct stream *stream, char *bytes, size_t room, size_t *count);
/* DONE: *count of the bytes are on their way. has_more: further bytes follow at once. */
enum stream_outcome stream_write(struct stream *stream, struct str bytes, bool has_more,
                                 size_t *count);
/* Bytes have come that the descriptor will not announce again. */
bool stream_has_bytes(const struct stream *stream);
/* After a handshake that failed: what still comes is just bytes. */
void stream_abandon_tls(struct stream *stream);
/* Ends our direction; reading goes on. */
void stream_end(struct stream *stream);
void stream_close(struct stream *stream);
#endif
