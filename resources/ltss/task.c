/* task.c - making a Task, once. */
#include "resources/ltss/task.h"

#include "resources/ltss/machine/machine.h"

#define TASKS LTSS_CODES "tandem-task"

static void set_text(struct arena *arena, cJSON *object, const char *name, struct str text)
{
    json_set(arena, object, name, json_new_string(arena, text));
}

cJSON *ltss_task_concept(struct arena *arena, const char *system, const char *code)
{
    cJSON *concept = json_new_object(arena), *coding = json_new_object(arena);
    set_text(arena, coding, "system", str_of(system));
    set_text(arena, coding, "code", str_of(code));
    json_add(json_set(arena, concept, "coding", json_new_array(arena)), coding);
    return concept;
}

cJSON *ltss_task_reference(struct arena *arena, struct str target)
{
    cJSON *reference = json_new_object(arena);
    set_text(arena, reference, "reference", target);
    return reference;
}

static void set_reference(struct arena *arena, cJSON *task, const char *name, struct str target)
{
    if (target.len)
        json_set(arena, task, name, ltss_task_reference(arena, target));
}

cJSON *ltss_task_make(const struct rule_run *run, const struct ltss_task *facts)
{
    struct arena *arena = run->arena;
    cJSON *task = json_new_object(arena);
    set_text(arena, task, "resourceType", STR("Task"));
    set_text(arena, task, "status", STR("requested"));
    set_text(arena, task, "intent", STR("order"));
    if (facts->priority)
        set_text(arena, task, "priority", str_of(facts->priority));
    json_set(arena, task, "code", ltss_task_concept(arena, TASKS, facts->code));
    if (facts->description)
        set_text(arena, task, "description", str_of(facts->description));
    set_reference(arena, task, "focus", facts->focus);
    set_reference(arena, task, "for", facts->member);
    set_text(arena, task, "authoredOn", record_moment(run->now_us, arena));
    set_reference(arena, task, "requester", facts->requester);
    set_reference(arena, task, "owner", facts->owner);
    if (facts->due) {
        cJSON *restriction = json_set(arena, task, "restriction", json_new_object(arena));
        cJSON *period = json_set(arena, restriction, "period", json_new_object(arena));
        set_text(arena, period, "end", date_print(facts->due, arena));
    }
    return task;
}

static bool is_same(const struct ltss_task *facts, const cJSON *task)
{
    const struct machine *machine = machine_of(task);
    return record_has_code(json_get(task, "code"), TASKS, facts->code) &&
           record_refers(json_get(task, "focus"), facts->focus) &&
           record_refers(json_get(task, "owner"), facts->owner) && machine &&
           machine_is_open(machine, json_get_text(task, "status"));
}

void ltss_task_derive_once(struct rule_run *run, const struct ltss_task *facts)
{
    const struct ltss_record *there =
        run->lookup->find(run->lookup->context, "Task", "focus", facts->focus);
    for (; there->content; there++)
        if (is_same(facts, there->content))
            return;
    run->derive(run->context, "Task", STR(""), ltss_task_make(run, facts));
}

void ltss_task_add(const struct rule_run *run, cJSON *task, const char *list, const char *kind,
                   const char *name, cJSON *value)
{
    struct arena *arena = run->arena;
    cJSON *all = json_get(task, list), *entry = json_new_object(arena);
    if (!all)
        all = json_set(arena, task, list, json_new_array(arena));
    json_set(arena, entry, "type", ltss_task_concept(arena, LTSS_CODES "task-io", kind));
    json_set(arena, entry, name, value);
    json_add(all, entry);
}
