/* headers_test.c - entity tags, dates and preferences, one claim a row. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "server/interactions/headers.h"

static const struct {
    const char *text;
    uint64_t version; /* 0: refused */
} ETAGS[] = { { "W/\"3\"", 3 }, { "\"12\"", 12 }, { "7", 7 },      { " W/\"1\" ", 1 },
              { "W/\"0\"", 0 }, { "W/\"x\"", 0 }, { "W/\"3", 0 },  { "", 0 },
              { "*", 0 },       { "w/\"3\"", 0 }, { "\"-1\"", 0 }, { "W/\"3\" 4", 0 },
              { "\"\"", 0 } };

static void reads_entity_tags(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(ETAGS); i++) {
        uint64_t version = 0;
        bool is_good = headers_parse_etag(&version, str_of(ETAGS[i].text));
        if (is_good != (ETAGS[i].version != 0) || version != ETAGS[i].version)
            fail_msg("'%s' gave %llu", ETAGS[i].text, (unsigned long long)version);
    }
    assert_true(str_is(headers_print_etag(9, arena), "W/\"9\""));
    assert_true(headers_etag_matches(STR("\"1\", W/\"4\""), 4));
    assert_true(headers_etag_matches(STR("*"), 4));
    assert_false(headers_etag_matches(STR("W/\"1\""), 4));
}

static void reads_dates(void **state)
{
    (void)state;
    int64_t seconds = -1;
    assert_true(headers_parse_date(&seconds, STR("Sun, 06 Nov 1994 08:49:37 GMT")));
    assert_int_equal(seconds, 784111777);
    static const char *const WRONG[] = { "Sunday, 06-Nov-94 08:49:37 GMT",
                                         "Sun Nov  6 08:49:37 1994",
                                         "Sun, 06 Xxx 1994 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 08:49:37 CET",
                                         "Sun, 0x Nov 1994 08:49:37 GMT",
                                         "Sun, 06 Nov 1994 08-49:37 GMT",
                                         "" };
    for (size_t i = 0; i < COUNT(WRONG); i++)
        assert_false(headers_parse_date(&seconds, str_of(WRONG[i])));
}

static const struct {
    const char *text;
    enum headers_return want;
} PREFERS[] = {
    { "", RETURN_DEFAULT },
    { "return=minimal", RETURN_MINIMAL },
    { "return=representation", RETURN_REPRESENTATION },
    { "return=OperationOutcome", RETURN_OUTCOME },
    { "handling=strict, return=\"minimal\"", RETURN_MINIMAL },
    { "handling=strict; return=minimal", RETURN_MINIMAL },
    { "return=all", RETURN_DEFAULT },
    { "respond-async", RETURN_DEFAULT },
};

static void reads_preferences(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PREFERS); i++)
        if (headers_prefer_return(str_of(PREFERS[i].text)) != PREFERS[i].want)
            fail_msg("Prefer: %s", PREFERS[i].text);
    assert_true(headers_prefer_lenient(STR("return=minimal, handling=lenient")));
    assert_false(headers_prefer_lenient(STR("handling=strict, handling=lenient")));
    assert_false(headers_prefer_lenient(STR("lenient")));
    assert_true(headers_prefer_async(STR("return=minimal;x=1, respond-async")));
    assert_false(headers_prefer_async(STR("return=\"respond-async\"")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entity_tags),
        cmocka_unit_test(reads_dates),
        cmocka_unit_test(reads_preferences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
