/* metrics.h - what the server counts, printed as Prometheus text (exposition format 0.0.4). */
#ifndef SERVER_METRICS_METRICS_H
#define SERVER_METRICS_METRICS_H
#include "resources/base/buf.h"

/* One row a series: id, name without "tandem_", kind, help. */
#define METRICS(X)                                                                                 \
    X(CONNECTIONS_OPEN, "connections_open", "gauge", "Connections that are open.")                 \
    X(CONNECTIONS, "connections_total", "counter", "Connections accepted.")                        \
    X(CONNECTIONS_REFUSED, "connections_refused_total", "counter",                                 \
      "Connections closed because there were too many.")                                           \
    X(HANDSHAKES, "tls_handshakes_total", "counter", "TLS handshakes completed.")                  \
    X(HANDSHAKES_RESUMED, "tls_handshakes_resumed_total", "counter",                               \
      "TLS handshakes completed from a session ticket.")                                           \
    X(HANDSHAKES_REFUSED, "tls_handshakes_refused_total", "counter",                               \
      "TLS handshakes that failed.")                                                               \
    X(REQUESTS_RUNNING, "requests_running", "gauge", "Requests being worked on.")                  \
    X(BYTES_IN, "received_bytes_total", "counter", "Bytes of requests, before TLS.")               \
    X(BYTES_OUT, "sent_bytes_total", "counter", "Bytes of answers, before TLS.")                   \
    X(WORK_WAITING, "work_waiting", "gauge", "Requests that wait for a worker.")                   \
    X(COMMITS, "commits_total", "counter", "Commits of the store.")                                \
    X(COMMIT_GROUPS, "commit_groups_total", "counter",                                             \
      "Transactions that the store's commits shared, one fsync each.")                             \
    X(VERSIONS_WRITTEN, "versions_written_total", "counter", "Resource versions written.")         \
    X(DELIVERIES_DONE, "deliveries_done_total", "counter", "Deliveries that arrived.")             \
    X(DELIVERIES_RETRIED, "deliveries_retried_total", "counter", "Delivery attempts to repeat.")   \
    X(DELIVERIES_FAILED, "deliveries_failed_total", "counter", "Deliveries given up.")             \
    X(RELOADS, "reloads_total", "counter", "Reloads of certificates and clients.")                 \
    X(RELOADS_FAILED, "reloads_failed_total", "counter", "Reloads that changed nothing.")

#define METRIC_ENUM(id, name, kind, help) METRIC_##id,
enum metric { METRICS(METRIC_ENUM) METRIC_COUNT };

/* Safe from any thread; counting is one relaxed atomic addition. All functions take NULL and then
 * do nothing. */
struct metrics;
struct metrics *metrics_open(void);
void metrics_close(struct metrics *metrics);
void metrics_add(struct metrics *metrics, enum metric metric, int64_t change);
void metrics_set(struct metrics *metrics, enum metric metric, int64_t value);
int64_t metrics_get(const struct metrics *metrics, enum metric metric);
/* One answered request: how often by method and status class, and how long. */
void metrics_count_request(struct metrics *metrics, struct str method, int status, int64_t us);
void metrics_print(const struct metrics *metrics, struct buf *text);
#endif
