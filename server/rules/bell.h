/* bell.h - the clock of rules, and the bell that wakes the thread which goes by it. */
#ifndef SERVER_RULES_BELL_H
#define SERVER_RULES_BELL_H
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct service;

struct bell {
    _Atomic int64_t ahead_us; /* of the wall clock; negative: behind */
    pthread_mutex_t lock;     /* of is_rung */
    pthread_cond_t rung;
    bool is_rung;
};
void bell_init(struct bell *bell);
void bell_done(struct bell *bell);
/* Says that there may be something to do; from any thread. NULL is allowed. */
void bell_ring(struct bell *bell);
/* Sleeps so long (microseconds) or until the bell rings. */
void bell_wait(struct bell *bell, int64_t longest_us);

/* The clock of rules and scheduler: the wall clock, but for tests that set it (POST /$test-clock).
 */
int64_t bell_now_us(const struct service *service);
#endif
