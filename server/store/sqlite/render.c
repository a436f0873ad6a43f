/* render.c - where a query starts, what it filters, what it is ordered by. */
#include "server/store/sqlite/render.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/predicate.h"

/* SQLite takes at most 500 terms in a UNION ALL: more are put into brackets of this many. */
enum { MOST_TERMS = 400 };

void render_begin(struct render *render, const struct render *like)
{
    *render = *like;
    buf_init(&render->sql, render->arena, RENDER_MOST_TEXT);
    render->binds = NULL;
    render->bind_count = render->bind_room = 0;
}

void render_add(struct render *render, const char *text)
{
    buf_add(&render->sql, str_of(text));
}

void render_value(struct render *render, const struct render_bind *value)
{
    render_add(render, "?");
    if (render->bind_count == render->bind_room) {
        size_t room = render->bind_room ? render->bind_room * 2 : 32;
        struct render_bind *binds = arena_array(render->arena, room, sizeof *binds);
        for (size_t i = 0; i < render->bind_count; i++)
            binds[i] = render->binds[i];
        render->binds = binds;
        render->bind_room = room;
    }
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
    if (render->sql.is_over || render->bind_count > RENDER_MOST_BINDS)
        return NULL;
    sqlite3_stmt *statement = db_text(render->db, buf_str(&render->sql));
    if (statement)
        bind_all(render, statement);
    return statement;
}

static bool is_id(const struct search_condition *condition)
{
    return str_is(condition->code, "_id");
}

bool render_is_time(const struct search_condition *condition)
{
    return str_is(condition->code, "_lastUpdated");
}

static bool is_missing(const struct search_condition *condition)
{
    return condition->modifier == MODIFIER_MISSING && str_is(condition->values[0].second, "true");
}

bool render_can_drive(const struct search_condition *condition)
{
    return !render_is_time(condition) && condition->modifier != MODIFIER_NOT &&
           !is_missing(condition);
}

static void add_parameter(struct render *render, const struct search_condition *condition)
{
    char room[NAMES_PARAMETER_ROOM];
    struct str name = names_parameter(room, render->plan->type, condition->code, render->arena);
    render_integer(render, names_find(&render->sqlite->names, render->db, NAME_PARAMETER, name));
}

/* Any of the values, as a tree of brackets: SQLite limits the depth of an expression, not its size.
 */
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

static void add_ids(struct render *render, const struct search_condition *condition)
{
    render_add(render, "(");
    for (size_t i = 0; i < condition->value_count; i++) {
        struct render_bind id = { .type = RENDER_TEXT, .text = condition->values[i].second };
        render_add(render, i ? "," : "");
        render_value(render, &id);
    }
    render_add(render, ")");
}

static void add_term(struct render *render, const struct search_condition *condition,
                     const struct search_value *value)
{
    render_add(render, "SELECT version FROM ");
    render_add(render, predicate_table(condition->kind));
    render_add(render, " WHERE parameter = ");
    add_parameter(render, condition);
    render_add(render, " AND ");
    predicate_value(render, condition, value);
}

void render_driver(struct render *render, const struct search_condition *condition)
{
    if (is_id(condition)) {
        render_add(render, "SELECT x.key AS version FROM resource i CROSS JOIN version x ON"
                           " x.resource = i.key WHERE i.type = ");
        render_integer(render, render->type);
        render_add(render, " AND i.id IN ");
        add_ids(render, condition);
        return;
    }
    for (size_t i = 0; i < condition->value_count; i++) {
        if (i % MOST_TERMS == 0)
            render_add(render, i ? ") UNION ALL SELECT version FROM (" : "SELECT version FROM (");
        else
            render_add(render, " UNION ALL ");
        add_term(render, condition, &condition->values[i]);
    }
    render_add(render, ")");
}

static void add_times(struct render *render)
{
    for (size_t i = 0; i < render->plan->condition_count; i++) {
        const struct search_condition *condition = &render->plan->conditions[i];
        if (!render_is_time(condition))
            continue;
        render_add(render, " AND (");
        for (size_t k = 0; k < condition->value_count; k++) {
            render_add(render, k ? " OR (" : "(");
            predicate_time(render, &condition->values[k]);
            render_add(render, ")");
        }
        render_add(render, ")");
    }
}

void render_time(struct render *render)
{
    render_add(render, "SELECT v.key FROM version v INDEXED BY version_indexed"
                       " WHERE v.is_indexed = 1 AND v.type = ");
    render_integer(render, render->type);
    add_times(render);
}

static void add_filter(struct render *render, const struct search_condition *condition)
{
    if (is_id(condition)) {
        render_add(render,
                   condition->modifier == MODIFIER_NOT ? " AND r.id NOT IN " : " AND r.id IN ");
        add_ids(render, condition);
        return;
    }
    bool is_not = condition->modifier == MODIFIER_NOT || is_missing(condition);
    const char *table = predicate_table(condition->kind);
    buf_print(&render->sql,
              " AND %s (SELECT 1 FROM %s INDEXED BY %s_version WHERE version = v.key"
              " AND parameter = ",
              is_not ? "NOT EXISTS" : "EXISTS", table, table);
    add_parameter(render, condition);
    render_add(render, " AND ");
    add_any(render, condition, 0, condition->value_count);
    render_add(render, ")");
}

/* The one place where a viewer narrows a query. Scopes are by type; rows of grants join here. (A
 * plain 0 would let SQLite drop the WHERE with the partial index's own condition in it.) */
static void add_viewer(struct render *render)
{
    const struct viewer *viewer = render->viewer;
    if (viewer && !viewer_may(viewer, render->plan->type, ACT_READ) &&
        !viewer_may(viewer, render->plan->type, ACT_SEARCH))
        render_add(render, " AND v.number < 0");
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
        render_driver(render, &plan->conditions[driver]);
        render_add(render, ") AND ");
    }
    render_add(render, "v.type = ");
    render_integer(render, render->type);
    render_add(render, " AND v.born <= ");
    render_integer(render, (int64_t)render->snapshot);
    render_add(render, " AND v.ended > ");
    render_integer(render, (int64_t)render->snapshot);
    add_times(render);
    for (size_t i = 0; i < plan->condition_count; i++)
        if ((int)i != driver && !render_is_time(&plan->conditions[i]))
            add_filter(render, &plan->conditions[i]);
    add_viewer(render);
}

/* What a kind is sorted by: its first value going up, its last going down. */
static const char *const SORT_COLUMNS[] = {
    [INDEX_TOKEN] = "code",       [INDEX_STRING] = "folded",    [INDEX_DATE] = "low",
    [INDEX_REFERENCE] = "target", [INDEX_URI] = "uri",          [INDEX_NUMBER] = "low",
    [INDEX_QUANTITY] = "low",     [INDEX_PRESENCE] = "version",
};

void render_sort_key(struct render *render, const struct search_sort *sort)
{
    char room[NAMES_PARAMETER_ROOM];
    if (str_is(sort->code, "_lastUpdated") || str_is(sort->code, "_id")) {
        render_add(render, str_is(sort->code, "_id") ? "r.id" : "v.updated_us");
        return;
    }
    const char *table = predicate_table(sort->kind);
    buf_print(&render->sql,
              "(SELECT %s(%s) FROM %s INDEXED BY %s_version WHERE version = v.key"
              " AND parameter = ",
              sort->is_descending ? "max" : "min", SORT_COLUMNS[sort->kind], table, table);
    struct str name = names_parameter(room, render->plan->type, sort->code, render->arena);
    render_integer(render, names_find(&render->sqlite->names, render->db, NAME_PARAMETER, name));
    render_add(render, ")");
}
