/* throttle.h - how often each client may ask: a bucket of tokens for each. */
#ifndef SERVER_SECURITY_THROTTLE_H
#define SERVER_SECURITY_THROTTLE_H
#include "resources/base/str.h"

/* A bucket holds at most `burst` tokens and gets `rate` a second; a request takes one. Safe from
 * any thread. Clients are registered ones, so there are not too many buckets. */
struct throttle;
struct throttle *throttle_open(unsigned rate, unsigned burst);
void throttle_close(struct throttle *throttle);
/* 0 when the client may go on, else the whole seconds after which it may. NULL is allowed. */
unsigned throttle_take(struct throttle *throttle, struct str client, int64_t now_us);
#endif
