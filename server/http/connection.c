/* connection.c - the states of a connection: handshake, read, work, write, linger. */
#include "server/http/connection.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "server/http/answer.h"
#include "server/http/exchange.h"
#include "server/http/tls.h"
#include "server/log/log.h"
#include "server/metrics/metrics.h"

enum {
    READS_AT_ONCE = 16, /* then other connections have their turn */
    WRITES_AT_ONCE = 64,
    LINGER_SECONDS = 2
};
#define SECOND_US INT64_C(1000000)

static void set_state(struct connection *connection, enum connection_state state, int64_t seconds)
{
    connection->state = state;
    connection->deadline_us = seconds ? loop_now_us() + seconds * SECOND_US : INT64_MAX;
}

static const struct http_limits *limits_of(const struct connection *connection)
{
    return &connection->loop->server->options.limits;
}

/* Counts what the current request holds; false when all together hold too much. */
static bool count_held(struct connection *connection, size_t held)
{
    struct http_server *server = connection->loop->server;
    size_t most = server->options.limits.held_bytes;
    if (held == connection->held)
        return true;
    size_t sum =
        atomic_fetch_add(&server->held_bytes, held - connection->held) + held - connection->held;
    bool is_growing = held > connection->held;
    connection->held = held;
    return !is_growing || !most || sum <= most;
}

static void drop_exchange(struct connection *connection)
{
    count_held(connection, 0);
    if (connection->exchange)
        exchange_close(connection->exchange, connection->loop);
    connection->exchange = NULL;
}

static void close_connection(struct connection *connection)
{
    struct loop *loop = connection->loop;
    bool is_working = connection->state == CONNECTION_WORKING;
    assert(connection->state != CONNECTION_CLOSED);
    event_del(&connection->readable);
    event_del(&connection->writable);
    stream_close(&connection->stream);
    connection->state = CONNECTION_CLOSED;
    if (connection->before)
        connection->before->after = connection->after;
    else
        loop->connections = connection->after;
    if (connection->after)
        connection->after->before = connection->before;
    atomic_fetch_sub(&loop->connection_count, 1);
    atomic_fetch_sub(&loop->server->connections, 1);
    metrics_add(loop->server->options.metrics, METRIC_CONNECTIONS_OPEN, -1);
    if (is_working) /* freed when the answer comes */
        return;
    drop_exchange(connection);
    arena_close(connection->arena); /* and with it the connection */
}

static void listen_for_bytes(struct connection *connection, bool is_wanted)
{
    if (is_wanted == !connection->is_paused)
        return;
    connection->is_paused = !is_wanted;
    if (is_wanted)
        event_add(&connection->readable, NULL);
    else
        event_del(&connection->readable);
}

static void start_lingering(struct connection *connection)
{
    stream_end(&connection->stream);
    set_state(connection, CONNECTION_LINGERING, LINGER_SECONDS);
    listen_for_bytes(connection, true);
}

static void end_exchange(struct connection *connection)
{
    struct http_server *server = connection->loop->server;
    bool is_keep_alive = connection->exchange->is_keep_alive;
    exchange_report(connection->exchange, loop_now_us());
    drop_exchange(connection);
    if (is_keep_alive && !atomic_load_explicit(&server->is_draining, memory_order_relaxed))
        set_state(connection, CONNECTION_READING, limits_of(connection)->idle_seconds);
    else
        start_lingering(connection);
}

/* Sends what is to be sent. False when the connection was closed over it. */
static bool flush(struct connection *connection)
{
    size_t at = 0;
    for (int i = 0; i < WRITES_AT_ONCE && at < connection->out_count; i++) {
        struct str *out = &connection->out[at];
        size_t count = 0;
        bool has_more = at + 1 < connection->out_count;
        enum stream_outcome outcome = stream_write(&connection->stream, *out, has_more, &count);
        if (outcome == STREAM_AGAIN)
            break;
        if (outcome != STREAM_DONE) {
            /* an answer that cannot be delivered is no longer being worked on */
            close_connection(connection);
            return false;
        }
        *out = str_slice(*out, count, out->len);
        at += out->len == 0;
    }
    connection->out_count -= at;
    memmove(connection->out, connection->out + at, connection->out_count * sizeof *connection->out);
    if (connection->out_count)
        event_add(&connection->writable, NULL);
    else if (connection->state == CONNECTION_WRITING)
        end_exchange(connection);
    return true;
}

