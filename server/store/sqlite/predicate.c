/* predicate.c - rows against values, by kind of index and prefix. */
#include "server/store/sqlite/predicate.h"

#include "resources/base/arena.h"

/* The columns of a table, or of one part of a composite row, that a value is compared with. */
struct columns {
    const char *text, *key, *exact, *low, *high;
};

/* In an SQL pattern: T, K, E, L and H stand for the columns, a and b for the value's bounds. A
 * letter stands alone between blanks and brackets, or behind a plus. */
struct filling {
    const struct columns *columns;
    struct render_bind low, high;
};

static bool is_alone(const char *pattern, const char *at)
{
    char before = at == pattern ? ' ' : at[-1], after = at[1] ? at[1] : ' ';
    return (before == ' ' || before == '(' || before == '+') &&
           (after == ' ' || after == ')' || after == ',');
}

static void add_pattern(struct render *render, const char *pattern, const struct filling *with)
{
    for (const char *at = pattern; *at; at++) {
        const struct columns *columns = with->columns;
        const char *column = NULL;
        if (is_alone(pattern, at))
            column = *at == 'T'   ? columns->text
                     : *at == 'K' ? columns->key
                     : *at == 'E' ? columns->exact
                     : *at == 'L' ? columns->low
                     : *at == 'H' ? columns->high
                                  : NULL;
        if (column)
            render_add(render, column);
        else if (*at == 'a' && is_alone(pattern, at))
            render_value(render, &with->low);
        else if (*at == 'b' && is_alone(pattern, at))
            render_value(render, &with->high);
        else
            buf_add_char(&render->sql, *at);
    }
}

static struct render_bind text_bind(struct str text)
{
    return (struct render_bind){ .type = RENDER_TEXT, .text = text };
}

static struct render_bind integer_bind(int64_t value)
{
    return (struct render_bind){ .type = RENDER_INTEGER, .integer = value };
}

/* A pattern with one text, or one number, as a. */
static void add_text(struct render *render, const struct columns *columns, const char *pattern,
                     struct str text)
{
    const struct filling with = { .columns = columns, .low = text_bind(text) };
    add_pattern(render, pattern, &with);
}

static void add_key(struct render *render, const struct columns *columns, const char *pattern,
                    enum name_kind kind, struct str text)
{
    int64_t key = names_find(&render->sqlite->names, render->db, kind, text);
    const struct filling with = { .columns = columns, .low = integer_bind(key) };
    add_pattern(render, pattern, &with);
}

static void add_token(struct render *render, const struct columns *columns,
                      enum search_modifier modifier, const struct search_value *value)
{
    (void)modifier;
    if (!value->second.len) {
        add_key(render, columns, "K = a", NAME_SYSTEM, value->first);
        return;
    }
    add_text(render, columns, "T = a", value->second);
    if (value->has_system)
        add_key(render, columns, " AND K = a", NAME_SYSTEM, value->first);
}

/* The least text that is above everything that begins with `prefix`; empty when there is none. */
static struct str above(struct str prefix, struct arena *arena)
{
    while (prefix.len && (unsigned char)prefix.data[prefix.len - 1] == 0xff)
        prefix.len--;
    if (!prefix.len)
        return prefix;
    char *text = arena_copy(arena, prefix.data, prefix.len);
    text[prefix.len - 1]++;
    return (struct str){ text, prefix.len };
}

static void add_range(struct render *render, const struct columns *columns, struct str prefix)
{
    add_text(render, columns, "T >= a", prefix);
    struct str end = above(prefix, render->arena);
    if (end.len)
        add_text(render, columns, " AND T < a", end);
}

static void add_ends(struct render *render, const struct columns *columns, struct str end)
{
    add_text(render, columns, "substr(T , -length( a )) = ", end);
    const struct render_bind bind = text_bind(end);
    render_value(render, &bind);
}

