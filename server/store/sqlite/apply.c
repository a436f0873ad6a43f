/* apply.c - what a commit does to the tables. */
#include "server/store/sqlite/apply.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/sqlite/find.h"
#include "server/store/sqlite/insert.h"
#include "server/store/sqlite/links.h"
#include "server/store/sqlite/prepare.h"

/* The commit under way. */
struct applying {
    struct sqlite *sqlite;
    struct db *db;
    struct prepared *prepared;
    struct store_commit *commit;
    struct writer_state *state;
};

static enum outcome clash(struct applying *with, size_t at, struct str what)
{
    with->commit->failed_write = at;
    with->commit->stale = str_copy(with->prepared->arena, what);
    return OUTCOME_CONFLICT;
}

static bool is_same_set(const struct str *a, const struct str *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (j < count && !str_equal(a[i], b[j]))
            j++;
        if (j == count)
            return false;
    }
    return true;
}

static enum outcome check_search(struct applying *with, size_t at, const struct store_guard *guard)
{
    struct str *ids;
    size_t count;
    int64_t type = names_find(&with->sqlite->names, with->db, NAME_TYPE, guard->plan->type);
    if (guard->version && !guard->plan->is_far &&
        !writer_is_touched(&with->sqlite->writer, type, guard->version))
        return OUTCOME_OK;
    struct find_scope scope = { with->sqlite, with->db, guard->viewer, with->prepared->arena };
    if (!find_ids(&scope, guard->plan, guard->id_count + 1, &ids, &count))
        return OUTCOME_FAILED;
    if (count == guard->id_count && is_same_set(ids, guard->ids, count))
        return OUTCOME_OK;
    return clash(with, at, guard->plan->self.len ? guard->plan->self : guard->plan->type);
}

static enum outcome check_counter(struct applying *with, size_t at, const struct store_guard *guard)
{
    sqlite3_stmt *find = db_sql(with->db, SQL_GUARD_FIND);
    db_bind_text(find, 1, guard->name);
    if (db_number(find, 0) != (int64_t)guard->version)
        return clash(with, at, guard->name);
    sqlite3_stmt *move = db_sql(with->db, SQL_GUARD_MOVE);
    db_bind_text(move, 1, guard->name);
    return db_done(move) ? OUTCOME_OK : OUTCOME_FAILED;
}

/* The version that a write finds in its place. resource 0: there never was one. */
struct current {
    int64_t resource, version_key, owner, labels, context;
    uint64_t number;
    bool is_alive, is_same_body;
};

static bool find_current(struct current *current, struct applying *with,
                         const struct prepared_write *prepared, struct str id)
{
    *current = (struct current){ 0 };
    RESETTING sqlite3_stmt *find = db_sql(with->db, SQL_CURRENT);
    db_bind(find, 1, prepared->type);
    db_bind_text(find, 2, id);
    int code = sqlite3_step(find);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE;
    struct str hash = db_column(find, 4);
    *current = (struct current){
        .resource = sqlite3_column_int64(find, 0),
        .version_key = sqlite3_column_int64(find, 1),
        .number = (uint64_t)sqlite3_column_int64(find, 2),
        .is_alive = sqlite3_column_int(find, 3) != STORE_DELETE,
        .is_same_body = hash.len == PREPARE_HASH && !memcmp(hash.data, prepared->hash, hash.len),
        .owner = sqlite3_column_int64(find, 5),
        .labels = sqlite3_column_int64(find, 6),
        .context = sqlite3_column_int64(find, 7),
    };
    return true;
}

static enum outcome check_record(struct applying *with, size_t at, const struct store_guard *guard)
{
    struct current current;
    const struct prepared_write asked = { .type = names_find(&with->sqlite->names, with->db,
                                                             NAME_TYPE, guard->type) };
    if (!find_current(&current, with, &asked, guard->id))
        return OUTCOME_FAILED;
    if ((current.is_alive ? current.number : 0) == guard->version)
        return OUTCOME_OK;
    return clash(with, at,
                 str_print(with->prepared->arena, STR_FMT "/" STR_FMT, STR_ARG(guard->type),
                           STR_ARG(guard->id)));
}

