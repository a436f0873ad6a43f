/* write.c - the loop that decides, checks, prepares and commits, until nobody was faster. */
#include "server/interactions/write.h"

#include <string.h>

#include "resources/ltss/page/narrative.h"
#include "resources/ltss/program.h"
#include "server/catalog.h"
#include "server/exchange/receive.h"
#include "server/instant.h"
#include "server/interactions/audit.h"
#include "server/interactions/binary.h"
#include "server/interactions/fence.h"
#include "server/interactions/integrity.h"
#include "server/interactions/library.h"
#include "server/interactions/outcome.h"
#include "server/metrics/metrics.h"
#include "server/rules/bell.h"
#include "server/rules/rules.h"

/* Racing writers of one record or condition settle in two tries; more is a hot spot, and its
 * clients are told to come back. */
enum { MOST_TRIES = 16, META_BYTES = 128 };

void write_add_guard(struct write_set *set, const struct store_guard *guard)
{
    set->guards = arena_grow(set->arena, set->guards, set->guard_count, &set->guard_room, 8,
                             sizeof *set->guards);
    set->guards[set->guard_count++] = *guard;
}

/* Puts id and meta where R4's order of elements has them, unless they stand elsewhere already. */
static cJSON *set_identity(cJSON *resource, struct str id, struct arena *arena)
{
    cJSON *meta = json_get(resource, "meta");
    cJSON *text = json_new_string(arena, id);
    if (json_get(resource, "id"))
        json_set(arena, resource, "id", text);
    else
        json_set_after(arena, resource, "resourceType", "id", text);
    if (!meta)
        meta = json_set_after(arena, resource, "id", "meta", json_new_object(arena));
    static const char *const OWN[] = { "versionId", "lastUpdated", "_versionId", "_lastUpdated" };
    for (size_t i = 0; i < COUNT(OWN); i++)
        json_remove(meta, OWN[i]);
    return meta;
}

bool write_prepare(struct store_write *row, cJSON *resource, struct str id,
                   const struct service *service, struct issues *issues)
{
    struct arena *arena = issues->arena;
    struct index_rows *index = arena_alloc(arena, sizeof *index);
    struct buf out;
    const cJSON *meta = set_identity(resource, id, arena);
    if (!cJSON_IsObject(meta))
        return issue_add(issues, NULL, ISSUE_TYPE_MISMATCH, "meta is not an object");
    row->type = json_get_text(resource, "resourceType");
    buf_init(&out, arena, service->most_body + META_BYTES);
    for (const cJSON *member = resource->child; member; member = member->next) {
        buf_add_char(&out, member == resource->child ? '{' : ',');
        buf_add_json_string(&out, str_of(member->string));
        buf_add_char(&out, ':');
        if (member == meta)
            row->meta_at = out.len + 1;
        json_print(&out, member);
    }
    buf_add_char(&out, '}');
    if (out.is_over)
        return issue_add(issues, NULL, ISSUE_TOO_LARGE, "most-body is %zu bytes",
                         service->most_body);
    /* What could not be extracted is a matter for the log; the record is stored all the same. */
    struct issues unseen;
    issues_init(&unseen, arena, (struct str){ 0 });
    if (!search_index(index, service->indexer, resource, arena, &unseen))
        return issue_add(issues, NULL, ISSUE_RESOURCE_TYPE_UNKNOWN, STR_FMT, STR_ARG(row->type));
    row->id = id;
    row->body = buf_str(&out);
    row->index = index;
    row->context = binary_context(resource, service->base_url);
    return true;
}

bool write_is_written(const struct write *write)
{
    return !write->is_skipped && write->result != WRITE_MATCHED && write->result != WRITE_ABSENT;
}

struct write *write_at(const struct write_set *set, size_t i)
{
    return i < set->count ? &set->writes[i] : &set->derived[i - set->count];
}

/* Takes over what a validator found, with places that lead into the Bundle. Remarks get half of the
 * room at most: in a large transaction they must not keep an error out. */
