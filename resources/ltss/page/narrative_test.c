/* narrative_test.c - a record in words, and whose narrative stays. */
#include "resources/ltss/rule_fixture.h"

#include "resources/fhir/narrative/xhtml.h"
#include "resources/ltss/page/narrative.h"

static const struct {
    const char *json, *part; /* what the narrative holds */
    const char *claim;
} CASES[] = {
    { "{'resourceType':'CareTeam','status':'active','name':'Rosa <b>'}",
      "<p><b>Care team</b></p><dl><dt>Status</dt><dd>active</dd><dt>Name</dt><dd>Rosa "
      "&lt;b&gt;</dd></dl>",
      "each element has a line, and no text is markup" },
    { "{'resourceType':'ServiceRequest','code':{'coding':[{'code':'T1019','display':'Care'}]},"
      "'occurrencePeriod':{'start':'2026-11-01'}}",
      "<dt>Code</dt><dd>Care</dd><dt>Occurrence</dt><dd>from 2026-11-01</dd>",
      "codes, periods and choices" },
    { "{'resourceType':'CarePlan','subject':{'reference':'Patient/rosa','display':'Rosa'},"
      "'goal':[{'reference':'Goal/a'},{'reference':'Goal/b'}]}",
      "<dd>Rosa</dd><dt>Goal</dt><dd>Goal/a</dd><dt>Goal</dt><dd>Goal/b</dd>",
      "references, one line each" },
    { "{'resourceType':'CarePlan','extension':[{'url':'http://x/next-review','valueDate':"
      "'2027-05-01'},{'url':'http://x/who','extension':[{'url':'when','valueCode':'now'}]}]}",
      "<dt>Next review</dt><dd>2027-05-01</dd><dt>Who</dt><dd><dl><dt>When</dt><dd>now</dd></dl>",
      "extensions go by their name" },
    { "{'resourceType':'Task','restriction':{'period':{'end':'2026-11-13'}},'input':[{'type':"
      "{'text':'Form'},'valueReference':{'reference':'X/1'}}]}",
      "<dt>Restriction</dt><dd><dl><dt>Period</dt><dd>until "
      "2026-11-13</dd></dl></dd><dt>Input</dt>",
      "what is no data type is told inside" },
    { "{'resourceType':'Task','id':'t','meta':{'profile':['p']},'contained':[{'resourceType':'x'}]"
      "}",
      "<dl><dt>(nothing)</dt></dl>", "what is not for people is left out" },
};

static struct str given(cJSON *record, struct arena *arena)
{
    bool is_allowed, has_text;
    narrative_give(record, arena);
    struct str div = json_get_text(json_get(record, "text"), "div");
    assert_null(xhtml_scan(div, &is_allowed, &has_text));
    assert_true(is_allowed && has_text);
    return div;
}

static void a_record_is_told_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct str div = given(stage_json(arena, CASES[i].json), arena);
        if (str_find_str(div, str_of(CASES[i].part), 0) == div.len)
            fail_msg("%s: " STR_FMT, CASES[i].claim, STR_ARG(div));
    }
}

static void another_narrative_stays_and_ours_is_made_anew(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    cJSON *foreign = stage_json(arena, "{'resourceType':'Task','text':{'status':'generated','div':"
                                       "'<div>x</div>'}}");
    cJSON *own = stage_json(arena, "{'resourceType':'Task','status':'requested'}");
    (void)state;
    assert_true(str_is(given(foreign, arena), "<div>x</div>"));
    struct str before = given(own, arena);
    assert_true(str_equal(before, given(own, arena)));
    json_set_text(arena, json_get(own, "status"), STR("completed"));
    assert_true(str_find_str(given(own, arena), STR("completed"), 0) < before.len + 2);
}

/* The rest of the fixture is the rules'. */
static void no_rule_is_asked(void **state)
{
    static const struct rule_case ROW = { .rule = "lead-exists",
                                          .after = "{'resourceType':'CareTeam'}",
                                          .claim = "a team without a lead" };
    struct program *program = test_calloc(1, sizeof *program);
    struct ltss_key keys[1];
    static const char *const KEYS[] = { NULL };
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run_all(&ROW, 1, program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_told_in_words),
        cmocka_unit_test(another_narrative_stays_and_ours_is_made_anew),
        cmocka_unit_test(no_rule_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
