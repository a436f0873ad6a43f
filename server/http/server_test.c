/* server_test.c - the whole of server/http over loopback, spoken to byte by byte. */
#include "resources/base/test.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/http/http.h"
#include "server/http/workers.h"
#include "server/metrics/metrics.h"

enum { BIG = 3000000 };

struct fixture {
    struct arena *arena;
    struct workers *workers;
    struct http_server *server;
    struct metrics *metrics;
    atomic_int slow_is_running, slow_may_end;
};

struct job {
    struct http_exchange *exchange;
    struct fixture *fixture;
};

static void answer_text(struct http_exchange *exchange, int status, struct str body)
{
    struct http_answer answer = { .status = status, .body = body };
    http_answer_header(&answer, "Content-Type", STR("text/plain"));
    http_answer(exchange, &answer);
}

static void answer_path(void *argument)
{
    struct job *job = argument;
    struct str path = job->exchange->request.path, name = path;
    while (path.len)
        name = str_cut(&path, '/');
    answer_text(job->exchange, 200, name);
}

static void to_a_worker(void *argument)
{
    struct job *job = argument;
    assert_true(workers_submit(job->fixture->workers, WORK_LIGHT, answer_path, job));
}

/* /work/N: its number, from a worker; or from the event loop that it goes back to; or from a worker
 * that this hands it to. */
static void work(void *argument)
{
    static void (*const NEXT[])(void *argument) = { NULL, answer_path, to_a_worker };
    struct job *job = argument;
    struct str path = job->exchange->request.path;
    void (*next)(void *argument) = NEXT[(unsigned char)path.data[path.len - 2] % COUNT(NEXT)];
    if (next)
        http_continue(job->exchange, next, job);
    else
        answer_path(job);
}

/* /slow: holds the exchange until the test lets it go. */
static void work_slowly(void *argument)
{
    static const struct timespec PAUSE = { 0, 1000000 };
    struct job *job = argument;
    atomic_store(&job->fixture->slow_is_running, 1);
    while (!atomic_load(&job->fixture->slow_may_end))
        nanosleep(&PAUSE, NULL);
    http_continue(job->exchange, answer_path, job); /* also when the client has gone */
}

static struct str fill_big(struct arena *arena)
{
    char *big = arena_alloc_raw(arena, BIG);
    for (size_t i = 0; i < BIG; i++)
        big[i] = (char)('a' + i % 23);
    return (struct str){ big, BIG };
}

static void serve(struct http_exchange *exchange, void *context)
{
    struct fixture *fixture = context;
    const struct http_request *request = &exchange->request;
    struct job *job = arena_alloc(exchange->arena, sizeof *job);
    *job = (struct job){ exchange, fixture };
    if (str_starts(request->path, STR("/work/")))
        assert_true(workers_submit(fixture->workers, WORK_LIGHT, work, job));
    else if (str_is(request->path, "/slow"))
        assert_true(workers_submit(fixture->workers, WORK_LIGHT, work_slowly, job));
    else if (str_is(request->path, "/big"))
        answer_text(exchange, 200, fill_big(exchange->arena));
    else if (str_is(request->path, "/none"))
        answer_text(exchange, 204, STR(""));
    else if (str_is(request->method, "POST"))
        answer_text(exchange, 201, request->body);
    else
        answer_text(exchange, 200, STR("hello"));
}

/* seconds: every deadline's. */
static int open_with(void **state, unsigned seconds)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    fixture->arena = arena;
    fixture->workers = workers_open(2, 64);
    fixture->metrics = metrics_open();
    struct http_options options = {
        .host = "127.0.0.1",
        .loops = 2,
        .base_path = STR("/fhir"),
        .limits = { .head_bytes = 4096,
                    .headers = 32,
                    .body_bytes = 4 << 20,
                    .large_body_bytes = 8 << 20,
                    .held_bytes = 6 << 20,
                    .head_seconds = seconds,
                    .body_seconds = seconds,
                    .idle_seconds = seconds,
                    .write_seconds = seconds,
                    .connections = 40 },
        .handler = serve,
        .context = fixture,
        .metrics = fixture->metrics,
    };
    fixture->server = http_open(&options, &issues);
    *state = fixture;
    return fixture->server ? 0 : -1;
}

static int open_fixture(void **state)
{
    return open_with(state, 30);
}

