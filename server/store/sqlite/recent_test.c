/* recent_test.c - what is kept is a copy, makes room, and never outlives a write. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/sqlite/recent.h"

struct fixture {
    struct arena *arena;
    struct recent recent;
};

static int open_fixture(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *f = arena_alloc(arena, sizeof *f);
    f->arena = arena;
    recent_init(&f->recent, arena);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    recent_done(&f->recent);
    arena_close(f->arena);
    return 0;
}

static struct store_version version_of(struct str id, uint64_t number, struct str body)
{
    return (struct store_version){ .type = STR("Goal"),
                                   .id = id,
                                   .version = number,
                                   .method = STORE_UPDATE,
                                   .owner = STR("Organization/x"),
                                   .body = body };
}

static void what_is_found_is_a_copy(void **state)
{
    struct fixture *f = *state;
    struct store_version got;
    char body[] = "{\"id\":\"a\"}";
    struct store_version kept = version_of(STR("a"), 3, str_of(body));
    assert_false(recent_find(&f->recent, STR("Goal"), STR("a"), f->arena, &got));
    recent_keep(&f->recent, &kept, 1);
    memset(body, 'x', sizeof body - 1);
    assert_true(recent_find(&f->recent, STR("Goal"), STR("a"), f->arena, &got));
    recent_forget(&f->recent, STR("Goal"), STR("a"), 2);
    assert_string_equal(got.body.data, "{\"id\":\"a\"}");
    assert_string_equal(got.id.data, "a");
    assert_string_equal(got.owner.data, "Organization/x");
    assert_int_equal(got.version, 3);
    assert_false(recent_find(&f->recent, STR("CarePlan"), STR("a"), f->arena, &got));
}

/* A slow reader, which read before commit 5 and comes to keep it after, would bring the old version
 * back. */
static void what_was_read_before_a_write_is_not_kept(void **state)
{
    struct fixture *f = *state;
    struct store_version got, old = version_of(STR("a"), 1, STR("old"));
    recent_keep(&f->recent, &old, 4);
    recent_forget(&f->recent, STR("Goal"), STR("a"), 5);
    assert_false(recent_find(&f->recent, STR("Goal"), STR("a"), f->arena, &got));
    recent_keep(&f->recent, &old, 4);
    assert_false(recent_find(&f->recent, STR("Goal"), STR("a"), f->arena, &got));
    struct store_version new = version_of(STR("a"), 2, STR("new"));
    recent_keep(&f->recent, &new, 5);
    assert_true(recent_find(&f->recent, STR("Goal"), STR("a"), f->arena, &got));
    assert_int_equal(got.version, 2);
}

static void places_are_few_and_bodies_bounded(void **state)
{
    struct fixture *f = *state;
    enum { MANY = 4 * RECENT_SETS * RECENT_PLACES };
    struct store_version got;
    size_t found = 0;
    for (int i = 0; i < MANY; i++) {
        struct store_version one = version_of(str_print(f->arena, "%d", i), 1, STR("{}"));
        recent_keep(&f->recent, &one, 0);
        assert_true(recent_find(&f->recent, STR("Goal"), one.id, f->arena, &got));
    }
    for (int i = 0; i < MANY; i++)
        found += recent_find(&f->recent, STR("Goal"), str_print(f->arena, "%d", i), f->arena, &got);
    assert_in_range(found, RECENT_SETS, RECENT_SETS * RECENT_PLACES);
    char *large = arena_alloc_raw(f->arena, RECENT_MOST_BODY + 1);
    memset(large, 'x', RECENT_MOST_BODY + 1);
    struct store_version fits = version_of(STR("fits"), 1, (struct str){ large, RECENT_MOST_BODY });
    struct store_version over =
        version_of(STR("over"), 1, (struct str){ large, RECENT_MOST_BODY + 1 });
    recent_keep(&f->recent, &fits, 0);
    recent_keep(&f->recent, &over, 0);
    assert_true(recent_find(&f->recent, STR("Goal"), STR("fits"), f->arena, &got));
    assert_false(recent_find(&f->recent, STR("Goal"), STR("over"), f->arena, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_found_is_a_copy, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(what_was_read_before_a_write_is_not_kept, open_fixture,
                                        close_fixture),
        cmocka_unit_test_setup_teardown(places_are_few_and_bodies_bounded, open_fixture,
                                        close_fixture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