void write_move_issues(struct issues *to, const struct issues *from, const struct place *at)
{
    struct str entry = place_print(at, to->arena);
    for (struct issue *issue = from->first, *next; issue; issue = next) {
        next = issue->next;
        issue->next = NULL;
        if (at && issue->expression.len) {
            size_t dot = str_find(issue->expression, '.', 0);
            issue->expression =
                str_print(to->arena, STR_FMT ".resource" STR_FMT, STR_ARG(entry),
                          STR_ARG(str_slice(issue->expression, dot, issue->expression.len)));
        }
        bool is_error = issue->severity <= SEVERITY_ERROR;
        to->errors += is_error;
        if (to->count >= (is_error ? to->most : to->most / 2))
            continue;
        to->count++;
        if (to->last)
            to->last->next = issue;
        else
            to->first = issue;
        to->last = issue;
    }
}

/* Where a program is loaded, a record that claims no profile is held against the program's. */
struct str write_default_profile(const struct service *service, const struct viewer *viewer,
                                 const cJSON *resource)
{
    struct str profile = { NULL, 0 };
    for (size_t i = 0; i < service->program_count && !profile.len; i++)
        profile = program_default_profile(&service->programs[i], resource, viewer->party_role);
    return profile;
}

/* Definitions are changed by few. */
static bool check_roles(struct write_set *set)
{
    bool is_good = true;
    for (size_t i = 0; i < set->count; i++)
        if (write_is_written(&set->writes[i]))
            is_good =
                catalog_may(set->viewer, set->writes[i].type, set->writes[i].at, set->issues) &&
                is_good;
    return is_good;
}

/* Once a write: what a later try changes are ids inside references, which no rule looks at. */
static bool check_all(struct write_set *set)
{
    struct library library = { set->service, set->viewer, set->writes, set->count };
    struct validation_library lent = library_lend(&library);
    /* of its own, so that each validation gives back what it took: a Bundle brings thousands */
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct validation_request request = {
        .level = set->service->validation,
        .library = &lent,
        .now = instant_print(set->service->now_us(), set->arena),
        .scratch = scratch,
    };
    bool is_good = true;
    for (size_t i = 0; i < set->count + set->derived_count; i++) {
        struct write *write = write_at(set, i);
        struct issues found;
        if (!write->resource || !write_is_written(write) || write->is_checked)
            continue;
        issues_init(&found, set->arena, write->change ? (struct str){ 0 } : set->issues->source);
        if (!write->change)
            found.mark = set->issues->mark;
        struct str profile = write_default_profile(set->service, set->viewer, write->resource);
        request.profiles = &profile;
        request.profile_count = profile.len && request.level == VALIDATION_FULL;
        if (!validator_check(set->service->validator, write->resource, &request, &found) ||
            !catalog_check(set->service, write->resource, &found))
            is_good = false;
        write->is_checked = true;
        if (!write->change)
            set->issues->mark = found.mark;
        write_move_issues(set->issues, &found, write->at);
    }
    return is_good;
}

/* Without If-Match the last writer wins, so that a record which many write does not send them back
 * again and again; but it must be the record that was decided about, not one that was made anew, as
 * another's copy perhaps. A record that is new must be new, and a pinned decision must hold. */
static uint64_t version_to_replace(const struct write *write)
{
    if (write->result == WRITE_CREATED)
        return 0;
    if (write->if_version != STORE_ANY_VERSION)
        return write->if_version;
    return write->is_pinned ? write->found.version : STORE_LIVING_VERSION;
}

/* A record keeps its owner for as long as it is there. */
static struct str owner_of(const struct write_set *set, const struct write *write)
{
    if (write->found.version && !write->found.is_deleted)
        return write->found.owner;
    return write->owner.len ? write->owner : set->extras.owner;
}

static bool prepare_row(struct write_set *set, struct write *write, struct store_write *row)
{
    static const enum store_method METHODS[] = { [WRITE_CREATE] = STORE_CREATE,
                                                 [WRITE_UPDATE] = STORE_UPDATE,
                                                 [WRITE_PATCH] = STORE_UPDATE,
                                                 [WRITE_DELETE] = STORE_DELETE };
    write->row = row;
    *row = (struct store_write){ .method = METHODS[write->act],
                                 .type = write->type,
                                 .id = write->chosen_id,
                                 .if_version = version_to_replace(write),
                                 .owner = owner_of(set, write),
                                 .links = write->links,
                                 .link_count = write->link_count,
                                 .skip_if_same = !write->is_numbered };
    return !write->resource ||
           (write_prepare(row, write->resource, write->chosen_id, set->service, set->issues) &&
            receive_check_identifiers(set, write, row->index));
}