static void send_out(struct connection *connection, struct str bytes)
{
    if (bytes.len)
        connection->out[connection->out_count++] = bytes;
}

/* The exchange has its answer. False when the connection was closed. */
static bool send_answer(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    size_t length = exchange->first.len + exchange->rest.len;
    send_out(connection, exchange->first);
    send_out(connection, exchange->rest);
    set_state(connection, CONNECTION_WRITING,
              (int64_t)limits_of(connection)->write_seconds * (int64_t)(1 + (length >> 20)));
    return flush(connection);
}

static bool refuse(struct connection *connection, int status, const char *text)
{
    struct exchange *exchange = connection->exchange;
    struct http_answer answer;
    exchange_identify(exchange, connection->loop);
    LOG(connection->loop->server->options.log, LOG_REQUEST_REFUSED,
        LOG_TEXT("id", exchange->http.request.id), LOG_NUMBER("status", status),
        LOG_TEXT("reason", str_of(text)), LOG_TEXT("peer", connection->peer));
    answer_fill_refusal(&answer, status, text, exchange->http.arena);
    exchange->codec.is_keep_alive = false;
    exchange_write(exchange, &answer);
    return send_answer(connection);
}

/* Whether the client may still come in: a reload or the passing of time may have ended that. */
static bool is_trusted(struct connection *connection)
{
    if (!connection->certificate || tls_still_trusts(connection->stream.ssl))
        return true;
    LOG(connection->loop->server->options.log, LOG_PEER_DROPPED, LOG_TEXT("peer", connection->peer),
        LOG_TEXT("reason", tls_reason(connection->stream.ssl)),
        LOG_TEXT("subject", connection->certificate->subject));
    return false;
}

static bool dispatch(struct connection *connection)
{
    struct exchange *exchange = connection->exchange;
    struct loop *loop = connection->loop;
    if (!is_trusted(connection)) {
        close_connection(connection);
        return false;
    }
    set_state(connection, CONNECTION_WORKING, 0);
    exchange_start(exchange, loop);
    loop->exchanges++;
    loop->dispatching = exchange;
    loop->server->options.handler(&exchange->http, loop->server->options.context);
    loop->dispatching = NULL;
    if (!exchange->is_answered) /* it may even be gone to another thread and back in the posts */
        return true;
    loop->exchanges--;
    return send_answer(connection);
}

/* The codec has taken bytes: what now? False when the connection was closed. */
static bool advance(struct connection *connection, bool was_head)
{
    struct exchange *exchange = connection->exchange;
    struct codec *codec = &exchange->codec;
    if (!count_held(connection, codec->body_room))
        return refuse(connection, 503, "the server holds as many bytes as held-bytes allows");
    if (codec->state == CODEC_FAILED)
        return refuse(connection, codec->failure.status, codec->failure.text);
    if (codec->state == CODEC_DONE)
        return dispatch(connection);
    if (codec->state == CODEC_BODY && was_head)
        set_state(connection, CONNECTION_READING, limits_of(connection)->body_seconds);
    if (codec->wants_continue && codec->body_length == 0 && !connection->has_continued) {
        connection->has_continued = true;
        send_out(connection, STR("HTTP/1.1 100 Continue\r\n\r\n"));
        return flush(connection);
    }
    return true;
}

/* Takes bytes while requests are read; *taken counts them. False when the connection was closed. */
static bool take(struct connection *connection, struct str bytes, size_t *taken)
{
    *taken = 0;
    while (*taken < bytes.len && connection->state == CONNECTION_READING) {
        if (!connection->exchange) {
            connection->exchange = exchange_open(connection);
            connection->has_continued = false;
            set_state(connection, CONNECTION_READING, limits_of(connection)->head_seconds);
        }
        struct codec *codec = &connection->exchange->codec;
        bool was_head = codec->state == CODEC_HEAD;
        *taken += codec_feed(codec, str_slice(bytes, *taken, bytes.len));
        if (!advance(connection, was_head))
            return false;
    }
    return true;
}

