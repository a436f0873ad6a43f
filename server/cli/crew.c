/* crew.c - jobs done by several threads, their results taken in the order in which they came. */
#include "server/cli/crew.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

#include "resources/base/arena.h"

struct slot {
    struct arena *arena;
    void *job;
    bool is_done;
};

/* Jobs have numbers; that of number n is in slot n % room. finished <= taken <= added. */
struct crew {
    struct arena *arena;
    const struct crew_work *work;
    pthread_t *threads;
    unsigned thread_count;
    pthread_mutex_t lock;
    pthread_cond_t is_added, is_done;
    struct slot *slots;
    unsigned long room, added, taken, finished;
    bool is_ending;
};

static void *run_thread(void *context)
{
    struct crew *crew = context;
    pthread_mutex_lock(&crew->lock);
    while (true) {
        while (crew->taken == crew->added && !crew->is_ending)
            pthread_cond_wait(&crew->is_added, &crew->lock);
        if (crew->taken == crew->added)
            break;
        struct slot *slot = &crew->slots[crew->taken++ % crew->room];
        pthread_mutex_unlock(&crew->lock);
        crew->work->run(crew->work->context, slot->job, slot->arena);
        pthread_mutex_lock(&crew->lock);
        slot->is_done = true;
        pthread_cond_signal(&crew->is_done);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

struct crew *crew_open(unsigned threads, const struct crew_work *work)
{
    struct arena *arena = arena_open();
    struct crew *crew = arena_alloc(arena, sizeof *crew);
    crew->arena = arena;
    crew->work = work;
    crew->room = (unsigned long)threads * CREW_ROOM;
    crew->slots = arena_array(arena, crew->room, sizeof *crew->slots);
    crew->threads = arena_array(arena, threads, sizeof *crew->threads);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->is_added, NULL);
    pthread_cond_init(&crew->is_done, NULL);
    /* a machine that gives fewer threads, or none, has the work done by those there are */
    while (threads > 1 && crew->thread_count < threads &&
           pthread_create(&crew->threads[crew->thread_count], NULL, run_thread, crew) == 0)
        crew->thread_count++;
    return crew;
}

/* Finishes what is done, in order, until fewer than `most` jobs are under way. */
static void finish_until(struct crew *crew, unsigned long most)
{
    pthread_mutex_lock(&crew->lock);
    while (crew->finished < crew->added) {
        struct slot *slot = &crew->slots[crew->finished % crew->room];
        if (!slot->is_done && crew->added - crew->finished <= most)
            break;
        while (!slot->is_done)
            pthread_cond_wait(&crew->is_done, &crew->lock);
        pthread_mutex_unlock(&crew->lock);
        crew->work->finish(crew->work->context, slot->job);
        arena_close(slot->arena);
        pthread_mutex_lock(&crew->lock);
        slot->is_done = false;
        crew->finished++;
    }
    pthread_mutex_unlock(&crew->lock);
}

void crew_add(struct crew *crew, void *job, struct arena *arena)
{
    if (crew->thread_count == 0) {
        crew->work->run(crew->work->context, job, arena);
        crew->work->finish(crew->work->context, job);
        arena_close(arena);
        return;
    }
    finish_until(crew, crew->room - 1);
    pthread_mutex_lock(&crew->lock);
    crew->slots[crew->added % crew->room] = (struct slot){ .arena = arena, .job = job };
    crew->added++;
    pthread_cond_signal(&crew->is_added);
    pthread_mutex_unlock(&crew->lock);
}

void crew_close(struct crew *crew)
{
    finish_until(crew, 0);
    pthread_mutex_lock(&crew->lock);
    crew->is_ending = true;
    pthread_cond_broadcast(&crew->is_added);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->thread_count; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_cond_destroy(&crew->is_done);
    pthread_cond_destroy(&crew->is_added);
    pthread_mutex_destroy(&crew->lock);
    arena_close(crew->arena);
}
