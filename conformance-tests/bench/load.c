/* load.c - a load client that presents a certificate: many kept connections, one request at a time
 * on each. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/cli/cli.h"

enum { BUCKETS = 2000, MOST_ANSWER = 64 << 20, READ_ROOM = 65536, MOST_THREADS = 64 };

static const char USAGE[] =
    "usage: load [OPTION...] PORT PATH|@FILE     FILE: a path a line, asked in turn\n"
    "  --connections N    kept open (64)\n"
    "  --threads N        that drive them (1)\n"
    "  --seconds N        to measure (5), after one second to warm up\n"
    "  --count N          requests in all, instead of a time; nothing to warm up\n"
    "  --cycle N          {{n}} begins anew after N of them\n"
    "  --cert F --key F   our certificate; --ca F: the server's CA; none of the three: plain HTTP\n"
    "  --post FILE        POST this body, with a new UUID for each {{uuid}} and a number for "
    "{{n}}\n"
    "  --put FILE         PUT it; PATH may hold {{uuid}} and {{n}}, too\n"
    "  --new              a new connection for each request\n"
    "  --json             one JSON line\n";

struct options {
    int port, connections, threads, seconds, count, cycle;
    const char *certificate, *key, *ca, *method;
    bool is_new, is_json;
    struct str body;
    struct str *paths; /* asked in turn */
    size_t path_count;
};

/* What one thread found. Latencies in buckets that grow by about 1 percent, from 10 us. */
struct result {
    uint64_t all; /* answers, those while warming up with them */
    uint64_t answers, failures, bytes, statuses[6], latencies[BUCKETS];
    double seconds; /* of all of them together */
};

struct runner {
    const struct options *options;
    SSL_CTX *context;
    int connections, epoll, open;
    int left; /* requests; less than 0: as many as there is time for */
    int64_t from_us, until_us;
    uint64_t number;
    size_t turn; /* in the list of paths */
    unsigned part;
    struct result result;
};

