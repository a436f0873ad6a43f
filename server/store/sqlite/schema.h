/* schema.h - the tables of a store in SQLite, and the numbered steps that lead to them. */
#ifndef SERVER_STORE_SQLITE_SCHEMA_H
#define SERVER_STORE_SQLITE_SCHEMA_H
#include "server/store/sqlite/db.h"

/* Makes an empty database a store, takes an older store up, refuses a newer one and a database that
 * is something else. is_new: the database was empty. False with an issue. */
bool schema_bring_up(struct db *db, bool *is_new, struct issues *issues);
#endif
