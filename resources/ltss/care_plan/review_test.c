/* review_test.c - the Task for a plan's review comes so many days before it, once. */
#include "resources/ltss/rule_fixture.h"

#define CODES "http://tandem-fhir.org/ltss/CodeSystem/"
#define PLAN(status, type, review)                                                                 \
    "{'resourceType':'CarePlan','id':'p','status':'" status                                        \
    "','category':[{'coding':[{'system':'" CODES type                                              \
    "}]}],'subject':{'reference':'Patient/rosa'},'extension':[{'url':"                             \
    "'http://tandem-fhir.org/ltss/StructureDefinition/custodian','valueReference':{'reference':"   \
    "'Organization/empire'}},{'url':'http://tandem-fhir.org/ltss/StructureDefinition/next-review'" \
    ",'valueDate':'" review "'}]}"
#define OURS "ltss-care-plan-type','code':'mltc'"
#define REVIEW(status, owner)                                                                      \
    "{'resourceType':'Task','id':'r','status':'" status "','code':{'coding':[{'system':'" CODES    \
    "tandem-task','code':'plan-review'}]},'focus':{'reference':'CarePlan/p'},'owner':{"            \
    "'reference':'" owner "'}}"

/* 2026-10-16T00:00 in New York, thirty days before November 15. */
#define NOTICE INT64_C(1792123200000000)

static const struct rule_case CASES[] = {
    { .rule = "plan-review",
      .after = PLAN("active", OURS, "2026-11-15"),
      .now_us = NOTICE - 1,
      .derives = "",
      .claim = "not 31 days before" },
    { .rule = "plan-review",
      .after = PLAN("active", OURS, "2026-11-15"),
      .now_us = NOTICE,
      .derives = "'restriction':{'period':{'end':'2026-11-15'}}",
      .claim = "but 30, and due on the day itself" },
    { .rule = "plan-review",
      .after = PLAN("active", OURS, "2026-11-15"),
      .now_us = NOTICE,
      .derives = "'owner':{'reference':'Organization/empire'}",
      .claim = "it is the custodian's" },
    { .rule = "plan-review",
      .stored = { REVIEW("requested", "Organization/empire") },
      .after = PLAN("active", OURS, "2026-11-15"),
      .now_us = NOTICE,
      .derives = "",
      .claim = "one is enough" },
    { .rule = "plan-review",
      .stored = { REVIEW("completed", "Organization/empire") },
      .after = PLAN("active", OURS, "2026-11-15"),
      .now_us = NOTICE,
      .derives = "plan-review",
      .claim = "the last year's is over" },
    { .rule = "plan-review",
      .after = PLAN("completed", OURS, "2026-11-15"),
      .now_us = NOTICE,
      .derives = "",
      .claim = "what is over is not reviewed" },
    { .rule = "plan-review",
      .after = PLAN("active", "other','code':'asthma'", "2026-11-15"),
      .now_us = NOTICE,
      .derives = "",
      .claim = "an asthma plan is not ours" },
};

static const struct program_zone ZONE[] = { { INT64_MIN, -18000 },
                                            { INT64_C(1772953200000000), -14400 },
                                            { INT64_C(1793512800000000), -18000 } };

static void a_plan_is_reviewed_in_time(void **state)
{
    static const char *const KEYS[] = { NULL };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    program->zone = ZONE;
    program->zone_count = COUNT(ZONE);
    program->values[program->value_count++] =
        (struct program_value){ .name = STR("plan-review-notice-days"), .number = 30 };
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_reviewed_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
