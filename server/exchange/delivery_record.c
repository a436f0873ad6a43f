/* delivery_record.c - the Task and the outbox agree: a delivery that ended leaves the outbox in the
 * commit that says so. */
#include "server/exchange/delivery_record.h"

#include "resources/fhir/json/json.h"
#include "server/exchange/delivery_task.h"
#include "server/interactions/write.h"

enum { MOST_RECORD_TRIES = 8 };

/* Terminal states of the Task: somebody, or an earlier attempt, ended it. */
static bool is_open(const cJSON *task)
{
    struct str status = json_get_text(task, "status");
    return str_is(status, "requested") || str_is(status, "accepted") ||
           str_is(status, "in-progress");
}

static cJSON *read_task(struct attempt *attempt, uint64_t *version, enum outcome *outcome)
{
    struct store_version found;
    struct issues issues;
    const struct service *service = attempt->options->service;
    issues_init(&issues, attempt->arena, STR(""));
    *outcome = store_read(service->store, viewer_server(), STR("Task"), attempt->task, 0,
                          attempt->arena, &found);
    if (*outcome != OUTCOME_OK)
        return NULL;
    *version = found.version;
    return json_parse(found.body, attempt->arena, &issues);
}

bool delivery_record_is_wanted(struct attempt *attempt)
{
    uint64_t version;
    enum outcome outcome;
    const cJSON *task = read_task(attempt, &version, &outcome);
    if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND && outcome != OUTCOME_GONE)
        return true; /* a store that does not answer cancels nothing */
    const cJSON *key = task ? delivery_task_input(task, "idempotency-key") : NULL;
    /* A delivery that was started again has another key: the older job has nothing left to do. */
    return task && is_open(task) && str_ends(json_text(key), attempt->key);
}

static struct str explain(struct attempt *attempt, const struct delivery_result *result)
{
    struct str text = str_of(result->reason.text);
    if (result->status)
        return str_print(attempt->arena, STR_FMT " (HTTP status %d).", STR_ARG(text),
                         result->status);
    if (attempt->message[0])
        return str_print(attempt->arena, STR_FMT ": %s.", STR_ARG(text), attempt->message);
    return str_print(attempt->arena, STR_FMT ".", STR_ARG(text));
}

static void describe(struct attempt *attempt, const struct delivery_result *result, cJSON *task)
{
    static const char *const STATUSES[] = {
        [VERDICT_DONE] = "completed", [VERDICT_RETRY] = "in-progress", [VERDICT_FAILED] = "failed"
    };
    struct delivery_task_state state = { .status = STATUSES[result->reason.verdict],
                                         .reason = result->reason.code,
                                         .attempts = attempt->attempts,
                                         .attempted_us = result->attempted_us,
                                         .http_status = result->status };
    if (result->reason.code)
        state.reason_text = explain(attempt, result);
    if (result->reason.verdict == VERDICT_RETRY)
        state.next_us = result->next_us;
    if (result->status)
        state.outcome = attempt_outcome(attempt);
    delivery_task_set(task, &state, attempt->arena);
}

/* One try to write the Task; *is_stale when somebody changed it meanwhile. */
static bool save(struct attempt *attempt, const struct delivery_result *result, bool *is_stale)
{
    struct issues issues;
    struct write write = { .act = WRITE_UPDATE, .type = STR("Task"), .id = attempt->task };
    struct write_set set = { .service = attempt->options->service,
                             .viewer = viewer_server(),
                             .arena = attempt->arena,
                             .issues = &issues,
                             .writes = &write,
                             .count = 1,
                             .interaction = "update" };
    issues_init(&issues, attempt->arena, STR(""));
    enum outcome outcome;
    write.resource = read_task(attempt, &write.if_version, &outcome);
    if (!write.resource || !is_open(write.resource))
        return false;
    describe(attempt, result, write.resource);
    if (result->reason.verdict != VERDICT_RETRY)
        set.extras.finish_job = attempt->job;
    if (write_commit(&set))
        return true;
    *is_stale = issues.first && issues.first->id == ISSUE_VERSION_STALE;
    return false;
}

void delivery_record(struct attempt *attempt, const struct delivery_result *result)
{
    struct store *store = attempt->options->service->store;
    bool is_saved = false, is_stale = true;
    for (int i = 0; i < MOST_RECORD_TRIES && !is_saved && is_stale; i++) {
        is_stale = false;
        is_saved = save(attempt, result, &is_stale);
    }
    if (result->reason.verdict == VERDICT_RETRY)
        store_job_retry(store, attempt->job, result->next_us);
    else if (!is_saved)
        store_job_done(store, attempt->job);
}
