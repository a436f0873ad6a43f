/* predicate.c - rows against values, by kind of index and prefix. */
#include "server/store/sqlite/predicate.h"

#include "resources/base/arena.h"

static void add_text(struct render *render, const char *sql, struct str text)
{
    render_add(render, sql);
    struct render_bind bind = { .type = RENDER_TEXT, .text = text };
    render_value(render, &bind);
}

static void add_integer(struct render *render, const char *sql, int64_t value)
{
    render_add(render, sql);
    render_integer(render, value);
}

static int64_t name_key(struct render *render, enum name_kind kind, struct str text)
{
    return names_find(&render->sqlite->names, render->db, kind, text);
}

static void add_token(struct render *render, const struct search_condition *condition,
                      const struct search_value *value)
{
    (void)condition;
    if (!value->second.len) {
        add_integer(render, "system = ", name_key(render, NAME_SYSTEM, value->first));
        return;
    }
    add_text(render, "code = ", value->second);
    if (value->has_system)
        add_integer(render, " AND system = ", name_key(render, NAME_SYSTEM, value->first));
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

static void add_string(struct render *render, const struct search_condition *condition,
                       const struct search_value *value)
{
    if (condition->modifier == MODIFIER_CONTAINS) {
        add_text(render, "instr(folded, ", value->first);
        render_add(render, ") > 0");
        return;
    }
    if (condition->modifier == MODIFIER_EXACT) {
        add_text(render, "folded = ", value->first);
        add_text(render, " AND exact = ", value->second);
        return;
    }
    add_text(render, "folded >= ", value->first);
    struct str end = above(value->first, render->arena);
    if (end.len)
        add_text(render, " AND folded < ", end);
}

/* R4 search.html#prefix, for the row's range [low, high) and the value's [a, b): README.md has the
 * derivation. In these texts 'a' and 'b' stand for the value's bounds. A unary plus keeps SQLite
 * from choosing an index by a bound that selects little: gt, ge and eb go by high, the rest by low.
 */
static const char *const DATE_RULES[] = {
    [PREFIX_EQ] = "low >= a AND low < b AND +high <= b",
    [PREFIX_NE] = "NOT (+low >= a AND +high <= b)",
    [PREFIX_GT] = "high > b",
    [PREFIX_LT] = "low < a",
    [PREFIX_GE] = "high > a AND (+low >= a OR +high > b)",
    [PREFIX_LE] = "low < b AND (+high <= b OR +low < a)",
    [PREFIX_SA] = "low >= b",
    [PREFIX_EB] = "high <= a",
    [PREFIX_AP] = "low < b AND +high > a",
};
/* A version's own time is a moment. */
static const char *const TIME_RULES[] = {
    [PREFIX_EQ] = "v.updated_us >= a AND v.updated_us < b",
    [PREFIX_NE] = "NOT (+v.updated_us >= a AND +v.updated_us < b)",
    [PREFIX_GT] = "v.updated_us >= b",
    [PREFIX_LT] = "v.updated_us < a",
    [PREFIX_GE] = "v.updated_us >= a",
    [PREFIX_LE] = "v.updated_us < b",
    [PREFIX_SA] = "v.updated_us >= b",
    [PREFIX_EB] = "v.updated_us < a",
    [PREFIX_AP] = "v.updated_us >= a AND v.updated_us < b",
};
/* Numbers: low = high for an exact value, so a value's range holds its lower bound and not its
 * upper one; the comparisons take the value itself, which the parser puts in both bounds. */
static const char *const NUMBER_RULES[] = {
    [PREFIX_EQ] = "low >= a AND low < b AND (high < b OR high = low)",
    [PREFIX_NE] = "NOT (+low >= a AND +low < b AND (+high < b OR +high = +low))",
    [PREFIX_GT] = "high > b",
    [PREFIX_LT] = "low < a",
    [PREFIX_GE] = "high >= a",
    [PREFIX_LE] = "low <= b",
    [PREFIX_SA] = "low > b",
    [PREFIX_EB] = "high < a",
    [PREFIX_AP] = "low <= b AND high >= a",
};

/* A single letter a or b is a bound; every other word is longer. */
static void add_rule(struct render *render, const char *rule, const struct render_bind bounds[2])
{
    for (const char *at = rule; *at; at++) {
        bool starts = at == rule || at[-1] == ' ', ends = !at[1] || at[1] == ' ' || at[1] == ')';
        if ((*at == 'a' || *at == 'b') && starts && ends)
            render_value(render, &bounds[*at - 'a']);
        else
            buf_add_char(&render->sql, *at);
    }
}

static void add_date(struct render *render, const struct search_condition *condition,
                     const struct search_value *value)
{
    (void)condition;
    const struct render_bind bounds[] = { { .type = RENDER_INTEGER, .integer = value->low },
                                          { .type = RENDER_INTEGER, .integer = value->high } };
    add_rule(render, DATE_RULES[value->prefix], bounds);
}

void predicate_time(struct render *render, const struct search_value *value)
{
    const struct render_bind bounds[] = { { .type = RENDER_INTEGER, .integer = value->low },
                                          { .type = RENDER_INTEGER, .integer = value->high } };
    add_rule(render, TIME_RULES[value->prefix], bounds);
}

static void add_number(struct render *render, const struct search_condition *condition,
                       const struct search_value *value)
{
    (void)condition;
    const struct render_bind bounds[] = { { .type = RENDER_REAL, .real = value->number_low },
                                          { .type = RENDER_REAL, .real = value->number_high } };
    add_rule(render, NUMBER_RULES[value->prefix], bounds);
}

static void add_quantity(struct render *render, const struct search_condition *condition,
                         const struct search_value *value)
{
    add_number(render, condition, value);
    if (value->second.len)
        add_text(render, " AND code = ", value->second);
    if (value->has_system)
        add_integer(render, " AND system = ", name_key(render, NAME_SYSTEM, value->first));
}

static void add_reference(struct render *render, const struct search_condition *condition,
                          const struct search_value *value)
{
    (void)condition;
    add_text(render, "target = ", value->second);
    if (value->first.len)
        add_integer(render, " AND type = ", name_key(render, NAME_TYPE, value->first));
}

static void add_uri(struct render *render, const struct search_condition *condition,
                    const struct search_value *value)
{
    (void)condition;
    add_text(render, "uri = ", value->first);
}

static void add_presence(struct render *render, const struct search_condition *condition,
                         const struct search_value *value)
{
    (void)condition, (void)value;
    render_add(render, "1");
}

static const struct {
    const char *table;
    void (*value)(struct render *render, const struct search_condition *condition,
                  const struct search_value *value);
} KINDS[] = {
    [INDEX_TOKEN] = { "token", add_token },
    [INDEX_STRING] = { "string", add_string },
    [INDEX_DATE] = { "date", add_date },
    [INDEX_REFERENCE] = { "reference", add_reference },
    [INDEX_URI] = { "uri", add_uri },
    [INDEX_NUMBER] = { "number", add_number },
    [INDEX_QUANTITY] = { "quantity", add_quantity },
    [INDEX_PRESENCE] = { "presence", add_presence },
};

const char *predicate_table(enum index_kind kind)
{
    return KINDS[kind].table;
}

void predicate_value(struct render *render, const struct search_condition *condition,
                     const struct search_value *value)
{
    render_add(render, "(");
    KINDS[condition->kind].value(render, condition, value);
    render_add(render, ")");
}
