/* overdue.c - a proposal that nobody answers in time goes to the liaisons of both sides; no lead
 * comes of it by itself (R13, R17). */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/agreement/liaison.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/rules.h"
#include "resources/ltss/task.h"

int64_t determination_overdue_due(const struct rule_run *run, const cJSON *task)
{
    struct str status =
        record_code(json_get(task, "businessStatus"), LTSS_CODES "task-business-status");
    if (!determination_is_open(task) || str_is(status, "escalated"))
        return RULE_NEVER;
    return program_end(run->program,
                       json_get_text(json_get(json_get(task, "restriction"), "period"), "end"));
}

static struct str whom_at(const struct rule_run *run, const cJSON *contract, struct str side)
{
    struct str person = agreement_liaison_of(run, contract, side);
    return person.len ? person : side;
}

static void ask_liaison(struct rule_run *run, const cJSON *task, struct str person)
{
    struct date due =
        record_add_days(&run->today, program_number(run->program, "lead-escalation-days"));
    const struct ltss_task facts = {
        .code = "lead-escalation",
        .member = record_patient(task),
        .focus = str_print(run->arena, "Task/" STR_FMT, STR_ARG(run->change->id)),
        .requester = record_reference(json_get(task, "requester")),
        .owner = person,
        .due = &due,
        .description = "Nobody answered the proposal of a lead care manager in time. Hold a "
                       "coordination meeting of both sides and settle it."
    };
    ltss_task_derive_once(run, &facts);
}

bool determination_overdue_look(struct rule_run *run)
{
    struct str parties[2];
    const cJSON *task = run->change->after;
    if (determination_overdue_due(run, task) > run->now_us)
        return true;
    struct str focus = record_reference(json_get(task, "focus"));
    const cJSON *team = run->lookup->read(run->lookup->context, focus);
    const cJSON *contract = agreement_asa_of(run, team);
    cJSON *escalated = json_copy(run->arena, task);
    json_set(run->arena, escalated, "businessStatus",
             ltss_task_concept(run->arena, LTSS_CODES "task-business-status", "escalated"));
    run->derive(run->context, "Task", run->change->id, escalated);
    for (int i = 0; i < 2 && agreement_asa_parties(contract, parties); i++)
        ask_liaison(run, task, whom_at(run, contract, parties[i]));
    return true;
}
