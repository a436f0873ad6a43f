/* http.h - the server's own view of HTTP/1.1: an exchange comes in whole, an answer goes out once.
 */
#ifndef SERVER_HTTP_HTTP_H
#define SERVER_HTTP_HTTP_H
#include "resources/base/arena.h"
#include "resources/base/issue.h"

/* Nothing but server/http knows sockets, TLS or libevent. Requests have passed a strict gate (RFC
 * 9112): one Host, one framing, no obsolete folding, tokens and field values of legal bytes,
 * bounded head and body, total deadlines. */

struct http_header {
    struct str name, value; /* value trimmed */
};
struct http_request {
    struct str method; /* upper case token */
    struct str path;   /* as sent, before '?'; still percent-encoded; begins with '/' */
    struct str query;  /* as sent, behind '?'; may be empty */
    const struct http_header *headers;
    size_t header_count;
    struct str body;
    struct str id;                       /* X-Request-Id as given and legal, or made here */
    struct str peer;                     /* address, for the log */
    const struct http_peer *certificate; /* NULL: none was presented (or plain HTTP) */
    int64_t received_us;                 /* monotonic */
};
/* A client certificate that the TLS layer has verified against a named CA. */
struct http_peer {
    struct str authority;   /* name of the CA in the configuration */
    struct str subject;     /* one line, for the log */
    struct str spki_sha256; /* lower-case hex of the SHA-256 of SubjectPublicKeyInfo */
    const struct str *uris; /* SAN URIs */
    size_t uri_count;
};
/* First value of a header by case-insensitive name; empty when absent. */
struct str http_header(const struct http_request *request, const char *name);
/* The n-th one, for headers that may be repeated; false at the end. */
bool http_header_at(const struct http_request *request, const char *name, size_t n,
                    struct str *value);
/* Percent-decodes; '+' is a space when is_query. False on a malformed escape or a NUL. */
bool http_decode(struct str *out, struct str text, bool is_query, struct arena *arena);

enum { HTTP_MOST_ANSWER_HEADERS = 24 };
struct http_answer {
    int status;
    struct http_header headers[HTTP_MOST_ANSWER_HEADERS];
    size_t header_count;
    struct str body;   /* in the exchange's arena, or otherwise alive until the exchange ends */
    bool is_head;      /* Content-Length of the body, but no body */
    struct str client; /* who asked, for the log; as long-lived as the body */
};
void http_answer_header(struct http_answer *answer, const char *name, struct str value);

/* One request and its answer. Its arena lives until the answer is written or the client is gone and
 * the work is done. */
struct http_exchange {
    struct http_request request;
    struct arena *arena;
};
/* Sends the answer; from any thread, exactly once; the exchange and its arena are not touched
 * afterwards. */
void http_answer(struct http_exchange *exchange, const struct http_answer *answer);

/* Calls function(argument) on the event loop thread of the exchange, from any thread, while it has
 * no answer: for what is not worth a worker. It must not block; it may answer, or hand on again. */
void http_continue(struct http_exchange *exchange, void (*function)(void *argument),
                   void *argument);

/* Called on an event loop thread for each request; must not block: it answers, or hands the
 * exchange to workers. */
typedef void (*http_handler)(struct http_exchange *exchange, void *context);

struct http_limits {
    size_t head_bytes, headers, body_bytes,
        large_body_bytes; /* large: POST to the base (transactions) */
    size_t held_bytes;    /* requests of all connections together; 0: no limit */
    unsigned head_seconds, body_seconds, idle_seconds;
    unsigned write_seconds; /* for each MiB of an answer begun */
    unsigned connections;
};
struct tls_server; /* server/http/tls.h */
struct metrics;    /* server/metrics/metrics.h */
struct log;        /* server/log/log.h */
struct http_options {
    const char *host;
    int port; /* 0: any, see http_port */
    unsigned loops;
    struct tls_server *tls; /* NULL: plain HTTP */
    struct str base_path;   /* "/fhir": where large bodies are allowed */
    struct http_limits limits;
    http_handler handler;
    void *context;
    struct metrics *metrics; /* NULL: nothing is counted */
    struct log *log;         /* NULL: nothing is logged */
};
/* Runs from open to close in threads of its own. NULL with an issue when it can not listen. */
struct http_server;
struct http_server *http_open(const struct http_options *options, struct issues *issues);
int http_port(const struct http_server *server);
/* Stops accepting, closes connections once their exchange is answered; returns when all are closed
 * or `seconds` have passed. */
void http_drain(struct http_server *server, unsigned seconds);
/* Closes all connections; waits for exchanges that are still being worked on. NULL is allowed. */
void http_close(struct http_server *server);
#endif
