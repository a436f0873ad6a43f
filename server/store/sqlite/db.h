/* db.h - one SQLite connection with its prepared statements; used by one thread at a time. */
#ifndef SERVER_STORE_SQLITE_DB_H
#define SERVER_STORE_SQLITE_DB_H
#include <sqlite3.h>

#include "resources/base/issue.h"
#include "server/store/sqlite/sql_table.h"

enum { DB_CACHED = 64 };
struct db {
    sqlite3 *handle;
    sqlite3_stmt *fixed[SQL_COUNT];
    /* Searches' statements by their text; the longest unused makes room. */
    struct db_cached {
        sqlite3_stmt *statement;
        uint64_t used;
    } cached[DB_CACHED];
    uint64_t uses;
    /* What the statements may still cost, see db_limit. */
    int64_t deadline_us, steps;
    bool is_late;
    const _Atomic bool *stop; /* ends statements as the deadline does; NULL: nobody asks to */
    struct db *next;          /* in the pool */
};
/* NULL with an issue. The schema is not looked at. */
struct db *db_open(const char *path, bool is_writer, struct arena *arena, struct issues *issues);
void db_close(struct db *db);

/* Prepares the fixed statements, once the schema is there; false on a fault. */
bool db_ready(struct db *db);
/* A fixed statement, reset, ready to bind. */
sqlite3_stmt *db_sql(struct db *db, enum sql sql);
/* A statement by its text (NUL-terminated), from the cache; NULL when the database fails. */
sqlite3_stmt *db_text(struct db *db, struct str text);
/* From now on statements end with a fault at the deadline (monotonic, microseconds; db_is_late then
 * says why), or after so many of SQLite's steps; 0: no such limit. */
void db_limit(struct db *db, int64_t deadline_us, int64_t steps);
int64_t db_monotonic_us(void);
/* Runs a script; false on a fault. */
bool db_script(struct db *db, const char *script);
/* Steps a statement that gives no rows, and resets it; false on a fault. */
bool db_done(sqlite3_stmt *statement);
bool db_run(struct db *db, enum sql sql);
/* First column of the first row, or `otherwise` when there is no row or it is NULL. */
int64_t db_number(sqlite3_stmt *statement, int64_t otherwise);

/* Binding borrows the bytes until the statement is reset. n counts from 1. */
void db_bind(sqlite3_stmt *statement, int n, int64_t value);
void db_bind_text(sqlite3_stmt *statement, int n, struct str text);
void db_bind_blob(sqlite3_stmt *statement, int n, struct str bytes);
/* Borrows until the next step; n counts from 0. */
struct str db_column(sqlite3_stmt *statement, int n);

void db_reset(sqlite3_stmt **statement);
/* RESETTING sqlite3_stmt *s = db_sql(...): reset on every way out of the block, so that no read
 * lock outlives it. */
#define RESETTING __attribute__((cleanup(db_reset)))
/* Ends a read transaction on every way out of the block. */
struct db_snapshot {
    struct db *db;
};
struct db_snapshot db_snapshot(struct db *db);
void db_snapshot_end(struct db_snapshot *snapshot);
#define SNAPSHOT_ENDING __attribute__((cleanup(db_snapshot_end)))
#endif
