/* check.c - whether somebody may propose or answer, and whether a choice is documented (R14, R15).
 */
#include "resources/fhir/terminology/terminology.h"
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"

#define NEEDS LTSS_CODES "primary-need"

static const cJSON *read(const struct rule_run *run, struct str reference)
{
    return reference.len ? run->lookup->read(run->lookup->context, reference) : NULL;
}

bool determination_is(const cJSON *task)
{
    return record_has_code(json_get(task, "code"), DRAFT_TASKS, "lead-determination");
}

bool determination_is_open(const cJSON *task)
{
    struct str status = json_get_text(task, "status");
    return determination_is(task) && (str_is(status, "requested") || str_is(status, "in-progress"));
}

bool determination_check_party(struct rule_run *run, struct str *ours, struct str *theirs)
{
    struct str parties[2];
    struct str caller = run->caller->organization;
    const cJSON *contract = agreement_asa_of(run, run->change->before);
    bool has_parties = contract && agreement_asa_parties(contract, parties);
    if (has_parties && !str_equal(caller, parties[0]) && !str_equal(caller, parties[1]))
        return rule_say_key(run, "not-a-party", NULL, -1, STR_FMT, STR_ARG(caller));
    if (!has_parties || !agreement_asa_is_in_force(contract, &run->today))
        return rule_say_key(run, "asa-required", "extension", -1, "CareTeam/" STR_FMT,
                            STR_ARG(run->change->id));
    *ours = caller;
    *theirs = str_equal(caller, parties[0]) ? parties[1] : parties[0];
    return true;
}

static bool check_candidate(struct rule_run *run, struct str candidate)
{
    struct str parties[2];
    const cJSON *role = read(run, candidate),
                *contract = agreement_asa_of(run, run->change->before);
    struct str employer = record_reference(json_get(role, "organization"));
    if (str_starts(candidate, STR("PractitionerRole/")) && role &&
        !str_is(json_get_text(role, "active"), "false") &&
        agreement_asa_parties(contract, parties) &&
        (str_equal(employer, parties[0]) || str_equal(employer, parties[1])))
        return true;
    return DETERMINATION_REFUSE(run, "candidate-not-party", NULL, -1, STR_FMT, STR_ARG(candidate));
}

static bool is_need(const struct rule_run *run, struct str code)
{
    return code.len && (!run->terminology ||
                        terminology_contains(run->terminology, STR(LTSS "ValueSet/primary-need"),
                                             STR(NEEDS), code) == MEMBER_YES);
}

static bool check_needs(struct rule_run *run, const struct determination_choice *choice)
{
    if (!choice->need_count)
        return DETERMINATION_REFUSE(run, "primary-need-required", NULL, -1, "primaryNeed");
    for (size_t i = 0; i < choice->need_count; i++) {
        struct str code = record_code(choice->needs[i], NEEDS);
        if (!is_need(run, code))
            return rule_say_key(run, "code-invalid", NULL, -1, "primaryNeed '" STR_FMT "'",
                                STR_ARG(code));
    }
    return true;
}

const cJSON *determination_item(const cJSON *form, const char *link_id)
{
    for (const cJSON *item = record_first(form, "item"); item; item = item->next)
        if (str_is(json_get_text(item, "linkId"), link_id))
            return item;
    return NULL;
}

bool determination_is_form(const cJSON *form)
{
    struct str status = json_get_text(form, "status");
    struct str questions = json_get_text(form, "questionnaire");
    return str_is(str_cut(&questions, '|'), LTSS "Questionnaire/care-planning-coordination-form") &&
           (str_is(status, "completed") || str_is(status, "amended"));
}

static bool answers(const cJSON *item, struct str code)
{
    for (const cJSON *answer = record_first(item, "answer"); answer; answer = answer->next) {
        const cJSON *coding = json_get(answer, "valueCoding");
        if (str_is(json_get_text(coding, "system"), NEEDS) &&
            str_equal(json_get_text(coding, "code"), code))
            return true;
    }
    return false;
}

static bool has_need(const struct determination_choice *choice, struct str code)
{
    for (size_t i = 0; i < choice->need_count; i++)
        if (str_equal(record_code(choice->needs[i], NEEDS), code))
            return true;
    return false;
}

bool determination_same_needs(const cJSON *item, const struct determination_choice *choice)
{
    for (size_t i = 0; i < choice->need_count; i++)
        if (!answers(item, record_code(choice->needs[i], NEEDS)))
            return false;
    for (const cJSON *answer = record_first(item, "answer"); answer; answer = answer->next)
        if (!has_need(choice, json_get_text(json_get(answer, "valueCoding"), "code")))
            return false;
    return true;
}

static bool check_form(struct rule_run *run, struct determination_choice *choice)
{
    const cJSON *form = read(run, choice->form);
    const cJSON *lead = record_first(determination_item(form, "lead-care-manager"), "answer");
    if (!str_starts(choice->form, STR("QuestionnaireResponse/")) || !determination_is_form(form) ||
        !str_equal(record_patient(form), record_patient(run->change->before)) ||
        !record_refers(json_get(lead, "valueReference"), choice->candidate))
        return DETERMINATION_REFUSE(run, "lead-not-documented", NULL, -1, STR_FMT,
                                    STR_ARG(choice->form));
    if (!determination_same_needs(determination_item(form, "primary-need"), choice))
        return DETERMINATION_REFUSE(run, "primary-need-mismatch", NULL, -1, STR_FMT,
                                    STR_ARG(choice->form));
    if (!choice->rationale.len)
        choice->rationale = json_get_text(
            record_first(determination_item(form, "rationale"), "answer"), "valueString");
    return choice->rationale.len > 0 ||
           rule_say_key(run, "lead-record-incomplete", NULL, -1, "rationale");
}

bool determination_check_choice(struct rule_run *run, struct determination_choice *choice)
{
    return check_candidate(run, choice->candidate) && check_needs(run, choice) &&
           check_form(run, choice);
}
