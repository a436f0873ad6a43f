/* housekeeper.h - the thread that looks after the store: checkpoints, sweeping. */
#ifndef SERVER_HOUSEKEEPER_H
#define SERVER_HOUSEKEEPER_H
#include <stdint.h>

struct store;
struct housekeeper;
/* Calls store_keep_house every few seconds. Close it before the store. */
struct housekeeper *housekeeper_open(struct store *store, int64_t (*now_us)(void));
/* NULL is allowed. */
void housekeeper_close(struct housekeeper *housekeeper);
#endif