static int open_hasty_fixture(void **state)
{
    return open_with(state, 1);
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    http_drain(fixture->server, 5);
    workers_close(fixture->workers);
    http_close(fixture->server);
    int64_t open = metrics_get(fixture->metrics, METRIC_CONNECTIONS_OPEN);
    int64_t running = metrics_get(fixture->metrics, METRIC_REQUESTS_RUNNING);
    metrics_close(fixture->metrics);
    arena_close(fixture->arena);
    return open == 0 && running == 0 ? 0 : -1;
}

static int dial(const struct fixture *fixture)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { htonl(INADDR_LOOPBACK) },
                                   .sin_port = htons((uint16_t)http_port(fixture->server)) };
    struct timeval patience = { 10, 0 };
    int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(client >= 0);
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return client;
}

static void say(int client, struct str text)
{
    assert_int_equal(send(client, text.data, text.len, MSG_NOSIGNAL), text.len);
}

/* All that comes until the server ends the connection. */
static struct str hear_all(int client, struct arena *arena)
{
    struct buf text;
    char block[65536];
    ssize_t count;
    buf_init(&text, arena, 64 << 20);
    while ((count = recv(client, block, sizeof block, 0)) > 0)
        buf_add(&text, (struct str){ block, (size_t)count });
    assert_int_equal(count, 0);
    close(client);
    return buf_str(&text);
}

static bool holds(struct str text, const char *part)
{
    return str_find_str(text, str_of(part), 0) < text.len;
}

#define HOST "Host: a\r\n"
#define LAST HOST "Connection: close\r\n\r\n"

static void conversations_have_their_answers(void **state)
{
    static const struct {
        const char *said;
        const char *heard[4];
    } CASES[] = {
        { "GET / HTTP/1.1\r\n" LAST,
          { "HTTP/1.1 200 OK\r\nDate: ", "\r\nContent-Length: 5\r\n", "\r\n\r\nhello",
            "X-Content-Type-Options: nosniff\r\n" } },
        { "GET / HTTP/1.0\r\n\r\n", { "HTTP/1.1 200 OK\r\n", "Connection: close\r\n\r\nhello" } },
        { "GET / HTTP/1.1\r\nX-Request-Id: a.b_c-9\r\n" LAST, { "\r\nX-Request-Id: a.b_c-9\r\n" } },
        { "POST / HTTP/1.1\r\nContent-Length: 3\r\n" LAST "abc",
          { "HTTP/1.1 201 Created\r\n", "\r\n\r\nabc" } },
        { "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" LAST "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
          { "HTTP/1.1 201 Created\r\n", "\r\n\r\nabc" } },
        { "HEAD / HTTP/1.1\r\n" LAST, { "\r\nContent-Length: 5\r\n", "close\r\n\r\n" } },
        { "GET /none HTTP/1.1\r\n" LAST, { "HTTP/1.1 204 No Content\r\n", "close\r\n\r\n" } },
        { "GET /work/1 HTTP/1.1\r\n" HOST "\r\nGET /work/22 HTTP/1.1\r\n" HOST
          "\r\nGET / HTTP/1.1\r\n" LAST,
          { "\r\n\r\n1HTTP/1.1 200", "\r\n\r\n22HTTP/1.1 200", "\r\n\r\nhello" } },
        { "GET / HTTP/1.1\r\n\r\n",
          { "HTTP/1.1 400 Bad Request\r\n", "{\"text\":\"Host is missing\"}",
            "\r\nX-Request-Id: ", "Connection: close\r\n" } },
        { "GET / HTTP/2.0\r\n\r\n", { "HTTP/1.1 505 " } },
        { "get / HTTP/1.1\r\n\r\n", { "HTTP/1.1 501 " } },
        { "POST / HTTP/1.1\r\nContent-Length: 4194305\r\n" HOST "\r\n", { "HTTP/1.1 413 " } },
        { "\x16\x03\x01\x02\n", { "HTTP/1.1 400 " } },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        int client = dial(*state);
        say(client, str_of(CASES[i].said));
        struct str heard = hear_all(client, arena);
        for (size_t h = 0; h < COUNT(CASES[i].heard) && CASES[i].heard[h]; h++)
            if (!holds(heard, CASES[i].heard[h]))
                fail_msg("%s\nshould hold %s but is\n" STR_FMT, CASES[i].said, CASES[i].heard[h],
                         STR_ARG(heard));
    }
}

