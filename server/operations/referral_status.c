/* referral_status.c - ServiceRequest/[id]/$status: where a referral stands, who has it, since when,
 * what may happen next. */
#include "resources/ltss/machine/machine.h"
#include "resources/ltss/party.h"
#include "server/instant.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"
#include "server/rules/question.h"

enum { VERSIONS_AT_ONCE = 50, MOST_PAGES = 20 };

struct answer {
    struct question *question;
    struct interaction *interaction;
    struct arena *arena;
    cJSON *parameters;
};

static void add_copy(struct answer *answer, cJSON *parts, const char *name, const char *value,
                     const cJSON *item)
{
    if (item)
        operation_add(answer->interaction, parts, name, value, json_copy(answer->arena, item));
}

/* When the oldest of the last versions was stored that all have this status. */
static bool find_since(struct answer *answer, struct str id, const cJSON *task, int64_t *since_us)
{
    const struct interaction *with = answer->interaction;
    struct store_history asked = { .type = STR("Task"), .id = id, .count = VERSIONS_AT_ONCE };
    struct str status = json_get_text(task, "status");
    for (int i = 0; i < MOST_PAGES; i++) {
        struct store_page page = { 0 };
        enum outcome outcome =
            store_history(with->service->store, with->viewer, &asked, answer->arena, &page);
        if (outcome != OUTCOME_OK)
            return outcome_raise(&answer->interaction->issues, outcome, STR("history"));
        for (size_t v = 0; v < page.count; v++) {
            struct issues unseen;
            issues_init(&unseen, answer->arena, STR(""));
            const cJSON *was = json_parse(page.versions[v].body, answer->arena, &unseen);
            if (!was || !str_equal(json_get_text(was, "status"), status))
                return true;
            *since_us = page.versions[v].updated_us;
        }
        if (!page.has_more)
            return true;
        asked.snapshot = page.snapshot;
        asked.position = page.next;
    }
    return true;
}

static const char *actor_code(unsigned actors)
{
    static const struct {
        unsigned actor;
        const char *code;
    } CODES[] = { { MACHINE_OWNER, "owner" },
                  { MACHINE_REQUESTER, "requester" },
                  { MACHINE_MAKER, "maker" },
                  { MACHINE_SERVER, "server" },
                  { MACHINE_ANYONE, "anyone" } };
    for (size_t i = 0; i < COUNT(CODES); i++)
        if (actors & CODES[i].actor)
            return CODES[i].code;
    return "";
}

/* The business statuses that the status can have. */
static void add_business(struct answer *answer, cJSON *next, const struct machine *machine,
                         struct str status)
{
    const struct machine_words *words = machine->business;
    while (words && words->status && !machine_has(words->status, status))
        words++;
    struct str rest = str_of(words && words->status ? words->words : NULL);
    while (rest.len) {
        struct str code = str_cut(&rest, '|');
        if (!machine->asked || !str_is(code, machine->asked))
            operation_add_text(answer->interaction, next, "businessStatus", "valueCode", code);
    }
}

static void add_next(struct answer *answer, cJSON *parts, const struct machine *machine,
                     const cJSON *task, const struct machine_step *step)
{
    struct interaction *with = answer->interaction;
    struct str rest = str_of(step->to);
    while (rest.len) {
        struct str to = str_cut(&rest, '|');
        cJSON *next = operation_add_parts(with, parts, "next");
        const char *by = actor_code(step->actors);
        operation_add_text(with, next, "status", "valueCode", to);
        add_business(answer, next, machine, to);
        operation_add_text(with, next, "by", "valueCode", str_of(by));
        add_copy(answer, next, "who", "valueReference", json_get(task, by));
        if (step->operation)
            operation_add_text(with, next, "operation", "valueString", str_of(step->operation));
        operation_add_bool(with, next, "yours",
                           machine_is_actor(&answer->question->run, step->actors, task));
    }
}

