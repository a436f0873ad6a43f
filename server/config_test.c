/* config_test.c - options from file, environment and flags, and what is wrong with them. */
#include "resources/base/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/config.h"

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct config config;
    char path[64];
};

static int open_fixture(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, STR(""));
    config_init(&fixture->config);
    snprintf(fixture->path, sizeof fixture->path, "/tmp/config_test.%d.ini", (int)getpid());
    *state = fixture;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    arena_close(fixture->arena);
    return 0;
}

static bool read_text(struct fixture *fixture, const char *text)
{
    FILE *file = fopen(fixture->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return config_read_file(&fixture->config, fixture->path, fixture->arena, &fixture->issues);
}

static bool set(struct fixture *fixture, const char *name, const char *value)
{
    const struct config_entry entry = { str_of(name), str_of(value), NULL };
    return config_set(&fixture->config, CONFIG_FLAG, &entry, fixture->arena, &fixture->issues);
}

static void later_sources_outweigh_earlier_ones(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = &fixture->config;
    char *environment[] = { "TANDEM_LISTEN=127.0.0.1:3", "TANDEM_PROGRAM=c, d", "PATH=/bin",
                            "TANDEM_SUITES=/tmp",        "TANDEM_WORKERS=5",    NULL };
    assert_true(str_is(config->listen, "127.0.0.1:8443"));
    assert_int_equal(config->body_bytes, 16 << 20);
    assert_int_equal(config->validation, VALIDATION_FULL);
    assert_true(read_text(fixture, "[server]\nlisten = 127.0.0.1:1\nbody-bytes = 2 MiB\n"
                                   "workers=3\nprogram = a, b\ndb = sqlite:x # y\n"
                                   "validation = base\nidle-seconds = 2m\ndev = yes\n"));
    assert_true(str_is(config->listen, "127.0.0.1:1"));
    assert_int_equal(config->body_bytes, 2 << 20);
    assert_int_equal(config->idle_seconds, 120);
    assert_int_equal(config->programs.count, 2);
    assert_int_equal(config->validation, VALIDATION_BASE);
    assert_true(config->is_dev);
    assert_true(str_is(config->db, "sqlite:x # y"));
    assert_true(config_read_environment(config, environment, fixture->arena, &fixture->issues));
    assert_true(str_is(config->listen, "127.0.0.1:3"));
    assert_int_equal(config->workers, 5);
    assert_int_equal(config->programs.count, 2);
    assert_true(str_is(config->programs.items[1], "d"));
    assert_true(set(fixture, "workers", "7") && set(fixture, "program", "e"));
    assert_int_equal(config->workers, 7);
    assert_int_equal(config->programs.count, 1);
    assert_true(str_is(config->programs.items[0], "e"));
}

static void wrong_lines_are_named(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *issue;
    } CASES[] = {
        { "\ncolour = red\n", 2, "there is no option 'colour'" },
        { "workers = many\n", 1, "workers = 'many': not a whole number" },
        { "workers = -1\n", 1, "workers = '-1': not a whole number" },
        { "workers = 257\n", 1, "workers = '257': not in 0..256" },
        { "workers = 1 MiB\n", 1, "workers = '1 MiB': not a whole number" },
        { "body-bytes = 5 s\n", 1, "body-bytes = '5 s': not a number of bytes, KiB, MiB or GiB" },
        { "body-bytes = 99999999999 GiB\n", 1,
          "body-bytes = '99999999999 GiB': not a number of bytes, KiB, MiB or GiB" },
        { "body-bytes = 2 GiB\n", 1, "body-bytes = '2 GiB': not in 1024..1073741824" },
        { "idle-seconds = 1w\n", 1, "idle-seconds = '1w': not a number of s, m, h or d" },
        { "validation = some\n", 1, "validation = 'some': off|base|full" },
        { "dev = perhaps\n", 1, "dev = 'perhaps': neither true nor false" },
        { "listen =\n", 1, "listen = '': there is no value" },
        { "workers = 1\nworkers = 2\n", 2, "workers = '2': it is given twice" },
        { "[server]\n[client a]\n", 2, "the only section is [server], not [client a]" },
        { "# fine\n; fine\nnothing\n", 3, "neither [section] nor name = value: 'nothing'" },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct fixture *fixture = *state;
        config_init(&fixture->config);
        issues_init(&fixture->issues, fixture->arena, STR(""));
        assert_false(read_text(fixture, CASES[i].text));
        const struct issue *issue = fixture->issues.first;
        if (!str_is(issue->diagnostics, CASES[i].issue) || issue->line != CASES[i].line)
            fail_msg("line %d: " STR_FMT "\nwanted %d: %s", issue->line,
                     STR_ARG(issue->diagnostics), CASES[i].line, CASES[i].issue);
    }
}

