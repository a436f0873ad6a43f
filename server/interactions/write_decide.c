/* write_decide.c - what a change means where the records stand now: which record, new or not, may
 * it (R4 http.html#update, #ccreate, #cond-update, #delete). */
#include "server/interactions/outcome.h"
#include "server/interactions/write.h"
#include "server/store/uuid.h"

enum { MATCHES_TOLD = 2 };

const struct search_plan *write_condition(const struct service *service, struct str type,
                                          struct str query, const struct place *at,
                                          struct arena *arena, struct issues *issues)
{
    size_t mark = str_find(query, '?', 0), count = 0;
    struct search_pair *pairs = NULL;
    struct search_plan *plan = arena_alloc(arena, sizeof *plan);
    if (mark < query.len)
        query = str_slice(query, mark + 1, query.len);
    const struct search_context context = service_search_context(service);
    if (!search_split(&pairs, &count, query, arena, issues) ||
        !search_parse(plan, type, pairs, count, &context, arena, issues))
        return NULL;
    if (!plan->condition_count) {
        issue_add(issues, at, ISSUE_PARAMETER_INVALID,
                  "a condition needs at least one search parameter");
        return NULL;
    }
    plan->count = MATCHES_TOLD;
    plan->total = TOTAL_NONE;
    plan->is_count_only = false;
    plan->sort_count = 0;
    plan->include_count = 0;
    return plan;
}

