/* explain.c - counts the rows of a search step by step: its start, those that live, and then one
 * condition more each time. */
#include "server/store/sqlite/explain.h"

#include "resources/base/arena.h"
#include "server/search/explain.h"
#include "server/store/sqlite/driver.h"
#include "server/store/sqlite/find.h"
#include "server/store/sqlite/read.h"
#include "server/store/sqlite/render.h"

enum { MOST_WORDS = 1 << 16, FIXED_STEPS = 3 };

struct explaining {
    struct render like;
    struct search_plan plan; /* with the driver's condition first */
    struct store_step *steps;
    size_t count;
};

static struct store_step *add_step(struct explaining *with, const char *text,
                                   const struct search_condition *condition)
{
    struct buf words;
    struct store_step *step = &with->steps[with->count++];
    buf_init(&words, with->like.arena, MOST_WORDS);
    buf_print(&words, "%s", text);
    if (condition)
        explain_condition(&words, condition);
    step->text = buf_str(&words);
    return step;
}

static bool count_start(struct explaining *with, int driver, struct store_step *step)
{
    struct render render;
    render_begin(&render, &with->like);
    render_add(&render, "SELECT count(*) FROM (");
    if (driver == RENDER_BY_TIME)
        render_time(&render);
    else
        driver_condition(&render, &with->plan.conditions[driver]);
    render_add(&render, ")");
    sqlite3_stmt *statement = render_statement(&render);
    int64_t rows = statement ? db_number(statement, -1) : -1;
    step->rows = rows < 0 ? 0 : (uint64_t)rows;
    return rows >= 0;
}

/* The driver's condition goes first, so that a plan can be cut behind any of them. */
static int put_first(struct explaining *with, int driver)
{
    size_t count = with->plan.condition_count, at = 0;
    struct search_condition *conditions =
        arena_array(with->like.arena, count + 1, sizeof *conditions);
    if (driver != RENDER_BY_TIME)
        conditions[at++] = with->plan.conditions[driver];
    for (size_t i = 0; i < count; i++)
        if ((int)i != driver)
            conditions[at++] = with->plan.conditions[i];
    with->plan.conditions = conditions;
    return driver == RENDER_BY_TIME ? driver : 0;
}

static bool explain(struct explaining *with)
{
    int driver = put_first(with, find_driver(&with->like));
    size_t all = with->plan.condition_count, first = driver == RENDER_BY_TIME ? 0 : 1;
    with->steps = arena_array(with->like.arena, all + FIXED_STEPS, sizeof *with->steps);
    struct store_step *start =
        first ? add_step(with, "start at the index of ", &with->plan.conditions[0])
              : add_step(with, "start at all records of the types, by time", NULL);
    bool ok = count_start(with, driver, start);
    for (size_t at = first; ok && at <= all; at++) {
        with->plan.condition_count = at;
        struct store_step *step =
            at == first ? add_step(with, "live at the snapshot, and are the viewer's to see", NULL)
                        : add_step(with, "keep if ", &with->plan.conditions[at - 1]);
        ok = find_count(&with->like, driver, &step->rows);
    }
    return ok;
}

enum outcome explain_plan(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, struct arena *arena,
                          struct store_step **steps, size_t *count)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    uint64_t last, horizon;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    if (!read_snapshot(reading.db, &last, &horizon))
        return OUTCOME_FAILED;
    struct explaining with = { .plan = *plan };
    with.like = (struct render){ .sqlite = sqlite,
                                 .db = reader.db,
                                 .arena = arena,
                                 .viewer = viewer,
                                 .plan = &with.plan,
                                 .snapshot = last };
    db_limit(reader.db, plan->most_us ? db_monotonic_us() + plan->most_us : 0, 0);
    bool ok = explain(&with);
    bool is_late = reader.db->is_late;
    db_limit(reader.db, 0, 0);
    *steps = with.steps;
    *count = with.count;
    return ok ? OUTCOME_OK : is_late ? OUTCOME_LATE : OUTCOME_FAILED;
}