static void what_does_not_go_together_is_refused(void **state)
{
    static const struct {
        const char *settings[7]; /* name, value, name, ... */
        const char *issue;
    } CASES[] = {
        { { "dev", "true" }, NULL },
        { { "dev", "true", "listen", "[::1]:1" }, NULL },
        { { "dev", "true", "listen", "0.0.0.0:1" },
          "dev listens on loopback alone: 127.0.0.1, [::1] or localhost" },
        { { "dev", "true", "listen", "127.evil.example:1" },
          "dev listens on loopback alone: 127.0.0.1, [::1] or localhost" },
        { { "dev", "true", "tls-key", "x" },
          "dev takes no certificates, keys or registry of a party" },
        { { "dev", "true", "registry", "x" },
          "dev takes no certificates, keys or registry of a party" },
        { { NULL }, "tls-cert and tls-key are needed (or dev, for test tools)" },
        { { "tls-cert", "c", "tls-key", "k" }, NULL },
        { { "tls-cert", "c", "tls-key", "k", "registry", "r" },
          "registry needs a tls-ca to verify its clients" },
        { { "tls-cert", "c", "tls-key", "k", "delivery-ca", "r" },
          "deliveries need delivery-cert, delivery-key and delivery-ca" },
        { { "dev", "true", "listen", "localhost" }, "listen is not HOST:PORT" },
        { { "dev", "true", "listen", "::1:80" }, "listen is not HOST:PORT" },
        { { "dev", "true", "listen", "a:65536" }, "listen is not HOST:PORT" },
        { { "dev", "true", "metrics", "9000" }, "metrics is not HOST:PORT" },
        { { "dev", "true", "base-url", "https://a/fhir/" },
          "base-url has a path, and no slash at its end" },
        { { "dev", "true", "base-url", "https://a" },
          "base-url has a path, and no slash at its end" },
        { { "dev", "true", "base-url", "a/fhir" }, "base-url is an https URL" },
        { { "tls-cert", "c", "tls-key", "k", "base-url", "http://a/fhir" },
          "base-url is an https URL" },
        { { "dev", "true", "held-bytes", "1 MiB" },
          "held-bytes is less than one request may have" },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct fixture *fixture = *state;
        config_init(&fixture->config);
        issues_init(&fixture->issues, fixture->arena, STR(""));
        for (size_t s = 0; CASES[i].settings[s]; s += 2)
            assert_true(set(fixture, CASES[i].settings[s], CASES[i].settings[s + 1]));
        bool is_good = config_check(&fixture->config, &fixture->issues);
        assert_int_equal(is_good, CASES[i].issue == NULL);
        if (!is_good && !str_is(fixture->issues.first->diagnostics, CASES[i].issue))
            fail_msg(STR_FMT "\nwanted %s", STR_ARG(fixture->issues.first->diagnostics),
                     CASES[i].issue);
    }
}

static void help_names_every_option_with_its_number(void **state)
{
    struct fixture *fixture = *state;
    struct buf text;
    bool has_value;
    buf_init(&text, fixture->arena, 1 << 16);
    config_print_help(&text);
    for (size_t row = 0; config_name(row, &has_value); row++)
        if (!strstr(buf_str(&text).data,
                    str_print(fixture->arena, "  --%s", config_name(row, &has_value)).data))
            fail_msg("--%s is missing", config_name(row, &has_value));
    assert_non_null(strstr(text.data, "content of a request (16 MiB)\n"));
    assert_non_null(strstr(text.data, "(7 d)\n"));
    assert_non_null(strstr(text.data, "(32 KiB)\n"));
    assert_non_null(strstr(text.data, "(50000)\n"));
    assert_non_null(strstr(text.data, "(2 m)\n"));
    assert_non_null(strstr(text.data, "(10 s)\n"));
}

#define WITH_CONFIG(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CONFIG(later_sources_outweigh_earlier_ones),
        WITH_CONFIG(wrong_lines_are_named),
        WITH_CONFIG(what_does_not_go_together_is_refused),
        WITH_CONFIG(help_names_every_option_with_its_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
