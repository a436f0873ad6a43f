/* backend.h - what a database has to do to be a store: one row of functions a backend. */
#ifndef SERVER_STORE_BACKEND_H
#define SERVER_STORE_BACKEND_H
#include "server/store/errand.h"
#include "server/store/rebuild.h"

/* The functions are store.h's own, one for one; each backend's struct begins with a struct store.
 */
struct backend {
    const char *scheme; /* what stands before the ':' of a location */
    struct store *(*open)(struct str place, const struct store_options *options,
                          struct issues *issues);
    void (*close)(struct store *store);
    enum outcome (*read)(struct store *store, const struct viewer *viewer, struct str type,
                         struct str id, uint64_t version, struct arena *arena,
                         struct store_version *out);
    enum outcome (*search)(struct store *store, const struct viewer *viewer,
                           const struct search_plan *plan, uint64_t snapshot, struct str position,
                           struct arena *arena, struct store_page *out);
    enum outcome (*explain)(struct store *store, const struct viewer *viewer,
                            const struct search_plan *plan, struct arena *arena,
                            struct store_step **steps, size_t *count);
    enum outcome (*history)(struct store *store, const struct viewer *viewer,
                            const struct store_history *asked, struct arena *arena,
                            struct store_page *out);
    enum outcome (*referrers)(struct store *store, const struct viewer *viewer, struct str target,
                              size_t most, struct arena *arena, struct store_page *out);
    enum outcome (*values)(struct store *store, const struct viewer *viewer,
                           const struct store_values *asked, struct arena *arena,
                           struct store_found_values *out);
    enum outcome (*commit)(struct store *store, struct store_commit *commit, struct arena *arena);
    void (*commit_begin)(struct store *store, struct store_commit *commit, struct arena *arena,
                         void (*done)(void *context, enum outcome outcome), void *context);
    enum outcome (*find_answer)(struct store *store, struct str client, struct str key,
                                struct arena *arena, struct store_idempotency *out);
    uint64_t (*guard_version)(struct store *store, struct str name);
    enum outcome (*jobs_take)(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                              struct store_pending **jobs, size_t *count);
    enum outcome (*job_done)(struct store *store, uint64_t job);
    enum outcome (*job_retry)(struct store *store, uint64_t job, int64_t due_us);
    uint64_t (*jobs_waiting)(struct store *store, struct str lane, uint64_t most);
    int64_t (*jobs_next)(struct store *store);
    enum outcome (*timed_take)(struct store *store, int64_t now_us, size_t most,
                               struct arena *arena, struct store_pending **jobs, size_t *count);
    int64_t (*timed_next)(struct store *store);
    const uint8_t *(*seal_key)(const struct store *store);
    uint64_t (*commit_number)(struct store *store);
    uint64_t (*group_count)(struct store *store);
    void (*keep_house)(struct store *store, int64_t now_us);
    const struct rebuild_backend *rebuild;
    const struct errand_backend *errand;
};
struct store {
    const struct backend *backend;
};
extern const struct backend sqlite_backend;
#endif
