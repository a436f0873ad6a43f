/* joint_fixture.h - records of a plan (Organization/m), a Health Home (Organization/h) and their
 * member (Patient/rosa), for the rules' tests; quotes are written '. */
#ifndef RESOURCES_LTSS_JOINT_FIXTURE_H
#define RESOURCES_LTSS_JOINT_FIXTURE_H
#include "resources/ltss/program_fixture.h"

#define CODES "http://tandem-fhir.org/ltss/CodeSystem/"
#define EXTENSIONS "http://tandem-fhir.org/ltss/StructureDefinition/"
#define CODE(system, code) "{'coding':[{'system':'" CODES system "','code':'" code "'}]}"
#define TO(reference) "{'reference':'" reference "'}"
#define EXTENSION(id, kind, value) "{'url':'" EXTENSIONS id "','" kind "':" value "}"
#define PART(id, kind, value) "{'url':'" id "','" kind "':" value "}"

#define ORGANIZATION(id, type)                                                                     \
    "{'resourceType':'Organization','id':'" id "','type':[" CODE("org-type", type) "]}"
#define PLAN ORGANIZATION("m", "mltc-plan")
#define HOME ORGANIZATION("h", "health-home")
#define WORKS(id, organization)                                                                    \
    "{'resourceType':'PractitionerRole','id':'" id                                                 \
    "','organization':" TO("Organization/" organization) "}"

#define SIGNER(organization) "{'party':" TO("Organization/" organization) "}"
#define BOTH_SIGNERS SIGNER("m") "," SIGNER("h")
#define LINE(code, scope, organization)                                                            \
    "{'entityCodeableConcept':{'coding':[{'system':'urn:s','code':'" code                          \
    "'}]},'responsible':" TO("Organization/" organization) ",'extension':[" EXTENSION(             \
        "plan-scope", "valueCode", "'" scope "'") "]}"
#define LINES LINE("T1019", "in-plan", "m") "," LINE("H0038", "out-of-plan", "h")
#define TERMS(lines)                                                                                 \
    "[{'type':" CODE("agreement-term", "asa-terms") ",'offer':{'party':[{'reference':[" TO(          \
        "Organization/m") "," TO("Organization/h") "]}]}},{'type':" CODE("agreement-term",           \
                                                                         "asa-appendix-a") ",'"      \
                                                                                           "asset"   \
                                                                                           "':[{'"   \
                                                                                           "value"   \
                                                                                           "dItem"   \
                                                                                           "':"      \
                                                                                           "[" lines \
                                                                                           "]}]}]"
/* more: begins with a comma, or is empty. */
#define ASA(status, signers, lines, more)                                                          \
    "{'resourceType':'Contract','id':'asa','status':'" status                                      \
    "','applies':{'start':'2026-01-01','end':'2026-12-31'},'signer':[" signers                     \
    "],'term':" TERMS(lines) more "}"
#define ASA_IN_FORCE ASA("executed", BOTH_SIGNERS, LINES, "")

#define ENTRY(role, member, more)                                                                  \
    "{'role':[" CODE("care-coordination-role", role) "],'member':" TO(member) more "}"
#define COORDINATORS                                                                               \
    ENTRY("mltc-care-coordinator", "PractitionerRole/mc", "")                                      \
    "," ENTRY("health-home-care-manager", "PractitionerRole/hm", "")
#define GOVERNED EXTENSION("governing-agreement", "valueReference", TO("Contract/asa"))
/* extensions beside governing-agreement and participants beside the coordinators begin with a
 * comma.
 */
#define JOINT_TEAM(status, extensions, participants)                                               \
    "{'resourceType':'CareTeam','id':'t','status':'" status                                        \
    "','subject':" TO("Patient/rosa") ",'category':[" CODE(                                        \
        "care-team-category",                                                                      \
        "joint-mltc-health-home") "],'managingOrganization':"                                      \
                                  "[" TO("Organization/"                                           \
                                         "m") "," TO("Organization/h") "],'extension':[" GOVERNED  \
                                      extensions "],'participant':[" COORDINATORS participants     \
                                                                       "]}"
