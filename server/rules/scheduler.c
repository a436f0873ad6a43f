/* scheduler.c - taking due looks from the outbox, one transaction each. */
#include "server/rules/scheduler.h"

#include <pthread.h>
#include <stdatomic.h>

#include "resources/base/arena.h"
#include "server/catalog.h"
#include "server/interactions/write.h"
#include "server/log/log.h"
#include "server/rules/bell.h"
#include "server/rules/schedule.h"

enum {
    LOOKS_AT_ONCE = 16,
    LONGEST_SLEEP_SECONDS = 30,
    FIRST_WAIT_SECONDS = 60, /* of a look that could not be written; doubles */
    MOST_DOUBLINGS = 6
};

struct scheduler {
    struct arena *arena;
    const struct service *service;
    struct bell bell;
    atomic_bool is_stopping;
    pthread_mutex_t turn; /* held while looks are taken: what is due is done once */
    bool is_running;
    pthread_t thread;
};

static void tell(const struct service *service, const struct store_pending *job, const char *what,
                 const struct issues *issues)
{
    struct str reason = issues->first ? issues->first->diagnostics : STR("");
    LOG(service->log, LOG_LOOK, LOG_TEXT("what", job->payload), LOG_TEXT("outcome", str_of(what)),
        LOG_TEXT("reason", reason));
}

static void put_off(const struct service *service, const struct store_pending *job)
{
    unsigned doublings = job->attempts < MOST_DOUBLINGS ? job->attempts : MOST_DOUBLINGS;
    int64_t wait = (int64_t)FIRST_WAIT_SECONDS << doublings;
    store_job_retry(service->store, job->job, bell_now_us(service) + wait * 1000000);
}

/* What comes of the look and the end of its job are one commit. */
static void run_look(const struct service *service, const struct store_pending *job,
                     struct arena *arena)
{
    struct rules_look look;
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    if (!schedule_read(&look, service, job->payload)) {
        tell(service, job, "off", &issues);
        store_job_done(service->store, job->job);
        return;
    }
    look.job = job->job;
    struct write_set set = { .service = service,
                             .viewer = viewer_server(),
                             .arena = arena,
                             .issues = &issues,
                             .extras = { .look = &look, .finish_job = job->job },
                             .interaction = "transaction" };
    bool is_done = write_commit(&set);
    tell(service, job, is_done ? (set.derived_count ? "done" : "nothing") : "put off", &issues);
    if (!is_done)
        put_off(service, job);
}

/* Everything that is due. Returns the number of looks. */
static uint64_t run_due(struct scheduler *scheduler)
{
    const struct service *service = scheduler->service;
    uint64_t looks = 0;
    size_t count = 1;
    pthread_mutex_lock(&scheduler->turn);
    while (count && !atomic_load(&scheduler->is_stopping)) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct store_pending *jobs = NULL;
        if (store_timed_take(service->store, bell_now_us(service), LOOKS_AT_ONCE, arena, &jobs,
                             &count) != OUTCOME_OK)
            break;
        const struct service *pinned = catalog_pin(service);
        for (size_t i = 0; i < count; i++)
            run_look(pinned, &jobs[i], arena);
        catalog_unpin(pinned);
        looks += count;
    }
    pthread_mutex_unlock(&scheduler->turn);
    return looks;
}

static int64_t sleep_us(const struct scheduler *scheduler)
{
    int64_t longest = (int64_t)LONGEST_SLEEP_SECONDS * 1000000;
    int64_t due = store_timed_next(scheduler->service->store);
    int64_t now = bell_now_us(scheduler->service);
    if (due <= now)
        return 0;
    return due - now < longest ? due - now : longest;
}

static void *run(void *context)
{
    struct scheduler *scheduler = context;
    pthread_setname_np(pthread_self(), "scheduler");
    while (!atomic_load(&scheduler->is_stopping)) {
        run_due(scheduler);
        bell_wait(&scheduler->bell, sleep_us(scheduler));
    }
    return NULL;
}

struct scheduler *scheduler_open(const struct service *service)
{
    struct arena *arena = arena_open();
    struct scheduler *scheduler = arena_alloc(arena, sizeof *scheduler);
    scheduler->arena = arena;
    scheduler->service = service;
    bell_init(&scheduler->bell);
    atomic_init(&scheduler->is_stopping, false);
    pthread_mutex_init(&scheduler->turn, NULL);
    return scheduler;
}

bool scheduler_start(struct scheduler *scheduler, struct issues *issues)
{
    scheduler->is_running = pthread_create(&scheduler->thread, NULL, run, scheduler) == 0;
    return scheduler->is_running ||
           issue_add(issues, NULL, ISSUE_INTERNAL, "the scheduler's thread could not be started");
}

struct bell *scheduler_bell(struct scheduler *scheduler)
{
    return &scheduler->bell;
}

uint64_t scheduler_set_clock(struct scheduler *scheduler, int64_t now_us)
{
    atomic_store(&scheduler->bell.ahead_us, now_us - scheduler->service->now_us());
    uint64_t looks = run_due(scheduler);
    bell_ring(&scheduler->bell); /* its sleep was measured by the other clock */
    return looks;
}

void scheduler_stop(struct scheduler *scheduler)
{
    if (!scheduler || !scheduler->is_running)
        return;
    atomic_store(&scheduler->is_stopping, true);
    bell_ring(&scheduler->bell);
    pthread_join(scheduler->thread, NULL);
    scheduler->is_running = false;
}

void scheduler_close(struct scheduler *scheduler)
{
    if (!scheduler)
        return;
    scheduler_stop(scheduler);
    pthread_mutex_destroy(&scheduler->turn);
    bell_done(&scheduler->bell);
    arena_close(scheduler->arena);
}
