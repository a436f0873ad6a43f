/* terms_read.c - the concepts of a CodeSystem and the rules of a ValueSet, out of their JSON (R4
 * codesystem.html, valueset.html). */
#include <assert.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/terms.h"
#include "resources/fhir/json/json.h"

struct term_source terms_source_of(const cJSON *resource)
{
    const cJSON *compose = json_get(resource, "compose");
    return (struct term_source){
        .url = json_get_text(resource, "url"),
        .version = json_get_text(resource, "version"),
        .content = json_get_text(resource, "content"),
        .supplements = json_get_text(resource, "supplements"),
        .value_set = json_get_text(resource, "valueSet"),
        /* Without the element a server has to take the codes as they are written. */
        .is_case_sensitive = !cJSON_IsFalse(json_get(resource, "caseSensitive")),
        .leaves_inactive = cJSON_IsFalse(json_get(compose, "inactive")),
    };
}

static const cJSON *first_of(const cJSON *list)
{
    return list ? list->child : NULL;
}

static const cJSON *find_value(const cJSON *item)
{
    for (const cJSON *child = first_of(item); child; child = child->next)
        if (str_starts(str_of(child->string), STR("value")))
            return child;
    return NULL;
}

/* A Coding is kept as its code. */
static struct str value_text(const cJSON *value)
{
    return cJSON_IsObject(value) ? json_get_text(value, "code") : json_text(value);
}

static void count_concepts(struct concept_list *list, const cJSON *concepts, int depth)
{
    assert(depth <= JSON_MOST_DEPTH);
    for (const cJSON *one = first_of(concepts); one; one = one->next) {
        list->count++;
        list->property_count += json_count(json_get(one, "property"));
        list->designation_count += json_count(json_get(one, "designation"));
        count_concepts(list, json_get(one, "concept"), depth + 1);
    }
}

static void add_properties(struct concept_list *list, size_t concept, const cJSON *properties)
{
    for (const cJSON *one = first_of(properties); one; one = one->next)
        list->properties[list->property_count++] =
            (struct concept_property){ .concept = concept,
                                       .code = json_get_text(one, "code"),
                                       .value = value_text(find_value(one)) };
}

static void add_designations(struct concept_list *list, size_t concept, const cJSON *designations)
{
    for (const cJSON *one = first_of(designations); one; one = one->next)
        list->designations[list->designation_count++] =
            (struct designation){ .concept = concept,
                                  .language = json_get_text(one, "language"),
                                  .use = json_get_text(json_get(one, "use"), "code"),
                                  .value = json_get_text(one, "value") };
}

/* As deep as the reader lets JSON nest. */
static void add_concepts(struct concept_list *list, const cJSON *concepts, int64_t parent)
{
    for (const cJSON *one = first_of(concepts); one; one = one->next) {
        size_t number = list->count++;
        list->concepts[number] =
            (struct concept){ json_get_text(one, "code"), json_get_text(one, "display"), parent };
        add_properties(list, number, json_get(one, "property"));
        add_designations(list, number, json_get(one, "designation"));
        add_concepts(list, json_get(one, "concept"), (int64_t)number);
    }
}

struct concept_list terms_concepts_of(const cJSON *code_system, struct arena *arena)
{
    struct concept_list sizes = { 0 }, list = { 0 };
    count_concepts(&sizes, json_get(code_system, "concept"), 0);
    list.concepts = arena_array(arena, sizes.count, sizeof *list.concepts);
    list.properties = arena_array(arena, sizes.property_count, sizeof *list.properties);
    list.designations = arena_array(arena, sizes.designation_count, sizeof *list.designations);
    add_concepts(&list, json_get(code_system, "concept"), -1);
    return list;
}

static struct listed_code *read_codes(const cJSON *list, size_t *count, struct arena *arena)
{
    struct listed_code *codes = arena_array(arena, json_count(list), sizeof *codes);
    *count = 0;
    for (const cJSON *one = first_of(list); one; one = one->next)
        codes[(*count)++] =
            (struct listed_code){ json_get_text(one, "code"), json_get_text(one, "display") };
    return codes;
}

static struct value_set_filter *read_filters(const cJSON *list, size_t *count, struct arena *arena)
{
    struct value_set_filter *filters = arena_array(arena, json_count(list), sizeof *filters);
    *count = 0;
    for (const cJSON *one = first_of(list); one; one = one->next)
        filters[(*count)++] = (struct value_set_filter){ .property = json_get_text(one, "property"),
                                                         .operator= json_get_text(one, "op"),
                                                         .value = json_get_text(one, "value") };
    return filters;
}

