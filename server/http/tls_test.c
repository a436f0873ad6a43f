/* tls_test.c - whom the server lets in over TLS, whom it refuses, and what a reload changes. */
#include "resources/base/test.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/http/tls.h"
#include "server/log/log.h"

#define PKI "server/pki/dev-pki"

struct fixture {
    struct arena *arena;
    char folder[64], certificate[96], key[96], roots[96], revoked[96];
    struct tls_authority authority;
    struct tls_options options;
    struct tls_server *tls;
    struct http_server *server;
    struct log *log;
    int lines; /* of the log */
};

/* Says who it is that asks. */
static void serve(struct http_exchange *exchange, void *context)
{
    const struct http_peer *peer = exchange->request.certificate;
    struct http_answer answer = { .status = 200, .body = STR("nobody") };
    (void)context;
    if (peer)
        answer.body =
            str_print(exchange->arena, STR_FMT " %zu " STR_FMT, STR_ARG(peer->authority),
                      peer->spki_sha256.len, STR_ARG(peer->uri_count ? peer->uris[0] : STR("-")));
    http_answer(exchange, &answer);
}

static void run_pki(const struct fixture *fixture, const char *arguments)
{
    char command[256];
    snprintf(command, sizeof command, PKI " %s %s", fixture->folder, arguments);
    assert_int_equal(system(command), 0);
}

/* One PKI for all tests of this program: making keys and certificates takes its time. */
static int make_pki(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    snprintf(fixture->folder, sizeof fixture->folder,
             "/tmp/tls_test.XX"
             "XX"
             "XX");
    assert_non_null(mkdtemp(fixture->folder));
    run_pki(fixture, "plan second third");
    run_pki(fixture, "--expired expired");
    run_pki(fixture, "--revoked revoked");
    run_pki(fixture, "--untrusted untrusted");
    run_pki(fixture, "--wrong-use wrong-use");
    run_pki(fixture, "--old-crl old.crl");
    *state = fixture;
    return 0;
}

static int remove_pki(void **state)
{
    struct fixture *fixture = *state;
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", fixture->folder);
    int code = system(command);
    arena_close(fixture->arena);
    return code;
}

static void fill_options(struct fixture *fixture, const char *revoked)
{
    const char *folder = fixture->folder;
    snprintf(fixture->certificate, sizeof fixture->certificate, "%s/plan/server.pem", folder);
    snprintf(fixture->key, sizeof fixture->key, "%s/plan/server.key", folder);
    snprintf(fixture->roots, sizeof fixture->roots, "%s/ca.pem", folder);
    snprintf(fixture->revoked, sizeof fixture->revoked, "%s/%s", folder, revoked ? revoked : "");
    fixture->authority =
        (struct tls_authority){ STR("devca"), fixture->roots, revoked ? fixture->revoked : NULL };
    fixture->options =
        (struct tls_options){ fixture->certificate, fixture->key, &fixture->authority, 1 };
}

static void start_with(struct fixture *fixture, const char *revoked)
{
    struct issues issues;
    issues_init(&issues, fixture->arena, STR(""));
    fill_options(fixture, revoked);
    fixture->tls = tls_open(&fixture->options, &issues);
    assert_non_null(fixture->tls);
    fixture->lines = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    assert_true(fixture->lines >= 0);
    fixture->log = log_open(fixture->lines, LEVEL_WARN);
    struct http_options options = {
        .host = "127.0.0.1",
        .loops = 2,
        .tls = fixture->tls,
        .limits = { .head_bytes = 4096,
                    .headers = 32,
                    .body_bytes = 4096,
                    .large_body_bytes = 4096,
                    .head_seconds = 5,
                    .body_seconds = 5,
                    .idle_seconds = 5,
                    .write_seconds = 5,
                    .connections = 40 },
        .handler = serve,
        .log = fixture->log,
    };
    fixture->server = http_open(&options, &issues);
    assert_non_null(fixture->server);
}

static int start(void **state)
{
    start_with(*state, "ca.crl");
    return 0;
}

static int stop(void **state)
{
    struct fixture *fixture = *state;
    http_drain(fixture->server, 5);
    http_close(fixture->server);
    tls_close(fixture->tls);
    log_close(fixture->log);
    close(fixture->lines);
    return 0;
}

