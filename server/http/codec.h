/* codec.h - bytes to one HTTP/1.1 request, strictly (RFC 9112); no sockets, no clock. */
#ifndef SERVER_HTTP_CODEC_H
#define SERVER_HTTP_CODEC_H
#include "resources/base/buf.h"
#include "server/http/http.h"

/* Limits that are no option: nobody needs more, and each bounds what one line can cost. */
enum {
    CODEC_MOST_METHOD = 20,
    CODEC_MOST_EMPTY_LINES = 1,         /* before the request line (RFC 9112 section 2.2) */
    CODEC_MOST_CHUNK_LINE = 256,        /* one chunk's size and extensions */
    CODEC_MOST_CHUNK_EXTENSIONS = 4096, /* of all chunks of a body */
    CODEC_MOST_TRAILER = 8192           /* all lines behind the last chunk */
};

enum codec_state {
    CODEC_HEAD, /* request line and header fields */
    CODEC_BODY, /* Content-Length bytes, or chunks */
    CODEC_DONE, /* the request is whole */
    CODEC_FAILED
};

/* The text of a failure is constant; the status is what the client is told. */
struct codec_failure {
    int status;
    const char *text;
};

/* One message. What comes of a run of bytes never depends on how they were cut into feeds.
 * Everything the request points to lies in the arena. */
struct codec {
    enum codec_state state;
    struct codec_failure failure; /* when FAILED */
    bool is_keep_alive;           /* when DONE: another request may follow */
    bool wants_continue;          /* from the end of the head on: Expect: 100-continue */
    struct http_request request;  /* method, path, query, headers, body; the rest is not filled */

    /* inside */
    const struct http_limits *limits;
    struct str base_path;
    struct buf head;   /* all lines of the head; afterwards the line of a chunk or trailer */
    struct buf fields; /* of struct codec_field */
    struct codec_field {
        size_t name, name_length, value, value_length; /* offsets: the head moves as it grows */
    } line;                                            /* the request line: method and target */
    size_t line_start, field_count, empty_lines, trailer_bytes, extension_bytes;
    char *body;
    size_t body_length, body_room, most_body;
    uint64_t left; /* of the body or of the chunk */
    struct arena *arena;
    enum codec_step {
        STEP_REQUEST_LINE,
        STEP_FIELD,
        STEP_FIXED,
        STEP_CHUNK_SIZE,
        STEP_CHUNK_BYTES,
        STEP_CHUNK_END,
        STEP_TRAILER
    } step;
    bool is_old; /* HTTP/1.0 */
    bool is_chunked;
};

/* limits and base_path's bytes outlive the codec. */
void codec_init(struct codec *codec, const struct http_limits *limits, struct str base_path,
                struct arena *arena);
/* Takes bytes up to the end of the message; returns how many were taken (all, unless DONE or
 * FAILED). */
size_t codec_feed(struct codec *codec, struct str bytes);
/* No byte of a request has come yet. */
bool codec_is_empty(const struct codec *codec);
#endif
