/* fence.c - the posts that stand, and who waits for them. */
#include "server/interactions/fence.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/reference.h"

struct fence {
    struct arena *arena;
    atomic_int count; /* so that nobody takes the lock while nothing stands */
    pthread_mutex_t lock;
    pthread_cond_t lowered;
    struct fence_post *first;
};

struct fence *fence_open(void)
{
    struct arena *arena = arena_open();
    struct fence *fence = arena_alloc(arena, sizeof *fence);
    fence->arena = arena;
    pthread_mutex_init(&fence->lock, NULL);
    pthread_cond_init(&fence->lowered, NULL);
    return fence;
}

void fence_close(struct fence *fence)
{
    if (!fence)
        return;
    pthread_cond_destroy(&fence->lowered);
    pthread_mutex_destroy(&fence->lock);
    arena_close(fence->arena);
}

void fence_raise(struct fence *fence, struct fence_post *post)
{
    if (!fence)
        return;
    pthread_mutex_lock(&fence->lock);
    post->next = fence->first;
    fence->first = post;
    atomic_fetch_add(&fence->count, 1);
    pthread_mutex_unlock(&fence->lock);
}

void fence_lower(struct fence *fence, struct fence_post *post)
{
    if (!fence)
        return;
    pthread_mutex_lock(&fence->lock);
    for (struct fence_post **at = &fence->first; *at; at = &(*at)->next)
        if (*at == post) {
            *at = post->next;
            break;
        }
    atomic_fetch_sub(&fence->count, 1);
    pthread_cond_broadcast(&fence->lowered);
    pthread_mutex_unlock(&fence->lock);
}

/* A tree that came in is not deeper than JSON_MOST_DEPTH. */
static bool refers(const cJSON *item, const struct fence_post *post)
{
    for (const cJSON *child = item ? item->child : NULL; child; child = child->next) {
        if (refers(child, post))
            return true;
        if (!cJSON_IsString(child) || !child->string || strcmp(child->string, "reference") != 0)
            continue;
        struct reference to = reference_parse(json_text(child));
        if (str_equal(to.type, post->type) && str_equal(to.id, post->id))
            return true;
    }
    return false;
}

static bool is_kept(const struct fence *fence, const struct write_set *set)
{
    for (const struct fence_post *post = fence->first; post; post = post->next)
        for (size_t i = 0; i < set->count; i++)
            if (refers(set->writes[i].resource, post))
                return true;
    return false;
}

void fence_pass(struct fence *fence, const struct write_set *set)
{
    struct timespec end;
    if (!fence || !atomic_load(&fence->count) || set->passes_fence)
        return;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += FENCE_MOST_SECONDS;
    pthread_mutex_lock(&fence->lock);
    if (is_kept(fence, set)) {
        workers_lend(set->service->workers);
        while (is_kept(fence, set) &&
               pthread_cond_timedwait(&fence->lowered, &fence->lock, &end) == 0)
            ;
        workers_reclaim(set->service->workers);
    }
    pthread_mutex_unlock(&fence->lock);
}
