/* commit.h - what is handed to the store to be written, and what it relies on; a part of store.h.
 */
#ifndef SERVER_STORE_COMMIT_H
#define SERVER_STORE_COMMIT_H
#include "server/search/search.h"
#include "server/security/viewer.h"

enum store_method { STORE_CREATE, STORE_UPDATE, STORE_DELETE };

/* What a write relied on. The writer checks it in the write's own transaction; a moved guard is
 * OUTCOME_CONFLICT, and the caller decides anew on a fresh snapshot. */
struct store_guard {
    /* Either a named counter (plan NULL): it must still be at `version`; the commit moves it on. */
    struct str name;
    uint64_t version;
    /* Or a search: must still match exactly these ids, seen as `viewer` (NULL: the server).
     * version: the page's snapshot; 0 when it is not known. The plan must live until the commit
     * returns. */
    const struct search_plan *plan;
    const struct viewer *viewer;
    const struct str *ids;
    size_t id_count;
    /* Or a record (type not empty): must still stand at `version`; 0: must not be there. */
    struct str type, id;
};
/* What must hold once all writes of a commit are in, or it is OUTCOME_CONFLICT: the record lives,
 * or, of one that the commit deleted, no living record that the viewer may see refers to it. */
struct store_tie {
    struct str target; /* "Type/id" */
    bool is_deleted;
    /* Of one that lives: a commit at which it was seen to; 0 when that is not known. */
    uint64_t snapshot;
    const struct viewer *viewer;
};
#define STORE_ANY_VERSION UINT64_MAX
/* Any version of the same record: it is alive, and its owner is the write's. */
#define STORE_LIVING_VERSION (UINT64_MAX - 1)
struct store_write {
    enum store_method method;
    struct str type, id;
    uint64_t if_version; /* the current version it must replace; 0: there must be none alive;
                            STORE_LIVING_VERSION or STORE_ANY_VERSION */
    struct str body; /* compact JSON: resourceType, id, meta (always there, without versionId and
                        lastUpdated) */
    size_t meta_at;  /* offset just behind the '{' of meta, where a read splices versionId and
                        lastUpdated */
    const struct index_rows *index; /* NULL for a deletion */
    struct str owner;
    uint64_t labels;
    /* Type of the record that stands for this one's sensitivity ("*": not known which), or empty:
     * who may not read that type is not shown this version. A deletion keeps what stood. */
    struct str context;
    const struct str *links; /* "Type/id" of each record that it refers to, once each */
    size_t link_count;
    bool skip_if_same; /* an update whose body equals the current one makes no version */
    /* out */
    uint64_t version;
    int64_t updated_us;
    bool is_created;
};
/* A row of the outbox: done in lane order, at least once, each with a key by which a repeat is
 * known. */
struct store_job {
    struct str kind, lane, key, payload;
    int64_t due_us; /* wall clock; 0: at once */
};
struct store_idempotency {
    struct str client, key; /* key empty: none */
    uint8_t body_sha256[32];
    struct str answer; /* opaque, given back on a repeat */
    int64_t expires_us;
};
struct store_commit {
    struct store_write *writes;
    size_t write_count;
    const struct store_guard *guards;
    size_t guard_count;
    const struct store_tie *ties;
    size_t tie_count;
    const struct store_job *jobs;
    size_t job_count;
    const struct str *audits; /* AuditEvent JSON, append-only */
    size_t audit_count;
    /* Called on the writer thread once versions and times are known and before the commit, to
     * finish the answer that is kept with the key; may be NULL. Must be quick. */
    struct str (*answer)(void *context, const struct store_commit *commit, struct arena *arena);
    void *context;
    struct store_idempotency idempotency;
    /* a job that this commit finishes (0: none) */
    uint64_t finish_job;
    /* out */
    uint64_t number;
    size_t failed_write; /* index of the write or guard that clashed */
    struct str stale;    /* what clashed, for the log */
};
#endif
