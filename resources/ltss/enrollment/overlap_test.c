/* overlap_test.c - one organization a kind of program at a time. */
#include "resources/ltss/rule_fixture.h"

#define EPISODE(id, kind, organization, status, period)                                            \
    "{'resourceType':'EpisodeOfCare','id':'" id "','status':'" status                              \
    "','type':[{'coding':[{'system':'http://tandem-fhir.org/ltss/CodeSystem/episode-type',"        \
    "'code':'" kind "'}]}],'patient':{'reference':'Patient/rosa'},'managingOrganization':{"        \
    "'reference':'Organization/" organization "'},'period':{" period "}}"

static const struct rule_case CASES[] = {
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "active", "'start':'2026-01-01'") },
      .after = EPISODE("b", "mltc-enrollment", "y", "active", "'start':'2026-06-01'"),
      .want = "enrollment-overlap",
      .claim = "two organizations, one kind, both open" },
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "active", "'start':'2026-01-01'") },
      .after = EPISODE("b", "health-home-enrollment", "y", "active", "'start':'2026-06-01'"),
      .want = "",
      .claim = "an MLTC member may be in a Health Home as well" },
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "active", "'start':'2026-01-01'") },
      .after = EPISODE("b", "mltc-enrollment", "x", "active", "'start':'2026-06-01'"),
      .want = "",
      .claim = "the same organization may write a second episode" },
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "active",
                          "'start':'2026-01-01','end':'2026-05-31'") },
      .after = EPISODE("b", "mltc-enrollment", "y", "active", "'start':'2026-05-31'"),
      .want = "enrollment-overlap",
      .claim = "the last day still counts" },
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "active",
                          "'start':'2026-01-01','end':'2026-05-31'") },
      .after = EPISODE("b", "mltc-enrollment", "y", "active", "'start':'2026-06-01'"),
      .want = "",
      .claim = "the day after the end is free" },
    { .rule = "enrollment-overlap",
      .stored = { EPISODE("a", "mltc-enrollment", "x", "finished", "'start':'2026-01-01'") },
      .after = EPISODE("b", "mltc-enrollment", "y", "active", "'start':'2026-06-01'"),
      .want = "",
      .claim = "what is finished does not count" },
};

static void a_kind_of_program_has_one_organization_at_a_time(void **state)
{
    static const char *const KEYS[] = { "enrollment-overlap", NULL };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_of_program_has_one_organization_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
