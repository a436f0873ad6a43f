/* gather.c - one search a type, all at one snapshot; what the records found refer to is read from
 * the records themselves, so that no reference is missed for which there is no search parameter. */
#include "server/operations/gather.h"

#include "server/interactions/outcome.h"
#include "server/operations/given.h"
#include "server/operations/referred.h"
#include "server/search/compartment.h"
#include "server/search/kind.h"

enum {
    MOST_PAIRS = 128,
    IDS_AT_ONCE = 200,     /* of one search for what is referred to */
    SOURCES_AT_ONCE = 1000 /* records read on one page only for what they refer to */
};

struct gathering {
    struct gather *gather;
    struct arena *arena;
    const struct str *types; /* the head's first */
    size_t type_count;
    size_t step;      /* of the walk: types that are given, then those that are only read */
    struct str inner; /* where in the step's type */
    struct gather_page *page;
    size_t room;
    bool reads_more; /* a type is wanted that no member has */
    struct referred referred;
    struct given given; /* of those that members refer to, on this page and those before */
    struct str rest;    /* where the next page begins; empty: there is none */
    struct store_version *sources;
    size_t source_count;
};

static bool is_wanted(const struct gather *gather, struct str type)
{
    for (size_t i = 0; i < gather->type_count; i++)
        if (str_equal(gather->types[i], type))
            return true;
    return !gather->type_count;
}

/* Whether records of the type can be in the compartment. */
static bool is_member(const struct gathering *with, struct str type)
{
    for (size_t i = 0; i < with->type_count; i++)
        if (str_equal(with->types[i], type))
            return true;
    return false;
}

/* When someone was born or died is no date of care. */
static bool is_care_date(const struct search_parameter *parameter)
{
    enum index_kind kind;
    return kind_of_parameter(&kind, parameter) && kind == INDEX_DATE &&
           !str_starts(parameter->code, STR("_")) && !str_is(parameter->code, "birthdate") &&
           !str_is(parameter->code, "death-date");
}

static void add_pair(struct search_pair *pairs, size_t *count, struct str name, struct str value)
{
    if (*count < MOST_PAIRS)
        pairs[(*count)++] = (struct search_pair){ name, value };
}

/* The pairs of each date of the type: what is missing, then what must be in the period. */
static size_t add_dates(const struct gathering *with, struct str type, struct search_pair *pairs,
                        size_t *count)
{
    const struct gather *gather = with->gather;
    size_t all, dates = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(gather->interaction->service->definitions, type, &all);
    if (!gather->start.len && !gather->end.len)
        return 0;
    for (int is_period = 0; is_period < 2; is_period++)
        for (size_t i = 0; i < all; i++) {
            struct str code = parameters[i]->code;
            if (!is_care_date(parameters[i]))
                continue;
            dates += is_period > 0;
            if (!is_period)
                add_pair(pairs, count, str_print(with->arena, STR_FMT ":missing", STR_ARG(code)),
                         STR("true"));
            if (is_period && gather->start.len)
                add_pair(pairs, count, code,
                         str_print(with->arena, "ge" STR_FMT, STR_ARG(gather->start)));
            if (is_period && gather->end.len)
                add_pair(pairs, count, code,
                         str_print(with->arena, "le" STR_FMT, STR_ARG(gather->end)));
        }
    return dates;
}

static struct search_condition tree(enum search_test test, const struct search_condition *parts,
                                    size_t count, const struct search_plan *plan)
{
    return (struct search_condition){ .test = test,
                                      .types = plan->types,
                                      .type_count = plan->type_count,
                                      .parts = parts,
                                      .part_count = count };
}

/* From the conditions that add_dates asked for: no date at all, or one in the period. */
static struct search_condition date_tree(const struct gathering *with,
                                         const struct search_plan *plan,
                                         const struct search_condition *asked, size_t dates)
{
    size_t each = with->gather->start.len && with->gather->end.len ? 2 : 1;
    struct search_condition *any = arena_array(with->arena, dates + 1, sizeof *any);
    any[0] = tree(TEST_ALL, asked, dates, plan);
    for (size_t i = 0; i < dates; i++)
        any[i + 1] = tree(TEST_ALL, asked + dates + i * each, each, plan);
    return tree(TEST_ANY, any, dates + 1, plan);
}

/* The plan for a type's members. conditions[0] is the compartment; without an issue and without a
 * plan (count 0) where the type is never in it. */
