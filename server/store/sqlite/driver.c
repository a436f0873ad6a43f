/* driver.c - SELECTs of versions by the index of one condition; chains and _has begin at their far
 * end. */
#include "server/store/sqlite/driver.h"

#include "server/store/sqlite/filter.h"
#include "server/store/sqlite/predicate.h"

/* SQLite takes at most 500 terms in a UNION ALL: more are put into brackets of this many. */
enum { MOST_TERMS = 400 };

static bool all_parts(const struct search_condition *condition,
                      bool (*test)(const struct search_condition *part))
{
    for (size_t i = 0; i < condition->part_count; i++)
        if (!test(&condition->parts[i]))
            return false;
    return true;
}

static const struct search_condition *best_part(const struct search_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++)
        if (driver_can(&condition->parts[i]))
            return &condition->parts[i];
    return NULL;
}

bool driver_can(const struct search_condition *condition)
{
    switch (condition->test) {
    case TEST_VALUES:
        return !filter_is_time(condition) && condition->modifier != MODIFIER_NOT &&
               (condition->modifier != MODIFIER_MISSING ||
                str_is(condition->values[0].second, "false"));
    case TEST_ALL:
        return best_part(condition) != NULL;
    case TEST_ANY:
    case TEST_CHAIN:
    case TEST_HAS:
        return all_parts(condition, driver_can);
    case TEST_COMPARTMENT:
        return condition->value_count > 0;
    case TEST_NOT:
    case TEST_WORDS:
    case TEST_NOTHING:
        break;
    }
    return false;
}

bool driver_is_exact(const struct search_condition *condition)
{
    return condition->test != TEST_ALL &&
           (condition->test != TEST_ANY || all_parts(condition, driver_is_exact));
}

/* " FROM version x ... WHERE ...": the versions of the part's type that meet it at the snapshot. */
static void add_matches(struct render *render, const char *version, const char *join,
                        const struct search_condition *part)
{
    bool can = driver_can(part);
    render_of(render,
              can ? " FROM version @ NOT INDEXED" : " FROM version @ INDEXED BY version_indexed",
              version);
    render_of(render, join, version);
    render_of(render, can ? " WHERE @.key IN (" : " WHERE @.is_indexed = 1", version);
    if (can)
        driver_condition(render, part);
    render_of(render, can ? ") AND @.type" : " AND @.type", version);
    render_types(render, part->types, part->type_count);
    render_alive(render, version);
    if (can && driver_is_exact(part))
        return;
    render_add(render, " AND ");
    filter_condition(render, version, part);
}

void driver_matches(struct render *render, const struct search_condition *condition, char *name)
{
    char version[RENDER_ALIAS];
    unsigned nesting = render->nesting;
    render_alias(render, name, 'c');
    render_alias(render, version, 'w');
    struct buf kept = render_table_begin(render);
    render->nesting = 0;
    render_of(render, "SELECT @.key AS key", version);
    add_matches(render, version, "", condition);
    render->nesting = nesting;
    render_table_end(render, kept, name, false);
}

static void drive_values(struct render *render, const struct search_condition *condition)
{
    if (str_is(condition->code, "_id")) {
        render_add(render, "SELECT x.key AS version FROM resource i CROSS JOIN version x ON"
                           " x.resource = i.key WHERE i.type");
        render_types(render, condition->types, condition->type_count);
        render_add(render, " AND i.id IN ");
        filter_ids(render, condition);
        return;
    }
    if (condition->hierarchy.len || predicate_is_list(condition)) {
        render_add(render, "SELECT version FROM ");
        render_add(render, predicate_table(condition->kind));
        render_add(render, " WHERE ");
        filter_rows(render, condition);
        return;
    }
    for (size_t i = 0; i < condition->value_count; i++) {
        struct search_condition one = *condition;
        one.values = &condition->values[i];
        one.value_count = 1;
        if (i % MOST_TERMS == 0)
            render_add(render, i ? ") UNION ALL SELECT version FROM (" : "SELECT version FROM (");
        else
            render_add(render, " UNION ALL ");
        render_add(render, "SELECT version FROM ");
        render_add(render, predicate_table(condition->kind));
        render_add(render, " WHERE ");
        filter_rows(render, &one);
    }
    render_add(render, ")");
}

