/* filter.c - EXISTS and NOT EXISTS over the indexes of a version, of those that it leads to and of
 * those that lead to it. */
#include "server/store/sqlite/filter.h"

#include "server/store/sqlite/driver.h"
#include "server/store/sqlite/predicate.h"

enum { MOST_PATIENT = 80 }; /* bytes of an id in JSON */

bool filter_is_time(const struct search_condition *condition)
{
    return condition->test == TEST_VALUES && str_is(condition->code, "_lastUpdated");
}

static bool is_missing(const struct search_condition *condition)
{
    return condition->modifier == MODIFIER_MISSING && str_is(condition->values[0].second, "true");
}

/* A value of :above or :below that is a record of the hierarchy. */
static bool is_climber(const struct search_condition *condition, const struct search_value *value)
{
    return condition->hierarchy.len &&
           (!value->first.len || str_equal(value->first, condition->target));
}

/* The ids at and below, or at and above, the values. */
static void add_hierarchy(struct render *render, const struct search_condition *condition)
{
    bool is_below = condition->modifier == MODIFIER_BELOW;
    const struct str *type = &condition->target;
    const char *separator = " (VALUES ";
    render_add(render, "(type");
    render_types(render, type, 1);
    render_add(render, " AND target IN (WITH RECURSIVE tree(id) AS (SELECT column1 FROM");
    for (size_t i = 0; i < condition->value_count; i++) {
        if (!is_climber(condition, &condition->values[i]))
            continue;
        render_add(render, separator);
        render_add(render, "(");
        render_text(render, condition->values[i].second);
        render_add(render, ")");
        separator = ", ";
    }
    render_add(render, is_below
                           ? ") UNION SELECT hi.id FROM tree CROSS JOIN reference hf ON"
                             " hf.target = tree.id CROSS JOIN version hv ON hv.key = hf.version"
                             " CROSS JOIN resource hi ON hi.key = hv.resource WHERE hf.type"
                           : ") UNION SELECT hf.target FROM tree CROSS JOIN resource hi ON"
                             " hi.id = tree.id CROSS JOIN version hv ON hv.resource = hi.key"
                             " CROSS JOIN reference hf INDEXED BY reference_version"
                             " ON hf.version = hv.key WHERE hf.type");
    render_types(render, type, 1);
    render_add(render, " AND hi.type");
    render_types(render, type, 1);
    render_add(render, " AND hf.parameter");
    render_parameter(render, type, 1, condition->hierarchy);
    render_alive(render, "hv");
    render_add(render, ") SELECT id FROM tree))");
}

static void add_values(struct render *render, const struct search_condition *condition)
{
    size_t climbers = 0;
    for (size_t i = 0; i < condition->value_count; i++)
        climbers += is_climber(condition, &condition->values[i]);
    if (!climbers) {
        predicate_any(render, condition);
        return;
    }
    render_add(render, "(");
    add_hierarchy(render, condition);
    for (size_t i = 0; i < condition->value_count; i++)
        if (!is_climber(condition, &condition->values[i])) {
            render_add(render, " OR ");
            predicate_value(render, condition, &condition->values[i]);
        }
    render_add(render, ")");
}

void filter_rows(struct render *render, const struct search_condition *condition)
{
    render_add(render, "parameter");
    render_parameter(render, condition->types, condition->type_count, condition->code);
    render_add(render, " AND ");
    add_values(render, condition);
}

void filter_ids(struct render *render, const struct search_condition *condition)
{
    render_add(render, "(");
    for (size_t i = 0; i < condition->value_count; i++) {
        render_add(render, i ? "," : "");
        render_text(render, condition->values[i].second);
    }
    render_add(render, ")");
}

