/* exchange.c - opening, identifying, answering and reporting an exchange. */
#include "server/http/exchange.h"

#include <assert.h>
#include <time.h>

#include "resources/base/arena.h"
#include "server/http/answer.h"
#include "server/instant.h"
#include "server/log/log.h"
#include "server/metrics/metrics.h"

enum { MOST_REQUEST_ID = 64, MOST_ANSWER_HEAD = 1 << 20 };

struct exchange *exchange_open(struct connection *connection)
{
    struct loop *loop = connection->loop;
    struct exchange *exchange = loop->spares;
    if (exchange) {
        loop->spares = exchange->next_spare;
        loop->spare_count--;
    } else {
        struct arena *arena = arena_open();
        exchange = arena_alloc(arena, sizeof *exchange);
        exchange->http.arena = arena;
        exchange->empty = arena_mark(arena);
    }
    exchange->connection = connection;
    exchange->post.kind = POST_ANSWER;
    exchange->is_answered = false;
    exchange->status = 0;
    exchange->client = STR("");
    exchange->http.request = (struct http_request){ .peer = connection->peer };
    codec_init(&exchange->codec, &loop->server->options.limits, loop->server->options.base_path,
               exchange->http.arena);
    return exchange;
}

static bool is_request_id(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i], letter = (char)(c | 0x20);
        bool is_legal = (letter >= 'a' && letter <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                        c == '_' || c == '-';
        if (!is_legal)
            return false;
    }
    return text.len > 0 && text.len <= MOST_REQUEST_ID;
}

static struct str make_request_id(struct loop *loop, struct arena *arena)
{
    static const char DIGITS[] = "0123456789abcdef";
    struct str prefix = str_of(loop->server->id_prefix);
    char *id = arena_alloc_raw(arena, prefix.len + 20), *at = id;
    for (size_t i = 0; i < prefix.len; i++)
        *at++ = prefix.data[i];
    uint64_t number =
        ++loop->requests * loop->server->loop_count + (uint64_t)(loop - loop->server->loops);
    int shift = 60;
    while (shift > 0 && !(number >> shift))
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *at++ = DIGITS[number >> shift & 15];
    return (struct str){ id, (size_t)(at - id) };
}

void exchange_identify(struct exchange *exchange, struct loop *loop)
{
    struct http_request *request = &exchange->http.request;
    if (request->id.len)
        return;
    *request = exchange->codec.request;
    struct str id = http_header(request, "X-Request-Id");
    request->id = is_request_id(id) ? id : make_request_id(loop, exchange->http.arena);
    request->peer = exchange->connection->peer;
}

void exchange_start(struct exchange *exchange, struct loop *loop)
{
    struct http_request *request = &exchange->http.request;
    exchange_identify(exchange, loop);
    request->certificate = exchange->connection->certificate;
    request->received_us = loop_now_us();
    metrics_add(loop->server->options.metrics, METRIC_REQUESTS_RUNNING, 1);
}

static int64_t wall_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void exchange_write(struct exchange *exchange, const struct http_answer *answer)
{
    struct http_server *server = exchange->connection->loop->server;
    const struct http_request *request = &exchange->http.request;
    struct buf head;
    exchange->status = answer->status;
    exchange->client = answer->client;
    exchange->is_keep_alive = exchange->codec.is_keep_alive && !atomic_load(&server->is_draining);
    struct answer_context context = { request->id,
                                      instant_print_http(wall_clock_us(), exchange->http.arena),
                                      exchange->is_keep_alive };
    struct str body = answer->body;
    if (answer->is_head || answer->status == 204 || answer->status == 304 ||
        str_is(request->method, "HEAD"))
        body.len = 0;
    buf_init(&head, exchange->http.arena, MOST_ANSWER_HEAD);
    answer_write_head(&head, answer, &context);
    assert(!head.is_over);
    /* a small answer is one write and one TLS record */
    size_t room = head.len < LOOP_RECORD ? LOOP_RECORD - head.len : 0;
    buf_add(&head, str_slice(body, 0, room));
    exchange->first = buf_str(&head);
    exchange->rest = str_slice(body, room, body.len);
}

void exchange_report(const struct exchange *exchange, int64_t now_us)
{
    const struct http_options *options = &exchange->connection->loop->server->options;
    const struct http_request *request = &exchange->http.request;
    size_t bytes = exchange->first.len + exchange->rest.len;
    metrics_add(options->metrics, METRIC_BYTES_OUT, (int64_t)bytes);
    bool is_whole = request->received_us != 0; /* otherwise its refusal was logged */
    int64_t us = is_whole ? now_us - request->received_us : 0;
    metrics_count_request(options->metrics, request->method, exchange->status, us);
    if (!is_whole)
        return;
    LOG(options->log, LOG_REQUEST, LOG_TEXT("id", request->id), LOG_TEXT("method", request->method),
        LOG_TEXT("path", request->path), LOG_NUMBER("status", exchange->status),
        LOG_NUMBER("bytes", (int64_t)bytes), LOG_NUMBER("us", us),
        LOG_TEXT("client", exchange->client), LOG_TEXT("peer", request->peer));
}

void exchange_close(struct exchange *exchange, struct loop *loop)
{
    if (exchange->http.request.received_us)
        metrics_add(loop->server->options.metrics, METRIC_REQUESTS_RUNNING, -1);
    if (loop->spare_count == LOOP_MOST_SPARES) {
        arena_close(exchange->http.arena);
        return;
    }
    arena_reset(exchange->http.arena, exchange->empty);
    exchange->next_spare = loop->spares;
    loop->spares = exchange;
    loop->spare_count++;
}

void http_answer(struct http_exchange *exchange, const struct http_answer *answer)
{
    struct exchange *own = (struct exchange *)exchange;
    struct loop *loop = own->connection->loop;
    assert(answer->status >= 200 && answer->status < 600);
    exchange_write(own, answer);
    if (pthread_equal(pthread_self(), loop->self) && loop->dispatching == own)
        own->is_answered = true; /* the caller of the handler goes on with it */
    else
        loop_post(loop, &own->post);
}

void http_continue(struct http_exchange *exchange, void (*function)(void *argument), void *argument)
{
    struct exchange *own = (struct exchange *)exchange;
    own->post.kind = POST_CONTINUE;
    own->function = function;
    own->argument = argument;
    loop_post(own->connection->loop, &own->post);
}
