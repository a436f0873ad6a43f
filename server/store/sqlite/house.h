/* house.h - what keeps the file small: sweeping, checkpoints, dictionaries. */
#ifndef SERVER_STORE_SQLITE_HOUSE_H
#define SERVER_STORE_SQLITE_HOUSE_H
#include "server/store/store.h"

/* The function of store.h. */
void house_keep(struct store *store, int64_t now_us);

struct db;
/* Removes a version's index rows; the writer's, in its transaction. False on a fault. */
bool house_clear_index(struct db *db, int64_t version);
#endif