static void add_string(struct render *render, const struct columns *columns,
                       enum search_modifier modifier, const struct search_value *value)
{
    if (modifier == MODIFIER_CONTAINS)
        add_text(render, columns, "instr(T , a ) > 0", value->first);
    else if (modifier == MODIFIER_ENDS)
        add_ends(render, columns, value->first);
    else if (modifier == MODIFIER_EXACT || modifier == MODIFIER_WHOLE)
        add_text(render, columns, "T = a", value->first);
    else
        add_range(render, columns, value->first);
    if (modifier == MODIFIER_EXACT)
        add_text(render, columns, " AND E = a", value->second);
}

/* R4 search.html#prefix, for the row's range [low, high) and the value's [a, b): README.md has the
 * derivation. A unary plus keeps SQLite from choosing an index by a bound that selects little: gt,
 * ge and eb go by high, the rest by low. */
static const char *const DATE_RULES[] = {
    [PREFIX_EQ] = "L >= a AND L < b AND +H <= b",
    [PREFIX_NE] = "NOT (+L >= a AND +H <= b)",
    [PREFIX_GT] = "H > b",
    [PREFIX_LT] = "L < a",
    [PREFIX_GE] = "H > a AND (+L >= a OR +H > b)",
    [PREFIX_LE] = "L < b AND (+H <= b OR +L < a)",
    [PREFIX_SA] = "L >= b",
    [PREFIX_EB] = "H <= a",
    [PREFIX_AP] = "L < b AND +H > a",
};
/* A version's own time is a moment. */
static const char *const TIME_RULES[] = {
    [PREFIX_EQ] = "L >= a AND L < b", [PREFIX_NE] = "NOT (+L >= a AND +L < b)",
    [PREFIX_GT] = "L >= b",           [PREFIX_LT] = "L < a",
    [PREFIX_GE] = "L >= a",           [PREFIX_LE] = "L < b",
    [PREFIX_SA] = "L >= b",           [PREFIX_EB] = "L < a",
    [PREFIX_AP] = "L >= a AND L < b",
};
/* Numbers: low = high for an exact value, so a value's range holds its lower bound and not its
 * upper one; the comparisons take the value itself, which the parser puts in both bounds. */
static const char *const NUMBER_RULES[] = {
    [PREFIX_EQ] = "L >= a AND L < b AND (H < b OR H = L)",
    [PREFIX_NE] = "NOT (+L >= a AND +L < b AND (+H < b OR +H = +L))",
    [PREFIX_GT] = "H > b",
    [PREFIX_LT] = "L < a",
    [PREFIX_GE] = "H >= a",
    [PREFIX_LE] = "L <= b",
    [PREFIX_SA] = "L > b",
    [PREFIX_EB] = "H < a",
    [PREFIX_AP] = "L <= b AND H >= a",
};

static void add_date(struct render *render, const struct columns *columns,
                     enum search_modifier modifier, const struct search_value *value)
{
    (void)modifier;
    const struct filling with = { columns, integer_bind(value->low), integer_bind(value->high) };
    add_pattern(render, DATE_RULES[value->prefix], &with);
}

void predicate_time(struct render *render, const char *alias, const struct search_value *value)
{
    const struct columns columns = { .low = str_print(render->arena, "%s.updated_us", alias).data };
    const struct filling with = { &columns, integer_bind(value->low), integer_bind(value->high) };
    add_pattern(render, TIME_RULES[value->prefix], &with);
}

static void add_number(struct render *render, const struct columns *columns,
                       enum search_modifier modifier, const struct search_value *value)
{
    (void)modifier;
    const struct filling with = { columns,
                                  { .type = RENDER_REAL, .real = value->number_low },
                                  { .type = RENDER_REAL, .real = value->number_high } };
    add_pattern(render, NUMBER_RULES[value->prefix], &with);
}

/* Base units are for those values alone that were brought to them. */
static void add_quantity(struct render *render, const struct columns *columns,
                         enum search_modifier modifier, const struct search_value *value)
{
    add_number(render, columns, modifier, value);
    if (value->second.len)
        add_text(render, columns, " AND T = a", value->second);
    if (value->has_system)
        add_key(render, columns, " AND K = a", NAME_SYSTEM, value->first);
    else
        add_key(render, columns, " AND K <> a", NAME_SYSTEM, STR(INDEX_CANONICAL_UNITS));
}

