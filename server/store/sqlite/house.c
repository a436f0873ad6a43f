/* house.c - each step is a small change of its own, so that writes go on in between. */
#include "server/store/sqlite/house.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/sqlite.h"

/* A dictionary is trained when there are so many versions to learn from, and once more when the
 * store has grown so much that it must look different. */
static const int64_t LEARN_AT[] = { 2000, 200000 };
enum { LEARN_FROM = 1500, LEARN_BYTES = 6 << 20, MOST_STEPS = 500 };
#define KEEP_FINISHED_JOBS_US ((int64_t)30 * 24 * 3600 * 1000000)

static const enum sql SWEEPS[] = {
    SQL_TOKEN_SWEEP,       SQL_STRING_SWEEP,    SQL_DATE_SWEEP,     SQL_REFERENCE_SWEEP,
    SQL_URI_SWEEP,         SQL_NUMBER_SWEEP,    SQL_QUANTITY_SWEEP, SQL_PRESENCE_SWEEP,
    SQL_COMPARTMENT_SWEEP, SQL_COMPOSITE_SWEEP, SQL_POSITION_SWEEP, SQL_LINK_SWEEP,
    SQL_SIGNATURE_SWEEP,
};

struct chore {
    int64_t now_us;
    uint64_t horizon;
    size_t done;
    int dictionary;
    struct str bytes;
};

static int64_t setting(struct db *db, struct str name)
{
    sqlite3_stmt *find = db_sql(db, SQL_SETTING_FIND);
    db_bind_text(find, 1, name);
    return db_number(find, 0);
}

/* Pages made at a commit older than the page life may go: moves the horizon up to the last such
 * commit, before anything is swept. */
static enum outcome move_horizon(struct sqlite *sqlite, struct db *db, void *context)
{
    struct chore *chore = context;
    int64_t before = setting(db, STR("horizon"));
    sqlite3_stmt *find = db_sql(db, SQL_HORIZON_FIND);
    db_bind(find, 1, before);
    db_bind(find, 2, chore->now_us - (int64_t)sqlite->options.page_life_seconds * 1000000);
    int64_t horizon = db_number(find, before);
    chore->horizon = (uint64_t)horizon;
    if (horizon == before)
        return OUTCOME_OK;
    sqlite3_stmt *set = db_sql(db, SQL_SETTING_SET);
    db_bind_text(set, 1, STR("horizon"));
    db_bind(set, 2, horizon);
    return db_done(set) ? OUTCOME_OK : OUTCOME_FAILED;
}

bool house_clear_index(struct db *db, int64_t version)
{
    for (size_t i = 0; i < COUNT(SWEEPS); i++) {
        sqlite3_stmt *sweep = db_sql(db, SWEEPS[i]);
        db_bind(sweep, 1, version);
        if (!db_done(sweep))
            return false;
    }
    return true;
}

static bool sweep_version(struct db *db, int64_t ended, int64_t version)
{
    if (!house_clear_index(db, version))
        return false;
    sqlite3_stmt *unindex = db_sql(db, SQL_VERSION_UNINDEX);
    db_bind(unindex, 1, version);
    sqlite3_stmt *done = db_sql(db, SQL_SWEEP_DONE);
    db_bind(done, 1, ended);
    db_bind(done, 2, version);
    return db_done(unindex) && db_done(done);
}

