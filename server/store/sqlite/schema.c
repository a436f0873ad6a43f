/* schema.c - migrations: each runs once, in order, in a transaction of its own. */
#include "server/store/sqlite/schema.h"

#include <time.h>

/* "TNDM": how a database says that it is a store of ours. */
enum { APPLICATION_ID = 0x544e444d };

/* What each table is for stands in README.md. `ended` of a version that is current is the largest
 * integer. The index tables are keyed by what is looked up; their second index goes from a version
 * to its rows and holds every column, so that no query needs the table behind it. */
static const char *const STEP_1[] = {
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value) WITHOUT ROWID",
    "CREATE TABLE name(key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, text TEXT NOT NULL,"
    " UNIQUE(kind, text))",
    "CREATE TABLE dictionary(key INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
    "CREATE TABLE commits(number INTEGER PRIMARY KEY, at_us INTEGER NOT NULL)",
    "CREATE TABLE resource(key INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL,"
    " current INTEGER NOT NULL, UNIQUE(type, id))",
    "CREATE TABLE version(key INTEGER PRIMARY KEY, resource INTEGER NOT NULL,"
    " type INTEGER NOT NULL, number INTEGER NOT NULL, born INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, updated_us INTEGER NOT NULL, method INTEGER NOT NULL,"
    " owner INTEGER NOT NULL, labels INTEGER NOT NULL, is_indexed INTEGER NOT NULL,"
    " hash BLOB NOT NULL, UNIQUE(resource, number))",
    "CREATE INDEX version_indexed ON version(type, updated_us) WHERE is_indexed = 1",
    "CREATE TABLE body(version INTEGER PRIMARY KEY, meta_at INTEGER NOT NULL,"
    " dictionary INTEGER NOT NULL, bytes BLOB NOT NULL)",
    "CREATE TABLE token(parameter INTEGER, code TEXT, system INTEGER, version INTEGER,"
    " PRIMARY KEY(parameter, code, system, version)) WITHOUT ROWID",
    "CREATE INDEX token_version ON token(version, parameter)",
    "CREATE TABLE string(parameter INTEGER, folded TEXT, exact TEXT, version INTEGER,"
    " PRIMARY KEY(parameter, folded, exact, version)) WITHOUT ROWID",
    "CREATE INDEX string_version ON string(version, parameter)",
    "CREATE TABLE date(parameter INTEGER, low INTEGER, high INTEGER, version INTEGER,"
    " PRIMARY KEY(parameter, low, high, version)) WITHOUT ROWID",
    "CREATE INDEX date_high ON date(parameter, high)",
    "CREATE INDEX date_version ON date(version, parameter)",
    "CREATE TABLE reference(parameter INTEGER, target TEXT, type INTEGER, version INTEGER,"
    " PRIMARY KEY(parameter, target, type, version)) WITHOUT ROWID",
    "CREATE INDEX reference_version ON reference(version, parameter)",
    "CREATE TABLE uri(parameter INTEGER, uri TEXT, version INTEGER,"
    " PRIMARY KEY(parameter, uri, version)) WITHOUT ROWID",
    "CREATE INDEX uri_version ON uri(version, parameter)",
    "CREATE TABLE number(parameter INTEGER, low REAL, high REAL, version INTEGER,"
    " PRIMARY KEY(parameter, low, high, version)) WITHOUT ROWID",
    "CREATE INDEX number_version ON number(version, parameter)",
    "CREATE TABLE quantity(parameter INTEGER, code TEXT, system INTEGER, low REAL, high REAL,"
    " version INTEGER, PRIMARY KEY(parameter, code, system, low, high, version)) WITHOUT ROWID",
    "CREATE INDEX quantity_version ON quantity(version, parameter)",
    "CREATE TABLE presence(parameter INTEGER, version INTEGER, PRIMARY KEY(parameter, version))"
    " WITHOUT ROWID",
    "CREATE INDEX presence_version ON presence(version, parameter)",
    "CREATE TABLE compartment(patient TEXT, type INTEGER, version INTEGER,"
    " PRIMARY KEY(patient, type, version)) WITHOUT ROWID",
    "CREATE INDEX compartment_version ON compartment(version)",
    "CREATE TABLE sweep(ended INTEGER, version INTEGER, PRIMARY KEY(ended, version))"
    " WITHOUT ROWID",
    "CREATE TABLE guard(name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE job(key INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    " lane TEXT NOT NULL, name TEXT NOT NULL UNIQUE, payload BLOB NOT NULL,"
    " due_us INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
    " state INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX job_waiting ON job(lane, key) WHERE state = 0",
    "CREATE INDEX job_finished ON job(due_us) WHERE state = 1",
    "CREATE TABLE answer(client TEXT, key TEXT, body_sha256 BLOB NOT NULL, bytes BLOB NOT NULL,"
    " expires_us INTEGER NOT NULL, PRIMARY KEY(client, key)) WITHOUT ROWID",
    "CREATE INDEX answer_expires ON answer(expires_us)",
    "CREATE TABLE audit(key INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER NOT NULL,"
    " at_us INTEGER NOT NULL, dictionary INTEGER NOT NULL, bytes BLOB NOT NULL)",
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;",
    "INSERT INTO setting(name, value) VALUES('horizon', 0)",
    /* The planner's figures: without them an empty store makes plans for empty tables, and keeps
     * them while it fills. These are a million rows of an ordinary mix; a row reads: rows in the
     * table, then rows for each value of the first column, the first two, and so on. */
    "ANALYZE",
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES"
    " ('resource', 'sqlite_autoindex_resource_1', '1000000 20000 1'),"
    " ('version', 'sqlite_autoindex_version_1', '1200000 2 1'),"
    " ('version', 'version_indexed', '1000000 20000 2'),"
    " ('token', 'token', '8000000 20000 200 100 1'),"
    " ('token', 'token_version', '8000000 8 2 1 1'),"
    " ('string', 'string', '3000000 20000 10 5 1'),"
    " ('string', 'string_version', '3000000 4 2 1 1'),"
    " ('date', 'date', '2000000 20000 10 5 1'),"
    " ('date', 'date_high', '2000000 20000 10 5 1'),"
    " ('date', 'date_version', '2000000 2 1 1 1'),"
    " ('reference', 'reference', '4000000 20000 20 20 1'),"
    " ('reference', 'reference_version', '4000000 4 2 1 1'),"
    " ('uri', 'uri', '1000000 10000 100 1'),"
    " ('uri', 'uri_version', '1000000 2 1 1'),"
    " ('number', 'number', '100000 10000 10 10 1'),"
    " ('number', 'number_version', '100000 2 1 1 1'),"
    " ('quantity', 'quantity', '1000000 10000 1000 1000 10 10 1'),"
    " ('quantity', 'quantity_version', '1000000 2 1 1 1 1 1'),"
    " ('presence', 'presence', '12000000 20000 1'),"
    " ('presence', 'presence_version', '12000000 12 1'),"
    " ('compartment', 'compartment', '1000000 100 10 1'),"
    " ('compartment', 'compartment_version', '1000000 1 1 1'),"
    " ('name', 'sqlite_autoindex_name_1', '10000 2500 1')",
    NULL,
};

