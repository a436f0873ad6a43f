/* systems.c - the code systems: found by url and version, read at first use. */
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/grammar.h"
#include "resources/fhir/terminology/inside.h"

static struct str key_of(struct str url, struct str version, struct arena *arena)
{
    return str_print(arena, STR_FMT "|" STR_FMT, STR_ARG(url), STR_ARG(version));
}

static void add(struct terminology *terminology, const struct term_source *source)
{
    struct system *system = arena_alloc(terminology->arena, sizeof *system);
    system->source = *source;
    struct str key = key_of(source->url, source->version, terminology->arena);
    if (map_find(&terminology->systems, key))
        return;
    map_set(&terminology->systems, key, system);
    struct system *first = map_find(&terminology->systems, source->url);
    if (first)
        first->has_others = true;
    else
        map_set(&terminology->systems, source->url, system);
}

/* What a supplement adds is known wherever the system is; a version that it names must be there. */
static void add_supplement(struct terminology *terminology, const struct term_source *source)
{
    struct system *supplement = arena_alloc(terminology->arena, sizeof *supplement);
    struct str version = source->supplements, url = str_cut(&version, '|');
    struct system *system = systems_find(terminology, url, version);
    if (!system)
        return;
    supplement->source = *source;
    supplement->supplement = system->supplement;
    system->supplement = supplement;
}

void systems_add_all(struct terminology *terminology)
{
    size_t count;
    struct term_source *list =
        definitions_code_systems(terminology->definitions, terminology->arena, &count);
    for (size_t i = 0; i < count; i++)
        if (!str_is(list[i].content, "supplement"))
            add(terminology, &list[i]);
    for (size_t i = 0; i < count; i++)
        if (str_is(list[i].content, "supplement"))
            add_supplement(terminology, &list[i]);
}

struct system *systems_find(const struct terminology *terminology, struct str url,
                            struct str version)
{
    struct system *first = map_find(&terminology->systems, url);
    if (!first || !version.len || str_equal(first->source.version, version))
        return first;
    CLOSING_ARENA struct arena *scratch = first->has_others ? arena_open() : NULL;
    return scratch ? map_find(&terminology->systems, key_of(url, version, scratch)) : NULL;
}

void systems_load_locked(struct terminology *terminology, struct system *system)
{
    if (atomic_load_explicit(&system->is_loaded, memory_order_relaxed))
        return;
    struct arena *arena = terminology->arena;
    bool is_case_sensitive = system->source.is_case_sensitive;
    struct concept_list list =
        definitions_concepts(terminology->definitions, &system->source, arena);
    for (const struct system *one = system->supplement; one; one = one->supplement) {
        struct concept_list more =
            definitions_concepts(terminology->definitions, &one->source, arena);
        concepts_supplement(&list, &more, is_case_sensitive, arena);
    }
    concepts_init(&system->concepts, &list, is_case_sensitive, arena);
    atomic_store_explicit(&system->is_loaded, true, memory_order_release);
}

void systems_load(struct terminology *terminology, struct system *system)
{
    if (atomic_load_explicit(&system->is_loaded, memory_order_acquire))
        return;
    LOCKING pthread_mutex_t *held = terminology_lock(terminology);
    systems_load_locked(terminology, system);
}

const struct system *terminology_system(struct terminology *terminology, struct str url,
                                        struct str version)
{
    struct system *system = systems_find(terminology, url, version);
    if (system)
        systems_load(terminology, system);
    return system;
}

const struct system *terminology_system_of(const struct cJSON *resource, struct arena *arena)
{
    struct system *system = arena_alloc(arena, sizeof *system);
    struct concept_list list = terms_concepts_of(resource, arena);
    system->source = terms_source_of(resource);
    concepts_init(&system->concepts, &list, system->source.is_case_sensitive, arena);
    atomic_init(&system->is_loaded, true);
    return system;
}

bool systems_is_complete(const struct system *system)
{
    return str_is(system->source.content, "complete");
}

static struct term_concept found_concept(const struct system *system, const struct concept *concept)
{
    size_t index = concepts_index(&system->concepts, concept);
    unsigned char marks = system->concepts.marks[index];
    return (struct term_concept){ .known = MEMBER_YES,
                                  .version = system->source.version,
                                  .code = concept->code,
                                  .display = concept->display,
                                  .is_inactive = marks & CONCEPT_INACTIVE,
                                  .is_abstract = marks & CONCEPT_ABSTRACT,
                                  .index = index };
}

struct term_concept terminology_concept(const struct system *system, struct str code)
{
    const struct concept *concept = concepts_find(&system->concepts, code);
    if (concept)
        return found_concept(system, concept);
    bool is_complete = systems_is_complete(system);
    return (struct term_concept){
        .known = is_complete ? MEMBER_NO : MEMBER_UNKNOWN,
        .cause = is_complete ? CAUSE_CODE_UNKNOWN : CAUSE_SYSTEM_INCOMPLETE,
        .about = system->source.url,
        .version = system->source.version,
        .code = code,
        .index = SIZE_MAX,
    };
}

