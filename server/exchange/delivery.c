/* delivery.c - the delivery thread: takes due jobs, runs their transfers side by side, records what
 * came of them. */
#include "server/exchange/delivery.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/random.h>
#include <unistd.h>

#include "server/exchange/attempt.h"
#include "server/exchange/delivery_record.h"
#include "server/exchange/endpoint.h"
#include "server/http/tls.h"
#include "server/log/log.h"
#include "server/metrics/metrics.h"

enum { MOST_UNDER_WAY = 16, LONGEST_SLEEP_MS = 60000 };

struct delivery {
    struct arena *arena;
    struct delivery_options options;
    CURLM *multi;
    pthread_t thread;
    atomic_bool is_stopping;
    struct attempt *under_way;
    size_t count;
};

static void unlink_attempt(struct delivery *delivery, struct attempt *attempt)
{
    struct attempt **at = &delivery->under_way;
    while (*at != attempt)
        at = &(*at)->next;
    *at = attempt->next;
    delivery->count--;
    if (attempt->easy)
        curl_multi_remove_handle(delivery->multi, attempt->easy);
    attempt_close(attempt);
}

int64_t delivery_ends(const struct delivery *delivery, int64_t made_us)
{
    return made_us + (int64_t)delivery->options.give_up_seconds * 1000000;
}

static unsigned random_bits(void)
{
    unsigned bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = 0;
    return bits;
}

static void tell(const struct service *service, const struct attempt *attempt,
                 const struct verdict_reason *reason, int status)
{
    static const struct {
        const char *outcome;
        enum metric metric;
    } TOLD[] = { [VERDICT_DONE] = { "done", METRIC_DELIVERIES_DONE },
                 [VERDICT_RETRY] = { "retry", METRIC_DELIVERIES_RETRIED },
                 [VERDICT_FAILED] = { "failed", METRIC_DELIVERIES_FAILED } };
    const char *why = reason->code ? reason->code : TOLD[reason->verdict].outcome;
    metrics_add(service->metrics, TOLD[reason->verdict].metric, 1);
    LOG(service->log, LOG_DELIVERY, LOG_TEXT("task", attempt->task),
        LOG_TEXT("lane", attempt->lane), LOG_NUMBER("attempt", attempt->attempts),
        LOG_NUMBER("status", status), LOG_TEXT("outcome", str_of(TOLD[reason->verdict].outcome)),
        LOG_TEXT("reason", str_of(why)), LOG_TEXT("detail", str_of(attempt->message)));
}

/* Decides between another attempt and giving up, and writes it down. */
static void conclude(struct delivery *delivery, struct attempt *attempt,
                     struct verdict_reason reason, int status)
{
    const struct delivery_options *options = &delivery->options;
    int64_t now = options->service->now_us();
    int64_t ends = delivery_ends(delivery, attempt->made_us);
    struct delivery_result result = { .reason = reason, .status = status, .attempted_us = now };
    if (reason.verdict == VERDICT_RETRY) {
        unsigned wait = verdict_wait(attempt->attempts, options->first_wait_seconds,
                                     options->most_wait_seconds, random_bits());
        result.next_us = now + (int64_t)wait * 1000000;
        if (result.next_us > ends)
            result.reason = verdict_of_waiting_too_long();
    }
    delivery_record(attempt, &result);
    tell(options->service, attempt, &result.reason, status);
}

static void begin(struct delivery *delivery, const struct store_pending *job)
{
    const struct service *service = delivery->options.service;
    struct attempt *attempt = attempt_open(&delivery->options, job);
    if (!attempt) {
        store_job_done(service->store, job->job);
        return;
    }
    if (!delivery_record_is_wanted(attempt)) {
        store_job_done(service->store, job->job);
        attempt_close(attempt);
        return;
    }
    struct endpoint endpoint;
    struct issues issues;
    issues_init(&issues, attempt->arena, STR(""));
    if (!endpoint_find(&endpoint, service, viewer_server(), attempt->endpoint, attempt->arena,
                       &issues)) {
        struct verdict_reason refused = verdict_of_address();
        refused.text = str_cstr(attempt->arena, issues.first->diagnostics);
        conclude(delivery, attempt, refused, 0);
        attempt_close(attempt);
        return;
    }
    if (!attempt_start(attempt, endpoint.address)) {
        conclude(delivery, attempt, verdict_of_curl(CURLE_FAILED_INIT, ""), 0);
        attempt_close(attempt);
        return;
    }
    attempt->next = delivery->under_way;
    delivery->under_way = attempt;
    delivery->count++;
    curl_multi_add_handle(delivery->multi, attempt->easy);
}

