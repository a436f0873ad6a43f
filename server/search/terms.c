/* terms.c - expands value sets and hierarchies of codes into tokens (R4 search.html#modifiers). */
#include "server/search/terms.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"
#include "server/search/value.h"

/* A value set by canonical, or ValueSet/id of R4's own or of this server's base. */
static const struct value_set *find_value_set(struct parsing *with, struct str canonical)
{
    const struct value_set *found = NULL;
    struct terminology *terminology = with->context->terminology;
    if (str_find(canonical, ':', 0) < canonical.len)
        return terminology_value_set(terminology, canonical);
    const char *folder = str_starts(canonical, STR("ValueSet/")) ? "" : "ValueSet/";
    struct str own = str_print(with->arena, STR_FMT "/%s" STR_FMT, STR_ARG(with->context->base_url),
                               folder, STR_ARG(canonical));
    found = terminology_value_set(terminology, own);
    return found ? found
                 : terminology_value_set(terminology,
                                         str_print(with->arena, "http://hl7.org/fhir/%s" STR_FMT,
                                                   folder, STR_ARG(canonical)));
}

static void set_text(struct arena *arena, cJSON *object, const char *key, struct str text)
{
    json_set(arena, object, key, json_new_string(arena, text));
}

/* All codes of a system that stand in this relation to one of them, itself too. */
static const struct value_set *make_hierarchy(struct parsing *with, const struct search_value *of,
                                              const char *operation)
{
    struct arena *arena = with->arena;
    cJSON *set = json_new_object(arena), *compose = json_new_object(arena);
    cJSON *includes = json_new_array(arena), *include = json_new_object(arena);
    cJSON *filters = json_new_array(arena), *filter = json_new_object(arena);
    set_text(arena, filter, "property", STR("concept"));
    set_text(arena, filter, "op", str_of(operation));
    set_text(arena, filter, "value", of->second);
    set_text(arena, include, "system", of->first);
    json_add(filters, filter);
    json_set(arena, include, "filter", filters);
    json_add(includes, include);
    json_set(arena, compose, "include", includes);
    set_text(arena, set, "resourceType", STR("ValueSet"));
    json_set(arena, set, "compose", compose);
    return terminology_value_set_of(with->context->terminology, set, arena);
}

static bool refuse(struct parsing *with, const struct condition_text *text, struct str about)
{
    return issue_add(with->issues, NULL, ISSUE_PARAMETER_INVALID,
                     STR_FMT "=" STR_FMT ": its codes can not be told here%s" STR_FMT,
                     STR_ARG(text->pair->name), STR_ARG(text->pair->value), about.len ? ": " : "",
                     STR_ARG(about));
}

/* The codes as further values of the condition. */
static bool add_codes(struct parsing *with, struct search_condition *out,
                      const struct condition_text *text, const struct value_set *set)
{
    struct term_expansion expansion = { 0 };
    if (!set)
        return refuse(with, text, STR("it is not known"));
    if (!terminology_expand(with->context->terminology, set, false, with->arena, &expansion) ||
        expansion.is_unclosed)
        return refuse(with, text, expansion.about);
    size_t count = out->value_count + expansion.count;
    if (count > SEARCH_MOST_CODES)
        return parse_too_many(with, "search-most-codes", SEARCH_MOST_CODES,
                              "codes that a modifier stands for");
    struct search_value *values = arena_array(with->arena, count + 1, sizeof *values);
    for (size_t i = 0; i < out->value_count; i++)
        values[i] = out->values[i];
    for (size_t i = 0; i < expansion.count; i++)
        values[out->value_count + i] = (struct search_value){ .first = expansion.entries[i].system,
                                                              .second = expansion.entries[i].code,
                                                              .has_system = true };
    out->values = values;
    out->value_count = count;
    return true;
}

static bool add_value(struct parsing *with, struct search_condition *out,
                      const struct condition_text *text, struct str one)
{
    enum search_modifier modifier = out->modifier;
    if (modifier == MODIFIER_IN || modifier == MODIFIER_NOT_IN) {
        if (!value_unescape(&one, with->arena) || !one.len)
            return parse_wrong(with, text->pair, "the canonical url of a value set");
        return add_codes(with, out, text, find_value_set(with, one));
    }
    struct search_value value;
    struct search_condition plain = *out;
    plain.modifier = MODIFIER_NONE;
    if (!condition_value(with, text->pair, &plain, one, &value))
        return false;
    if (!value.first.len || !value.second.len)
        return parse_wrong(with, text->pair, "system|code");
    return add_codes(
        with, out, text,
        make_hierarchy(with, &value, modifier == MODIFIER_BELOW ? "is-a" : "generalizes"));
}

bool terms_values(struct parsing *with, struct search_condition *out,
                  const struct condition_text *text)
{
    struct str rest = text->value, one;
    if (!with->context->terminology)
        return parse_unknown(with, text->pair, "no terminology is here to answer this modifier");
    while (value_next(&one, &rest))
        if (!add_value(with, out, text, one))
            return false;
    out->modifier = out->modifier == MODIFIER_NOT_IN ? MODIFIER_NOT : MODIFIER_NONE;
    if (out->value_count)
        return true;
    /* No code is in it: nothing has one, and everything has none. */
    struct search_condition *never = arena_alloc(with->arena, sizeof *never);
    *never = (struct search_condition){ .test = TEST_NOTHING,
                                        .types = out->types,
                                        .type_count = out->type_count };
    out->test = out->modifier == MODIFIER_NOT ? TEST_NOT : TEST_NOTHING;
    out->parts = never;
    out->part_count = 1;
    return true;
}
