/* lead_test.c - one lead a member, chosen by both sides. */
#include "resources/ltss/program_fixture.h"

#define ROLE(code)                                                                                 \
    "'role':[{'coding':[{'system':'http://tandem-fhir.org/ltss/CodeSystem/care-coordination-role"  \
    "','code':'" code "'}]}]"
#define LEAD "{" ROLE("lead-care-manager") ",'member':{'reference':'PractitionerRole/p'}}"
#define OTHER_LEAD "{" ROLE("lead-care-manager") ",'member':{'reference':'PractitionerRole/q'}}"
#define MANAGER "{" ROLE("health-home-care-manager") ",'member':{'reference':'PractitionerRole/p'}}"
#define TEAM(id, kind, status, participants)                                                       \
    "{'resourceType':'CareTeam','id':'" id "','status':'" status                                   \
    "','subject':{'reference':'Patient/rosa'},'category':[{'coding':[{'system':"                   \
    "'http://tandem-fhir.org/ltss/CodeSystem/care-team-category','code':'" kind                    \
    "'}]}],'participant':[" participants "]}"
#define JOINT "joint-mltc-health-home"

static const struct rule_case CASES[] = {
    { .rule = "lead-exists",
      .stored = { TEAM("a", JOINT, "active", LEAD) },
      .after = TEAM("b", "mltc", "active", OTHER_LEAD),
      .want = "lead-exists",
      .claim = "a second active team may not have a lead too" },
    { .rule = "lead-exists",
      .stored = { TEAM("a", JOINT, "inactive", LEAD) },
      .after = TEAM("b", "mltc", "active", OTHER_LEAD),
      .want = "",
      .claim = "an inactive team's lead leads nobody" },
    { .rule = "lead-exists",
      .stored = { TEAM("a", JOINT, "active", MANAGER) },
      .after = TEAM("b", "mltc", "active", LEAD),
      .want = "",
      .claim = "a team without a lead is no obstacle" },
    { .rule = "lead-exists",
      .stored = { TEAM("a", JOINT, "active", LEAD) },
      .before = TEAM("a", JOINT, "active", LEAD),
      .after = TEAM("a", JOINT, "active", LEAD),
      .want = "",
      .claim = "a team is no second to itself" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", MANAGER),
      .after = TEAM("a", JOINT, "active", MANAGER "," LEAD),
      .want = "joint-determination-required",
      .claim = "nobody adds a lead alone" },
    { .rule = "joint-determination-required",
      .after = TEAM("a", JOINT, "active", MANAGER "," LEAD),
      .want = "joint-determination-required",
      .claim = "nor begins a team with one" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", LEAD),
      .after = TEAM("a", JOINT, "active", OTHER_LEAD),
      .want = "joint-determination-required",
      .claim = "nor changes it" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", LEAD),
      .after = TEAM("a", "mltc", "active", MANAGER),
      .want = "joint-determination-required",
      .claim = "nor gets out of it by making the team another's" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", LEAD),
      .after = TEAM("a", "mltc", "active", LEAD),
      .want = "joint-determination-required",
      .claim = "nor first makes it another's, to change the lead then" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", "mltc", "active", LEAD),
      .after = TEAM("a", JOINT, "active", LEAD),
      .want = "joint-determination-required",
      .claim = "nor makes a team joint whose lead was chosen alone" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", "mltc", "active", MANAGER),
      .after = TEAM("a", JOINT, "active", MANAGER),
      .want = "",
      .claim = "a team without a lead may become joint" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", MANAGER),
      .after = TEAM("a", JOINT, "active", MANAGER "," LEAD),
      .operation = "lead-attest",
      .want = "",
      .claim = "the operation does" },
    { .rule = "joint-determination-required",
      .before = TEAM("a", JOINT, "active", MANAGER "," LEAD),
      .after = TEAM("a", JOINT, "active", LEAD "," MANAGER),
      .want = "",
      .claim = "the order of entries says nothing" },
    { .rule = "joint-determination-required",
      .after = TEAM("a", "mltc", "active", LEAD),
      .want = "",
      .claim = "a team with one organization names its lead itself" },
};

#define SIDES(one, other)                                                                          \
    "[{'reference':'Organization/" one "'},{'reference':'Organization/" other "'}]"
