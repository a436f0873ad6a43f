/* record.c - what a determination writes: its extension, its Provenance, the team with it. */
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"

#define EXTENSION LTSS "StructureDefinition/lead-determination"

static void add_text(struct arena *arena, cJSON *extension, const char *url, const char *value,
                     struct str text)
{
    if (text.len)
        json_add(draft_list(arena, extension, "extension"),
                 draft_extension(arena, url, value, json_new_string(arena, text)));
}

static void add_reference(struct arena *arena, cJSON *extension, const char *url,
                          struct str reference)
{
    if (reference.len)
        json_add(
            draft_list(arena, extension, "extension"),
            draft_extension(arena, url, "valueReference", ltss_task_reference(arena, reference)));
}

cJSON *determination_agreed(const struct rule_run *run, struct str organization, struct str role,
                            struct str provenance_id)
{
    struct arena *arena = run->arena;
    cJSON *agreed = json_new_object(arena);
    draft_text(arena, agreed, "url", STR("agreedBy"));
    add_reference(arena, agreed, "organization", organization);
    add_reference(arena, agreed, "practitionerRole", role);
    add_text(arena, agreed, "when", "valueDateTime", draft_now(run));
    add_reference(arena, agreed, "provenance",
                  str_print(arena, "Provenance/" STR_FMT, STR_ARG(provenance_id)));
    return agreed;
}

cJSON *determination_extension(struct arena *arena, const char *status,
                               const struct determination_choice *choice)
{
    cJSON *made = json_new_object(arena);
    draft_text(arena, made, "url", STR(EXTENSION));
    add_text(arena, made, "status", "valueCode", str_of(status));
    if (!str_is(str_of(status), "determined"))
        add_reference(arena, made, "candidate", choice->candidate);
    for (size_t i = 0; i < choice->need_count; i++)
        json_add(draft_list(arena, made, "extension"),
                 draft_extension(arena, "primaryNeed", "valueCodeableConcept",
                                 json_copy(arena, choice->needs[i])));
    add_text(arena, made, "rationale", "valueString", choice->rationale);
    add_reference(arena, made, "documentation", choice->form);
    return made;
}

cJSON *determination_provenance(const struct rule_run *run,
                                const struct determination_records *records,
                                struct str organization, struct str role, const char *signature)
{
    struct arena *arena = run->arena;
    struct str now = draft_now(run);
    cJSON *made = json_new_object(arena), *agent = json_new_object(arena),
          *signed_by = json_new_object(arena), *type = json_new_object(arena);
    draft_text(arena, made, "resourceType", STR("Provenance"));
    draft_add_reference(arena, made, "target",
                        str_print(arena, "CareTeam/" STR_FMT, STR_ARG(records->team_id)));
    draft_add_reference(arena, made, "target",
                        str_print(arena, "Task/" STR_FMT, STR_ARG(records->task_id)));
    draft_text(arena, made, "recorded", now);
    json_set(arena, agent, "type",
             ltss_task_concept(arena,
                               "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
                               "author"));
    draft_set_reference(arena, agent, "who", role);
    draft_set_reference(arena, agent, "onBehalfOf", organization);
    json_add(draft_list(arena, made, "agent"), agent);
    draft_text(arena, type, "system", STR("urn:iso-astm:E1762-95:2013"));
    draft_text(arena, type, "code", str_of(signature));
    json_add(draft_list(arena, signed_by, "type"), type);
    draft_text(arena, signed_by, "when", now);
    draft_set_reference(arena, signed_by, "who", role);
    draft_set_reference(arena, signed_by, "onBehalfOf", organization);
    json_add(draft_list(arena, made, "signature"), signed_by);
    return made;
}

static bool is_determination(const cJSON *extension)
{
    return str_is(json_get_text(extension, "url"), EXTENSION);
}

cJSON *determination_team(struct arena *arena, const cJSON *team, cJSON *determination)
{
    cJSON *made = json_copy(arena, team), *list = json_get(made, "extension");
    for (cJSON *one = list ? list->child : NULL, *next; one; one = next) {
        next = one->next;
        if (is_determination(one))
            json_unlink(list, one);
    }
    if (determination && !list)
        list = json_set_after(arena, made, "meta", "extension", json_new_array(arena));
    if (determination)
        json_add(list, determination);
    else if (list && !list->child)
        json_remove(made, "extension");
    return made;
}

void determination_read(const cJSON *extension, struct determination_choice *choice)
{
    *choice = (struct determination_choice){
        .candidate = record_reference(record_value(record_extension(extension, "candidate"))),
        .rationale = record_extension_text(extension, "rationale"),
        .form = record_reference(record_value(record_extension(extension, "documentation"))),
    };
    for (const cJSON *one = record_first(extension, "extension"); one; one = one->next)
        if (str_is(json_get_text(one, "url"), "primaryNeed") &&
            choice->need_count < DETERMINATION_MOST_NEEDS)
            choice->needs[choice->need_count++] = record_value(one);
}

/* What was said before of these goes. */
static void remove_inputs(cJSON *task)
{
    static const char *const SAID[] = { "candidate", "primary-need", "form", "effective" };
    cJSON *inputs = json_get(task, "input");
    for (cJSON *one = inputs ? inputs->child : NULL, *next; one; one = next) {
        next = one->next;
        for (size_t i = 0; i < COUNT(SAID); i++)
            if (record_has_code(json_get(one, "type"), DRAFT_TASK_IO, SAID[i])) {
                json_unlink(inputs, one);
                break;
            }
    }
}

void determination_state(const struct rule_run *run, cJSON *task,
                         const struct determination_choice *choice)
{
    struct arena *arena = run->arena;
    remove_inputs(task);
    ltss_task_add(run, task, "input", "candidate", "valueReference",
                  ltss_task_reference(arena, choice->candidate));
    for (size_t i = 0; i < choice->need_count; i++)
        ltss_task_add(run, task, "input", "primary-need", "valueCodeableConcept",
                      json_copy(arena, choice->needs[i]));
    ltss_task_add(run, task, "input", "form", "valueReference",
                  ltss_task_reference(arena, choice->form));
    if (choice->effective.len)
        ltss_task_add(run, task, "input", "effective", "valueDateTime",
                      json_new_string(arena, choice->effective));
}