struct str terminology_other_case(const struct system *system, struct str code)
{
    const struct concept *other = concepts_find_any_case(&system->concepts, code);
    return other ? other->code : (struct str){ "", 0 };
}

struct term_concept systems_judge(const struct terminology *terminology,
                                  const struct system *system, struct str url, struct str code)
{
    static const enum term_cause CAUSES[] = { [MEMBER_YES] = CAUSE_NONE,
                                              [MEMBER_NO] = CAUSE_CODE_UNKNOWN,
                                              [MEMBER_UNKNOWN] = CAUSE_SYSTEM_UNKNOWN };
    struct term_concept result = { .known = MEMBER_UNKNOWN };
    if (system)
        result = terminology_concept(system, code);
    if (result.known != MEMBER_UNKNOWN)
        return result;
    enum membership known = terminology_grammar_check(url, code, terminology->definitions);
    if (system && known == MEMBER_UNKNOWN)
        return result;
    return (struct term_concept){
        .known = known, .cause = CAUSES[known], .about = url, .code = code, .index = SIZE_MAX
    };
}

struct term_concept terminology_look_up(struct terminology *terminology,
                                        const struct term_coding *coding)
{
    const struct system *exact = terminology_system(terminology, coding->system, coding->version);
    const struct system *any = exact || !coding->version.len
                                   ? exact
                                   : terminology_system(terminology, coding->system, STR(""));
    struct term_concept result = systems_judge(terminology, any, coding->system, coding->code);
    if (exact || !any || result.known != MEMBER_NO)
        return result;
    /* Another version may have it. */
    result.known = MEMBER_UNKNOWN;
    result.cause = CAUSE_SYSTEM_UNKNOWN;
    return result;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_blanks(struct str text, size_t at)
{
    while (at < text.len && is_blank(text.data[at]))
        at++;
    return at;
}

/* Letters of ASCII without their case, runs of blanks as one. */
static bool is_same_name(struct str a, struct str b)
{
    a = str_trim(a);
    b = str_trim(b);
    size_t i = 0, k = 0;
    while (i < a.len && k < b.len) {
        if (is_blank(a.data[i]) && is_blank(b.data[k])) {
            i = skip_blanks(a, i);
            k = skip_blanks(b, k);
            continue;
        }
        char x = a.data[i++], y = b.data[k++];
        x = (char)(x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x);
        y = (char)(y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y);
        if (x != y)
            return false;
    }
    return i == a.len && k == b.len;
}

bool terminology_next_designation(const struct system *system, struct str code, size_t *at,
                                  struct str *language, struct str *use, struct str *value)
{
    const struct concepts *concepts = &system->concepts;
    const struct concept *concept = concepts_find(concepts, code);
    size_t index = concept ? concepts_index(concepts, concept) : 0;
    if (!concept || concepts->names.start[index] + *at >= concepts->names.start[index + 1])
        return false;
    size_t place = concepts->names.to[concepts->names.start[index] + (*at)++];
    const struct designation *one = &concepts->list.designations[place];
    *language = one->language;
    *use = one->use;
    *value = one->value;
    return true;
}

bool terminology_is_name(const struct system *system, struct str code, struct str display)
{
    const struct concept *concept = concepts_find(&system->concepts, code);
    if (!concept || is_same_name(concept->display, display))
        return true;
    struct str language, use, value;
    size_t at = 0;
    while (terminology_next_designation(system, code, &at, &language, &use, &value))
        if (is_same_name(value, display))
            return true;
    return at == 0 && !concept->display.len;
}

static bool speaks(struct str has, struct str wanted)
{
    return str_equal(has, wanted) ||
           (str_starts(has, wanted) && has.len > wanted.len && has.data[wanted.len] == '-') ||
           (str_starts(wanted, has) && has.len && wanted.data[has.len] == '-');
}

struct str terminology_display_in(const struct system *system, struct str code, struct str language)
{
    struct str has, use, value;
    for (size_t at = 0; terminology_next_designation(system, code, &at, &has, &use, &value);)
        if (speaks(has, language))
            return value;
    return (struct str){ "", 0 };
}

static bool is_above(const struct concepts *concepts, const struct concept *a,
                     const struct concept *b)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    bool *marks = arena_array(scratch, concepts->list.count, sizeof *marks);
    concepts_reach(concepts, &concepts->below, concepts_index(concepts, a), marks);
    return marks[concepts_index(concepts, b)];
}

enum term_relation terminology_relate(const struct system *system, struct str a, struct str b)
{
    const struct concept *one = concepts_find(&system->concepts, a);
    const struct concept *other = concepts_find(&system->concepts, b);
    if (!one || !other)
        return RELATION_NONE;
    if (one == other)
        return RELATION_EQUIVALENT;
    if (is_above(&system->concepts, one, other))
        return RELATION_SUBSUMES;
    return is_above(&system->concepts, other, one) ? RELATION_SUBSUMED_BY : RELATION_NONE;
}
