/* render.c - where a query starts, what it filters, what it is ordered by. */
#include "server/store/sqlite/render.h"

#include <stdio.h>

#include "resources/base/arena.h"
#include "server/store/sqlite/driver.h"
#include "server/store/sqlite/filter.h"
#include "server/store/sqlite/predicate.h"

void render_begin(struct render *render, const struct render *like)
{
    *render = *like;
    buf_init(&render->sql, render->arena, RENDER_MOST_TEXT);
    buf_init(&render->with, render->arena, RENDER_MOST_TEXT);
    render->binds = NULL;
    render->bind_count = render->bind_room = 0;
}

void render_add(struct render *render, const char *text)
{
    buf_add(&render->sql, str_of(text));
}

void render_value(struct render *render, const struct render_bind *value)
{
    buf_print(&render->sql, "?%zu", render->bind_count + 1);
    render->binds = arena_grow(render->arena, render->binds, render->bind_count, &render->bind_room,
                               32, sizeof *render->binds);
    render->binds[render->bind_count++] = *value;
}

void render_integer(struct render *render, int64_t value)
{
    struct render_bind bind = { .type = RENDER_INTEGER, .integer = value };
    render_value(render, &bind);
}

static void bind_all(const struct render *render, sqlite3_stmt *statement)
{
    for (size_t i = 0; i < render->bind_count; i++) {
        const struct render_bind *bind = &render->binds[i];
        int n = (int)i + 1;
        switch (bind->type) {
        case RENDER_INTEGER:
            db_bind(statement, n, bind->integer);
            break;
        case RENDER_REAL:
            sqlite3_bind_double(statement, n, bind->real);
            break;
        case RENDER_TEXT:
            db_bind_text(statement, n, bind->text);
            break;
        case RENDER_NULL:
            sqlite3_bind_null(statement, n);
            break;
        }
    }
}

sqlite3_stmt *render_statement(struct render *render)
{
    struct buf whole = render->sql;
    if (render->with.len) {
        buf_init(&whole, render->arena, RENDER_MOST_TEXT);
        buf_add(&whole, STR("WITH "));
        buf_add(&whole, buf_str(&render->with));
        buf_add_char(&whole, ' ');
        buf_add(&whole, buf_str(&render->sql));
    }
    if (whole.is_over || render->sql.is_over || render->with.is_over ||
        render->bind_count > RENDER_MOST_BINDS)
        return NULL;
    sqlite3_stmt *statement = db_text(render->db, buf_str(&whole));
    if (statement)
        bind_all(render, statement);
    return statement;
}

void render_of(struct render *render, const char *text, const char *alias)
{
    for (; *text; text++)
        if (*text == '@')
            render_add(render, alias);
        else
            buf_add_char(&render->sql, *text);
}

void render_text(struct render *render, struct str text)
{
    const struct render_bind bind = { .type = RENDER_TEXT, .text = text };
    render_value(render, &bind);
}

struct buf render_table_begin(struct render *render)
{
    struct buf kept = render->sql;
    buf_init(&render->sql, render->arena, RENDER_MOST_TEXT);
    return kept;
}

void render_table_end(struct render *render, struct buf kept, const char *name,
                      bool is_materialized)
{
    struct buf table = render->sql;
    buf_print(&render->with, "%s%s AS %s(", render->with.len ? ", " : "", name,
              is_materialized ? "MATERIALIZED " : "");
    buf_add(&render->with, buf_str(&table));
    buf_add_char(&render->with, ')');
    render->sql = kept;
    render->sql.is_over = render->sql.is_over || table.is_over;
}

void render_alias(struct render *render, char *alias, char letter)
{
    snprintf(alias, RENDER_ALIAS, "%c%u", letter, ++render->aliases);
}

static int64_t type_key(struct render *render, struct str type)
{
    return names_find(&render->sqlite->names, render->db, NAME_TYPE, type);
}

int64_t render_parameter_key(struct render *render, struct str type, struct str code)
{
    char room[NAMES_PARAMETER_ROOM];
    struct str name = names_parameter(room, type, code, render->arena);
    return names_find(&render->sqlite->names, render->db, NAME_PARAMETER, name);
}

bool render_has_url(struct render *render, const struct str *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (render_parameter_key(render, types[i], STR("url")) != NAME_UNKNOWN)
            return true;
    return false;
}

/* Keys that no record has are left out, as long as one is left. */
static void add_keys(struct render *render, const struct str *types, size_t count,
                     const struct str *code)
{
    if (count == 1) {
        render_add(render, " = ");
        render_integer(render, code ? render_parameter_key(render, types[0], *code)
                                    : type_key(render, types[0]));
        return;
    }
    render_add(render, " IN (");
    render_integer(render, NAME_UNKNOWN);
    for (size_t i = 0; i < count; i++) {
        int64_t key =
            code ? render_parameter_key(render, types[i], *code) : type_key(render, types[i]);
        if (key == NAME_UNKNOWN)
            continue;
        render_add(render, ",");
        render_integer(render, key);
    }
    render_add(render, ")");
}

void render_types(struct render *render, const struct str *types, size_t count)
{
    add_keys(render, types, count, NULL);
}

