/* need_test.c - 120 days are too few, 121 are not. */
#include "resources/ltss/joint_fixture.h"

#define COVERAGE(program, extensions)                                                              \
    "{'resourceType':'Coverage','id':'c','class':[{'type':" CODE(                                  \
        "coverage-class", "program") ",'value':'" program "'}]" extensions "}"
#define DAYS(value, unit)                                                                          \
    ",'extension':[" EXTENSION("ltss-need-days", "valueQuantity",                                  \
                               "{'value':" value ",'code':'" unit "'}") "]"
#define KEY "mltc-120-days"

static const struct rule_case CASES[] = {
    { .rule = KEY, .after = COVERAGE("mltc", DAYS("120", "d")), .want = KEY, .claim = "120 days" },
    { .rule = KEY, .after = COVERAGE("mltc", DAYS("121", "d")), .want = "", .claim = "121 days" },
    { .rule = KEY,
      .after = COVERAGE("mltc", DAYS("120.5", "d")),
      .want = "",
      .claim = "more than 120" },
    { .rule = KEY, .after = COVERAGE("mltc", ""), .want = KEY, .claim = "a need not stated" },
    { .rule = KEY,
      .after = COVERAGE("mltc", DAYS("200", "wk")),
      .want = KEY,
      .claim = "a need in another unit than days" },
    { .rule = KEY,
      .after = COVERAGE("health-home", DAYS("3", "d")),
      .want = "",
      .claim = "another program asks for no days" },
    { .rule = KEY,
      .before = COVERAGE("mltc", DAYS("150", "d")),
      .after = COVERAGE("mltc", DAYS("10", "d")),
      .want = KEY,
      .claim = "nor may it become too short" },
};

JOINT_TEST(long_term_care_is_for_more_than_120_days, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        long_term_care_is_for_more_than_120_days) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
