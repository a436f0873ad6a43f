/* predicate.h - one value of a condition against one row of an index table, as SQL. */
#ifndef SERVER_STORE_SQLITE_PREDICATE_H
#define SERVER_STORE_SQLITE_PREDICATE_H
#include "server/store/sqlite/render.h"

/* The table of a kind of index. */
const char *predicate_table(enum index_kind kind);
/* A condition on the table's columns, in brackets. */
void predicate_value(struct render *render, const struct search_condition *condition,
                     const struct search_value *value);
/* True when predicate_any makes one list of all values, which one walk of the index answers. */
bool predicate_is_list(const struct search_condition *condition);
/* The same for any of the values. */
void predicate_any(struct render *render, const struct search_condition *condition);
/* The same for _lastUpdated, on the time of the version with that alias. */
void predicate_time(struct render *render, const char *alias, const struct search_value *value);
#endif
