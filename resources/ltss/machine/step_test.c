/* step_test.c - every pair of statuses of every machine, by everybody: what is a step, and whose.
 */
#include <stdio.h>

#include "resources/ltss/rule_fixture.h"

#include "resources/ltss/machine/machine.h"

#define ORGANIZATIONS(x) "{'reference':'Organization/" x "'}"
#define CODE(system, code) "{'coding':[{'system':'" system "','code':'" code "'}]}"
#define TASKS "http://tandem-fhir.org/ltss/CodeSystem/tandem-task"
#define PLANS "http://tandem-fhir.org/ltss/CodeSystem/ltss-care-plan-type"
#define FULFILL "http://hl7.org/fhir/CodeSystem/task-code"

static const char *const STATUSES[] = { "",         "draft",    "requested",       "received",
                                        "accepted", "rejected", "ready",           "in-progress",
                                        "on-hold",  "failed",   "completed",       "cancelled",
                                        "active",   "revoked",  "entered-in-error" };
/* r the requester, o the owner, m who made the standing proposal, a anyone, s the server alone; an
 * operation in brackets is the only way. Apart by blanks; the new record's status is empty. */
static const struct {
    const char *type, *system, *code, *asked;
    const char *steps;
    const char *claim;
} MACHINES[] = {
    { "Task", FULFILL, "fulfill", NULL,
      ">draft:a >requested:a draft>requested:r requested>accepted:o requested>rejected:o "
      "requested>cancelled:r accepted>in-progress:o accepted>on-hold:o in-progress>completed:o "
      "in-progress>failed:o in-progress>on-hold:o on-hold>in-progress:o",
      "a referral" },
    { "Task", FULFILL, "fulfill", "5.2",
      ">draft:a >requested:a draft>requested:r requested>accepted:o requested>rejected:o "
      "requested>cancelled:r accepted>in-progress:o accepted>on-hold:o in-progress>completed:o "
      "in-progress>failed:o in-progress>on-hold:o on-hold>in-progress:o accepted>cancelled:o "
      "in-progress>cancelled:o on-hold>cancelled:o",
      "a referral whose requester has asked for its end" },
    { "Task", TASKS, "cp-referral", NULL,
      ">draft:a >requested:a draft>requested:r requested>accepted:o requested>rejected:o "
      "requested>cancelled:r accepted>in-progress:o accepted>on-hold:o in-progress>completed:o "
      "in-progress>failed:o in-progress>on-hold:o on-hold>in-progress:o",
      "a referral to a Community Partner" },
    { "Task", TASKS, "cp-assignment", NULL,
      ">requested:a requested>accepted:o requested>rejected:o accepted>in-progress:o "
      "in-progress>completed:o in-progress>failed:o",
      "an assignment" },
    { "Task", TASKS, "lead-determination", NULL,
      ">requested:a[lead-propose] requested>in-progress:o[lead-attest] "
      "in-progress>in-progress:o[lead-attest] requested>completed:o[lead-attest] "
      "in-progress>completed:o[lead-attest] requested>rejected:o[lead-attest] "
      "in-progress>rejected:o[lead-attest] requested>cancelled:m in-progress>cancelled:m",
      "a determination" },
    { "Task", TASKS, "lts-offer", NULL,
      ">requested:a requested>in-progress:o in-progress>completed:o requested>cancelled:r "
      "in-progress>cancelled:r",
      "an offer" },
    { "Task", TASKS, "offer-health-home", NULL,
      ">requested:a requested>in-progress:o requested>completed:o in-progress>completed:o "
      "requested>cancelled:r in-progress>cancelled:r",
      "an offer of a Health Home" },
    { "Task", "http://hl7.org/fhir/us/davinci-hrex/CodeSystem/hrex-temp", "data-request", NULL,
      ">requested:a requested>accepted:o requested>rejected:o accepted>in-progress:o "
      "accepted>on-hold:o in-progress>on-hold:o on-hold>in-progress:o in-progress>completed:o "
      "in-progress>failed:o on-hold>completed:o on-hold>failed:o",
      "a request for data" },
    { "Task", TASKS, "onboarding", NULL,
      ">requested:a >on-hold:a on-hold>requested:s requested>received:o requested>rejected:o "
      "received>in-progress:o received>rejected:o in-progress>on-hold:o on-hold>in-progress:o "
      "in-progress>completed:o in-progress>rejected:o requested>cancelled:r received>cancelled:r "
      "in-progress>cancelled:r on-hold>cancelled:r",
      "an onboarding" },
    { "Task", TASKS, "delivery", NULL,
      ">requested:a[push] requested>in-progress:s requested>completed:s requested>failed:s "
      "in-progress>completed:s in-progress>failed:s in-progress>in-progress:s "
      "failed>requested:a[retry] cancelled>requested:a[retry] requested>cancelled:r "
      "in-progress>cancelled:r",
      "a delivery" },
    { "Task", TASKS, "consult", NULL,
      ">requested:a requested>accepted:o requested>completed:o requested>rejected:o "
      "accepted>in-progress:o in-progress>completed:o in-progress>failed:o requested>cancelled:r "
      "accepted>cancelled:r in-progress>cancelled:r",
      "a consultation" },
    { "Task", TASKS, "duplication-review", NULL,
      ">requested:a requested>accepted:o requested>completed:o requested>rejected:o "
      "accepted>in-progress:o in-progress>completed:o in-progress>failed:o requested>cancelled:r "
      "accepted>cancelled:r in-progress>cancelled:r",
      "any other job" },
    { "CarePlan", PLANS, "mltc", NULL,
      ">draft:a >active:a draft>active:a active>on-hold:a active>completed:a active>revoked:a "
      "on-hold>active:a on-hold>completed:a on-hold>revoked:a draft>entered-in-error:a "
      "active>entered-in-error:a on-hold>entered-in-error:a completed>entered-in-error:a "
      "revoked>entered-in-error:a",
      "a care plan" },
};
static const struct {
    const char *organization;
    char letter;
} CALLERS[] = { { "Organization/r", 'r' },
                { "Organization/o", 'o' },
                { "Organization/m", 'm' },
                { "Organization/x", 'x' } };