/* Another text of a list: "T IN (" is before it. */
static void add_member(struct render *render, struct str text)
{
    const struct render_bind bind = text_bind(text);
    render_add(render, ", ");
    render_value(render, &bind);
}

/* url|1.2 stands above url|1.2.3 and below url|1. */
static void add_canonical(struct render *render, const struct columns *columns,
                          enum search_modifier modifier, struct str url)
{
    size_t bar = str_find(url, '|', 0);
    add_text(render, columns, "(T IN ( a ", url);
    for (size_t i = url.len; modifier == MODIFIER_ABOVE && bar < url.len && i-- > bar + 1;)
        if (url.data[i] == '.')
            add_member(render, str_slice(url, 0, i));
    render_add(render, ")");
    if (modifier == MODIFIER_BELOW && bar < url.len) {
        render_add(render, " OR (");
        add_range(render, columns, str_print(render->arena, STR_FMT ".", STR_ARG(url)));
        render_add(render, ")");
    }
    render_add(render, ")");
}

static void add_reference(struct render *render, const struct columns *columns,
                          enum search_modifier modifier, const struct search_value *value)
{
    bool is_tree = modifier == MODIFIER_ABOVE || modifier == MODIFIER_BELOW;
    if (is_tree && !value->first.len) {
        add_canonical(render, columns, modifier, value->second);
        return;
    }
    add_text(render, columns, "T = a", value->second);
    if (value->first.len)
        add_key(render, columns, " AND K = a", NAME_TYPE, value->first);
}

/* Below: what begins with the value. Above: what the value begins with, cut at its slashes. */
static void add_uri(struct render *render, const struct columns *columns,
                    enum search_modifier modifier, const struct search_value *value)
{
    struct str uri = value->first;
    if (modifier == MODIFIER_CONTAINS) {
        add_text(render, columns, "instr(T , a ) > 0", uri);
        return;
    }
    if (modifier == MODIFIER_ENDS) {
        add_ends(render, columns, uri);
        return;
    }
    if (modifier == MODIFIER_BELOW) {
        add_range(render, columns, uri);
        return;
    }
    add_text(render, columns, "T IN ( a ", uri);
    for (size_t i = uri.len; modifier == MODIFIER_ABOVE && i-- > 1;)
        if (uri.data[i] == '/' && uri.data[i - 1] != '/' && uri.data[i - 1] != ':') {
            add_member(render, str_slice(uri, 0, i));
            add_member(render, str_slice(uri, 0, i + 1));
        }
    render_add(render, ")");
}

static void add_presence(struct render *render, const struct columns *columns,
                         enum search_modifier modifier, const struct search_value *value)
{
    (void)columns, (void)modifier, (void)value;
    render_add(render, "1");
}

/* Degrees of latitude bound the rows that are looked at; the great circle decides (the earth's mean
 * radius is 6371008.8 m). */
static void add_position(struct render *render, const struct columns *columns,
                         enum search_modifier modifier, const struct search_value *value)
{
    (void)modifier;
    static const double METRES_PER_DEGREE = 111194.0;
    double degrees = value->metres / METRES_PER_DEGREE + 0.001;
    const struct filling bound = { columns,
                                   { .type = RENDER_REAL, .real = value->number_low - degrees },
                                   { .type = RENDER_REAL, .real = value->number_low + degrees } };
    const struct filling centre = { columns,
                                    { .type = RENDER_REAL, .real = value->number_low },
                                    { .type = RENDER_REAL, .real = value->number_high } };
    const struct filling distance = { columns,
                                      { .type = RENDER_REAL, .real = value->metres },
                                      { 0 } };
    add_pattern(render, "L >= a AND L <= b AND ", &bound);
    add_pattern(render,
                "2 * 6371008.8 * asin(min(1, sqrt(pow(sin(radians(L - a ) / 2), 2) +"
                " cos(radians( a )) * cos(radians( L )) * pow(sin(radians(H - b ) / 2), 2)))) <= ",
                &centre);
    add_pattern(render, "a", &distance);
}