/* Composite parameters: up to three components side by side, each as a text, a key and a range, as
 * far as its kind has them. Positions: where near looks. */
static const char *const STEP_2[] = {
    "CREATE TABLE composite(parameter INTEGER, text1 TEXT, key1 INTEGER, text2 TEXT, key2 INTEGER,"
    " low2, high2, low1, high1, text3 TEXT, key3 INTEGER, low3, high3, version INTEGER,"
    " PRIMARY KEY(parameter, text1, key1, text2, key2, low2, high2, low1, high1, text3, key3, low3,"
    " high3, version)) WITHOUT ROWID",
    "CREATE INDEX composite_version ON composite(version, parameter)",
    "CREATE TABLE position(parameter INTEGER, latitude REAL, longitude REAL, version INTEGER,"
    " PRIMARY KEY(parameter, latitude, longitude, version)) WITHOUT ROWID",
    "CREATE INDEX position_version ON position(version, parameter)",
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES"
    " ('composite', 'composite', '1000000 50000 200 200 20 20 5 5 2 2 2 2 2 2 1'),"
    " ('composite', 'composite_version', '1000000 4 2 1 1 1 1 1 1 1 1 1 1 1 1'),"
    " ('position', 'position', '10000 10000 2 1 1'),"
    " ('position', 'position_version', '10000 1 1 1 1')",
    NULL,
};

/* For the history of a type: a version's key is the order of its commit. */
static const char *const STEP_HISTORY[] = {
    "CREATE INDEX version_type ON version(type)",
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('version', 'version_type', '1200000 20000')",
    NULL,
};

/* For referential integrity: what each version refers to. */
static const char *const STEP_LINKS[] = {
    "CREATE TABLE link(target TEXT, version INTEGER, PRIMARY KEY(target, version)) WITHOUT ROWID",
    "CREATE INDEX link_version ON link(version)",
    "INSERT INTO sqlite_stat1(tbl, idx, stat) VALUES('link', 'link', '4000000 20 1'),"
    " ('link', 'link_version', '4000000 4 1')",
    NULL,
};

