/* expand.c - all codes of a value set, where they can be counted up (R4
 * valueset.html#expansion). */
#include "resources/base/arena.h"
#include "resources/fhir/terminology/inside.h"

/* The expansion being made. `places` tells where a code stands already: "system code" to its place
 * plus one. */
struct expanding {
    struct terminology *terminology;
    const struct value_set *value_set;
    struct term_expansion *expansion;
    struct arena *arena;
    struct map places;
    size_t room, first_exclude, end_exclude; /* rules of the value set: excludes follow includes */
    bool is_active_only;
    bool is_broken; /* not only a rule was passed over: what there is must not be given out */
    bool has_gap;   /* a rule was passed over */
    int depth, left;
};

static bool fail(struct expanding *expanding, enum term_cause cause, struct str about)
{
    expanding->expansion->cause = cause;
    expanding->expansion->about = about;
    return false;
}

/* What was gathered may hold too much. */
static bool break_off(struct expanding *expanding, enum term_cause cause, struct str about)
{
    expanding->is_broken = true;
    return fail(expanding, cause, about);
}

static struct str key_of(struct expanding *expanding, struct str system, struct str code)
{
    return str_print(expanding->arena, STR_FMT " " STR_FMT, STR_ARG(system), STR_ARG(code));
}

static bool append(struct expanding *expanding, const struct term_entry *entry)
{
    struct term_expansion *expansion = expanding->expansion;
    struct arena_mark mark = arena_mark(expanding->arena);
    struct str key = key_of(expanding, entry->system, entry->code);
    if (map_find(&expanding->places, key)) {
        arena_reset(expanding->arena, mark);
        return true;
    }
    if (expansion->count == TERMINOLOGY_MOST_ENTRIES)
        return break_off(expanding, CAUSE_LIMIT, expanding->value_set->source.url);
    if (expansion->count == expanding->room) {
        expanding->room = expanding->room ? 2 * expanding->room : 64;
        struct term_entry *more = arena_array(expanding->arena, expanding->room, sizeof *more);
        if (expansion->count)
            memcpy(more, expansion->entries, expansion->count * sizeof *more);
        expansion->entries = more;
    }
    expansion->entries[expansion->count++] = *entry;
    map_set(&expanding->places, key, (void *)(uintptr_t)expansion->count);
    return true;
}

/* What the rest of the value set says of a candidate: the imports of its rule, the exclusions. */
static enum membership judge(struct expanding *expanding, const struct rule *rule,
                             const struct term_entry *entry, struct term_answer *answer)
{
    const struct term_coding coding = { entry->system, STR(""), entry->code };
    struct question question = { expanding->terminology, &coding, answer, expanding->left };
    *answer = (struct term_answer){ .membership = MEMBER_NO };
    enum membership result = rule->said.import_count
                                 ? membership_of_rule(&question, rule, expanding->depth)
                                 : MEMBER_YES;
    for (size_t i = expanding->first_exclude; i < expanding->end_exclude; i++) {
        const struct rule *other = &expanding->value_set->rules[i];
        if (result != MEMBER_YES)
            break;
        enum membership excluded = membership_of_rule(&question, other, expanding->depth);
        if (excluded != MEMBER_NO)
            result = excluded == MEMBER_YES ? MEMBER_NO : MEMBER_UNKNOWN;
    }
    expanding->left = question.left;
    return result;
}

static bool consider(struct expanding *expanding, const struct rule *rule,
                     const struct term_entry *entry)
{
    struct term_answer answer;
    if (expanding->left-- <= 0)
        return break_off(expanding, CAUSE_LIMIT, expanding->value_set->source.url);
    bool leaves_inactive =
        expanding->is_active_only || expanding->value_set->source.leaves_inactive;
    if (leaves_inactive && entry->is_inactive)
        return true;
    enum membership result = judge(expanding, rule, entry, &answer);
    if (result == MEMBER_UNKNOWN)
        return break_off(expanding, answer.cause, answer.about);
    return result == MEMBER_NO || append(expanding, entry);
}

static struct term_entry entry_of(const struct rule *rule, const struct concept *concept)
{
    const struct system *system = rule->system;
    unsigned char marks = system->concepts.marks[concepts_index(&system->concepts, concept)];
    return (struct term_entry){ .system = rule->said.system,
                                .version = system->source.version,
                                .code = concept->code,
                                .display = concept->display,
                                .of = system,
                                .is_inactive = marks & CONCEPT_INACTIVE,
                                .is_abstract = marks & CONCEPT_ABSTRACT,
                                .parent = SIZE_MAX };
}

/* A listed code that its system does not have is not one. */
static bool add_listed(struct expanding *expanding, const struct rule *rule)
{
    if (rule->system)
        systems_load(expanding->terminology, rule->system);
    for (size_t i = 0; i < rule->said.code_count; i++) {
        const struct listed_code *listed = &rule->said.codes[i];
        const struct concept *concept =
            rule->system ? concepts_find(&rule->system->concepts, listed->code) : NULL;
        struct term_entry entry = { .system = rule->said.system,
                                    .version = rule->said.version,
                                    .code = listed->code,
                                    .parent = SIZE_MAX };
        if (concept)
            entry = entry_of(rule, concept);
        else if (rule->system && systems_is_complete(rule->system))
            continue;
        if (listed->display.len)
            entry.display = listed->display;
        if (!consider(expanding, rule, &entry))
            return false;
    }
    return true;
}

