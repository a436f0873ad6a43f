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

static bool is_taken(const struct outbox *outbox, uint64_t job)
{
    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->taken[i] == job)
            return true;
    return false;
}

void outbox_free(struct outbox *outbox, uint64_t job)
{
    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < outbox->count; i++)
        if (outbox->taken[i] == job)
            outbox->taken[i--] = outbox->taken[--outbox->count];
    pthread_mutex_unlock(&outbox->lock);
}

static void read_head(struct store_pending *job, sqlite3_stmt *row, struct arena *arena)
{
    *job = (struct store_pending){
        .job = (uint64_t)sqlite3_column_int64(row, 0),
        .kind = str_copy(arena, db_column(row, 1)),
        .lane = str_copy(arena, db_column(row, 2)),
        .key = str_copy(arena, db_column(row, 3)),
        .payload = str_copy(arena, db_column(row, 4)),
        .attempts = (unsigned)sqlite3_column_int(row, 5),
        .due_us = sqlite3_column_int64(row, 6),
    };
}

/* Under the lock from reading to marking: a job that another thread finishes in between is either
 * still taken here, or no longer waiting there. */
enum outcome outbox_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                         struct store_pending **jobs, size_t *count)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct outbox *outbox = &sqlite->outbox;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    if (most > OUTBOX_MOST_TAKEN)
        most = OUTBOX_MOST_TAKEN;
    *jobs = arena_array(arena, most, sizeof **jobs);
    *count = 0;
    pthread_mutex_lock(&outbox->lock);
    RESETTING sqlite3_stmt *heads = db_sql(reader.db, SQL_JOB_HEADS);
    int code = SQLITE_DONE;
    while (*count < most && outbox->count < OUTBOX_MOST_TAKEN &&
           (code = sqlite3_step(heads)) == SQLITE_ROW && sqlite3_column_int64(heads, 6) <= now_us) {
        if (is_taken(outbox, (uint64_t)sqlite3_column_int64(heads, 0)))
            continue;
        read_head(&(*jobs)[*count], heads, arena);
        outbox->taken[outbox->count++] = (*jobs)[(*count)++].job;
    }
    pthread_mutex_unlock(&outbox->lock);
    return code == SQLITE_ROW || code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

int64_t outbox_next(struct store *store)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    RESETTING sqlite3_stmt *heads = db_sql(reader.db, SQL_JOB_HEADS);
    int64_t due = INT64_MAX;
    pthread_mutex_lock(&sqlite->outbox.lock);
    while (due == INT64_MAX && sqlite3_step(heads) == SQLITE_ROW)
        if (!is_taken(&sqlite->outbox, (uint64_t)sqlite3_column_int64(heads, 0)))
            due = sqlite3_column_int64(heads, 6);
    pthread_mutex_unlock(&sqlite->outbox.lock);
    return due;
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

enum outcome outbox_finish(struct store *store, uint64_t job)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct settlement settlement = { job, 0 };
    struct writer_change change = { .apply = apply_done, .context = &settlement };
    enum outcome outcome = writer_run(sqlite, &change);
    outbox_free(&sqlite->outbox, job);
    return outcome;
}

enum outcome outbox_retry(struct store *store, uint64_t job, int64_t due_us)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct settlement settlement = { job, due_us };
    struct writer_change change = { .apply = apply_retry, .context = &settlement };
    enum outcome outcome = writer_run(sqlite, &change);
    outbox_free(&sqlite->outbox, job);
    return outcome;
}
