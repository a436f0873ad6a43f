/* find.c - probes the indexes for the best start, then asks for one page and, if need be, a count.
 */
#include "server/store/sqlite/find.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/driver.h"
#include "server/store/sqlite/filter.h"
#include "server/store/sqlite/include.h"
#include "server/store/sqlite/position.h"
#include "server/store/sqlite/read.h"

/* How far a probe counts: first a little for all, then more for those that had more. */
static const int64_t PROBES[] = { 100, 10000 };

/* What a probe may cost at most, in SQLite's steps: a chain whose far end matches half the store is
 * no start, and is not counted to its end. */
enum { STEPS_PER_ROW = 100 };

static int64_t probe(const struct render *like, const struct search_condition *condition,
                     int64_t most)
{
    struct render render;
    render_begin(&render, like);
    render_add(&render, "SELECT count(*) FROM (SELECT 1 FROM (");
    if (condition)
        driver_condition(&render, condition);
    else
        render_time(&render);
    render_add(&render, ") LIMIT ");
    render_integer(&render, most);
    render_add(&render, ")");
    sqlite3_stmt *statement = render_statement(&render);
    if (!statement)
        return most;
    like->db->steps = most * STEPS_PER_ROW;
    int64_t rows = db_number(statement, most);
    like->db->steps = 0;
    return rows;
}

/* Statistics know averages, but one status may be nine tenths of a table and another three rows:
 * asking the index itself, for as many rows as it takes to tell, is always right. */
int find_driver(const struct render *like)
{
    const struct search_plan *plan = like->plan;
    int best = RENDER_BY_TIME;
    size_t able = 0, times = 0;
    for (size_t i = 0; i < plan->condition_count; i++) {
        times += filter_is_time(&plan->conditions[i]);
        if (driver_can(&plan->conditions[i]) && able++ == 0)
            best = (int)i;
    }
    if (able + (times > 0) < 2)
        return best;
    for (size_t step = 0; step < COUNT(PROBES); step++) {
        int64_t least = times ? probe(like, NULL, PROBES[step]) : PROBES[step];
        if (least < PROBES[step])
            best = RENDER_BY_TIME;
        for (size_t i = 0; i < plan->condition_count && least; i++) {
            if (!driver_can(&plan->conditions[i]))
                continue;
            int64_t rows = probe(like, &plan->conditions[i], least);
            best = rows < least ? (int)i : best;
            least = rows < least ? rows : least;
        }
        if (least < PROBES[step])
            break;
    }
    return best;
}

static bool is_by_time(const struct search_plan *plan)
{
    return plan->type_count == 1 &&
           (plan->sort_count == 0 ||
            (plan->sort_count == 1 && str_is(plan->sorts[0].code, "_lastUpdated")));
}

/* Without _sort the order is that of time, then id. */
static size_t key_count(const struct search_plan *plan)
{
    return (plan->sort_count ? plan->sort_count : 1) + 1;
}

/* In the order of time the index itself is the order, and a page stops when it is full. */
static void render_by_time(struct render *render, int driver, const struct render_bind *after)
{
    bool is_down = render->plan->sort_count && render->plan->sorts[0].is_descending;
    const char *than = is_down ? " < " : " > ";
    render_add(render, "SELECT v.key, v.updated_us, r.id");
    render_from(render, driver, true);
    if (after) {
        render_add(render, is_down ? " AND v.updated_us <= " : " AND v.updated_us >= ");
        render_value(render, &after[0]);
        render_add(render, " AND (v.updated_us");
        render_add(render, than);
        render_value(render, &after[0]);
        render_add(render, " OR r.id > ");
        render_value(render, &after[1]);
        render_add(render, ")");
    }
    render_add(render, is_down ? " ORDER BY v.updated_us DESC, r.id LIMIT "
                               : " ORDER BY v.updated_us, r.id LIMIT ");
    render_integer(render, (int64_t)render->plan->count + 1);
}

