/* metrics.c - atomic counters and their text. */
#include "server/metrics/metrics.h"

#include <stdatomic.h>

#include "resources/base/arena.h"

/* Methods are a closed list, so that a client cannot make series. */
static const char *const METHODS[] = { "GET",   "HEAD",   "POST",    "PUT",
                                       "PATCH", "DELETE", "OPTIONS", "other" };
enum { METHOD_COUNT = COUNT(METHODS), CLASS_COUNT = 5 };

/* Upper bounds of the histogram, in microseconds. */
static const int64_t BOUNDS[] = { 100,   250,    500,    1000,   2500,    5000,    10000,   25000,
                                  50000, 100000, 250000, 500000, 1000000, 2500000, 10000000 };
enum { BOUND_COUNT = COUNT(BOUNDS) };

static const struct metric_row {
    const char *name, *kind, *help;
} ROWS[] = {
#define METRIC_ROW(id, name, kind, help) { name, kind, help },
    METRICS(METRIC_ROW)
};

struct metrics {
    struct arena *arena;
    _Atomic int64_t values[METRIC_COUNT];
    _Atomic uint64_t requests[METHOD_COUNT][CLASS_COUNT];
    _Atomic uint64_t durations[BOUND_COUNT + 1];
    _Atomic uint64_t duration_sum; /* microseconds */
};

struct metrics *metrics_open(void)
{
    struct arena *arena = arena_open();
    struct metrics *metrics = arena_alloc(arena, sizeof *metrics);
    metrics->arena = arena;
    return metrics;
}

void metrics_close(struct metrics *metrics)
{
    if (metrics)
        arena_close(metrics->arena);
}

void metrics_add(struct metrics *metrics, enum metric metric, int64_t change)
{
    if (metrics)
        atomic_fetch_add_explicit(&metrics->values[metric], change, memory_order_relaxed);
}

void metrics_set(struct metrics *metrics, enum metric metric, int64_t value)
{
    if (metrics)
        atomic_store_explicit(&metrics->values[metric], value, memory_order_relaxed);
}

int64_t metrics_get(const struct metrics *metrics, enum metric metric)
{
    return metrics ? atomic_load_explicit(&metrics->values[metric], memory_order_relaxed) : 0;
}

void metrics_count_request(struct metrics *metrics, struct str method, int status, int64_t us)
{
    if (!metrics)
        return;
    size_t m = 0, bound = 0;
    while (m < METHOD_COUNT - 1 && !str_is(method, METHODS[m]))
        m++;
    while (bound < BOUND_COUNT && us > BOUNDS[bound])
        bound++;
    size_t class = status >= 100 && status < 600 ? (size_t)status / 100 - 1 : CLASS_COUNT - 1;
    atomic_fetch_add_explicit(&metrics->requests[m][class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->durations[bound], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->duration_sum, us > 0 ? (uint64_t)us : 0,
                              memory_order_relaxed);
}

static void print_requests(const struct metrics *metrics, struct buf *text)
{
    buf_add(text, STR("# HELP tandem_requests_total Requests answered.\n"
                      "# TYPE tandem_requests_total counter\n"));
    for (size_t m = 0; m < METHOD_COUNT; m++)
        for (size_t class = 0; class < CLASS_COUNT; class ++) {
            uint64_t count =
                atomic_load_explicit(&metrics->requests[m][class], memory_order_relaxed);
            if (count)
                buf_print(text, "tandem_requests_total{method=\"%s\",status=\"%zuxx\"} %llu\n",
                          METHODS[m], class + 1, (unsigned long long)count);
        }
}

static void print_durations(const struct metrics *metrics, struct buf *text)
{
    uint64_t sum = 0;
    buf_add(text, STR("# HELP tandem_request_duration_seconds From the last byte of a request to "
                      "the last of its answer.\n"
                      "# TYPE tandem_request_duration_seconds histogram\n"));
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        sum += atomic_load_explicit(&metrics->durations[i], memory_order_relaxed);
        buf_print(text, "tandem_request_duration_seconds_bucket{le=\"%g\"} %llu\n",
                  (double)BOUNDS[i] / 1e6, (unsigned long long)sum);
    }
    sum += atomic_load_explicit(&metrics->durations[BOUND_COUNT], memory_order_relaxed);
    buf_print(text,
              "tandem_request_duration_seconds_bucket{le=\"+Inf\"} %llu\n"
              "tandem_request_duration_seconds_sum %.6f\n"
              "tandem_request_duration_seconds_count %llu\n",
              (unsigned long long)sum,
              (double)atomic_load_explicit(&metrics->duration_sum, memory_order_relaxed) / 1e6,
              (unsigned long long)sum);
}

void metrics_print(const struct metrics *metrics, struct buf *text)
{
    if (!metrics)
        return;
    for (size_t i = 0; i < METRIC_COUNT; i++)
        buf_print(text, "# HELP tandem_%s %s\n# TYPE tandem_%s %s\ntandem_%s %lld\n", ROWS[i].name,
                  ROWS[i].help, ROWS[i].name, ROWS[i].kind, ROWS[i].name,
                  (long long)metrics_get(metrics, (enum metric)i));
    print_requests(metrics, text);
    print_durations(metrics, text);
}
