/* delivery_record.c - the Task and the outbox agree: a delivery that ended leaves the outbox in the
 * commit that says so. */
#include "server/exchange/delivery_record.h"

#include "resources/fhir/json/json.h"
#include "server/catalog.h"
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

/* A delivery that was started again has another key: of the older one nothing is wanted. */
static bool is_wanted(const struct attempt *attempt, const cJSON *task)
{
    const cJSON *key = task ? delivery_task_input(task, "idempotency-key") : NULL;
    return task && is_open(task) && str_ends(json_text(key), attempt->key);
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

/* A store that does not answer says nothing about the Task. */
static bool is_answered(enum outcome outcome)
{
    return outcome == OUTCOME_OK || outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_GONE;
}

bool delivery_record_is_wanted(struct attempt *attempt)
{
    uint64_t version;
    enum outcome outcome;
    const cJSON *task = read_task(attempt, &version, &outcome);
    return !is_answered(outcome) || is_wanted(attempt, task);
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

enum saving {
    SAVING_DONE,
    SAVING_STALE,    /* somebody changed the Task meanwhile */
    SAVING_UNWANTED, /* somebody ended it, or started it again */
    SAVING_REFUSED,  /* the Task would break a rule */
    SAVING_FAILED    /* the store can not, now */
};

static enum saving saving_of(const struct issues *issues)
{
    static const struct {
        enum issue_id id;
        enum saving saving;
    } MEANINGS[] = { { ISSUE_VERSION_STALE, SAVING_STALE },
                     { ISSUE_CONFLICT, SAVING_STALE },
                     { ISSUE_STORE_FAILED, SAVING_FAILED },
                     { ISSUE_OVERLOADED, SAVING_FAILED } };
    const struct issue *issue = issues->first;
    while (issue && issue->severity > SEVERITY_ERROR)
        issue = issue->next;
    for (size_t i = 0; issue && i < COUNT(MEANINGS); i++)
        if (issue->id == MEANINGS[i].id)
            return MEANINGS[i].saving;
    return SAVING_REFUSED;
}

static enum saving save(struct attempt *attempt, const struct delivery_result *result,
                        const struct service *service)
{
    struct issues issues;
    struct write write = { .act = WRITE_UPDATE, .type = STR("Task"), .id = attempt->task };
    struct write_set set = { .service = service,
                             .viewer = viewer_server(),
                             .arena = attempt->arena,
                             .issues = &issues,
                             .writes = &write,
                             .count = 1,
                             .interaction = "update" };
    issues_init(&issues, attempt->arena, STR(""));
    enum outcome outcome;
    write.resource = read_task(attempt, &write.if_version, &outcome);
    if (!is_answered(outcome))
        return SAVING_FAILED;
    if (!is_wanted(attempt, write.resource))
        return SAVING_UNWANTED;
    describe(attempt, result, write.resource);
    if (result->reason.verdict != VERDICT_RETRY)
        set.extras.finish_job = attempt->job;
    return write_commit(&set) ? SAVING_DONE : saving_of(&issues);
}

static enum saving save_pinned(struct attempt *attempt, const struct delivery_result *result)
{
    const struct service *pinned = catalog_pin(attempt->options->service);
    enum saving saving = save(attempt, result, pinned);
    catalog_unpin(pinned);
    return saving;
}

static enum saving save_at_last(struct attempt *attempt, const struct delivery_result *result)
{
    enum saving saving = SAVING_STALE;
    for (int i = 0; i < MOST_RECORD_TRIES && saving == SAVING_STALE; i++) {
        saving = save_pinned(attempt, result);
        if (saving == SAVING_REFUSED && attempt->reply.len) {
            attempt->reply.len = 0; /* what the receiver says must not keep the Task open */
            saving = SAVING_STALE;
        }
    }
    return saving;
}

/* An end that could not be written is not forgotten: the delivery is repeated, and its receiver
 * knows the repeat by its key. */
static int64_t repeat_at(const struct attempt *attempt, const struct delivery_result *result)
{
    const struct delivery_options *options = attempt->options;
    if (result->reason.verdict == VERDICT_RETRY)
        return result->next_us;
    unsigned wait =
        verdict_wait(attempt->attempts, options->first_wait_seconds, options->most_wait_seconds, 0);
    return result->attempted_us + (int64_t)wait * 1000000;
}

void delivery_record(struct attempt *attempt, const struct delivery_result *result)
{
    struct store *store = attempt->options->service->store;
    enum saving saving = save_at_last(attempt, result);
    bool is_ended = result->reason.verdict != VERDICT_RETRY;
    if (saving == SAVING_UNWANTED || (saving == SAVING_REFUSED && is_ended))
        store_job_done(store, attempt->job);
    else if (saving != SAVING_DONE || !is_ended)
        store_job_retry(store, attempt->job, repeat_at(attempt, result));
}
