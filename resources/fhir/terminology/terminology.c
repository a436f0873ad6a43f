/* terminology.c - is a code in a value set; value sets and code systems are read at first use. */
#include "resources/fhir/terminology/terminology.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/terms.h"
#include "resources/fhir/terminology/concepts.h"
#include "resources/fhir/terminology/grammar.h"

/* Value sets import each other, perhaps in a circle: what takes more than this is not decided. */
enum { MOST_IMPORT_DEPTH = 16, MOST_IMPORTS = 1000 };

struct system {
    const struct term_source *source;
    struct concepts concepts;
    atomic_bool is_loaded;
};

/* A rule of a value set, and what decides it: `codes` alone where they are all that it takes (a
 * list, or what passed its filters); else the system, or a grammar. */
struct rule {
    struct value_set_rule said;
    struct system *system; /* NULL: none given, or not here */
    struct code_set codes;
    bool has_codes;
};
struct value_set {
    const struct term_source *source;
    struct rule *rules;
    size_t count;
    bool is_ambiguous; /* found by url alone, while there are several versions */
    atomic_bool is_loaded;
};

/* The maps are made when it is opened and never change; what a system or value set holds is read
 * inside the lock, once, and published by its flag. So readers never wait for each other. */
struct terminology {
    struct definitions *definitions;
    struct arena *arena; /* inside the lock, once open */
    pthread_mutex_t lock;
    struct map systems;    /* url to struct system */
    struct map value_sets; /* url and url|version to struct value_set */
};

static void unlock_at(pthread_mutex_t **lock)
{
    pthread_mutex_unlock(*lock);
}
#define LOCKING __attribute__((cleanup(unlock_at), unused))

static pthread_mutex_t *lock(struct terminology *terminology)
{
    int code = pthread_mutex_lock(&terminology->lock);
    assert(code == 0);
    (void)code;
    return &terminology->lock;
}

static void add_systems(struct terminology *terminology)
{
    size_t count;
    struct term_source *list =
        definitions_code_systems(terminology->definitions, terminology->arena, &count);
    for (size_t i = 0; i < count; i++) {
        if (str_is(list[i].content, "supplement") || map_find(&terminology->systems, list[i].url))
            continue;
        struct system *system = arena_alloc(terminology->arena, sizeof *system);
        system->source = &list[i];
        map_set(&terminology->systems, list[i].url, system);
    }
}

static void add_value_sets(struct terminology *terminology)
{
    size_t count;
    struct term_source *list =
        definitions_value_sets(terminology->definitions, terminology->arena, &count);
    for (size_t i = 0; i < count; i++) {
        struct value_set *value_set = arena_alloc(terminology->arena, sizeof *value_set);
        value_set->source = &list[i];
        struct str versioned = str_print(terminology->arena, STR_FMT "|" STR_FMT,
                                         STR_ARG(list[i].url), STR_ARG(list[i].version));
        if (!map_find(&terminology->value_sets, versioned))
            map_set(&terminology->value_sets, versioned, value_set);
        struct value_set *first = map_find(&terminology->value_sets, list[i].url);
        if (first)
            first->is_ambiguous = true;
        else
            map_set(&terminology->value_sets, list[i].url, value_set);
    }
}

struct terminology *terminology_open(struct definitions *definitions)
{
    struct arena *arena = arena_open();
    struct terminology *terminology = arena_alloc(arena, sizeof *terminology);
    terminology->arena = arena;
    terminology->definitions = definitions;
    pthread_mutex_init(&terminology->lock, NULL);
    map_init(&terminology->systems, arena);
    map_init(&terminology->value_sets, arena);
    add_systems(terminology);
    add_value_sets(terminology);
    return terminology;
}

void terminology_close(struct terminology *terminology)
{
    if (!terminology)
        return;
    pthread_mutex_destroy(&terminology->lock);
    arena_close(terminology->arena);
}

static bool is_complete(const struct system *system)
{
    return str_is(system->source->content, "complete");
}

/* Inside the lock. */
static void load_system(struct terminology *terminology, struct system *system)
{
    if (atomic_load_explicit(&system->is_loaded, memory_order_relaxed))
        return;
    struct concept_list list =
        definitions_concepts(terminology->definitions, system->source, terminology->arena);
    concepts_init(&system->concepts, &list, system->source->is_case_sensitive, terminology->arena);
    atomic_store_explicit(&system->is_loaded, true, memory_order_release);
}

/* The system with its concepts, or NULL. */
static struct system *find_system(struct terminology *terminology, struct str url)
{
    struct system *system = map_find(&terminology->systems, url);
    if (!system || atomic_load_explicit(&system->is_loaded, memory_order_acquire))
        return system;
    LOCKING pthread_mutex_t *held = lock(terminology);
    load_system(terminology, system);
    return system;
}

/* Inside the lock. A list does not need its system's concepts, but how it takes case. */
static void load_rule(struct terminology *terminology, struct rule *rule)
{
    const struct value_set_rule *said = &rule->said;
    rule->system = map_find(&terminology->systems, said->system);
    bool is_case_sensitive = !rule->system || rule->system->source->is_case_sensitive;
    concepts_set_init(&rule->codes, is_case_sensitive, terminology->arena);
    if (said->is_listed) {
        for (size_t i = 0; i < said->code_count; i++)
            concepts_set_add(&rule->codes, said->codes[i].code, &said->codes[i]);
        rule->has_codes = true;
    } else if (rule->system) {
        load_system(terminology, rule->system);
        if (said->filter_count && is_complete(rule->system))
            rule->has_codes = concepts_filter(&rule->system->concepts, said, &rule->codes);
    }
}

