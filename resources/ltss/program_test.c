/* program_test.c - which profile a record without one is held against. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/ltss/program.h"

static const struct program PROGRAM = {
    .profiles = { { .canonical = { "joint", 5 },
                    .type = { "CarePlan", 8 },
                    .element = { "category", 8 },
                    .system = { "s", 1 },
                    .code = { "joint", 5 } },
                  { .canonical = { "plan", 4 },
                    .type = { "CarePlan", 8 },
                    .roles = { { "mltc-plan", 9 } },
                    .role_count = 1 },
                  { .canonical = { "asa", 3 },
                    .type = { "Contract", 8 },
                    .element = { "type", 4 },
                    .system = { "s", 1 },
                    .code = { "asa", 3 } } },
    .profile_count = 3,
};

static const struct {
    const char *resource, *role, *want, *claim;
} CASES[] = {
    { "{\"resourceType\":\"CarePlan\",\"category\":[{},{\"coding\":[{\"system\":\"s\",\"code\":"
      "\"joint\"}]}]}",
      "pcp-ehr", "joint", "a code of the guide names the profile, whoever sends it" },
    { "{\"resourceType\":\"CarePlan\",\"category\":[{\"coding\":[{\"system\":\"t\",\"code\":"
      "\"joint\"}]}]}",
      "pcp-ehr", "", "another system's code is none of ours: an EHR's plan is plain R4" },
    { "{\"resourceType\":\"CarePlan\"}", "mltc-plan", "plan",
      "leaving the category out evades no rule" },
    { "{\"resourceType\":\"CarePlan\",\"meta\":{\"profile\":[\"x\"]}}", "mltc-plan", "",
      "a record that claims a profile is held against that" },
    { "{\"resourceType\":\"CarePlan\",\"meta\":{\"profile\":[]}}", "mltc-plan", "plan",
      "an empty claim is none" },
    { "{\"resourceType\":\"Contract\",\"type\":{\"coding\":[{\"system\":\"s\",\"code\":\"asa\"}]}}",
      "", "asa", "an element that does not repeat is looked at too" },
    { "{\"resourceType\":\"Goal\"}", "mltc-plan", "", "a type without a row is plain R4" },
};

static void a_record_without_a_profile_gets_the_first_that_fits(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, STR(""));
        cJSON *resource = json_parse(str_of(CASES[i].resource), arena, &issues);
        assert_non_null(resource);
        struct str got = program_default_profile(&PROGRAM, resource, str_of(CASES[i].role));
        if (!str_is(got, CASES[i].want))
            fail_msg("%s: " STR_FMT, CASES[i].claim, STR_ARG(got));
    }
}

#define HOUR (INT64_C(3600) * 1000000)
#define DAY (24 * HOUR)

/* A zone five hours behind UTC, four from the second day of 1970 on, until the fourth. */
static const struct program_zone ZONE[] = { { INT64_MIN, -18000 },
                                            { DAY + 7 * HOUR, -14400 },
                                            { 3 * DAY + 6 * HOUR, -18000 } };
static const struct {
    int64_t moment_us;
    int day, month, year;
    const char *claim;
} DAYS[] = {
    { 0, 31, 12, 1969, "the evening before" },
    { 5 * HOUR - 1, 31, 12, 1969, "a microsecond before midnight" },
    { 5 * HOUR, 1, 1, 1970, "midnight there" },
    { DAY + 5 * HOUR, 2, 1, 1970, "the next midnight" },
    { 2 * DAY + 4 * HOUR, 3, 1, 1970, "midnight by summer time: a day of 23 hours" },
    { 2 * DAY + 4 * HOUR - 1, 2, 1, 1970, "its last microsecond" },
    { 4 * DAY + 4 * HOUR, 4, 1, 1970, "a day of 25 hours is not over" },
    { 4 * DAY + 5 * HOUR, 5, 1, 1970, "and now it is" },
    { INT64_C(951782400) * 1000000 + 5 * HOUR, 29, 2, 2000, "a leap day" },
};

static void days_are_those_of_the_programs_zone(void **state)
{
    static const struct program program = { .zone = ZONE, .zone_count = COUNT(ZONE) };
    (void)state;
    for (size_t i = 0; i < COUNT(DAYS); i++) {
        struct date day = program_day(&program, DAYS[i].moment_us);
        if (day.day != DAYS[i].day || day.month != DAYS[i].month || day.year != DAYS[i].year)
            fail_msg("%s: %d-%d-%d", DAYS[i].claim, day.year, day.month, day.day);
        int64_t begin = program_midnight(&program, &day);
        assert_true(begin <= DAYS[i].moment_us && begin > DAYS[i].moment_us - 25 * HOUR);
        struct date same = program_day(&program, begin), before = program_day(&program, begin - 1);
        assert_int_equal(same.day, day.day);
        assert_int_not_equal(before.day, day.day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_without_a_profile_gets_the_first_that_fits),
        cmocka_unit_test(days_are_those_of_the_programs_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