#define NEED(code) PART("primaryNeed", "valueCodeableConcept", CODE("primary-need", code))
#define AGREED(organization, person)                                                               \
    "{'url':'agreedBy','extension':[" PART(                                                        \
        "organization", "valueReference",                                                          \
        TO("Organization/" organization)) "," PART("practitionerRole", "valueReference",           \
                                                   TO("PractitionerRole/" person)) "]}"
#define DETERMINATION(status, more)                                                                \
    "{'url':'" EXTENSIONS "lead-determination','extension':[" PART(                                \
        "status", "valueCode", "'" status "'") "," NEED("behavioral-health") more "]}"
#define DETERMINED DETERMINATION("determined", "," AGREED("m", "mc") "," AGREED("h", "hm"))
#define LEAD ENTRY("lead-care-manager", "PractitionerRole/hm", ",'extension':[" DETERMINED "]")
#define PROPOSED                                                                                   \
    DETERMINATION("proposed",                                                                      \
                  "," PART("candidate", "valueReference", TO("PractitionerRole/hm")) "," PART(     \
                      "rationale", "valueString",                                                  \
                      "'why'") "," PART("documentation", "valueReference",                         \
                                        TO("QuestionnaireResponse/form")) "," AGREED("m", "mc"))

#define ANSWER(id, kind, value) "{'linkId':'" id "','answer':[{'" kind "':" value "}]}"
#define FORM(status, subject, need, lead)                                                          \
    "{'resourceType':'QuestionnaireResponse','id':'form','status':'" status                        \
    "','questionnaire':'http://tandem-fhir.org/ltss/Questionnaire/"                                \
    "care-planning-coordination-form|0.1.0','subject':" TO(subject) ",'item':[" ANSWER(            \
        "primary-need", "valueCoding",                                                             \
        "{'system':'" CODES "primary-need','code':'" need                                          \
        "'}") "," ANSWER("lead-care-manager", "valueReference", TO(lead)) "]}"
#define GOOD_FORM FORM("completed", "Patient/rosa", "behavioral-health", "PractitionerRole/hm")

#define ASKED(status, owner, more)                                                                        \
    "{'resourceType':'Task','id':'ld','status':'" status                                                  \
    "','code':" CODE("tandem-task", "lead-determination") ",'focus':" TO(                                 \
        "CareTeam/t") ",'for':" TO("Patient/"                                                             \
                                   "rosa") ",'requester':" TO("Organization/m") ",'owner':" TO("O"        \
                                                                                               "r"        \
                                                                                               "g"        \
                                                                                               "a"        \
                                                                                               "n"        \
                                                                                               "i"        \
                                                                                               "z"        \
                                                                                               "a"        \
                                                                                               "t"        \
                                                                                               "i"        \
                                                                                               "o"        \
                                                                                               "n"        \
                                                                                               "/" owner) \
        more "}"

static const struct date JOINT_TODAY = {
    .precision = DATE_DAY, .year = 2026, .month = 11, .day = 25
};

/* A program with New York's numbers. */
static inline struct program *joint_program(void)
{
    static const char *const MORE[] = { "code-invalid", NULL };
    struct program *program = test_calloc(1, sizeof *program);
    stage_whole_program(program, MORE);
    stage_number(program, "need-days", 120);
    stage_number(program, "lead-answer-days", 10);
    stage_number(program, "lead-review-days", 30);
    stage_number(program, "lead-escalation-days", 5);
    stage_number(program, "offer-health-home-days", 30);
    stage_number(program, "meeting-interval-days", 90);
    stage_number(program, "meeting-overdue-days", 14);
    stage_word(program, "need-programs", "mltc");
    stage_word(program, "plan-org-types", "mltc-plan");
    stage_word(program, "evv-services", "T1019");
    stage_word(program, "primary-ltss", "mltc-plan");
    stage_word(program, "primary-behavioral-health", "health-home");
    stage_word(program, "health-home-of", "Kings-County=Organization/h");
    return program;
}

/* A test of rows by such a program. */
#define JOINT_TEST(name, rows)                                                                     \
    static void name(void **state)                                                                 \
    {                                                                                              \
        struct program *program = joint_program();                                                 \
        (void)state;                                                                               \
        stage_run_all(rows, COUNT(rows), program, JOINT_TODAY);                                    \
        test_free(program);                                                                        \
    }
#endif
