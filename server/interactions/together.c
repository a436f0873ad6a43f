/* together.c - a list of pieces that whoever has time takes from; it lives until the last helper
 * has seen that nothing is left. */
#include "server/interactions/together.h"

#include <pthread.h>

#include "resources/base/arena.h"

struct pieces {
    struct arena *arena; /* its own: a helper may come when the request is long over */
    pthread_mutex_t lock;
    pthread_cond_t ended;
    size_t holders; /* the caller, and each helper that was submitted */
    size_t count, next, done;
    void (*run)(void *context, size_t i);
    void *context;
};

static void let_go(struct pieces *pieces)
{
    pthread_mutex_lock(&pieces->lock);
    bool is_last = --pieces->holders == 0;
    pthread_mutex_unlock(&pieces->lock);
    if (!is_last)
        return;
    pthread_cond_destroy(&pieces->ended);
    pthread_mutex_destroy(&pieces->lock);
    arena_close(pieces->arena);
}

static void work(struct pieces *pieces)
{
    pthread_mutex_lock(&pieces->lock);
    while (pieces->next < pieces->count) {
        size_t i = pieces->next++;
        pthread_mutex_unlock(&pieces->lock);
        pieces->run(pieces->context, i);
        pthread_mutex_lock(&pieces->lock);
        pieces->done++;
    }
    pthread_cond_signal(&pieces->ended);
    pthread_mutex_unlock(&pieces->lock);
}

static void help(void *argument)
{
    work(argument);
    let_go(argument);
}

static void call_helpers(struct pieces *pieces, struct workers *workers, enum work_weight weight,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pthread_mutex_lock(&pieces->lock);
        bool is_needed = pieces->next < pieces->count;
        pieces->holders += is_needed;
        pthread_mutex_unlock(&pieces->lock);
        if (!is_needed)
            return;
        if (!workers_submit(workers, weight, help, pieces)) {
            let_go(pieces);
            return;
        }
    }
}

/* Only for those that have begun. */
static void wait(struct pieces *pieces, struct workers *workers)
{
    workers_lend(workers);
    pthread_mutex_lock(&pieces->lock);
    while (pieces->done < pieces->count)
        pthread_cond_wait(&pieces->ended, &pieces->lock);
    pthread_mutex_unlock(&pieces->lock);
    workers_reclaim(workers);
}

void together_run(struct workers *workers, enum work_weight weight, size_t count, size_t most,
                  void (*run)(void *context, size_t i), void *context)
{
    if (!workers || count < 2 || most < 2) {
        for (size_t i = 0; i < count; i++)
            run(context, i);
        return;
    }
    struct arena *arena = arena_open();
    struct pieces *pieces = arena_alloc(arena, sizeof *pieces);
    *pieces = (struct pieces){
        .arena = arena, .holders = 1, .count = count, .run = run, .context = context
    };
    pthread_mutex_init(&pieces->lock, NULL);
    pthread_cond_init(&pieces->ended, NULL);
    call_helpers(pieces, workers, weight, (count < most ? count : most) - 1);
    work(pieces);
    wait(pieces, workers);
    let_go(pieces);
}
