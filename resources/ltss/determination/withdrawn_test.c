/* withdrawn_test.c - a proposal that is taken back. */
#include "resources/ltss/joint_fixture.h"

#define KEY "lead-withdrawn"

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "," PROPOSED, "") },
      .before = ASKED("requested", "h", ""),
      .after = ASKED("cancelled", "h", ""),
      .want = "",
      .makes = "CareTeam:t",
      .claim = "the team no longer shows it" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "," PROPOSED, "") },
      .before = ASKED("requested", "h", ""),
      .after = ASKED("rejected", "h", ""),
      .want = "",
      .claim = "a refusal stays as a dispute" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "", "") },
      .before = ASKED("requested", "h", ""),
      .after = ASKED("cancelled", "h", ""),
      .want = "",
      .claim = "a team that shows none stays as it is" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "," PROPOSED, "") },
      .before = ASKED("completed", "h", ""),
      .after = ASKED("cancelled", "h", ""),
      .want = "",
      .claim = "what was answered is over" },
};

JOINT_TEST(a_team_shows_what_stands, CASES)

static void only_the_proposal_goes(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    stage_run(&stage, &CASES[0], program, JOINT_TODAY);
    const cJSON *team = stage.derived[0].content;
    assert_null(record_extension(team, "lead-determination"));
    assert_non_null(record_extension(team, "governing-agreement"));
    assert_int_equal(json_count(json_get(team, "participant")), 2);
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_team_shows_what_stands),
        cmocka_unit_test(only_the_proposal_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
