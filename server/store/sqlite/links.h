/* links.h - which living records refer to which, so that none is left pointing at nothing. */
#ifndef SERVER_STORE_SQLITE_LINKS_H
#define SERVER_STORE_SQLITE_LINKS_H
#include "server/store/sqlite/sqlite.h"

bool links_insert(struct db *db, int64_t version_key, const struct store_write *write);
/* On the writer's connection, once all writes of a commit are in: whether a tie holds. -1 on a
 * fault. */
int links_hold(struct db *db, const struct store_tie *tie);
/* The function of store.h. */
enum outcome links_referrers(struct store *store, const struct viewer *viewer, struct str target,
                             size_t most, struct arena *arena, struct store_page *out);
#endif
