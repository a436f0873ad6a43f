/* search_fuzz.c - fuzz target: a query is a plan or an issue, and a plan's own query means the same
 * plan. The first line of the input is the type. */
#include <assert.h>

#include "resources/base/arena.h"
#include "server/search/fold.h"
#include "server/search/search.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char BASE[] = "https://here.example/fhir";

/* The one set of definitions that all inputs share. */
static struct definitions *open_definitions(void)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    static struct definitions *opened;
    if (!opened) {
        struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, STR(""));
        opened = definitions_open(PATHS, COUNT(PATHS), &issues);
        assert(opened);
        arena_close(arena);
    }
    return opened;
}

static bool parse(struct search_plan *plan, struct str type, struct str query, struct arena *arena,
                  struct issues *issues)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    const struct search_context context = { .definitions = open_definitions(),
                                            .base_url = str_of(BASE) };
    issues_init(issues, arena, STR(""));
    return search_split(&pairs, &count, query, arena, issues) &&
           search_parse(plan, type, pairs, count, &context, arena, issues);
}

static void check_values(const struct search_condition *condition, struct arena *arena)
{
    assert(condition->value_count >= 1 && condition->value_count <= SEARCH_MOST_VALUES);
    for (size_t i = 0; i < condition->value_count; i++) {
        const struct search_value *value = &condition->values[i];
        if (condition->kind == INDEX_DATE)
            assert(value->low < value->high);
        if (condition->kind == INDEX_STRING)
            assert(value->first.len && str_equal(search_fold(value->first, arena), value->first));
        if (condition->kind == INDEX_NUMBER || condition->kind == INDEX_QUANTITY)
            assert(value->number_low <= value->number_high);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct search_plan plan, again;
    struct str query = { (const char *)bytes, size }, type = str_cut(&query, '\n');
    if (!definitions_is_resource_type(open_definitions(), type))
        type = STR("Observation");
    bool ok = parse(&plan, type, query, arena, &issues);
    assert(ok == (issues.count == 0));
    if (!ok)
        return 0;
    assert(plan.condition_count <= SEARCH_MOST_CONDITIONS && plan.count <= SEARCH_MOST_COUNT);
    for (size_t i = 0; i < plan.condition_count; i++)
        check_values(&plan.conditions[i], arena);
    assert(parse(&again, type, plan.self, arena, &issues));
    assert(str_equal(plan.self, again.self));
    assert(again.condition_count == plan.condition_count && again.sort_count == plan.sort_count);
    return 0;
}
