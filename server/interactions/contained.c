/* contained.c - walks the records that contain a resource of the type, and holds what they contain
 * against the conditions. */
#include "server/interactions/contained.h"

#include <time.h>

#include "resources/fhir/json/json.h"
#include "server/interactions/loaded.h"
#include "server/interactions/loaded_match.h"

enum { CANDIDATES = 50 }; /* read at a time */

struct finding {
    const struct service *service;
    const struct viewer *viewer;
    const struct search_plan *plan;
    struct search_plan candidates; /* records with a contained resource of the type */
    struct arena *arena;
    struct store_page *out;
    size_t room; /* of the page, with what is on it already */
    /* Where the page begins: a position of the candidates, and how many matches behind it were on
     * the page before. */
    struct str start;
    size_t skip;
    bool is_begun;
    int64_t until_us; /* of the monotonic clock; 0: no limit */
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* While records are indexed anew, not all of them tell what they contain. */
static bool is_ready(const struct service *service, struct arena *arena)
{
    struct reindex_progress *progress = NULL;
    size_t count = 0;
    bool is_waiting = false;
    if (service->reindex)
        reindex_read(service->reindex, arena, &progress, &count);
    for (size_t i = 0; i < count; i++)
        is_waiting = is_waiting || progress[i].is_waiting;
    return !is_waiting;
}

bool contained_check(const struct service *service, const struct search_plan *plan,
                     struct issues *issues)
{
    const char *why = NULL;
    if (!is_ready(service, issues->arena))
        return issue_add(issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                         "_contained: it is being indexed; $reindex-status says how far");
    if (!plan->type.len)
        why = "a search of one type";
    else if (plan->include_count)
        why = "no _include or _revinclude with it";
    else if (plan->sort_count)
        why = "no _sort with it: the order is that of the records around them";
    for (size_t i = 0; i < plan->condition_count && !why; i++)
        if (!loaded_match_can(&plan->conditions[i]))
            why = "parameters of the contained resource alone with it (no chains, _has, words)";
    return !why || issue_add(issues, NULL, ISSUE_PARAMETER_INVALID, "_contained: write %s", why);
}

/* Every record has a row of presence for each type that it contains. */
static struct search_plan find_candidates(const struct finding *finding)
{
    const struct service *service = finding->service;
    struct search_condition *condition = arena_alloc(finding->arena, sizeof *condition);
    struct search_value *value = arena_alloc(finding->arena, sizeof *value);
    struct search_sort *sort = arena_alloc(finding->arena, sizeof *sort);
    struct search_plan plan = { .conditions = condition,
                                .condition_count = 1,
                                .sorts = sort,
                                .sort_count = 1,
                                .count = CANDIDATES,
                                .total = TOTAL_NONE,
                                .most_us = finding->plan->most_us,
                                .stop = finding->plan->stop };
    plan.types = definitions_resource_types(service->definitions, &plan.type_count);
    *sort = (struct search_sort){ .code = STR("_lastUpdated"), .kind = INDEX_DATE };
    value->second = STR("false");
    *condition =
        (struct search_condition){ .test = TEST_VALUES,
                                   .types = plan.types,
                                   .type_count = plan.type_count,
                                   .kind = INDEX_PRESENCE,
                                   .code = str_print(finding->arena, INDEX_CONTAINED STR_FMT,
                                                     STR_ARG(finding->plan->type)),
                                   .modifier = MODIFIER_MISSING,
                                   .values = value,
                                   .value_count = 1 };
    return plan;
}

static bool matches(const struct finding *finding, const cJSON *contained, struct arena *arena)
{
    struct issues ignored;
    struct index_rows rows = { 0 };
    issues_init(&ignored, arena, STR(""));
    if (!str_equal(json_get_text(contained, "resourceType"), finding->plan->type) ||
        !search_index(&rows, finding->service->indexer, contained, arena, &ignored))
        return false;
    struct str id = json_get_text(contained, "id");
    for (size_t i = 0; i < finding->plan->condition_count; i++)
        if (!loaded_match_holds(&finding->plan->conditions[i], &rows, id))
            return false;
    return true;
}

/* The record around, or the contained resource itself. */
static void keep(struct finding *finding, const struct store_version *around,
                 const cJSON *contained)
{
    struct arena *arena = finding->arena;
    struct store_version *kept = &finding->out->versions[finding->out->count++];
    struct buf body;
    *kept = *around;
    kept->type = str_copy(arena, around->type);
    kept->id = str_copy(arena, around->id);
    kept->owner = kept->context = STR("");
    if (!finding->plan->returns_contained) {
        kept->body = str_copy(arena, around->body);
        return;
    }
    kept->id = str_print(arena, STR_FMT "#" STR_FMT, STR_ARG(around->id),
                         STR_ARG(json_get_text(contained, "id")));
    buf_init(&body, arena, around->body.len + 1);
    json_print(&body, contained);
    kept->body = buf_str(&body);
}

/* A match, which is counted, and is on the page when its turn comes. */
static void take(struct finding *finding, const struct store_version *around,
                 const cJSON *contained, size_t number, struct str position)
{
    struct store_page *out = finding->out;
    out->total++;
    if (!finding->is_begun || number < finding->skip || out->has_more)
        return;
    if (out->count < finding->room) {
        keep(finding, around, contained);
        return;
    }
    out->has_more = true;
    out->next = str_print(finding->arena, "c%zu:" STR_FMT, number, STR_ARG(position));
}

static void look(struct finding *finding, const struct store_version *around, size_t *number,
                 struct str position, struct arena *arena)
{
    struct issues ignored;
    issues_init(&ignored, arena, STR(""));
    const cJSON *tree = json_parse(around->body, arena, &ignored);
    const cJSON *list = json_get(tree, "contained");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        if (!matches(finding, one, arena))
            continue;
        take(finding, around, one, (*number)++, position);
        if (!finding->plan->returns_contained)
            return;
    }
}

