/* overdue.c - a Task whose time has passed says so, where its machine has a word for it. */
#include "resources/ltss/machine/machine.h"
#include "resources/ltss/rules.h"
#include "resources/ltss/task.h"

#define WORDS LTSS_CODES "task-business-status"

int64_t machine_overdue_due(const struct rule_run *run, const cJSON *task)
{
    const struct machine *machine = machine_of(task);
    if (!machine || !machine->overdue || !machine_is_open(machine, json_get_text(task, "status")) ||
        record_has_code(json_get(task, "businessStatus"), WORDS, machine->overdue))
        return RULE_NEVER;
    struct str end = json_get_text(json_get(json_get(task, "restriction"), "period"), "end");
    return program_end(run->program, end);
}

bool machine_overdue_look(struct rule_run *run)
{
    const cJSON *task = run->change->after;
    if (machine_overdue_due(run, task) > run->now_us)
        return true;
    cJSON *late = json_copy(run->arena, task);
    json_set(run->arena, late, "businessStatus",
             ltss_task_concept(run->arena, WORDS, machine_of(task)->overdue));
    run->derive(run->context, "Task", run->change->id, late);
    return true;
}
