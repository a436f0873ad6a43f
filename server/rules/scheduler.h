/* scheduler.h - the one thread that looks at records when their time has come, and the clock by
 * which it has. */
#ifndef SERVER_RULES_SCHEDULER_H
#define SERVER_RULES_SCHEDULER_H
#include "server/service.h"

struct scheduler *scheduler_open(const struct service *service);
/* Starts the thread; it begins with what came due while the server was down. */
bool scheduler_start(struct scheduler *scheduler, struct issues *issues);
/* What wakes it, and its clock. */
struct bell *scheduler_bell(struct scheduler *scheduler);
/* Sets the rules' clock to now_us, from where it goes on, and looks at all that is due by then;
 * returns when that is done, with the number of looks. */
uint64_t scheduler_set_clock(struct scheduler *scheduler, int64_t now_us);
/* NULL is allowed from here on. Stops the thread. What is due then is looked at after the next
 * start. */
void scheduler_stop(struct scheduler *scheduler);
void scheduler_close(struct scheduler *scheduler);
#endif
