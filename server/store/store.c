/* store.c - picks the backend by the location and hands every call to it. */
#include "server/store/store.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/backend.h"
#include "server/store/splice.h"

static const struct backend *const BACKENDS[] = { &sqlite_backend };

static const char *const OUTCOME_NAMES[] = {
    [OUTCOME_OK] = "ok",         [OUTCOME_NOT_FOUND] = "not-found",
    [OUTCOME_GONE] = "gone",     [OUTCOME_CONFLICT] = "conflict",
    [OUTCOME_BUSY] = "busy",     [OUTCOME_LATE] = "late",
    [OUTCOME_FAILED] = "failed",
};

const char *store_outcome_name(enum outcome outcome)
{
    return OUTCOME_NAMES[outcome];
}

struct store *store_open(const char *location, const struct store_options *options,
                         struct issues *issues)
{
    struct str place = str_of(location), scheme = str_cut(&place, ':');
    for (size_t i = 0; i < COUNT(BACKENDS); i++)
        if (str_is(scheme, BACKENDS[i]->scheme))
            return BACKENDS[i]->open(place, options, issues);
    issue_add(issues, NULL, ISSUE_STORE_FAILED,
              "'%s' is not a place for a store: write sqlite:PATH", location);
    return NULL;
}

void store_close(struct store *store)
{
    if (store)
        store->backend->close(store);
}

enum outcome store_read(struct store *store, const struct viewer *viewer, struct str type,
                        struct str id, uint64_t version, struct arena *arena,
                        struct store_version *out)
{
    return store->backend->read(store, viewer, type, id, version, arena, out);
}

enum outcome store_search(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, uint64_t snapshot, struct str position,
                          struct arena *arena, struct store_page *out)
{
    return store->backend->search(store, viewer, plan, snapshot, position, arena, out);
}

enum outcome store_explain(struct store *store, const struct viewer *viewer,
                           const struct search_plan *plan, struct arena *arena,
                           struct store_step **steps, size_t *count)
{
    return store->backend->explain(store, viewer, plan, arena, steps, count);
}

enum outcome store_history(struct store *store, const struct viewer *viewer,
                           const struct store_history *asked, struct arena *arena,
                           struct store_page *out)
{
    return store->backend->history(store, viewer, asked, arena, out);
}

enum outcome store_referrers(struct store *store, const struct viewer *viewer, struct str target,
                             size_t most, struct arena *arena, struct store_page *out)
{
    return store->backend->referrers(store, viewer, target, most, arena, out);
}

enum outcome store_values(struct store *store, const struct viewer *viewer,
                          const struct store_values *asked, struct arena *arena,
                          struct store_found_values *out)
{
    return store->backend->values(store, viewer, asked, arena, out);
}

enum outcome store_commit(struct store *store, struct store_commit *commit, struct arena *arena)
{
    return store->backend->commit(store, commit, arena);
}

void store_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context)
{
    store->backend->commit_begin(store, commit, arena, done, context);
}

enum outcome store_find_answer(struct store *store, struct str client, struct str key,
                               struct arena *arena, struct store_idempotency *out)
{
    return store->backend->find_answer(store, client, key, arena, out);
}

uint64_t store_guard_version(struct store *store, struct str name)
{
    return store->backend->guard_version(store, name);
}

enum outcome store_jobs_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                             struct store_pending **jobs, size_t *count)
{
    return store->backend->jobs_take(store, now_us, most, arena, jobs, count);
}

enum outcome store_job_done(struct store *store, uint64_t job)
{
    return store->backend->job_done(store, job);
}

enum outcome store_job_retry(struct store *store, uint64_t job, int64_t due_us)
{
    return store->backend->job_retry(store, job, due_us);
}

uint64_t store_jobs_waiting(struct store *store, struct str lane, uint64_t most)
{
    return store->backend->jobs_waiting(store, lane, most);
}

int64_t store_jobs_next(struct store *store)
{
    return store->backend->jobs_next(store);
}

enum outcome store_timed_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                              struct store_pending **jobs, size_t *count)
{
    return store->backend->timed_take(store, now_us, most, arena, jobs, count);
}

int64_t store_timed_next(struct store *store)
{
    return store->backend->timed_next(store);
}

const uint8_t *store_seal_key(const struct store *store)
{
    return store->backend->seal_key(store);
}

uint64_t store_commit_number(struct store *store)
{
    return store->backend->commit_number(store);
}

uint64_t store_group_count(struct store *store)
{
    return store->backend->group_count(store);
}

void store_keep_house(struct store *store, int64_t now_us)
{
    store->backend->keep_house(store, now_us);
}

struct str store_whole_body(const struct store_write *write, struct arena *arena)
{
    struct splice splice;
    splice_init(&splice, write->version, write->updated_us);
    char *room = arena_alloc_raw(arena, splice_room(write->body.len));
    memcpy(room + SPLICE_GAP, write->body.data, write->body.len);
    return splice_into(&splice, room, write->body.len, write->meta_at);
}
