/* housekeeper.c - waiting, keeping house, waiting. */
#include "server/housekeeper.h"

#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "resources/base/arena.h"
#include "server/store/store.h"

enum { SECONDS_BETWEEN = 5 };

struct housekeeper {
    struct arena *arena;
    struct store *store;
    int64_t (*now_us)(void);
    pthread_t thread;
    pthread_mutex_t lock; /* of is_closing */
    pthread_cond_t closing;
    bool is_closing;
};

/* False when it is time to end. */
static bool wait_for_turn(struct housekeeper *housekeeper)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += SECONDS_BETWEEN;
    pthread_mutex_lock(&housekeeper->lock);
    int woken = 0;
    while (!housekeeper->is_closing && woken == 0)
        woken = pthread_cond_timedwait(&housekeeper->closing, &housekeeper->lock, &until);
    bool goes_on = !housekeeper->is_closing;
    pthread_mutex_unlock(&housekeeper->lock);
    return goes_on;
}

static void *run(void *argument)
{
    struct housekeeper *housekeeper = argument;
    while (wait_for_turn(housekeeper))
        store_keep_house(housekeeper->store, housekeeper->now_us());
    return NULL;
}

struct housekeeper *housekeeper_open(struct store *store, int64_t (*now_us)(void))
{
    struct arena *arena = arena_open();
    struct housekeeper *housekeeper = arena_alloc(arena, sizeof *housekeeper);
    housekeeper->arena = arena;
    housekeeper->store = store;
    housekeeper->now_us = now_us;
    pthread_mutex_init(&housekeeper->lock, NULL);
    pthread_cond_init(&housekeeper->closing, NULL);
    int failed = pthread_create(&housekeeper->thread, NULL, run, housekeeper);
    assert(!failed);
    (void)failed;
    return housekeeper;
}

void housekeeper_close(struct housekeeper *housekeeper)
{
    if (!housekeeper)
        return;
    pthread_mutex_lock(&housekeeper->lock);
    housekeeper->is_closing = true;
    pthread_cond_signal(&housekeeper->closing);
    pthread_mutex_unlock(&housekeeper->lock);
    pthread_join(housekeeper->thread, NULL);
    pthread_cond_destroy(&housekeeper->closing);
    pthread_mutex_destroy(&housekeeper->lock);
    arena_close(housekeeper->arena);
}
