/* overdue_test.c - a Task is late from the midnight after its last day, by the program's calendar.
 */
#include "resources/ltss/rule_fixture.h"

#define CODES "http://tandem-fhir.org/ltss/CodeSystem/"
#define TASK(code, status, end, more)                                                              \
    "{'resourceType':'Task','id':'t','status':'" status "','code':{'coding':[{'system':'" CODES    \
    "tandem-task','code':'" code "'}]},'restriction':{'period':{'end':'" end "'}}" more "}"
#define OFFER(status, end) TASK("offer-health-home", status, end, "")
#define LATE                                                                                       \
    ",'businessStatus':{'coding':[{'system':'" CODES "task-business-status','code':'late'}]}"
#define IS_LATE                                                                                    \
    "'businessStatus':{'coding':[{'system':'" CODES "task-business-status','code':'late'}]}"

/* 2026-11-14T05:00:00Z is midnight in New York; so is 2026-11-02T05:00:00Z, at the end of the 25
 * hours of November 1. */
#define MIDNIGHT_14 INT64_C(1794632400000000)
#define MIDNIGHT_2 INT64_C(1793595600000000)
#define HALF_PAST_TEN INT64_C(1794583800000000)

static const struct rule_case CASES[] = {
    { .rule = "late",
      .after = OFFER("requested", "2026-11-13"),
      .now_us = MIDNIGHT_14 - 1,
      .derives = "",
      .claim = "all of the last day is in time" },
    { .rule = "late",
      .after = OFFER("requested", "2026-11-13"),
      .now_us = MIDNIGHT_14,
      .derives = IS_LATE,
      .claim = "the next day is late" },
    { .rule = "late",
      .after = OFFER("in-progress", "2026-11-13"),
      .now_us = MIDNIGHT_14 + INT64_C(864000000000),
      .derives = IS_LATE,
      .claim = "after downtime too" },
    { .rule = "late",
      .after = OFFER("requested", "2026-11-01"),
      .now_us = MIDNIGHT_2 - 1,
      .derives = "",
      .claim = "a day on which clocks go back has 25 hours" },
    { .rule = "late",
      .after = OFFER("requested", "2026-11-01"),
      .now_us = MIDNIGHT_2,
      .derives = IS_LATE,
      .claim = "and no more" },
    { .rule = "late",
      .after = OFFER("requested", "2026-11-13T10:30:00-05:00"),
      .now_us = HALF_PAST_TEN,
      .derives = "",
      .claim = "a second counts whole" },
    { .rule = "late",
      .after = OFFER("requested", "2026-11-13T10:30:00-05:00"),
      .now_us = HALF_PAST_TEN + 1000000,
      .derives = IS_LATE,
      .claim = "then it is over" },
    { .rule = "late",
      .after = TASK("offer-health-home", "requested", "2026-11-13", LATE),
      .now_us = MIDNIGHT_14,
      .derives = "",
      .claim = "it is said once" },
    { .rule = "late",
      .after = OFFER("completed", "2026-11-13"),
      .now_us = MIDNIGHT_14,
      .derives = "",
      .claim = "what has ended is not late" },
    { .rule = "late",
      .after = TASK("consult", "requested", "2026-11-13", ""),
      .now_us = MIDNIGHT_14,
      .derives = "",
      .claim = "other Tasks have no word for it" },
};

static const struct program_zone ZONE[] = { { INT64_MIN, -18000 },
                                            { INT64_C(1772953200000000), -14400 },
                                            { INT64_C(1793512800000000), -18000 } };

static void a_task_is_late_after_its_last_day(void **state)
{
    static const char *const KEYS[] = { NULL };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    program->zone = ZONE;
    program->zone_count = COUNT(ZONE);
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_late_after_its_last_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
