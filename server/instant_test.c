/* instant_test.c - moments as text. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "server/instant.h"

static void moments_are_printed_both_ways(void **state)
{
    (void)state;
    static const struct {
        int64_t us;
        const char *instant, *http;
    } CASES[] = {
        { 0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT" },
        { 784111777000000, "1994-11-06T08:49:37.000Z", "Sun, 06 Nov 1994 08:49:37 GMT" },
        { 1709210096123999, "2024-02-29T12:34:56.123Z", "Thu, 29 Feb 2024 12:34:56 GMT" },
        { 1798761599999999, "2026-12-31T23:59:59.999Z", "Thu, 31 Dec 2026 23:59:59 GMT" },
        { -1, "1969-12-31T23:59:59.999Z", "Wed, 31 Dec 1969 23:59:59 GMT" },
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct str instant = instant_print(CASES[i].us, arena);
        struct str http = instant_print_http(CASES[i].us, arena);
        assert_string_equal(instant.data, CASES[i].instant);
        assert_string_equal(http.data, CASES[i].http);
        assert_int_equal(instant.len, INSTANT_LENGTH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(moments_are_printed_both_ways) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