/* Where the step stands in the row's list; NULL: it is none. */
static const char *find_step(size_t m, const char *from, const char *to)
{
    char wanted[80];
    size_t length = (size_t)snprintf(wanted, sizeof wanted, "%s>%s:", from, to);
    const char *at = MACHINES[m].steps;
    while ((at = strstr(at, wanted)) && at != MACHINES[m].steps && at[-1] != ' ')
        at++;
    return at ? at + length : NULL;
}

static const char *record(struct arena *arena, size_t m, const char *status)
{
    if (!*status)
        return NULL;
    bool is_task = !strcmp(MACHINES[m].type, "Task");
    struct str business = STR("");
    if (MACHINES[m].asked)
        business = str_print(arena,
                             ",'businessStatus':{'coding':[{'system':'http://tandem-fhir.org/ltss/"
                             "CodeSystem/referral-business-status','code':'%s'}]}",
                             MACHINES[m].asked);
    return str_print(arena,
                     "{'resourceType':'%s','id':'t','status':'%s','%s':%s{'coding':[{'system':'%s',"
                     "'code':'%s'}]}%s,'requester':" ORGANIZATIONS("r") ",'owner':" ORGANIZATIONS(
                         "o") ",'focus':{'reference':'CareTeam/team'}" STR_FMT "}",
                     MACHINES[m].type, status, is_task ? "code" : "category", is_task ? "" : "[",
                     MACHINES[m].system, MACHINES[m].code, is_task ? "" : "]", STR_ARG(business))
        .data;
}

