/* constant_server.c - the HTTP layer alone, answering each request with one constant buffer: what a
 * read by id is measured against. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "resources/base/arena.h"
#include "server/cli/cli.h"
#include "server/http/tls.h"

/* usage: constant_server HOST PORT BYTES LOOPS [CERTIFICATE KEY CA CRL|none] */
enum { HOST = 1, PORT, BYTES, LOOPS, CERTIFICATE, KEY, CA, CRL, ALL };

static void serve(struct http_exchange *exchange, void *body)
{
    struct http_answer answer = { .status = 200, .body = *(struct str *)body };
    http_answer_header(&answer, "ETag", STR("W/\"1\""));
    http_answer_header(&answer, "Last-Modified", STR("Sun, 22 Nov 2026 00:00:00 GMT"));
    http_answer_header(&answer, "Content-Type", STR("application/fhir+json; charset=utf-8"));
    http_answer(exchange, &answer);
}

static int run(const struct http_options *options, struct issues *issues)
{
    sigset_t signals;
    int signal = 0;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct http_server *server = http_open(options, issues);
    if (!server)
        return CLI_FAILED;
    printf("%d\n", http_port(server));
    fflush(stdout);
    sigwait(&signals, &signal);
    http_drain(server, 2);
    http_close(server);
    return CLI_DONE;
}

int main(int argc, char **argv)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    int port, bytes, loops;
    if ((argc != CERTIFICATE && argc != ALL) || !str_to_int(&port, str_of(argv[PORT])) ||
        !str_to_int(&bytes, str_of(argv[BYTES])) || !str_to_int(&loops, str_of(argv[LOOPS]))) {
        fputs("usage: constant_server HOST PORT BYTES LOOPS [CERTIFICATE KEY CA CRL|none]\n",
              stderr);
        return CLI_MISUSED;
    }
    issues_init(&issues, arena, STR(""));
    struct str body = { memset(arena_alloc_raw(arena, (size_t)bytes), 'x', (size_t)bytes),
                        (size_t)bytes };
    struct tls_authority authority = { .name = STR("ca") };
    struct tls_options tls = { .authorities = &authority, .authority_count = 1 };
    struct http_options options = {
        .host = argv[HOST],
        .port = port,
        .loops = (unsigned)loops,
        .base_path = STR("/fhir"),
        .limits = { .head_bytes = 32768,
                    .headers = 100,
                    .body_bytes = 16 << 20,
                    .large_body_bytes = 16 << 20,
                    .head_seconds = 10,
                    .body_seconds = 10,
                    .idle_seconds = 60,
                    .write_seconds = 10,
                    .connections = 20000 },
        .handler = serve,
        .context = &body,
    };
    if (argc == ALL) {
        tls.certificate = argv[CERTIFICATE];
        tls.key = argv[KEY];
        authority.certificates = argv[CA];
        authority.revoked = strcmp(argv[CRL], "none") ? argv[CRL] : NULL;
        options.tls = tls_open(&tls, &issues);
    }
    int code = argc == ALL && !options.tls ? CLI_FAILED : run(&options, &issues);
    tls_close(options.tls);
    cli_print_issues("constant_server", &issues);
    return code;
}
