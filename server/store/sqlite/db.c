/* db.c - opening connections, preparing and stepping statements. */
#include "server/store/sqlite/db.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "resources/base/arena.h"

#define SQL_TEXT(id, text) [SQL_##id] = text,
static const char *const TEXTS[] = { SQL_TABLE(SQL_TEXT) };

/* The writer's cache holds the pages that a group of commits dirties. Checkpoints belong to
 * housekeeping; the writer makes one itself when nobody has for 32 MiB. Not later: a log that is
 * written over in place needs no new blocks from the file system, and its fsync costs a quarter of
 * a growing one's. */
static const char WRITER_PRAGMAS[] = "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
                                     "PRAGMA wal_autocheckpoint = 4000;"
                                     "PRAGMA journal_size_limit = 268435456;"
                                     "PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY;"
                                     "PRAGMA foreign_keys = OFF;";
static const char READER_PRAGMAS[] = "PRAGMA query_only = ON; PRAGMA cache_size = -16384;"
                                     "PRAGMA temp_store = MEMORY;";

enum { STEPS_BETWEEN = 1000 };

int64_t db_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void db_limit(struct db *db, int64_t deadline_us, int64_t steps)
{
    db->deadline_us = deadline_us;
    db->steps = steps;
    db->is_late = false;
}

/* SQLite calls this now and then; anything but 0 ends the statement. */
static int look_at_limits(void *context)
{
    struct db *db = context;
    if (db->steps && (db->steps -= STEPS_BETWEEN) <= 0) {
        db->steps = 1;
        return 1;
    }
    db->is_late = db->is_late || (db->stop && *db->stop) ||
                  (db->deadline_us && db_monotonic_us() > db->deadline_us);
    return db->is_late;
}

struct db *db_open(const char *path, bool is_writer, struct arena *arena, struct issues *issues)
{
    struct db *db = arena_alloc(arena, sizeof *db);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    int code =
        sqlite3_open_v2(path, &db->handle, flags | (is_writer ? SQLITE_OPEN_CREATE : 0), NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(db->handle, 10000);
        code =
            sqlite3_exec(db->handle, is_writer ? WRITER_PRAGMAS : READER_PRAGMAS, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK) {
        sqlite3_progress_handler(db->handle, STEPS_BETWEEN, look_at_limits, db);
        return db;
    }
    issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s can not be opened: %s", path,
              db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->fixed[i]);
    for (size_t i = 0; i < DB_CACHED; i++)
        sqlite3_finalize(db->cached[i].statement);
    sqlite3_close(db->handle);
    db->handle = NULL;
}

static sqlite3_stmt *prepare(struct db *db, const char *text, size_t len)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v3(db->handle, text, (int)len + 1, SQLITE_PREPARE_PERSISTENT,
                                  &statement, NULL);
    /* Every text is made here: one that does not compile is our fault, not the world's. */
    assert(code != SQLITE_ERROR);
    return statement;
}

bool db_ready(struct db *db)
{
    for (size_t i = 0; i < SQL_COUNT; i++)
        if (!db->fixed[i] && !(db->fixed[i] = prepare(db, TEXTS[i], strlen(TEXTS[i]))))
            return false;
    return true;
}

sqlite3_stmt *db_sql(struct db *db, enum sql sql)
{
    assert(db->fixed[sql]);
    return db->fixed[sql];
}

sqlite3_stmt *db_text(struct db *db, struct str text)
{
    struct db_cached *oldest = &db->cached[0];
    for (struct db_cached *at = db->cached; at < db->cached + DB_CACHED; at++) {
        if (at->statement && str_is(text, sqlite3_sql(at->statement))) {
            at->used = ++db->uses;
            return at->statement;
        }
        if (at->used < oldest->used)
            oldest = at;
    }
    sqlite3_finalize(oldest->statement);
    oldest->statement = prepare(db, text.data, text.len);
    oldest->used = ++db->uses;
    return oldest->statement;
}

bool db_script(struct db *db, const char *script)
{
    return sqlite3_exec(db->handle, script, NULL, NULL, NULL) == SQLITE_OK;
}

bool db_done(sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE || code == SQLITE_ROW;
}

bool db_run(struct db *db, enum sql sql)
{
    return db_done(db_sql(db, sql));
}

int64_t db_number(sqlite3_stmt *statement, int64_t otherwise)
{
    int64_t value = otherwise;
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

void db_bind(sqlite3_stmt *statement, int n, int64_t value)
{
    sqlite3_bind_int64(statement, n, value);
}

void db_bind_text(sqlite3_stmt *statement, int n, struct str text)
{
    sqlite3_bind_text64(statement, n, text.len ? text.data : "", text.len, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void db_bind_blob(sqlite3_stmt *statement, int n, struct str bytes)
{
    sqlite3_bind_blob64(statement, n, bytes.len ? bytes.data : "", bytes.len, SQLITE_STATIC);
}

struct str db_column(sqlite3_stmt *statement, int n)
{
    const char *bytes = sqlite3_column_blob(statement, n);
    return (struct str){ bytes, bytes ? (size_t)sqlite3_column_bytes(statement, n) : 0 };
}

void db_reset(sqlite3_stmt **statement)
{
    sqlite3_reset(*statement);
}

struct db_snapshot db_snapshot(struct db *db)
{
    db_run(db, SQL_BEGIN);
    return (struct db_snapshot){ db };
}

void db_snapshot_end(struct db_snapshot *snapshot)
{
    db_run(snapshot->db, SQL_COMMIT);
}