struct connection {
    struct runner *runner;
    int descriptor;
    SSL *ssl;
    struct arena *arena; /* of the request and its answer */
    struct arena_mark empty;
    struct str request;
    size_t sent;
    struct buf answer;
    size_t head_length, whole_length; /* 0: not known yet */
    int64_t started_us;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t bucket_of(int64_t us)
{
    double bucket = us > 10 ? log((double)us / 10) / log(1.01) : 0;
    return bucket < BUCKETS - 1 ? (size_t)bucket : BUCKETS - 1;
}

static double bucket_us(size_t bucket)
{
    return 10 * pow(1.01, (double)bucket);
}

static void add_uuid(struct buf *out)
{
    unsigned char b[16];
    if (getrandom(b, sizeof b, 0) != sizeof b)
        abort();
    b[6] = (unsigned char)((b[6] & 15) | 64);
    b[8] = (unsigned char)((b[8] & 63) | 128);
    for (size_t i = 0; i < sizeof b; i++)
        buf_print(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
}

/* One that no other request has, or, in a cycle, one of those that come again and again. */
static void add_number(struct buf *out, const struct runner *runner, uint64_t number)
{
    unsigned long long cycle = (unsigned long long)runner->options->cycle;
    if (cycle)
        buf_print(out, "%llu", (unsigned long long)number % cycle);
    else
        buf_print(out, "%u%09llu", runner->part, (unsigned long long)number);
}

/* Each request's own ids put into a template. */
static struct str fill_template(struct str text, struct runner *runner, struct arena *arena)
{
    struct buf out;
    if (str_find_str(text, STR("{{"), 0) == text.len)
        return text;
    buf_init(&out, arena, MOST_ANSWER);
    uint64_t number = runner->number++;
    while (text.len) {
        size_t at = str_find_str(text, STR("{{"), 0);
        buf_add(&out, str_slice(text, 0, at));
        text = str_slice(text, at, text.len);
        if (str_starts(text, STR("{{uuid}}"))) {
            add_uuid(&out);
            text = str_slice(text, 8, text.len);
        } else if (str_starts(text, STR("{{n}}"))) {
            add_number(&out, runner, number);
            text = str_slice(text, 5, text.len);
        } else {
            buf_add(&out, str_slice(text, 0, 1));
            text = str_slice(text, 1, text.len);
        }
    }
    return buf_str(&out);
}

/* False when there is none left to begin. */
static bool begin_request(struct connection *connection)
{
    struct runner *runner = connection->runner;
    const struct options *options = runner->options;
    struct buf text;
    if (runner->left == 0)
        return false;
    if (runner->left > 0)
        runner->left--;
    arena_reset(connection->arena, connection->empty);
    struct str path = fill_template(options->paths[runner->turn++ % options->path_count], runner,
                                    connection->arena);
    struct str body = fill_template(options->body, runner, connection->arena);
    buf_init(&text, connection->arena, MOST_ANSWER);
    buf_print(&text, "%s " STR_FMT " HTTP/1.1\r\nHost: localhost\r\n", options->method,
              STR_ARG(path));
    if (body.len)
        buf_print(&text, "Content-Type: application/fhir+json\r\nContent-Length: %zu\r\n",
                  body.len);
    buf_add(&text, STR("Accept: application/fhir+json\r\n\r\n"));
    buf_add(&text, body);
    connection->request = buf_str(&text);
    connection->sent = connection->head_length = connection->whole_length = 0;
    buf_init(&connection->answer, connection->arena, MOST_ANSWER);
    connection->started_us = now_us();
    return true;
}

static bool dial(struct connection *connection)
{
    struct runner *runner = connection->runner;
    int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { htonl(INADDR_LOOPBACK) },
                                   .sin_port = htons((uint16_t)runner->options->port) };
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0)
        return false;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    connection->descriptor = descriptor;
    if (runner->context) {
        connection->ssl = SSL_new(runner->context);
        SSL_set_fd(connection->ssl, descriptor);
        SSL_set_connect_state(connection->ssl);
    }
    struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLET,
                                 .data = { .ptr = connection } };
    return epoll_ctl(runner->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

static void hang_up(struct connection *connection)
{
    if (connection->ssl) {
        SSL_shutdown(connection->ssl);
        SSL_free(connection->ssl);
    }
    connection->ssl = NULL;
    if (connection->descriptor >= 0)
        close(connection->descriptor);
    connection->descriptor = -1;
}

/* Bytes moved, 0: not now, -1: the connection is broken. */
static ssize_t outcome_of(SSL *ssl, int result)
{
    int error = SSL_get_error(ssl, result);
    return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static ssize_t send_some(struct connection *connection, struct str bytes)
{
    if (!connection->ssl) {
        ssize_t count = send(connection->descriptor, bytes.data, bytes.len, MSG_NOSIGNAL);
        return count >= 0 ? count : errno == EAGAIN ? 0 : -1;
    }
    size_t count = 0;
    ERR_clear_error();
    int result = SSL_write_ex(connection->ssl, bytes.data, bytes.len, &count);
    return result == 1 ? (ssize_t)count : outcome_of(connection->ssl, result);
}

static ssize_t hear_some(struct connection *connection, char *room)
{
    if (!connection->ssl) {
        ssize_t count = recv(connection->descriptor, room, READ_ROOM, 0);
        return count > 0 ? count : count < 0 && errno == EAGAIN ? 0 : -1;
    }
    size_t count = 0;
    ERR_clear_error();
    int result = SSL_read_ex(connection->ssl, room, READ_ROOM, &count);
    return result == 1 ? (ssize_t)count : outcome_of(connection->ssl, result);
}

/* True once the whole answer is here. */
static bool is_whole(struct connection *connection)
{
    struct buf *answer = &connection->answer;
    if (!connection->head_length) {
        struct str text = { answer->data, answer->len };
        size_t end = str_find_str(text, STR("\r\n\r\n"), 0);
        if (end == text.len)
            return false;
        static const char NAME[] = "\r\nContent-Length: ";
        size_t at = str_find_str(str_slice(text, 0, end), str_of(NAME), 0);
        uint64_t length = 0;
        if (at < end) {
            size_t from = at + sizeof NAME - 1;
            str_to_u64(&length, str_slice(text, from, str_find(text, '\r', from)));
        }
        connection->head_length = end + 4;
        connection->whole_length = end + 4 + (size_t)length;
    }
    return answer->len >= connection->whole_length;
}

static void count_answer(struct connection *connection)
{
    struct runner *runner = connection->runner;
    int64_t now = now_us();
    runner->result.all++;
    if (connection->started_us < runner->from_us || now > runner->until_us)
        return;
    runner->result.answers++;
    runner->result.bytes += connection->answer.len;
    runner->result.latencies[bucket_of(now - connection->started_us)]++;
    if (connection->answer.len > 9 && connection->answer.data[9] >= '1' &&
        connection->answer.data[9] <= '5')
        runner->result.statuses[connection->answer.data[9] - '0']++;
}

/* False when the connection is gone, or has nothing left to do. */
static bool start_again(struct connection *connection, bool is_failure)
{
    struct runner *runner = connection->runner;
    runner->result.failures += is_failure;
    if (is_failure || runner->options->is_new)
        hang_up(connection);
    if (!begin_request(connection)) {
        hang_up(connection);
        runner->open--;
        return false;
    }
    if (connection->descriptor >= 0)
        return true;
    if (!dial(connection)) { /* a new connection's handshake counts */
        runner->result.failures++;
        runner->open--;
    }
    return false;
}

/* As far as it goes without waiting. */
static void drive(struct connection *connection, char *room)
{
    bool is_open = connection->descriptor >= 0;
    while (is_open) {
        bool is_sending = connection->sent < connection->request.len;
        struct str rest = str_slice(connection->request, connection->sent, connection->request.len);
        ssize_t count = is_sending ? send_some(connection, rest) : hear_some(connection, room);
        if (count < 0)
            start_again(connection, true);
        if (count <= 0)
            return;
        if (is_sending) {
            connection->sent += (size_t)count;
            continue;
        }
        buf_add(&connection->answer, (struct str){ room, (size_t)count });
        if (!is_whole(connection))
            continue;
        count_answer(connection);
        is_open = start_again(connection, false);
    }
}

static void *run(void *argument)
{
    struct runner *runner = argument;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct connection *connections =
        arena_array(arena, (size_t)runner->connections, sizeof *connections);
    char *room = arena_alloc_raw(arena, READ_ROOM);
    struct epoll_event events[256];
    runner->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < runner->connections; i++) {
        connections[i] =
            (struct connection){ .runner = runner, .arena = arena_open(), .descriptor = -1 };
        arena_alloc(connections[i].arena, 1);
        connections[i].empty = arena_mark(connections[i].arena);
        runner->open++;
        start_again(&connections[i], false);
    }
    while (runner->open && now_us() < runner->until_us) {
        int count = epoll_wait(runner->epoll, events, COUNT(events), 100);
        for (int i = 0; i < count; i++)
            drive(events[i].data.ptr, room);
    }
    for (int i = 0; i < runner->connections; i++) {
        hang_up(&connections[i]);
        arena_close(connections[i].arena);
    }
    close(runner->epoll);
    return NULL;
}

static double percentile(const struct result *result, double share)
{
    uint64_t want = (uint64_t)((double)result->answers * share), sum = 0;
    for (size_t i = 0; i < BUCKETS; i++) {
        sum += result->latencies[i];
        if (sum > want)
            return bucket_us(i) / 1000;
    }
    return 0;
}

static void print(const struct options *options, const struct result *result)
{
    static const char *const NAMES[][11] = {
        { "", " requests/s, p50 ", " ms, p95 ", " ms, p99 ", " ms, ", " MB/s; answers: 2xx ",
          ", 4xx ", ", 5xx ", "; failures ", "; with the warming up ", "" },
        { "{\"rate\":", ",\"p50_ms\":", ",\"p95_ms\":", ",\"p99_ms\":", ",\"mb_s\":", ",\"2xx\":",
          ",\"4xx\":", ",\"5xx\":", ",\"failures\":", ",\"all\":", "}" },
    };
    double seconds = options->count ? result->seconds : options->seconds;
    const double values[] = { (double)result->answers / seconds,
                              percentile(result, 0.5),
                              percentile(result, 0.95),
                              percentile(result, 0.99),
                              (double)result->bytes / 1e6 / seconds,
                              (double)result->statuses[2],
                              (double)result->statuses[4],
                              (double)result->statuses[5],
                              (double)result->failures,
                              (double)result->all };
    for (size_t i = 0; i < COUNT(values); i++)
        printf("%s%.*f", NAMES[options->is_json][i], i >= 1 && i <= 4 ? 3 : 0, values[i]);
    puts(NAMES[options->is_json][COUNT(values)]);
}

static SSL_CTX *open_context(const struct options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(context, options->ca, NULL) == 1 &&
        (!options->certificate ||
         (SSL_CTX_use_certificate_chain_file(context, options->certificate) == 1 &&
          SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) == 1)))
        return context;
    ERR_print_errors_fp(stderr);
    SSL_CTX_free(context);
    return NULL;
}

