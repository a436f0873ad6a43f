/* crew.h - jobs done by several threads, their results taken in the order in which they came. */
#ifndef SERVER_CLI_CREW_H
#define SERVER_CLI_CREW_H

struct crew;
struct arena;

enum { CREW_MOST_THREADS = 256, CREW_ROOM = 4 /* jobs under way for each thread */ };

/* run is called on any thread, finish on the one that adds, job after job in their order. */
struct crew_work {
    void *context;
    void (*run)(void *context, void *job, struct arena *arena);
    void (*finish)(void *context, void *job);
};

/* threads 1: everything on the caller's. */
struct crew *crew_open(unsigned threads, const struct crew_work *work);
/* job lives in the arena, which the crew closes behind it. Waits while too many are under way, and
 * finishes those that are done. */
void crew_add(struct crew *crew, void *job, struct arena *arena);
/* Finishes all that were added. */
void crew_close(struct crew *crew);
#endif
