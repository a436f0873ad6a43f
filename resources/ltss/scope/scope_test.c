/* scope_test.c - what lies outside the plan is not the plan's. */
#include "resources/ltss/joint_fixture.h"

#define EXCEEDED "scope-exceeded"
#define BILLED "out-of-plan-service"
#define OWN "measure-not-own"
#define SERVICE(code) "{'coding':[{'system':'urn:s','code':'" code "'}]}"
#define REQUEST(code, more)                                                                        \
    "{'resourceType':'ServiceRequest','id':'r','code':" SERVICE(code) more "}"
#define OUT ",'extension':[" EXTENSION("plan-scope", "valueCode", "'out-of-plan'") "]"
#define ACTIVITY(scope, party)                                                                     \
    "{'resourceType':'CarePlan','id':'p','extension':[" GOVERNED                                   \
    "],'activity':[{'extension':[" EXTENSION(                                                      \
        "plan-scope", "valueCode",                                                                 \
        "'" scope "'") "," EXTENSION("responsible-party", "valueReference",                        \
                                     TO("Organization/" party)) "],'reference':" TO("ServiceReque" \
                                                                                    "st/r") "}]}"
#define FULFILL(owner)                                                                             \
    "{'resourceType':'Task','id':'k','code':{'coding':[{'system':"                                 \
    "'http://hl7.org/fhir/CodeSystem/task-code','code':'fulfill'}]},'focus':" TO(                  \
        "ServiceRequest/r") ",'owner':" TO("Organization/" owner) "}"
#define CLAIM(provider, insurer, code)                                                             \
    "{'resourceType':'Claim','id':'c','provider':" TO("Organization/" provider) ",'insurer':" TO(  \
        "Organization/" insurer) ",'item':[{'productOrService':" SERVICE("X") "},"                 \
                                                                              "{'"                 \
                                                                              "productOrService'"  \
                                                                              ":" SERVICE(         \
                                                                                  code) "}]}"
#define REPORT(reporter, measured)                                                                 \
    "{'resourceType':'MeasureReport','id':'m','reporter':" TO(                                     \
        "Organization/" reporter) ",'extension':[" EXTENSION("measured-organization",              \
                                                             "valueReference",                     \
                                                             TO("Organization/" measured)) "]}"

static const struct rule_case CASES[] = {
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("T1019", "") },
      .after = ACTIVITY("in-plan", "m"),
      .want = "",
      .claim = "the plan answers for what is in the plan" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("T1019", "") },
      .after = ACTIVITY("out-of-plan", "m"),
      .want = EXCEEDED,
      .claim = "not for what the activity puts outside" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("H0038", "") },
      .after = ACTIVITY("in-plan", "m"),
      .want = EXCEEDED,
      .claim = "nor for what the agreement does, whatever the activity says" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("H0038", "") },
      .after = ACTIVITY("out-of-plan", "h"),
      .want = "",
      .claim = "the Health Home answers for it" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, REQUEST("T1019", OUT) },
      .after = FULFILL("m"),
      .want = EXCEEDED,
      .claim = "a referral to the plan of what is outside" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, REQUEST("T1019", OUT) },
      .after = FULFILL("h"),
      .want = "",
      .claim = "to the Health Home" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("H0038", "") },
      .after = FULFILL("m"),
      .want = EXCEEDED,
      .claim = "outside by the agreement" },
    { .rule = EXCEEDED,
      .stored = { PLAN, HOME, ASA_IN_FORCE, REQUEST("T1019", "") },
      .after = FULFILL("m"),
      .want = "",
      .claim = "inside by the agreement" },
    { .rule = BILLED,
      .stored = { PLAN, HOME, ASA_IN_FORCE },
      .after = CLAIM("m", "state", "H0038"),
      .want = BILLED,
      .claim = "the plan bills for what is outside" },
    { .rule = BILLED,
      .stored = { PLAN, HOME, ASA_IN_FORCE },
      .after = CLAIM("sun", "m", "H0038"),
      .want = BILLED,
      .claim = "or is billed for it" },
    { .rule = BILLED,
      .stored = { PLAN, HOME, ASA_IN_FORCE },
      .after = CLAIM("sun", "m", "T1019"),
      .want = "",
      .claim = "a provider bills the plan for what is inside" },
    { .rule = BILLED,
      .stored = { PLAN, HOME, ASA_IN_FORCE },
      .after = CLAIM("h", "state", "H0038"),
      .want = "",
      .claim = "the Health Home bills the state for its own" },
    { .rule = BILLED,
      .stored = { PLAN, HOME, ASA("terminated", BOTH_SIGNERS, LINES, "") },
      .after = CLAIM("m", "state", "H0038"),
      .want = "",
      .claim = "an agreement that has ended says nothing" },
    { .rule = OWN, .after = REPORT("m", "m"), .want = "", .claim = "one's own performance" },
    { .rule = OWN, .after = REPORT("m", "h"), .want = OWN, .claim = "another's" },
    { .rule = OWN,
      .after = REPORT("doh", "h"),
      .role = "state-agency",
      .want = "",
      .claim = "the state reports of all" },
};

JOINT_TEST(what_is_outside_is_not_the_plans, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_is_outside_is_not_the_plans) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