static bool read_paths(struct options *options, struct str path, struct arena *arena,
                       struct issues *issues)
{
    struct str rest = path;
    bool is_list = str_starts(path, STR("@"));
    if (is_list && !cli_read_file(&rest, path.data + 1, MOST_ANSWER, arena, issues))
        return false;
    size_t lines = 1;
    for (size_t i = 0; i < rest.len; i++)
        lines += rest.data[i] == '\n';
    options->paths = arena_array(arena, lines, sizeof *options->paths);
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        if (line.len)
            options->paths[options->path_count++] = line;
    }
    return options->path_count > 0;
}

static bool read_flags(struct options *options, int argc, char **argv, struct arena *arena,
                       struct issues *issues)
{
    static const struct option FLAGS[] = {
        { "connections", 1, NULL, 'c' },
        { "threads", 1, NULL, 't' },
        { "seconds", 1, NULL, 's' },
        { "cert", 1, NULL, 'C' },
        { "key", 1, NULL, 'K' },
        { "ca", 1, NULL, 'A' },
        { "post", 1, NULL, 'P' },
        { "put", 1, NULL, 'U' },
        { "new", 0, NULL, 'n' },
        { "json", 0, NULL, 'j' },
        { "count", 1, NULL, 'N' },
        { "cycle", 1, NULL, 'Y' },
        { NULL, 0, NULL, 0 },
    };
    int flag;
    bool is_good = true;
    while (is_good && (flag = getopt_long(argc, argv, "", FLAGS, NULL)) != -1) {
        struct {
            int flag;
            int *number;
            const char **text;
        } const places[] = {
            { 'c', &options->connections, NULL }, { 't', &options->threads, NULL },
            { 's', &options->seconds, NULL },     { 'N', &options->count, NULL },
            { 'Y', &options->cycle, NULL },       { 'C', NULL, &options->certificate },
            { 'K', NULL, &options->key },         { 'A', NULL, &options->ca },
        };
        for (size_t i = 0; i < COUNT(places); i++)
            if (places[i].flag == flag && places[i].text)
                *places[i].text = optarg;
            else if (places[i].flag == flag)
                is_good = str_to_int(places[i].number, str_of(optarg));
        if (flag == 'P' || flag == 'U') {
            options->method = flag == 'P' ? "POST" : "PUT";
            is_good = cli_read_file(&options->body, optarg, MOST_ANSWER, arena, issues);
        }
        options->is_new |= flag == 'n';
        options->is_json |= flag == 'j';
        is_good = is_good && flag != '?';
    }
    if (!is_good || argc - optind != 2 || !str_to_int(&options->port, str_of(argv[optind])))
        return false;
    return read_paths(options, str_of(argv[optind + 1]), arena, issues) &&
           options->connections > 0 && options->seconds > 0 && options->threads > 0 &&
           options->threads <= MOST_THREADS;
}

