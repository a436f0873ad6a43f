/* workers.c - two bounded rings, light and heavy, served in the order of submission by as many
 * threads as may work at once; more threads stand by for those that wait. */
#include "server/http/workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>

#include "resources/base/arena.h"

struct work {
    work_function function;
    void *argument;
    uint64_t number; /* order of submission over both rings */
};
struct ring {
    struct work *works;
    size_t first, count;
};
struct workers {
    struct arena *arena;
    pthread_t *threads;
    unsigned thread_count; /* that work at once */
    unsigned running;      /* threads that have begun work and not ended it */
    unsigned lent;         /* of those, that only wait: others may run in their place */
    unsigned heavy_running, asleep;
    size_t most_waiting;
    pthread_mutex_t lock; /* of all that changes */
    pthread_cond_t came;
    struct ring rings[2]; /* by enum work_weight */
    uint64_t submitted;
    bool is_closing;
};

static bool may_take(const struct workers *workers, enum work_weight weight)
{
    unsigned most_heavy = workers->thread_count > 1 ? workers->thread_count - 1 : 1;
    return workers->rings[weight].count > 0 &&
           (weight == WORK_LIGHT || workers->heavy_running < most_heavy);
}

static bool has_place(const struct workers *workers)
{
    return workers->running < workers->thread_count + workers->lent;
}

static bool is_waiting(const struct workers *workers)
{
    return workers->rings[WORK_LIGHT].count + workers->rings[WORK_HEAVY].count > 0;
}

/* Whatever makes work possible (a submission, an end, a loan) has one thread look for it, and who
 * takes work wakes the next if there is more: so nothing that may run lies there unseen. The signal
 * comes after the lock is free: who wakes would only wait for it. */
static void unlock_and_wake(struct workers *workers)
{
    bool can_run = has_place(workers) && workers->asleep &&
                   (may_take(workers, WORK_LIGHT) || may_take(workers, WORK_HEAVY));
    pthread_mutex_unlock(&workers->lock);
    if (can_run)
        pthread_cond_signal(&workers->came);
}

/* The older of the two that may run now; false when there is none. */
static bool take(struct workers *workers, struct work *work, enum work_weight *weight)
{
    bool is_light = may_take(workers, WORK_LIGHT), is_heavy = may_take(workers, WORK_HEAVY);
    if (!has_place(workers) || (!is_light && !is_heavy))
        return false;
    struct ring *light = &workers->rings[WORK_LIGHT], *heavy = &workers->rings[WORK_HEAVY];
    if (is_light && is_heavy)
        is_light = light->works[light->first].number < heavy->works[heavy->first].number;
    *weight = is_light ? WORK_LIGHT : WORK_HEAVY;
    struct ring *ring = is_light ? light : heavy;
    *work = ring->works[ring->first];
    ring->first = (ring->first + 1) % workers->most_waiting;
    ring->count--;
    return true;
}

static void *run(void *argument)
{
    struct workers *workers = argument;
    struct work work;
    enum work_weight weight;
    pthread_setname_np(pthread_self(), "worker");
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        if (take(workers, &work, &weight)) {
            workers->heavy_running += weight == WORK_HEAVY;
            workers->running++;
            unlock_and_wake(workers);
            work.function(work.argument);
            pthread_mutex_lock(&workers->lock);
            workers->heavy_running -= weight == WORK_HEAVY;
            workers->running--;
            continue;
        }
        if (workers->is_closing && !is_waiting(workers))
            break;
        workers->asleep++;
        pthread_cond_wait(&workers->came, &workers->lock);
        workers->asleep--;
    }
    pthread_mutex_unlock(&workers->lock);
    pthread_cond_broadcast(&workers->came);
    return NULL;
}

struct workers *workers_open(unsigned threads, unsigned most_waiting)
{
    assert(threads > 0 && most_waiting > 0);
    struct arena *arena = arena_open();
    struct workers *workers = arena_alloc(arena, sizeof *workers);
    workers->arena = arena;
    workers->most_waiting = most_waiting;
    workers->thread_count = threads;
    workers->threads = arena_array(arena, threads + WORKERS_STANDBY, sizeof *workers->threads);
    for (size_t i = 0; i < 2; i++)
        workers->rings[i].works = arena_array(arena, most_waiting, sizeof(struct work));
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->came, NULL);
    for (unsigned i = 0; i < threads + WORKERS_STANDBY; i++) {
        int failed = pthread_create(&workers->threads[i], NULL, run, workers);
        assert(!failed);
        (void)failed;
    }
    return workers;
}

bool workers_submit(struct workers *workers, enum work_weight weight, work_function function,
                    void *argument)
{
    struct ring *ring = &workers->rings[weight];
    pthread_mutex_lock(&workers->lock);
    bool has_room = ring->count < workers->most_waiting && !workers->is_closing;
    if (has_room) {
        size_t at = (ring->first + ring->count++) % workers->most_waiting;
        ring->works[at] = (struct work){ function, argument, workers->submitted++ };
    }
    unlock_and_wake(workers);
    return has_room;
}

void workers_lend(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->lent++;
    unlock_and_wake(workers);
}

void workers_reclaim(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->lent--;
    pthread_mutex_unlock(&workers->lock);
}

size_t workers_waiting(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    size_t count = workers->rings[WORK_LIGHT].count + workers->rings[WORK_HEAVY].count;
    pthread_mutex_unlock(&workers->lock);
    return count;
}

void workers_stop(struct workers *workers)
{
    if (!workers || workers->is_closing)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_closing = true;
    pthread_cond_broadcast(&workers->came);
    pthread_mutex_unlock(&workers->lock);
    for (unsigned i = 0; i < workers->thread_count + WORKERS_STANDBY; i++)
        pthread_join(workers->threads[i], NULL);
}

void workers_close(struct workers *workers)
{
    if (!workers)
        return;
    workers_stop(workers);
    pthread_cond_destroy(&workers->came);
    pthread_mutex_destroy(&workers->lock);
    arena_close(workers->arena);
}