/* Bytes behind a request that is being worked on; at most one read's worth. */
static void keep_ahead(struct connection *connection, struct str bytes)
{
    if (bytes.len == 0 || connection->state > CONNECTION_WRITING)
        return;
    assert(connection->ahead_length == 0 && bytes.len <= LOOP_READ_ROOM);
    if (!connection->ahead)
        connection->ahead = arena_alloc_raw(connection->arena, LOOP_READ_ROOM);
    memcpy(connection->ahead, bytes.data, bytes.len);
    connection->ahead_at = 0;
    connection->ahead_length = bytes.len;
}

static void read_bytes(struct connection *connection)
{
    char *room = connection->loop->read_room;
    for (int i = 0; i < READS_AT_ONCE && connection->state == CONNECTION_READING; i++) {
        size_t count = 0, taken;
        enum stream_outcome outcome =
            stream_read(&connection->stream, room, LOOP_READ_ROOM, &count);
        if (outcome == STREAM_AGAIN)
            return;
        if (outcome != STREAM_DONE) {
            close_connection(connection);
            return;
        }
        metrics_add(connection->loop->server->options.metrics, METRIC_BYTES_IN, (int64_t)count);
        struct str bytes = { room, count };
        if (!take(connection, bytes, &taken))
            return;
        keep_ahead(connection, str_slice(bytes, taken, count));
        if (!stream_has_bytes(&connection->stream) && count < LOOP_READ_ROOM)
            return; /* the descriptor will say when there is more */
    }
    if (connection->state == CONNECTION_READING && stream_has_bytes(&connection->stream))
        event_active(&connection->readable, EV_READ, 0);
}

/* An answer has left: the next request may already be here. */
static void resume(struct connection *connection)
{
    if (connection->state == CONNECTION_READING && connection->ahead_length) {
        size_t taken;
        struct str ahead = { connection->ahead + connection->ahead_at, connection->ahead_length };
        if (!take(connection, ahead, &taken))
            return;
        connection->ahead_at += taken;
        connection->ahead_length -= taken;
    }
    if (connection->state != CONNECTION_READING)
        return;
    listen_for_bytes(connection, true);
    if (stream_has_bytes(&connection->stream))
        read_bytes(connection);
}

static void drop_bytes(struct connection *connection)
{
    size_t count;
    for (int i = 0; i < READS_AT_ONCE; i++) {
        enum stream_outcome outcome =
            stream_read(&connection->stream, connection->loop->read_room, LOOP_READ_ROOM, &count);
        if (outcome == STREAM_AGAIN)
            return;
        if (outcome != STREAM_DONE) {
            close_connection(connection);
            return;
        }
    }
}

static void refuse_handshake(struct connection *connection)
{
    const struct http_options *options = &connection->loop->server->options;
    struct str reason = tls_reason(connection->stream.ssl);
    if (!reason.len) {
        close_connection(connection);
        return;
    }
    metrics_add(options->metrics, METRIC_HANDSHAKES_REFUSED, 1);
    LOG(options->log, LOG_HANDSHAKE_REFUSED, LOG_TEXT("peer", connection->peer),
        LOG_TEXT("reason", reason), LOG_TEXT("subject", tls_subject(connection->stream.ssl)));
    stream_abandon_tls(&connection->stream);
    start_lingering(connection); /* for the alert to arrive */
}

static void end_handshake(struct connection *connection)
{
    struct metrics *metrics = connection->loop->server->options.metrics;
    connection->certificate = tls_peer(connection->stream.ssl);
    metrics_add(metrics, METRIC_HANDSHAKES, 1);
    if (tls_is_resumed(connection->stream.ssl))
        metrics_add(metrics, METRIC_HANDSHAKES_RESUMED, 1);
}

static void shake_hands(struct connection *connection)
{
    enum stream_outcome outcome = stream_shake_hands(&connection->stream);
    if (outcome == STREAM_AGAIN && connection->stream.waits_for_room)
        event_add(&connection->writable, NULL);
    if (outcome == STREAM_AGAIN)
        return;
    if (outcome != STREAM_DONE) {
        refuse_handshake(connection);
        return;
    }
    if (connection->stream.ssl)
        end_handshake(connection);
    set_state(connection, CONNECTION_READING, limits_of(connection)->idle_seconds);
    read_bytes(connection);
}

