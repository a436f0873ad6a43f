/* db.h - SQLite as the definitions use it: a file written once, then read in place (sqlite.org). */
#ifndef RESOURCES_FHIR_DEFINITIONS_DB_H
#define RESOURCES_FHIR_DEFINITIONS_DB_H
#include <sqlite3.h>

#include "resources/base/issue.h"

/* What marks a definitions database: PRAGMA application_id and user_version. A change of the tables
 * takes a new version. */
enum { DEFINITIONS_DB_MARK = 0x54644466, DEFINITIONS_DB_VERSION = 4 };

/* An empty database with the tables of schema.c, for one writer and without a journal. NULL with an
 * issue when the file can not be made. */
sqlite3 *definitions_db_create(const char *path, struct issues *issues);
/* Adds the indexes, packs the file and closes it; false with an issue. */
bool definitions_db_finish(sqlite3 *db, struct issues *issues);
/* A finished database, read only, mapped into memory, never locked (it does not change). NULL with
 * an issue when it is missing or no definitions database of this version. */
sqlite3 *definitions_db_open(const char *path, struct issues *issues);
/* Adds the indexes and leaves it open, for one in memory; false, and closed, with an issue. */
bool definitions_db_seal(sqlite3 *db, struct issues *issues);
void definitions_db_close(sqlite3 *db);

/* One of the program's own statements; NULL only when the file is damaged. */
sqlite3_stmt *definitions_db_prepare(sqlite3 *db, const char *sql);
/* Text of a column, empty for NULL; good until the statement moves on. */
struct str definitions_db_text(sqlite3_stmt *statement, int column);
/* The same, copied. */
struct str definitions_db_copy(sqlite3_stmt *statement, int column, struct arena *arena);
void definitions_db_bind(sqlite3_stmt *statement, int parameter, struct str text);

void definitions_db_finalize_at(sqlite3_stmt **statement);
#define CLOSING_STATEMENT __attribute__((cleanup(definitions_db_finalize_at)))
void definitions_db_reset_at(sqlite3_stmt **statement);
/* For a borrowed statement that is kept: ready for its next use on every way out. */
#define RESETTING_STATEMENT __attribute__((cleanup(definitions_db_reset_at)))
#endif