/* Behind the last row: later by the first key, or the same there and later by the next. Missing
 * values come last, whichever way a key goes. */
static void render_after(struct render *render, const struct render_bind *after)
{
    const struct search_plan *plan = render->plan;
    render_add(render, " WHERE ");
    for (size_t i = 0; i < plan->sort_count; i++) {
        buf_print(&render->sql, after[i].type == RENDER_NULL ? "(s%zu IS NULL AND " : "(s%zu", i);
        if (after[i].type == RENDER_NULL)
            continue;
        render_add(render, plan->sorts[i].is_descending ? " < " : " > ");
        render_value(render, &after[i]);
        buf_print(&render->sql, " OR s%zu IS NULL OR s%zu = ", i, i);
        render_value(render, &after[i]);
        render_add(render, " AND ");
    }
    render_add(render, "id > ");
    render_value(render, &after[plan->sort_count]);
    for (size_t i = 0; i < plan->sort_count; i++)
        render_add(render, ")");
}

/* Any other order needs every match's keys before the first row is known. */
static void render_sorted(struct render *render, int driver, const struct render_bind *after)
{
    const struct search_plan *plan = render->plan;
    struct buf kept = render_table_begin(render);
    render_add(render, "SELECT v.key AS key");
    for (size_t i = 0; i < plan->sort_count; i++) {
        render_add(render, ", ");
        render_sort_key(render, &plan->sorts[i]);
        buf_print(&render->sql, " AS s%zu", i);
    }
    /* Records of two types may have one id. */
    render_add(render, plan->type_count == 1
                           ? ", r.id AS id"
                           : ", r.id || ' ' || (SELECT text FROM name WHERE key = v.type) AS id");
    render_from(render, driver, true);
    render_table_end(render, kept, "m", true);
    render_add(render, "SELECT * FROM m");
    if (after)
        render_after(render, after);
    render_add(render, " ORDER BY ");
    for (size_t i = 0; i < plan->sort_count; i++)
        buf_print(&render->sql, "s%zu IS NULL, s%zu%s, ", i, i,
                  plan->sorts[i].is_descending ? " DESC" : "");
    render_add(render, "id LIMIT ");
    render_integer(render, (int64_t)plan->count + 1);
}

bool find_count(const struct render *like, int driver, uint64_t *total)
{
    struct render render;
    render_begin(&render, like);
    render_add(&render, "SELECT count(*)");
    render_from(&render, driver, false);
    sqlite3_stmt *statement = render_statement(&render);
    int64_t count = statement ? db_number(statement, -1) : -1;
    *total = count < 0 ? 0 : (uint64_t)count;
    return count >= 0;
}

struct finding {
    struct render like;
    struct sqlite_reader *reader;
    struct store_page *out;
    int64_t *keys; /* of the page's versions */
    int driver;
};

