/* values.h - the different values that a parameter's index holds. */
#ifndef SERVER_STORE_SQLITE_VALUES_H
#define SERVER_STORE_SQLITE_VALUES_H
#include "server/store/sqlite/render.h"

/* The function of store.h. */
enum outcome values_list(struct store *store, const struct viewer *viewer,
                         const struct store_values *asked, struct arena *arena,
                         struct store_found_values *out);
#endif
