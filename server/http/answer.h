/* answer.h - an answer as HTTP/1.1 bytes (RFC 9112 section 4). */
#ifndef SERVER_HTTP_ANSWER_H
#define SERVER_HTTP_ANSWER_H
#include "resources/base/buf.h"
#include "server/http/http.h"

struct answer_context {
    struct str request_id;
    struct str date; /* IMF-fixdate */
    bool is_keep_alive;
};
/* Status line and header fields, up to and with the empty line. Adds Date, X-Request-Id,
 * Content-Length, Connection and, where the answer has none of its own, the headers that keep
 * browsers and caches from making more of it than it is. A control character in a value becomes
 * '?': no value can begin another field. */
void answer_write_head(struct buf *head, const struct http_answer *answer,
                       const struct answer_context *context);
/* Reason phrase (RFC 9110 section 15), "Unknown" for codes that are not used here. */
const char *answer_reason(int status);
/* A refusal by the HTTP layer itself: a small OperationOutcome. text is constant. */
void answer_fill_refusal(struct http_answer *answer, int status, const char *text,
                         struct arena *arena);
#endif