static const char *issue_of(const struct program *program, struct rule_case *row)
{
    static const char *const RULES[] = { "illegal-transition", "not-your-step" };
    for (size_t i = 0; i < COUNT(RULES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct rule_stage stage = { .arena = arena };
        row->rule = RULES[i];
        if (stage_run(&stage, row, program, (struct date){ .precision = DATE_DAY }).len)
            return RULES[i];
    }
    return "";
}

/* What the list says that this caller gets for this step. */
static const char *wanted(const char *step, char letter, const char *operation)
{
    if (!step || *step == 's')
        return step ? "not-your-step" : "illegal-transition";
    const char *bracket = step[1] == '[' ? step + 2 : NULL;
    size_t length = bracket ? strcspn(bracket, "]") : 0;
    if (bracket &&
        (!operation || strlen(operation) != length || strncmp(bracket, operation, length) != 0))
        return "illegal-transition";
    return *step == 'a' || *step == letter ? "" : "not-your-step";
}

static void check(const struct program *program, size_t m, const char *from, const char *to,
                  const char *operation)
{
    static const char TEAM[] = "{'resourceType':'CareTeam','id':'team','managingOrganization':["
                               "{'reference':'Organization/m'},{'reference':'Organization/o'}]}";
    const char *step = find_step(m, from, to);
    for (size_t c = 0; c < COUNT(CALLERS); c++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct rule_case row = { .stored = { TEAM },
                                 .before = record(arena, m, from),
                                 .after = record(arena, m, to),
                                 .organization = CALLERS[c].organization,
                                 .operation = operation };
        const char *want = wanted(step, CALLERS[c].letter, operation);
        const char *got = issue_of(program, &row);
        if (strcmp(want, got) != 0)
            fail_msg("%s: %s->%s by %s%s%s is '%s', not '%s'", MACHINES[m].claim, from, to,
                     CALLERS[c].organization, operation ? " with $" : "",
                     operation ? operation : "", got, want);
    }
}

static const char *const KEYS[] = { "illegal-transition", "not-your-step", NULL };

static void every_pair_of_statuses_is_a_step_or_refused(void **state)
{
    static const char *const OPERATIONS[] = { NULL, "lead-attest", "lead-propose", "push",
                                              "retry" };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    for (size_t m = 0; m < COUNT(MACHINES); m++)
        for (size_t from = 0; from < COUNT(STATUSES); from++)
            for (size_t to = 1; to < COUNT(STATUSES); to++)
                for (size_t o = 0; o < COUNT(OPERATIONS) && from != to; o++)
                    check(program, m, STATUSES[from], STATUSES[to], OPERATIONS[o]);
    test_free(program);
}

#define TASK(code, status, more)                                                                   \
    "{'resourceType':'Task','id':'t','status':'" status "','code':" CODE(TASKS, code) more "}"
#define PARTIES                                                                                    \
    ",'for':{'reference':'Patient/rosa'},'requester':" ORGANIZATIONS(                              \
        "r") ",'owner':" ORGANIZATIONS("o")
#define REFERRAL(status, business)                                                                 \
    "{'resourceType':'Task','id':'t','status':'" status "','code':" CODE(FULFILL, "fulfill")       \
        PARTIES ",'businessStatus':{'coding':[{'system':'http://tandem-fhir."                      \
                "org/ltss/CodeSystem/referral-business-status','code':'" business "'}]}}"

static const struct rule_case CASES[] = {
    { .rule = "illegal-transition",
      .before = TASK("consult", "requested", PARTIES),
      .after = TASK("team-join", "requested", PARTIES),
      .organization = "Organization/o",
      .want = "illegal-transition",
      .claim = "a Task stays what it is, or it could choose its machine" },
    { .rule = "illegal-transition",
      .before = TASK("consult", "requested", PARTIES),
      .after = TASK("consult", "requested", ",'requester':" ORGANIZATIONS("o")),
      .organization = "Organization/o",
      .want = "illegal-transition",
      .claim = "and its requester is who it was" },
    { .rule = "illegal-transition",
      .before = TASK("consult", "requested", PARTIES),
      .organization = "Organization/r",
      .want = "illegal-transition",
      .claim = "what is open is cancelled, not deleted" },
    { .rule = "illegal-transition",
      .before = TASK("consult", "completed", PARTIES),
      .organization = "Organization/r",
      .want = "",
      .claim = "what has ended may go" },
    { .rule = "not-your-step",
      .before = TASK("consult", "completed", PARTIES),
      .organization = "Organization/o",
      .want = "not-your-step",
      .claim = "when its requester says so" },
    { .rule = "illegal-transition",
      .before = TASK("onboarding", "on-hold", PARTIES),
      .after = TASK("onboarding", "requested", PARTIES),
      .is_server = true,
      .want = "",
      .claim = "the server takes its step" },
    { .rule = "illegal-transition",
      .before = TASK("cp-assignment", "accepted", PARTIES),
      .after = TASK("cp-assignment", "cancelled", PARTIES),
      .is_server = true,
      .want = "",
      .claim = "and may cancel what is open" },
    { .rule = "illegal-transition",
      .before = TASK("cp-assignment", "completed", PARTIES),
      .after = TASK("cp-assignment", "cancelled", PARTIES),
      .is_server = true,
      .want = "illegal-transition",
      .claim = "but not what has ended" },
    { .rule = "illegal-transition",
      .after = TASK("consult", "completed", PARTIES),
      .is_copy = true,
      .want = "",
      .claim = "a copy is as its owner says" },
    { .rule = "not-your-step",
      .before = TASK("consult", "requested", PARTIES),
      .after = TASK("consult", "requested", PARTIES ",'description':'more'"),
      .organization = "Organization/x",
      .want = "not-your-step",
      .claim = "who is no party of a Task changes nothing of it" },
    { .rule = "not-your-step",
      .before = TASK("consult", "requested", PARTIES),
      .after = TASK("consult", "requested", PARTIES ",'description':'more'"),
      .organization = "Organization/r",
      .want = "",
      .claim = "a party may" },
    { .rule = "not-your-step",
      .before = TASK("consult", "requested", ",'requester':{'reference':'Patient/rosa'}"),
      .after = TASK("consult", "cancelled", ",'requester':{'reference':'Patient/rosa'}"),
      .patient = "Patient/rosa",
      .want = "",
      .claim = "the member is a party too" },
    { .rule = "not-your-step",
      .stored = { "{'resourceType':'PractitionerRole','id':'w','organization':" ORGANIZATIONS(
          "o") "}" },
      .before = TASK("consult", "requested", ",'owner':{'reference':'PractitionerRole/w'}"),
      .after = TASK("consult", "accepted", ",'owner':{'reference':'PractitionerRole/w'}"),
      .organization = "Organization/o",
      .want = "",
      .claim = "whoever works for it is the organization" },
    { .rule = "illegal-transition",
      .before = TASK("lead-determination", "requested", PARTIES),
      .after = TASK("lead-determination", "requested", PARTIES ",'input':[{'valueString':'x'}]"),
      .organization = "Organization/o",
      .want = "illegal-transition",
      .claim = "nothing of a determination changes but by its operations" },
    { .rule = "not-your-step",
      .before = REFERRAL("accepted", "3.0"),
      .after = REFERRAL("accepted", "5.2"),
      .organization = "Organization/o",
      .want = "not-your-step",
      .claim = "only the requester asks for the end of a referral" },
    { .rule = "not-your-step",
      .before = REFERRAL("accepted", "3.0"),
      .after = REFERRAL("accepted", "5.2"),
      .organization = "Organization/r",
      .want = "",
      .claim = "which is a step of its own" },
    { .rule = "not-your-step",
      .before = REFERRAL("in-progress", "3.0"),
      .after = REFERRAL("in-progress", "5.1.1"),
      .organization = "Organization/r",
      .want = "not-your-step",
      .claim = "only the owner says where it stands" },
};

static void a_record_goes_its_own_way_by_its_own_parties(void **state)
{
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

static void what_is_allowed_is_said(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct machine *referral = machine_table();
    (void)state;
    struct str said = machine_allowed(referral, STR("requested"), false, arena);
    assert_true(str_is(said, "accepted, rejected, cancelled"));
    assert_true(str_is(machine_allowed(referral, STR("completed"), false, arena), "none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_of_statuses_is_a_step_or_refused),
        cmocka_unit_test(a_record_goes_its_own_way_by_its_own_parties),
        cmocka_unit_test(what_is_allowed_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