/* The budget is one for the whole walk: what is left of it is the next search's. */
static bool has_time(struct finding *finding)
{
    if (finding->plan->stop && *finding->plan->stop)
        return false;
    if (finding->until_us)
        finding->candidates.most_us = finding->until_us - monotonic_us();
    return !finding->until_us || finding->candidates.most_us > 0;
}

/* All candidates when the total is wanted, else as far as the page goes. */
static enum outcome walk(struct finding *finding)
{
    struct store_page *out = finding->out;
    struct str position = out->has_total ? STR("") : finding->start;
    bool goes_on = true;
    while (goes_on) {
        CLOSING_ARENA struct arena *scratch = arena_open();
        struct store_page page = { 0 };
        size_t number = 0;
        if (!has_time(finding))
            return OUTCOME_LATE;
        finding->is_begun = finding->is_begun || str_equal(position, finding->start);
        enum outcome outcome =
            store_search(finding->service->store, finding->viewer, &finding->candidates,
                         out->snapshot, position, scratch, &page);
        if (outcome != OUTCOME_OK)
            return outcome;
        out->snapshot = page.snapshot;
        for (size_t i = 0; i < page.count; i++)
            look(finding, &page.versions[i], &number, position, scratch);
        if (finding->is_begun)
            finding->skip = 0;
        position = str_copy(finding->arena, page.next);
        goes_on = page.has_more && (out->has_total || !out->has_more);
    }
    return OUTCOME_OK;
}

/* "c", how many matches to pass over, ":" and the candidates' position. */
static bool read_position(struct finding *finding, struct str position)
{
    struct str rest = str_slice(position, 1, position.len), skip = str_cut(&rest, ':');
    uint64_t number = 0;
    finding->start = rest;
    if (!position.len)
        return true;
    finding->skip = str_to_u64(&number, skip) ? (size_t)number : 0;
    return rest.data != NULL;
}

/* The records of the type itself, which come first. */
static enum outcome find_own(const struct finding *finding, uint64_t snapshot, struct str position)
{
    struct store_page *out = finding->out;
    struct search_plan plan = *finding->plan;
    bool is_behind = position.len && position.data[0] == 'c';
    plan.is_count_only = plan.is_count_only || is_behind;
    enum outcome outcome = loaded_search(finding->service, finding->viewer, &plan, snapshot,
                                         is_behind ? STR("") : str_slice(position, 1, position.len),
                                         finding->arena, out);
    if (is_behind)
        out->count = 0;
    if (is_behind)
        out->has_more = false;
    if (out->has_more)
        out->next = str_print(finding->arena, "r" STR_FMT, STR_ARG(out->next));
    return outcome;
}

enum outcome contained_search(const struct service *service, const struct viewer *viewer,
                              const struct search_plan *plan, uint64_t snapshot,
                              struct str position, struct arena *arena, struct store_page *out)
{
    struct finding finding = { .service = service,
                               .viewer = viewer,
                               .plan = plan,
                               .arena = arena,
                               .out = out,
                               .start = STR("") };
    bool is_own = position.len && position.data[0] == 'r';
    if (plan->most_us)
        finding.until_us = monotonic_us() + plan->most_us;
    *out = (struct store_page){ .next = STR(""), .snapshot = snapshot };
    if (!is_own && !read_position(&finding, position))
        return OUTCOME_GONE;
    finding.candidates = find_candidates(&finding);
    if (plan->contained == CONTAINED_BOTH) {
        enum outcome outcome = find_own(&finding, snapshot, position);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    bool is_full = out->has_more; /* with own records: what is contained is only counted */
    struct str next = out->next;
    const struct store_version *own = out->versions;
    finding.room = plan->is_count_only ? 0 : plan->count;
    out->versions = arena_array(arena, finding.room + 1, sizeof *out->versions);
    if (out->count)
        memcpy(out->versions, own, out->count * sizeof *own);
    out->has_total = plan->is_count_only || plan->total != TOTAL_NONE;
    if (is_full && !out->has_total)
        return OUTCOME_OK;
    enum outcome outcome = walk(&finding);
    if (is_full) {
        out->has_more = true;
        out->next = next;
    }
    return outcome;
}
