/* explain.h - where a search starts and how many rows each step leaves. */
#ifndef SERVER_STORE_SQLITE_EXPLAIN_H
#define SERVER_STORE_SQLITE_EXPLAIN_H
#include "server/store/sqlite/sqlite.h"

/* The function of store.h. */
enum outcome explain_plan(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, struct arena *arena,
                          struct store_step **steps, size_t *count);
#endif
