/* driver.h - where a query can start: the versions that one condition's index holds, as SQL. */
#ifndef SERVER_STORE_SQLITE_DRIVER_H
#define SERVER_STORE_SQLITE_DRIVER_H
#include "server/store/sqlite/render.h"

/* True when a query can start from this condition's index. */
bool driver_can(const struct search_condition *condition);
/* True when all that it gives meets the condition; otherwise it must be filtered too. */
bool driver_is_exact(const struct search_condition *condition);
/* Makes a table with the column `key`: the versions of the condition's types that meet it at the
 * snapshot, whether or not it can drive. */
void driver_matches(struct render *render, const struct search_condition *condition, char *name);
/* A SELECT of one column, the keys of versions: all that meet the condition, of any snapshot. */
void driver_condition(struct render *render, const struct search_condition *condition);
#endif
