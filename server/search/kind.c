/* kind.c - the types of search parameters that have an index. */
#include "server/search/kind.h"

static const struct {
    const char *type;
    enum index_kind kind;
} TYPES[] = {
    { "token", INDEX_TOKEN },       { "string", INDEX_STRING },       { "date", INDEX_DATE },
    { "uri", INDEX_URI },           { "reference", INDEX_REFERENCE }, { "number", INDEX_NUMBER },
    { "quantity", INDEX_QUANTITY },
};

bool kind_of_parameter(enum index_kind *kind, const struct search_parameter *parameter)
{
    for (size_t i = 0; parameter->expression.len && i < COUNT(TYPES); i++)
        if (str_is(parameter->type, TYPES[i].type)) {
            *kind = TYPES[i].kind;
            return true;
        }
    return false;
}
