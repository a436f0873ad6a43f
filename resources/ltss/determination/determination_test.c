/* determination_test.c - who may propose whom, who may answer, and what each answer writes. */
#include "resources/ltss/determination/determination.h"

#include "resources/ltss/joint_fixture.h"

#define PEOPLE WORKS("mc", "m"), WORKS("hm", "h"), WORKS("xx", "x")
#define WORLD PEOPLE, ASA_IN_FORCE, GOOD_FORM
#define TEAM JOINT_TEAM("active", "", "")
#define ON_PROPOSAL JOINT_TEAM("active", "," PROPOSED, "")
#define OTHER_NEED "{'system':'" CODES "primary-need','code':'ltss-functional'}"
#define OTHER_ANSWERS                                                                              \
    ANSWER("primary-need", "valueCoding", OTHER_NEED)                                              \
    "," ANSWER("lead-care-manager", "valueReference", TO("PractitionerRole/mc"))
#define OTHER_FORM                                                                                 \
    "{'resourceType':'QuestionnaireResponse','id':'other','status':'amended','questionnaire':"     \
    "'http://tandem-fhir.org/ltss/Questionnaire/care-planning-coordination-form','subject':" TO(   \
        "Patient/rosa") ",'item':[" OTHER_ANSWERS "]}"

/* One asking; task NULL: a proposal. */
struct asking {
    const char *stored[8];
    const char *team, *task;
    const char *organization;
    const char *candidate, *need, *form; /* of the proposal or counter-proposal */
    const char *decision, *attester, *note;
    const char *want;
    const char *status; /* of the Task afterwards */
    const char *owner;
    const char *claim;
};

#define MY_PROPOSAL                                                                                \
    .team = TEAM, .organization = "Organization/m", .candidate = "PractitionerRole/hm",            \
    .need = "behavioral-health", .form = "QuestionnaireResponse/form"
#define THEIR_ANSWER                                                                               \
    .stored = { WORLD, OTHER_FORM }, .team = ON_PROPOSAL, .organization = "Organization/h",        \
    .attester = "PractitionerRole/hm"
#define REQUESTED .task = ASKED("requested", "h", "")