/* The server may log a refusal a little after the client has seen it. */
static bool is_logged(struct fixture *fixture, const char *text)
{
    char lines[65536];
    for (int i = 0; i < 200; i++) {
        ssize_t count = pread(fixture->lines, lines, sizeof lines - 1, 0);
        lines[count > 0 ? count : 0] = '\0';
        if (strstr(lines, text))
            return true;
        usleep(10000);
    }
    return false;
}

struct client {
    SSL_CTX *context;
    SSL *ssl;
    int descriptor;
    SSL_SESSION *session; /* the last that came, owned */
};

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    struct client *client = SSL_get_app_data(ssl);
    SSL_SESSION_free(client->session);
    client->session = session;
    return 1;
}

static void open_client(struct client *client, const struct fixture *fixture, const char *name,
                        int version)
{
    char path[128];
    *client = (struct client){ .context = SSL_CTX_new(TLS_client_method()), .descriptor = -1 };
    SSL_CTX_set_session_cache_mode(client->context,
                                   SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(client->context, keep_session);
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_security_level(client->context, 0);
    assert_int_equal(SSL_CTX_load_verify_locations(client->context, fixture->roots, NULL), 1);
    SSL_CTX_set_min_proto_version(client->context, version);
    SSL_CTX_set_max_proto_version(client->context, version);
    if (!name)
        return;
    snprintf(path, sizeof path, "%s/%s/client.pem", fixture->folder, name);
    assert_int_equal(SSL_CTX_use_certificate_chain_file(client->context, path), 1);
    snprintf(path, sizeof path, "%s/%s/client.key", fixture->folder, name);
    assert_int_equal(SSL_CTX_use_PrivateKey_file(client->context, path, SSL_FILETYPE_PEM), 1);
}

static bool dial(struct client *client, const struct fixture *fixture)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { htonl(INADDR_LOOPBACK) },
                                   .sin_port = htons((uint16_t)http_port(fixture->server)) };
    struct timeval patience = { 10, 0 };
    client->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(client->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(client->descriptor, (struct sockaddr *)&address, sizeof address), 0);
    client->ssl = SSL_new(client->context);
    SSL_set_app_data(client->ssl, client);
    SSL_set_fd(client->ssl, client->descriptor);
    if (client->session)
        SSL_set_session(client->ssl, client->session);
    return SSL_connect(client->ssl) == 1;
}

static void hang_up(struct client *client)
{
    if (client->ssl)
        SSL_shutdown(client->ssl);
    SSL_free(client->ssl);
    close(client->descriptor);
    client->ssl = NULL;
    ERR_clear_error();
}

static void close_client(struct client *client)
{
    hang_up(client);
    SSL_SESSION_free(client->session);
    SSL_CTX_free(client->context);
}

/* The body of an answer; empty when there is none. */
static struct str ask(struct client *client, struct arena *arena)
{
    static const char SAID[] = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    char heard[4096];
    if (SSL_write(client->ssl, SAID, sizeof SAID - 1) <= 0)
        return STR("");
    int count = SSL_read(client->ssl, heard, sizeof heard);
    struct str text = { heard, count > 0 ? (size_t)count : 0 };
    size_t at = str_find_str(text, STR("\r\n\r\n"), 0);
    return str_copy(arena, str_slice(text, at + 4, text.len));
}