static void a_head_request_and_a_204_have_no_body(void **state)
{
    static const char *const SAID[] = { "HEAD / HTTP/1.1\r\n" LAST, "GET /none HTTP/1.1\r\n" LAST };
    for (size_t i = 0; i < COUNT(SAID); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        int client = dial(*state);
        say(client, str_of(SAID[i]));
        struct str heard = hear_all(client, arena);
        assert_true(str_ends(heard, STR("\r\n\r\n")));
        assert_int_equal(holds(heard, "Content-Length"), i == 0);
    }
}

static void an_illegal_request_id_is_replaced(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    int client = dial(*state);
    say(client, STR("GET / HTTP/1.1\r\nX-Request-Id: a b\r\n" LAST));
    struct str heard = hear_all(client, arena);
    assert_false(holds(heard, "a b"));
    assert_true(holds(heard, "\r\nX-Request-Id: "));
}

static void bytes_may_come_one_by_one_and_connections_are_kept(void **state)
{
    static const char SAID[] = "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nxy";
    int client = dial(*state);
    for (int round = 0; round < 3; round++) {
        char heard[2048];
        for (size_t i = 0; i < sizeof SAID - 1; i++)
            say(client, (struct str){ SAID + i, 1 });
        ssize_t count = recv(client, heard, sizeof heard, 0);
        assert_true(count > 2 && !memcmp(heard + count - 2, "xy", 2));
    }
    close(client);
}

static void a_client_that_expects_it_is_told_to_continue(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    char heard[64];
    int client = dial(*state);
    say(client, STR("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" LAST));
    ssize_t count = recv(client, heard, sizeof heard, 0);
    assert_true(str_is((struct str){ heard, (size_t)count }, "HTTP/1.1 100 Continue\r\n\r\n"));
    say(client, STR("xy"));
    assert_true(str_ends(hear_all(client, arena), STR("\r\n\r\nxy")));
}

static void a_big_answer_arrives_whole_at_a_slow_reader(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    int client = dial(*state);
    say(client, STR("GET /big HTTP/1.1\r\n" LAST));
    usleep(200000);
    struct str heard = hear_all(client, arena), big = fill_big(arena);
    assert_true(holds(heard, "Content-Length: 3000000\r\n"));
    assert_true(str_ends(heard, big));
}

static void many_pipelined_requests_are_answered_in_order(void **state)
{
    enum { REQUESTS = 400 };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf said;
    buf_init(&said, arena, 1 << 20);
    for (int i = 0; i < REQUESTS; i++)
        buf_print(&said, "GET /work/(%d) HTTP/1.1\r\n" HOST "%s\r\n", i,
                  i == REQUESTS - 1 ? "Connection: close\r\n" : "");
    int client = dial(*state);
    say(client, buf_str(&said));
    struct str heard = hear_all(client, arena);
    size_t at = 0;
    for (int i = 0; i < REQUESTS; i++) {
        at = str_find_str(heard, str_print(arena, "\r\n\r\n(%d)", i), at);
        assert_true(at < heard.len);
    }
}

static void a_slow_sender_is_cut(void **state)
{
    static const struct {
        const char *first, *heard;
    } CASES[] = {
        { "GET / HTTP/1.1\r\nHost:", "HTTP/1.1 408 Request Timeout\r\n" },
        { "POST / HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n", "HTTP/1.1 408 " },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        int client = dial(*state);
        say(client, str_of(CASES[i].first));
        for (int tick = 0; tick < 18; tick++) { /* a byte now and then does not help it */
            usleep(100000);
            if (send(client, "x", 1, MSG_NOSIGNAL) < 0)
                break;
        }
        assert_true(holds(hear_all(client, arena), CASES[i].heard));
    }
}

static void an_idle_connection_is_closed(void **state)
{
    char byte;
    int client = dial(*state);
    assert_int_equal(recv(client, &byte, 1, 0), 0);
    close(client);
}

static void a_client_that_does_not_read_is_cut(void **state)
{
    struct fixture *fixture = *state;
    int client = dial(fixture), small = 4096;
    setsockopt(client, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 4; i++)
        say(client, STR("GET /big HTTP/1.1\r\n" HOST "\r\n"));
    for (int i = 0; i < 100 && metrics_get(fixture->metrics, METRIC_CONNECTIONS_OPEN); i++)
        usleep(100000);
    assert_int_equal(metrics_get(fixture->metrics, METRIC_CONNECTIONS_OPEN), 0);
    close(client);
}

