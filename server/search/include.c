/* include.c - Type:parameter[:target] and its wildcards. */
#include "server/search/include.h"

#include "server/search/kind.h"

static const struct {
    const char *name;
    bool is_reverse;
} NAMES[] = { { "_include", false }, { "_revinclude", true } };

static const struct {
    const char *modifier;
    bool is_iterating;
} MODIFIERS[] = { { "", false }, { "iterate", true }, { "recurse", true } };

bool include_is(struct str name)
{
    struct str code = str_cut(&name, ':');
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (str_is(code, NAMES[i].name))
            return true;
    return false;
}

static bool read_name(struct search_include *include, struct str name)
{
    struct str modifier = name, code = str_cut(&modifier, ':');
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (str_is(code, NAMES[i].name))
            include->is_reverse = NAMES[i].is_reverse;
    for (size_t i = 0; i < COUNT(MODIFIERS); i++)
        if (str_is(modifier, MODIFIERS[i].modifier)) {
            include->is_iterating = MODIFIERS[i].is_iterating;
            return true;
        }
    return false;
}

static bool is_reference(const struct parsing *with, const struct search_include *include)
{
    enum index_kind kind;
    const struct search_parameter *parameter =
        definitions_search_parameter(with->context->definitions, include->source, include->code);
    return parameter && kind_of_parameter(&kind, parameter) && kind == INDEX_REFERENCE;
}

static bool refuse(struct parsing *with, const struct search_pair *pair, const char *wanted)
{
    with->is_unknown = true;
    return parse_wrong(with, pair, wanted);
}

bool include_parse(struct parsing *with, const struct search_pair *pair)
{
    struct search_include include = { 0 };
    struct definitions *definitions = with->context->definitions;
    if (!read_name(&include, pair->name))
        return parse_unknown(with, pair, "the modifier may be iterate");
    if (with->plan->include_count == SEARCH_MOST_INCLUDES)
        return parse_too_many(with, "search-most-includes", SEARCH_MOST_INCLUDES,
                              "_include and _revinclude");
    struct str rest = pair->value, source = str_cut(&rest, ':'), code = str_cut(&rest, ':');
    bool is_any = str_is(source, "*");
    if (!is_any) {
        include.source = source;
        include.code = str_is(code, "*") ? (struct str){ 0 } : code;
        include.target = rest;
        if (!code.len || !definitions_is_resource_type(definitions, source))
            return refuse(with, pair, "Type:parameter, Type:parameter:Target, Type:* or *");
        if (include.code.len && !is_reference(with, &include))
            return refuse(with, pair, "a search parameter of the type that leads to records");
    }
    if (include.target.len && !definitions_is_resource_type(definitions, include.target))
        return refuse(with, pair, "a resource type behind the second ':'");
    if (is_any && (code.len || rest.len))
        return refuse(with, pair, "nothing behind *");
    with->includes[with->plan->include_count++] = include;
    return parse_keep(with, pair->name, pair->value);
}
