/* exchange.h - inside server/http: one request and its answer, with the memory of both. */
#ifndef SERVER_HTTP_EXCHANGE_H
#define SERVER_HTTP_EXCHANGE_H
#include "server/http/connection.h"

struct exchange *exchange_open(struct connection *connection);
/* Gives it an id, the client's where that is legal; once. */
void exchange_identify(struct exchange *exchange, struct loop *loop);
/* The request is whole: fills what the codec does not know. */
void exchange_start(struct exchange *exchange, struct loop *loop);
/* Puts the answer's bytes together; in any thread. */
void exchange_write(struct exchange *exchange, const struct http_answer *answer);
/* Logs and counts it, once it is sent. */
void exchange_report(const struct exchange *exchange, int64_t now_us);
void exchange_close(struct exchange *exchange, struct loop *loop);
#endif
