/* metrics_test.c - counters come out as Prometheus reads them. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/metrics/metrics.h"

static void counts_are_printed(void **state)
{
    (void)state;
    static const char *const LINES[] = {
        "\n# TYPE tandem_commits_total counter\ntandem_commits_total 7\n",
        "\n# TYPE tandem_work_waiting gauge\ntandem_work_waiting 3\n",
        "\ntandem_connections_open 1\n",
        "\ntandem_requests_total{method=\"GET\",status=\"2xx\"} 2\n",
        "\ntandem_requests_total{method=\"other\",status=\"5xx\"} 1\n",
        "\ntandem_request_duration_seconds_bucket{le=\"0.0001\"} 1\n",
        "\ntandem_request_duration_seconds_bucket{le=\"0.00025\"} 2\n",
        "\ntandem_request_duration_seconds_bucket{le=\"10\"} 2\n",
        "\ntandem_request_duration_seconds_bucket{le=\"+Inf\"} 3\n",
        "\ntandem_request_duration_seconds_sum 20.000201\n",
        "\ntandem_request_duration_seconds_count 3\n",
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf text;
    struct metrics *metrics = metrics_open();
    metrics_add(metrics, METRIC_COMMITS, 7);
    metrics_set(metrics, METRIC_WORK_WAITING, 3);
    metrics_add(metrics, METRIC_CONNECTIONS_OPEN, 2);
    metrics_add(metrics, METRIC_CONNECTIONS_OPEN, -1);
    metrics_count_request(metrics, STR("GET"), 200, 100);
    metrics_count_request(metrics, STR("GET"), 204, 101);
    metrics_count_request(metrics, STR("BREW"), 501, 20000000);
    buf_init(&text, arena, 1 << 16);
    metrics_print(metrics, &text);
    assert_false(text.is_over);
    for (size_t i = 0; i < COUNT(LINES); i++)
        if (!strstr(buf_str(&text).data, LINES[i]))
            fail_msg("missing: %s in %s", LINES[i], text.data);
    metrics_close(metrics);
    metrics_add(NULL, METRIC_COMMITS, 1);
    metrics_count_request(NULL, STR("GET"), 200, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(counts_are_printed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
