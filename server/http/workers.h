/* workers.h - threads that run work that may block: parsing, validation, rules, search, commits. */
#ifndef SERVER_HTTP_WORKERS_H
#define SERVER_HTTP_WORKERS_H
#include <stdbool.h>
#include <stddef.h>

struct workers;
typedef void (*work_function)(void *argument);

enum work_weight { WORK_LIGHT, WORK_HEAVY }; /* heavy work may occupy all threads but one */

/* Threads besides: each stands in for one that waits (workers_lend). */
enum { WORKERS_STANDBY = 64 };

/* threads: how many work at once, as many as keep the processors busy. */
struct workers *workers_open(unsigned threads, unsigned most_waiting);
/* False when the queue is full: the caller answers 503/429. */
bool workers_submit(struct workers *workers, enum work_weight weight, work_function function,
                    void *argument);
/* The caller is about to wait for something other than the processor (a commit, say), and until
 * workers_reclaim() another may work in its place. So all that came together can wait together,
 * and share one fsync. NULL is allowed. */
void workers_lend(struct workers *workers);
void workers_reclaim(struct workers *workers);
/* Work that no thread has begun. */
size_t workers_waiting(struct workers *workers);
/* Waits for all that was submitted; nothing more is taken. NULL is allowed. */
void workers_stop(struct workers *workers);
/* Stops them and lets them go. NULL is allowed. */
void workers_close(struct workers *workers);
#endif
