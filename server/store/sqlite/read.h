/* read.h - versions by name, by number and by key. */
#ifndef SERVER_STORE_SQLITE_READ_H
#define SERVER_STORE_SQLITE_READ_H
#include "server/store/sqlite/sqlite.h"

/* The functions of store.h. */
enum outcome read_version(struct store *store, const struct viewer *viewer, struct str type,
                          struct str id, uint64_t version, struct arena *arena,
                          struct store_version *out);
enum outcome read_answer(struct store *store, struct str client, struct str key,
                         struct arena *arena, struct store_idempotency *out);
uint64_t read_guard(struct store *store, struct str name);

/* The version with this key, on a connection that the caller holds. */
enum outcome read_key(struct store_version *out, struct sqlite_reader *reader, int64_t key,
                      struct arena *arena);
/* The commit that the connection's open read transaction sees, and the commit before which ended
 * versions may have lost their index rows. False on a fault. */
bool read_snapshot(struct db *db, uint64_t *last, uint64_t *horizon);
#endif
