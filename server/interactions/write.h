/* write.h - changes on their way into the store: decided on a snapshot, checked, made into rows,
 * committed together, decided anew when somebody else was faster. */
#ifndef SERVER_INTERACTIONS_WRITE_H
#define SERVER_INTERACTIONS_WRITE_H
#include "resources/fhir/json/json.h"
#include "server/service.h"

/* WRITE_PATCH: an update of a record that is there, whose content `change` makes. */
enum write_act { WRITE_CREATE, WRITE_UPDATE, WRITE_PATCH, WRITE_DELETE };
enum write_result {
    WRITE_CREATED,
    WRITE_UPDATED,
    WRITE_DELETED,
    WRITE_MATCHED, /* a conditional create found its record: nothing is written */
    WRITE_ABSENT   /* nothing was there to delete */
};

struct write;
struct write_set;
/* The new content of write->found, made anew on each try; NULL with an issue. */
typedef cJSON *(*write_change)(const void *context, struct write_set *set,
                               const struct write *write);

/* One change. The caller fills the first part and zeroes the rest. */
struct write {
    enum write_act act;
    struct str type;
    struct str id;                       /* by address; empty: by condition, or made here */
    const struct search_plan *condition; /* what it must match (see write_condition), or NULL */
    uint64_t if_version;                 /* If-Match; STORE_ANY_VERSION when not given */
    bool must_be_new;                    /* If-None-Match: * */
    cJSON *resource;                     /* gets id and meta set; NULL for a deletion */
    write_change change;                 /* WRITE_PATCH: makes the resource */
    const void *change_context;
    const struct place *at; /* of the entry in a transaction's Bundle, or NULL */
    bool is_own; /* the server's, beside what was asked for: no scope of the viewer is needed */

    /* Decided on each try, before settle is called. */
    struct str chosen_id;
    enum write_result result;
    struct store_version found; /* the record as it stands; version 0: there never was one */
    /* settle may set these: whose the record is when it is created (else extras.owner); the
     * decision holds for found.version alone; write nothing; the version behind found.version is
     * made, also of what changes nothing, since it is referred to. */
    struct str owner;
    bool is_pinned, is_skipped, is_numbered;

    /* After write_commit: the version that now stands, and what a read of it sends. */
    uint64_t version;
    int64_t updated_us;
    struct str body;

    /* Internal: ids kept over tries; the row, NULL when nothing is written. */
    bool is_begun;
    struct str made_id, sent_id;
    struct store_write *row;
    const struct str *links; /* records that it refers to, where integrity is kept */
    size_t link_count;
    bool is_checked;     /* it was held against its profiles */
    const cJSON *before; /* found.body as a tree, when the rules asked for it; anew on each try */
};

/* What a caller can add to a commit. All of it may be zero. */
struct write_extras {
    struct str owner; /* of records that are created: "Organization/x"; others keep theirs */
    bool skip_if_same;
    const struct store_job *jobs;
    size_t job_count;
    uint64_t finish_job;
    const char *operation; /* by which the change is made, for the rules of a program; or NULL */
    const struct rules_look *look; /* by which it is made because its time has come; or NULL */
    /* Called on each try when all identities are decided and before anything is checked or
     * printed: may change resources, pin or skip writes, add guards (write_add_guard), or raise
     * issues and return false. */
    bool (*settle)(void *context, struct write_set *set);
    void *context;
    /* Key empty: none. A repeat is not run: set->replayed is the answer of the first time; with
     * another body_sha256 it is an issue. `answer` is then called on the writer thread with the
     * versions filled in, and must be quick. */
    struct store_idempotency idempotency;
    struct str (*answer)(void *context, const struct write_set *set, struct arena *arena);
    void *answer_context;
};

/* Writes are committed in the order in which they stand. */
struct write_set {
    const struct service *service;
    const struct viewer *viewer;
    struct arena *arena;
    struct issues *issues;
    struct write *writes;
    size_t count;
    struct write_extras extras;
    const char *interaction; /* R4 restful interaction, for the audit */
    int most_tries;          /* 0: as many as racing writers need */
    bool passes_fence;       /* fence.h: it is what others wait for */

    bool is_replayed;
    struct str replayed;
    uint64_t number;       /* of the commit; 0: nothing had to be written */
    struct write *derived; /* made by the rules of a program on the last try */
    size_t derived_count;
    struct store_job *scheduled; /* when rules are to look at what is written */
    size_t scheduled_count;

    /* internal */
    struct store_guard *guards;
    size_t guard_count, guard_room;
    struct store_commit commit;
    struct str audit;
    int tries;
};

/* Decides, checks and commits all writes or none. False with issues. The viewer's scopes have been
 * judged before; ownership is judged here. */
bool write_commit(struct write_set *set);

/* The same in steps, for a caller that does not want a thread to wait: write_try; on
 * WRITE_STEP_COMMIT write_hand_over; when that is told, write_conclude; on WRITE_STEP_AGAIN from
 * the beginning. DONE and FAILED are what true and false are above. */
enum write_step { WRITE_STEP_FAILED, WRITE_STEP_DONE, WRITE_STEP_COMMIT, WRITE_STEP_AGAIN };
enum write_step write_try(struct write_set *set);
/* `done` is called on the writer's thread and must be quick; the set is not touched before. */
void write_hand_over(struct write_set *set, void (*done)(void *context, enum outcome outcome),
                     void *context);
enum write_step write_conclude(struct write_set *set, enum outcome outcome);

/* The writes and what was derived from them, in this order: i < count + derived_count. */
struct write *write_at(const struct write_set *set, size_t i);
/* Whether a decided write changes anything. */
bool write_is_written(const struct write *write);
/* Takes over issues whose places begin at a resource, into the Bundle entry at which it stands (or
 * NULL). */
void write_move_issues(struct issues *to, const struct issues *from, const struct place *at);
/* A guard for the commit being put together; to be added anew on each try (from settle). */
void write_add_guard(struct write_set *set, const struct store_guard *guard);

/* Parses a condition ("identifier=a|b"; what stands before a '?' is dropped) into a plan that tells
 * none, one and several apart. NULL with an issue; one that says nothing is refused. */
const struct search_plan *write_condition(const struct service *service, struct str type,
                                          struct str query, const struct place *at,
                                          struct arena *arena, struct issues *issues);
/* The matches of a condition (at most two are told), with its guard added to the set. */
bool write_find(struct write_set *set, const struct search_plan *condition, const struct place *at,
                struct store_page *found);

/* Makes the row of a resource: sets its id, strips meta.versionId and meta.lastUpdated, prints,
 * indexes. Leaves method, if_version and owner to the caller. */
bool write_prepare(struct store_write *row, cJSON *resource, struct str id,
                   const struct service *service, struct issues *issues);

/* The profile that the loaded programs hold a record against which claims none; may be empty. */
struct str write_default_profile(const struct service *service, const struct viewer *viewer,
                                 const cJSON *resource);

/* The decision of one write on the current snapshot (write_decide.c). */
bool write_decide(struct write_set *set, struct write *write);
#endif