static void on_readable(evutil_socket_t descriptor, short what, void *argument)
{
    struct connection *connection = argument;
    (void)descriptor;
    (void)what;
    switch (connection->state) {
    case CONNECTION_HANDSHAKE:
        shake_hands(connection);
        break;
    case CONNECTION_READING:
        read_bytes(connection);
        break;
    case CONNECTION_WORKING:
    case CONNECTION_WRITING:
        listen_for_bytes(connection, false); /* until there is an ear for it */
        break;
    case CONNECTION_LINGERING:
        drop_bytes(connection);
        break;
    case CONNECTION_CLOSED:
        assert(connection->state != CONNECTION_CLOSED); /* its events are deleted */
    }
}

static void on_writable(evutil_socket_t descriptor, short what, void *argument)
{
    struct connection *connection = argument;
    (void)descriptor;
    (void)what;
    if (connection->state == CONNECTION_HANDSHAKE)
        shake_hands(connection);
    else if (flush(connection) && connection->state == CONNECTION_READING)
        resume(connection);
}

struct connection *connection_open(struct http_server *server, int descriptor, struct str peer)
{
    struct arena *arena = arena_open();
    struct connection *connection = arena_alloc(arena, sizeof *connection);
    connection->arena = arena;
    connection->post.kind = POST_CONNECTION;
    connection->stream.descriptor = descriptor;
    connection->peer = str_copy(arena, peer);
    atomic_fetch_add(&server->connections, 1);
    metrics_add(server->options.metrics, METRIC_CONNECTIONS, 1);
    metrics_add(server->options.metrics, METRIC_CONNECTIONS_OPEN, 1);
    return connection;
}

void connection_start(struct post *post, struct loop *loop)
{
    struct connection *connection = (struct connection *)post;
    int descriptor = connection->stream.descriptor;
    connection->loop = loop;
    connection->after = loop->connections;
    if (connection->after)
        connection->after->before = connection;
    loop->connections = connection;
    event_assign(&connection->readable, loop->base, descriptor, EV_READ | EV_PERSIST, on_readable,
                 connection);
    event_assign(&connection->writable, loop->base, descriptor, EV_WRITE, on_writable, connection);
    event_add(&connection->readable, NULL);
    if (loop->server->options.tls)
        connection->stream.ssl =
            tls_session(loop->server->options.tls, descriptor, connection->arena);
    if (loop->server->options.tls && !connection->stream.ssl) {
        close_connection(connection);
        return;
    }
    set_state(connection, CONNECTION_HANDSHAKE, limits_of(connection)->head_seconds);
    shake_hands(connection); /* often the first bytes are here already */
}

void connection_answer(struct post *post, struct loop *loop)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)post - offsetof(struct exchange, post));
    struct connection *connection = exchange->connection;
    loop->exchanges--;
    if (connection->state == CONNECTION_CLOSED) {
        drop_exchange(connection);
        arena_close(connection->arena); /* and with it the connection */
        return;
    }
    if (send_answer(connection))
        resume(connection);
}

void connection_continue(struct post *post, struct loop *loop)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)post - offsetof(struct exchange, post));
    exchange->post.kind = POST_ANSWER;
    loop->dispatching = exchange;
    exchange->function(exchange->argument);
    loop->dispatching = NULL;
    if (exchange->is_answered) /* another thread's answer would come as a post */
        connection_answer(post, loop);
}

static void pass_deadline(struct connection *connection)
{
    if (connection->state == CONNECTION_READING && connection->exchange) {
        bool is_head = connection->exchange->codec.state == CODEC_HEAD;
        refuse(connection, 408,
               is_head ? "the head took longer than head-seconds"
                       : "the body took longer than body-seconds");
        return;
    }
    close_connection(connection);
}

void connection_check_deadlines(struct loop *loop, int64_t now_us)
{
    struct connection *after;
    for (struct connection *connection = loop->connections; connection; connection = after) {
        after = connection->after;
        if (connection->deadline_us <= now_us)
            pass_deadline(connection);
    }
}

void connection_end_idle(struct loop *loop)
{
    struct connection *after;
    for (struct connection *connection = loop->connections; connection; connection = after) {
        after = connection->after;
        if (connection->state == CONNECTION_READING && !connection->exchange)
            start_lingering(connection);
    }
}

void connection_close_all(struct loop *loop)
{
    while (loop->connections)
        close_connection(loop->connections);
}

void connection_drop_spares(struct loop *loop)
{
    while (loop->spares) {
        struct exchange *exchange = loop->spares;
        loop->spares = exchange->next_spare;
        arena_close(exchange->http.arena);
    }
}
