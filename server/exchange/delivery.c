/* delivery.c - the delivery thread: takes due jobs, runs their transfers side by side, records what
 * came of them. */
#include "server/exchange/delivery.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#include "server/exchange/attempt.h"
#include "server/exchange/delivery_record.h"
#include "server/exchange/endpoint.h"
#include "server/http/tls.h"
#include "server/log/log.h"
#include "server/metrics/metrics.h"

enum {
    MOST_UNDER_WAY = 16,
    MOST_BYTES_UNDER_WAY = 256 << 20, /* of Bundles, but for the last one taken */
    LONGEST_SLEEP_MS = 60000,
    HAMPERED_SLEEP_MS = 1000, /* the outbox can not be read */
    OLD_LINE_SLEEP_MS = 50    /* only the newest line is listened to */
};

/* Transfers that share kept connections, and what libcurl remembers of the trusted authorities. */
struct delivery_line {
    struct delivery_line *next; /* older */
    struct arena *arena;
    CURLM *multi;
    size_t count;
};

struct delivery {
    struct arena *arena;
    struct delivery_options options;
    struct delivery_line *lines; /* the newest takes what begins; the others come to their end */
    int wake;                    /* an eventfd */
    pthread_t thread;
    bool is_running;
    atomic_bool is_stopping, is_reloading;
    struct attempt *under_way;
    size_t count, bytes;
};

static bool open_line(struct delivery *delivery)
{
    CURLM *multi = curl_multi_init();
    if (!multi)
        return false;
    struct arena *arena = arena_open();
    struct delivery_line *line = arena_alloc(arena, sizeof *line);
    *line = (struct delivery_line){ delivery->lines, arena, multi, 0 };
    delivery->lines = line;
    return true;
}

static void close_line(struct delivery_line *line)
{
    curl_multi_cleanup(line->multi); /* and with it its connections */
    arena_close(line->arena);
}

static void close_old_lines(struct delivery *delivery)
{
    struct delivery_line **at = &delivery->lines->next;
    while (*at) {
        struct delivery_line *line = *at;
        if (line->count) {
            at = &line->next;
            continue;
        }
        *at = line->next;
        close_line(line);
    }
}

static void link_attempt(struct delivery *delivery, struct attempt *attempt)
{
    attempt->next = delivery->under_way;
    delivery->under_way = attempt;
    attempt->line = delivery->lines;
    attempt->line->count++;
    delivery->count++;
    delivery->bytes += attempt->bundle.len;
    curl_multi_add_handle(attempt->line->multi, attempt->easy);
}

static void unlink_attempt(struct delivery *delivery, struct attempt *attempt)
{
    struct attempt **at = &delivery->under_way;
    while (*at != attempt)
        at = &(*at)->next;
    *at = attempt->next;
    curl_multi_remove_handle(attempt->line->multi, attempt->easy);
    attempt->line->count--;
    delivery->count--;
    delivery->bytes -= attempt->bundle.len;
    attempt_close(attempt);
}

int64_t delivery_ends(const struct delivery *delivery, int64_t made_us)
{
    return made_us + (int64_t)delivery->options.give_up_seconds * 1000000;
}

bool delivery_has_room(const struct delivery *delivery, struct str endpoint)
{
    const struct delivery_options *options = &delivery->options;
    return store_jobs_waiting(options->service->store, endpoint, options->most_waiting) <
           options->most_waiting;
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
    link_attempt(delivery, attempt);
}

/* One by one, since each brings its Bundle. False when the outbox can not be read. */
static bool take_jobs(struct delivery *delivery)
{
    const struct service *service = delivery->options.service;
    enum outcome outcome = OUTCOME_OK;
    size_t count = 1;
    while (count && outcome == OUTCOME_OK && !atomic_load(&delivery->is_stopping) &&
           delivery->count < MOST_UNDER_WAY && delivery->bytes < MOST_BYTES_UNDER_WAY) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct store_pending *jobs = NULL;
        outcome = store_jobs_take(service->store, service->now_us(), 1, arena, &jobs, &count);
        if (outcome == OUTCOME_OK && count)
            begin(delivery, jobs);
    }
    return outcome == OUTCOME_OK;
}

