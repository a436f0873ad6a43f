/* liaison_test.c - a liaison for each side. */
#include "resources/ltss/joint_fixture.h"

#define KEY "liaison-missing"
#define LIAISON(person) EXTENSION("liaison", "valueReference", TO("PractitionerRole/" person))
#define WITH(liaisons) ASA("executed", BOTH_SIGNERS, LINES, ",'extension':[" liaisons "]")

static const struct rule_case CASES[] = {
    { .rule = KEY, .after = WITH(""), .want = KEY, .claim = "none" },
    { .rule = KEY,
      .stored = { WORKS("a", "m") },
      .after = WITH(LIAISON("a")),
      .want = KEY,
      .claim = "one side's" },
    { .rule = KEY,
      .stored = { WORKS("a", "m"), WORKS("b", "h") },
      .after = WITH(LIAISON("a") "," LIAISON("b")),
      .want = "",
      .claim = "both" },
    { .rule = KEY,
      .stored = { WORKS("a", "m"), WORKS("b", "m") },
      .after = WITH(LIAISON("a") "," LIAISON("b")),
      .want = KEY,
      .claim = "two of one side" },
    { .rule = KEY,
      .stored = { WORKS("a", "m") },
      .after = WITH(LIAISON("a") "," LIAISON("gone")),
      .want = KEY,
      .claim = "one who is not there" },
};

JOINT_TEST(each_side_has_a_liaison, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(each_side_has_a_liaison) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