static const struct asking ASKINGS[] = {
    { .stored = { WORLD },
      MY_PROPOSAL,
      .want = "",
      .status = "requested",
      .owner = "Organization/h",
      .claim = "a plan proposes the Health Home's manager" },
    { .stored = { WORLD },
      .team = TEAM,
      .organization = "Organization/x",
      .want = "not-a-party",
      .claim = "a third organization does not" },
    { .stored = { PEOPLE, GOOD_FORM, ASA("terminated", BOTH_SIGNERS, LINES, "") },
      MY_PROPOSAL,
      .want = "asa-required",
      .claim = "nor anybody without an agreement in force" },
    { .stored = { WORLD },
      .team = TEAM,
      .organization = "Organization/m",
      .candidate = "PractitionerRole/xx",
      .need = "behavioral-health",
      .form = "QuestionnaireResponse/form",
      .want = "candidate-not-party",
      .claim = "the lead works for one of the two" },
    { .stored = { WORLD },
      .team = TEAM,
      .organization = "Organization/m",
      .candidate = "PractitionerRole/hm",
      .form = "QuestionnaireResponse/form",
      .want = "primary-need-required",
      .claim = "and is chosen by a need" },
    { .stored = { WORLD },
      .team = TEAM,
      .organization = "Organization/m",
      .candidate = "PractitionerRole/hm",
      .need = "social-needs",
      .form = "QuestionnaireResponse/form",
      .want = "primary-need-mismatch",
      .claim = "which is the form's" },
    { .stored = { WORLD },
      .team = TEAM,
      .organization = "Organization/m",
      .candidate = "PractitionerRole/mc",
      .need = "behavioral-health",
      .form = "QuestionnaireResponse/form",
      .want = "lead-not-documented",
      .claim = "the form names the lead, not another" },
    { .stored = { PEOPLE, ASA_IN_FORCE,
                  FORM("in-progress", "Patient/rosa", "behavioral-health", "PractitionerRole/hm") },
      MY_PROPOSAL,
      .want = "lead-not-documented",
      .claim = "and is finished" },
    { .stored = { PEOPLE, ASA_IN_FORCE,
                  FORM("amended", "Patient/rosa", "behavioral-health", "PractitionerRole/hm") },
      MY_PROPOSAL,
      .want = "",
      .status = "requested",
      .owner = "Organization/h",
      .claim = "or amended" },
    { .stored = { PEOPLE, ASA_IN_FORCE,
                  FORM("completed", "Patient/x", "behavioral-health", "PractitionerRole/hm") },
      MY_PROPOSAL,
      .want = "lead-not-documented",
      .claim = "and the member's" },
    { .stored = { WORLD, ASKED("requested", "h", "") },
      MY_PROPOSAL,
      .want = "determination-open",
      .claim = "one proposal at a time" },
    { .stored = { WORLD, ASKED("in-progress", "m", "") },
      MY_PROPOSAL,
      .want = "determination-open",
      .claim = "also while it is countered" },
    { .stored = { WORLD, ASKED("rejected", "h", "") },
      MY_PROPOSAL,
      .want = "",
      .status = "requested",
      .owner = "Organization/h",
      .claim = "one that was refused is over" },
    { .stored = { WORLD },
      .team = JOINT_TEAM("inactive", "", ""),
      .organization = "Organization/m",
      .candidate = "PractitionerRole/hm",
      .need = "behavioral-health",
      .form = "QuestionnaireResponse/form",
      .want = "illegal-transition",
      .claim = "a team that has ended chooses nobody" },
    { .stored = { WORLD },
      .team = JOINT_TEAM("active", "", "," LEAD),
      .organization = "Organization/m",
      .candidate = "PractitionerRole/hm",
      .need = "behavioral-health",
      .form = "QuestionnaireResponse/form",
      .want = "",
      .status = "requested",
      .owner = "Organization/h",
      .claim = "a lead in force forbids no proposal" },

    { THEIR_ANSWER, REQUESTED, .decision = "agree", .want = "", .status = "completed",
      .owner = "Organization/h", .claim = "the other side agrees" },
    { .stored = { WORLD },
      .team = ON_PROPOSAL,
      .task = ASKED("requested", "h", ""),
      .organization = "Organization/m",
      .attester = "PractitionerRole/mc",
      .decision = "agree",
      .want = "second-attester-same-party",
      .claim = "the same side does not" },
    { .stored = { WORLD },
      .team = ON_PROPOSAL,
      .task = ASKED("in-progress", "m", ""),
      .organization = "Organization/h",
      .attester = "PractitionerRole/hm",
      .decision = "agree",
      .want = "second-attester-same-party",
      .claim = "who countered neither" },
    { .stored = { WORLD },
      .team = ON_PROPOSAL,
      .task = ASKED("requested", "h", ""),
      .organization = "Organization/x",
      .attester = "PractitionerRole/xx",
      .decision = "agree",
      .want = "not-a-party",
      .claim = "nor a third" },
    { .stored = { WORLD },
      .team = ON_PROPOSAL,
      .task = ASKED("requested", "h", ""),
      .organization = "Organization/h",
      .attester = "PractitionerRole/mc",
      .decision = "agree",
      .want = "not-a-party",
      .claim = "who attests works for the side that answers" },
    { THEIR_ANSWER, .task = ASKED("completed", "h", ""), .decision = "agree",
      .want = "illegal-transition", .claim = "what was answered is not answered again" },
    { THEIR_ANSWER, .task = ASKED("cancelled", "h", ""), .decision = "disagree", .note = "no",
      .want = "illegal-transition", .claim = "nor what was taken back" },
    { THEIR_ANSWER, REQUESTED, .decision = "perhaps", .want = "code-invalid",
      .claim = "an answer is one of three" },
    { THEIR_ANSWER, REQUESTED, .decision = "disagree", .want = "reason-required",
      .claim = "to disagree is to say why" },
    { THEIR_ANSWER, REQUESTED, .decision = "disagree", .note = "no", .want = "",
      .status = "rejected", .owner = "Organization/h", .claim = "and closes the proposal" },
    { THEIR_ANSWER, REQUESTED, .decision = "counter", .form = "QuestionnaireResponse/other",
      .want = "counter-incomplete", .claim = "a counter-proposal has its candidate" },
    { THEIR_ANSWER, REQUESTED, .decision = "counter", .candidate = "PractitionerRole/mc",
      .want = "counter-incomplete", .claim = "and its form" },
    { THEIR_ANSWER, REQUESTED, .decision = "counter", .candidate = "PractitionerRole/mc",
      .form = "QuestionnaireResponse/form", .want = "lead-not-documented",
      .claim = "which names this candidate" },
    { THEIR_ANSWER, REQUESTED, .decision = "counter", .candidate = "PractitionerRole/mc",
      .form = "QuestionnaireResponse/other", .want = "", .status = "in-progress",
      .owner = "Organization/m", .claim = "then the first side is asked" },
    { .stored = { PEOPLE, ASA_IN_FORCE,
                  FORM("amended", "Patient/rosa", "behavioral-health", "PractitionerRole/mc") },
      .team = ON_PROPOSAL,
      .task = ASKED("requested", "h", ""),
      .organization = "Organization/h",
      .attester = "PractitionerRole/hm",
      .decision = "agree",
      .want = "lead-not-documented",
      .claim = "nobody agrees to what the form no longer says" },
};

