/* scope.c - a service that the agreement leaves out of the plan is the other side's to coordinate
 * and to bill (R4, R8), and so is its performance (R8). */
#include "resources/ltss/scope/scope.h"

#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"

static const cJSON *read(const struct rule_run *run, struct str reference)
{
    return reference.len ? run->lookup->read(run->lookup->context, reference) : NULL;
}

bool scope_is_plan(const struct rule_run *run, struct str organization)
{
    if (!str_starts(organization, STR("Organization/")))
        return false;
    const cJSON *held = read(run, organization);
    return program_has_word(run->program, "plan-org-types",
                            record_code(json_get(held, "type"), LTSS_CODES "org-type"));
}

static bool is_out(const cJSON *element)
{
    return str_is(record_extension_text(element, "plan-scope"), "out-of-plan");
}

/* Whether the service of a request lies outside the package of the plan: as the request says, or as
 * an agreement in force of the plan does. */
static bool is_outside(const struct rule_run *run, const cJSON *request, struct str plan,
                       const cJSON *contract)
{
    const cJSON *service = json_get(request, "code");
    if (!contract)
        contract = agreement_asa_with(run, plan, service);
    const cJSON *line = agreement_appendix_find(contract, service);
    return is_out(request) || (line && agreement_appendix_is_out_of_plan(line));
}

static bool check_plan(struct rule_run *run, const cJSON *plan)
{
    int index = 0;
    const cJSON *contract = agreement_asa_of(run, plan);
    for (const cJSON *one = record_first(plan, "activity"); one; one = one->next, index++) {
        struct str party =
            record_reference(record_value(record_extension(one, "responsible-party")));
        if (!scope_is_plan(run, party))
            continue;
        const cJSON *request = read(run, record_reference(json_get(one, "reference")));
        if (is_out(one) || is_outside(run, request, party, contract))
            return rule_say(run, "activity", index, STR_FMT, STR_ARG(party));
    }
    return true;
}

static bool check_task(struct rule_run *run, const cJSON *task)
{
    struct str owner = record_reference(json_get(task, "owner"));
    struct str focus = record_reference(json_get(task, "focus"));
    if (!record_has_code(json_get(task, "code"), "http://hl7.org/fhir/CodeSystem/task-code",
                         "fulfill") ||
        !str_starts(focus, STR("ServiceRequest/")) || !scope_is_plan(run, owner) ||
        !is_outside(run, read(run, focus), owner, NULL))
        return true;
    return rule_say(run, "owner", -1, STR_FMT, STR_ARG(owner));
}

bool scope_exceeded_none(struct rule_run *run)
{
    const cJSON *record = run->change->after;
    if (!record || run->change->is_copy)
        return true;
    return str_is(run->change->type, "Task") ? check_task(run, record) : check_plan(run, record);
}

/* The plan bills, or is billed: both come out of its package. */
bool scope_claim_in_plan(struct rule_run *run)
{
    static const char *const SIDES[] = { "provider", "insurer" };
    int index = 0;
    const cJSON *claim = run->change->after;
    for (const cJSON *item = record_first(claim, "item"); item; item = item->next, index++)
        for (size_t i = 0; i < COUNT(SIDES); i++) {
            struct str side = record_reference(json_get(claim, SIDES[i]));
            const cJSON *service = json_get(item, "productOrService");
            if (!scope_is_plan(run, side))
                continue;
            const cJSON *contract = agreement_asa_with(run, side, service);
            const cJSON *line = agreement_appendix_find(contract, service);
            if (is_out(item) || (line && agreement_appendix_is_out_of_plan(line)))
                return rule_say(run, "item", index, STR_FMT, STR_ARG(side));
        }
    return true;
}

bool scope_measure_own(struct rule_run *run)
{
    const cJSON *report = run->change->after;
    struct str reporter = record_reference(json_get(report, "reporter"));
    struct str measured =
        record_reference(record_value(record_extension(report, "measured-organization")));
    if (!report || !measured.len || !reporter.len || str_equal(measured, reporter) ||
        str_is(run->caller->role, "state-agency") || run->caller->is_server)
        return true;
    return rule_say(run, "reporter", -1, "the report measures " STR_FMT, STR_ARG(measured));
}
