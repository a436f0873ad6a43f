/* property.c - what a field's name stands for in a type, by the definitions. */
#include "resources/fhir/graphql/run.h"

/* As node.h has it: of an element inline in its structure, itself. */
const struct element *graphql_property_scope(const struct node *node)
{
    if (node->element && node->element->child_count)
        return node->element;
    if (node->element && node->element->content)
        return node->element->content;
    return node->structure ? node->structure->root : NULL;
}

bool graphql_property_find(struct graphql_property *out, const struct element *scope,
                           struct str name, struct definitions *definitions)
{
    const struct element_type *type = NULL;
    bool is_shadow = name.len && name.data[0] == '_';
    const struct element *element =
        scope ? definitions_child(scope, str_slice(name, is_shadow, name.len), &type) : NULL;
    if (!element || (element->is_choice && !type))
        return false;
    const struct element *named = element->content ? element->content : element;
    if (!type && named->type_count)
        type = named->types;
    *out = (struct graphql_property){ .element = element,
                                      .structure =
                                          type ? definitions_type(definitions, type->code) : NULL,
                                      .choice = element->is_choice ? type->code.data : NULL,
                                      .is_list = element->base_max > 1,
                                      .is_shadow = is_shadow };
    if (named->child_count)
        out->scope = named;
    else if (out->structure)
        out->scope = out->structure->root;
    return out->structure && (!is_shadow || out->structure->kind == KIND_PRIMITIVE);
}

bool graphql_property_is_leaf(const struct graphql_property *property)
{
    return !property->is_shadow && property->structure->kind == KIND_PRIMITIVE;
}

enum graphql_reverse graphql_property_search(struct str name, struct str *type,
                                             struct definitions *definitions)
{
    static const struct {
        const char *ending;
        enum graphql_reverse kind;
    } ENDINGS[] = { { "List", GRAPHQL_LIST }, { "Connection", GRAPHQL_CONNECTION } };
    for (size_t i = 0; i < COUNT(ENDINGS); i++) {
        struct str ending = str_of(ENDINGS[i].ending);
        if (!str_ends(name, ending))
            continue;
        *type = str_slice(name, 0, name.len - ending.len);
        if (definitions_is_resource_type(definitions, *type))
            return ENDINGS[i].kind;
    }
    return GRAPHQL_NO_SEARCH;
}