static struct str *read_imports(const cJSON *list, size_t *count, struct arena *arena)
{
    struct str *imports = arena_array(arena, json_count(list), sizeof *imports);
    *count = 0;
    for (const cJSON *one = first_of(list); one; one = one->next)
        imports[(*count)++] = json_text(one);
    return imports;
}

static void add_parts(struct value_set_rules *rules, const cJSON *parts, bool is_excluded,
                      struct arena *arena)
{
    for (const cJSON *part = first_of(parts); part; part = part->next) {
        struct value_set_rule *rule = &rules->rules[rules->count++];
        rule->is_excluded = is_excluded;
        rule->is_listed = json_get(part, "concept") != NULL;
        rule->system = json_get_text(part, "system");
        rule->version = json_get_text(part, "version");
        rule->codes = read_codes(json_get(part, "concept"), &rule->code_count, arena);
        rule->filters = read_filters(json_get(part, "filter"), &rule->filter_count, arena);
        rule->imports = read_imports(json_get(part, "valueSet"), &rule->import_count, arena);
    }
}

/* A list that is filled in two walks: the first counts, the second has room. */
struct given {
    struct map systems; /* "system|version" to struct value_set_rule */
    struct value_set_rule **rules;
    size_t count;
    bool is_filling;
};

static void take_given(struct given *given, const cJSON *entry)
{
    struct arena *arena = given->systems.arena;
    struct str system = json_get_text(entry, "system"), version = json_get_text(entry, "version");
    struct str key = str_print(arena, STR_FMT "|" STR_FMT, STR_ARG(system), STR_ARG(version));
    struct value_set_rule *rule = map_find(&given->systems, key);
    if (!rule) {
        rule = arena_alloc(arena, sizeof *rule);
        *rule = (struct value_set_rule){ .is_listed = true, .system = system, .version = version };
        map_set(&given->systems, key, rule);
        given->count++;
    }
    if (given->is_filling) {
        if (!rule->codes)
            rule->codes = arena_array(arena, rule->code_count, sizeof *rule->codes);
        rule->codes[rule->import_count++] =
            (struct listed_code){ json_get_text(entry, "code"), json_get_text(entry, "display") };
    } else {
        rule->code_count++;
    }
}

static void walk_given(struct given *given, const cJSON *list, int depth)
{
    assert(depth <= JSON_MOST_DEPTH);
    for (const cJSON *entry = first_of(list); entry; entry = entry->next) {
        if (!cJSON_IsTrue(json_get(entry, "abstract")) && json_get(entry, "code"))
            take_given(given, entry);
        walk_given(given, json_get(entry, "contains"), depth + 1);
    }
}

static int compare_rules(const void *a, const void *b)
{
    const struct value_set_rule *const *one = a, *const *other = b;
    int order = str_compare((*one)->system, (*other)->system);
    return order ? order : str_compare((*one)->version, (*other)->version);
}

/* A value set that comes expanded: one rule a system, which lists its codes. */
static void read_given(struct given *given, const cJSON *contains, struct arena *arena)
{
    map_init(&given->systems, arena);
    walk_given(given, contains, 0);
    given->is_filling = true;
    walk_given(given, contains, 0);
    given->rules = arena_array(arena, given->count, sizeof(struct value_set_rule *));
    struct str key;
    void *rule;
    size_t count = 0;
    for (size_t at = 0; map_next(&given->systems, &at, &key, &rule);) {
        given->rules[count] = rule;
        given->rules[count++]->import_count = 0;
    }
    if (count)
        qsort(given->rules, count, sizeof *given->rules, compare_rules);
}

struct value_set_rules terms_rules_of(const cJSON *value_set, struct arena *arena)
{
    const cJSON *compose = json_get(value_set, "compose");
    const cJSON *include = json_get(compose, "include"), *exclude = json_get(compose, "exclude");
    struct given given = { 0 };
    read_given(&given, json_get(json_get(value_set, "expansion"), "contains"), arena);
    size_t room = json_count(include) + json_count(exclude) + given.count;
    struct value_set_rules rules = { arena_array(arena, room, sizeof *rules.rules), 0 };
    add_parts(&rules, include, false, arena);
    add_parts(&rules, exclude, true, arena);
    bool has_compose = rules.count > 0;
    for (size_t i = 0; i < given.count; i++) {
        rules.rules[rules.count] = *given.rules[i];
        rules.rules[rules.count++].is_given = has_compose;
    }
    return rules;
}
