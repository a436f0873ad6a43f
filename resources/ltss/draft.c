/* draft.c - parts of the records that rules write. */
#include "resources/ltss/draft.h"

#include "resources/ltss/machine/machine.h"

void draft_text(struct arena *arena, cJSON *object, const char *name, struct str text)
{
    json_set(arena, object, name, json_new_string(arena, text));
}

void draft_set_reference(struct arena *arena, cJSON *object, const char *name, struct str reference)
{
    if (reference.len)
        json_set(arena, object, name, ltss_task_reference(arena, reference));
}

cJSON *draft_list(struct arena *arena, cJSON *object, const char *name)
{
    cJSON *list = json_get(object, name);
    return list ? list : json_set(arena, object, name, json_new_array(arena));
}

void draft_add_reference(struct arena *arena, cJSON *object, const char *name, struct str reference)
{
    if (reference.len)
        json_add(draft_list(arena, object, name), ltss_task_reference(arena, reference));
}

cJSON *draft_extension(struct arena *arena, const char *url, const char *value, cJSON *item)
{
    cJSON *made = json_new_object(arena);
    draft_text(arena, made, "url", str_of(url));
    json_set(arena, made, value, item);
    return made;
}

void draft_set_reason(struct arena *arena, cJSON *task, struct str words)
{
    cJSON *reason = json_new_object(arena);
    draft_text(arena, reason, "text", words);
    if (json_get(task, "statusReason"))
        json_set(arena, task, "statusReason", reason);
    else
        json_set_after(arena, task, "status", "statusReason", reason);
}

struct str draft_now(const struct rule_run *run)
{
    return record_moment(run->now_us, run->arena);
}

struct str draft_today(const struct rule_run *run)
{
    return date_print(&run->today, run->arena);
}

struct str draft_requester(const struct rule_run *run, struct str owner)
{
    return run->caller->organization.len ? run->caller->organization : owner;
}

static bool is_open(const cJSON *task)
{
    const struct machine *machine = machine_of(task);
    return machine && machine_is_open(machine, json_get_text(task, "status"));
}

bool draft_task_is_open(const struct rule_run *run, const char *code, struct str patient,
                        struct str owner)
{
    const struct ltss_record *task =
        run->lookup->find(run->lookup->context, "Task", RULE_OPEN_TASKS, patient);
    for (; task->content; task++)
        if (is_open(task->content) &&
            record_has_code(json_get(task->content, "code"), DRAFT_TASKS, code) &&
            str_equal(record_patient(task->content), patient) &&
            (!owner.len || record_refers(json_get(task->content, "owner"), owner)))
            return true;
    return false;
}

cJSON *draft_notice(const struct rule_run *run, const struct draft_notice *facts)
{
    struct arena *arena = run->arena;
    cJSON *notice = json_new_object(arena), *payload = json_new_object(arena);
    draft_text(arena, notice, "resourceType", STR("Communication"));
    draft_text(arena, notice, "status", STR("completed"));
    json_add(draft_list(arena, notice, "category"),
             ltss_task_concept(arena, LTSS_CODES "note-category", "notice"));
    draft_set_reference(arena, notice, "subject", facts->patient);
    draft_add_reference(arena, notice, "about", facts->about);
    draft_text(arena, notice, "sent", draft_now(run));
    for (size_t i = 0; i < facts->recipient_count; i++)
        draft_add_reference(arena, notice, "recipient", facts->recipients[i]);
    draft_set_reference(arena, notice, "sender", facts->sender);
    draft_text(arena, payload, "contentString", facts->words);
    json_add(draft_list(arena, notice, "payload"), payload);
    return notice;
}
