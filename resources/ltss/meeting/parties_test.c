/* parties_test.c - who is at the table of a coordination meeting, and what for. */
#include "resources/ltss/joint_fixture.h"

#define BOTH "meeting-both-parties"
#define GOAL "meeting-goal-missing"
#define ONE(role) "{'type':[" CODE("care-coordination-role", role) "]}"
#define PLAN_SIDE ONE("mltc-care-coordinator")
#define HOME_SIDE ONE("health-home-care-manager")
#define MEETING(participants, more)                                                                \
    "{'resourceType':'Appointment','id':'a','participant':[" participants "]" more "}"
#define FOR(goal) ",'extension':[" EXTENSION("meeting-goal", "valueCode", "'" goal "'") "]"
#define SERVICE ",'serviceType':[" CODE("ltss-service", "care-coordination") "]"

static const struct rule_case CASES[] = {
    { .rule = BOTH,
      .after = MEETING(PLAN_SIDE, FOR("team-approach")),
      .want = BOTH,
      .claim = "the plan alone" },
    { .rule = BOTH,
      .after = MEETING(HOME_SIDE, FOR("team-approach")),
      .want = BOTH,
      .claim = "the Health Home alone" },
    { .rule = BOTH,
      .after = MEETING(PLAN_SIDE "," HOME_SIDE, FOR("team-approach")),
      .want = "",
      .claim = "both" },
    { .rule = BOTH,
      .after = MEETING("{}", FOR("team-approach")),
      .want = BOTH,
      .claim = "a goal makes it such a meeting, whoever comes" },
    { .rule = BOTH,
      .after = MEETING("{}", SERVICE),
      .want = BOTH,
      .claim = "so does its kind of service" },
    { .rule = BOTH, .after = MEETING("{}", ""), .want = "", .claim = "a visit at the dentist's" },
    { .rule = BOTH,
      .after = MEETING("{}", ",'meta':{'profile':['" EXTENSIONS "tandem-coordination-meeting']}"),
      .want = BOTH,
      .claim = "or that it says so" },
    { .rule = GOAL,
      .after = MEETING(PLAN_SIDE "," HOME_SIDE, ""),
      .want = GOAL,
      .claim = "a meeting for nothing" },
    { .rule = GOAL,
      .after = MEETING(PLAN_SIDE "," HOME_SIDE, FOR("quality-improvement")),
      .want = "",
      .claim = "one goal is enough" },
    { .rule = GOAL, .after = MEETING("{}", ""), .want = "", .claim = "other visits need none" },
};

JOINT_TEST(a_meeting_has_both_sides_and_a_goal, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_meeting_has_both_sides_and_a_goal) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
