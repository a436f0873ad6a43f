/* predicate.h - one value of a condition against one row of an index table, as SQL. */
#ifndef SERVER_STORE_SQLITE_PREDICATE_H
#define SERVER_STORE_SQLITE_PREDICATE_H
#include "server/store/sqlite/render.h"

/* The table of a kind of index. */
const char *predicate_table(enum index_kind kind);
/* A condition on the table's columns, in brackets. */
void predicate_value(struct render *render, const struct search_condition *condition,
                     const struct search_value *value);
/* The same for _lastUpdated, on the time of the version with that alias. */
void predicate_time(struct render *render, const char *alias, const struct search_value *value);
#endif
