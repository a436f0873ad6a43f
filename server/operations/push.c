/* push.c - CarePlan/[id]/$push sends a plan with what belongs to it; Task/[id]/$retry starts a
 * delivery that ended without success again. */
#include "server/exchange/attempt.h"
#include "server/exchange/delivery_task.h"
#include "server/exchange/endpoint.h"
#include "server/exchange/plan_bundle.h"
#include "server/interactions/outcome.h"
#include "server/interactions/write.h"
#include "server/operations/operation.h"
#include "server/store/uuid.h"

/* What to wait before another delivery is asked for, where too many wait. */
enum { RETRY_SECONDS_WAITING = 60 };

/* What a delivery is made of. */
struct push {
    struct interaction *interaction;
    struct str endpoint_reference, plan_id, key, task_id;
    struct endpoint endpoint;
    struct plan_bundle bundle;
    int64_t now_us;
};

static bool read_plan(struct push *push, struct store_version *plan)
{
    struct interaction *with = push->interaction;
    enum outcome outcome = store_read(with->service->store, with->viewer, STR("CarePlan"),
                                      push->plan_id, 0, with->arena, plan);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&with->issues, outcome,
                             str_print(with->arena, "CarePlan/" STR_FMT, STR_ARG(push->plan_id)));
    if (plan->owner.len)
        return issue_add(&with->issues, NULL, ISSUE_NOT_OWNER,
                         "this is a copy that " STR_FMT " sent here", STR_ARG(plan->owner));
    return true;
}

static bool gather(struct push *push)
{
    struct interaction *with = push->interaction;
    struct store_version plan;
    push->now_us = with->service->now_us();
    push->key = uuid_make(with->arena);
    if (!with->service->delivery)
        return issue_add(&with->issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "this server was started without a certificate for deliveries");
    if (!delivery_has_room(with->service->delivery, push->endpoint_reference)) {
        with->retry_seconds = RETRY_SECONDS_WAITING;
        return issue_add(&with->issues, NULL, ISSUE_DELIVERIES_WAITING,
                         STR_FMT ": see its Tasks; try again when some have arrived",
                         STR_ARG(push->endpoint_reference));
    }
    return read_plan(push, &plan) &&
           endpoint_find(&push->endpoint, with->service, with->viewer, push->endpoint_reference,
                         with->arena, &with->issues) &&
           plan_bundle_make(&push->bundle, with->service, with->viewer, &plan, with->arena,
                            &with->issues);
}

/* Commits the Task together with the job that carries the Bundle out. */
static bool commit(struct push *push, struct write *write, const char *operation)
{
    struct interaction *with = push->interaction;
    struct store_job job = { .kind = STR(DELIVERY_KIND),
                             .lane = push->endpoint_reference,
                             .key = push->key,
                             .payload =
                                 attempt_payload(push->task_id, push->endpoint_reference,
                                                 push->now_us, push->bundle.text, with->arena) };
    struct write_set set = { .service = with->service,
                             .viewer = with->viewer,
                             .arena = with->arena,
                             .issues = &with->issues,
                             .writes = write,
                             .count = 1,
                             .extras = { .jobs = &job, .job_count = 1, .operation = operation },
                             .interaction = "operation" };
    if (!write_commit(&set))
        return false;
    delivery_wake(with->service->delivery);
    return true;
}

static struct delivery_task_facts facts_of(const struct push *push)
{
    struct arena *arena = push->interaction->arena;
    return (struct delivery_task_facts){
        .focus = str_print(arena, "CarePlan/" STR_FMT, STR_ARG(push->plan_id)),
        .subject = push->bundle.subject,
        .requester = push->interaction->viewer->organization,
        .owner = push->endpoint.organization,
        .endpoint = push->endpoint_reference,
        .key = str_print(arena, "urn:uuid:" STR_FMT, STR_ARG(push->key)),
        .authored_us = push->now_us,
        .ends_us = delivery_ends(push->interaction->service->delivery, push->now_us),
    };
}

static void answer_task(struct push *push)
{
    struct arena *arena = push->interaction->arena;
    struct buf body;
    buf_init(&body, arena, 4096);
    buf_add(&body, STR("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"deliveryTask\","
                       "\"valueReference\":{\"reference\":\"Task/"));
    buf_add(&body, push->task_id);
    buf_add(&body, STR("\"}}]}"));
    interaction_answer(push->interaction, 200, buf_str(&body));
}

bool operations_push(struct interaction *interaction)
{
    struct push push = { .interaction = interaction, .plan_id = interaction->at.id };
    const cJSON *parameters = operation_parameters(interaction);
    if (!parameters || !interaction_may(interaction, STR("Task"), ACT_CREATE, NULL))
        return false;
    push.endpoint_reference =
        json_get_text(operation_parameter(parameters, "endpoint"), "reference");
    if (!push.endpoint_reference.len)
        return issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                         "the parameter endpoint is a Reference to a stored Endpoint");
    if (!gather(&push))
        return false;
    push.task_id = uuid_make(interaction->arena);
    struct delivery_task_facts facts = facts_of(&push);
    struct write write = { .act = WRITE_CREATE,
                           .type = STR("Task"),
                           .if_version = STORE_ANY_VERSION,
                           .resource = delivery_task_new(&facts, interaction->arena),
                           .made_id = push.task_id };
    if (!commit(&push, &write, "push"))
        return false;
    answer_task(&push);
    return true;
}

static cJSON *read_ended_task(struct interaction *interaction, uint64_t *version)
{
    struct store_version found;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer, STR("Task"),
                                      interaction->at.id, 0, interaction->arena, &found);
    if (outcome != OUTCOME_OK) {
        outcome_raise(&interaction->issues, outcome,
                      str_print(interaction->arena, "Task/" STR_FMT, STR_ARG(interaction->at.id)));
        return NULL;
    }
    cJSON *task = json_parse(found.body, interaction->arena, &interaction->issues);
    struct str status = json_get_text(task, "status");
    *version = found.version;
    if (task && delivery_task_is(task) && (str_is(status, "failed") || str_is(status, "cancelled")))
        return task;
    issue_add(
        &interaction->issues, NULL, ISSUE_TASK_NOT_RETRYABLE,
        "only a delivery that failed or was cancelled is started again; this Task is " STR_FMT,
        STR_ARG(status));
    return NULL;
}

bool operations_retry(struct interaction *interaction)
{
    struct push push = { .interaction = interaction, .task_id = interaction->at.id };
    struct write write = { .act = WRITE_UPDATE, .type = STR("Task"), .id = interaction->at.id };
    /* The plan is read again: a Task that says it was a delivery must not open plans to its writer.
     */
    if (!interaction_may(interaction, STR("CarePlan"), ACT_READ, NULL))
        return false;
    const cJSON *ended = read_ended_task(interaction, &write.if_version);
    if (!ended)
        return false;
    struct str focus = json_get_text(json_get(ended, "focus"), "reference");
    push.plan_id = str_slice(focus, sizeof "CarePlan/" - 1, focus.len);
    push.endpoint_reference = json_get_text(delivery_task_input(ended, "endpoint"), "reference");
    if (!str_starts(focus, STR("CarePlan/")))
        return issue_add(&interaction->issues, NULL, ISSUE_TASK_NOT_RETRYABLE,
                         "its focus is not a CarePlan stored here");
    if (!gather(&push))
        return false;
    struct delivery_task_facts facts = facts_of(&push);
    write.resource = delivery_task_new(&facts, interaction->arena);
    if (!commit(&push, &write, "retry"))
        return false;
    answer_task(&push);
    return true;
}
