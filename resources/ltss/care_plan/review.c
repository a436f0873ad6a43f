/* review.c - a care plan is looked at again: its owner gets a Task some days before (L3: at least
 * once a year). */
#include "resources/ltss/rules.h"
#include "resources/ltss/task.h"

#define PLANS LTSS_CODES "ltss-care-plan-type"

static bool is_in_force(const cJSON *plan)
{
    return str_is(json_get_text(plan, "status"), "active") &&
           record_code(json_get(plan, "category"), PLANS).len > 0;
}

/* False: the plan names no day. */
static bool read_review(const cJSON *plan, struct date *day)
{
    return date_parse(day, record_extension_text(plan, "next-review"), DATE_FORM_DATE) &&
           day->precision == DATE_DAY;
}

int64_t care_plan_review_due(const struct rule_run *run, const cJSON *plan)
{
    struct date day;
    if (!is_in_force(plan) || !read_review(plan, &day))
        return RULE_NEVER;
    struct date notice =
        record_add_days(&day, -program_number(run->program, "plan-review-notice-days"));
    return program_midnight(run->program, &notice);
}

bool care_plan_review_look(struct rule_run *run)
{
    struct date day;
    const cJSON *plan = run->change->after;
    if (care_plan_review_due(run, plan) > run->now_us || !read_review(plan, &day))
        return true;
    struct str custodian = record_reference(record_value(record_extension(plan, "custodian")));
    struct ltss_task task = {
        .code = "plan-review",
        .focus = str_print(run->arena, "CarePlan/" STR_FMT, STR_ARG(run->change->id)),
        .member = record_patient(plan),
        .requester = custodian,
        .owner = custodian,
        .due = &day,
        .description = "Review the care plan with the member.",
    };
    ltss_task_derive_once(run, &task);
    return true;
}