bool write_find(struct write_set *set, const struct search_plan *condition, const struct place *at,
                struct store_page *found)
{
    struct str position = { 0 };
    enum outcome outcome =
        store_search(set->service->store, set->viewer, condition, 0, position, set->arena, found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(set->issues, outcome, condition->self);
    if (found->count > 1)
        return issue_add(set->issues, at, ISSUE_MULTIPLE_MATCHES, STR_FMT "?" STR_FMT,
                         STR_ARG(condition->type), STR_ARG(condition->self));
    struct str *ids = arena_array(set->arena, MATCHES_TOLD, sizeof *ids);
    for (size_t i = 0; i < found->count; i++)
        ids[i] = found->versions[i].id;
    struct store_guard guard = { .version = found->snapshot,
                                 .plan = condition,
                                 .viewer = set->viewer,
                                 .ids = ids,
                                 .id_count = found->count };
    write_add_guard(set, &guard);
    return true;
}

static bool is_alive(const struct write *write)
{
    return write->found.version && !write->found.is_deleted;
}

/* As the server: whether a record is there and whose it is decides also over what the viewer does
 * not see (is_hidden). What is changed by what it holds is read as the viewer. */
static bool read_found(struct write_set *set, struct write *write)
{
    const struct viewer *viewer = write->change ? set->viewer : viewer_server();
    write->found = (struct store_version){ 0 };
    enum outcome outcome = store_read(set->service->store, viewer, write->type, write->chosen_id, 0,
                                      set->arena, &write->found);
    if (outcome == OUTCOME_NOT_FOUND)
        write->found = (struct store_version){ 0 };
    if (outcome == OUTCOME_GONE)
        write->found.is_deleted = true;
    return outcome == OUTCOME_OK || outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_GONE ||
           outcome_raise(set->issues, outcome, write->type);
}

/* Something stands there, under a security context that the viewer may not read. */
static bool is_hidden(const struct write_set *set, const struct write *write)
{
    struct str context = write->found.context;
    return context.len && !viewer_may(set->viewer, context, ACT_READ);
}

/* What a change by id answers (201 or 200, a version, 412) tells what is there; so it is for those
 * who may see it. */
static bool check_sight(const struct write_set *set, const struct write *write)
{
    if (viewer_may(set->viewer, write->type, ACT_READ) ||
        viewer_may(set->viewer, write->type, ACT_SEARCH))
        return true;
    return issue_add(set->issues, write->at, ISSUE_SCOPE_MISSING,
                     "system/" STR_FMT ".r is needed: the answer tells what is there",
                     STR_ARG(write->type));
}

/* Of a Binary that is not there and of one that is hidden an update says the same. */
static bool check_free(const struct write_set *set, const struct write *write)
{
    bool is_absent = !write->found.version && str_is(write->type, "Binary");
    if (!is_hidden(set, write) && (!is_absent || viewer_may(set->viewer, STR("*"), ACT_READ)))
        return true;
    return issue_add(set->issues, write->at, ISSUE_SCOPE_MISSING,
                     "system/*.r is needed to choose the id of a Binary: a POST is given one");
}

/* Only the organization that a record is a copy from may change the copy. */
static bool check_owner(const struct write_set *set, const struct write *write)
{
    const struct viewer *viewer = set->viewer;
    if (!write->found.owner.len || viewer->is_tester || viewer->is_server ||
        str_equal(write->found.owner, viewer->organization))
        return true;
    return issue_add(set->issues, write->at, ISSUE_NOT_OWNER,
                     STR_FMT "/" STR_FMT " belongs to " STR_FMT, STR_ARG(write->type),
                     STR_ARG(write->chosen_id), STR_ARG(write->found.owner));
}

/* An update that makes a record, or brings one back, is a creation too. */
static bool check_scope(const struct write_set *set, const struct write *write)
{
    if (write->is_own || write->result != WRITE_CREATED ||
        viewer_may(set->viewer, write->type, ACT_CREATE))
        return true;
    return issue_add(set->issues, write->at, ISSUE_SCOPE_MISSING,
                     "system/" STR_FMT ".c is needed: there is no such record to update",
                     STR_ARG(write->type));
}

static bool check_version(const struct write_set *set, const struct write *write)
{
    unsigned long long stands = is_alive(write) ? write->found.version : 0;
    if (write->must_be_new && stands)
        return issue_add(set->issues, write->at, ISSUE_VERSION_STALE,
                         "If-None-Match: *, but version %llu is there", stands);
    if (write->if_version == STORE_ANY_VERSION || write->if_version == stands)
        return true;
    if (!stands)
        return issue_add(set->issues, write->at, ISSUE_VERSION_STALE,
                         "If-Match: W/\"%llu\", but there is none",
                         (unsigned long long)write->if_version);
    return issue_add(set->issues, write->at, ISSUE_VERSION_STALE,
                     "If-Match: W/\"%llu\", but the current version is %llu",
                     (unsigned long long)write->if_version, stands);
}

static struct str made_id(struct write_set *set, struct write *write)
{
    if (!write->made_id.len)
        write->made_id = uuid_make(set->arena);
    return write->made_id;
}

static bool decide_create(struct write_set *set, struct write *write)
{
    struct store_page found = { 0 };
    write->result = WRITE_CREATED;
    write->chosen_id = made_id(set, write);
    if (!write->condition)
        return true;
    if (!write_find(set, write->condition, write->at, &found))
        return false;
    if (found.count) {
        write->result = WRITE_MATCHED;
        write->chosen_id = found.versions[0].id;
        write->found = found.versions[0];
    }
    return true;
}

/* A conditional update that matches nothing creates: with the id that was sent, if it is free. */
static bool choose_by_condition(struct write_set *set, struct write *write)
{
    struct store_page found = { 0 };
    struct str sent = write->sent_id;
    write->chosen_id = (struct str){ 0 };
    if (!write_find(set, write->condition, write->at, &found))
        return false;
    if (found.count) {
        write->chosen_id = found.versions[0].id;
        if (sent.len && !str_equal(sent, write->chosen_id))
            return issue_add(set->issues, write->at, ISSUE_ID_MISMATCH,
                             "the condition matches " STR_FMT "/" STR_FMT
                             ", the content says " STR_FMT,
                             STR_ARG(write->type), STR_ARG(write->chosen_id), STR_ARG(sent));
    } else if (write->act == WRITE_UPDATE) {
        write->chosen_id = sent.len ? sent : made_id(set, write);
    }
    return true;
}

static bool decide_update(struct write_set *set, struct write *write)
{
    bool is_matched;
    write->chosen_id = write->id;
    if (write->condition && !choose_by_condition(set, write))
        return false;
    is_matched = !write->condition || set->guards[set->guard_count - 1].id_count;
    if (!read_found(set, write) || !check_free(set, write))
        return false;
    if (!is_matched && is_alive(write))
        return issue_add(set->issues, write->at, ISSUE_CONFLICT,
                         "the condition matches nothing, but " STR_FMT "/" STR_FMT " exists",
                         STR_ARG(write->type), STR_ARG(write->chosen_id));
    write->result = is_alive(write) ? WRITE_UPDATED : WRITE_CREATED;
    return check_owner(set, write) && check_scope(set, write) && check_version(set, write);
}

static bool decide_delete(struct write_set *set, struct write *write)
{
    write->chosen_id = write->id;
    if (write->condition && !choose_by_condition(set, write))
        return false;
    if (write->chosen_id.len && !read_found(set, write))
        return false;
    if (is_hidden(set, write))
        write->found = (struct store_version){ 0 };
    write->result = is_alive(write) ? WRITE_DELETED : WRITE_ABSENT;
    return check_owner(set, write) && check_version(set, write);
}

/* The decision holds for the version that was patched alone. */
static bool decide_patch(struct write_set *set, struct write *write)
{
    write->chosen_id = write->id;
    if (write->condition && !choose_by_condition(set, write))
        return false;
    if (write->chosen_id.len && !read_found(set, write))
        return false;
    if (!is_alive(write))
        return issue_add(set->issues, write->at,
                         write->found.is_deleted ? ISSUE_DELETED : ISSUE_NOT_FOUND,
                         STR_FMT "/" STR_FMT, STR_ARG(write->type), STR_ARG(write->chosen_id));
    write->result = WRITE_UPDATED;
    write->is_pinned = true;
    write->is_checked = false;
    if (!check_owner(set, write) || !check_version(set, write))
        return false;
    write->resource = write->change(write->change_context, set, write);
    return write->resource != NULL;
}

bool write_decide(struct write_set *set, struct write *write)
{
    static bool (*const DECIDE[])(struct write_set *, struct write *) = {
        [WRITE_CREATE] = decide_create,
        [WRITE_UPDATE] = decide_update,
        [WRITE_PATCH] = decide_patch,
        [WRITE_DELETE] = decide_delete,
    };
    write->found = (struct store_version){ 0 };
    write->before = NULL;
    write->owner = (struct str){ 0 };
    write->is_pinned = write->is_skipped = write->is_numbered = false;
    /* The content gets the chosen id, so a later try can not see there what was sent. */
    if (!write->is_begun && write->resource)
        write->sent_id = json_get_text(write->resource, "id");
    write->is_begun = true;
    return (write->act == WRITE_CREATE || check_sight(set, write)) &&
           DECIDE[write->act](set, write);
}
