/* compile_terms.c - CodeSystem and ValueSet as rows. */
#include <assert.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/json/json.h"

/* A walk through the nested concepts of a code system. */
struct concepts {
    struct compiler *compiler;
    int64_t system, count;
};

static const cJSON *find_value(const cJSON *item)
{
    for (const cJSON *child = item->child; child; child = child->next)
        if (str_starts(str_of(child->string), STR("value")))
            return child;
    return NULL;
}

/* A Coding is kept as its code. */
static struct str value_text(const cJSON *value)
{
    return cJSON_IsObject(value) ? json_get_text(value, "code") : json_text(value);
}

static void add_properties(struct concepts *concepts, int64_t concept, const cJSON *list)
{
    int64_t number = 0;
    for (const cJSON *property = list ? list->child : NULL; property; property = property->next) {
        struct row row = compiler_row(concepts->compiler, INSERT_CONCEPT_PROPERTY);
        compiler_number(&row, concepts->system);
        compiler_number(&row, concept);
        compiler_number(&row, number++);
        compiler_text(&row, json_get_text(property, "code"));
        compiler_text(&row, value_text(find_value(property)));
        compiler_add(&row);
    }
}

/* As deep as the reader lets JSON nest. */
static void add_concepts(struct concepts *concepts, const cJSON *list, int64_t parent, int depth)
{
    assert(depth <= JSON_MOST_DEPTH);
    for (const cJSON *concept = list ? list->child : NULL; concept; concept = concept->next) {
        int64_t number = concepts->count++;
        struct row row = compiler_row(concepts->compiler, INSERT_CONCEPT);
        compiler_number(&row, concepts->system);
        compiler_number(&row, number);
        compiler_text(&row, json_get_text(concept, "code"));
        compiler_text(&row, json_get_text(concept, "display"));
        compiler_place(&row, parent);
        compiler_add(&row);
        add_properties(concepts, number, json_get(concept, "property"));
        add_concepts(concepts, json_get(concept, "concept"), number, depth + 1);
    }
}

bool compile_code_system(struct compiler *compiler, int64_t id, const cJSON *resource,
                         struct arena *arena)
{
    (void)arena;
    struct concepts concepts = { .compiler = compiler, .system = id };
    add_concepts(&concepts, json_get(resource, "concept"), -1, 0);
    /* Without the element a server has to take the codes as they are written. */
    bool is_case_sensitive = !cJSON_IsFalse(json_get(resource, "caseSensitive"));
    struct row row = compiler_row(compiler, INSERT_CODE_SYSTEM);
    compiler_number(&row, id);
    compiler_text(&row, json_get_text(resource, "url"));
    compiler_text(&row, json_get_text(resource, "version"));
    compiler_text(&row, json_get_text(resource, "content"));
    compiler_number(&row, is_case_sensitive);
    compiler_number(&row, concepts.count);
    compiler_add(&row);
    return true;
}

/* Where a row of a value set belongs. */
struct rule {
    struct compiler *compiler;
    int64_t value_set, number;
};

static struct row begin_part(const struct rule *rule, enum insert insert, int64_t number)
{
    struct row row = compiler_row(rule->compiler, insert);
    compiler_number(&row, rule->value_set);
    compiler_number(&row, rule->number);
    compiler_number(&row, number);
    return row;
}

static void add_codes(const struct rule *rule, const cJSON *list)
{
    int64_t number = 0;
    for (const cJSON *concept = list ? list->child : NULL; concept; concept = concept->next) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_CONCEPT, number++);
        compiler_text(&row, json_get_text(concept, "code"));
        compiler_text(&row, json_get_text(concept, "display"));
        compiler_add(&row);
    }
}

static void add_filters(const struct rule *rule, const cJSON *list)
{
    int64_t number = 0;
    for (const cJSON *filter = list ? list->child : NULL; filter; filter = filter->next) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_FILTER, number++);
        compiler_text(&row, json_get_text(filter, "property"));
        compiler_text(&row, json_get_text(filter, "op"));
        compiler_text(&row, json_get_text(filter, "value"));
        compiler_add(&row);
    }
}

static void add_imports(const struct rule *rule, const cJSON *list)
{
    int64_t number = 0;
    for (const cJSON *import = list ? list->child : NULL; import; import = import->next) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_IMPORT, number++);
        compiler_text(&row, json_text(import));
        compiler_add(&row);
    }
}

static void add_rule(const struct rule *rule, const cJSON *part, bool is_excluded, bool is_listed)
{
    struct row row = compiler_row(rule->compiler, INSERT_VALUE_SET_RULE);
    compiler_number(&row, rule->value_set);
    compiler_number(&row, rule->number);
    compiler_number(&row, is_excluded);
    compiler_text(&row, json_get_text(part, "system"));
    compiler_text(&row, json_get_text(part, "version"));
    compiler_number(&row, is_listed);
    compiler_add(&row);
}

static void add_parts(struct rule *rule, const cJSON *list, bool is_excluded)
{
    for (const cJSON *part = list ? list->child : NULL; part; part = part->next, rule->number++) {
        add_rule(rule, part, is_excluded, json_get(part, "concept") != NULL);
        add_codes(rule, json_get(part, "concept"));
        add_filters(rule, json_get(part, "filter"));
        add_imports(rule, json_get(part, "valueSet"));
    }
}

/* A value set that comes expanded and without compose: every entry is a rule that lists one code.
 */
static void add_expansion(struct rule *rule, const cJSON *list, int depth)
{
    assert(depth <= JSON_MOST_DEPTH);
    for (const cJSON *entry = list ? list->child : NULL; entry; entry = entry->next) {
        if (!cJSON_IsTrue(json_get(entry, "abstract")) && json_get(entry, "code")) {
            add_rule(rule, entry, false, true);
            struct row row = begin_part(rule, INSERT_VALUE_SET_CONCEPT, 0);
            compiler_text(&row, json_get_text(entry, "code"));
            compiler_text(&row, json_get_text(entry, "display"));
            compiler_add(&row);
            rule->number++;
        }
        add_expansion(rule, json_get(entry, "contains"), depth + 1);
    }
}

bool compile_value_set(struct compiler *compiler, int64_t id, const cJSON *resource,
                       struct arena *arena)
{
    (void)arena;
    struct row row = compiler_row(compiler, INSERT_VALUE_SET);
    compiler_number(&row, id);
    compiler_text(&row, json_get_text(resource, "url"));
    compiler_text(&row, json_get_text(resource, "version"));
    compiler_add(&row);
    struct rule rule = { .compiler = compiler, .value_set = id };
    const cJSON *compose = json_get(resource, "compose");
    if (compose) {
        add_parts(&rule, json_get(compose, "include"), false);
        add_parts(&rule, json_get(compose, "exclude"), true);
    } else {
        add_expansion(&rule, json_get(json_get(resource, "expansion"), "contains"), 0);
    }
    return true;
}
