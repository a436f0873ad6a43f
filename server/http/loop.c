/* loop.c - a thread that waits for sockets, for posts from other threads, and for its tick. */
#include "server/http/loop.h"

#include <assert.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/http/connection.h"
#include "server/log/log.h"

int64_t loop_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void loop_wake(struct loop *loop)
{
    uint64_t one = 1;
    ssize_t count = write(loop->wake_descriptor, &one, sizeof one);
    (void)count; /* full: it is awake anyway */
}

/* Whoever finds the list empty rings; the loop empties the list after it has heard. */
void loop_post(struct loop *loop, struct post *post)
{
    struct post *newest = atomic_load_explicit(&loop->posts, memory_order_relaxed);
    do
        post->next = newest;
    while (!atomic_compare_exchange_weak_explicit(&loop->posts, &newest, post, memory_order_release,
                                                  memory_order_relaxed));
    if (!newest) /* not post->next: the post may have been served and be gone */
        loop_wake(loop);
}

static struct post *take_posts(struct loop *loop)
{
    struct post *newest = atomic_exchange_explicit(&loop->posts, NULL, memory_order_acquire);
    struct post *oldest = NULL;
    while (newest) {
        struct post *next = newest->next;
        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

/* New connections are refused by the system from now on. */
static void drain(struct loop *loop)
{
    struct http_server *server = loop->server;
    if (loop == server->loops && server->listener >= 0) {
        event_del(&loop->accept);
        close(server->listener);
        server->listener = -1;
    }
    connection_end_idle(loop);
}

static void on_wake(evutil_socket_t descriptor, short what, void *argument)
{
    static void (*const SERVE[])(struct post * post, struct loop * loop) = {
        [POST_CONNECTION] = connection_start,
        [POST_CONTINUE] = connection_continue,
        [POST_ANSWER] = connection_answer,
    };
    struct loop *loop = argument;
    uint64_t count;
    ssize_t taken = read(descriptor, &count, sizeof count);
    (void)taken;
    (void)what;
    struct post *next;
    for (struct post *post = take_posts(loop); post; post = next) {
        next = post->next; /* the post may be gone after it was served */
        SERVE[post->kind](post, loop);
    }
    if (atomic_load(&loop->server->is_draining))
        drain(loop);
}

static void on_tick(evutil_socket_t descriptor, short what, void *argument)
{
    struct loop *loop = argument;
    (void)descriptor;
    (void)what;
    connection_check_deadlines(loop, loop_now_us());
    log_flush(loop->server->options.log);
    if (atomic_load(&loop->server->is_draining)) {
        drain(loop);
    } else if (loop->is_accept_paused) {
        loop->is_accept_paused = false;
        event_add(&loop->accept, NULL);
    }
    if (atomic_load(&loop->server->is_stopping)) {
        connection_close_all(loop);
        if (loop->exchanges == 0)
            event_base_loopbreak(loop->base);
    }
}

static void *run(void *argument)
{
    struct loop *loop = argument;
    sigset_t all;
    loop->self = pthread_self();
    pthread_setname_np(loop->self, "loop");
    sigfillset(&all); /* also SIGPIPE: a client that is gone is an error of its socket */
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

bool loop_open(struct loop *loop, struct http_server *server)
{
    static const struct timeval TICK = { 0, LOOP_TICK_US };
    struct event_config *config = event_config_new();
    assert(config);
    /* Each base is one thread's: posts come through a descriptor, so libevent needs no locks. */
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    loop->server = server;
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    loop->wake_descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (!loop->base || loop->wake_descriptor < 0)
        return false;
    loop->read_room = arena_alloc_raw(server->arena, LOOP_READ_ROOM);
    event_assign(&loop->wake, loop->base, loop->wake_descriptor, EV_READ | EV_PERSIST, on_wake,
                 loop);
    event_assign(&loop->tick, loop->base, -1, EV_PERSIST, on_tick, loop);
    return event_add(&loop->wake, NULL) == 0 && event_add(&loop->tick, &TICK) == 0;
}

void loop_start(struct loop *loop)
{
    int failed = pthread_create(&loop->thread, NULL, run, loop);
    assert(!failed);
    (void)failed;
}

void loop_close(struct loop *loop)
{
    connection_drop_spares(loop);
    if (loop->base)
        event_base_free(loop->base);
    if (loop->wake_descriptor >= 0)
        close(loop->wake_descriptor);
}