static bool add_system(struct expanding *expanding, const struct rule *rule)
{
    struct system *system = rule->system;
    if (!system || str_is(system->source.content, "not-present"))
        return fail(expanding, CAUSE_SYSTEM_UNKNOWN, rule->said.system);
    if (rule->said.filter_count && !rule->has_codes)
        return fail(expanding, CAUSE_FILTER, rule->said.system);
    systems_load(expanding->terminology, system);
    expanding->expansion->is_unclosed |= !systems_is_complete(system);
    for (size_t i = 0; i < system->concepts.list.count; i++) {
        const struct concept *concept = &system->concepts.list.concepts[i];
        if (expanding->left-- <= 0)
            return break_off(expanding, CAUSE_LIMIT, expanding->value_set->source.url);
        if (rule->has_codes && !concepts_set_find(&rule->codes, concept->code))
            continue;
        struct term_entry entry = entry_of(rule, concept);
        if (!consider(expanding, rule, &entry))
            return false;
    }
    return true;
}

static bool expand(struct expanding *expanding);

/* What the imports have in common: the codes of the first that are in all of them. */
static bool add_imports(struct expanding *expanding, const struct rule *rule)
{
    struct value_set *import = rule->imports[0];
    struct term_expansion part = { 0 };
    if (!import)
        return fail(expanding, CAUSE_VALUE_SET_UNKNOWN, rule->said.imports[0]);
    value_sets_load(expanding->terminology, import);
    struct expanding inner = { .terminology = expanding->terminology,
                               .value_set = import,
                               .expansion = &part,
                               .arena = expanding->arena,
                               .is_active_only = expanding->is_active_only,
                               .depth = expanding->depth + 1,
                               .left = expanding->left - 1 };
    map_init(&inner.places, expanding->arena);
    bool is_made = expand(&inner);
    expanding->left = inner.left;
    if (!is_made)
        return part.cause == CAUSE_LIMIT ? break_off(expanding, part.cause, part.about)
                                         : fail(expanding, part.cause, part.about);
    expanding->expansion->is_unclosed |= part.is_unclosed;
    for (size_t i = 0; i < part.count; i++)
        if (!consider(expanding, rule, &part.entries[i]))
            return false;
    return true;
}

static bool add_rule(struct expanding *expanding, const struct rule *rule)
{
    if (rule->said.is_listed)
        return add_listed(expanding, rule);
    if (rule->said.system.len)
        return add_system(expanding, rule);
    return !rule->said.import_count || add_imports(expanding, rule);
}

static void find_excludes(struct expanding *expanding)
{
    const struct value_set *set = expanding->value_set;
    size_t i = 0;
    while (i < set->count && !set->rules[i].said.is_excluded && !set->rules[i].said.is_given)
        i++;
    expanding->first_exclude = i;
    while (i < set->count && set->rules[i].said.is_excluded)
        i++;
    expanding->end_exclude = i;
}

static bool expand(struct expanding *expanding)
{
    const struct value_set *set = expanding->value_set;
    if (expanding->depth > MOST_IMPORT_DEPTH || expanding->left <= 0)
        return break_off(expanding, CAUSE_LIMIT, set->source.url);
    find_excludes(expanding);
    for (size_t i = 0; i < expanding->first_exclude; i++) {
        if (add_rule(expanding, &set->rules[i]))
            continue;
        if (expanding->is_broken)
            return false;
        expanding->has_gap = true;
    }
    expanding->expansion->is_unclosed |= expanding->has_gap;
    return !expanding->has_gap || expanding->expansion->count > 0;
}

/* Where the rules can not be followed, the expansion that came along is what is known. */
static bool use_given(struct expanding *expanding)
{
    struct term_expansion *expansion = expanding->expansion;
    const struct value_set *set = expanding->value_set;
    if (!set->has_given)
        return false;
    *expansion = (struct term_expansion){ .is_unclosed = true };
    expanding->room = 0;
    map_init(&expanding->places, expanding->arena);
    for (size_t i = 0; i < set->count; i++) {
        const struct rule *rule = &set->rules[i];
        for (size_t k = 0; rule->said.is_given && k < rule->said.code_count; k++) {
            struct term_entry entry = { .system = rule->said.system,
                                        .version = rule->said.version,
                                        .code = rule->said.codes[k].code,
                                        .display = rule->said.codes[k].display,
                                        .parent = SIZE_MAX };
            if (!append(expanding, &entry))
                return false;
        }
    }
    return true;
}

/* The nearest concept above, by the nesting of the system, that is in the expansion too. */
static void find_parents(struct expanding *expanding)
{
    struct term_expansion *expansion = expanding->expansion;
    for (size_t i = 0; i < expansion->count; i++) {
        struct term_entry *entry = &expansion->entries[i];
        const struct concepts *concepts = entry->of ? &entry->of->concepts : NULL;
        const struct concept *at = concepts ? concepts_find(concepts, entry->code) : NULL;
        while (at && at->parent >= 0 && entry->parent == SIZE_MAX) {
            at = &concepts->list.concepts[at->parent];
            struct arena_mark mark = arena_mark(expanding->arena);
            uintptr_t place =
                (uintptr_t)map_find(&expanding->places, key_of(expanding, entry->system, at->code));
            arena_reset(expanding->arena, mark);
            if (place)
                entry->parent = place - 1;
        }
    }
}

bool terminology_expand(struct terminology *terminology, const struct value_set *value_set,
                        bool is_active_only, struct arena *arena, struct term_expansion *expansion)
{
    struct expanding expanding = { .terminology = terminology,
                                   .value_set = value_set,
                                   .expansion = expansion,
                                   .arena = arena,
                                   .is_active_only = is_active_only,
                                   .left = MOST_EXPANSION_STEPS };
    *expansion = (struct term_expansion){ 0 };
    map_init(&expanding.places, arena);
    bool is_made = expand(&expanding);
    if ((!is_made || expanding.has_gap) && !use_given(&expanding) && !is_made)
        return false;
    expansion->cause = CAUSE_NONE;
    find_parents(&expanding);
    return true;
}