/* Type of a Binary's security context: who sees the version must be allowed to read that type too.
 */
static const char *const STEP_CONTEXT[] = {
    "ALTER TABLE version ADD COLUMN context INTEGER NOT NULL DEFAULT 0",
    NULL,
};

/* Jobs that wait for their time, not for one another. */
static const char *const STEP_TIMED[] = {
    "CREATE INDEX job_timed ON job(due_us, key) WHERE state = 0 AND lane = 'time'",
    NULL,
};

/* Requests that are answered later. */
static const char *const STEP_ERRANDS[] = {
    "CREATE TABLE errand(key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
    " client TEXT NOT NULL, state INTEGER NOT NULL, is_write INTEGER NOT NULL,"
    " request BLOB NOT NULL, answer BLOB, created_us INTEGER NOT NULL, expires_us INTEGER)",
    "CREATE INDEX errand_state ON errand(state, client)",
    "CREATE INDEX errand_client ON errand(client)",
    NULL,
};

/* Signatures of the words of a version's texts (server/search/words.h). */
static const char *const STEP_SIGNATURES[] = {
    "CREATE TABLE signature(version INTEGER PRIMARY KEY, narrative BLOB NOT NULL,"
    " content BLOB NOT NULL)",
    NULL,
};

/* Parts of their answers. */
static const char *const STEP_ERRAND_FILES[] = {
    "CREATE TABLE errand_file(key INTEGER PRIMARY KEY, errand TEXT NOT NULL,"
    " number INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE(errand, number))",
    NULL,
};

static const char *const *const STEPS[] = { STEP_1,       STEP_2,          STEP_HISTORY,
                                            STEP_LINKS,   STEP_CONTEXT,    STEP_TIMED,
                                            STEP_ERRANDS, STEP_SIGNATURES, STEP_ERRAND_FILES };

static int64_t pragma_number(struct db *db, const char *pragma)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(db->handle, pragma, -1, &statement, NULL) == SQLITE_OK)
        value = db_number(statement, -1);
    sqlite3_finalize(statement);
    return value;
}

static bool refuse(struct db *db, struct issues *issues, const char *why)
{
    return issue_add(issues, NULL, ISSUE_STORE_FAILED, "%s: %s",
                     sqlite3_db_filename(db->handle, "main"), why);
}

static bool run_step(struct db *db, size_t number)
{
    char *mark = sqlite3_mprintf("INSERT INTO step(number, at_us) VALUES(%d, %lld * 1000000)",
                                 (int)number, (long long)time(NULL));
    bool ok = mark && db_script(db, "BEGIN IMMEDIATE");
    for (const char *const *at = STEPS[number - 1]; ok && *at; at++)
        ok = db_script(db, *at);
    ok = ok && db_script(db, mark) && db_script(db, "COMMIT");
    sqlite3_free(mark);
    if (!ok && !sqlite3_get_autocommit(db->handle))
        db_script(db, "ROLLBACK");
    return ok;
}

static bool begin(struct db *db)
{
    char *script = sqlite3_mprintf("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL;"
                                   "BEGIN IMMEDIATE; PRAGMA application_id = %d;"
                                   "CREATE TABLE step(number INTEGER PRIMARY KEY,"
                                   " at_us INTEGER NOT NULL); COMMIT;",
                                   APPLICATION_ID);
    bool ok = script && db_script(db, script);
    sqlite3_free(script);
    return ok;
}

bool schema_bring_up(struct db *db, bool *is_new, struct issues *issues)
{
    int64_t tables = pragma_number(db, "SELECT count(*) FROM sqlite_schema");
    *is_new = tables == 0;
    if (tables < 0)
        return refuse(db, issues, "this is not a database");
    if (*is_new && !begin(db))
        return refuse(db, issues, sqlite3_errmsg(db->handle));
    if (pragma_number(db, "PRAGMA application_id") != APPLICATION_ID)
        return refuse(db, issues, "this is a database, but not a store of Tandem");
    int64_t have = pragma_number(db, "SELECT ifnull(max(number), 0) FROM step");
    if (have < 0)
        return refuse(db, issues, sqlite3_errmsg(db->handle));
    if ((size_t)have > COUNT(STEPS))
        return refuse(db, issues, "this store was made by a newer version of Tandem");
    for (size_t number = (size_t)have + 1; number <= COUNT(STEPS); number++)
        if (!run_step(db, number))
            return refuse(db, issues, sqlite3_errmsg(db->handle));
    return db_script(db, "ANALYZE sqlite_schema") || refuse(db, issues, "its figures are broken");
}
