/* find.h - running a search: where to start, which page, how many in all. */
#ifndef SERVER_STORE_SQLITE_FIND_H
#define SERVER_STORE_SQLITE_FIND_H
#include "server/store/sqlite/render.h"

/* The function of store.h. */
enum outcome find_page(struct store *store, const struct viewer *viewer,
                       const struct search_plan *plan, uint64_t snapshot, struct str position,
                       struct arena *arena, struct store_page *out);

/* The condition that like's plan is best started from, or RENDER_BY_TIME; and how many there are.
 */
int find_driver(const struct render *like);
bool find_count(const struct render *like, int driver, uint64_t *total);

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
