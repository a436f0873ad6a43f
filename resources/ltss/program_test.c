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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_without_a_profile_gets_the_first_that_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