static enum outcome read_rows(struct finding *finding, sqlite3_stmt *row)
{
    const struct search_plan *plan = finding->like.plan;
    struct arena *arena = finding->like.arena;
    struct store_page *out = finding->out;
    out->versions = arena_array(arena, plan->count, sizeof *out->versions);
    finding->keys = arena_array(arena, plan->count, sizeof *finding->keys);
    int code = SQLITE_DONE;
    while ((code = sqlite3_step(row)) == SQLITE_ROW) {
        out->has_more = out->count == plan->count;
        if (out->has_more)
            break;
        finding->keys[out->count] = sqlite3_column_int64(row, 0);
        if (read_key(&out->versions[out->count], finding->reader, finding->keys[out->count],
                     arena) != OUTCOME_OK)
            return OUTCOME_FAILED;
        out->count++;
        if (out->count == plan->count)
            out->next = position_write(row, 1, key_count(plan), arena);
    }
    if (!out->has_more)
        out->next = STR("");
    return code == SQLITE_ROW || code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome find_rows(struct finding *finding, struct str position)
{
    const struct search_plan *plan = finding->like.plan;
    struct render_bind after[SEARCH_MOST_SORTS + 1];
    if (position.len && !position_read(after, key_count(plan), position))
        return OUTCOME_GONE;
    struct render render;
    render_begin(&render, &finding->like);
    if (is_by_time(plan))
        render_by_time(&render, finding->driver, position.len ? after : NULL);
    else
        render_sorted(&render, finding->driver, position.len ? after : NULL);
    RESETTING sqlite3_stmt *row = render_statement(&render);
    enum outcome outcome = row ? read_rows(finding, row) : OUTCOME_FAILED;
    if (outcome == OUTCOME_OK && plan->include_count)
        return include_find(&finding->like, finding->reader, finding->keys, finding->out);
    return outcome;
}

static enum outcome find_all(struct finding *finding, struct str position)
{
    const struct search_plan *plan = finding->like.plan;
    struct store_page *out = finding->out;
    bool is_count_only = plan->is_count_only || plan->count == 0;
    finding->driver = find_driver(&finding->like);
    enum outcome outcome = is_count_only ? OUTCOME_OK : find_rows(finding, position);
    if (outcome != OUTCOME_OK || (plan->total == TOTAL_NONE && !is_count_only))
        return outcome;
    out->has_total = true;
    if (!is_count_only && !position.len && !out->has_more) {
        out->total = out->count;
        return OUTCOME_OK;
    }
    return find_count(&finding->like, finding->driver, &out->total) ? OUTCOME_OK : OUTCOME_FAILED;
}

enum outcome find_page(struct store *store, const struct viewer *viewer,
                       const struct search_plan *plan, uint64_t snapshot, struct str position,
                       struct arena *arena, struct store_page *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    uint64_t last, horizon;
    *out = (struct store_page){ .next = STR("") };
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    if (!read_snapshot(reading.db, &last, &horizon))
        return OUTCOME_FAILED;
    if (snapshot && (snapshot < horizon || snapshot > last))
        return OUTCOME_GONE;
    out->snapshot = snapshot ? snapshot : last;
    struct finding finding = {
        .like = { .sqlite = sqlite,
                  .db = reader.db,
                  .arena = arena,
                  .viewer = viewer,
                  .plan = plan,
                  .snapshot = out->snapshot },
        .reader = &reader,
        .out = out,
    };
    db_limit(reader.db, plan->most_us ? db_monotonic_us() + plan->most_us : 0, 0);
    reader.db->stop = plan->stop;
    enum outcome outcome = find_all(&finding, position);
    outcome = outcome == OUTCOME_FAILED && reader.db->is_late ? OUTCOME_LATE : outcome;
    db_limit(reader.db, 0, 0);
    reader.db->stop = NULL;
    return outcome;
}

bool find_ids(const struct find_scope *scope, const struct search_plan *plan, size_t most,
              struct str **ids, size_t *count)
{
    struct render like = { .sqlite = scope->sqlite,
                           .db = scope->db,
                           .arena = scope->arena,
                           .viewer = scope->viewer,
                           .plan = plan,
                           .snapshot = INT64_MAX - 1 };
    struct render render;
    render_begin(&render, &like);
    render_add(&render, "SELECT r.id");
    render_from(&render, find_driver(&like), true);
    render_add(&render, " LIMIT ");
    render_integer(&render, (int64_t)most);
    *ids = arena_array(scope->arena, most, sizeof **ids);
    *count = 0;
    RESETTING sqlite3_stmt *row = render_statement(&render);
    int code = row ? sqlite3_step(row) : SQLITE_ERROR;
    for (; code == SQLITE_ROW && *count < most; code = sqlite3_step(row))
        (*ids)[(*count)++] = str_copy(scope->arena, db_column(row, 0));
    return code == SQLITE_ROW || code == SQLITE_DONE;
}
