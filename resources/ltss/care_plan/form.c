/* form.c - a joint plan has the member's care planning and coordination form (R12). */
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/rules.h"

static bool is_form_of(const struct rule_run *run, struct str reference, struct str member)
{
    if (!str_starts(reference, STR("QuestionnaireResponse/")))
        return false;
    const cJSON *form = run->lookup->read(run->lookup->context, reference);
    return determination_is_form(form) && str_equal(record_patient(form), member);
}

bool care_plan_form_attached(struct rule_run *run)
{
    const cJSON *plan = run->change->after;
    if (run->change->is_copy ||
        !record_has_code(json_get(plan, "category"), LTSS_CODES "ltss-care-plan-type", "joint"))
        return true;
    for (const cJSON *one = record_first(plan, "supportingInfo"); one; one = one->next)
        if (is_form_of(run, record_reference(one), record_patient(plan)))
            return true;
    return rule_say(run, "supportingInfo", -1, "no completed form of " STR_FMT " is among them",
                    STR_ARG(record_patient(plan)));
}
