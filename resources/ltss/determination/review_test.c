/* review_test.c - when the lead is looked at again. */
#include "resources/ltss/joint_fixture.h"

#define KEY "lead-review"
#define TEAM JOINT_TEAM("active", "", "," LEAD)
#define CONDITION(need, status)                                                                    \
    "{'resourceType':'Condition','id':'c','subject':" TO("Patient/rosa") ",'code':" CODE(          \
        "primary-need", need) ",'clinicalStatus':{'coding':[{'system':"                            \
                              "'http://terminology.hl7.org/CodeSystem/condition-clinical',"        \
                              "'code':'" status "'}]}}"
#define BOTH "Task:lead-review Task:lead-review"
#define WAITING(owner)                                                                             \
    "{'resourceType':'Task','id':'k" owner                                                         \
    "','status':'requested','code':" CODE("tandem-task", "lead-review") ",'for':" TO(              \
        "Patient/rosa") ",'owner':" TO("Organization/" owner) "}"

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { TEAM },
      .after = CONDITION("substance-use", "active"),
      .want = "",
      .makes = BOTH,
      .claim = "another need: both sides look" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = CONDITION("behavioral-health", "active"),
      .want = "",
      .claim = "the same need" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = CONDITION("substance-use", "resolved"),
      .want = "",
      .claim = "a need that is over" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("active", "", "") },
      .after = CONDITION("substance-use", "active"),
      .want = "",
      .claim = "no lead, nothing to look at" },
    { .rule = KEY,
      .stored = { JOINT_TEAM("inactive", "", "," LEAD) },
      .after = CONDITION("substance-use", "active"),
      .want = "",
      .claim = "a team that has ended" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = FORM("completed", "Patient/rosa", "ltss-functional", "PractitionerRole/mc"),
      .want = "",
      .makes = BOTH,
      .claim = "a form with another need" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = GOOD_FORM,
      .want = "",
      .claim = "a form with the same" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = FORM("in-progress", "Patient/rosa", "ltss-functional", "PractitionerRole/mc"),
      .want = "",
      .claim = "an unfinished form says nothing yet" },
    { .rule = KEY,
      .stored = { TEAM, WAITING("m") },
      .after = CONDITION("substance-use", "active"),
      .want = "",
      .makes = "Task:lead-review",
      .claim = "who is asked already is not asked again" },
    { .rule = KEY,
      .stored = { TEAM, WAITING("m"), WAITING("h") },
      .after = CONDITION("substance-use", "active"),
      .want = "",
      .claim = "nor both" },
    { .rule = KEY,
      .stored = { TEAM },
      .after = "{'resourceType':'Condition','id':'c','subject':" TO("Patient/rosa") "}",
      .want = "",
      .claim = "an ordinary diagnosis" },
};

JOINT_TEST(a_new_need_asks_for_a_review, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_new_need_asks_for_a_review) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
