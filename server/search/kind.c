/* kind.c - the types of search parameters that have an index. */
#include "server/search/kind.h"

static const struct {
    const char *type;
    enum index_kind kind;
} TYPES[] = {
    { "token", INDEX_TOKEN },       { "string", INDEX_STRING },       { "date", INDEX_DATE },
    { "uri", INDEX_URI },           { "reference", INDEX_REFERENCE }, { "number", INDEX_NUMBER },
    { "quantity", INDEX_QUANTITY }, { "composite", INDEX_COMPOSITE },
};

bool kind_of_parameter(enum index_kind *kind, const struct search_parameter *parameter)
{
    if (!parameter->expression.len)
        return false;
    for (size_t i = 0; i < COUNT(TYPES); i++)
        if (str_is(parameter->type, TYPES[i].type)) {
            *kind = TYPES[i].kind;
            return true;
        }
    /* R4 has one special parameter with an expression: how near a Location's position is. */
    *kind = INDEX_POSITION;
    return str_is(parameter->type, "special") && str_is(parameter->code, "near");
}

const struct search_parameter *kind_find_component(struct definitions *definitions, struct str type,
                                                   struct str canonical)
{
    size_t count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(definitions, type, &count);
    for (size_t i = 0; i < count; i++)
        if (str_equal(parameters[i]->url, canonical))
            return parameters[i];
    return NULL;
}

size_t kind_of_components(enum index_kind *kinds, struct definitions *definitions, struct str type,
                          const struct search_parameter *parameter)
{
    if (parameter->component_count > INDEX_MOST_PARTS)
        return 0;
    for (size_t i = 0; i < parameter->component_count; i++) {
        const struct search_parameter *component =
            kind_find_component(definitions, type, parameter->components[i].definition);
        if (!component || !kind_of_parameter(&kinds[i], component) || kinds[i] == INDEX_COMPOSITE ||
            kinds[i] == INDEX_POSITION)
            return 0;
    }
    return parameter->component_count;
}
