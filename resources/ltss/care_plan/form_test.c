/* form_test.c - the form of a joint plan. */
#include "resources/ltss/joint_fixture.h"

#define KEY "cpc-form-missing"
#define PLAN_OF(kind, forms)                                                                       \
    "{'resourceType':'CarePlan','id':'p','subject':" TO("Patient/rosa") ",'category':[" CODE(      \
        "ltss-care-plan-type", kind) "],'supportingInfo':[" forms "]}"
#define BY TO("QuestionnaireResponse/form")

static const struct rule_case CASES[] = {
    { .rule = KEY, .after = PLAN_OF("joint", ""), .want = KEY, .claim = "no form" },
    { .rule = KEY,
      .stored = { GOOD_FORM },
      .after = PLAN_OF("joint", BY),
      .want = "",
      .claim = "the member's form" },
    { .rule = KEY,
      .after = PLAN_OF("joint", BY),
      .want = KEY,
      .claim = "a form that is not there" },
    { .rule = KEY,
      .stored = { FORM("in-progress", "Patient/rosa", "social-needs", "PractitionerRole/hm") },
      .after = PLAN_OF("joint", BY),
      .want = KEY,
      .claim = "an unfinished form" },
    { .rule = KEY,
      .stored = { FORM("completed", "Patient/other", "social-needs", "PractitionerRole/hm") },
      .after = PLAN_OF("joint", BY),
      .want = KEY,
      .claim = "another member's" },
    { .rule = KEY,
      .stored = { "{'resourceType':'QuestionnaireResponse','id':'form','status':'completed',"
                  "'questionnaire':'urn:other','subject':" TO("Patient/rosa") "}" },
      .after = PLAN_OF("joint", BY),
      .want = KEY,
      .claim = "answers to other questions" },
    { .rule = KEY, .after = PLAN_OF("mltc", ""), .want = "", .claim = "a plan of one side" },
    { .rule = KEY,
      .after = PLAN_OF("joint", ""),
      .is_copy = true,
      .want = "",
      .claim = "a copy is its owner's to judge" },
};

JOINT_TEST(a_joint_plan_has_its_form, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_joint_plan_has_its_form) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
