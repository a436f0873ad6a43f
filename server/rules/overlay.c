/* overlay.c - answers rules from the writes under way, else from the store, and guards the answers.
 */
#include "server/rules/overlay.h"

#include "server/interactions/outcome.h"
#include "server/rules/rules.h"

void overlay_init(struct overlay *overlay, struct write_set *set)
{
    *overlay = (struct overlay){ .set = set };
    map_init(&overlay->read, set->arena);
    map_init(&overlay->found, set->arena);
}

static bool is_at(const struct write *write, struct str type, struct str id)
{
    return str_equal(write->type, type) && str_equal(write->chosen_id, id);
}

/* The last write of the set that touches a record, or NULL. */
static const struct write *find_write(const struct write_set *set, struct str type, struct str id)
{
    for (size_t i = set->derived_count; i-- > 0;)
        if (is_at(&set->derived[i], type, id))
            return &set->derived[i];
    for (size_t i = set->count; i-- > 0;)
        if (write_is_written(&set->writes[i]) && is_at(&set->writes[i], type, id))
            return &set->writes[i];
    return NULL;
}

static void guard_version(struct overlay *overlay, struct str type, struct str id, uint64_t version)
{
    struct store_guard guard = { .type = type, .id = id, .version = version };
    write_add_guard(overlay->set, &guard);
}

static struct ltss_record *keep(struct overlay *overlay, struct str key,
                                const struct store_version *found)
{
    struct write_set *set = overlay->set;
    struct ltss_record *record = arena_alloc(set->arena, sizeof *record);
    struct issues unseen;
    issues_init(&unseen, set->arena, STR(""));
    *record = (struct ltss_record){ .type = found->type,
                                    .id = found->id,
                                    .is_copy = found->owner.len > 0 };
    if (found->body.len)
        record->content = json_parse(found->body, set->arena, &unseen);
    map_set(&overlay->read, key, record);
    return record;
}

