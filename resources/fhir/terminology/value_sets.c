/* value_sets.c - the value sets: found by canonical, their rules read and resolved at first use. */
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/filter.h"
#include "resources/fhir/terminology/inside.h"

static void add(struct terminology *terminology, const struct term_source *source)
{
    struct value_set *value_set = arena_alloc(terminology->arena, sizeof *value_set);
    value_set->source = *source;
    struct str versioned = str_print(terminology->arena, STR_FMT "|" STR_FMT, STR_ARG(source->url),
                                     STR_ARG(source->version));
    if (!map_find(&terminology->value_sets, versioned))
        map_set(&terminology->value_sets, versioned, value_set);
    struct value_set *first = map_find(&terminology->value_sets, source->url);
    if (first)
        first->is_ambiguous = true;
    else
        map_set(&terminology->value_sets, source->url, value_set);
}

/* The value set of all codes of a system, which need not be written out: CodeSystem.valueSet. */
static void add_all_of(struct terminology *terminology, struct str canonical, struct str system)
{
    struct str version = canonical, url = str_cut(&version, '|');
    if (!url.len || map_find(&terminology->value_sets, url))
        return;
    struct value_set *value_set = arena_alloc(terminology->arena, sizeof *value_set);
    value_set->source = (struct term_source){ .url = url, .version = version };
    value_set->all_of = system;
    map_set(&terminology->value_sets, url, value_set);
}

/* Addresses of the standards themselves, to which R4 binds elements as if they were value sets. */
static const struct {
    struct str canonical, system;
} STANDARDS[] = {
    { { "http://www.rfc-editor.org/bcp/bcp13.txt", 39 }, { "urn:ietf:bcp:13", 15 } },
    { { "http://tools.ietf.org/html/bcp47", 32 }, { "urn:ietf:bcp:47", 15 } },
};

void value_sets_add_all(struct terminology *terminology)
{
    size_t count;
    struct term_source *list =
        definitions_value_sets(terminology->definitions, terminology->arena, &count);
    for (size_t i = 0; i < count; i++)
        add(terminology, &list[i]);
    struct str url;
    void *system;
    for (size_t at = 0; map_next(&terminology->systems, &at, &url, &system);)
        if (map_find(&terminology->systems, ((struct system *)system)->source.url) == system)
            add_all_of(terminology, ((struct system *)system)->source.value_set,
                       ((struct system *)system)->source.url);
    for (size_t i = 0; i < COUNT(STANDARDS); i++)
        add_all_of(terminology, STANDARDS[i].canonical, STANDARDS[i].system);
}

struct value_set *value_sets_find(const struct terminology *terminology, struct str canonical)
{
    struct value_set *value_set = map_find(&terminology->value_sets, canonical);
    if (value_set)
        return value_set;
    struct str version = canonical;
    struct str url = str_cut(&version, '|');
    value_set = map_find(&terminology->value_sets, url);
    return value_set && version.len && value_set->is_ambiguous ? NULL : value_set;
}

/* A value set being read: one of the definitions inside the lock, one that a request brought
 * outside of it. */
struct loading {
    struct terminology *terminology;
    struct arena *arena;
    bool is_locked;
    long left; /* of FILTER_MOST_COST */
};

/* A list does not need its system's concepts, but how it takes case. */
static void load_rule(struct loading *loading, struct rule *rule)
{
    struct terminology *terminology = loading->terminology;
    struct arena *arena = loading->arena;
    const struct value_set_rule *said = &rule->said;
    rule->system = systems_find(terminology, said->system, said->version);
    const struct system *any = systems_find(terminology, said->system, STR(""));
    concepts_set_init(&rule->codes, !any || any->source.is_case_sensitive, arena);
    rule->imports = arena_array(arena, said->import_count, sizeof(struct value_set *));
    for (size_t i = 0; i < said->import_count; i++)
        rule->imports[i] = value_sets_find(terminology, said->imports[i]);
    if (said->is_listed) {
        for (size_t i = 0; i < said->code_count; i++)
            concepts_set_add(&rule->codes, said->codes[i].code, &said->codes[i]);
        rule->has_codes = true;
    } else if (rule->system) {
        if (loading->is_locked)
            systems_load_locked(terminology, rule->system);
        else
            systems_load(terminology, rule->system);
        if (said->filter_count && systems_is_complete(rule->system))
            rule->has_codes =
                filter_choose(&rule->system->concepts, said, &loading->left, &rule->codes);
    }
}

static void load(struct loading *loading, struct value_set *value_set,
                 const struct value_set_rules *said)
{
    value_set->rules = arena_array(loading->arena, said->count, sizeof *value_set->rules);
    value_set->count = said->count;
    for (size_t i = 0; i < said->count; i++) {
        value_set->rules[i].said = said->rules[i];
        value_set->has_given |= said->rules[i].is_given;
        load_rule(loading, &value_set->rules[i]);
    }
    atomic_store_explicit(&value_set->is_loaded, true, memory_order_release);
}

static struct value_set_rules rules_of(struct terminology *terminology,
                                       const struct value_set *value_set)
{
    if (!value_set->all_of.len)
        return definitions_rules(terminology->definitions, &value_set->source, terminology->arena);
    struct value_set_rule *rule = arena_alloc(terminology->arena, sizeof *rule);
    rule->system = value_set->all_of;
    return (struct value_set_rules){ rule, 1 };
}

void value_sets_load(struct terminology *terminology, struct value_set *value_set)
{
    if (atomic_load_explicit(&value_set->is_loaded, memory_order_acquire))
        return;
    LOCKING pthread_mutex_t *held = terminology_lock(terminology);
    if (atomic_load_explicit(&value_set->is_loaded, memory_order_relaxed))
        return;
    struct value_set_rules said = rules_of(terminology, value_set);
    struct loading loading = { terminology, terminology->arena, true, FILTER_MOST_COST };
    load(&loading, value_set, &said);
}

const struct value_set *terminology_value_set(struct terminology *terminology, struct str canonical)
{
    struct value_set *value_set = value_sets_find(terminology, canonical);
    if (value_set)
        value_sets_load(terminology, value_set);
    return value_set;
}

const struct value_set *terminology_value_set_of(struct terminology *terminology,
                                                 const struct cJSON *resource, struct arena *arena)
{
    struct value_set *value_set = arena_alloc(arena, sizeof *value_set);
    struct value_set_rules said = terms_rules_of(resource, arena);
    value_set->source = terms_source_of(resource);
    struct loading loading = { terminology, arena, false, FILTER_MOST_COST };
    load(&loading, value_set, &said);
    return value_set;
}