struct asked {
    struct rule_stage stage;
    struct lookup lookup;
    struct change change;
    struct caller caller;
    struct issues issues;
    struct rule rule;
    struct rule_run run;
    struct determination_records records;
};

static void choose(struct determination_choice *choice, const struct asking *row,
                   struct arena *arena)
{
    choice->candidate = str_of(row->candidate);
    choice->form = str_of(row->form);
    choice->rationale = STR("why");
    if (row->need)
        choice->needs[choice->need_count++] = stage_json(
            arena, str_print(arena, "{'coding':[{'system':'" CODES "primary-need','code':'%s'}]}",
                             row->need)
                       .data);
}

static bool ask(struct asked *asked, const struct asking *row, const struct program *program)
{
    struct arena *arena = asked->stage.arena;
    struct rule_case world = { .rule = "" };
    memcpy(world.stored, row->stored, sizeof world.stored);
    stage_fill(&asked->stage, &world);
    issues_init(&asked->issues, arena, STR(""));
    asked->lookup = (struct lookup){ &asked->stage, stage_read, stage_find };
    asked->change = (struct change){ .act = CHANGE_UPDATE,
                                     .type = STR("CareTeam"),
                                     .id = STR("t"),
                                     .before = stage_json(arena, row->team) };
    asked->caller = (struct caller){ .organization = str_of(row->organization) };
    asked->rule = (struct rule){ .key = "joint-determination-required" };
    asked->run = (struct rule_run){ .rule = &asked->rule,
                                    .program = program,
                                    .change = &asked->change,
                                    .caller = &asked->caller,
                                    .lookup = &asked->lookup,
                                    .now_us = INT64_C(1795608000) * 1000000,
                                    .today = JOINT_TODAY,
                                    .arena = arena,
                                    .issues = &asked->issues,
                                    .derive = stage_derive,
                                    .context = &asked->stage };
    asked->records = (struct determination_records){
        .team_id = STR("t"), .task_id = STR("ld"), .provenance_id = STR("pv"), .team_version = 7
    };
    if (row->task) {
        struct determination_answer answer = { .decision = str_of(row->decision),
                                               .attester = str_of(row->attester),
                                               .note = str_of(row->note) };
        choose(&answer.counter, row, arena);
        return determination_attest(&asked->run, stage_json(arena, row->task), &answer,
                                    &asked->records);
    }
    struct determination_choice choice = { .rationale = { 0 } };
    choose(&choice, row, arena);
    return determination_propose(&asked->run, &choice, &asked->records);
}

static void check_row(const struct asking *row, const struct program *program)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct asked asked = { .stage = { .arena = arena } };
    bool is_good = ask(&asked, row, program);
    struct str got = asked.issues.first ? asked.issues.first->key : STR("");
    if (!str_is(got, row->want) || is_good != !*row->want)
        fail_msg("%s: '" STR_FMT "'", row->claim, STR_ARG(got));
    const cJSON *task = asked.records.task;
    if (is_good && !(str_is(json_get_text(task, "status"), row->status) &&
                     record_refers(json_get(task, "owner"), str_of(row->owner))))
        fail_msg("%s: the Task is " STR_FMT, row->claim, STR_ARG(json_get_text(task, "status")));
}

static void each_question_and_answer(void **state)
{
    struct program *program = joint_program();
    (void)state;
    for (size_t i = 0; i < COUNT(ASKINGS); i++)
        check_row(&ASKINGS[i], program);
    test_free(program);
}

static const struct asking *row_of(const char *claim)
{
    for (size_t i = 0; i < COUNT(ASKINGS); i++)
        if (!strcmp(ASKINGS[i].claim, claim))
            return &ASKINGS[i];
    fail();
    return NULL;
}