static struct str key_of(struct overlay *overlay, struct str type, struct str id)
{
    return str_print(overlay->set->arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
}

static const cJSON *read_store(struct overlay *overlay, struct str type, struct str id)
{
    struct write_set *set = overlay->set;
    struct str key = key_of(overlay, type, id);
    const struct ltss_record *known = map_find(&overlay->read, key);
    if (known)
        return known->content;
    struct store_version found = { 0 };
    enum outcome outcome =
        store_read(set->service->store, viewer_server(), type, id, 0, set->arena, &found);
    if (outcome != OUTCOME_OK && outcome != OUTCOME_NOT_FOUND && outcome != OUTCOME_GONE) {
        overlay->has_failed = true;
        outcome_raise(set->issues, outcome, key);
        return NULL;
    }
    bool is_there = outcome == OUTCOME_OK;
    guard_version(overlay, type, id, is_there ? found.version : 0);
    if (!is_there)
        found = (struct store_version){ .type = type, .id = id };
    return keep(overlay, key, &found)->content;
}

static const cJSON *read_record(void *context, struct str reference)
{
    struct overlay *overlay = context;
    struct str id = reference, type = str_cut(&id, '/');
    if (!type.len || !id.len)
        return NULL;
    const struct write *write = find_write(overlay->set, type, id);
    return write ? write->resource : read_store(overlay, type, id);
}

static const struct search_plan *plan_of(struct overlay *overlay, struct str type,
                                         const char *parameter, struct str value)
{
    struct write_set *set = overlay->set;
    struct search_plan *plan = arena_alloc(set->arena, sizeof *plan);
    struct search_pair *pairs = NULL;
    size_t count = 0;
    const struct search_context with = service_search_context(set->service);
    if (!search_split(&pairs, &count, str_of(parameter), set->arena, set->issues) || !count)
        return NULL;
    pairs[count - 1].value = value; /* the last is the one that is asked for */
    if (!search_parse(plan, type, pairs, count, &with, set->arena, set->issues))
        return NULL;
    plan->count = RULES_MOST_FOUND;
    plan->total = TOTAL_NONE;
    plan->is_count_only = false;
    plan->sort_count = 0;
    return plan;
}

static bool search_store(struct overlay *overlay, struct str type, const char *parameter,
                         struct str value, struct store_page *page)
{
    struct write_set *set = overlay->set;
    const struct search_plan *plan = plan_of(overlay, type, parameter, value);
    enum outcome outcome = plan ? store_search(set->service->store, viewer_server(), plan, 0,
                                               (struct str){ 0 }, set->arena, page)
                                : OUTCOME_FAILED;
    if (plan && outcome != OUTCOME_OK)
        return outcome_raise(set->issues, outcome, type);
    if (page->has_more)
        return issue_add(set->issues, NULL, ISSUE_TOO_COSTLY,
                         "a rule looks at no more than %d records of " STR_FMT, RULES_MOST_FOUND,
                         STR_ARG(type));
    if (!plan)
        return false;
    struct str *ids = arena_array(set->arena, page->count + 1, sizeof *ids);
    for (size_t i = 0; i < page->count; i++)
        ids[i] = page->versions[i].id;
    struct store_guard guard = {
        .version = page->snapshot, .plan = plan, .ids = ids, .id_count = page->count
    };
    write_add_guard(set, &guard);
    return true;
}

/* Several rules ask the same: the store is searched once, or NULL when that fails. */
static const struct store_page *ask_store(struct overlay *overlay, struct str type,
                                          const char *parameter, struct str value)
{
    struct arena *arena = overlay->set->arena;
    struct str key =
        str_print(arena, STR_FMT "?%s=" STR_FMT, STR_ARG(type), parameter, STR_ARG(value));
    struct store_page *page = map_find(&overlay->found, key);
    if (page)
        return page;
    page = arena_alloc(arena, sizeof *page);
    if (!search_store(overlay, type, parameter, value, page))
        return NULL;
    map_set(&overlay->found, key, page);
    return page;
}

/* What the set itself writes of a type; returns how many there are. */
static size_t add_own(struct overlay *overlay, struct str type, struct ltss_record *out)
{
    const struct write_set *set = overlay->set;
    size_t count = 0;
    for (size_t i = 0; i < set->count + set->derived_count; i++) {
        const struct write *write = write_at(set, i);
        if (!str_equal(write->type, type) || !write->resource || !write_is_written(write) ||
            find_write(set, type, write->chosen_id) != write)
            continue;
        if (out)
            out[count] = (struct ltss_record){ .type = type,
                                               .id = write->chosen_id,
                                               .content = write->resource,
                                               .is_copy = write->owner.len > 0 ||
                                                          write->found.owner.len > 0 };
        count++;
    }
    return count;
}

static const struct ltss_record *find_records(void *context, const char *type,
                                              const char *parameter, struct str value)
{
    static const struct ltss_record NONE = { .content = NULL };
    struct overlay *overlay = context;
    struct write_set *set = overlay->set;
    struct str name = str_of(type);
    const struct store_page *page = ask_store(overlay, name, parameter, value);
    if (!page) {
        overlay->has_failed = true;
        return &NONE;
    }
    size_t own = add_own(overlay, name, NULL), count = 0;
    struct ltss_record *records = arena_array(set->arena, page->count + own + 1, sizeof *records);
    for (size_t i = 0; i < page->count; i++) {
        const struct store_version *found = &page->versions[i];
        if (find_write(set, name, found->id))
            continue;
        struct str key = key_of(overlay, name, found->id);
        struct ltss_record *record = map_find(&overlay->read, key);
        if (!record) {
            guard_version(overlay, name, found->id, found->version);
            record = keep(overlay, key, found);
        }
        if (record->content)
            records[count++] = *record;
    }
    count += add_own(overlay, name, records + count);
    records[count] = NONE;
    return records;
}

const struct lookup overlay_lookup = { .read = read_record, .find = find_records };
