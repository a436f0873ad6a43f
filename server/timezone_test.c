/* timezone_test.c - New York's clocks, as tzdata has them. */
#include "resources/base/test.h"

#include <stdlib.h>

#include "resources/base/arena.h"
#include "server/timezone.h"

static const struct {
    int64_t second;
    int offset;
    const char *claim;
} CASES[] = {
    { INT64_C(1772953199), -18000, "2026-03-08T06:59:59Z: winter" },
    { INT64_C(1772953200), -14400, "2026-03-08T07:00:00Z: the clocks have gone forward" },
    { INT64_C(1793512799), -14400, "2026-11-01T05:59:59Z: summer" },
    { INT64_C(1793512800), -18000, "2026-11-01T06:00:00Z: and back" },
};

static int offset_at(const struct program_zone *zone, size_t count, int64_t moment_us)
{
    int offset = 0;
    for (size_t i = 0; i < count && zone[i].from_us <= moment_us; i++)
        offset = zone[i].offset;
    return offset;
}

static void a_zone_changes_when_tzdata_says(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t count = 0;
    (void)state;
    const struct program_zone *zone = timezone_read(STR("America/New_York"), &count, arena);
    assert_non_null(zone);
    assert_true(count > 200);
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (offset_at(zone, count, CASES[i].second * 1000000) != CASES[i].offset)
            fail_msg("%s", CASES[i].claim);
}

static void what_tzdata_does_not_have_is_no_zone(void **state)
{
    static const char *const NAMES[] = { "", "Atlantis", "../zoneinfo/UTC", "/etc/localtime" };
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < COUNT(NAMES); i++)
        assert_null(timezone_read(str_of(NAMES[i]), &count, arena));
}

static void the_process_keeps_its_own_zone(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t count = 0;
    (void)state;
    setenv("TZ", "Asia/Tokyo", 1);
    assert_non_null(timezone_read(STR("America/New_York"), &count, arena));
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    unsetenv("TZ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_changes_when_tzdata_says),
        cmocka_unit_test(what_tzdata_does_not_have_is_no_zone),
        cmocka_unit_test(the_process_keeps_its_own_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