static void certificates_decide_who_comes_in(void **state)
{
    static const struct {
        const char *name;
        int version;
        const char *who, *logged;
    } CASES[] = {
        { NULL, TLS1_3_VERSION, "nobody", NULL },
        { NULL, TLS1_2_VERSION, "nobody", NULL },
        { "plan", TLS1_3_VERSION, "devca 64 urn:tandem:dev:plan", NULL },
        { "plan", TLS1_2_VERSION, "devca 64 urn:tandem:dev:plan", NULL },
        { "expired", TLS1_3_VERSION, "", "\"reason\":\"certificate has expired\"" },
        { "expired", TLS1_2_VERSION, "", "\"subject\":\"CN=expired,O=Tandem development\"" },
        { "revoked", TLS1_3_VERSION, "", "\"reason\":\"certificate revoked\"" },
        { "revoked", TLS1_2_VERSION, "", "CN=revoked" },
        { "untrusted", TLS1_3_VERSION, "", "unable to get local issuer certificate" },
        { "untrusted", TLS1_2_VERSION, "", "CN=untrusted" },
        { "wrong-use", TLS1_3_VERSION, "", "unsuitable certificate purpose" },
        { "plan", TLS1_1_VERSION, "", "unsupported protocol" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct client client;
        struct str who = STR("");
        open_client(&client, fixture, CASES[i].name, CASES[i].version);
        if (dial(&client, fixture))
            who = ask(&client, fixture->arena);
        close_client(&client);
        if (!str_is(who, CASES[i].who))
            fail_msg("%s is '" STR_FMT "'", CASES[i].name ? CASES[i].name : "nobody", STR_ARG(who));
        if (CASES[i].logged && !is_logged(fixture, CASES[i].logged))
            fail_msg("%s: not logged: %s", CASES[i].name, CASES[i].logged);
    }
}

static void a_client_without_our_protocol_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    open_client(&client, fixture, NULL, TLS1_3_VERSION);
    SSL_CTX_set_alpn_protos(client.context, (const unsigned char *)"\x02h2", 3);
    assert_false(dial(&client, fixture));
    hang_up(&client);
    SSL_CTX_set_alpn_protos(client.context, (const unsigned char *)"\x02h2\x08http/1.1", 12);
    assert_true(dial(&client, fixture));
    assert_true(str_is(ask(&client, fixture->arena), "nobody"));
    close_client(&client);
}

static void resume_as(struct fixture *fixture, const char *name, int version, const char *who)
{
    struct client client;
    open_client(&client, fixture, name, version);
    for (int round = 0; round < 3; round++) {
        assert_true(dial(&client, fixture));
        assert_true(str_is(ask(&client, fixture->arena), who));
        assert_int_equal(SSL_session_reused(client.ssl), round > 0);
        hang_up(&client);
    }
    close_client(&client);
}

static void sessions_are_resumed_with_who_they_were(void **state)
{
    resume_as(*state, "plan", TLS1_3_VERSION, "devca 64 urn:tandem:dev:plan");
    resume_as(*state, "plan", TLS1_2_VERSION, "devca 64 urn:tandem:dev:plan");
    resume_as(*state, NULL, TLS1_3_VERSION, "nobody");
}

static void a_revoked_client_is_out_after_a_reload(void **state)
{
    struct fixture *fixture = *state;
    struct client second, third, open_second;
    struct issues issues;
    issues_init(&issues, fixture->arena, STR(""));
    open_client(&second, fixture, "second", TLS1_3_VERSION);
    open_client(&third, fixture, "third", TLS1_3_VERSION);
    open_client(&open_second, fixture, "second", TLS1_2_VERSION);
    assert_true(dial(&second, fixture) && dial(&third, fixture) && dial(&open_second, fixture));
    assert_true(ask(&second, fixture->arena).len && ask(&third, fixture->arena).len);
    hang_up(&second);

    run_pki(fixture, "--revoke second");
    assert_true(ask(&open_second, fixture->arena).len > 0); /* not read yet */
    assert_true(tls_reload(fixture->tls, &issues));

    /* an open connection of the revoked one ends, others go on */
    assert_int_equal(ask(&open_second, fixture->arena).len, 0);
    assert_true(is_logged(fixture, "\"event\":\"peer-dropped\""));
    assert_true(str_is(ask(&third, fixture->arena), "devca 64 urn:tandem:dev:third"));
    /* its ticket does not help it, anyone else's only costs a full handshake */
    assert_non_null(second.session);
    bool is_in = dial(&second, fixture) && ask(&second, fixture->arena).len > 0;
    assert_false(is_in);
    hang_up(&third);
    assert_true(dial(&third, fixture));
    assert_int_equal(SSL_session_reused(third.ssl), 0);
    assert_true(ask(&third, fixture->arena).len > 0);
    close_client(&second);
    close_client(&open_second);
    close_client(&third);
}

