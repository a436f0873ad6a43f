/* errand.h - requests whose answers are fetched later: kept with the store until they are done and
 * for some time after. */
#ifndef SERVER_STORE_ERRAND_H
#define SERVER_STORE_ERRAND_H
#include "server/store/store.h"

enum errand_state { ERRAND_WAITING, ERRAND_RUNNING, ERRAND_DONE };
struct errand {
    struct str id, client;
    enum errand_state state;
    bool is_write;                  /* it may change records, so it is never begun twice */
    struct str request;             /* opaque */
    struct str answer;              /* opaque; of ERRAND_DONE */
    int64_t created_us, expires_us; /* wall clock; expires_us: of ERRAND_DONE */
    uint64_t snapshot;              /* as taken: the last commit then; what comes later is younger
                                       than taken_us */
    int64_t taken_us;               /* as taken: wall clock */
    uint64_t before; /* of ERRAND_WAITING: how many of its client are to be done before it */
};
/* A part of the answer that stands beside it. Gone with its errand. */
struct errand_file {
    uint64_t number; /* from 1 on */
    struct str bytes;
};
/* BUSY when the client has `most` of them already, done ones too. */
enum outcome errand_add(struct store *store, const struct errand *errand, size_t most);
/* The client's own alone, else NOT_FOUND. The request is not read. */
enum outcome errand_find(struct store *store, struct str client, struct str id, struct arena *arena,
                         struct errand *out);
/* The next to be done, from then on RUNNING: the oldest of the client that has the fewest RUNNING.
 * NOT_FOUND: none waits. */
enum outcome errand_take(struct store *store, struct arena *arena, struct errand *out);
/* NOT_FOUND: it is gone, its client does not want it any longer. */
enum outcome errand_finish(struct store *store, struct str id, struct str answer,
                           int64_t expires_us);
enum outcome errand_drop(struct store *store, struct str client, struct str id);
/* Of a RUNNING one. NOT_FOUND: it is gone. When it is taken anew, its files are too. */
enum outcome errand_add_file(struct store *store, struct str id, const struct errand_file *file);
/* Of one that is DONE, for its client alone, else NOT_FOUND. */
enum outcome errand_find_file(struct store *store, struct str client, struct str id,
                              uint64_t number, struct arena *arena, struct errand_file *out);
/* What an earlier run of the program had begun: reads wait again, writes end with this answer. */
enum outcome errand_resume(struct store *store, struct str answer, int64_t expires_us);

/* One row of functions a backend, as in backend.h. */
struct errand_backend {
    enum outcome (*add)(struct store *store, const struct errand *errand, size_t most);
    enum outcome (*find)(struct store *store, struct str client, struct str id, struct arena *arena,
                         struct errand *out);
    enum outcome (*take)(struct store *store, struct arena *arena, struct errand *out);
    enum outcome (*finish)(struct store *store, struct str id, struct str answer,
                           int64_t expires_us);
    enum outcome (*drop)(struct store *store, struct str client, struct str id);
    enum outcome (*add_file)(struct store *store, struct str id, const struct errand_file *file);
    enum outcome (*find_file)(struct store *store, struct str client, struct str id,
                              uint64_t number, struct arena *arena, struct errand_file *out);
    enum outcome (*resume)(struct store *store, struct str answer, int64_t expires_us);
};
extern const struct errand_backend errand_sqlite;
#endif
