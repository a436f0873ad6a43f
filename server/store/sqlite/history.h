/* history.h - versions in the order of their commits, newest first. */
#ifndef SERVER_STORE_SQLITE_HISTORY_H
#define SERVER_STORE_SQLITE_HISTORY_H
#include "server/store/sqlite/sqlite.h"

/* The function of store.h. */
enum outcome history_read(struct store *store, const struct viewer *viewer,
                          const struct store_history *asked, struct arena *arena,
                          struct store_page *out);
#endif
