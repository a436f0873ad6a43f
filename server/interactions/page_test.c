/* page_test.c - a page link opens for whom it was made, and for nobody and nothing else. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/interactions/page.h"

static const uint8_t KEY[PAGE_KEY_BYTES] = "0123456789abcdef0123456789abcde";
static const uint8_t OTHER_KEY[PAGE_KEY_BYTES] = "X123456789abcdef0123456789abcde";

static void opens_what_it_sealed(void **state)
{
    (void)state;
    static const struct page PAGES[] = {
        { 7, { "status=active&_sort=-date", 25 }, { "2024-01-01\0abc", 14 } },
        { UINT64_MAX, { "", 0 }, { "", 0 } },
        { 0, { "", 0 }, { "x", 1 } },
        { 1, { "a=b", 3 }, { "", 0 } },
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(PAGES); i++) {
        struct str token = page_seal(&PAGES[i], KEY, STR("search CarePlan plan"), arena);
        struct page got = { 0 };
        assert_true(page_unseal(&got, token, KEY, STR("search CarePlan plan"), arena));
        assert_int_equal(got.snapshot, PAGES[i].snapshot);
        assert_true(str_equal(got.query, PAGES[i].query));
        assert_true(str_equal(got.position, PAGES[i].position));
    }
}

static void refuses_every_other_use(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct page page = { 7, STR("status=active"), STR("p") }, got;
    struct str token = page_seal(&page, KEY, STR("search CarePlan plan"), arena);
    assert_false(page_unseal(&got, token, KEY, STR("search CarePlan other"), arena));
    assert_false(page_unseal(&got, token, OTHER_KEY, STR("search CarePlan plan"), arena));
    assert_false(page_unseal(&got, STR(""), KEY, STR("search CarePlan plan"), arena));
    assert_false(page_unseal(&got, STR("a=b c"), KEY, STR("search CarePlan plan"), arena));
    struct str padded = str_print(arena, STR_FMT "=", STR_ARG(token));
    assert_false(page_unseal(&got, padded, KEY, STR("search CarePlan plan"), arena));
}

static void refuses_each_changed_character(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct page page = { 7, STR("status=active"), STR("p") }, got;
    struct str token = page_seal(&page, KEY, STR("a"), arena);
    for (size_t i = 0; i < token.len; i++) {
        char *changed = str_cstr(arena, token);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(page_unseal(&got, (struct str){ changed, token.len }, KEY, STR("a"), arena));
        assert_false(page_unseal(&got, (struct str){ token.data, i }, KEY, STR("a"), arena));
    }
}

static void never_makes_the_same_token_twice(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct page page = { 7, STR("status=active"), STR("p") };
    struct str first = page_seal(&page, KEY, STR("a"), arena);
    struct str second = page_seal(&page, KEY, STR("a"), arena);
    assert_int_equal(first.len, second.len);
    assert_false(str_equal(first, second));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(refuses_every_other_use),
        cmocka_unit_test(refuses_each_changed_character),
        cmocka_unit_test(never_makes_the_same_token_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
