/* outbox.c - taking the first waiting job of each lane, finishing it or putting it off. */
#include "server/store/sqlite/outbox.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/sqlite.h"

void outbox_init(struct outbox *outbox)
{
    pthread_mutex_init(&outbox->lock, NULL);
}

void outbox_done(struct outbox *outbox)
{
    pthread_mutex_destroy(&outbox->lock);
}

static struct outbox_taken *find(struct outbox *outbox, uint64_t job)
{
    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->taken[i].job == job)
            return &outbox->taken[i];
    return NULL;
}

static void forget(struct outbox *outbox, uint64_t job)
{
    struct outbox_taken *taken = find(outbox, job);
    if (taken)
        *taken = outbox->taken[--outbox->count];
}

void outbox_free(struct outbox *outbox, uint64_t job)
{
    pthread_mutex_lock(&outbox->lock);
    forget(outbox, job);
    pthread_mutex_unlock(&outbox->lock);
}

/* What could not be written down is at least kept in mind. */
static void put_off(struct outbox *outbox, uint64_t job, int64_t due_us)
{
    int64_t least = sqlite_now_us() + (int64_t)OUTBOX_WAIT_SECONDS * 1000000;
    pthread_mutex_lock(&outbox->lock);
    struct outbox_taken *taken = find(outbox, job);
    if (taken)
        taken->until_us = due_us > least ? due_us : least;
    pthread_mutex_unlock(&outbox->lock);
}

/* False when there is no room for another. */
static bool mark(struct outbox *outbox, uint64_t job)
{
    struct outbox_taken *taken = find(outbox, job);
    if (!taken && outbox->count == OUTBOX_MOST_TAKEN)
        return false;
    if (!taken)
        taken = &outbox->taken[outbox->count++];
    *taken = (struct outbox_taken){ job, INT64_MAX };
    return true;
}

/* Payloads are read one by one: the list of lanes is sorted, and would hold them all. */
static bool read_job(struct store_pending *job, struct db *db, uint64_t key, struct arena *arena)
{
    RESETTING sqlite3_stmt *row = db_sql(db, SQL_JOB_READ);
    db_bind(row, 1, (int64_t)key);
    if (sqlite3_step(row) != SQLITE_ROW)
        return false;
    *job = (struct store_pending){
        .job = key,
        .kind = str_copy(arena, db_column(row, 0)),
        .lane = str_copy(arena, db_column(row, 1)),
        .key = str_copy(arena, db_column(row, 2)),
        .payload = str_copy(arena, db_column(row, 3)),
        .attempts = (unsigned)sqlite3_column_int(row, 4),
        .due_us = sqlite3_column_int64(row, 5),
    };
    return true;
}

/* Which list of jobs, up to when. */
struct asked {
    enum sql list;
    int64_t now_us;
};

/* What is taken on the way to an error goes back, or it would be nobody's until a restart. */
static enum outcome take_due(struct outbox *outbox, struct db *db, struct asked asked, size_t most,
                             struct arena *arena, struct store_pending *jobs, size_t *count)
{
    RESETTING sqlite3_stmt *heads = db_sql(db, asked.list);
    int64_t now_us = asked.now_us;
    int code = SQLITE_DONE;
    bool is_good = true;
    while (is_good && *count < most && (code = sqlite3_step(heads)) == SQLITE_ROW &&
           sqlite3_column_int64(heads, 1) <= now_us) {
        uint64_t key = (uint64_t)sqlite3_column_int64(heads, 0);
        const struct outbox_taken *taken = find(outbox, key);
        if (taken && taken->until_us > now_us)
            continue;
        is_good = read_job(&jobs[*count], db, key, arena);
        if (is_good && !mark(outbox, key))
            break;
        *count += is_good;
    }
    if (is_good && (code == SQLITE_ROW || code == SQLITE_DONE))
        return OUTCOME_OK;
    while (*count)
        forget(outbox, jobs[--*count].job);
    return OUTCOME_FAILED;
}

/* Under the lock from reading to marking: a job that another thread finishes in between is either
 * still taken here, or no longer waiting there. */