static bool plan_members(const struct gathering *with, struct str type, struct search_plan *plan)
{
    const struct gather *gather = with->gather;
    struct interaction *interaction = gather->interaction;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair *pairs = arena_array(with->arena, MOST_PAIRS, sizeof *pairs);
    size_t count = 0;
    context.compartment_type = gather->head;
    context.compartment_id = gather->id;
    *plan = (struct search_plan){ .count = 0 };
    if (!is_member(with, type))
        return true;
    size_t dates = add_dates(with, type, pairs, &count), dated = count;
    if (gather->since.len)
        add_pair(pairs, &count, STR("_lastUpdated"),
                 str_print(with->arena, "ge" STR_FMT, STR_ARG(gather->since)));
    if (!search_parse(plan, type, pairs, count, &context, with->arena, &interaction->issues))
        return false;
    if (plan->conditions[0].test == TEST_NOTHING)
        plan->condition_count = plan->count = 0;
    if (!plan->condition_count || !dates)
        return true;
    struct search_condition *conditions = arena_array(with->arena, 3, sizeof *conditions);
    conditions[0] = plan->conditions[0];
    conditions[1] = date_tree(with, plan, plan->conditions + 1, dates);
    if (gather->since.len)
        conditions[2] = plan->conditions[1 + dated];
    plan->condition_count = gather->since.len ? 3 : 2;
    plan->conditions = conditions;
    return true;
}

static bool run(const struct gathering *with, struct search_plan *plan, struct str position,
                struct store_page *found)
{
    struct interaction *interaction = with->gather->interaction;
    const struct service *service = interaction->service;
    plan->total = TOTAL_NONE;
    plan->most_us = (int64_t)service->seconds_per_request * 1000000;
    enum outcome outcome = store_search(service->store, interaction->viewer, plan,
                                        with->gather->snapshot, position, with->arena, found);
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    if (!outcome_raise(&interaction->issues, outcome, plan->type))
        return false;
    with->gather->snapshot = found->snapshot;
    return true;
}

/* Members are given or, of types that are not wanted, only read for what they refer to. */
static void take(struct gathering *with, const struct store_page *found, bool is_given)
{
    for (size_t i = 0; i < found->count; i++) {
        referred_skip(&with->referred, found->versions[i].type, found->versions[i].id);
        with->sources[with->source_count++] = found->versions[i];
        if (is_given)
            with->page->members[with->page->member_count++] = found->versions[i];
    }
}

static void leave(struct gathering *with, struct str inner)
{
    with->rest = str_print(with->arena, "%zu;" STR_FMT, with->step, STR_ARG(inner));
}

static bool wants_others(const struct gathering *with)
{
    const struct gather *gather = with->gather;
    for (size_t i = 0; i < gather->type_count; i++)
        if (!is_member(with, gather->types[i]))
            return true;
    return false;
}

static bool take_step(struct gathering *with, bool *is_full)
{
    bool is_given = with->step < with->type_count;
    struct str type = with->types[with->step % with->type_count];
    size_t most = is_given ? with->gather->count : SOURCES_AT_ONCE;
    size_t room = with->source_count < most ? most - with->source_count : 0;
    struct search_plan plan;
    struct store_page found = { 0 };
    struct arena_mark mark = arena_mark(with->arena);
    if (is_wanted(with->gather, type) != is_given)
        return true;
    if (!plan_members(with, type, &plan))
        return false;
    if (!plan.condition_count)
        return true;
    plan.count = room ? room : 1; /* a full page asks whether there is more at all */
    if (!run(with, &plan, with->inner, &found))
        return false;
    *is_full = room ? found.has_more : found.count > 0;
    if (*is_full)
        leave(with, room ? found.next : STR(""));
    if (room)
        take(with, &found, is_given);
    if (!found.count)
        arena_reset(with->arena, mark);
    return true;
}

/* Steps below type_count give a type; those above only read one, on pages of their own. */
static bool take_members(struct gathering *with)
{
    bool is_full = false;
    size_t end = with->reads_more ? 2 * with->type_count : with->type_count;
    for (; with->step < end && !is_full; with->step++) {
        if (with->step == with->type_count && with->source_count) {
            leave(with, STR(""));
            return true;
        }
        if (!take_step(with, &is_full))
            return false;
        with->inner = STR("");
    }
    return true;
}

static void collect_all(struct gathering *with)
{
    struct issues ignored;
    for (size_t i = 0; i < with->source_count; i++) {
        issues_init(&ignored, with->arena, (struct str){ 0 });
        const cJSON *resource = json_parse(with->sources[i].body, with->arena, &ignored);
        if (resource)
            referred_collect(&with->referred, resource);
    }
}

static void add_supporting(struct gathering *with, const struct store_page *found)
{
    struct gather_page *page = with->page;
    for (size_t i = 0; i < found->count; i++) {
        const struct store_version *version = &found->versions[i];
        page->supporting[page->supporting_count++] = *version;
        given_add(&with->given, version->type, version->id, with->arena);
    }
}