static enum outcome check_guards(struct applying *with)
{
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < with->commit->guard_count; i++) {
        const struct store_guard *guard = &with->commit->guards[i];
        if (guard->type.len)
            outcome = check_record(with, i, guard);
        else
            outcome = guard->plan ? check_search(with, i, guard) : check_counter(with, i, guard);
    }
    return outcome;
}

static bool is_expected(const struct store_write *write, const struct prepared_write *prepared,
                        const struct current *current)
{
    if (write->if_version == STORE_ANY_VERSION)
        return true;
    if (write->if_version == STORE_LIVING_VERSION)
        return current->is_alive && current->owner == prepared->owner;
    return write->if_version ? write->if_version == current->number : !current->is_alive;
}

/* Nothing is to be done: an update that changes nothing, or the deletion of what is not there. */
static bool is_idle(const struct store_write *write, const struct prepared_write *prepared,
                    const struct current *current)
{
    if (write->method == STORE_DELETE)
        return !current->is_alive;
    return write->skip_if_same && current->is_alive && current->is_same_body &&
           current->owner == prepared->owner && current->labels == (int64_t)write->labels;
}

static bool end_version(struct applying *with, const struct current *current)
{
    sqlite3_stmt *end = db_sql(with->db, SQL_VERSION_END);
    db_bind(end, 1, (int64_t)with->state->commit);
    db_bind(end, 2, current->version_key);
    if (!db_done(end))
        return false;
    if (!current->is_alive)
        return true;
    sqlite3_stmt *sweep = db_sql(with->db, SQL_SWEEP_ADD);
    db_bind(sweep, 1, (int64_t)with->state->commit);
    db_bind(sweep, 2, current->version_key);
    return db_done(sweep);
}

static enum outcome keep_time(struct applying *with, struct store_write *write,
                              const struct current *current)
{
    RESETTING sqlite3_stmt *read = db_sql(with->db, SQL_READ_KEY);
    write->version = current->number;
    write->is_created = false;
    if (!current->resource)
        return OUTCOME_OK;
    db_bind(read, 1, current->version_key);
    if (sqlite3_step(read) != SQLITE_ROW)
        return OUTCOME_FAILED;
    write->updated_us = sqlite3_column_int64(read, 3);
    return OUTCOME_OK;
}

static enum outcome apply_write(struct applying *with, size_t at)
{
    struct store_write *write = &with->commit->writes[at];
    const struct prepared_write *prepared = &with->prepared->writes[at];
    struct current current;
    if (!find_current(&current, with, prepared, write->id))
        return OUTCOME_FAILED;
    if (!is_expected(write, prepared, &current))
        return clash(with, at,
                     str_print(with->prepared->arena, STR_FMT "/" STR_FMT, STR_ARG(write->type),
                               STR_ARG(write->id)));
    if (is_idle(write, prepared, &current))
        return keep_time(with, write, &current);
    recent_forget(&with->sqlite->recent, write->type, write->id, with->state->commit);
    write->version = current.number + 1;
    write->updated_us = with->state->updated_us;
    write->is_created = !current.is_alive && write->method != STORE_DELETE;
    struct insert_place place = { with->db, ++with->state->version_key, with->state->commit,
                                  current.resource, current.context };
    if ((current.resource && !end_version(with, &current)) ||
        !insert_version(&place, write, prepared))
        return OUTCOME_FAILED;
    writer_touch(&with->sqlite->writer, prepared->type);
    if (write->method == STORE_DELETE)
        with->sqlite->writer.deleted = with->state->commit;
    return OUTCOME_OK;
}

static enum outcome check_ties(struct applying *with)
{
    for (size_t i = 0; i < with->commit->tie_count; i++) {
        const struct store_tie *tie = &with->commit->ties[i];
        if (!tie->is_deleted && !writer_has_deleted(&with->sqlite->writer, tie->snapshot))
            continue;
        int holds = links_hold(with->db, tie);
        if (holds != 1)
            return holds < 0 ? OUTCOME_FAILED : clash(with, i, tie->target);
    }
    return OUTCOME_OK;
}

