/* units_test.c - authorized, within its units, and visited. */
#include "resources/ltss/joint_fixture.h"

#define SERVICE "{'coding':[{'system':'urn:s','code':'T1019'}]}"
#define LINES_OF(units) "[{'productOrService':" SERVICE ",'quantity':{'value':" units "}}]"
#define AUTHORIZED(status, outcome, until, units)                                                  \
    "{'resourceType':'ClaimResponse','id':'a','use':'preauthorization','status':'" status          \
    "','outcome':'" outcome "','patient':" TO("Patient/rosa") ",'insurer':" TO(                    \
        "Organization/m") ",'preAuthRef':'PA-1','preAuthPeriod':{'end':'" until                    \
                          "'},'addItem':" LINES_OF(units) "}"
#define GOOD AUTHORIZED("active", "complete", "2026-11-25", "20")
#define CLAIM(id, reference, units, item)                                                          \
    "{'resourceType':'Claim','id':'" id                                                            \
    "','use':'claim','status':'active','patient':" TO("Patient/rosa") ",'insurer':" TO(            \
        "Organization/m") ",'insurance':[{'preAuthRef':['" reference                               \
                          "']}],'item':[{'productOrService':" SERVICE                              \
                          ",'quantity':{'value':" units "}" item "}]}"
#define ON(day) ",'servicedDate':'" day "'"
#define VISIT(status, patient)                                                                     \
    "{'resourceType':'Encounter','id':'v','status':'" status                                       \
    "','subject':" TO("Patient/" patient) ",'type':[" SERVICE "]}"
#define VISITED ",'encounter':[" TO("Encounter/v") "]"
#define NONE "not-authorized"
#define MANY "units-exceeded"
#define UNSEEN "evv-missing"

static const struct rule_case CASES[] = {
    { .rule = NONE,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = "",
      .claim = "authorized" },
    { .rule = NONE,
      .stored = { PLAN },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = NONE,
      .claim = "by nobody" },
    { .rule = NONE,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-2", "4", ""),
      .want = NONE,
      .claim = "by another number" },
    { .rule = NONE,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-1", "4", ON("2026-11-25")),
      .want = "",
      .claim = "on its last day" },
    { .rule = NONE,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-1", "4", ON("2026-11-26")),
      .want = NONE,
      .claim = "a day later" },
    { .rule = NONE,
      .stored = { PLAN, AUTHORIZED("cancelled", "complete", "2026-12-31", "20") },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = NONE,
      .claim = "one that was cancelled" },
    { .rule = NONE,
      .stored = { PLAN, AUTHORIZED("active", "queued", "2026-12-31", "20") },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = NONE,
      .claim = "one that is not decided" },
    { .rule = NONE,
      .stored = { HOME },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = "",
      .claim = "whom no plan pays is not asked" },
    { .rule = MANY,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-1", "20", ""),
      .want = "",
      .claim = "all units" },
    { .rule = MANY,
      .stored = { PLAN, GOOD },
      .after = CLAIM("c", "PA-1", "20.25", ""),
      .want = MANY,
      .claim = "a quarter more" },
    { .rule = MANY,
      .stored = { PLAN, GOOD, CLAIM("before", "PA-1", "16", "") },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = "",
      .claim = "with those before" },
    { .rule = MANY,
      .stored = { PLAN, GOOD, CLAIM("before", "PA-1", "16", "") },
      .after = CLAIM("c", "PA-1", "5", ""),
      .want = MANY,
      .claim = "too many with those before" },
    { .rule = MANY,
      .stored = { PLAN, GOOD, CLAIM("c", "PA-1", "16", "") },
      .before = CLAIM("c", "PA-1", "16", ""),
      .after = CLAIM("c", "PA-1", "5", ""),
      .want = "",
      .claim = "a claim is not before itself" },
    { .rule = UNSEEN,
      .stored = { PLAN, VISIT("finished", "rosa") },
      .after = CLAIM("c", "PA-1", "4", VISITED),
      .want = "",
      .claim = "visited" },
    { .rule = UNSEEN,
      .stored = { PLAN, VISIT("planned", "rosa") },
      .after = CLAIM("c", "PA-1", "4", VISITED),
      .want = UNSEEN,
      .claim = "to be visited" },
    { .rule = UNSEEN,
      .stored = { PLAN, VISIT("finished", "other") },
      .after = CLAIM("c", "PA-1", "4", VISITED),
      .want = UNSEEN,
      .claim = "another member" },
    { .rule = UNSEEN,
      .stored = { PLAN },
      .after = CLAIM("c", "PA-1", "4", ""),
      .want = UNSEEN,
      .claim = "no visit named" },
};

JOINT_TEST(a_plan_pays_for_what_it_authorized, CASES)

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_plan_pays_for_what_it_authorized) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
