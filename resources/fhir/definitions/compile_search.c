/* compile_search.c - SearchParameter and CompartmentDefinition as rows. */
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/json/json.h"

static void add_components(struct compiler *compiler, int64_t id, const cJSON *list)
{
    for (size_t i = 0; i < json_count(list); i++) {
        const cJSON *component = json_at(list, i);
        struct row row = compiler_row(compiler, INSERT_SEARCH_COMPONENT);
        compiler_number(&row, id);
        compiler_number(&row, (int64_t)i);
        compiler_text(&row, json_get_text(component, "definition"));
        compiler_text(&row, json_get_text(component, "expression"));
        compiler_add(&row);
    }
}

/* The parameter's id is its own, not the resource's: small, in the order of the package. */
bool compile_search_parameter(struct compiler *compiler, int64_t id, const cJSON *resource,
                              struct arena *arena)
{
    (void)id;
    struct str url = json_get_text(resource, "url"), code = json_get_text(resource, "code");
    struct str bases = compiler_words(json_get(resource, "base"), arena);
    struct str targets = compiler_words(json_get(resource, "target"), arena);
    if (!code.len || !bases.len)
        return issue_add(compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                         STR_FMT " has no code or no base", STR_ARG(url));
    int64_t number = ++compiler->parameter_count;
    struct row row = compiler_row(compiler, INSERT_SEARCH_PARAMETER);
    compiler_number(&row, number);
    compiler_text(&row, url);
    compiler_text(&row, code);
    compiler_text(&row, json_get_text(resource, "type"));
    compiler_text(&row, json_get_text(resource, "expression"));
    compiler_text(&row, bases);
    compiler_text(&row, targets);
    compiler_add(&row);
    add_components(compiler, number, json_get(resource, "component"));
    return true;
}

bool compile_compartment(struct compiler *compiler, int64_t id, const cJSON *resource,
                         struct arena *arena)
{
    (void)arena;
    int64_t number = 0;
    const cJSON *list = json_get(resource, "resource");
    for (const cJSON *member = list ? list->child : NULL; member; member = member->next) {
        const cJSON *codes = json_get(member, "param");
        for (size_t i = 0; i < json_count(codes); i++) {
            struct row row = compiler_row(compiler, INSERT_COMPARTMENT);
            compiler_number(&row, id);
            compiler_number(&row, number++);
            compiler_text(&row, json_get_text(member, "code"));
            compiler_text(&row, json_text(json_at(codes, i)));
            compiler_add(&row);
        }
    }
    return true;
}
