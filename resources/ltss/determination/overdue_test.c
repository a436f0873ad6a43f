/* overdue_test.c - when the last day is over, the liaisons are asked. */
#include "resources/ltss/joint_fixture.h"

#define KEY "lead-escalation"
#define UNTIL(day) ",'restriction':{'period':{'end':'" day "'}}"
#define ESCALATED ",'businessStatus':" CODE("task-business-status", "escalated")
#define LIAISON(person) EXTENSION("liaison", "valueReference", TO("PractitionerRole/" person))
#define WORLD                                                                                      \
    JOINT_TEAM("active", "," PROPOSED, ""), WORKS("lm", "m"),                                      \
        ASA("executed", BOTH_SIGNERS, LINES, ",'extension':[" LIAISON("lm") "]")
#define BOTH "Task:ld Task:lead-escalation Task:lead-escalation"
/* 2026-11-26T00:00:00Z: the 25th is over, in a program whose calendar is UTC's. */
#define MIDNIGHT (INT64_C(1795651200) * 1000000)

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("requested", "h", UNTIL("2026-11-25")),
      .now_us = MIDNIGHT,
      .makes = BOTH,
      .claim = "the last day is over" },
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("requested", "h", UNTIL("2026-11-25")),
      .now_us = MIDNIGHT - 1,
      .claim = "it is not" },
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("in-progress", "m", UNTIL("2026-11-01")),
      .now_us = MIDNIGHT,
      .makes = BOTH,
      .claim = "a counter-proposal waits too" },
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("completed", "h", UNTIL("2026-11-01")),
      .now_us = MIDNIGHT,
      .claim = "it was answered" },
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("requested", "h", UNTIL("2026-11-01") ESCALATED),
      .now_us = MIDNIGHT,
      .claim = "they were asked before" },
    { .rule = KEY,
      .stored = { WORLD },
      .after = ASKED("requested", "h", ""),
      .now_us = MIDNIGHT,
      .claim = "no last day" },
};

JOINT_TEST(nobody_answered_in_time, CASES)

static void each_side_is_asked_once(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    stage_run(&stage, &CASES[0], program, JOINT_TODAY);
    assert_true(str_is(record_code(json_get(stage.derived[0].content, "businessStatus"),
                                   CODES "task-business-status"),
                       "escalated"));
    assert_true(
        record_refers(json_get(stage.derived[1].content, "owner"), STR("PractitionerRole/lm")));
    /* A side without a liaison is asked itself. */
    assert_true(record_refers(json_get(stage.derived[2].content, "owner"), STR("Organization/h")));
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_answered_in_time),
        cmocka_unit_test(each_side_is_asked_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
