/* primary_test.c - who is primary for an area of care. */
#include "resources/ltss/joint_fixture.h"

#define KEY "primary-role-mismatch"
#define FOR(area) ",'extension':[" EXTENSION("primary-coordinator", "valueCode", "'" area "'") "]"
#define TEAM(role, person, area)                                                                   \
    JOINT_TEAM("active", "", "," ENTRY(role, "PractitionerRole/" person, FOR(area)))
#define PEOPLE WORKS("mc", "m"), WORKS("hm", "h"), PLAN, HOME
#define ALLOCATES(area, organization)                                                              \
    ",'extension':[{'url':'" EXTENSIONS                                                            \
    "primary-role','extension':[" PART("domain", "valueCode", "'" area "'") "," PART(              \
        "organization", "valueReference", TO(organization)) "]}]"

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { PEOPLE, ASA_IN_FORCE },
      .after = TEAM("mltc-care-coordinator", "mc", "ltss"),
      .want = "",
      .claim = "the plan for long-term services" },
    { .rule = KEY,
      .stored = { PEOPLE, ASA_IN_FORCE },
      .after = TEAM("health-home-care-manager", "hm", "ltss"),
      .want = KEY,
      .claim = "not the Health Home" },
    { .rule = KEY,
      .stored = { PEOPLE, ASA_IN_FORCE },
      .after = TEAM("health-home-care-manager", "hm", "behavioral-health"),
      .want = "",
      .claim = "the Health Home for behavioral health" },
    { .rule = KEY,
      .stored = { PEOPLE, ASA_IN_FORCE },
      .after = TEAM("mltc-care-coordinator", "mc", "behavioral-health"),
      .want = KEY,
      .claim = "not the plan" },
    { .rule = KEY,
      .stored = { PEOPLE, ASA_IN_FORCE },
      .after = TEAM("mltc-care-coordinator", "mc", "medical"),
      .want = "",
      .claim = "what nobody allocated is free" },
    { .rule = KEY,
      .stored = { PEOPLE,
                  ASA("executed", BOTH_SIGNERS, LINES, ALLOCATES("ltss", "Organization/h")) },
      .after = TEAM("health-home-care-manager", "hm", "ltss"),
      .want = "",
      .claim = "the agreement may say otherwise" },
    { .rule = KEY,
      .stored = { PEOPLE,
                  ASA("executed", BOTH_SIGNERS, LINES, ALLOCATES("ltss", "Organization/h")) },
      .after = TEAM("mltc-care-coordinator", "mc", "ltss"),
      .want = KEY,
      .claim = "and then that holds" },
};

JOINT_TEST(the_primary_role_is_as_agreed, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_primary_role_is_as_agreed) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
