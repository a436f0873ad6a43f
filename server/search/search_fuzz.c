/* search_fuzz.c - fuzz target: a query is a plan or an issue, a plan's own query means the same
 * plan, and the store takes every plan; of a text's own words its signature says that they may be
 * there. The first line of the input is the type (empty: the system), or below a compartment as in
 * an address: Patient/1/Observation. */
#include <assert.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/search/explain.h"
#include "server/search/fold.h"
#include "server/search/search.h"
#include "server/search/words.h"
#include "server/store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const char BASE[] = "https://here.example/fhir";

/* The one set of definitions that all inputs share. */
static struct definitions *open_definitions(void)
{
    static const char *const PATHS[] = { "build/definitions.db", "build/guide.db" };
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

static struct terminology *open_terminology(void)
{
    static struct terminology *opened;
    if (!opened)
        opened = terminology_open(open_definitions());
    return opened;
}

/* An empty one: every name in a plan is then unknown, but its SQL is whole. */
static struct store *open_store(void)
{
    static struct store *opened;
    if (!opened) {
        struct arena *arena = arena_open();
        struct issues issues;
        char folder[] = "/tmp/tandem-fuzz-XX"
                        "XX"
                        "XX";
        const struct store_options options = { .readers = 1 };
        issues_init(&issues, arena, STR(""));
        assert(mkdtemp(folder));
        opened = store_open(str_print(arena, "sqlite:%s/store.db", folder).data, &options, &issues);
        assert(opened);
        arena_close(arena);
    }
    return opened;
}

static void run(struct search_plan *plan, struct arena *arena)
{
    struct store_page page;
    plan->most_us = 1000000;
    enum outcome outcome =
        store_search(open_store(), viewer_server(), plan, 0, STR(""), arena, &page);
    assert(outcome == OUTCOME_OK || outcome == OUTCOME_LATE);
    assert(page.count == 0 && page.total == 0);
}

/* The type that the first line asks for; the compartment goes into the context. */
static struct str read_type(struct search_context *context, struct str line)
{
    struct str rest = line, compartment = str_cut(&rest, '/');
    if (rest.data && definitions_is_resource_type(open_definitions(), compartment)) {
        context->compartment_type = compartment;
        context->compartment_id = str_cut(&rest, '/');
        line = rest.data ? rest : STR("");
    }
    bool is_known = !line.len || definitions_is_resource_type(open_definitions(), line);
    return is_known ? line : STR("Observation");
}

/* Texts of any bytes are signed and looked at in one way. */
static void check_words(struct str text, struct arena *arena)
{
    cJSON *resource = json_new_object(arena);
    text = str_of(str_cstr(arena, text)); /* a string of JSON has no NUL */
    if (!search_fold_is_utf8(text))
        return;
    json_set(arena, resource, "note", json_new_string(arena, text));
    struct str signature = words_sign(resource, false, arena), rest = search_fold(text, arena);
    for (struct str word = words_next(&rest); word.len; word = words_next(&rest)) {
        struct words words;
        bool is_asked = words_parse(&words, word, arena);
        assert(!is_asked || words_may_hold(&words, signature));
    }
}

static bool parse(struct search_plan *plan, struct str line, struct str query, struct arena *arena,
                  struct issues *issues)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    struct search_context context = { .definitions = open_definitions(),
                                      .terminology = open_terminology(),
                                      .base_url = str_of(BASE) };
    struct str type = read_type(&context, line);
    issues_init(issues, arena, STR(""));
    return search_split(&pairs, &count, query, arena, issues) &&
           search_parse(plan, type, pairs, count, &context, arena, issues);
}

static void check_value(const struct search_condition *condition, enum index_kind kind,
                        const struct search_value *value, struct arena *arena)
{
    if (kind == INDEX_DATE)
        assert(value->low < value->high);
    if (kind == INDEX_STRING && condition->test == TEST_VALUES)
        assert(value->first.len && str_equal(search_fold(value->first, arena), value->first));
    if (kind == INDEX_NUMBER || kind == INDEX_QUANTITY)
        assert(value->number_low <= value->number_high);
    for (size_t i = 0; kind == INDEX_COMPOSITE && i < condition->component_count; i++)
        check_value(condition, condition->components[i], &value->parts[i], arena);
}

/* Returns how many conditions there are in the tree. */
static size_t check_condition(const struct search_condition *condition, unsigned depth,
                              struct arena *arena)
{
    size_t count = 1;
    assert(depth <= 3 * SEARCH_MOST_DEPTH && condition->type_count);
    if (condition->test == TEST_VALUES)
        assert(condition->value_count >= 1 && condition->value_count <= SEARCH_MOST_VALUES);
    for (size_t i = 0; i < condition->value_count; i++)
        check_value(condition, condition->kind, &condition->values[i], arena);
    if (condition->test == TEST_CHAIN || condition->test == TEST_HAS)
        assert(condition->part_count >= 1);
    for (size_t i = 0; i < condition->part_count; i++)
        count += check_condition(&condition->parts[i], depth + 1, arena);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct search_plan plan, again;
    struct str query = { (const char *)bytes, size }, type = str_cut(&query, '\n');
    check_words(query, arena);
    bool ok = parse(&plan, type, query, arena, &issues);
    assert(ok == (issues.count == 0));
    if (!ok)
        return 0;
    assert(plan.condition_count <= SEARCH_MOST_CONDITIONS && plan.count <= SEARCH_MOST_COUNT);
    size_t nodes = 0;
    struct buf words;
    buf_init(&words, arena, 1 << 20);
    for (size_t i = 0; i < plan.condition_count; i++) {
        nodes += check_condition(&plan.conditions[i], 0, arena);
        explain_condition(&words, &plan.conditions[i]);
    }
    assert(nodes <= 4 * SEARCH_MOST_CONDITIONS);
    run(&plan, arena);
    assert(parse(&again, type, plan.self, arena, &issues));
    assert(str_equal(plan.self, again.self));
    assert(again.condition_count == plan.condition_count && again.sort_count == plan.sort_count &&
           again.include_count == plan.include_count);
    return 0;
}
