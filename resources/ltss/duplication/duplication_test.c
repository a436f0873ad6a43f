/* duplication_test.c - the same service by two organizations at the same time is said, once, and
 * both sides are asked to look. */
#include "resources/ltss/rule_fixture.h"

#define EXTENSION(organization)                                                                    \
    "'extension':[{'url':'http://tandem-fhir.org/ltss/StructureDefinition/responsible-party',"     \
    "'valueReference':{'reference':'Organization/" organization "'}}],"
#define REQUEST(id, status, organization, code, period)                                            \
    "{'resourceType':'ServiceRequest','id':'" id "'," EXTENSION(                                   \
        organization) "'status':'" status                                                          \
                      "','subject':{'reference':'Patient/rosa'},'code':{'coding':[{'system':'h',"  \
                      "'code':'" code "'}]},'occurrencePeriod':{" period "}}"
#define COORDINATION(id, organization, code, category)                                             \
    "{'resourceType':'ServiceRequest','id':'" id "'," EXTENSION(                                   \
        organization) "'status':'active','subject':{'reference':'Patient/rosa'},'code':{'coding':" \
                      "[{'system':'http://tandem-fhir.org/ltss/CodeSystem/"                        \
                      "ltss-service','code':'" code                                                \
                      "'}]},'category':[{'coding':[{'system':'http://tandem-fhir.org/ltss/"        \
                      "CodeSystem/service-category','code':'" category "'}]}]}"
#define KNOWN(status)                                                                              \
    "{'resourceType':'DetectedIssue','id':'i','status':'" status "','implicated':[{'reference':'"  \
    "ServiceRequest/a'},{'reference':'ServiceRequest/b'}]}"
#define NOVEMBER "'start':'2026-11-01','end':'2026-11-30'"
#define DECEMBER "'start':'2026-12-01'"

#define MADE "DetectedIssue: Task:duplication-review Task:duplication-review"
#define ROW(held, made, issue, said)                                                               \
    {                                                                                              \
        .rule = "duplicate-service", .stored = { held }, .after = made, .want = issue,             \
        .makes = sizeof(issue) > 1 ? MADE : NULL, .claim = said                                    \
    }
#define SAID "duplicate-service"

static const struct rule_case CASES[] = {
    ROW(REQUEST("a", "active", "empire", "T1019", NOVEMBER),
        REQUEST("b", "active", "bridge", "T1019", NOVEMBER), SAID,
        "two organizations, one service"),
    ROW(REQUEST("a", "active", "empire", "T1019", NOVEMBER),
        REQUEST("b", "active", "empire", "T1019", NOVEMBER), "", "the same party is no other"),
    ROW(REQUEST("a", "active", "empire", "T1019", NOVEMBER),
        REQUEST("b", "active", "bridge", "H0038", NOVEMBER), "", "another service is another"),
    ROW(REQUEST("a", "active", "empire", "T1019", NOVEMBER),
        REQUEST("b", "active", "bridge", "T1019", DECEMBER), "", "the day after is free"),
    ROW(REQUEST("a", "active", "empire", "T1019", "'start':'2026-11-01','end':'2026-12-01'"),
        REQUEST("b", "active", "bridge", "T1019", DECEMBER), SAID, "the last day counts"),
    ROW(REQUEST("a", "completed", "empire", "T1019", NOVEMBER),
        REQUEST("b", "active", "bridge", "T1019", NOVEMBER), "", "what is over is no duplicate"),
    ROW(REQUEST("a", "active", "empire", "T1019", NOVEMBER),
        REQUEST("b", "draft", "bridge", "T1019", NOVEMBER), "", "nor what has not begun"),
    ROW(COORDINATION("a", "empire", "care-coordination", "community-ltss"),
        COORDINATION("b", "bridge", "home-health", "hh-care-management"), SAID,
        "coordination is one function, whatever it is called"),
    { .rule = SAID,
      .stored = { REQUEST("a", "active", "empire", "T1019", NOVEMBER), KNOWN("preliminary") },
      .after = REQUEST("b", "active", "bridge", "T1019", NOVEMBER),
      .want = "",
      .claim = "it is said once" },
    { .rule = SAID,
      .stored = { REQUEST("a", "active", "empire", "T1019", NOVEMBER), KNOWN("cancelled") },
      .after = REQUEST("b", "active", "bridge", "T1019", NOVEMBER),
      .want = SAID,
      .makes = MADE,
      .claim = "and again when it was taken back" },
    { .rule = SAID,
      .stored = { REQUEST("a", "active", "empire", "T1019", NOVEMBER) },
      .after = REQUEST("b", "active", "bridge", "T1019", NOVEMBER),
      .is_copy = true,
      .want = "",
      .claim = "a copy is its owner's to judge" },
};
static const char *const KEYS[] = { SAID, NULL };

static void a_duplicate_is_accepted_with_a_warning(void **state)
{
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

static void both_sides_are_asked_to_review_it(void **state)
{
    static const struct rule_case ROW_OF_TEAM = {
        .rule = SAID,
        .stored = { REQUEST("a", "active", "empire", "T1019", NOVEMBER),
                    "{'resourceType':'PractitionerRole','id':'dana','organization':{'reference':"
                    "'Organization/empire'}}",
                    "{'resourceType':'CareTeam','id':'t','status':'active','subject':{'reference':"
                    "'Patient/rosa'},'participant':[{'role':[{'coding':[{'system':"
                    "'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role','code':"
                    "'mltc-care-coordinator'}]}],'member':{'reference':'PractitionerRole/dana'}}"
                    "]}" },
        .after = REQUEST("b", "active", "bridge", "T1019", NOVEMBER),
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run(&stage, &ROW_OF_TEAM, program, (struct date){ .precision = DATE_DAY });
    assert_int_equal(stage.derived_count, 3);
    assert_true(str_is(stage.derived[0].type, "DetectedIssue"));
    assert_true(
        record_refers(json_get(stage.derived[1].content, "owner"), STR("Organization/bridge")));
    assert_true(
        record_refers(json_get(stage.derived[2].content, "owner"), STR("PractitionerRole/dana")));
    assert_true(
        record_refers(json_get(stage.derived[2].content, "focus"), STR("DetectedIssue/made-1")));
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_duplicate_is_accepted_with_a_warning),
        cmocka_unit_test(both_sides_are_asked_to_review_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