static void an_exchange_outlives_its_client(void **state)
{
    struct fixture *fixture = *state;
    int client = dial(fixture);
    say(client, STR("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    while (!atomic_load(&fixture->slow_is_running))
        usleep(1000);
    struct linger reset = { 1, 0 };
    setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(client);
    usleep(50000);
    atomic_store(&fixture->slow_may_end, 1);
}

static void draining_lets_running_work_end(void **state)
{
    struct fixture *fixture = *state;
    CLOSING_ARENA struct arena *arena = arena_open();
    int client = dial(fixture), idle = dial(fixture);
    char byte;
    say(client, STR("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    while (!atomic_load(&fixture->slow_is_running))
        usleep(1000);
    http_drain(fixture->server, 0);
    assert_int_equal(recv(idle, &byte, 1, 0), 0);
    close(idle);
    atomic_store(&fixture->slow_may_end, 1);
    assert_true(holds(hear_all(client, arena), "Connection: close\r\n\r\nslow"));
}

static void more_connections_than_allowed_are_closed(void **state)
{
    struct fixture *fixture = *state;
    int clients[60];
    char byte;
    for (size_t i = 0; i < COUNT(clients); i++)
        clients[i] = dial(fixture);
    for (size_t i = 40; i < COUNT(clients); i++)
        assert_true(recv(clients[i], &byte, 1, 0) <= 0);
    assert_int_equal(metrics_get(fixture->metrics, METRIC_CONNECTIONS_REFUSED), 20);
    for (size_t i = 0; i < COUNT(clients); i++)
        close(clients[i]);
}

static void requests_may_not_hold_all_memory(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    int clients[4];
    char *body = arena_alloc(arena, 2 << 20);
    for (size_t i = 0; i < COUNT(clients); i++) {
        clients[i] = dial(*state);
        say(clients[i], STR("POST / HTTP/1.1\r\n" HOST "Content-Length: 4000000\r\n\r\n"));
    }
    for (size_t i = 0; i < COUNT(clients) - 1; i++)
        say(clients[i], (struct str){ body, 2 << 20 });
    size_t refused = 0;
    for (size_t i = 0; i < COUNT(clients); i++) /* the others run into body-seconds */
        refused += holds(hear_all(clients[i], arena), "HTTP/1.1 503 ");
    assert_true(refused >= 1 && refused <= 2);
}

static void *hammer(void *argument)
{
    static const char *const SAID[] = { "GET /work/7 HTTP/1.1\r\n" HOST "\r\n",
                                        "GET / HTTP/1.1\r\n" HOST "\r\n" };
    char heard[4096];
    for (int connection = 0; connection < 10; connection++) {
        int client = dial(argument);
        for (int i = 0; i < 30; i++) {
            say(client, str_of(SAID[i % 2]));
            assert_true(recv(client, heard, sizeof heard, 0) > 0);
        }
        say(client, str_of(SAID[0])); /* and away before the answer */
        close(client);
    }
    return NULL;
}

static void many_clients_at_once(void **state)
{
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, *state), 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
}

static void a_port_in_use_is_an_issue(void **state)
{
    struct fixture *fixture = *state;
    struct issues issues;
    struct http_options options = {
        .host = "127.0.0.1", .port = http_port(fixture->server), .loops = 1, .handler = serve
    };
    issues_init(&issues, fixture->arena, STR(""));
    assert_null(http_open(&options, &issues));
    assert_int_equal(issues.first->id, ISSUE_CONFIGURATION);
}

#define WITH_HASTY_SERVER(test)                                                                    \
    cmocka_unit_test_setup_teardown(test, open_hasty_fixture, close_fixture)
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(conversations_have_their_answers),
        WITH_SERVER(a_head_request_and_a_204_have_no_body),
        WITH_SERVER(an_illegal_request_id_is_replaced),
        WITH_SERVER(bytes_may_come_one_by_one_and_connections_are_kept),
        WITH_SERVER(a_client_that_expects_it_is_told_to_continue),
        WITH_SERVER(a_big_answer_arrives_whole_at_a_slow_reader),
        WITH_SERVER(many_pipelined_requests_are_answered_in_order),
        WITH_HASTY_SERVER(a_slow_sender_is_cut),
        WITH_HASTY_SERVER(an_idle_connection_is_closed),
        WITH_HASTY_SERVER(a_client_that_does_not_read_is_cut),
        WITH_SERVER(an_exchange_outlives_its_client),
        WITH_SERVER(draining_lets_running_work_end),
        WITH_SERVER(more_connections_than_allowed_are_closed),
        WITH_HASTY_SERVER(requests_may_not_hold_all_memory),
        WITH_SERVER(many_clients_at_once),
        WITH_SERVER(a_port_in_use_is_an_issue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
