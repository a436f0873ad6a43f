/* server.c - listening, accepting, draining. */
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/http/connection.h"
#include "server/log/log.h"
#include "server/metrics/metrics.h"

enum { ACCEPTS_AT_ONCE = 64 };

static struct str print_peer(const struct sockaddr_storage *address, socklen_t length, char *text,
                             size_t room)
{
    char host[INET6_ADDRSTRLEN + 16] = "?", port[8] = "?";
    getnameinfo((const struct sockaddr *)address, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    int count =
        snprintf(text, room, address->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return (struct str){ text, (size_t)count };
}

static struct loop *least_busy(struct http_server *server)
{
    struct loop *least = &server->loops[server->next_loop++ % server->loop_count];
    for (unsigned i = 0; i < server->loop_count; i++)
        if (atomic_load(&server->loops[i].connection_count) < atomic_load(&least->connection_count))
            least = &server->loops[i];
    return least;
}

static void admit(struct http_server *server, int descriptor, struct str peer)
{
    int on = 1;
    size_t count = atomic_load(&server->connections);
    if (count >= server->options.limits.connections) {
        metrics_add(server->options.metrics, METRIC_CONNECTIONS_REFUSED, 1);
        close(descriptor);
        LOG(server->options.log, LOG_CONNECTION_REFUSED, LOG_TEXT("peer", peer),
            LOG_NUMBER("connections", (int64_t)count));
        return;
    }
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *connection = connection_open(server, descriptor, peer);
    struct loop *loop = least_busy(server);
    atomic_fetch_add(&loop->connection_count, 1);
    loop_post(loop, &connection->post);
}

static void on_accept(evutil_socket_t listener, short what, void *argument)
{
    struct loop *loop = argument;
    (void)what;
    for (int i = 0; i < ACCEPTS_AT_ONCE; i++) {
        struct sockaddr_storage address = { 0 };
        socklen_t length = sizeof address;
        char text[80];
        int descriptor =
            accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            admit(loop->server, descriptor, print_peer(&address, length, text, sizeof text));
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* it would be announced again and again: wait for the next tick */
            LOG(loop->server->options.log, LOG_ACCEPT_FAILED,
                LOG_TEXT("reason", str_of(strerror(errno))));
            event_del(&loop->accept);
            loop->is_accept_paused = true;
        }
        if (errno != EINTR && errno != ECONNABORTED)
            return;
    }
}

static int listen_at(const struct addrinfo *address)
{
    int on = 1;
    int listener = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return -1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, address->ai_addr, address->ai_addrlen) == 0 &&
        listen(listener, SOMAXCONN) == 0)
        return listener;
    int error = errno;
    close(listener);
    errno = error;
    return -1;
}

static int read_port(int listener)
{
    struct sockaddr_storage address = { 0 };
    socklen_t length = sizeof address;
    getsockname(listener, (struct sockaddr *)&address, &length);
    return ntohs(address.ss_family == AF_INET6
                     ? ((const struct sockaddr_in6 *)(const void *)&address)->sin6_port
                     : ((const struct sockaddr_in *)(const void *)&address)->sin_port);
}

static bool open_listener(struct http_server *server, struct issues *issues)
{
    const struct http_options *options = &server->options;
    char port[8];
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found = NULL;
    snprintf(port, sizeof port, "%d", options->port);
    int error = getaddrinfo(options->host, port, &hints, &found);
    if (error)
        return issue_add(issues, NULL, ISSUE_CONFIGURATION, "listen on %s: %s", options->host,
                         gai_strerror(error));
    server->listener = listen_at(found);
    freeaddrinfo(found);
    if (server->listener < 0)
        return issue_add(issues, NULL, ISSUE_CONFIGURATION, "listen on %s:%d: %s", options->host,
                         options->port, strerror(errno));
    server->port = read_port(server->listener);
    return true;
}

static bool open_loops(struct http_server *server, struct issues *issues)
{
    for (unsigned i = 0; i < server->loop_count; i++)
        if (!loop_open(&server->loops[i], server))
            return issue_add(issues, NULL, ISSUE_CONFIGURATION, "no event loop: %s",
                             strerror(errno));
    return true;
}

static void release(struct http_server *server)
{
    for (unsigned i = 0; i < server->loop_count; i++)
        loop_close(&server->loops[i]);
    if (server->listener >= 0)
        close(server->listener);
    arena_close(server->arena);
}

struct http_server *http_open(const struct http_options *options, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct http_server *server = arena_alloc(arena, sizeof *server);
    uint8_t start[6] = { 0 };
    assert(options->loops > 0 && options->handler);
    server->arena = arena;
    server->options = *options;
    server->options.base_path = str_copy(arena, options->base_path);
    server->options.host = str_cstr(arena, str_of(options->host));
    server->listener = -1;
    server->loop_count = options->loops;
    server->loops = arena_array(arena, options->loops, sizeof *server->loops);
    for (unsigned i = 0; i < server->loop_count; i++)
        server->loops[i].wake_descriptor = -1;
    ssize_t random = getrandom(start, sizeof start, 0);
    (void)random; /* ids need to differ between starts, not to be secret */
    snprintf(server->id_prefix, sizeof server->id_prefix, "%02x%02x%02x%02x%02x%02x-", start[0],
             start[1], start[2], start[3], start[4], start[5]);
    if (!open_loops(server, issues) || !open_listener(server, issues)) {
        release(server);
        return NULL;
    }
    event_assign(&server->loops[0].accept, server->loops[0].base, server->listener,
                 EV_READ | EV_PERSIST, on_accept, &server->loops[0]);
    event_add(&server->loops[0].accept, NULL);
    for (unsigned i = 0; i < server->loop_count; i++)
        loop_start(&server->loops[i]);
    return server;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

static void wake_all(struct http_server *server)
{
    for (unsigned i = 0; i < server->loop_count; i++)
        loop_wake(&server->loops[i]);
}

void http_drain(struct http_server *server, unsigned seconds)
{
    static const struct timespec PAUSE = { 0, 5000000 };
    int64_t deadline = loop_now_us() + (int64_t)seconds * 1000000;
    atomic_store(&server->is_draining, true);
    wake_all(server);
    while (atomic_load(&server->connections) && loop_now_us() < deadline)
        nanosleep(&PAUSE, NULL);
}

void http_close(struct http_server *server)
{
    if (!server)
        return;
    atomic_store(&server->is_draining, true);
    atomic_store(&server->is_stopping, true);
    wake_all(server);
    for (unsigned i = 0; i < server->loop_count; i++)
        pthread_join(server->loops[i].thread, NULL);
    release(server);
}
