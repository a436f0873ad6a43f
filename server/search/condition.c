/* condition.c - names, modifiers and values of search parameters (R4 search.html#modifiers). */
#include "server/search/condition.h"

#include "resources/base/arena.h"
#include "server/search/chain.h"
#include "server/search/filter.h"
#include "server/search/kind.h"
#include "server/search/terms.h"
#include "server/search/value.h"
#include "server/search/words.h"

/* Which modifier goes with which kind, and the kind of index that it looks in; `suffix` is what the
 * parameter's name has there. */
static const struct modifier {
    const char *name;
    enum index_kind kind;
    enum search_modifier modifier;
    enum index_kind looks_in;
    const char *suffix;
} MODIFIERS[] = {
    { "not", INDEX_TOKEN, MODIFIER_NOT, INDEX_TOKEN, "" },
    { "text", INDEX_TOKEN, MODIFIER_TEXT, INDEX_STRING, ":text" },
    { "of-type", INDEX_TOKEN, MODIFIER_OF_TYPE, INDEX_TOKEN, ":of-type" },
    { "in", INDEX_TOKEN, MODIFIER_IN, INDEX_TOKEN, "" },
    { "not-in", INDEX_TOKEN, MODIFIER_NOT_IN, INDEX_TOKEN, "" },
    { "above", INDEX_TOKEN, MODIFIER_ABOVE, INDEX_TOKEN, "" },
    { "below", INDEX_TOKEN, MODIFIER_BELOW, INDEX_TOKEN, "" },
    { "exact", INDEX_STRING, MODIFIER_EXACT, INDEX_STRING, "" },
    { "contains", INDEX_STRING, MODIFIER_CONTAINS, INDEX_STRING, "" },
    { "contains", INDEX_URI, MODIFIER_CONTAINS, INDEX_URI, "" },
    { "above", INDEX_URI, MODIFIER_ABOVE, INDEX_URI, "" },
    { "below", INDEX_URI, MODIFIER_BELOW, INDEX_URI, "" },
    { "identifier", INDEX_REFERENCE, MODIFIER_IDENTIFIER, INDEX_TOKEN, ":identifier" },
    { "above", INDEX_REFERENCE, MODIFIER_ABOVE, INDEX_REFERENCE, "" },
    { "below", INDEX_REFERENCE, MODIFIER_BELOW, INDEX_REFERENCE, "" },
};

bool condition_count(struct parsing *with, unsigned depth)
{
    if (depth > SEARCH_MOST_DEPTH)
        return parse_too_many(with, "search-most-depth", SEARCH_MOST_DEPTH,
                              "links in a chain, or brackets in one another");
    if (with->nodes == SEARCH_MOST_CONDITIONS)
        return parse_too_many(with, "search-most-conditions", SEARCH_MOST_CONDITIONS, "conditions");
    with->nodes++;
    return true;
}

static struct value_context context_of(const struct parsing *with,
                                       const struct search_condition *condition)
{
    struct value_context context = { .definitions = with->context->definitions,
                                     .base_url = with->context->base_url,
                                     .today_us = with->today_us,
                                     .arena = with->arena };
    if (condition->modifier == MODIFIER_TYPE)
        context.type = condition->target;
    return context;
}

/* "a$b": a part for each component, in one element. */
static bool composite_value(struct parsing *with, const struct search_condition *condition,
                            struct str text, struct search_value *value, const char **wanted)
{
    struct value_context context = context_of(with, condition);
    struct search_value *parts = arena_array(with->arena, INDEX_MOST_PARTS, sizeof *parts);
    *value = (struct search_value){ .parts = parts };
    *wanted = "a value for each component, with $ between";
    for (size_t i = 0; i < condition->component_count; i++) {
        struct str part;
        if (!value_next_component(&part, &text) ||
            !value_parse(&parts[i], condition->components[i], part, &context, wanted))
            return false;
    }
    return text.data == NULL;
}