static enum outcome keep_answer(struct applying *with)
{
    struct store_commit *commit = with->commit;
    struct store_idempotency *kept = &commit->idempotency;
    if (!kept->key.len)
        return OUTCOME_OK;
    if (commit->answer)
        kept->answer = commit->answer(commit->context, commit, with->prepared->arena);
    sqlite3_stmt *add = db_sql(with->db, SQL_ANSWER_ADD);
    db_bind_text(add, 1, kept->client);
    db_bind_text(add, 2, kept->key);
    db_bind_blob(add, 3, (struct str){ (const char *)kept->body_sha256, 32 });
    db_bind_blob(add, 4, kept->answer);
    db_bind(add, 5, kept->expires_us);
    db_bind(add, 6, with->state->updated_us);
    if (!db_done(add))
        return OUTCOME_FAILED;
    return sqlite3_changes(with->db->handle) ? OUTCOME_OK : clash(with, 0, STR("idempotency key"));
}

static bool apply_rest(struct applying *with)
{
    const struct store_commit *commit = with->commit;
    bool ok = insert_commit(with->db, with->state->commit, with->state->updated_us);
    for (size_t i = 0; ok && i < commit->job_count; i++)
        ok = insert_job(with->db, &commit->jobs[i], with->state->updated_us);
    for (size_t i = 0; ok && i < commit->audit_count; i++)
        ok = insert_audit(with->db, &with->prepared->audits[i], with->state->commit,
                          with->state->updated_us);
    if (!ok || !commit->finish_job)
        return ok;
    sqlite3_stmt *done = db_sql(with->db, SQL_JOB_DONE);
    db_bind(done, 1, with->state->updated_us);
    db_bind(done, 2, (int64_t)commit->finish_job);
    return db_done(done);
}

static enum outcome apply(struct sqlite *sqlite, struct db *db, void *context)
{
    struct prepared *prepared = context;
    struct applying with = { sqlite, db, prepared, prepared->commit, &sqlite->writer.state };
    int64_t now = sqlite_now_us();
    with.state->commit++;
    with.state->updated_us = now > with.state->updated_us ? now : with.state->updated_us + 1;
    with.commit->number = with.state->commit;
    enum outcome outcome = check_guards(&with);
    for (size_t i = 0; outcome == OUTCOME_OK && i < with.commit->write_count; i++)
        outcome = apply_write(&with, i);
    if (outcome == OUTCOME_OK)
        outcome = check_ties(&with);
    if (outcome == OUTCOME_OK && !apply_rest(&with))
        outcome = OUTCOME_FAILED;
    return outcome == OUTCOME_OK ? keep_answer(&with) : outcome;
}

static bool ready(struct sqlite *sqlite, struct db *db, void *context)
{
    struct prepared *prepared = context;
    bool is_good =
        !prepared->has_unknown_names && prepared->generation == names_generation(&sqlite->names);
    return is_good || prepare_names(prepared, sqlite, db);
}

static void conclude(struct sqlite *sqlite, const struct store_commit *commit, enum outcome outcome)
{
    if (outcome == OUTCOME_OK && commit->finish_job)
        outbox_free(&sqlite->outbox, commit->finish_job);
}

enum outcome apply_commit(struct store *store, struct store_commit *commit, struct arena *arena)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct prepared prepared;
    prepare_commit(&prepared, sqlite, commit, arena);
    struct writer_change change = { .ready = ready, .apply = apply, .context = &prepared };
    enum outcome outcome = writer_run(sqlite, &change);
    conclude(sqlite, commit, outcome);
    return outcome;
}

/* A commit that nobody waits for. */
struct begun {
    struct writer_change change; /* first: the writer tells of it */
    struct prepared prepared;
    struct sqlite *sqlite;
    void (*done)(void *context, enum outcome outcome);
    void *context;
};

static void tell(struct writer_change *change)
{
    struct begun *begun = (struct begun *)change;
    conclude(begun->sqlite, begun->prepared.commit, change->outcome);
    begun->done(begun->context, change->outcome); /* and with it all this may be gone */
}

void apply_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context)
{
    struct begun *begun = arena_alloc(arena, sizeof *begun);
    begun->sqlite = (struct sqlite *)store;
    begun->done = done;
    begun->context = context;
    prepare_commit(&begun->prepared, begun->sqlite, commit, arena);
    begun->change = (struct writer_change){
        .ready = ready, .apply = apply, .context = &begun->prepared, .told = tell
    };
    writer_begin(begun->sqlite, &begun->change);
}
