/* given_test.c - what was written is read, and nothing else is. */
#include "server/operations/given.h"

#include "resources/base/arena.h"
#include "resources/base/test.h"

static void keeps_what_was_given(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct given given = { .count = 0 }, again = { .count = 0 };
    struct buf text;
    (void)state;
    buf_init(&text, arena, 10000);
    assert_false(given_has(&given, STR("Goal"), STR("1"), arena));
    for (int i = 0; i < GIVEN_MOST + 10; i++)
        given_add(&given, STR("Goal"), str_print(arena, "%d", i), arena);
    given_write(&text, &given);
    buf_add(&text, STR("rest"));
    struct str left = buf_str(&text);
    assert_true(given_read(&again, &left));
    assert_true(str_is(left, "rest"));
    assert_int_equal(again.count, GIVEN_MOST);
    assert_true(given_has(&again, STR("Goal"), STR("0"), arena));
    assert_true(given_has(&again, STR("Goal"), STR("255"), arena));
    assert_false(given_has(&again, STR("Goal"), STR("256"), arena)); /* there was no room */
    assert_false(given_has(&again, STR("Task"), STR("0"), arena));
}

static void reads_nothing_else(void **state)
{
    static const char *const TEXTS[] = { "",     "x;",  "1;1234567",
                                         "257;", "-1;", "18446744073709551615;" };
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        struct given given = { .count = 0 };
        struct str text = str_of(TEXTS[i]);
        assert_false(given_read(&given, &text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(keeps_what_was_given),
                                        cmocka_unit_test(reads_nothing_else) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
