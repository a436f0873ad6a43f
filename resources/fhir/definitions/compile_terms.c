/* compile_terms.c - CodeSystem and ValueSet as rows. */
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/definitions/terms.h"
#include "resources/fhir/json/json.h"

static void add_concept(struct compiler *compiler, int64_t id, size_t number,
                        const struct concept *concept)
{
    struct row row = compiler_row(compiler, INSERT_CONCEPT);
    compiler_number(&row, id);
    compiler_number(&row, (int64_t)number);
    compiler_text(&row, concept->code);
    compiler_text(&row, concept->display);
    compiler_place(&row, concept->parent);
    compiler_add(&row);
}

/* `number` counts within a concept, whose rows follow one another. */
static void add_property(struct compiler *compiler, int64_t id, const struct concept_list *list,
                         size_t at, int64_t *number)
{
    const struct concept_property *property = &list->properties[at];
    *number = at && list->properties[at - 1].concept == property->concept ? *number + 1 : 0;
    struct row row = compiler_row(compiler, INSERT_CONCEPT_PROPERTY);
    compiler_number(&row, id);
    compiler_number(&row, (int64_t)property->concept);
    compiler_number(&row, *number);
    compiler_text(&row, property->code);
    compiler_text(&row, property->value);
    compiler_add(&row);
}

static void add_designation(struct compiler *compiler, int64_t id, size_t number,
                            const struct designation *designation)
{
    struct row row = compiler_row(compiler, INSERT_CONCEPT_DESIGNATION);
    compiler_number(&row, id);
    compiler_number(&row, (int64_t)number);
    compiler_number(&row, (int64_t)designation->concept);
    compiler_text(&row, designation->language);
    compiler_text(&row, designation->use);
    compiler_text(&row, designation->value);
    compiler_add(&row);
}

bool compile_code_system(struct compiler *compiler, int64_t id, const cJSON *resource,
                         struct arena *arena)
{
    struct concept_list list = terms_concepts_of(resource, arena);
    struct term_source source = terms_source_of(resource);
    int64_t number = 0;
    for (size_t i = 0; i < list.count; i++)
        add_concept(compiler, id, i, &list.concepts[i]);
    for (size_t i = 0; i < list.property_count; i++)
        add_property(compiler, id, &list, i, &number);
    for (size_t i = 0; i < list.designation_count; i++)
        add_designation(compiler, id, i, &list.designations[i]);
    struct row row = compiler_row(compiler, INSERT_CODE_SYSTEM);
    compiler_number(&row, id);
    compiler_text(&row, source.url);
    compiler_text(&row, source.version);
    compiler_text(&row, source.content);
    compiler_text(&row, source.supplements);
    compiler_text(&row, source.value_set);
    compiler_number(&row, source.is_case_sensitive);
    compiler_number(&row, (int64_t)list.count);
    compiler_add(&row);
    return true;
}

/* Where a row of a value set belongs. */
struct rule {
    struct compiler *compiler;
    int64_t value_set, number;
};

static struct row begin_part(const struct rule *rule, enum insert insert, size_t number)
{
    struct row row = compiler_row(rule->compiler, insert);
    compiler_number(&row, rule->value_set);
    compiler_number(&row, rule->number);
    compiler_number(&row, (int64_t)number);
    return row;
}

static void add_codes(const struct rule *rule, const struct value_set_rule *said)
{
    for (size_t i = 0; i < said->code_count; i++) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_CONCEPT, i);
        compiler_text(&row, said->codes[i].code);
        compiler_text(&row, said->codes[i].display);
        compiler_add(&row);
    }
}

static void add_filters(const struct rule *rule, const struct value_set_rule *said)
{
    for (size_t i = 0; i < said->filter_count; i++) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_FILTER, i);
        compiler_text(&row, said->filters[i].property);
        compiler_text(&row, said->filters[i].operator);
        compiler_text(&row, said->filters[i].value);
        compiler_add(&row);
    }
}

static void add_imports(const struct rule *rule, const struct value_set_rule *said)
{
    for (size_t i = 0; i < said->import_count; i++) {
        struct row row = begin_part(rule, INSERT_VALUE_SET_IMPORT, i);
        compiler_text(&row, said->imports[i]);
        compiler_add(&row);
    }
}

static void add_rule(const struct rule *rule, const struct value_set_rule *said)
{
    struct row row = compiler_row(rule->compiler, INSERT_VALUE_SET_RULE);
    compiler_number(&row, rule->value_set);
    compiler_number(&row, rule->number);
    compiler_number(&row, said->is_excluded);
    compiler_text(&row, said->system);
    compiler_text(&row, said->version);
    compiler_number(&row, said->is_listed);
    compiler_number(&row, said->is_given);
    compiler_add(&row);
    add_codes(rule, said);
    add_filters(rule, said);
    add_imports(rule, said);
}

bool compile_value_set(struct compiler *compiler, int64_t id, const cJSON *resource,
                       struct arena *arena)
{
    struct term_source source = terms_source_of(resource);
    struct row row = compiler_row(compiler, INSERT_VALUE_SET);
    compiler_number(&row, id);
    compiler_text(&row, source.url);
    compiler_text(&row, source.version);
    compiler_number(&row, source.leaves_inactive);
    compiler_add(&row);
    struct value_set_rules rules = terms_rules_of(resource, arena);
    struct rule rule = { .compiler = compiler, .value_set = id };
    for (; rule.number < (int64_t)rules.count; rule.number++)
        add_rule(&rule, &rules.rules[rule.number]);
    return true;
}
