/* db.c - SQLite as the definitions use it: a file written once, then read in place. */
#include "resources/fhir/definitions/db.h"

#include <assert.h>
#include <stdio.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/definitions/schema.h"

enum { MOST_PATH = 4096 };

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

void definitions_db_close(sqlite3 *db)
{
    int code = sqlite3_close(db);
    assert(code == SQLITE_OK);
    (void)code;
}

/* The journal is off: a build that dies leaves a temporary file behind, never half a database. */
sqlite3 *definitions_db_create(const char *path, struct issues *issues)
{
    char pragmas[256];
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA page_size=4096; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
             "PRAGMA encoding='UTF-8'; PRAGMA application_id=%d; PRAGMA user_version=%d; BEGIN;",
             DEFINITIONS_DB_MARK, DEFINITIONS_DB_VERSION);
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK && run(db, pragmas) &&
        run(db, schema_tables) && run(db, schema_units))
        return db;
    issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s: %s", path,
              db ? sqlite3_errmsg(db) : "no memory");
    sqlite3_close(db);
    return NULL;
}

static bool end_writing(sqlite3 *db, const char *last, struct issues *issues)
{
    bool is_done = run(db, schema_indexes) && run(db, last);
    if (!is_done)
        issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s", sqlite3_errmsg(db));
    return is_done;
}

bool definitions_db_finish(sqlite3 *db, struct issues *issues)
{
    bool is_done = end_writing(db, "COMMIT; VACUUM;", issues);
    definitions_db_close(db);
    return is_done;
}

bool definitions_db_seal(sqlite3 *db, struct issues *issues)
{
    bool is_done = end_writing(db, "COMMIT;", issues);
    if (!is_done)
        definitions_db_close(db);
    return is_done;
}

/* The path as a SQLite URI, with what has a meaning there escaped. */
static const char *uri_of(const char *path, struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, arena, 3 * (size_t)MOST_PATH);
    buf_add(&buf, STR("file:"));
    for (; *path; path++) {
        if (*path == '%' || *path == '?' || *path == '#')
            buf_print(&buf, "%%%02X", (unsigned)(unsigned char)*path);
        else
            buf_add_char(&buf, *path);
    }
    buf_add(&buf, STR("?mode=ro&immutable=1"));
    struct str uri = buf_str(&buf);
    return buf.is_over ? NULL : uri.data;
}

static int number_of(sqlite3 *db, const char *sql)
{
    CLOSING_STATEMENT sqlite3_stmt *statement = definitions_db_prepare(db, sql);
    if (!statement || sqlite3_step(statement) != SQLITE_ROW)
        return -1;
    return sqlite3_column_int(statement, 0);
}

sqlite3 *definitions_db_open(const char *path, struct issues *issues)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    const char *uri = uri_of(path, scratch);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    sqlite3 *db = NULL;
    if (!uri || sqlite3_open_v2(uri, &db, flags, NULL) != SQLITE_OK) {
        issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s can not be read", path);
    } else if (number_of(db, "PRAGMA application_id") != DEFINITIONS_DB_MARK) {
        issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s is no definitions database", path);
    } else if (number_of(db, "PRAGMA user_version") != DEFINITIONS_DB_VERSION) {
        issue_add(issues, NULL, ISSUE_DEFINITION_INVALID,
                  "%s was made by another version of this program", path);
    } else if (run(db, "PRAGMA mmap_size=1073741824; PRAGMA cache_size=-1024;")) {
        return db;
    }
    sqlite3_close(db);
    return NULL;
}

sqlite3_stmt *definitions_db_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        return NULL;
    return statement;
}

struct str definitions_db_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return (struct str){ (const char *)text, text ? (size_t)size : 0 };
}

struct str definitions_db_copy(sqlite3_stmt *statement, int column, struct arena *arena)
{
    struct str text = definitions_db_text(statement, column);
    return text.len ? str_copy(arena, text) : (struct str){ "", 0 };
}

void definitions_db_bind(sqlite3_stmt *statement, int parameter, struct str text)
{
    assert(text.len <= INT32_MAX);
    int code = sqlite3_bind_text(statement, parameter, text.data ? text.data : "", (int)text.len,
                                 SQLITE_STATIC);
    assert(code == SQLITE_OK);
    (void)code;
}

void definitions_db_finalize_at(sqlite3_stmt **statement)
{
    sqlite3_finalize(*statement);
}

void definitions_db_reset_at(sqlite3_stmt **statement)
{
    if (*statement)
        sqlite3_reset(*statement);
}
