/* writer.h - the one thread that writes: whoever waits together shares one transaction and fsync.
 */
#ifndef SERVER_STORE_SQLITE_WRITER_H
#define SERVER_STORE_SQLITE_WRITER_H
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "server/store/store.h"

struct db;
struct sqlite;

/* What the writer counts. A change that is rolled back takes its counts with it. */
struct writer_state {
    uint64_t commit;     /* number of the last commit */
    int64_t updated_us;  /* its time */
    int64_t version_key; /* key of the last version row */
};

/* One change; it lives until it is told of, by which its owner may let it go. `ready` (may be NULL)
 * runs first: it adds names, which stay when the change itself fails. What `apply` has done is
 * undone unless it returns OUTCOME_OK. Both may be called again, after all that the group did was
 * undone. */
struct writer_change {
    bool (*ready)(struct sqlite *sqlite, struct db *db, void *context);
    enum outcome (*apply)(struct sqlite *sqlite, struct db *db, void *context);
    void *context;
    enum outcome outcome;
    void (*told)(struct writer_change *change); /* on the writer thread; writer_run has its own */
    sem_t done;
    struct writer_change *next;
};

/* At most this many changes in one transaction: bounds the wait of the first for the last. */
enum { WRITER_MOST_GROUP = 512 };
struct writer {
    pthread_t thread;
    bool is_running;
    pthread_mutex_t lock;
    pthread_cond_t waiting;
    struct writer_change *first, *last;
    bool is_closing;
    struct db *db; /* the writer thread's alone while it runs */
    struct writer_state state;
    _Atomic uint64_t durable; /* last commit that readers see */
    /* By type's name key: the last commit that touched the type since the store was opened. */
    uint64_t *touched;
    size_t touched_room;
    uint64_t opened_at;      /* last commit when the store was opened */
    uint64_t deleted;        /* last commit since then that deleted a record */
    _Atomic uint64_t groups; /* how many were committed */
};
/* db: the connection that writes; the schema is there. */
bool writer_open(struct sqlite *sqlite, struct db *db);
/* Finishes what waits, then stops. */
void writer_close(struct sqlite *sqlite);
/* Runs the change and returns when it is durable, or has failed. */
enum outcome writer_run(struct sqlite *sqlite, struct writer_change *change);
/* Has the change run, and `told` be called then. */
void writer_begin(struct sqlite *sqlite, struct writer_change *change);

/* For the functions that run on the writer thread. */
void writer_touch(struct writer *writer, int64_t type);
/* False when nothing of the type was committed after `snapshot`. */
bool writer_is_touched(const struct writer *writer, int64_t type, uint64_t snapshot);
/* False when no record was deleted after `snapshot`. */
bool writer_has_deleted(const struct writer *writer, uint64_t snapshot);
#endif