static void take_jobs(struct delivery *delivery)
{
    if (delivery->count >= MOST_UNDER_WAY)
        return;
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct service *service = delivery->options.service;
    struct store_pending *jobs = NULL;
    size_t count = 0;
    if (store_jobs_take(service->store, service->now_us(), MOST_UNDER_WAY - delivery->count, arena,
                        &jobs, &count) != OUTCOME_OK)
        return;
    for (size_t i = 0; i < count; i++)
        begin(delivery, &jobs[i]);
}

static void finish_transfers(struct delivery *delivery)
{
    int waiting;
    CURLMsg *message;
    while ((message = curl_multi_info_read(delivery->multi, &waiting))) {
        struct attempt *attempt = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &attempt);
        int status = 0;
        struct verdict_reason reason = attempt_judge(attempt, message->data.result, &status);
        conclude(delivery, attempt, reason, status);
        unlink_attempt(delivery, attempt);
    }
}

static int sleep_milliseconds(const struct delivery *delivery)
{
    const struct service *service = delivery->options.service;
    int64_t due = store_jobs_next(service->store), now = service->now_us();
    if (delivery->count >= MOST_UNDER_WAY || due == INT64_MAX)
        return LONGEST_SLEEP_MS;
    int64_t wait = due <= now ? 0 : (due - now) / 1000 + 1;
    return wait < LONGEST_SLEEP_MS ? (int)wait : LONGEST_SLEEP_MS;
}

static void *run(void *context)
{
    struct delivery *delivery = context;
    while (!atomic_load(&delivery->is_stopping)) {
        int running = 0;
        take_jobs(delivery);
        curl_multi_perform(delivery->multi, &running);
        finish_transfers(delivery);
        curl_multi_poll(delivery->multi, NULL, 0, sleep_milliseconds(delivery), NULL);
    }
    while (delivery->under_way)
        unlink_attempt(delivery, delivery->under_way);
    return NULL;
}

static bool is_readable(const char *path, const char *what, struct issues *issues)
{
    if (path && access(path, R_OK) == 0)
        return true;
    return issue_add(issues, NULL, ISSUE_NOT_FOUND, "deliveries need %s: %s can not be read", what,
                     path ? path : "none is given, and it");
}

struct delivery *delivery_open(const struct delivery_options *options, struct issues *issues)
{
    if (!is_readable(options->certificate, "a client certificate", issues) ||
        !is_readable(options->key, "its key", issues) || !tls_check_key(options->key, issues) ||
        !is_readable(options->authorities, "the authorities to trust", issues) ||
        (options->revoked &&
         !is_readable(options->revoked, "the list of revoked certificates", issues)))
        return NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct arena *arena = arena_open();
    struct delivery *delivery = arena_alloc(arena, sizeof *delivery);
    delivery->arena = arena;
    delivery->options = *options;
    delivery->multi = curl_multi_init();
    atomic_init(&delivery->is_stopping, false);
    if (!delivery->multi || pthread_create(&delivery->thread, NULL, run, delivery) != 0) {
        issue_add(issues, NULL, ISSUE_INTERNAL, "the delivery thread could not be started");
        curl_multi_cleanup(delivery->multi);
        arena_close(arena);
        return NULL;
    }
    return delivery;
}

void delivery_wake(struct delivery *delivery)
{
    if (delivery)
        curl_multi_wakeup(delivery->multi);
}

void delivery_close(struct delivery *delivery)
{
    if (!delivery)
        return;
    atomic_store(&delivery->is_stopping, true);
    curl_multi_wakeup(delivery->multi);
    pthread_join(delivery->thread, NULL);
    curl_multi_cleanup(delivery->multi);
    arena_close(delivery->arena);
}
