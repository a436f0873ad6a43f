/* outbox.h - the jobs of the SQLite backend: which this process has taken. */
#ifndef SERVER_STORE_SQLITE_OUTBOX_H
#define SERVER_STORE_SQLITE_OUTBOX_H
#include <pthread.h>

#include "server/store/store.h"

struct sqlite;

/* Taken is a fact of this process, not of the database: a restart frees all. */
enum { OUTBOX_MOST_TAKEN = 1024 };
struct outbox {
    pthread_mutex_t lock;
    uint64_t taken[OUTBOX_MOST_TAKEN];
    size_t count;
};
void outbox_init(struct outbox *outbox);
void outbox_done(struct outbox *outbox);
/* Forgets that the job is taken. */
void outbox_free(struct outbox *outbox, uint64_t job);

/* The functions of store.h. */
enum outcome outbox_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                         struct store_pending **jobs, size_t *count);
enum outcome outbox_finish(struct store *store, uint64_t job);
enum outcome outbox_retry(struct store *store, uint64_t job, int64_t due_us);
int64_t outbox_next(struct store *store);
#endif
