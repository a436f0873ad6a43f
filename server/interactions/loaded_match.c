/* loaded_match.c - does a loaded definition meet the conditions of a search: index rows compared
 * one by one, as the store compares them in SQL. */
#include "server/interactions/loaded_match.h"

#include "resources/fhir/json/json.h"
#include "server/search/fold.h"

static bool match_token(const struct search_value *value, const struct index_row *row,
                        enum search_modifier modifier)
{
    (void)modifier;
    if (value->has_system && !str_equal(value->first, row->first))
        return false;
    return (value->has_system && !value->second.len) || str_equal(value->second, row->second);
}

static bool match_string(const struct search_value *value, const struct index_row *row,
                         enum search_modifier modifier)
{
    if (modifier == MODIFIER_EXACT)
        return str_equal(value->second, row->second);
    if (modifier == MODIFIER_CONTAINS)
        return !value->first.len || str_find_str(row->first, value->first, 0) < row->first.len;
    if (modifier == MODIFIER_WHOLE)
        return str_equal(row->first, value->first);
    if (modifier == MODIFIER_ENDS)
        return str_ends(row->first, value->first);
    return str_starts(row->first, value->first);
}

/* Whether the uri is the other, or a part of its path further up. */
static bool is_above(struct str uri, struct str other)
{
    return str_starts(other, uri) && (other.len == uri.len || other.data[uri.len] == '/');
}

static bool match_uri(const struct search_value *value, const struct index_row *row,
                      enum search_modifier modifier)
{
    if (modifier == MODIFIER_CONTAINS)
        return str_find_str(row->first, value->first, 0) < row->first.len;
    if (modifier == MODIFIER_ENDS)
        return str_ends(row->first, value->first);
    if (modifier == MODIFIER_BELOW)
        return is_above(value->first, row->first);
    if (modifier == MODIFIER_ABOVE)
        return is_above(row->first, value->first);
    return str_equal(value->first, row->first);
}

static bool match_reference(const struct search_value *value, const struct index_row *row,
                            enum search_modifier modifier)
{
    (void)modifier;
    return (!value->first.len || str_equal(value->first, row->first)) &&
           str_equal(value->second, row->second);
}

/* server/search/README.md: dates are ranges. */
static bool match_date(const struct search_value *value, const struct index_row *row,
                       enum search_modifier modifier)
{
    (void)modifier;
    bool is_inside = value->low <= row->low && row->high <= value->high;
    switch (value->prefix) {
    case PREFIX_EQ:
        return is_inside;
    case PREFIX_NE:
        return !is_inside;
    case PREFIX_GT:
        return row->high > value->high;
    case PREFIX_LT:
        return row->low < value->low;
    case PREFIX_GE:
        return row->high > value->high || row->low >= value->low;
    case PREFIX_LE:
        return row->low < value->low || row->high <= value->high;
    case PREFIX_SA:
        return row->low >= value->high;
    case PREFIX_EB:
        return row->high <= value->low;
    case PREFIX_AP:
        return row->low < value->high && row->high > value->low;
    }
    return false;
}

/* As server/store/sqlite/predicate.c has it: an exact number is [n, n]. */
static bool match_number(const struct search_value *value, const struct index_row *row,
                         enum search_modifier modifier)
{
    (void)modifier;
    double low = row->number_low, high = row->number_high;
    double from = value->number_low, to = value->number_high;
    bool is_exact = !(low < high), is_inside = low >= from && low < to && (high < to || is_exact);
    switch (value->prefix) {
    case PREFIX_EQ:
        return is_inside;
    case PREFIX_NE:
        return !is_inside;
    case PREFIX_GT:
        return high > to;
    case PREFIX_LT:
        return low < from;
    case PREFIX_GE:
        return high >= from;
    case PREFIX_LE:
        return low <= to;
    case PREFIX_SA:
        return low > to;
    case PREFIX_EB:
        return high < from;
    case PREFIX_AP:
        return low <= to && high >= from;
    }
    return false;
}

static bool match_quantity(const struct search_value *value, const struct index_row *row,
                           enum search_modifier modifier)
{
    bool is_base = str_is(row->first, INDEX_CANONICAL_UNITS);
    return (!value->second.len || str_equal(value->second, row->second)) &&
           (value->has_system ? str_equal(value->first, row->first) : !is_base) &&
           match_number(value, row, modifier);
}

static const struct {
    enum index_kind kind;
    bool (*match)(const struct search_value *value, const struct index_row *row,
                  enum search_modifier modifier);
} KINDS[] = {
    { INDEX_TOKEN, match_token },
    { INDEX_STRING, match_string },
    { INDEX_URI, match_uri },
    { INDEX_DATE, match_date },
    { INDEX_REFERENCE, match_reference },
    { INDEX_NUMBER, match_number },
    { INDEX_QUANTITY, match_quantity },
};

static bool match_kind(enum index_kind kind, const struct search_value *value,
                       const struct index_row *row, enum search_modifier modifier)
{
    for (size_t k = 0; k < COUNT(KINDS); k++)
        if (KINDS[k].kind == kind && row->kind == kind)
            return KINDS[k].match(value, row, modifier);
    return false;
}

static bool match_parts(const struct search_condition *condition, const struct search_value *value,
                        const struct index_row *row)
{
    for (size_t i = 0; i < condition->component_count; i++)
        if (i >= row->part_count ||
            !match_kind(condition->components[i], &value->parts[i], &row->parts[i], MODIFIER_NONE))
            return false;
    return condition->component_count;
}