static void add_composite(struct render *render, const struct columns *columns,
                          enum search_modifier modifier, const struct search_value *value)
{
    (void)render, (void)columns, (void)modifier, (void)value;
}

typedef void (*predicate_function)(struct render *render, const struct columns *columns,
                                   enum search_modifier modifier, const struct search_value *value);
static const struct {
    const char *table;
    struct columns columns;
    predicate_function add;
} KINDS[] = {
    [INDEX_TOKEN] = { "token", { "code", "system", NULL, NULL, NULL }, add_token },
    [INDEX_STRING] = { "string", { "folded", NULL, "exact", NULL, NULL }, add_string },
    [INDEX_DATE] = { "date", { NULL, NULL, NULL, "low", "high" }, add_date },
    [INDEX_REFERENCE] = { "reference", { "target", "type", NULL, NULL, NULL }, add_reference },
    [INDEX_URI] = { "uri", { "uri", NULL, NULL, NULL, NULL }, add_uri },
    [INDEX_NUMBER] = { "number", { NULL, NULL, NULL, "low", "high" }, add_number },
    [INDEX_QUANTITY] = { "quantity", { "code", "system", NULL, "low", "high" }, add_quantity },
    [INDEX_PRESENCE] = { "presence", { NULL, NULL, NULL, NULL, NULL }, add_presence },
    [INDEX_COMPOSITE] = { "composite", { NULL, NULL, NULL, NULL, NULL }, add_composite },
    [INDEX_POSITION] = { "position", { NULL, NULL, NULL, "latitude", "longitude" }, add_position },
};
static const struct columns PARTS[INDEX_MOST_PARTS] = {
    { "text1", "key1", "text1", "low1", "high1" },
    { "text2", "key2", "text2", "low2", "high2" },
    { "text3", "key3", "text3", "low3", "high3" },
};

const char *predicate_table(enum index_kind kind)
{
    return KINDS[kind].table;
}

void predicate_value(struct render *render, const struct search_condition *condition,
                     const struct search_value *value)
{
    render_add(render, "(");
    for (size_t i = 0; i < condition->component_count && condition->kind == INDEX_COMPOSITE; i++) {
        render_add(render, i ? " AND (" : "(");
        KINDS[condition->components[i]].add(render, &PARTS[i], MODIFIER_NONE, &value->parts[i]);
        render_add(render, ")");
    }
    if (condition->kind != INDEX_COMPOSITE)
        KINDS[condition->kind].add(render, &KINDS[condition->kind].columns, condition->modifier,
                                   value);
    render_add(render, ")");
}

/* As a tree of brackets: SQLite limits the depth of an expression, not its size. */
static void add_any(struct render *render, const struct search_condition *condition, size_t from,
                    size_t to)
{
    if (to - from == 1) {
        predicate_value(render, condition, &condition->values[from]);
        return;
    }
    size_t middle = from + (to - from) / 2;
    render_add(render, "(");
    add_any(render, condition, from, middle);
    render_add(render, " OR ");
    add_any(render, condition, middle, to);
    render_add(render, ")");
}

/* True when all values are codes of one system, or of any: then they are one list. */
bool predicate_is_list(const struct search_condition *condition)
{
    const struct search_value *first = condition->values;
    bool is_one = condition->kind == INDEX_TOKEN && condition->value_count > 1;
    for (size_t i = 0; i < condition->value_count && is_one; i++)
        is_one = first[i].second.len && first[i].has_system == first->has_system &&
                 str_equal(first[i].first, first->first);
    return is_one;
}

void predicate_any(struct render *render, const struct search_condition *condition)
{
    const struct columns *columns = &KINDS[condition->kind].columns;
    if (!predicate_is_list(condition)) {
        add_any(render, condition, 0, condition->value_count);
        return;
    }
    add_text(render, columns, "(T IN ( a ", condition->values[0].second);
    for (size_t i = 1; i < condition->value_count; i++)
        add_member(render, condition->values[i].second);
    render_add(render, ")");
    if (condition->values[0].has_system)
        add_key(render, columns, " AND K = a", NAME_SYSTEM, condition->values[0].first);
    render_add(render, ")");
}
