/* endpoint.h - plain HTTP for operators: /live, /ready and /metrics. */
#ifndef SERVER_METRICS_ENDPOINT_H
#define SERVER_METRICS_ENDPOINT_H
#include "server/http/http.h"
#include "server/metrics/metrics.h"

struct endpoint_options {
    const char *host;
    int port;
    struct metrics *metrics;
    /* Called before each answer: brings gauges up to date, tells whether requests are served now.
     */
    bool (*is_ready)(void *context);
    void *context;
};
struct endpoint;
struct endpoint *endpoint_open(const struct endpoint_options *options, struct issues *issues);
int endpoint_port(const struct endpoint *endpoint);
void endpoint_close(struct endpoint *endpoint);
#endif
