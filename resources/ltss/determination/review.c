/* review.c - the lead was chosen by the member's primary need: when that changes, both sides look
 * at the lead again (R14). */
#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"
#include "resources/ltss/rules.h"

#define NEEDS LTSS_CODES "primary-need"

static bool has_need(const struct determination_choice *choice, struct str code)
{
    for (size_t i = 0; i < choice->need_count; i++)
        if (str_equal(record_code(choice->needs[i], NEEDS), code))
            return true;
    return false;
}

/* A need that a Condition states as active, or empty. */
static struct str need_of(const cJSON *condition)
{
    struct str status = record_code(json_get(condition, "clinicalStatus"),
                                    "http://terminology.hl7.org/CodeSystem/condition-clinical");
    struct str code = record_code(json_get(condition, "code"), NEEDS);
    if (!code.len)
        code = record_code(json_get(condition, "category"), NEEDS);
    bool is_active = !status.len || str_is(status, "active") || str_is(status, "recurrence") ||
                     str_is(status, "relapse");
    return is_active ? code : STR("");
}

/* Whether the record says another primary need than the lead was chosen by. */
static bool says_other(const cJSON *record, const struct determination_choice *choice)
{
    if (str_is(json_get_text(record, "resourceType"), "QuestionnaireResponse"))
        return determination_is_form(record) && determination_item(record, "primary-need") &&
               !determination_same_needs(determination_item(record, "primary-need"), choice);
    struct str code = need_of(record);
    return code.len && !has_need(choice, code);
}

static void ask_both(struct rule_run *run, const struct ltss_record *team)
{
    struct str member = record_patient(team->content);
    const cJSON *side = record_first(team->content, "managingOrganization");
    struct date due =
        record_add_days(&run->today, program_number(run->program, "lead-review-days"));
    for (; side; side = side->next) {
        const struct ltss_task facts = {
            .code = "lead-review",
            .member = member,
            .focus = str_print(run->arena, "CareTeam/" STR_FMT, STR_ARG(team->id)),
            .requester = draft_requester(run, record_reference(side)),
            .owner = record_reference(side),
            .due = &due,
            .description = "The member's primary need has changed: is the lead care manager "
                           "still the right one?"
        };
        if (facts.owner.len && !draft_task_is_open(run, "lead-review", member, facts.owner))
            run->derive(run->context, "Task", STR(""), ltss_task_make(run, &facts));
    }
}

bool determination_review_need(struct rule_run *run)
{
    int index;
    const cJSON *record = run->change->after;
    struct str member = record_patient(record);
    if (!record || !member.len || run->change->is_copy ||
        (str_is(run->change->type, "Condition") && !need_of(record).len))
        return true;
    const struct ltss_record *team =
        run->lookup->find(run->lookup->context, "CareTeam", "status=active&patient", member);
    for (; team->content; team++) {
        struct determination_choice choice;
        const cJSON *lead = care_team_lead_find(team->content, &index);
        if (!lead || !care_team_lead_is_joint(team->content) ||
            !care_team_lead_is_active(team->content) ||
            !str_equal(record_patient(team->content), member))
            continue;
        determination_read(record_extension(lead, "lead-determination"), &choice);
        if (says_other(record, &choice))
            ask_both(run, team);
    }
    return true;
}