static void drive_all(struct render *render, const struct search_condition *condition)
{
    driver_condition(render, best_part(condition));
}

static void drive_any(struct render *render, const struct search_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++) {
        if (i % MOST_TERMS == 0)
            render_add(render, i ? ") UNION ALL SELECT version FROM (" : "SELECT version FROM (");
        else
            render_add(render, " UNION ALL ");
        render_add(render, "SELECT version FROM (");
        driver_condition(render, &condition->parts[i]);
        render_add(render, ")");
    }
    render_add(render, ")");
}

static void drive_link(struct render *render, const struct search_condition *condition,
                       const struct search_condition *part, bool by_url)
{
    char target[RENDER_ALIAS], table[RENDER_ALIAS];
    render_alias(render, target, 'w');
    render_alias(render, table, 'c');
    struct buf kept = render_table_begin(render);
    render_add(render, by_url ? "SELECT u.uri AS name" : "SELECT i.id AS name");
    add_matches(render, target,
                by_url ? " CROSS JOIN uri u INDEXED BY uri_version ON u.version = @.key"
                       : " CROSS JOIN resource i ON i.key = @.resource",
                part);
    if (by_url) {
        render_add(render, " AND u.parameter");
        render_parameter(render, part->types, part->type_count, STR("url"));
    }
    render_table_end(render, kept, table, false);
    render_of(render,
              "SELECT f.version AS version FROM @ s CROSS JOIN reference f ON f.target ="
              " s.name AND f.type",
              table);
    if (by_url)
        render_add(render, " = 0");
    else
        render_types(render, part->types, part->type_count);
    render_add(render, " AND f.parameter");
    render_parameter(render, condition->types, condition->type_count, condition->code);
}

static void drive_chain(struct render *render, const struct search_condition *condition)
{
    for (size_t i = 0; i < condition->part_count; i++) {
        const struct search_condition *part = &condition->parts[i];
        render_add(render, i ? " UNION ALL " : "");
        drive_link(render, condition, part, false);
        if (render_parameter_key(render, part->types[0], STR("url")) == NAME_UNKNOWN)
            continue;
        render_add(render, " UNION ALL ");
        drive_link(render, condition, part, true);
    }
}

static void drive_has(struct render *render, const struct search_condition *condition)
{
    char table[RENDER_ALIAS];
    const struct search_condition *part = condition->parts;
    driver_matches(render, part, table);
    render_of(render,
              "SELECT x.key AS version FROM @ s CROSS JOIN reference f INDEXED BY"
              " reference_version ON f.version = s.key AND f.parameter",
              table);
    render_parameter(render, part->types, part->type_count, condition->code);
    render_add(render, " AND f.type");
    render_types(render, condition->types, condition->type_count);
    render_add(render, " CROSS JOIN resource i ON i.type = f.type AND i.id = f.target"
                       " CROSS JOIN version x ON x.resource = i.key");
    if (!render_has_url(render, condition->types, condition->type_count))
        return;
    render_of(render,
              " UNION ALL SELECT u.version AS version FROM @ s CROSS JOIN reference f INDEXED BY"
              " reference_version ON f.version = s.key AND f.type = 0 AND f.parameter",
              table);
    render_parameter(render, part->types, part->type_count, condition->code);
    render_add(render, " CROSS JOIN uri u ON u.uri = f.target AND u.parameter");
    render_parameter(render, condition->types, condition->type_count, STR("url"));
}

static void drive_compartment(struct render *render, const struct search_condition *condition)
{
    render_add(render, "SELECT version FROM compartment WHERE ");
    filter_patients(render, condition);
    render_add(render, " AND type");
    render_types(render, condition->types, condition->type_count);
}

void driver_condition(struct render *render, const struct search_condition *condition)
{
    static void (*const TESTS[])(struct render * render,
                                 const struct search_condition *condition) = {
        [TEST_VALUES] = drive_values, [TEST_ALL] = drive_all,
        [TEST_ANY] = drive_any,       [TEST_CHAIN] = drive_chain,
        [TEST_HAS] = drive_has,       [TEST_COMPARTMENT] = drive_compartment,
    };
    TESTS[condition->test](render, condition);
}
