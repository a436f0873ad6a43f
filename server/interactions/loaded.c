/* loaded.c - the definitions that the server works with, read and searched beside stored records.
 */
#include "server/interactions/loaded.h"

#include "server/interactions/loaded_match.h"

enum outcome loaded_read(const struct service *service, const struct viewer *viewer,
                         struct str type, struct str id, struct arena *arena,
                         struct store_version *out)
{
    enum outcome outcome = store_read(service->store, viewer, type, id, 0, arena, out);
    size_t count;
    if (outcome != OUTCOME_NOT_FOUND || !definitions_has_heads(service->definitions, type))
        return outcome;
    const struct definition_head *head =
        definitions_heads(service->definitions, type, id, STR(""), arena, &count);
    if (!count || !id.len)
        return OUTCOME_NOT_FOUND;
    *out = (struct store_version){ .type = type, .id = head->id, .version = 1 };
    return definitions_head_text(head, arena, &out->body) ? OUTCOME_OK : OUTCOME_FAILED;
}

/* The matching definitions of one search, and how it goes on. */
struct finding {
    const struct service *service;
    const struct viewer *viewer;
    const struct search_plan *plan;
    struct arena *arena;
    const struct definition_head **heads;
    size_t count;
};

static bool is_stored(const struct finding *finding, const struct definition_head *head)
{
    struct store_version version = { 0 };
    struct arena_mark mark = arena_mark(finding->arena);
    enum outcome outcome = store_read(finding->service->store, finding->viewer, head->type,
                                      head->id, 0, finding->arena, &version);
    arena_reset(finding->arena, mark);
    return outcome != OUTCOME_NOT_FOUND;
}

/* A search for one url, the common one, asks the database for it. */
static struct str only_url(const struct search_plan *plan)
{
    for (size_t i = 0; i < plan->condition_count; i++)
        if (plan->conditions[i].test == TEST_VALUES && str_is(plan->conditions[i].code, "url") &&
            plan->conditions[i].value_count == 1 && plan->conditions[i].modifier == MODIFIER_NONE)
            return plan->conditions[i].values[0].first;
    return STR("");
}

static void find(struct finding *finding)
{
    size_t count;
    const struct definition_head *heads =
        definitions_heads(finding->service->definitions, finding->plan->type, STR(""),
                          only_url(finding->plan), finding->arena, &count);
    finding->heads = arena_array(finding->arena, count, sizeof(struct definition_head *));
    for (size_t i = 0; i < count; i++)
        if (heads[i].id.len &&
            loaded_match(finding->service, finding->plan, &heads[i], finding->arena) &&
            !is_stored(finding, &heads[i]))
            finding->heads[finding->count++] = &heads[i];
}

/* Fills the rest of the page from the given place on. */
static enum outcome append(const struct finding *finding, size_t from, struct store_page *out)
{
    size_t room = finding->plan->count > out->count ? finding->plan->count - out->count : 0;
    size_t end = from + (finding->count - from < room ? finding->count - from : room);
    struct store_version *versions =
        arena_array(finding->arena, out->count + end - from, sizeof *versions);
    if (out->count)
        memcpy(versions, out->versions, out->count * sizeof *versions);
    out->versions = versions;
    for (size_t i = from; i < end; i++) {
        struct store_version *version = &versions[out->count++];
        *version = (struct store_version){ .type = finding->plan->type,
                                           .id = finding->heads[i]->id,
                                           .version = 1 };
        if (!definitions_head_text(finding->heads[i], finding->arena, &version->body))
            return OUTCOME_FAILED;
    }
    out->has_more = end < finding->count;
    out->next = str_print(finding->arena, "l%zu", end);
    return OUTCOME_OK;
}

/* Positions: "s" and the store's own, or "l" and a place among the definitions. Behind the stored
 * records their total is asked for again, at the same snapshot. */
enum outcome loaded_search(const struct service *service, const struct viewer *viewer,
                           const struct search_plan *plan, uint64_t snapshot, struct str position,
                           struct arena *arena, struct store_page *out)
{
    struct finding finding = { service, viewer, plan, arena, NULL, 0 };
    if (!definitions_has_heads(service->definitions, plan->type))
        return store_search(service->store, viewer, plan, snapshot, position, arena, out);
    bool is_behind = position.len && position.data[0] == 'l';
    struct str inner = str_slice(position, 1, position.len);
    struct search_plan stored = *plan;
    int from = 0;
    find(&finding);
    if (is_behind && (!str_to_int(&from, inner) || (size_t)from > finding.count))
        return OUTCOME_GONE;
    stored.is_count_only |= is_behind;
    enum outcome outcome = store_search(service->store, viewer, &stored, snapshot,
                                        is_behind ? STR("") : inner, arena, out);
    if (outcome != OUTCOME_OK || !finding.count) {
        out->next = str_print(arena, "s" STR_FMT, STR_ARG(out->next));
        return outcome;
    }
    out->total += finding.count;
    if (plan->is_count_only)
        return OUTCOME_OK;
    if (is_behind)
        out->count = 0;
    else if (out->has_more) {
        out->next = str_print(arena, "s" STR_FMT, STR_ARG(out->next));
        return OUTCOME_OK;
    }
    return append(&finding, (size_t)from, out);
}