bool condition_value(struct parsing *with, const struct search_pair *pair,
                     const struct search_condition *condition, struct str text,
                     struct search_value *value)
{
    const char *wanted = NULL;
    struct value_context context = context_of(with, condition);
    bool ok;
    if (str_is(condition->code, "_id") && condition->kind == INDEX_TOKEN)
        ok = value_parse_id(value, text, &wanted);
    else if (condition->modifier == MODIFIER_OF_TYPE)
        ok = value_parse_of_type(value, text, with->arena, &wanted);
    else if (condition->kind == INDEX_COMPOSITE)
        ok = composite_value(with, condition, text, value, &wanted);
    else
        ok = value_parse(value, condition->kind, text, &context, &wanted);
    if (!ok && value_has_strange_prefix(condition->kind, text))
        with->is_unknown = true;
    return ok || parse_wrong(with, pair, wanted);
}

static size_t count_values(struct str text)
{
    size_t most = 1;
    for (size_t i = 0; i < text.len; i++)
        most += text.data[i] == ',';
    return most < SEARCH_MOST_VALUES ? most : SEARCH_MOST_VALUES;
}

static bool add_values(struct parsing *with, const struct condition_text *text,
                       struct search_condition *condition)
{
    struct str rest = text->value, one;
    size_t most = count_values(rest);
    struct search_value *values = arena_array(with->arena, most, sizeof *values);
    if (!rest.len)
        return parse_wrong(with, text->pair, "a value");
    while (value_next(&one, &rest)) {
        if (condition->value_count == most)
            return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY,
                             "search-most-values: " STR_FMT " has more than %d values",
                             STR_ARG(text->pair->name), SEARCH_MOST_VALUES);
        if (!condition_value(with, text->pair, condition, one, &values[condition->value_count]))
            return false;
        condition->value_count++;
    }
    condition->values = values;
    if (condition->modifier == MODIFIER_MISSING && condition->value_count > 1)
        return parse_wrong(with, text->pair, "true or false");
    return true;
}

static bool is_target(const struct search_parameter *parameter, struct str type)
{
    for (size_t i = 0; i < parameter->target_count; i++)
        if (str_equal(parameter->targets[i], type))
            return true;
    return parameter->target_count == 0;
}

static bool set_modifier(struct parsing *with, const struct condition_text *text,
                         struct str modifier, struct search_condition *condition)
{
    bool is_own = !condition->parameter;
    if (str_is(modifier, "missing")) {
        condition->modifier = MODIFIER_MISSING;
        condition->kind = INDEX_PRESENCE;
        return true;
    }
    for (size_t i = 0; i < COUNT(MODIFIERS); i++) {
        const struct modifier *row = &MODIFIERS[i];
        if (!str_is(modifier, row->name) || row->kind != condition->kind ||
            (is_own && row->modifier != MODIFIER_NOT))
            continue;
        condition->modifier = row->modifier;
        condition->kind = row->looks_in;
        condition->code =
            str_print(with->arena, STR_FMT "%s", STR_ARG(condition->code), row->suffix);
        return true;
    }
    if (condition->kind == INDEX_REFERENCE &&
        definitions_is_resource_type(with->context->definitions, modifier) &&
        is_target(condition->parameter, modifier)) {
        condition->modifier = MODIFIER_TYPE;
        condition->target = modifier;
        return true;
    }
    with->is_unknown = true;
    return parse_wrong(with, text->pair,
                       "another modifier or none: this one does not go with the parameter");
}

/* The two that every resource has and that no expression extracts. */
static bool is_own(struct str code, enum index_kind *kind)
{
    *kind = str_is(code, "_id") ? INDEX_TOKEN : INDEX_DATE;
    return str_is(code, "_id") || str_is(code, "_lastUpdated");
}

static bool is_ready(struct parsing *with, const struct search_condition *condition)
{
    const struct search_context *context = with->context;
    for (size_t i = 0; context->is_ready && i < condition->type_count; i++)
        with->is_unready =
            with->is_unready ||
            !context->is_ready(context->readiness, condition->types[i], condition->code);
    return !with->is_unready;
}

