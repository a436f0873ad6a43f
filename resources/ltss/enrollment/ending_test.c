/* ending_test.c - what ends with one side's episode. */
#include "resources/ltss/joint_fixture.h"

#define KEY "joint-team-ended"
#define EPISODE(id, kind, organization, status)                                                    \
    "{'resourceType':'EpisodeOfCare','id':'" id "','status':'" status                              \
    "','patient':" TO("Patient/rosa") ",'type':[" CODE(                                            \
        "episode-type", kind) "],'managingOrganization':" TO("Organization/" organization) "}"
#define HERS(status) EPISODE("e", "health-home-enrollment", "h", status)
#define TEAM JOINT_TEAM("active", "", "," LEAD)

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { TEAM },
      .before = HERS("active"),
      .after = HERS("finished"),
      .want = "",
      .makes = "CareTeam:t Task:lead-review",
      .claim = "the team ends and the other side is asked" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = HERS("active"),
      .after = HERS("onhold"),
      .want = "",
      .claim = "a pause is no end" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = HERS("active"),
      .want = "",
      .makes = "CareTeam:t Task:lead-review",
      .claim = "what is deleted ends too" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "," PROPOSED, ""), ASKED("requested", "h", "") },
      .before = HERS("active"),
      .after = HERS("cancelled"),
      .want = "",
      .makes = "Task:ld CareTeam:t Task:lead-review",
      .claim = "an open proposal is cancelled" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "", ""), ASKED("completed", "h", "") },
      .before = HERS("active"),
      .after = HERS("finished"),
      .want = "",
      .makes = "CareTeam:t Task:lead-review",
      .claim = "one that was answered stays" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = HERS("active"),
      .after = EPISODE("e", "health-home-enrollment", "x", "active"),
      .want = "",
      .makes = "CareTeam:t Task:lead-review",
      .claim = "one that becomes another organization's has ended for this" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = HERS("active"),
      .after = EPISODE("e", "nf-stay", "h", "active"),
      .want = "",
      .makes = "CareTeam:t Task:lead-review",
      .claim = "or another kind" },
    { .rule = KEY,
      .stored = { TEAM, EPISODE("f", "health-home-enrollment", "h", "active") },
      .before = HERS("active"),
      .after = HERS("finished"),
      .want = "",
      .claim = "another episode with the same side goes on" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = EPISODE("e", "nf-stay", "h", "active"),
      .after = EPISODE("e", "nf-stay", "h", "finished"),
      .want = "",
      .claim = "a stay is no enrollment" },
    { .rule = KEY,
      .stored = { TEAM },
      .before = EPISODE("e", "health-home-enrollment", "x", "active"),
      .after = EPISODE("e", "health-home-enrollment", "x", "finished"),
      .want = "",
      .claim = "an organization that is not in the team" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("inactive", "", "") },
      .before = HERS("active"),
      .after = HERS("finished"),
      .want = "",
      .claim = "a team that has ended already" },
};

JOINT_TEST(what_two_did_ends_with_one, CASES)

static void the_lead_becomes_a_former_one(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    stage_run(&stage, &CASES[0], program, JOINT_TODAY);
    const cJSON *team = stage.derived[0].content, *lead = json_at(json_get(team, "participant"), 2);
    assert_true(str_is(json_get_text(team, "status"), "inactive"));
    assert_true(str_is(record_code(json_get(lead, "role"), CODES "care-coordination-role"),
                       "former-lead-care-manager"));
    assert_true(str_is(json_get_text(json_get(lead, "period"), "end"), "2026-11-25"));
    assert_true(
        str_is(record_extension_text(record_extension(lead, "lead-determination"), "status"),
               "superseded"));
    assert_true(record_refers(json_get(stage.derived[1].content, "owner"), STR("Organization/m")));
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_two_did_ends_with_one),
        cmocka_unit_test(the_lead_becomes_a_former_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