static bool match_any(const struct search_condition *condition, const struct index_row *row)
{
    for (size_t i = 0; i < condition->value_count; i++)
        if (condition->kind == INDEX_COMPOSITE && row->kind == INDEX_COMPOSITE
                ? match_parts(condition, &condition->values[i], row)
                : match_kind(condition->kind, &condition->values[i], row, condition->modifier))
            return true;
    return false;
}

static bool match_rows(const struct search_condition *condition, const struct index_row *rows,
                       size_t count)
{
    bool is_found = false, is_there = false;
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(rows[i].parameter, condition->code))
            continue;
        is_there = true;
        is_found |= match_any(condition, &rows[i]);
    }
    if (condition->modifier == MODIFIER_MISSING)
        return condition->value_count && is_there == str_is(condition->values[0].second, "false");
    return condition->modifier == MODIFIER_NOT ? !is_found : is_found;
}

/* Trees of conditions, as _filter and lists of composites make them. What leads to other records
 * (chains, _has, compartments) no definition meets. */
static bool holds(const struct search_condition *condition, const struct index_row *rows,
                  size_t count, int depth)
{
    if (condition->test == TEST_VALUES)
        return match_rows(condition, rows, count);
    if (depth >= SEARCH_MOST_DEPTH || condition->part_count == 0)
        return false;
    if (condition->test == TEST_NOT)
        return !holds(&condition->parts[0], rows, count, depth + 1);
    if (condition->test != TEST_ALL && condition->test != TEST_ANY)
        return false;
    for (size_t i = 0; i < condition->part_count; i++)
        if (holds(&condition->parts[i], rows, count, depth + 1) == (condition->test == TEST_ANY))
            return condition->test == TEST_ANY;
    return condition->test == TEST_ALL;
}

bool loaded_match_can(const struct search_condition *condition)
{
    if (condition->test == TEST_VALUES)
        return !str_is(condition->code, "_lastUpdated") && condition->kind != INDEX_POSITION &&
               !(condition->kind == INDEX_REFERENCE &&
                 (condition->modifier == MODIFIER_ABOVE || condition->modifier == MODIFIER_BELOW));
    if (condition->test == TEST_NOTHING)
        return true;
    if (condition->test != TEST_ALL && condition->test != TEST_ANY && condition->test != TEST_NOT)
        return false;
    for (size_t i = 0; i < condition->part_count; i++)
        if (!loaded_match_can(&condition->parts[i]))
            return false;
    return true;
}

bool loaded_match_holds(const struct search_condition *condition, const struct index_rows *rows,
                        struct str id)
{
    struct index_row own = { .kind = INDEX_TOKEN, .parameter = STR("_id"), .second = id };
    if (condition->test == TEST_VALUES && str_is(condition->code, "_id"))
        return match_rows(condition, &own, 1);
    return holds(condition, rows->rows, rows->count, 0);
}

enum { HEAD_ROWS = 6 };

/* What the head alone tells; the codes of status are of one system that is not asked for here. */
static size_t head_rows(struct index_row rows[HEAD_ROWS], const struct definition_head *head,
                        struct arena *arena)
{
    const struct {
        const char *code;
        enum index_kind kind;
        struct str text;
    } PARTS[HEAD_ROWS] = {
        { "_id", INDEX_TOKEN, head->id },          { "url", INDEX_URI, head->url },
        { "version", INDEX_TOKEN, head->version }, { "name", INDEX_STRING, head->name },
        { "title", INDEX_STRING, head->title },    { "status", INDEX_TOKEN, head->status }
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT(PARTS); i++) {
        if (!PARTS[i].text.len)
            continue;
        struct index_row *row = &rows[count++];
        *row = (struct index_row){ .kind = PARTS[i].kind, .parameter = str_of(PARTS[i].code) };
        row->second = PARTS[i].text;
        if (row->kind != INDEX_TOKEN)
            row->first =
                row->kind == INDEX_STRING ? search_fold(PARTS[i].text, arena) : PARTS[i].text;
    }
    return count;
}

static bool is_of_head(const struct search_condition *condition)
{
    static const char *const CODES[] = { "_id", "url", "version", "name", "title", "status" };
    bool has_system = condition->test != TEST_VALUES;
    for (size_t i = 0; i < condition->value_count; i++)
        has_system |= condition->values[i].has_system;
    for (size_t i = 0; i < COUNT(CODES); i++)
        if (str_is(condition->code, CODES[i]))
            return !has_system;
    return false;
}

static bool match_rest(const struct service *service, const struct search_plan *plan,
                       const struct definition_head *head, struct arena *arena)
{
    struct issues ignored;
    struct index_rows rows = { 0 };
    struct str text;
    issues_init(&ignored, arena, STR(""));
    const cJSON *resource =
        definitions_head_text(head, arena, &text) ? json_parse(text, arena, &ignored) : NULL;
    if (!resource || !search_index(&rows, service->indexer, resource, arena, &ignored))
        return false;
    for (size_t i = 0; i < plan->condition_count; i++)
        if (!is_of_head(&plan->conditions[i]) &&
            !holds(&plan->conditions[i], rows.rows, rows.count, 0))
            return false;
    return true;
}

bool loaded_match(const struct service *service, const struct search_plan *plan,
                  const struct definition_head *head, struct arena *arena)
{
    struct index_row rows[HEAD_ROWS];
    struct arena_mark mark = arena_mark(arena);
    size_t count = head_rows(rows, head, arena);
    bool is_match = true, needs_more = false;
    for (size_t i = 0; i < plan->condition_count && is_match; i++) {
        if (is_of_head(&plan->conditions[i]))
            is_match = match_rows(&plan->conditions[i], rows, count);
        else
            needs_more = true;
    }
    if (is_match && needs_more)
        is_match = match_rest(service, plan, head, arena);
    arena_reset(arena, mark);
    return is_match;
}