#define MANAGED(sides, agreement, participants)                                                    \
    "{'resourceType':'CareTeam','id':'a','status':'active','subject':{'reference':'Patient/rosa'}" \
    ",'category':[{'coding':[{'system':"                                                           \
    "'http://tandem-fhir.org/ltss/CodeSystem/care-team-category','code':'" JOINT                   \
    "'}]}],'managingOrganization':" sides                                                          \
    ",'extension':[{'url':'http://tandem-fhir.org/ltss/StructureDefinition/governing-agreement',"  \
    "'valueReference':{'reference':'Contract/" agreement "'}}],'participant':[" participants "]}"
#define CHOSEN MANAGED(SIDES("m", "h"), "asa", LEAD)
#define REQUIRED "joint-determination-required"
static const struct rule_case SIDES_CASES[] = {
    { .rule = REQUIRED,
      .before = CHOSEN,
      .after = MANAGED(SIDES("h", "m"), "asa", LEAD),
      .want = "",
      .claim = "the order of sides says nothing" },
    { .rule = REQUIRED,
      .before = CHOSEN,
      .after = MANAGED(SIDES("m", "x"), "asa", LEAD),
      .want = REQUIRED,
      .claim = "a lead is not taken over to another side" },
    { .rule = REQUIRED,
      .before = CHOSEN,
      .after = MANAGED(SIDES("m", "h"), "other", LEAD),
      .want = REQUIRED,
      .claim = "nor to another agreement" },
    { .rule = REQUIRED,
      .before = MANAGED(SIDES("m", "h"), "asa", MANAGER),
      .after = MANAGED(SIDES("m", "h"), "other", MANAGER),
      .want = "",
      .claim = "a team without a lead may be" },
};

#define AGREES(organization)                                                                       \
    "{'url':'agreedBy','extension':[{'url':'organization','valueReference':{'reference':"          \
    "'Organization/" organization "'}}]}"
#define SAID(status, agreed)                                                                       \
    ",'extension':[{'url':'http://tandem-fhir.org/ltss/StructureDefinition/lead-determination',"   \
    "'extension':[{'url':'status','valueCode':'" status "'}" agreed "]}]"
#define SENT(determination)                                                                        \
    "{'resourceType':'CareTeam','id':'a','status':'active','category':[{'coding':[{'system':"      \
    "'http://tandem-fhir.org/ltss/CodeSystem/care-team-category','code':'" JOINT                   \
    "'}]}],'managingOrganization':[{'reference':'Organization/m'},{'reference':'Organization/h'}]" \
    ",'participant':[{" ROLE(                                                                      \
        "lead-care-manager") ",'member':{'reference':'PractitionerRole/p'}" determination "}]}"
#define INCOMPLETE "lead-record-incomplete"
static const struct rule_case COPIES[] = {
    { .rule = INCOMPLETE,
      .after = SENT(SAID("determined", "," AGREES("m") "," AGREES("h"))),
      .is_copy = true,
      .want = "",
      .claim = "a lead to whom both agreed arrives" },
    { .rule = INCOMPLETE,
      .after = SENT(SAID("determined", "," AGREES("m"))),
      .is_copy = true,
      .want = INCOMPLETE,
      .claim = "not one to whom one did" },
    { .rule = INCOMPLETE,
      .after = SENT(SAID("determined", "," AGREES("m") "," AGREES("x"))),
      .is_copy = true,
      .want = INCOMPLETE,
      .claim = "nor one to whom another did" },
    { .rule = INCOMPLETE,
      .after = SENT(SAID("proposed", "," AGREES("m") "," AGREES("h"))),
      .is_copy = true,
      .want = INCOMPLETE,
      .claim = "nor one that is proposed" },
    { .rule = INCOMPLETE,
      .after = SENT(""),
      .is_copy = true,
      .want = INCOMPLETE,
      .claim = "nor one without its record" },
    { .rule = "joint-determination-required",
      .after = SENT(""),
      .is_copy = true,
      .want = "",
      .claim = "its owner says who leads" },
};

static void a_copy_shows_both_attestations(void **state)
{
    struct program *program = test_calloc(1, sizeof *program);
    (void)state;
    stage_whole_program(program, NULL);
    stage_run_all(COPIES, COUNT(COPIES), program, (struct date){ .precision = DATE_DAY });
    stage_run_all(SIDES_CASES, COUNT(SIDES_CASES), program, (struct date){ .precision = DATE_DAY });
    test_free(program);
}

static void a_member_has_one_lead_whom_both_sides_chose(void **state)
{
    static const char *const KEYS[] = { "lead-exists", "joint-determination-required", NULL };
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
        cmocka_unit_test(a_member_has_one_lead_whom_both_sides_chose),
        cmocka_unit_test(a_copy_shows_both_attestations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
