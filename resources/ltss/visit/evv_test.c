/* evv_test.c - each element of a verified visit, there and missing. */
#include "resources/ltss/joint_fixture.h"

#define METHOD "'extension':[" EXTENSION("evv-method", "valueCode", "'gps-app'") "]"
#define SERVICE ",'type':[{'coding':[{'code':'T1019'}]}]"
#define RECIPIENT ",'subject':" TO("Patient/rosa")
#define PERIOD(start, end) ",'period':{'start':'" start "','end':'" end "'}"
#define TIMES PERIOD("2026-11-20T09:00:00-05:00", "2026-11-20T10:00:00-05:00")
#define PLACE ",'location':[{'location':" TO("Location/home") "}]"
#define CAREGIVER ",'participant':[{'individual':" TO("PractitionerRole/p") "}]"
#define VISIT(status, parts)                                                                       \
    "{'resourceType':'Encounter','id':'v','status':'" status "'," METHOD parts "}"
#define AT_HOME                                                                                    \
    "{'resourceType':'Encounter','id':'v','status':'finished','class':{'system':"                  \
    "'http://terminology.hl7.org/CodeSystem/v3-ActCode','code':'HH'}}"
#define ROW(key, parts, issue, said)                                                               \
    {                                                                                              \
        .rule = key, .after = VISIT("finished", parts), .want = issue, .claim = said               \
    }

static const struct rule_case CASES[] = {
    ROW("evv-service", SERVICE, "", "a service"),
    ROW("evv-service", RECIPIENT, "evv-service", "none"),
    ROW("evv-recipient", RECIPIENT, "", "a member"),
    ROW("evv-recipient", SERVICE, "evv-recipient", "none"),
    ROW("evv-date", TIMES, "", "a date"),
    ROW("evv-date", SERVICE, "evv-date", "none"),
    ROW("evv-location", PLACE, "", "a place"),
    ROW("evv-location", SERVICE, "evv-location", "none"),
    ROW("evv-provider", CAREGIVER, "", "a caregiver"),
    ROW("evv-provider", SERVICE, "evv-provider", "none"),
    ROW("evv-times", TIMES, "", "from and to"),
    ROW("evv-times", ",'period':{'start':'2026-11-20T09:00:00-05:00'}", "evv-times", "no end"),
    ROW("evv-times", PERIOD("2026-11-20", "2026-11-20"), "evv-times", "days without times"),
    ROW("evv-times", PERIOD("2026-11-20T09:00:00-05:00", "2026-11-20T09:00:00-05:00"), "evv-times",
        "no time at all"),
    ROW("evv-times", PERIOD("2026-11-20T09:00:00-05:00", "2026-11-20T09:00:01-05:00"), "",
        "a second"),
    ROW("evv-times", PERIOD("2026-11-20T09:00:00-05:00", "2026-11-20T08:30:00-06:00"), "",
        "another zone"),
    { .rule = "evv-times",
      .after = VISIT("in-progress", ",'period':{'start':'2026-11-20T09:00:00-05:00'}"),
      .want = "",
      .claim = "it is not over yet" },
    { .rule = "evv-service",
      .after = VISIT("planned", ""),
      .want = "",
      .claim = "what is planned is no visit yet" },
    { .rule = "evv-service",
      .after = AT_HOME,
      .role = "ltss-provider",
      .want = "evv-service",
      .claim = "a provider's visit at home is one, whatever it says" },
    { .rule = "evv-service",
      .after = AT_HOME,
      .role = "health-home",
      .want = "",
      .claim = "a care manager's is not" },
};

JOINT_TEST(a_visit_has_six_elements, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_visit_has_six_elements) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
