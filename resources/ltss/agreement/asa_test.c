/* asa_test.c - nothing joint without an agreement in force between the two. */
#include "resources/ltss/joint_fixture.h"

#define KEY "asa-required"
#define TEAM JOINT_TEAM("active", "", "")
#define UNGOVERNED                                                                                 \
    "{'resourceType':'CareTeam','id':'t','status':'active','category':[" CODE(                     \
        "care-team-category", "joint-mltc-health-home") "]}"
#define BY_IDENTIFIER                                                                                     \
    "{'resourceType':'CareTeam','id':'t','status':'active','category':[" CODE(                            \
        "care-team-category",                                                                             \
        "joint-mltc-health-"                                                                              \
        "home") "],'managingOrganization':[" TO("Organization/m") "," TO("Organization/h") "],"           \
                                                                                           "'exte"        \
                                                                                           "nsion"        \
                                                                                           "':"           \
                                                                                           "[" EXTENSION( \
                                                                                               "g"        \
                                                                                               "o"        \
                                                                                               "v"        \
                                                                                               "e"        \
                                                                                               "r"        \
                                                                                               "n"        \
                                                                                               "i"        \
                                                                                               "n"        \
                                                                                               "g"        \
                                                                                               "-"        \
                                                                                               "a"        \
                                                                                               "g"        \
                                                                                               "r"        \
                                                                                               "e"        \
                                                                                               "e"        \
                                                                                               "m"        \
                                                                                               "e"        \
                                                                                               "n"        \
                                                                                               "t",       \
                                                                                               "v"        \
                                                                                               "a"        \
                                                                                               "l"        \
                                                                                               "u"        \
                                                                                               "e"        \
                                                                                               "R"        \
                                                                                               "e"        \
                                                                                               "f"        \
                                                                                               "e"        \
                                                                                               "r"        \
                                                                                               "e"        \
                                                                                               "n"        \
                                                                                               "c"        \
                                                                                               "e",       \
                                                                                               "{"        \
                                                                                               "'"        \
                                                                                               "i"        \
                                                                                               "d"        \
                                                                                               "e"        \
                                                                                               "n"        \
                                                                                               "t"        \
                                                                                               "i"        \
                                                                                               "f"        \
                                                                                               "i"        \
                                                                                               "e"        \
                                                                                               "r"        \
                                                                                               "'"        \
                                                                                               ":"        \
                                                                                               "{"        \
                                                                                               "'"        \
                                                                                               "s"        \
                                                                                               "y"        \
                                                                                               "s"        \
                                                                                               "t"        \
                                                                                               "e"        \
                                                                                               "m"        \
                                                                                               "'"        \
                                                                                               ":"        \
                                                                                               "'"        \
                                                                                               "u"        \
                                                                                               "r"        \
                                                                                               "n"        \
                                                                                               ":"        \
                                                                                               "n"        \
                                                                                               "'"        \
                                                                                               ","        \
                                                                                               "'"        \
                                                                                               "v"        \
                                                                                               "a"        \
                                                                                               "l"        \
                                                                                               "u"        \
                                                                                               "e"        \
                                                                                               "'"        \
                                                                                               ":"        \
                                                                                               "'"        \
                                                                                               "1"        \
                                                                                               "'"        \
                                                                                               "}"        \
                                                                                               "}") "]}"
#define PLAN_OF(custodian)                                                                         \
    "{'resourceType':'CarePlan','id':'p','category':[" CODE(                                       \
        "ltss-care-plan-type", "joint") "],'extension':[" GOVERNED                                 \
                                        "," EXTENSION("custodian", "valueReference",               \
                                                      TO(custodian)) "]}"

static const struct rule_case CASES[] = {
    { .rule = KEY, .stored = { ASA_IN_FORCE }, .after = TEAM, .want = "", .claim = "in force" },
    { .rule = KEY, .after = TEAM, .want = KEY, .claim = "not there" },
    { .rule = KEY,
      .stored = { ASA_IN_FORCE },
      .after = UNGOVERNED,
      .want = KEY,
      .claim = "not named" },
    { .rule = KEY,
      .stored = { ASA("negotiable", BOTH_SIGNERS, LINES, "") },
      .after = TEAM,
      .want = KEY,
      .claim = "not executed" },
    { .rule = KEY,
      .stored = { ASA("executed", SIGNER("m"), LINES, "") },
      .after = TEAM,
      .want = KEY,
      .claim = "signed by one" },
    { .rule = KEY,
      .stored = { ASA("executed", SIGNER("m") "," SIGNER("x"), LINES, "") },
      .after = TEAM,
      .want = KEY,
      .claim = "signed by another" },
    { .rule = KEY,
      .stored = { ASA("executed", BOTH_SIGNERS, LINES,
                      ",'identifier':[{'system':'urn:n','value':'1'}]") },
      .after = BY_IDENTIFIER,
      .want = "",
      .claim = "named by its number" },
    { .rule = KEY,
      .stored = { ASA("executed", BOTH_SIGNERS, LINES,
                      ",'identifier':[{'system':'urn:n','value':'2'}]") },
      .after = BY_IDENTIFIER,
      .want = KEY,
      .claim = "whose number is another's" },
    { .rule = KEY,
      .stored = { ASA_IN_FORCE },
      .after = TEAM,
      .organization = "Organization/m",
      .want = "",
      .claim = "one of the two writes" },
    { .rule = KEY,
      .stored = { ASA_IN_FORCE },
      .after = TEAM,
      .organization = "Organization/x",
      .want = KEY,
      .claim = "a third does not" },
    { .rule = KEY,
      .stored = { ASA_IN_FORCE },
      .after = PLAN_OF("Organization/h"),
      .want = "",
      .claim = "a plan of one of the two" },
    { .rule = KEY,
      .stored = { ASA_IN_FORCE },
      .after = PLAN_OF("Organization/x"),
      .want = KEY,
      .claim = "a plan of a third" },
    { .rule = KEY,
      .after = "{'resourceType':'CareTeam','id':'t','category':[" CODE("care-team-category",
                                                                       "mltc") "]}",
      .want = "",
      .claim = "a team of one side needs none" },
    { .rule = KEY,
      .after = TEAM,
      .is_copy = true,
      .want = "",
      .claim = "a copy's agreement stands where it comes from" },
};

JOINT_TEST(what_is_joint_has_an_agreement, CASES)

static void it_is_in_force_on_its_days(void **state)
{
    static const struct {
        int year, month, day;
        const char *want, *claim;
    } DAYS[] = { { 2025, 12, 31, KEY, "the day before" },
                 { 2026, 1, 1, "", "the first day" },
                 { 2026, 12, 31, "", "the last day" },
                 { 2027, 1, 1, KEY, "the day after" } };
    struct program *program = joint_program();
    (void)state;
    for (size_t i = 0; i < COUNT(DAYS); i++) {
        struct rule_case row = { .rule = KEY,
                                 .stored = { ASA_IN_FORCE },
                                 .after = TEAM,
                                 .want = DAYS[i].want,
                                 .claim = DAYS[i].claim };
        struct date day = {
            .precision = DATE_DAY, .year = DAYS[i].year, .month = DAYS[i].month, .day = DAYS[i].day
        };
        stage_run_all(&row, 1, program, day);
    }
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_joint_has_an_agreement),
        cmocka_unit_test(it_is_in_force_on_its_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
