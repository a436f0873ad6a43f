/* together.h - independent pieces of one request, worked on by several threads at once. */
#ifndef SERVER_INTERACTIONS_TOGETHER_H
#define SERVER_INTERACTIONS_TOGETHER_H
#include "server/http/workers.h"

/* Calls run(context, i) once for each i < count, in any order, at most `most` at a time: on the
 * caller's thread, which is a worker's, and on workers that come to it meanwhile. Returns when all
 * have returned. Never waits for a worker that has something else to do. workers may be NULL. */
void together_run(struct workers *workers, enum work_weight weight, size_t count, size_t most,
                  void (*run)(void *context, size_t i), void *context);
#endif
