/* words_test.c - data types as a reader sees them. */
#include "resources/ltss/rule_fixture.h"

#include "resources/ltss/page/words.h"

static struct str concept(const cJSON *value, struct arena *arena)
{
    return words_concept(value, arena);
}

static struct str time_of(const cJSON *value, struct arena *arena)
{
    return words_time(json_get_text(value, "at"), arena);
}

static const struct {
    struct str (*words)(const cJSON *value, struct arena *arena);
    const char *json, *want;
} CASES[] = {
    { concept, "{'text':'Peer support','coding':[{'display':'x'}]}", "Peer support" },
    { concept, "{'coding':[{'code':'T1019'},{'display':'Personal care'}]}", "Personal care" },
    { concept, "{'coding':[{'code':'T1019'}]}", "T1019" },
    { words_name, "{'given':['Rosa','M.'],'family':'Delgado'}", "Rosa M. Delgado" },
    { words_name, "{'text':'Rosa Delgado','family':'x'}", "Rosa Delgado" },
    { words_period, "{'start':'2026-11-01','end':'2026-11-30'}", "2026-11-01 to 2026-11-30" },
    { words_period, "{'start':'2026-11-01'}", "from 2026-11-01" },
    { words_period, "{'end':'2026-11-30'}", "until 2026-11-30" },
    { words_period, "{}", "" },
    { words_amount, "{'value':10,'unit':'meal'}", "10 meal" },
    { words_amount, "{'value':1.50,'code':'h'}", "1.50 h" },
    { words_amount,
      "{'numerator':{'value':20,'unit':'15 minutes'},'denominator':{'value':1,'unit':'week'}}",
      "20 \xc3\x97 15 minutes per week" },
    { words_amount, "{'low':{'value':1,'unit':'h'},'high':{'value':2,'unit':'h'}}", "1 h to 2 h" },
    { time_of, "{'at':'2026-11-06T16:05:00-05:00'}", "2026-11-06, 16:05" },
    { time_of, "{'at':'2026-11-06T16:05:00Z'}", "2026-11-06, 16:05 UTC" },
    { time_of, "{'at':'2026-11'}", "2026-11" },
};

static void each_data_type_has_its_words(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct str got = CASES[i].words(stage_json(arena, CASES[i].json), arena);
        if (!str_is(got, CASES[i].want))
            fail_msg("%s: " STR_FMT, CASES[i].json, STR_ARG(got));
    }
    assert_int_equal(words_concept(NULL, arena).len + words_name(NULL, arena).len, 0);
    assert_int_equal(words_amount(NULL, arena).len + words_period(NULL, arena).len, 0);
}

/* The rest of the fixture is the rules'. */
static void a_reference_is_whoever_is_there(void **state)
{
    static const struct rule_case ROW = {
        .rule = "lead-exists",
        .stored = { "{'resourceType':'Organization','id':'o','name':'Bridge'}" },
        .after = "{'resourceType':'CareTeam','id':'t'}",
        .claim = "a team without a lead",
    };
    static const char *const KEYS[] = { NULL };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run(&stage, &ROW, program, (struct date){ .precision = DATE_DAY });
    stage_run_all(&ROW, 1, program, (struct date){ .precision = DATE_DAY });
    struct lookup lookup = { &stage, stage_read, stage_find };
    struct rule_run run = { .lookup = &lookup, .arena = arena };
    const cJSON *there = stage_json(arena, "{'reference':'Organization/o','display':'x'}");
    const cJSON *gone = stage_json(arena, "{'reference':'Organization/p','display':'Sun'}");
    assert_true(str_is(words_reference(&run, there), "Bridge"));
    assert_true(str_is(words_reference(&run, gone), "Sun"));
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_data_type_has_its_words),
        cmocka_unit_test(a_reference_is_whoever_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
