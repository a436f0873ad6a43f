/* outbox.h - the jobs of the SQLite backend: which this process has taken. */
#ifndef SERVER_STORE_SQLITE_OUTBOX_H
#define SERVER_STORE_SQLITE_OUTBOX_H
#include <pthread.h>

#include "server/store/store.h"

struct sqlite;

/* Taken is a fact of this process, not of the database: a restart frees all. A job whose end or
 * next time could not be written (a full disk) stays taken until then here, so that it is not done
 * again and again. */
enum { OUTBOX_MOST_TAKEN = 1024, OUTBOX_WAIT_SECONDS = 30 };
struct outbox {
    pthread_mutex_t lock;
    struct outbox_taken {
        uint64_t job;
        int64_t until_us; /* INT64_MAX: until it is freed */
    } taken[OUTBOX_MOST_TAKEN];
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
uint64_t outbox_waiting(struct store *store, struct str lane, uint64_t most);
int64_t outbox_next(struct store *store);
enum outcome outbox_timed_take(struct store *store, int64_t now_us, size_t most,
                               struct arena *arena, struct store_pending **jobs, size_t *count);
int64_t outbox_timed_next(struct store *store);
#endif