static void load_value_set(struct terminology *terminology, struct value_set *value_set)
{
    if (atomic_load_explicit(&value_set->is_loaded, memory_order_acquire))
        return;
    LOCKING pthread_mutex_t *held = lock(terminology);
    if (atomic_load_explicit(&value_set->is_loaded, memory_order_relaxed))
        return;
    struct value_set_rules said =
        definitions_rules(terminology->definitions, value_set->source, terminology->arena);
    value_set->rules = arena_array(terminology->arena, said.count, sizeof *value_set->rules);
    value_set->count = said.count;
    for (size_t i = 0; i < said.count; i++) {
        value_set->rules[i].said = said.rules[i];
        load_rule(terminology, &value_set->rules[i]);
    }
    atomic_store_explicit(&value_set->is_loaded, true, memory_order_release);
}

static struct value_set *find_value_set(struct terminology *terminology, struct str canonical)
{
    struct value_set *value_set = map_find(&terminology->value_sets, canonical);
    if (!value_set) {
        struct str version = canonical;
        struct str url = str_cut(&version, '|');
        value_set = map_find(&terminology->value_sets, url);
        if (value_set && version.len && value_set->is_ambiguous)
            return NULL;
    }
    if (value_set)
        load_value_set(terminology, value_set);
    return value_set;
}

/* A whole system: its list when that is here, else what its grammar says. */
static enum membership check_system(const struct system *system, struct str url, struct str code)
{
    if (system && concepts_find(&system->concepts, code))
        return MEMBER_YES;
    if (system && is_complete(system))
        return MEMBER_NO;
    return terminology_grammar_check(url, code);
}

static enum membership check_codes(const struct rule *rule, struct str system, struct str code)
{
    if (!rule->said.system.len)
        return MEMBER_YES; /* a rule of imports alone takes what they have in common */
    if (system.len && !str_equal(system, rule->said.system))
        return MEMBER_NO;
    if (rule->has_codes)
        return concepts_set_find(&rule->codes, code) ? MEMBER_YES : MEMBER_NO;
    enum membership whole = check_system(rule->system, rule->said.system, code);
    return rule->said.filter_count && whole == MEMBER_YES ? MEMBER_UNKNOWN : whole;
}

/* A coding to look for, and how many imports may still be followed for it. */
struct question {
    struct str system, code;
    int left;
};

static enum membership check_value_set(struct terminology *terminology, struct str canonical,
                                       struct question *question, int depth);

/* What is in the system's part of the rule and in every value set that it imports. */
static enum membership check_rule(struct terminology *terminology, const struct rule *rule,
                                  struct question *question, int depth)
{
    enum membership result = check_codes(rule, question->system, question->code);
    for (size_t i = 0; i < rule->said.import_count && result != MEMBER_NO; i++) {
        enum membership part =
            check_value_set(terminology, rule->said.imports[i], question, depth + 1);
        if (part != MEMBER_YES)
            result = part;
    }
    return result;
}

static enum membership check_value_set(struct terminology *terminology, struct str canonical,
                                       struct question *question, int depth)
{
    if (depth > MOST_IMPORT_DEPTH || question->left-- <= 0)
        return MEMBER_UNKNOWN;
    const struct value_set *value_set = find_value_set(terminology, canonical);
    if (!value_set)
        return MEMBER_UNKNOWN;
    enum membership included = MEMBER_NO, excluded = MEMBER_NO;
    for (size_t i = 0; i < value_set->count; i++) {
        const struct rule *rule = &value_set->rules[i];
        enum membership *side = rule->said.is_excluded ? &excluded : &included;
        if (*side == MEMBER_YES || rule->said.is_given)
            continue;
        enum membership part = check_rule(terminology, rule, question, depth);
        if (part != MEMBER_NO)
            *side = part;
    }
    if (included == MEMBER_NO || excluded == MEMBER_YES)
        return MEMBER_NO;
    return excluded == MEMBER_UNKNOWN ? MEMBER_UNKNOWN : included;
}

enum membership terminology_contains(struct terminology *terminology, struct str value_set,
                                     struct str system, struct str code)
{
    struct question question = { system, code, MOST_IMPORTS };
    return check_value_set(terminology, value_set, &question, 0);
}

bool terminology_has_code(struct terminology *terminology, struct str system, struct str code,
                          bool *is_known)
{
    enum membership known = check_system(find_system(terminology, system), system, code);
    if (known != MEMBER_UNKNOWN)
        *is_known = known == MEMBER_YES;
    return known != MEMBER_UNKNOWN;
}

struct str terminology_display(struct terminology *terminology, struct str system, struct str code)
{
    const struct system *found = find_system(terminology, system);
    const struct concept *concept = found ? concepts_find(&found->concepts, code) : NULL;
    return concept ? concept->display : (struct str){ "", 0 };
}

struct str terminology_code_with(struct terminology *terminology, struct str system,
                                 struct str property, struct str value)
{
    const struct system *found = find_system(terminology, system);
    return found ? concepts_code_with(&found->concepts, property, value) : (struct str){ "", 0 };
}