static bool prepare_rows(struct write_set *set, struct store_commit *commit)
{
    size_t count = set->count + set->derived_count;
    struct store_write *rows = arena_array(set->arena, count, sizeof *rows);
    commit->writes = rows;
    for (size_t i = 0; i < count; i++) {
        struct write *write = write_at(set, i);
        write->row = NULL;
        if (write_is_written(write) && !prepare_row(set, write, &rows[commit->write_count++]))
            return false;
    }
    return true;
}

/* Copies what the store decided; also on the writer thread, before the answer is kept. */
static void take_results(struct write_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct write *write = &set->writes[i];
        const struct store_write *row = write->row;
        write->version = row ? row->version : write->found.version;
        write->updated_us = row ? row->updated_us : write->found.updated_us;
        if (row && write->result != WRITE_DELETED)
            write->result = row->is_created ? WRITE_CREATED : WRITE_UPDATED;
    }
}

static struct str keep_answer(void *context, const struct store_commit *commit, struct arena *arena)
{
    struct write_set *set = context;
    (void)commit;
    take_results(set);
    return set->extras.answer(set->extras.answer_context, set, arena);
}

/* True when the key was used before; then the answer of that time is the answer. */
static bool is_repeat(struct write_set *set, bool *is_good)
{
    const struct store_idempotency *asked = &set->extras.idempotency;
    struct store_idempotency kept = { 0 };
    *is_good = true;
    if (!asked->key.len)
        return false;
    enum outcome outcome =
        store_find_answer(set->service->store, asked->client, asked->key, set->arena, &kept);
    if (outcome == OUTCOME_NOT_FOUND)
        return false;
    if (outcome != OUTCOME_OK)
        *is_good = outcome_raise(set->issues, outcome, STR("Idempotency-Key"));
    else if (memcmp(kept.body_sha256, asked->body_sha256, sizeof kept.body_sha256) != 0)
        *is_good =
            issue_add(set->issues, NULL, ISSUE_IDEMPOTENCY_REUSED, STR_FMT, STR_ARG(asked->key));
    set->is_replayed = *is_good;
    set->replayed = kept.answer;
    return true;
}

/* Records of the guide that come without a narrative get one, where a program is loaded; a copy
 * stays as its owner's server sent it. */
static void give_narratives(struct write_set *set)
{
    static const struct str OWN = { LTSS, sizeof LTSS - 1 };
    uint64_t version;
    for (size_t i = 0; i < set->count + set->derived_count && set->service->program_count; i++) {
        struct write *write = write_at(set, i);
        const cJSON *claimed = record_first(json_get(write->resource, "meta"), "profile");
        bool is_own = write->resource &&
                      write_default_profile(set->service, set->viewer, write->resource).len > 0;
        for (; claimed && !is_own; claimed = claimed->next)
            is_own = str_starts(json_text(claimed), OWN);
        if (is_own && write_is_written(write) &&
            !receive_is_copy(set->viewer, write->resource, &version))
            narrative_give(write->resource, set->arena);
    }
}

/* The caller's jobs and those of the rules. */
static void add_jobs(struct write_set *set, struct store_commit *commit)
{
    const struct write_extras *extras = &set->extras;
    size_t count = extras->job_count + set->scheduled_count;
    struct store_job *jobs = arena_array(set->arena, count, sizeof *jobs);
    for (size_t i = 0; i < count; i++)
        jobs[i] = i < extras->job_count ? extras->jobs[i] : set->scheduled[i - extras->job_count];
    commit->jobs = jobs;
    commit->job_count = count;
}