/* Those among the ids that are no members, on whatever page these are. */
static bool find_supporting(struct gathering *with, struct str type, struct str ids)
{
    struct interaction *interaction = with->gather->interaction;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair pairs[2];
    struct search_plan plan, members;
    struct store_page found = { 0 };
    size_t count = 0;
    add_pair(pairs, &count, STR("_id"), ids);
    if (with->gather->since.len)
        add_pair(pairs, &count, STR("_lastUpdated"),
                 str_print(with->arena, "ge" STR_FMT, STR_ARG(with->gather->since)));
    if (!search_parse(&plan, type, pairs, count, &context, with->arena, &interaction->issues) ||
        !plan_members(with, type, &members))
        return false;
    if (members.condition_count) {
        struct search_condition *conditions = arena_array(with->arena, 4, sizeof *conditions);
        struct search_condition *inside = arena_alloc(with->arena, sizeof *inside);
        size_t kept = members.condition_count - (with->gather->since.len > 0);
        *inside = tree(TEST_ALL, members.conditions, kept, &members);
        memcpy(conditions, plan.conditions, plan.condition_count * sizeof *conditions);
        conditions[plan.condition_count++] = tree(TEST_NOT, inside, 1, &plan);
        plan.conditions = conditions;
    }
    plan.count = IDS_AT_ONCE;
    if (!run(with, &plan, (struct str){ 0 }, &found))
        return false;
    add_supporting(with, &found);
    return true;
}

static bool support_type(struct gathering *with, struct str type)
{
    struct buf ids;
    size_t count = 0;
    buf_init(&ids, with->arena, IDS_AT_ONCE * 128);
    for (size_t i = 0; i < with->referred.count; i++) {
        struct str id = with->referred.all[i].id;
        if (!str_equal(with->referred.all[i].type, type) ||
            given_has(&with->given, type, id, with->arena))
            continue;
        buf_add(&ids, count ? STR(",") : STR(""));
        buf_add(&ids, id);
        if (++count < IDS_AT_ONCE)
            continue;
        if (!find_supporting(with, type, buf_str(&ids)))
            return false;
        buf_init(&ids, with->arena, IDS_AT_ONCE * 128);
        count = 0;
    }
    return !count || find_supporting(with, type, buf_str(&ids));
}

static bool take_supporting(struct gathering *with)
{
    struct map types;
    collect_all(with);
    map_init(&types, with->arena);
    with->page->supporting =
        arena_array(with->arena, with->referred.count, sizeof *with->page->supporting);
    for (size_t i = 0; i < with->referred.count; i++)
        if (is_wanted(with->gather, with->referred.all[i].type) &&
            !map_set(&types, with->referred.all[i].type, with) &&
            !support_type(with, with->referred.all[i].type))
            return false;
    return true;
}

/* Those of the compartment, the head's first, so that a patient stands before what is about the
 * patient. */
static void order_types(struct gathering *with)
{
    size_t count, at = 1;
    const struct str *all = compartment_types(with->gather->interaction->service->definitions,
                                              with->gather->head, with->arena, &count);
    struct str *types = arena_array(with->arena, count + 1, sizeof *types);
    types[0] = with->gather->head;
    for (size_t i = 0; i < count; i++)
        if (!str_equal(all[i], with->gather->head))
            types[at++] = all[i];
    with->types = types;
    with->type_count = at;
}

static bool read_position(struct gathering *with)
{
    uint64_t step = 0;
    struct str rest = with->gather->position;
    if (!rest.len)
        return true;
    bool is_read = given_read(&with->given, &rest) && str_to_u64(&step, str_cut(&rest, ';'));
    with->inner = rest;
    if (!is_read || step >= 2 * with->type_count)
        return issue_add(&with->gather->interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    with->step = (size_t)step;
    return true;
}

static struct str write_position(const struct gathering *with)
{
    struct buf text;
    buf_init(&text, with->arena, sizeof with->given + with->rest.len + 64);
    given_write(&text, &with->given);
    buf_add(&text, with->rest);
    return buf_str(&text);
}

bool gather_page(struct gather *gather, struct gather_page *page)
{
    struct arena *arena = gather->interaction->arena;
    struct gathering with = { .gather = gather, .arena = arena, .page = page };
    size_t most = gather->count > SOURCES_AT_ONCE ? gather->count : SOURCES_AT_ONCE;
    *page = (struct gather_page){ .members = arena_array(arena, most, sizeof *page->members) };
    with.sources = arena_array(arena, most, sizeof *with.sources);
    referred_init(&with.referred, gather->interaction->service, arena);
    order_types(&with);
    with.reads_more = wants_others(&with);
    if (!read_position(&with) || !take_members(&with) || !take_supporting(&with))
        return false;
    if (with.rest.len)
        page->next = write_position(&with);
    return true;
}
