/* store.h - durable resources, their versions, their index, and what must happen because of them.
 */
#ifndef SERVER_STORE_STORE_H
#define SERVER_STORE_STORE_H
#include "server/store/commit.h"

/* A commit has a number, in commit order. A version lives from the commit that bore it until the
 * one that ended it. One writer; readers never wait for it and read their own writes. Safe to call
 * from any thread; calls block. Every read takes the viewer: what the viewer may not see is not
 * there (not in counts, pages, history). */
struct store;

enum outcome {
    OUTCOME_OK,
    OUTCOME_NOT_FOUND,
    OUTCOME_GONE,
    OUTCOME_CONFLICT,
    OUTCOME_BUSY,
    OUTCOME_LATE, /* the plan's time budget was not enough; nothing was found out */
    OUTCOME_FAILED
};

struct store_options {
    bool is_dev; /* a store made with --dev is refused without it, and the other way round */
    unsigned readers;
    unsigned page_life_seconds;
};
/* location: "sqlite:PATH". NULL with an issue (a newer schema, not a store, in use, dev mismatch).
 */
struct store *store_open(const char *location, const struct store_options *options,
                         struct issues *issues);
void store_close(struct store *store);

struct store_version {
    struct str type, id;
    uint64_t version;
    int64_t updated_us; /* meta.lastUpdated, UTC microseconds; printed by instant_print. Strictly
 growing from commit to commit */
    bool is_deleted;
    enum store_method method;
    struct str owner;   /* "Organization/x" that may change it, or empty */
    struct str context; /* see store_write.context */
    struct str body;    /* whole JSON with id and meta; empty for a deletion */
};
/* version 0: the current one. OUTCOME_GONE: deleted (out->version is the deletion's). */
enum outcome store_read(struct store *store, const struct viewer *viewer, struct str type,
                        struct str id, uint64_t version, struct arena *arena,
                        struct store_version *out);

struct store_page {
    struct store_version *versions;
    size_t count;
    uint64_t total;
    bool has_total, has_more;
    uint64_t snapshot; /* commit number the page was read at */
    struct str next;   /* opaque position behind the last row, for store_search / store_history with
                          the same plan */
    struct store_version *included; /* by the plan's includes; none of them is among versions */
    size_t included_count;
    bool is_cut; /* there were more than SEARCH_MOST_INCLUDED */
};
/* snapshot 0: now. position: `next` of the page before, or empty. OUTCOME_GONE: the snapshot is
 * older than a page's life. */
enum outcome store_search(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, uint64_t snapshot, struct str position,
                          struct arena *arena, struct store_page *out);
/* How a search would be run now: each step, and the rows that it leaves. For callers that may see
 * everything: the first step's rows are not the viewer's alone. */
struct store_step {
    struct str text;
    uint64_t rows;
};
enum outcome store_explain(struct store *store, const struct viewer *viewer,
                           const struct search_plan *plan, struct arena *arena,
                           struct store_step **steps, size_t *count);
/* Of one record (type and id), of a type, or of all that the viewer may read. Times are UTC
 * microseconds. Newest first. Only a record's history is counted (has_total); NOT_FOUND when there
 * never was such a record. */
struct store_history {
    struct str type, id;
    size_t count;
    uint64_t snapshot; /* 0: now */
    struct str position;
    int64_t since_us;         /* versions from then on; 0: all */
    int64_t at_low, at_high;  /* versions that were current in [low, high); both 0: all */
    int64_t most_us;          /* time budget, past which it is OUTCOME_LATE; 0: none */
    const _Atomic bool *stop; /* becomes true: it is OUTCOME_LATE at once; may be NULL */
};
enum outcome store_history(struct store *store, const struct viewer *viewer,
                           const struct store_history *asked, struct arena *arena,
                           struct store_page *out);

/* Type and id of living records that refer to "Type/id", as far as their links were stored. */
enum outcome store_referrers(struct store *store, const struct viewer *viewer, struct str target,
                             size_t most, struct arena *arena, struct store_page *out);

/* The different values (token: system and code; uri: nothing and the uri) that living records of
 * the types, as far as the viewer may see them, have for some parameters. Each once, though several
 * types may have it. */
struct store_values {
    const struct str *types;
    size_t type_count;
    const struct store_values_of {
        struct str code;
        enum index_kind kind; /* INDEX_TOKEN or INDEX_URI */
    } * parameters;
    size_t parameter_count;
    size_t most;
    int64_t most_us; /* time budget; 0: none */
};
struct store_found_values {
    struct store_value {
        size_t parameter; /* of those asked for */
        struct str first, second;
    } * values;
    size_t count;
    bool is_cut; /* there were more than `most` */
};
enum outcome store_values(struct store *store, const struct viewer *viewer,
                          const struct store_values *asked, struct arena *arena,
                          struct store_found_values *out);

/* The whole body of a write once its version and time are known, as a read will give it. */
struct str store_whole_body(const struct store_write *write, struct arena *arena);
/* All or nothing; returns when it is durable. CONFLICT: a version or guard moved. */
enum outcome store_commit(struct store *store, struct store_commit *commit, struct arena *arena);
/* The same, but returns at once: `done` is called on the writer's thread when the commit is durable
 * or has failed, and must be quick. The commit, what it points to and the arena live until then. */
void store_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context);
/* OUTCOME_OK: the key was used; body_sha256 and answer are filled. NOT_FOUND: it was not. */
enum outcome store_find_answer(struct store *store, struct str client, struct str key,
                               struct arena *arena, struct store_idempotency *out);
uint64_t store_guard_version(struct store *store, struct str name);

struct store_pending {
    uint64_t job;
    struct str kind, lane, key, payload;
    unsigned attempts;
    int64_t due_us;
};
/* The first unfinished job of each lane that is due at now_us and not taken by this process; marks
 * them taken until store_job_done / store_job_retry (or a restart). FAILED: none is taken. */
enum outcome store_jobs_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                             struct store_pending **jobs, size_t *count);
/* When they fail, this process leaves the job alone until due_us, and for some time at least. */
enum outcome store_job_done(struct store *store, uint64_t job);
enum outcome store_job_retry(struct store *store, uint64_t job, int64_t due_us);
/* How many unfinished jobs the lane has, counted up to `most`; `most` too when that fails. */
uint64_t store_jobs_waiting(struct store *store, struct str lane, uint64_t most);
/* When the next job is due (INT64_MAX: none), to sleep until then. */
int64_t store_jobs_next(struct store *store);

/* Jobs of this lane do not wait for one another: each is taken once it is due, by a clock of the
 * caller's own. The two functions above leave them out; they are finished like the others. */
#define STORE_TIMED_LANE "time"
enum outcome store_timed_take(struct store *store, int64_t now_us, size_t most, struct arena *arena,
                              struct store_pending **jobs, size_t *count);
int64_t store_timed_next(struct store *store);

/* A key of 32 random bytes made with the store, to seal page links and the like. */
const uint8_t *store_seal_key(const struct store *store);
uint64_t store_commit_number(struct store *store);
/* How often commits were made durable since the store was opened: those that wait together share
 * one time. */
uint64_t store_group_count(struct store *store);
/* Runs checkpoints, sweeps ended versions' index rows past the page life, expired answers. Called
 * by the housekeeping thread. */
void store_keep_house(struct store *store, int64_t now_us);
/* Copies `outcome` names for logs. */
const char *store_outcome_name(enum outcome outcome);
#endif
