/* find.h - running a search: where to start, which page, how many in all. */
#ifndef SERVER_STORE_SQLITE_FIND_H
#define SERVER_STORE_SQLITE_FIND_H
#include "server/store/sqlite/sqlite.h"

/* The function of store.h. */
enum outcome find_page(struct store *store, const struct viewer *viewer,
                       const struct search_plan *plan, uint64_t snapshot, struct str position,
                       struct arena *arena, struct store_page *out);

/* On the writer's connection, inside its transaction: the ids that match now, the transaction's own
 * writes included; at most `most`. False on a fault. */
struct find_scope {
    struct sqlite *sqlite;
    struct db *db;
    const struct viewer *viewer;
    struct arena *arena;
};
bool find_ids(const struct find_scope *scope, const struct search_plan *plan, size_t most,
              struct str **ids, size_t *count);
#endif
