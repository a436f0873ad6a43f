/* bell.c - waiting for time or for a ring. */
#include "server/rules/bell.h"

#include <time.h>

#include "server/service.h"

void bell_init(struct bell *bell)
{
    atomic_init(&bell->ahead_us, 0);
    pthread_mutex_init(&bell->lock, NULL);
    pthread_cond_init(&bell->rung, NULL);
    bell->is_rung = false;
}

void bell_done(struct bell *bell)
{
    pthread_mutex_destroy(&bell->lock);
    pthread_cond_destroy(&bell->rung);
}

void bell_ring(struct bell *bell)
{
    if (!bell)
        return;
    pthread_mutex_lock(&bell->lock);
    bell->is_rung = true;
    pthread_cond_signal(&bell->rung);
    pthread_mutex_unlock(&bell->lock);
}

void bell_wait(struct bell *bell, int64_t longest_us)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t end = until.tv_nsec / 1000 + longest_us;
    until.tv_sec += (time_t)(end / 1000000);
    until.tv_nsec = (long)(end % 1000000) * 1000;
    pthread_mutex_lock(&bell->lock);
    int code = 0;
    while (!bell->is_rung && code == 0)
        code = pthread_cond_timedwait(&bell->rung, &bell->lock, &until);
    bell->is_rung = false;
    pthread_mutex_unlock(&bell->lock);
}

int64_t bell_now_us(const struct service *service)
{
    return service->now_us() + (service->bell ? atomic_load(&service->bell->ahead_us) : 0);
}
