/* throttle.c - token buckets by client. */
#include "server/security/throttle.h"

#include <pthread.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"

struct bucket {
    int64_t tokens_us; /* a token is 1,000,000 / rate of them */
    int64_t filled_us; /* when it was last filled */
};
struct throttle {
    struct arena *arena;
    pthread_mutex_t lock;
    struct map buckets;
    int64_t price_us, most_us;
};

struct throttle *throttle_open(unsigned rate, unsigned burst)
{
    struct arena *arena = arena_open();
    struct throttle *throttle = arena_alloc(arena, sizeof *throttle);
    throttle->arena = arena;
    throttle->price_us = 1000000 / (int64_t)rate;
    throttle->most_us = throttle->price_us * (int64_t)burst;
    map_init(&throttle->buckets, arena);
    pthread_mutex_init(&throttle->lock, NULL);
    return throttle;
}

void throttle_close(struct throttle *throttle)
{
    if (!throttle)
        return;
    pthread_mutex_destroy(&throttle->lock);
    arena_close(throttle->arena);
}

static struct bucket *find(struct throttle *throttle, struct str client, int64_t now_us)
{
    struct bucket *bucket = map_find(&throttle->buckets, client);
    if (bucket)
        return bucket;
    bucket = arena_alloc(throttle->arena, sizeof *bucket);
    *bucket = (struct bucket){ throttle->most_us, now_us };
    map_set(&throttle->buckets, str_copy(throttle->arena, client), bucket);
    return bucket;
}

unsigned throttle_take(struct throttle *throttle, struct str client, int64_t now_us)
{
    unsigned seconds = 0;
    if (!throttle)
        return 0;
    pthread_mutex_lock(&throttle->lock);
    struct bucket *bucket = find(throttle, client, now_us);
    if (now_us > bucket->filled_us) {
        bucket->tokens_us += now_us - bucket->filled_us;
        bucket->filled_us = now_us;
    }
    if (bucket->tokens_us > throttle->most_us)
        bucket->tokens_us = throttle->most_us;
    if (bucket->tokens_us >= throttle->price_us)
        bucket->tokens_us -= throttle->price_us;
    else
        seconds = (unsigned)((throttle->price_us - bucket->tokens_us + 999999) / 1000000);
    pthread_mutex_unlock(&throttle->lock);
    return seconds;
}