/* Everything up to the commit, on a fresh snapshot. */
static bool attempt(struct write_set *set)
{
    struct store_commit *commit = &set->commit;
    set->guard_count = set->derived_count = 0;
    for (size_t i = 0; i < set->count; i++)
        if (!write_decide(set, &set->writes[i]))
            return false;
    if (set->extras.settle && !set->extras.settle(set->extras.context, set))
        return false;
    if (!receive_settle(set))
        return false;
    *commit = (struct store_commit){ .idempotency = set->extras.idempotency,
                                     .finish_job = set->extras.finish_job };
    if (set->extras.idempotency.key.len && set->extras.answer) {
        commit->answer = keep_answer;
        commit->context = set;
    }
    if (!check_roles(set) || !rules_permit(set) || !check_all(set) || !rules_apply(set) ||
        !check_all(set))
        return false;
    give_narratives(set);
    if (!integrity_check(set, commit) || !prepare_rows(set, commit))
        return false;
    add_jobs(set, commit);
    commit->guards = set->guards;
    commit->guard_count = set->guard_count;
    return true;
}

static bool is_empty(const struct store_commit *commit)
{
    return !commit->write_count && !commit->job_count && !commit->finish_job &&
           !commit->idempotency.key.len;
}

/* A skipped or matched write shows what stands there. */
static void finish(struct write_set *set)
{
    take_results(set);
    set->number = set->commit.number;
    for (size_t i = 0; i < set->count; i++) {
        struct write *write = &set->writes[i];
        if (write->row && write->resource)
            write->body = store_whole_body(write->row, set->arena);
        else if (!write->row)
            write->body = write->found.body;
    }
}

/* Definitions among the writes take effect before anybody is answered. */
static void apply_definitions(const struct write_set *set)
{
    struct catalog_change *changes = arena_array(set->arena, set->count, sizeof *changes);
    size_t count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct write *write = &set->writes[i];
        if (write->row && catalog_has_type(write->type))
            changes[count++] = (struct catalog_change){ .type = write->type,
                                                        .id = write->chosen_id,
                                                        .version = write->version,
                                                        .updated_us = write->updated_us,
                                                        .resource = write->result == WRITE_DELETED
                                                                        ? NULL
                                                                        : write->resource };
    }
    catalog_apply(set->service, changes, count);
}

enum write_step write_try(struct write_set *set)
{
    bool is_good;
    if (set->tries++ == (set->most_tries ? set->most_tries : MOST_TRIES)) {
        issue_add(set->issues, NULL, ISSUE_CONFLICT, STR_FMT, STR_ARG(set->commit.stale));
        return WRITE_STEP_FAILED;
    }
    fence_pass(set->service->fence, set);
    if (is_repeat(set, &is_good))
        return is_good ? WRITE_STEP_DONE : WRITE_STEP_FAILED;
    if (!attempt(set))
        return WRITE_STEP_FAILED;
    if (is_empty(&set->commit)) {
        finish(set);
        return WRITE_STEP_DONE;
    }
    set->audit = audit_commit(set);
    set->commit.audits = &set->audit;
    set->commit.audit_count = 1;
    return WRITE_STEP_COMMIT;
}

void write_hand_over(struct write_set *set, void (*done)(void *context, enum outcome outcome),
                     void *context)
{
    store_commit_begin(set->service->store, &set->commit, set->arena, done, context);
}

enum write_step write_conclude(struct write_set *set, enum outcome outcome)
{
    if (outcome == OUTCOME_CONFLICT)
        return WRITE_STEP_AGAIN;
    if (outcome != OUTCOME_OK) {
        outcome_raise(set->issues, outcome, STR("nothing was stored"));
        set->issues->last->log = set->commit.stale;
        return WRITE_STEP_FAILED;
    }
    metrics_add(set->service->metrics, METRIC_VERSIONS_WRITTEN, (int64_t)set->commit.write_count);
    if (set->scheduled_count)
        bell_ring(set->service->bell);
    finish(set);
    apply_definitions(set);
    return WRITE_STEP_DONE;
}

bool write_commit(struct write_set *set)
{
    enum write_step step = WRITE_STEP_AGAIN;
    while (step == WRITE_STEP_AGAIN) {
        step = write_try(set);
        if (step != WRITE_STEP_COMMIT)
            break;
        workers_lend(set->service->workers);
        enum outcome outcome = store_commit(set->service->store, &set->commit, set->arena);
        workers_reclaim(set->service->workers);
        step = write_conclude(set, outcome);
    }
    return step == WRITE_STEP_DONE;
}