static enum outcome sweep_some(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    struct chore *chore = context;
    RESETTING sqlite3_stmt *find = db_sql(db, SQL_SWEEP_FIND);
    db_bind(find, 1, (int64_t)chore->horizon);
    int code;
    chore->done = 0;
    while ((code = sqlite3_step(find)) == SQLITE_ROW) {
        if (!sweep_version(db, sqlite3_column_int64(find, 0), sqlite3_column_int64(find, 1)))
            return OUTCOME_FAILED;
        chore->done++;
    }
    return code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome sweep_rest(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    struct chore *chore = context;
    chore->done = 0;
    sqlite3_stmt *commits = db_sql(db, SQL_COMMITS_SWEEP);
    db_bind(commits, 1, (int64_t)chore->horizon);
    bool ok = db_done(commits);
    chore->done += (size_t)sqlite3_changes(db->handle);
    sqlite3_stmt *answers = db_sql(db, SQL_ANSWER_SWEEP);
    db_bind(answers, 1, chore->now_us);
    ok = ok && db_done(answers);
    chore->done += (size_t)sqlite3_changes(db->handle);
    sqlite3_stmt *errands = db_sql(db, SQL_ERRAND_SWEEP);
    db_bind(errands, 1, chore->now_us);
    ok = ok && db_done(errands);
    chore->done += (size_t)sqlite3_changes(db->handle);
    ok = ok && db_done(db_sql(db, SQL_ERRAND_FILE_SWEEP));
    chore->done += (size_t)sqlite3_changes(db->handle);
    sqlite3_stmt *jobs = db_sql(db, SQL_JOB_SWEEP);
    db_bind(jobs, 1, chore->now_us - KEEP_FINISHED_JOBS_US);
    ok = ok && db_done(jobs);
    chore->done += (size_t)sqlite3_changes(db->handle);
    return ok ? OUTCOME_OK : OUTCOME_FAILED;
}

static bool run_chore(struct sqlite *sqlite, struct chore *chore,
                      enum outcome (*apply)(struct sqlite *, struct db *, void *))
{
    struct writer_change change = { .apply = apply, .context = chore };
    return writer_run(sqlite, &change) == OUTCOME_OK;
}

static enum outcome keep_dictionary(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct chore *chore = context;
    sqlite3_stmt *add = db_sql(db, SQL_DICTIONARY_ADD);
    db_bind(add, 1, chore->dictionary);
    db_bind_blob(add, 2, chore->bytes);
    return db_done(add) ? OUTCOME_OK : OUTCOME_FAILED;
}

static size_t take_samples(struct sqlite_reader *reader, struct str *samples, struct arena *arena)
{
    RESETTING sqlite3_stmt *row = db_sql(reader->db, SQL_SAMPLES);
    db_bind(row, 1, LEARN_FROM);
    size_t count = 0, bytes = 0;
    while (bytes < LEARN_BYTES && count < LEARN_FROM && sqlite3_step(row) == SQLITE_ROW) {
        struct body_packed packed = { db_column(row, 1), sqlite3_column_int(row, 0) };
        struct body_room room = { .before = 0 };
        if (!bodies_unpack(&room, &reader->sqlite->bodies, &packed, arena))
            continue;
        samples[count++] = (struct str){ room.bytes, room.len };
        bytes += room.len;
    }
    return count;
}

static void learn(struct sqlite *sqlite)
{
    struct bodies *bodies = &sqlite->bodies;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    int64_t versions = db_number(db_sql(reader.db, SQL_LAST_VERSION), 0);
    int newest = bodies_newest(bodies);
    if (newest > (int)COUNT(LEARN_AT) || versions < LEARN_AT[newest - 1])
        return;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str *samples = arena_array(arena, LEARN_FROM, sizeof *samples);
    size_t count = take_samples(&reader, samples, arena);
    struct chore chore = { .dictionary = newest + 1, .bytes = bodies_train(samples, count, arena) };
    if (chore.bytes.len && run_chore(sqlite, &chore, keep_dictionary))
        bodies_use(bodies, chore.dictionary, chore.bytes);
}

/* Copies the log back into the database as far as no reader stands in the way. */
static void checkpoint(struct sqlite *sqlite)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    sqlite3_wal_checkpoint_v2(reader.db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

void house_keep(struct store *store, int64_t now_us)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct chore chore = { .now_us = now_us, .done = 1 };
    bool ok = run_chore(sqlite, &chore, move_horizon);
    for (int step = 0; ok && chore.done && step < MOST_STEPS; step++)
        ok = run_chore(sqlite, &chore, sweep_some);
    chore.done = 1;
    for (int step = 0; ok && chore.done && step < MOST_STEPS; step++)
        ok = run_chore(sqlite, &chore, sweep_rest);
    learn(sqlite);
    checkpoint(sqlite);
}