/* The requester's own step: to ask for the end while the owner is at work. */
static void add_asking(struct answer *answer, cJSON *parts, const struct machine *machine,
                       const cJSON *task)
{
    struct interaction *with = answer->interaction;
    struct str status = json_get_text(task, "status");
    const struct machine_words *words = machine->business;
    while (words && words->status && !machine_has(words->status, status))
        words++;
    if (!machine->asked || !words || !words->status ||
        !machine_has(words->words, str_of(machine->asked)) || machine_is_asked(machine, task))
        return;
    cJSON *next = operation_add_parts(with, parts, "next");
    operation_add_text(with, next, "status", "valueCode", status);
    operation_add_text(with, next, "businessStatus", "valueCode", str_of(machine->asked));
    operation_add_text(with, next, "by", "valueCode", STR("requester"));
    add_copy(answer, next, "who", "valueReference", json_get(task, "requester"));
    operation_add_bool(with, next, "yours",
                       machine_is_actor(&answer->question->run, MACHINE_REQUESTER, task));
}

static void add_steps(struct answer *answer, cJSON *parts, const cJSON *task)
{
    const struct machine *machine = machine_of(task);
    struct str status = json_get_text(task, "status");
    bool is_open = machine && machine_is_open(machine, status);
    operation_add_bool(answer->interaction, parts, "open", is_open);
    for (const struct machine_step *step = is_open ? machine->steps : NULL; step && step->to;
         step++)
        if (step->from && machine_has(step->from, status) &&
            (!step->is_asked || machine_is_asked(machine, task)))
            add_next(answer, parts, machine, task, step);
    if (is_open)
        add_asking(answer, parts, machine, task);
}

static bool add_task(struct answer *answer, const struct ltss_record *record)
{
    struct interaction *with = answer->interaction;
    const cJSON *task = record->content;
    int64_t since_us = 0;
    if (!find_since(answer, record->id, task, &since_us))
        return false;
    cJSON *parts = operation_add_parts(with, answer->parameters, "task");
    cJSON *reference = json_new_object(answer->arena);
    json_set(answer->arena, reference, "reference",
             json_new_string(answer->arena,
                             str_print(answer->arena, "Task/" STR_FMT, STR_ARG(record->id))));
    operation_add(with, parts, "reference", "valueReference", reference);
    for (const cJSON *one = record_first(task, "partOf"); one; one = one->next)
        add_copy(answer, parts, "partOf", "valueReference", one);
    operation_add_text(with, parts, "status", "valueCode", json_get_text(task, "status"));
    add_copy(answer, parts, "businessStatus", "valueCodeableConcept",
             json_get(task, "businessStatus"));
    operation_add_text(with, parts, "reason", "valueString",
                       json_get_text(json_get(task, "statusReason"), "text"));
    add_copy(answer, parts, "owner", "valueReference", json_get(task, "owner"));
    add_copy(answer, parts, "requester", "valueReference", json_get(task, "requester"));
    operation_add_text(with, parts, "since", "valueInstant",
                       instant_print(since_us, answer->arena));
    operation_add_text(with, parts, "due", "valueDateTime",
                       json_get_text(json_get(json_get(task, "restriction"), "period"), "end"));
    add_steps(answer, parts, task);
    return true;
}

bool operations_referral_status(struct interaction *interaction)
{
    struct question question;
    struct answer answer = { &question, interaction, interaction->arena, NULL };
    if (!interaction_may(interaction, STR("Task"), ACT_READ | ACT_SEARCH, NULL) ||
        !operation_inputs(interaction))
        return false;
    question_init(&question, interaction);
    const cJSON *request = question_read(&question, "ServiceRequest", interaction->at.id);
    if (!request)
        return false;
    answer.parameters = operation_new_parameters(interaction);
    operation_add_text(interaction, answer.parameters, "status", "valueCode",
                       json_get_text(request, "status"));
    const struct ltss_record *task = question_search(
        &question, "Task",
        str_print(interaction->arena, "focus=ServiceRequest/" STR_FMT "&_sort=authored-on",
                  STR_ARG(interaction->at.id)));
    for (; task->content; task++)
        if (!add_task(&answer, task))
            return false;
    return !question.has_failed && operation_answer(interaction, answer.parameters);
}