static void an_outdated_revocation_list_lets_nobody_in(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    start_with(fixture, "old.crl");
    open_client(&client, fixture, "plan", TLS1_3_VERSION);
    bool is_in = dial(&client, fixture) && ask(&client, fixture->arena).len > 0;
    assert_false(is_in);
    assert_true(is_logged(fixture, "CRL has expired"));
    close_client(&client);
    open_client(&client, fixture, NULL, TLS1_3_VERSION);
    assert_true(dial(&client, fixture));
    assert_true(str_is(ask(&client, fixture->arena), "nobody"));
    close_client(&client);
    stop(state);
}

static void without_a_list_revocation_is_not_checked(void **state)
{
    struct fixture *fixture = *state;
    struct client client;
    start_with(fixture, NULL);
    open_client(&client, fixture, "revoked", TLS1_3_VERSION);
    assert_true(dial(&client, fixture));
    assert_true(ask(&client, fixture->arena).len > 0);
    close_client(&client);
    stop(state);
}

static void files_that_can_not_be_used_are_issues(void **state)
{
    struct fixture *fixture = *state;
    const struct {
        const char *certificate, *key, *roots, *revoked, *issue;
    } CASES[] = {
        { "none", NULL, NULL, NULL, "not a certificate" },
        { NULL, "none", NULL, NULL, "No such file" },
        { NULL, "second/server.key", NULL, NULL, "not the certificate's private key" },
        { NULL, "plan/server.pem", NULL, NULL, "not the certificate's private key" },
        { "expired/client.pem", "expired/client.key", NULL, NULL, "the certificate has expired" },
        { NULL, NULL, "none", NULL, "can not be opened" },
        { NULL, NULL, "openssl.cnf", NULL, "holds no certificate" },
        { NULL, NULL, NULL, "none", "can not be opened" },
        { NULL, NULL, NULL, "ca.pem", "holds no revocation list" },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        issues_init(&issues, fixture->arena, STR(""));
        fill_options(fixture, "ca.crl");
        const struct {
            const char *name;
            char *path;
        } changes[] = { { CASES[i].certificate, fixture->certificate },
                        { CASES[i].key, fixture->key },
                        { CASES[i].roots, fixture->roots },
                        { CASES[i].revoked, fixture->revoked } };
        for (size_t c = 0; c < COUNT(changes); c++)
            if (changes[c].name)
                snprintf(changes[c].path, 96, "%s/%s", fixture->folder, changes[c].name);
        assert_null(tls_open(&fixture->options, &issues));
        assert_int_equal(issues.count, 1);
        if (str_find_str(issues.first->diagnostics, str_of(CASES[i].issue), 0) ==
            issues.first->diagnostics.len)
            fail_msg("'" STR_FMT "', wanted '%s'", STR_ARG(issues.first->diagnostics),
                     CASES[i].issue);
    }
}

static void a_key_that_others_can_read_is_refused(void **state)
{
    static const mode_t MODES[] = { 0640, 0604, 0660, 0644 };
    struct fixture *fixture = *state;
    struct issues issues;
    issues_init(&issues, fixture->arena, STR(""));
    fill_options(fixture, "ca.crl");
    for (size_t i = 0; i < COUNT(MODES); i++) {
        assert_int_equal(chmod(fixture->key, MODES[i]), 0);
        assert_null(tls_open(&fixture->options, &issues));
        assert_int_equal(issues.count, i + 1);
    }
    assert_int_equal(chmod(fixture->key, 0400), 0);
    struct tls_server *tls = tls_open(&fixture->options, &issues);
    assert_non_null(tls);
    assert_int_equal(chmod(fixture->key, 0644), 0); /* a reload is held to the same */
    assert_false(tls_reload(tls, &issues));
    assert_int_equal(chmod(fixture->key, 0600), 0);
    assert_true(tls_reload(tls, &issues));
    tls_close(tls);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(certificates_decide_who_comes_in),
        WITH_SERVER(a_client_without_our_protocol_is_refused),
        WITH_SERVER(sessions_are_resumed_with_who_they_were),
        WITH_SERVER(a_revoked_client_is_out_after_a_reload),
        cmocka_unit_test(an_outdated_revocation_list_lets_nobody_in),
        cmocka_unit_test(without_a_list_revocation_is_not_checked),
        cmocka_unit_test(files_that_can_not_be_used_are_issues),
        cmocka_unit_test(a_key_that_others_can_read_is_refused),
    };
    return cmocka_run_group_tests(tests, make_pki, remove_pki);
}
