/* delivery_record_test.c - what becomes of the job and the Task, whatever happens to the writing.
 */
#include "server/exchange/delivery_record.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"
#include "resources/fhir/json/json.h"
#include "server/catalog_fake.h"
#include "server/interactions/write.h"

/* A store of one Task, in place of the real one. */
struct store {
    enum outcome read;
    const char *status, *key;
    enum issue_id issue; /* that writing the Task ends in; ISSUE_ALL_OK: none */
    bool is_reply_to_blame;
    int writes;
    uint64_t finished, done, retried; /* job by the Task's commit, by itself, put off */
    int64_t due_us;
    bool has_outcome;
};
static struct store fake;

enum outcome store_read(struct store *store, const struct viewer *viewer, struct str type,
                        struct str id, uint64_t version, struct arena *arena,
                        struct store_version *out)
{
    (void)viewer, (void)version;
    *out = (struct store_version){ .type = type, .id = id, .version = 3 };
    out->body =
        str_print(arena,
                  "{\"resourceType\":\"Task\",\"status\":\"%s\",\"input\":[{\"type\":{\"coding\":[{"
                  "\"system\":\"http://tandem-fhir.org/ltss/CodeSystem/task-io\",\"code\":"
                  "\"idempotency-key\"}]},\"valueUuid\":\"urn:uuid:%s\"}]}",
                  store->status, store->key);
    return store->read;
}

enum outcome store_job_done(struct store *store, uint64_t job)
{
    store->done = job;
    return OUTCOME_OK;
}

enum outcome store_job_retry(struct store *store, uint64_t job, int64_t due_us)
{
    store->retried = job;
    store->due_us = due_us;
    return OUTCOME_OK;
}

bool write_commit(struct write_set *set)
{
    fake.writes++;
    fake.has_outcome = json_get(set->writes[0].resource, "contained") != NULL;
    bool is_good = fake.issue == ISSUE_ALL_OK || (fake.is_reply_to_blame && !fake.has_outcome);
    if (is_good)
        fake.finished = set->extras.finish_job;
    return is_good || issue_add(set->issues, NULL, fake.issue, "%s", "");
}

static const struct {
    enum verdict verdict;
    struct store store;
    uint64_t finished, done, retried;
    int64_t due_us;
    const char *claim;
} CASES[] = {
    { VERDICT_DONE, { .issue = ISSUE_ALL_OK }, 7, 0, 0, 0, "the end is one commit" },
    { VERDICT_RETRY, { .issue = ISSUE_ALL_OK }, 0, 0, 7, 99, "the next time comes after the Task" },
    { VERDICT_DONE, { .issue = ISSUE_STORE_FAILED }, 0, 0, 7, 2000005, "a full disk loses no end" },
    { VERDICT_FAILED, { .issue = ISSUE_OVERLOADED }, 0, 0, 7, 2000005, "nor does a busy store" },
    { VERDICT_RETRY, { .issue = ISSUE_STORE_FAILED }, 0, 0, 7, 99, "nor the next time" },
    { VERDICT_DONE, { .issue = ISSUE_VERSION_STALE }, 0, 0, 7, 2000005, "nor a crowd at the Task" },
    { VERDICT_DONE,
      { .issue = ISSUE_VALUE_INVALID, .is_reply_to_blame = true },
      7,
      0,
      0,
      0,
      "what the receiver says does not keep the Task open" },
    { VERDICT_DONE, { .issue = ISSUE_VALUE_INVALID }, 0, 7, 0, 0, "a Task that is past saving" },
    { VERDICT_DONE,
      { .issue = ISSUE_ALL_OK, .read = OUTCOME_FAILED },
      0,
      0,
      7,
      2000005,
      "a Task that can not be read" },
    { VERDICT_DONE,
      { .issue = ISSUE_ALL_OK, .read = OUTCOME_GONE },
      0,
      7,
      0,
      0,
      "one that is no longer there" },
    { VERDICT_DONE,
      { .issue = ISSUE_ALL_OK, .status = "cancelled" },
      0,
      7,
      0,
      0,
      "one that a person ended" },
    { VERDICT_DONE,
      { .issue = ISSUE_ALL_OK, .key = "key-2" },
      0,
      7,
      0,
      0,
      "the end of an older job is not the end of one that was started again" },
};

static void nothing_is_lost_and_nothing_repeated_at_once(void **state)
{
    (void)state;
    static const struct service SERVICE = { .store = &fake };
    static const struct delivery_options OPTIONS = { .service = &SERVICE,
                                                     .first_wait_seconds = 2,
                                                     .most_wait_seconds = 3600 };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct attempt attempt = { .arena = arena,
                                   .options = &OPTIONS,
                                   .job = 7,
                                   .attempts = 1,
                                   .key = STR("key-1"),
                                   .task = STR("t") };
        struct delivery_result result = { .reason = { CASES[i].verdict, "code", "text" },
                                          .status = 200,
                                          .attempted_us = 5,
                                          .next_us = 99 };
        fake = CASES[i].store;
        fake.status = fake.status ? fake.status : "in-progress";
        fake.key = fake.key ? fake.key : "key-1";
        buf_init(&attempt.reply, arena, 1000);
        buf_add(&attempt.reply, STR("{\"resourceType\":\"OperationOutcome\",\"issue\":[{"
                                    "\"severity\":\"error\",\"code\":\"invalid\"}]}"));
        delivery_record(&attempt, &result);
        if (fake.finished != CASES[i].finished || fake.done != CASES[i].done ||
            fake.retried != CASES[i].retried ||
            (fake.retried && fake.due_us < CASES[i].due_us - 500000))
            fail_msg("%s: finished %d, done %d, retried %d at %lld", CASES[i].claim,
                     (int)fake.finished, (int)fake.done, (int)fake.retried, (long long)fake.due_us);
        assert_in_range(fake.writes, 0, 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_nothing_repeated_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