bool condition_find(struct parsing *with, struct search_condition *out, struct str code)
{
    out->code = code;
    out->parameter = NULL;
    if (is_own(code, &out->kind))
        return true;
    out->parameter = parse_find(with, out->types, out->type_count, code);
    if (!out->parameter || !kind_of_parameter(&out->kind, out->parameter) || !is_ready(with, out))
        return false;
    if (out->kind == INDEX_COMPOSITE)
        out->component_count = kind_of_components(out->components, with->context->definitions,
                                                  out->types[0], out->parameter);
    return out->kind != INDEX_COMPOSITE || out->component_count;
}

/* _text and _content: every word of one value, any of the values. */
static bool parse_words(struct parsing *with, struct search_condition *out,
                        const struct condition_text *text)
{
    out->test = TEST_WORDS;
    out->kind = INDEX_STRING;
    out->code = text->name;
    if (!add_values(with, text, out))
        return false;
    for (size_t i = 0; i < out->value_count; i++) {
        struct words words;
        if (!words_parse(&words, out->values[i].first, with->arena))
            return parse_wrong(with, text->pair,
                               "words, \"phrases\", and, or, brackets; at most 32 of them");
    }
    return true;
}

/* GET X?_list=42: what List/42 holds, which is a _has by the list's own parameter. */
static bool parse_list(struct parsing *with, struct search_condition *out,
                       const struct condition_text *text)
{
    struct condition_text has = *text;
    has.name = STR("_has:List:item:_id");
    if (str_starts(text->value, STR("$")))
        return parse_wrong(with, text->pair,
                           "the id of a List; functional lists are not kept here");
    return condition_parse(with, out, &has);
}

static const struct {
    const char *name;
    bool (*parse)(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text);
} SPECIALS[] = {
    { "_text", parse_words },
    { "_content", parse_words },
    { "_list", parse_list },
    { "_filter", filter_parse },
};

/* What every record has is never missing. */
static void never_missing(struct parsing *with, struct search_condition *out)
{
    struct search_condition *never = arena_alloc(with->arena, sizeof *never);
    *never = (struct search_condition){ .test = TEST_NOTHING,
                                        .types = out->types,
                                        .type_count = out->type_count };
    out->test = str_is(out->values[0].second, "true") ? TEST_NOTHING : TEST_NOT;
    out->parts = never;
    out->part_count = 1;
}

bool condition_parse(struct parsing *with, struct search_condition *out,
                     const struct condition_text *text)
{
    *out = (struct search_condition){ .types = text->types, .type_count = text->type_count };
    if (!condition_count(with, text->depth))
        return false;
    for (size_t i = 0; i < COUNT(SPECIALS); i++)
        if (str_is(text->name, SPECIALS[i].name))
            return SPECIALS[i].parse(with, out, text);
    if (str_starts(text->name, STR("_has:")))
        return chain_parse_has(with, out, text);
    if (str_find(text->name, '.', 0) < text->name.len)
        return chain_parse(with, out, text);
    struct str modifier = text->name, code = str_cut(&modifier, ':');
    if (!condition_find(with, out, code))
        return parse_unknown(with, text->pair, "");
    if (modifier.data && !set_modifier(with, text, modifier, out))
        return false;
    if (out->modifier == MODIFIER_IN || out->modifier == MODIFIER_NOT_IN ||
        (out->kind == INDEX_TOKEN &&
         (out->modifier == MODIFIER_ABOVE || out->modifier == MODIFIER_BELOW)))
        return terms_values(with, out, text);
    if (out->kind == INDEX_REFERENCE &&
        (out->modifier == MODIFIER_ABOVE || out->modifier == MODIFIER_BELOW))
        chain_find_hierarchy(with, out);
    if (!add_values(with, text, out))
        return false;
    if (out->modifier == MODIFIER_MISSING && !out->parameter)
        never_missing(with, out);
    return true;
}
