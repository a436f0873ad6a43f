/* content_test.c - business status, result and reason of a Task, by its status. */
#include "resources/ltss/rule_fixture.h"

#define CODES "http://tandem-fhir.org/ltss/CodeSystem/"
#define CODE(system, code) "{'coding':[{'system':'" system "','code':'" code "'}]}"
#define TASK(code, status, more)                                                                   \
    "{'resourceType':'Task','status':'" status "','code':" CODE(CODES "tandem-task", code) more "}"
#define REFERRAL(status, more)                                                                     \
    "{'resourceType':'Task','status':'" status                                                     \
    "','code':" CODE("http://hl7.org/fhir/CodeSystem/task-code", "fulfill") more "}"
#define BUSINESS(code) ",'businessStatus':" CODE(CODES "referral-business-status", code)
#define OUTPUT(code, target)                                                                       \
    ",'output':[{'type':" CODE(CODES "task-io", code) ",'valueReference':{'reference':'" target    \
                                                      "'}}]"
#define INFORMED "{'type':" CODE(CODES "task-io", "information-provided") ",'valueBoolean':true}"
#define DECIDED                                                                                    \
    "{'type':" CODE(CODES "task-io", "decision") ",'valueCodeableConcept':" CODE(                  \
        CODES "lts-decision", "declined") "}"

/* BUSINESS_IS(rule's answer, status, code) */
#define BUSINESS_ROW(status, code, issue, said)                                                    \
    {                                                                                              \
        .rule = "business-status-mismatch", .after = REFERRAL(status, BUSINESS(code)),             \
        .want = issue, .claim = said                                                               \
    }
#define MISMATCH "business-status-mismatch"

static const struct rule_case CASES[] = {
    { .rule = MISMATCH, .after = REFERRAL("draft", ""), .want = "", .claim = "a draft has none" },
    BUSINESS_ROW("draft", "2.0", "", "or is created"),
    BUSINESS_ROW("draft", "3.0", MISMATCH, "and no more"),
    { .rule = MISMATCH,
      .after = REFERRAL("requested", ""),
      .want = MISMATCH,
      .claim = "what is requested says so" },
    BUSINESS_ROW("requested", "2.0", "", "created"),
    BUSINESS_ROW("requested", "3.0", MISMATCH, "nobody has accepted it yet"),
    BUSINESS_ROW("accepted", "3.0", "", "accepted"),
    BUSINESS_ROW("accepted", "5.2", "", "its end is asked for"),
    BUSINESS_ROW("accepted", "5.1.1", MISMATCH, "an appointment is work in progress"),
    BUSINESS_ROW("rejected", "4.0", "", "declined"),
    BUSINESS_ROW("rejected", "6.0", MISMATCH, "which is not cancelled"),
    BUSINESS_ROW("in-progress", "3.0", "", "begun"),
    BUSINESS_ROW("in-progress", "5.1.1", "", "with an appointment"),
    BUSINESS_ROW("in-progress", "5.1.4", "", "that was kept"),
    BUSINESS_ROW("in-progress", "5.2", "", "or its end asked for"),
    BUSINESS_ROW("in-progress", "7.0", MISMATCH, "but not over"),
    BUSINESS_ROW("on-hold", "5.1.3", "", "an appointment was cancelled"),
    BUSINESS_ROW("on-hold", "2.0", MISMATCH, "it was accepted before"),
    BUSINESS_ROW("failed", "5.1.2", "", "the member did not come"),
    BUSINESS_ROW("failed", "7.0", MISMATCH, "what failed is not completed"),
    BUSINESS_ROW("cancelled", "6.0", "", "cancelled"),
    BUSINESS_ROW("cancelled", "5.2", MISMATCH, "asked for is not done"),
    BUSINESS_ROW("completed", "7.0", "", "completed"),
    BUSINESS_ROW("completed", "5.1.4", MISMATCH, "an appointment kept is not all"),
    { .rule = MISMATCH,
      .after = TASK("consult", "requested", ""),
      .want = "",
      .claim = "other Tasks need none" },

    { .rule = "output-missing",
      .after = TASK("plan-review", "completed", ""),
      .want = "output-missing",
      .claim = "what is completed has a result" },
    { .rule = "output-missing",
      .after = TASK("plan-review", "completed", OUTPUT("form", "QuestionnaireResponse/f")),
      .want = "",
      .claim = "any" },
    { .rule = "output-missing",
      .after = TASK("plan-review", "in-progress", ""),
      .want = "",
      .claim = "not before" },
    { .rule = "output-missing",
      .after = TASK("consult", "completed", OUTPUT("form", "QuestionnaireResponse/f")),
      .want = "output-missing",
      .claim = "a consultation was talk" },
    { .rule = "output-missing",
      .after = TASK("consult", "completed", OUTPUT("form", "Communication/c")),
      .want = "",
      .claim = "on record" },
    { .rule = "output-missing",
      .after = TASK("consult", "completed", OUTPUT("form", "CommunicationRequest/c")),
      .want = "output-missing",
      .claim = "not only asked for" },
    { .rule = "output-missing",
      .after = TASK("onboarding", "completed", OUTPUT("form", "Contract/c")),
      .want = "",
      .claim = "an onboarding ends with a contract" },
    { .rule = "information-not-provided",
      .after = TASK("lts-offer", "in-progress", ""),
      .want = "information-not-provided",
      .claim = "an offer begins with information" },
    { .rule = "information-not-provided",
      .after = TASK("lts-offer", "in-progress", ",'output':[" INFORMED "]"),
      .want = "",
      .claim = "which was given" },
    { .rule = "decision-missing",
      .after = TASK("lts-offer", "completed", ",'output':[" INFORMED "]"),
      .want = "decision-missing",
      .claim = "and ends with a decision" },
    { .rule = "decision-missing",
      .after = TASK("lts-offer", "completed", ",'output':[" INFORMED "," DECIDED "]"),
      .want = "",
      .claim = "whatever it is" },
    { .rule = "decision-missing",
      .after = TASK("offer-health-home", "completed", ",'output':[" DECIDED "]"),
      .want = "",
      .claim = "of a Health Home too" },
    { .rule = "decision-missing",
      .after = TASK("offer-health-home", "completed", ",'output':[" INFORMED "]"),
      .want = "decision-missing",
      .claim = "information alone is no decision" },

    { .rule = "reason-required",
      .after = TASK("consult", "rejected", ""),
      .want = "reason-required",
      .claim = "who says no says why" },
    { .rule = "reason-required",
      .after = TASK("consult", "rejected", ",'statusReason':{'coding':[{'code':'x'}]}"),
      .want = "reason-required",
      .claim = "in words" },
    { .rule = "reason-required",
      .after = TASK("consult", "cancelled", ",'statusReason':{'text':'not needed any more'}"),
      .want = "",
      .claim = "these" },
    { .rule = "reason-required",
      .after = TASK("consult", "accepted", ""),
      .want = "",
      .claim = "yes needs no reason" },
};

static void a_task_holds_what_its_status_promises(void **state)
{
    static const char *const KEYS[] = { MISMATCH,           "output-missing",
                                        "decision-missing", "information-not-provided",
                                        "reason-required",  NULL };
    struct ltss_key keys[COUNT(KEYS)];
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_program(program, keys, KEYS);
    stage_run_all(CASES, COUNT(CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_holds_what_its_status_promises),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