static struct str status_at(const cJSON *element)
{
    return record_extension_text(record_extension(element, "lead-determination"), "status");
}

static void a_proposal_makes_nobody_the_lead(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct asked asked = { .stage = { .arena = arena } };
    assert_true(ask(&asked, row_of("a plan proposes the Health Home's manager"), program));
    const cJSON *team = asked.records.team, *task = asked.records.task;
    assert_true(str_is(status_at(team), "proposed"));
    assert_int_equal(json_count(json_get(team, "participant")), 2);
    assert_true(str_is(json_get_text(json_get(json_get(task, "restriction"), "period"), "end"),
                       "2026-12-05"));
    assert_int_equal(json_count(json_get(task, "input")), 4);
    assert_true(record_refers(json_get(asked.records.provenance, "target"), STR("Task/ld")));
    assert_int_equal(json_count(json_get(asked.records.provenance, "signature")), 1);
    test_free(program);
}

static size_t count_agreed(const cJSON *determination)
{
    size_t count = 0;
    for (const cJSON *one = record_first(determination, "extension"); one; one = one->next)
        count += str_is(json_get_text(one, "url"), "agreedBy");
    return count;
}

static void both_agree_to_the_lead(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct asked asked = { .stage = { .arena = arena } };
    struct asking row = *row_of("the other side agrees");
    row.team =
        JOINT_TEAM("active", "," PROPOSED,
                   "," ENTRY("lead-care-manager", "PractitionerRole/mc",
                             ",'extension':[" DETERMINED "],'period':{'start':'2026-01-01'}"));
    row.stored[6] = "{'resourceType':'CareTeam','id':'own','status':'active','subject':" TO(
        "Patient/rosa") ",'participant':[" ENTRY("lead-care-manager", "PractitionerRole/mc",
                                                 "") "]}";
    assert_true(ask(&asked, &row, program));
    const cJSON *people = json_get(asked.records.team, "participant");
    const cJSON *former = json_at(people, 2), *lead = json_at(people, 3);
    const cJSON *said = record_extension(lead, "lead-determination");
    assert_null(record_extension(asked.records.team, "lead-determination"));
    assert_true(str_is(status_at(former), "superseded"));
    assert_true(str_is(json_get_text(json_get(former, "period"), "end"), "2026-11-25"));
    assert_true(str_is(status_at(lead), "determined"));
    assert_true(record_refers(json_get(lead, "member"), STR("PractitionerRole/hm")));
    assert_int_equal(count_agreed(said), 2);
    assert_true(
        str_is(json_get_text(record_value(record_extension(said, "supersedes")), "reference"),
               "CareTeam/t/_history/7"));
    assert_null(record_extension(said, "candidate"));
    /* The plan's own team has a lead no more, and all are told. */
    assert_int_equal(asked.stage.derived_count, 2);
    assert_true(str_is(asked.stage.derived[0].id, "own"));
    assert_true(str_is(asked.stage.derived[1].type, "Communication"));
    assert_int_equal(json_count(json_get(asked.stage.derived[1].content, "recipient")), 3);
    test_free(program);
}

static void a_dispute_stays_on_record(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct asked asked = { .stage = { .arena = arena } };
    assert_true(ask(&asked, row_of("and closes the proposal"), program));
    assert_true(str_is(status_at(asked.records.team), "disputed"));
    assert_true(str_is(json_get_text(json_get(asked.records.task, "statusReason"), "text"), "no"));
    test_free(program);
}

static void a_counter_proposal_stands_instead(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct asked asked = { .stage = { .arena = arena } };
    assert_true(ask(&asked, row_of("then the first side is asked"), program));
    struct determination_choice choice;
    determination_read(record_extension(asked.records.team, "lead-determination"), &choice);
    assert_true(str_is(choice.candidate, "PractitionerRole/mc"));
    assert_int_equal(choice.need_count, 1);
    assert_true(str_is(record_code(choice.needs[0], CODES "primary-need"), "ltss-functional"));
    assert_int_equal(json_count(json_get(asked.records.task, "input")), 3);
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question_and_answer),
        cmocka_unit_test(a_proposal_makes_nobody_the_lead),
        cmocka_unit_test(both_agree_to_the_lead),
        cmocka_unit_test(a_dispute_stays_on_record),
        cmocka_unit_test(a_counter_proposal_stands_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
