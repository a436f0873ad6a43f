/* signed_test.c - who signs an agreement, and what may change afterwards. */
#include "resources/ltss/joint_fixture.h"

#define KEY "asa-unsigned"
#define ONE_SIGNED ASA("negotiable", SIGNER("m"), LINES, "")
#define NONE_SIGNED ASA("negotiable", "", LINES, "")

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .after = ONE_SIGNED,
      .organization = "Organization/m",
      .want = "",
      .claim = "a side signs for itself" },
    { .rule = KEY,
      .after = ONE_SIGNED,
      .organization = "Organization/h",
      .want = KEY,
      .claim = "not for the other" },
    { .rule = KEY,
      .before = ONE_SIGNED,
      .after = ASA_IN_FORCE,
      .organization = "Organization/h",
      .want = "",
      .claim = "the second signature executes it" },
    { .rule = KEY,
      .before = ONE_SIGNED,
      .after = ASA_IN_FORCE,
      .organization = "Organization/m",
      .want = KEY,
      .claim = "which the first does not add" },
    { .rule = KEY,
      .before = NONE_SIGNED,
      .after = ASA("executed", SIGNER("m"), LINES, ""),
      .organization = "Organization/m",
      .want = KEY,
      .claim = "one signature does not execute it" },
    { .rule = KEY,
      .after = ASA("executed", SIGNER("m") "," SIGNER("m"), LINES, ""),
      .organization = "Organization/m",
      .want = KEY,
      .claim = "nor do two of one side" },
    { .rule = KEY,
      .before = ASA_IN_FORCE,
      .after = ASA("executed", BOTH_SIGNERS, LINE("T1019", "out-of-plan", "h"), ""),
      .organization = "Organization/m",
      .want = KEY,
      .claim = "what both signed stays" },
    { .rule = KEY,
      .before = ASA_IN_FORCE,
      .after = ASA("negotiable", SIGNER("m"), LINES, ""),
      .organization = "Organization/m",
      .want = KEY,
      .claim = "nobody strikes the other's signature out" },
    { .rule = KEY,
      .before = ASA_IN_FORCE,
      .after = ASA("terminated", BOTH_SIGNERS, LINES, ""),
      .organization = "Organization/m",
      .want = "",
      .claim = "each may end it" },
    { .rule = KEY,
      .before = ASA_IN_FORCE,
      .organization = "Organization/m",
      .want = KEY,
      .claim = "neither deletes it" },
    { .rule = KEY,
      .before = ONE_SIGNED,
      .organization = "Organization/m",
      .want = "",
      .claim = "a draft may go" },
    { .rule = KEY,
      .after = ASA_IN_FORCE,
      .organization = "Organization/doh",
      .role = "state-agency",
      .want = "",
      .claim = "the state registers what was signed on paper" },
    { .rule = KEY,
      .after = "{'resourceType':'Contract','id':'c','status':'executed'}",
      .want = "",
      .claim = "another contract" },
};

JOINT_TEST(each_side_signs_for_itself, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_side_signs_for_itself) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