static struct result run_all(const struct options *options, SSL_CTX *context, struct arena *arena)
{
    struct runner *runners = arena_array(arena, (size_t)options->threads, sizeof *runners);
    pthread_t threads[MOST_THREADS];
    struct result sum = { 0 };
    int64_t begun_us = now_us(), from_us = options->count ? 0 : begun_us + 1000000;
    int64_t until_us = options->count ? INT64_MAX : from_us + (int64_t)options->seconds * 1000000;
    for (int t = 0; t < options->threads; t++) {
        runners[t] =
            (struct runner){ .options = options,
                             .context = context,
                             .connections = options->connections / options->threads,
                             .from_us = from_us,
                             .until_us = until_us,
                             .left = options->count ? options->count / options->threads : -1,
                             .part = (unsigned)t + 1 };
        pthread_create(&threads[t], NULL, run, &runners[t]);
    }
    for (int t = 0; t < options->threads; t++) {
        pthread_join(threads[t], NULL);
        const struct result *result = &runners[t].result;
        sum.all += result->all;
        sum.answers += result->answers;
        sum.failures += result->failures;
        sum.bytes += result->bytes;
        for (size_t i = 0; i < COUNT(sum.statuses); i++)
            sum.statuses[i] += result->statuses[i];
        for (size_t i = 0; i < BUCKETS; i++)
            sum.latencies[i] += result->latencies[i];
    }
    sum.seconds = (double)(now_us() - begun_us) / 1e6;
    return sum;
}

int main(int argc, char **argv)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct options options = { .connections = 64, .threads = 1, .seconds = 5, .method = "GET" };
    issues_init(&issues, arena, STR(""));
    if (!read_flags(&options, argc, argv, arena, &issues)) {
        cli_print_issues("load", &issues);
        fputs(USAGE, stderr);
        return CLI_MISUSED;
    }
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *context = options.ca ? open_context(&options) : NULL;
    if (options.ca && !context)
        return CLI_MISUSED;
    struct result result = run_all(&options, context, arena);
    print(&options, &result);
    SSL_CTX_free(context);
    return result.answers > 0 && result.failures == 0 ? CLI_DONE : CLI_FAILED;
}