static void run_line(struct delivery *delivery, struct delivery_line *line)
{
    int count;
    CURLMsg *message;
    curl_multi_perform(line->multi, &count);
    while ((message = curl_multi_info_read(line->multi, &count))) {
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

static int until_next_job(const struct delivery *delivery)
{
    const struct service *service = delivery->options.service;
    if (delivery->count >= MOST_UNDER_WAY || delivery->bytes >= MOST_BYTES_UNDER_WAY)
        return LONGEST_SLEEP_MS;
    int64_t due = store_jobs_next(service->store), now = service->now_us();
    int64_t wait = due <= now ? 0 : (due - now) / 1000 + 1;
    return wait < LONGEST_SLEEP_MS ? (int)wait : LONGEST_SLEEP_MS;
}

static void rest(struct delivery *delivery, bool is_hampered)
{
    struct curl_waitfd wake = { .fd = delivery->wake, .events = CURL_WAIT_POLLIN };
    uint64_t calls;
    int wait = is_hampered ? HAMPERED_SLEEP_MS : until_next_job(delivery);
    if (delivery->lines->next && wait > OLD_LINE_SLEEP_MS)
        wait = OLD_LINE_SLEEP_MS;
    curl_multi_poll(delivery->lines->multi, &wake, 1, wait, NULL);
    ssize_t taken = read(delivery->wake, &calls, sizeof calls);
    (void)taken; /* nobody called: it does not block */
}

static void *run(void *context)
{
    struct delivery *delivery = context;
    pthread_setname_np(pthread_self(), "delivery");
    while (!atomic_load(&delivery->is_stopping)) {
        if (atomic_exchange(&delivery->is_reloading, false) && !open_line(delivery))
            atomic_store(&delivery->is_reloading, true);
        bool is_good = take_jobs(delivery);
        for (struct delivery_line *line = delivery->lines; line; line = line->next)
            run_line(delivery, line);
        close_old_lines(delivery);
        rest(delivery, !is_good);
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

static bool check_files(const struct delivery_options *options, struct issues *issues)
{
    return is_readable(options->certificate, "a client certificate", issues) &&
           is_readable(options->key, "its key", issues) && tls_check_key(options->key, issues) &&
           is_readable(options->authorities, "the authorities to trust", issues) &&
           (!options->revoked ||
            is_readable(options->revoked, "the list of revoked certificates", issues));
}

struct delivery *delivery_open(const struct delivery_options *options, struct issues *issues)
{
    if (!check_files(options, issues))
        return NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct arena *arena = arena_open();
    struct delivery *delivery = arena_alloc(arena, sizeof *delivery);
    delivery->arena = arena;
    delivery->options = *options;
    delivery->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    atomic_init(&delivery->is_stopping, false);
    atomic_init(&delivery->is_reloading, false);
    delivery->is_running = delivery->wake >= 0 && open_line(delivery) &&
                           pthread_create(&delivery->thread, NULL, run, delivery) == 0;
    if (delivery->is_running)
        return delivery;
    issue_add(issues, NULL, ISSUE_INTERNAL, "the delivery thread could not be started");
    delivery_close(delivery);
    return NULL;
}

void delivery_wake(struct delivery *delivery)
{
    uint64_t one = 1;
    ssize_t written = delivery ? write(delivery->wake, &one, sizeof one) : 0;
    (void)written; /* full: it is awake anyway */
}

bool delivery_reload(struct delivery *delivery, struct issues *issues)
{
    if (!delivery)
        return true;
    atomic_store(&delivery->is_reloading, true);
    delivery_wake(delivery);
    return check_files(&delivery->options, issues);
}

void delivery_stop(struct delivery *delivery)
{
    if (!delivery || !delivery->is_running)
        return;
    atomic_store(&delivery->is_stopping, true);
    delivery_wake(delivery);
    pthread_join(delivery->thread, NULL);
    delivery->is_running = false;
}

void delivery_close(struct delivery *delivery)
{
    if (!delivery)
        return;
    delivery_stop(delivery);
    while (delivery->lines) {
        struct delivery_line *line = delivery->lines;
        delivery->lines = line->next;
        close_line(line);
    }
    if (delivery->wake >= 0)
        close(delivery->wake);
    arena_close(delivery->arena);
}