static enum outcome take(struct store *store, struct asked asked, size_t most, struct arena *arena,
                         struct store_pending **jobs, size_t *count)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    if (most > OUTBOX_MOST_TAKEN)
        most = OUTBOX_MOST_TAKEN;
    *jobs = arena_array(arena, most, sizeof **jobs);
    *count = 0;
    /* the list and the payloads are of one moment, which begins under the lock */
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    (void)reading;
    pthread_mutex_lock(&sqlite->outbox.lock);
    enum outcome outcome = take_due(&sqlite->outbox, reader.db, asked, most, arena, *jobs, count);
    pthread_mutex_unlock(&sqlite->outbox.lock);
    return outcome;
}

enum outcome outbox_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                         struct store_pending **jobs, size_t *count)
{
    return take(store, (struct asked){ SQL_JOB_HEADS, now_us }, most, arena, jobs, count);
}

enum outcome outbox_timed_take(struct store *store, int64_t now_us, size_t most,
                               struct arena *arena, struct store_pending **jobs, size_t *count)
{
    return take(store, (struct asked){ SQL_JOB_TIMED, now_us }, most, arena, jobs, count);
}

uint64_t outbox_waiting(struct store *store, struct str lane, uint64_t most)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    sqlite3_stmt *count = db_sql(reader.db, SQL_JOB_COUNT);
    db_bind_text(count, 1, lane);
    db_bind(count, 2, (int64_t)most);
    return (uint64_t)db_number(count, (int64_t)most);
}

static int64_t next_of(struct store *store, enum sql list)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    RESETTING sqlite3_stmt *heads = db_sql(reader.db, list);
    int64_t next = INT64_MAX;
    pthread_mutex_lock(&sqlite->outbox.lock);
    while (sqlite3_step(heads) == SQLITE_ROW && sqlite3_column_int64(heads, 1) < next) {
        int64_t due = sqlite3_column_int64(heads, 1);
        const struct outbox_taken *taken =
            find(&sqlite->outbox, (uint64_t)sqlite3_column_int64(heads, 0));
        if (taken && taken->until_us > due)
            due = taken->until_us;
        next = due < next ? due : next;
    }
    pthread_mutex_unlock(&sqlite->outbox.lock);
    return next;
}

int64_t outbox_next(struct store *store)
{
    return next_of(store, SQL_JOB_HEADS);
}

int64_t outbox_timed_next(struct store *store)
{
    return next_of(store, SQL_JOB_TIMED);
}

struct settlement {
    uint64_t job;
    int64_t due_us;
};

static enum outcome apply_done(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct settlement *settlement = context;
    sqlite3_stmt *done = db_sql(db, SQL_JOB_DONE);
    db_bind(done, 1, sqlite_now_us());
    db_bind(done, 2, (int64_t)settlement->job);
    return db_done(done) ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome apply_retry(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct settlement *settlement = context;
    sqlite3_stmt *retry = db_sql(db, SQL_JOB_RETRY);
    db_bind(retry, 1, settlement->due_us);
    db_bind(retry, 2, (int64_t)settlement->job);
    return db_done(retry) ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome settle(struct sqlite *sqlite, struct writer_change *change,
                           const struct settlement *settlement)
{
    enum outcome outcome = writer_run(sqlite, change);
    if (outcome == OUTCOME_OK)
        outbox_free(&sqlite->outbox, settlement->job);
    else
        put_off(&sqlite->outbox, settlement->job, settlement->due_us);
    return outcome;
}

enum outcome outbox_finish(struct store *store, uint64_t job)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct settlement settlement = { job, 0 };
    struct writer_change change = { .apply = apply_done, .context = &settlement };
    return settle(sqlite, &change, &settlement);
}

enum outcome outbox_retry(struct store *store, uint64_t job, int64_t due_us)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct settlement settlement = { job, due_us };
    struct writer_change change = { .apply = apply_retry, .context = &settlement };
    return settle(sqlite, &change, &settlement);
}