static void filter_values(struct render *render, const char *version,
                          const struct search_condition *condition)
{
    bool is_not = condition->modifier == MODIFIER_NOT || is_missing(condition);
    if (str_is(condition->code, "_id")) {
        render_of(render, "(SELECT id FROM resource WHERE key = @.resource)", version);
        render_add(render, is_not ? " NOT IN " : " IN ");
        filter_ids(render, condition);
        return;
    }
    if (filter_is_time(condition)) {
        for (size_t k = 0; k < condition->value_count; k++) {
            render_add(render, k ? " OR (" : "((");
            predicate_time(render, version, &condition->values[k]);
            render_add(render, ")");
        }
        render_add(render, ")");
        return;
    }
    const char *table = predicate_table(condition->kind);
    buf_print(&render->sql,
              "%s (SELECT 1 FROM %s INDEXED BY %s_version WHERE version = %s.key AND ",
              is_not ? "NOT EXISTS" : "EXISTS", table, table, version);
    filter_rows(render, condition);
    render_add(render, ")");
}

static void filter_parts(struct render *render, const char *version,
                         const struct search_condition *condition)
{
    render_add(render, "(");
    for (size_t i = 0; i < condition->part_count; i++) {
        if (i)
            render_add(render, condition->test == TEST_ALL ? " AND " : " OR ");
        filter_condition(render, version, &condition->parts[i]);
    }
    render_add(render, ")");
}

static void filter_not(struct render *render, const char *version,
                       const struct search_condition *condition)
{
    render_add(render, "NOT (");
    filter_condition(render, version, condition->parts);
    render_add(render, ")");
}

/* The condition on a record at the other end of a reference. Deep in a chain those that meet it are
 * gathered once, in a table of their own. */
static void filter_linked(struct render *render, const char *version,
                          const struct search_condition *part)
{
    enum { MOST_NESTING = 2 };
    char table[RENDER_ALIAS];
    bool is_deep = render->nesting >= MOST_NESTING;
    render->nesting++;
    if (is_deep) {
        driver_matches(render, part, table);
        render_of(render, "@.key IN (SELECT key FROM ", version);
        render_add(render, table);
        render_add(render, ")");
    } else {
        filter_condition(render, version, part);
    }
    render->nesting--;
}

/* Each part for records of its own type. */
static void add_typed_parts(struct render *render, const char *version,
                            const struct search_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++) {
        render_of(render, i ? " OR (@.type" : " AND ((@.type", version);
        render_types(render, condition->parts[i].types, condition->parts[i].type_count);
        render_add(render, " AND ");
        filter_linked(render, version, &condition->parts[i]);
        render_add(render, ")");
    }
    render_add(render, ")");
}

/* By type and id, or by the url that a canonical names. */
static void filter_chain(struct render *render, const char *version,
                         const struct search_condition *condition)
{
    char target[RENDER_ALIAS];
    bool has_urls = false;
    for (size_t i = 0; i < condition->part_count; i++)
        has_urls = has_urls || render_parameter_key(render, condition->parts[i].types[0],
                                                    STR("url")) != NAME_UNKNOWN;
    for (int by_url = 0; by_url <= has_urls; by_url++) {
        render_alias(render, target, 'w');
        render_add(render, by_url ? " OR EXISTS (SELECT 1 FROM reference f INDEXED BY"
                                    " reference_version CROSS JOIN uri u ON u.uri = f.target"
                                  : "(EXISTS (SELECT 1 FROM reference f INDEXED BY"
                                    " reference_version CROSS JOIN resource i ON i.type = f.type"
                                    " AND i.id = f.target");
        if (by_url) {
            render_add(render, " AND u.parameter IN (");
            for (size_t i = 0; i < condition->part_count; i++) {
                render_add(render, i ? "," : "");
                render_integer(
                    render, render_parameter_key(render, condition->parts[i].types[0], STR("url")));
            }
            render_add(render, ")");
        }
        render_of(render,
                  by_url ? " CROSS JOIN version @ ON @.key = u.version WHERE f.type = 0"
                         : " CROSS JOIN version @ ON @.resource = i.key WHERE f.type > 0",
                  target);
        render_of(render, " AND f.version = @.key AND f.parameter", version);
        render_parameter(render, condition->types, condition->type_count, condition->code);
        render_alive(render, target);
        add_typed_parts(render, target, condition);
        render_add(render, ")");
    }
    render_add(render, ")");
}