void render_parameter(struct render *render, const struct str *types, size_t count, struct str code)
{
    add_keys(render, types, count, &code);
}

static bool may_see(const struct viewer *viewer, struct str type)
{
    return viewer_may(viewer, type, ACT_READ) || viewer_may(viewer, type, ACT_SEARCH);
}

/* What stands for a version's sensitivity must be the viewer's to read. */
static void add_context(struct render *render, const char *version)
{
    const struct viewer *viewer = render->viewer;
    if (viewer_may(viewer, STR("*"), ACT_READ))
        return;
    render_of(render, " AND @.context IN (", version);
    render_integer(render, NAME_NONE);
    for (size_t i = 0; i < viewer->scope_count; i++) {
        if (!viewer_may(viewer, viewer->scopes[i].type, ACT_READ))
            continue;
        render_add(render, ",");
        render_integer(render, type_key(render, viewer->scopes[i].type));
    }
    render_add(render, ")");
}

/* Scopes are by type; rows of grants join here. */
static void add_viewer(struct render *render, const char *version)
{
    const struct viewer *viewer = render->viewer;
    if (!viewer)
        return;
    if (may_see(viewer, STR("*"))) {
        add_context(render, version);
        return;
    }
    render_of(render, " AND @.type IN (", version);
    render_integer(render, NAME_UNKNOWN);
    for (size_t i = 0; i < viewer->scope_count; i++) {
        if (!may_see(viewer, viewer->scopes[i].type))
            continue;
        render_add(render, ",");
        render_integer(render, type_key(render, viewer->scopes[i].type));
    }
    render_add(render, ")");
    add_context(render, version);
}

void render_alive(struct render *render, const char *version)
{
    render_of(render, " AND @.is_indexed = 1 AND @.born <= ", version);
    render_integer(render, (int64_t)render->snapshot);
    render_of(render, " AND @.ended > ", version);
    render_integer(render, (int64_t)render->snapshot);
    add_viewer(render, version);
}

static void add_times(struct render *render)
{
    for (size_t i = 0; i < render->plan->condition_count; i++) {
        if (!filter_is_time(&render->plan->conditions[i]))
            continue;
        render_add(render, " AND ");
        filter_condition(render, "v", &render->plan->conditions[i]);
    }
}

void render_time(struct render *render)
{
    render_add(render, "SELECT v.key FROM version v INDEXED BY version_indexed"
                       " WHERE v.is_indexed = 1 AND v.type");
    render_types(render, render->plan->types, render->plan->type_count);
    add_times(render);
}

void render_from(struct render *render, int driver, bool has_resource)
{
    const struct search_plan *plan = render->plan;
    render_add(render, driver == RENDER_BY_TIME ? " FROM version v INDEXED BY version_indexed"
                                                : " FROM version v NOT INDEXED");
    if (has_resource)
        render_add(render, " CROSS JOIN resource r ON r.key = v.resource");
    render_add(render, " WHERE v.is_indexed = 1 AND ");
    if (driver != RENDER_BY_TIME) {
        render_add(render, "v.key IN (");
        driver_condition(render, &plan->conditions[driver]);
        render_add(render, ") AND ");
    }
    render_add(render, "v.type");
    render_types(render, plan->types, plan->type_count);
    render_alive(render, "v");
    add_times(render);
    for (size_t i = 0; i < plan->condition_count; i++) {
        const struct search_condition *condition = &plan->conditions[i];
        if (filter_is_time(condition) || ((int)i == driver && driver_is_exact(condition)))
            continue;
        render_add(render, " AND ");
        filter_condition(render, "v", condition);
    }
}

/* What a kind is sorted by: its first value going up, its last going down. */
static const char *const SORT_COLUMNS[] = {
    [INDEX_TOKEN] = "code",       [INDEX_STRING] = "folded",    [INDEX_DATE] = "low",
    [INDEX_REFERENCE] = "target", [INDEX_URI] = "uri",          [INDEX_NUMBER] = "low",
    [INDEX_QUANTITY] = "low",     [INDEX_PRESENCE] = "version", [INDEX_COMPOSITE] = "version",
    [INDEX_POSITION] = "version",
};

/* As it is written, not as it is compared with other units. */
static void add_own_units(struct render *render)
{
    render_add(render, " AND system <> ");
    render_integer(render, names_find(&render->sqlite->names, render->db, NAME_SYSTEM,
                                      STR(INDEX_CANONICAL_UNITS)));
}

void render_sort_key(struct render *render, const struct search_sort *sort)
{
    const struct search_plan *plan = render->plan;
    if (str_is(sort->code, "_lastUpdated") || str_is(sort->code, "_id")) {
        render_add(render, str_is(sort->code, "_id") ? "r.id" : "v.updated_us");
        return;
    }
    const char *table = predicate_table(sort->kind);
    buf_print(&render->sql, "(SELECT %s(%s) FROM %s INDEXED BY %s_version WHERE version = v.key",
              sort->is_descending ? "max" : "min", SORT_COLUMNS[sort->kind], table, table);
    render_add(render, " AND parameter");
    render_parameter(render, plan->types, plan->type_count, sort->code);
    if (sort->kind == INDEX_QUANTITY)
        add_own_units(render);
    render_add(render, ")");
}
