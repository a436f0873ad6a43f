/* delivery_task.c - building and updating the delivery Task. */
#include "server/exchange/delivery_task.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/instant.h"

#define GUIDE "http://tandem-fhir.org/ltss"
#define TASK_CODES GUIDE "/CodeSystem/tandem-task"
#define TASK_IO GUIDE "/CodeSystem/task-io"
#define STATUS_REASONS GUIDE "/CodeSystem/task-status-reason"
#define TASK_PROFILE GUIDE "/StructureDefinition/tandem-delivery-task"
#define OUTCOME_ID "remote-outcome"

static void set_text(cJSON *object, const char *key, struct str text, struct arena *arena)
{
    json_set(arena, object, key, json_new_string(arena, text));
}

static cJSON *new_concept(const char *system, const char *code, struct arena *arena)
{
    cJSON *concept = json_new_object(arena), *coding = json_new_object(arena);
    cJSON *codings = json_set(arena, concept, "coding", json_new_array(arena));
    set_text(coding, "system", str_of(system), arena);
    set_text(coding, "code", str_of(code), arena);
    json_add(codings, coding);
    return concept;
}

static void set_reference(cJSON *object, const char *key, struct str reference, struct arena *arena)
{
    if (reference.len == 0)
        return;
    cJSON *value = json_set(arena, object, key, json_new_object(arena));
    set_text(value, "reference", reference, arena);
}

static cJSON *add_io(cJSON *task, const char *list, const char *code, struct arena *arena)
{
    cJSON *all = json_get(task, list);
    if (!all)
        all = json_set(arena, task, list, json_new_array(arena));
    cJSON *entry = json_new_object(arena);
    json_set(arena, entry, "type", new_concept(TASK_IO, code, arena));
    return json_add(all, entry);
}

cJSON *delivery_task_new(const struct delivery_task_facts *facts, struct arena *arena)
{
    cJSON *task = json_new_object(arena);
    set_text(task, "resourceType", STR("Task"), arena);
    cJSON *meta = json_set(arena, task, "meta", json_new_object(arena));
    json_add(json_set(arena, meta, "profile", json_new_array(arena)),
             json_new_string(arena, STR(TASK_PROFILE)));
    set_text(task, "status", STR("requested"), arena);
    set_text(task, "intent", STR("order"), arena);
    json_set(arena, task, "code", new_concept(TASK_CODES, "delivery", arena));
    set_reference(task, "focus", facts->focus, arena);
    set_reference(task, "for", facts->subject, arena);
    set_text(task, "authoredOn", instant_print(facts->authored_us, arena), arena);
    set_text(task, "lastModified", instant_print(facts->authored_us, arena), arena);
    set_reference(task, "requester", facts->requester, arena);
    set_reference(task, "owner", facts->owner, arena);
    cJSON *restriction = json_set(arena, task, "restriction", json_new_object(arena));
    cJSON *period = json_set(arena, restriction, "period", json_new_object(arena));
    set_text(period, "end", instant_print(facts->ends_us, arena), arena);
    set_reference(add_io(task, "input", "endpoint", arena), "valueReference", facts->endpoint,
                  arena);
    set_text(add_io(task, "input", "delivery-mode", arena), "valueCode", STR("transaction"), arena);
    set_text(add_io(task, "input", "idempotency-key", arena), "valueUuid", facts->key, arena);
    return task;
}

static void set_number(cJSON *entry, long long number, struct arena *arena)
{
    json_set(arena, entry, "valueUnsignedInt",
             json_new_number(arena, str_print(arena, "%lld", number)));
}

static void set_outputs(cJSON *task, const struct delivery_task_state *state, struct arena *arena)
{
    json_remove(task, "output");
    set_number(add_io(task, "output", "attempts", arena), state->attempts, arena);
    if (state->attempted_us)
        set_text(add_io(task, "output", "last-attempt", arena), "valueInstant",
                 instant_print(state->attempted_us, arena), arena);
    if (state->next_us)
        set_text(add_io(task, "output", "next-attempt", arena), "valueInstant",
                 instant_print(state->next_us, arena), arena);
    if (state->http_status)
        set_number(add_io(task, "output", "http-status", arena), state->http_status, arena);
    if (state->outcome)
        set_reference(add_io(task, "output", "remote-outcome", arena), "valueReference",
                      STR("#" OUTCOME_ID), arena);
}

/* The receiver's answer travels inside the Task; one at a time. */
static void set_contained(cJSON *task, const cJSON *outcome, struct arena *arena)
{
    json_remove(task, "contained");
    if (!outcome)
        return;
    cJSON *copy = json_copy(arena, outcome);
    json_set_after(arena, copy, "resourceType", "id", json_new_string(arena, STR(OUTCOME_ID)));
    cJSON *contained = json_new_array(arena);
    json_add(contained, copy);
    json_set_after(arena, task, json_get(task, "meta") ? "meta" : "resourceType", "contained",
                   contained);
}

void delivery_task_set(cJSON *task, const struct delivery_task_state *state, struct arena *arena)
{
    set_text(task, "status", str_of(state->status), arena);
    json_remove(task, "statusReason");
    if (state->reason) {
        cJSON *reason = new_concept(STATUS_REASONS, state->reason, arena);
        set_text(reason, "text", state->reason_text, arena);
        json_set_after(arena, task, "status", "statusReason", reason);
    }
    if (state->attempted_us)
        set_text(task, "lastModified", instant_print(state->attempted_us, arena), arena);
    set_outputs(task, state, arena);
    set_contained(task, state->outcome, arena);
}

static bool has_code(const cJSON *concept, const char *system, const char *code)
{
    const cJSON *codings = json_get(concept, "coding");
    for (const cJSON *coding = codings ? codings->child : NULL; coding; coding = coding->next)
        if (str_is(json_get_text(coding, "system"), system) &&
            str_is(json_get_text(coding, "code"), code))
            return true;
    return false;
}

const cJSON *delivery_task_input(const cJSON *task, const char *code)
{
    const cJSON *inputs = json_get(task, "input");
    for (const cJSON *input = inputs ? inputs->child : NULL; input; input = input->next)
        if (has_code(json_get(input, "type"), TASK_IO, code))
            for (const cJSON *value = input->child; value; value = value->next)
                if (str_starts(str_of(value->string), STR("value")))
                    return value;
    return NULL;
}

bool delivery_task_is(const cJSON *task)
{
    return has_code(json_get(task, "code"), TASK_CODES, "delivery");
}