/* By type and id, or by the url that a canonical names. */
static void filter_has(struct render *render, const char *version,
                       const struct search_condition *condition)
{
    char source[RENDER_ALIAS];
    const struct search_condition *part = condition->parts;
    for (int by_url = 0; by_url <= render_has_url(render, condition->types, condition->type_count);
         by_url++) {
        render_alias(render, source, 'w');
        render_add(render, by_url ? " OR EXISTS (SELECT 1 FROM uri u CROSS JOIN reference f"
                                  : "(EXISTS (SELECT 1 FROM reference f");
        render_of(render, " CROSS JOIN version @ ON @.key = f.version", source);
        if (by_url) {
            render_of(render, " WHERE u.version = @.key AND u.parameter", version);
            render_parameter(render, condition->types, condition->type_count, STR("url"));
        }
        render_of(render,
                  by_url ? " AND f.target = u.uri AND f.type = 0 AND f.parameter"
                         : " WHERE f.target = (SELECT id FROM resource WHERE key = @.resource)"
                           " AND f.type = @.type AND f.parameter",
                  version);
        render_parameter(render, part->types, part->type_count, condition->code);
        render_alive(render, source);
        render_add(render, " AND ");
        filter_linked(render, source, part);
        render_add(render, ")");
    }
    render_add(render, ")");
}

/* However many, they are one bound value. */
void filter_patients(struct render *render, const struct search_condition *condition)
{
    struct buf ids;
    if (condition->value_count == 1) {
        render_add(render, "patient = ");
        render_text(render, condition->values[0].second);
        return;
    }
    buf_init(&ids, render->arena, (condition->value_count + 1) * MOST_PATIENT);
    for (size_t i = 0; i < condition->value_count; i++) {
        buf_add_char(&ids, i ? ',' : '[');
        buf_add_json_string(&ids, condition->values[i].second);
    }
    buf_add_char(&ids, ']');
    render_add(render, "patient IN (SELECT value FROM json_each(");
    render_text(render, buf_str(&ids));
    render_add(render, "))");
}

static void filter_compartment(struct render *render, const char *version,
                               const struct search_condition *condition)
{
    render_of(render, "EXISTS (SELECT 1 FROM compartment WHERE version = @.key", version);
    if (condition->value_count) {
        render_add(render, " AND ");
        filter_patients(render, condition);
    }
    render_add(render, ")");
}

static void filter_words(struct render *render, const char *version,
                         const struct search_condition *condition)
{
    for (size_t i = 0; i < condition->value_count; i++) {
        render_add(render, i ? " OR " : "(");
        bool is_narrative = str_is(condition->code, "_text");
        buf_print(&render->sql,
                  "CASE WHEN may_have_words((SELECT %s FROM signature WHERE version = %s.key), ",
                  is_narrative ? "narrative" : "content", version);
        render_text(render, condition->values[i].first);
        render_of(render, ") THEN (SELECT has_words(b.dictionary, b.bytes, ", version);
        render_integer(render, is_narrative);
        render_add(render, ", ");
        render_text(render, condition->values[i].first);
        render_of(render, ") FROM body b WHERE b.version = @.key) ELSE 0 END", version);
    }
    render_add(render, ")");
}

/* A plain 0 would let SQLite drop the WHERE with a partial index's own condition in it. */
static void filter_nothing(struct render *render, const char *version,
                           const struct search_condition *condition)
{
    (void)condition;
    render_of(render, "@.number < 0", version);
}

void filter_condition(struct render *render, const char *version,
                      const struct search_condition *condition)
{
    static void (*const TESTS[])(struct render * render, const char *version,
                                 const struct search_condition *condition) = {
        [TEST_VALUES] = filter_values,
        [TEST_ALL] = filter_parts,
        [TEST_ANY] = filter_parts,
        [TEST_NOT] = filter_not,
        [TEST_CHAIN] = filter_chain,
        [TEST_HAS] = filter_has,
        [TEST_COMPARTMENT] = filter_compartment,
        [TEST_WORDS] = filter_words,
        [TEST_NOTHING] = filter_nothing,
    };
    TESTS[condition->test](render, version, condition);
}
