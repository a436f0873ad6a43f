/* endpoint.c - a small HTTP server beside the large one. */
#include "server/metrics/endpoint.h"

#include "resources/base/arena.h"

enum { MOST_TEXT = 1 << 20 };

struct endpoint {
    struct arena *arena;
    struct endpoint_options options;
    struct http_server *server;
};

static void answer(struct http_exchange *exchange, int status, struct str text)
{
    struct http_answer out = { .status = status, .body = text };
    http_answer_header(&out, "Content-Type", STR("text/plain; version=0.0.4; charset=utf-8"));
    http_answer(exchange, &out);
}

static void serve(struct http_exchange *exchange, void *context)
{
    struct endpoint *endpoint = context;
    struct str path = exchange->request.path;
    bool is_ready = endpoint->options.is_ready(endpoint->options.context);
    struct buf text;
    if (str_is(path, "/live")) {
        answer(exchange, 200, STR("live\n"));
    } else if (str_is(path, "/ready")) {
        answer(exchange, is_ready ? 200 : 503, is_ready ? STR("ready\n") : STR("not ready\n"));
    } else if (str_is(path, "/metrics")) {
        buf_init(&text, exchange->arena, MOST_TEXT);
        metrics_print(endpoint->options.metrics, &text);
        answer(exchange, 200, buf_str(&text));
    } else {
        answer(exchange, 404, STR("there are /live, /ready and /metrics\n"));
    }
}

struct endpoint *endpoint_open(const struct endpoint_options *options, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct endpoint *endpoint = arena_alloc(arena, sizeof *endpoint);
    const struct http_options http = {
        .host = options->host,
        .port = options->port,
        .loops = 1,
        .limits = { .head_bytes = 8192,
                    .headers = 50,
                    .body_bytes = 1,
                    .large_body_bytes = 1,
                    .head_seconds = 5,
                    .body_seconds = 5,
                    .idle_seconds = 120,
                    .write_seconds = 10,
                    .connections = 64 },
        .handler = serve,
        .context = endpoint,
    };
    endpoint->arena = arena;
    endpoint->options = *options;
    endpoint->server = http_open(&http, issues);
    if (endpoint->server)
        return endpoint;
    arena_close(arena);
    return NULL;
}

int endpoint_port(const struct endpoint *endpoint)
{
    return http_port(endpoint->server);
}

void endpoint_close(struct endpoint *endpoint)
{
    if (!endpoint)
        return;
    http_close(endpoint->server);
    arena_close(endpoint->arena);
}
