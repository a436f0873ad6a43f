/* overdue_test.c - both sides of an agreement meet in time, or both liaisons are asked to. */
#include "resources/ltss/joint_fixture.h"

#define KEY "meeting-overdue"
#define LIAISON(person) EXTENSION("liaison", "valueReference", TO("PractitionerRole/" person))
#define LIAISONS ",'extension':[" LIAISON("lm") "," LIAISON("lh") "]"
#define PEOPLE WORKS("lm", "m"), WORKS("lh", "h")
#define AGREEMENT ASA("executed", BOTH_SIGNERS, LINES, LIAISONS)
#define PERSON(role, person)                                                                       \
    "{'type':[" CODE("care-coordination-role", role) "],'actor':" TO("PractitionerRole/" person) "}"
#define MEETING(status, start, people)                                                             \
    "{'resourceType':'Appointment','id':'a','status':'" status "','start':'" start                 \
    "','participant':[" people "]}"
#define BOTH_SIDES                                                                                 \
    PERSON("mltc-care-coordinator", "lm") "," PERSON("health-home-care-manager", "lh")
#define BOTH "Task:meeting-overdue Task:meeting-overdue"
#define ASKED_BEFORE(person)                                                                       \
    "{'resourceType':'Task','id':'o" person                                                        \
    "','status':'requested','code':" CODE("tandem-task", "meeting-overdue") ",'focus':" TO(        \
        "Contract/asa") ",'owner':" TO("PractitionerRole/" person) "}"

/* 2026-04-02T00:00Z: 90 whole days have passed after January 1, in a program whose days are UTC's.
 */
#define DAY_91 INT64_C(1775088000000000)
#define DAYS(n) ((n)*INT64_C(86400000000))

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { PEOPLE },
      .after = AGREEMENT,
      .now_us = DAY_91 - 1,
      .claim = "the 90th day is in time" },
    { .rule = KEY,
      .stored = { PEOPLE },
      .after = AGREEMENT,
      .now_us = DAY_91,
      .makes = BOTH,
      .claim = "the 91st is not" },
    { .rule = KEY,
      .stored = { PEOPLE, MEETING("fulfilled", "2026-02-01T10:00:00Z", BOTH_SIDES) },
      .after = AGREEMENT,
      .now_us = DAY_91,
      .claim = "they met meanwhile" },
    { .rule = KEY,
      .stored = { PEOPLE, MEETING("fulfilled", "2026-02-01T10:00:00Z", BOTH_SIDES) },
      .after = AGREEMENT,
      .now_us = DAY_91 + DAYS(31),
      .makes = BOTH,
      .claim = "but that is 90 days ago too" },
    { .rule = KEY,
      .stored = { PEOPLE, MEETING("booked", "2026-03-31T10:00:00Z", BOTH_SIDES) },
      .after = AGREEMENT,
      .now_us = DAY_91,
      .makes = BOTH,
      .claim = "a meeting that was not held is none" },
    { .rule = KEY,
      .stored = { PEOPLE, MEETING("fulfilled", "2026-03-31T10:00:00Z",
                                  PERSON("mltc-care-coordinator", "lm")) },
      .after = AGREEMENT,
      .now_us = DAY_91,
      .makes = BOTH,
      .claim = "nor one of one side" },
    { .rule = KEY,
      .stored = { PEOPLE, ASKED_BEFORE("lm"), ASKED_BEFORE("lh") },
      .after = AGREEMENT,
      .now_us = DAY_91,
      .claim = "they are asked once" },
    { .rule = KEY,
      .stored = { PEOPLE },
      .after = ASA("terminated", BOTH_SIGNERS, LINES, LIAISONS),
      .now_us = DAY_91,
      .claim = "an agreement that has ended asks for no meeting" },
};

JOINT_TEST(both_sides_meet_in_time, CASES)

static int64_t again_after(const struct rule_case *row)
{
    struct program *program = joint_program();
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    stage_run(&stage, row, program, JOINT_TODAY);
    test_free(program);
    return stage.again_us;
}

static void the_next_look_is_when_the_last_meeting_is_too_long_ago(void **state)
{
    (void)state;
    assert_true(again_after(&CASES[2]) == DAY_91 + DAYS(31));
    assert_true(again_after(&CASES[1]) > DAY_91);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_meet_in_time),
        cmocka_unit_test(the_next_look_is_when_the_last_meeting_is_too_long_ago),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
