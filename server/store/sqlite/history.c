/* history.c - the versions of a record, of a type, of everything, newest first. */
#include "server/store/sqlite/history.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/store/sqlite/read.h"

enum { MOST_TYPES_TEXT = 64 * 1024 };

/* The keys of the page's rows, and one more if there is one. */
static bool list_keys(sqlite3_stmt *row, int64_t *keys, size_t most, size_t *count)
{
    int code = SQLITE_DONE;
    *count = 0;
    while (*count < most && (code = sqlite3_step(row)) == SQLITE_ROW)
        keys[(*count)++] = sqlite3_column_int64(row, 0);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static enum outcome read_page(struct store_page *out, struct sqlite_reader *reader,
                              const int64_t *keys, size_t count, struct arena *arena)
{
    out->versions = arena_array(arena, count, sizeof *out->versions);
    for (size_t i = 0; i < count; i++) {
        enum outcome outcome = read_key(&out->versions[i], reader, keys[i], arena);
        if (outcome != OUTCOME_OK && outcome != OUTCOME_GONE)
            return OUTCOME_FAILED;
    }
    out->count = count;
    if (out->has_more && count)
        out->next = str_print(arena, "%019lld", (long long)keys[count - 1]); /* see position.h */
    return OUTCOME_OK;
}

static void bind_readable(sqlite3_stmt *row, struct str readable)
{
    if (readable.len)
        db_bind_text(row, 9, readable);
    else
        sqlite3_bind_null(row, 9);
}

/* Binds by the numbers that the statements share. */
static void bind_range(sqlite3_stmt *row, const struct store_history *asked, uint64_t snapshot,
                       uint64_t before, struct str readable)
{
    bool has_period = asked->at_low || asked->at_high;
    db_bind(row, 1, (int64_t)snapshot);
    bind_readable(row, readable);
    db_bind(row, 2, (int64_t)before);
    db_bind(row, 3, asked->since_us);
    db_bind(row, 4, has_period ? asked->at_low : INT64_MIN);
    db_bind(row, 5, has_period ? asked->at_high : INT64_MAX);
}

/* Scopes are by type; what is narrower joins here. A JSON array of the types' keys, empty when the
 * viewer may read all. */
static struct str readable_types(struct db *db, const struct viewer *viewer, struct arena *arena)
{
    struct buf text;
    if (viewer_may(viewer, STR("*"), ACT_READ))
        return (struct str){ 0 };
    buf_init(&text, arena, MOST_TYPES_TEXT);
    buf_add_char(&text, '[');
    RESETTING sqlite3_stmt *all = db_sql(db, SQL_NAME_KIND);
    db_bind(all, 1, NAME_TYPE);
    while (sqlite3_step(all) == SQLITE_ROW)
        if (viewer_may(viewer, db_column(all, 1), ACT_READ))
            buf_print(&text, "%s%lld", text.len > 1 ? "," : "",
                      (long long)sqlite3_column_int64(all, 0));
    buf_add_char(&text, ']');
    return buf_str(&text);
}

static sqlite3_stmt *statement_of(const struct store_history *asked, int64_t type,
                                  struct str readable, struct db *db)
{
    if (asked->id.len) {
        sqlite3_stmt *row = db_sql(db, SQL_HISTORY);
        db_bind(row, 7, type);
        db_bind_text(row, 8, asked->id);
        return row;
    }
    if (asked->type.len) {
        sqlite3_stmt *row = db_sql(db, SQL_HISTORY_TYPE);
        db_bind(row, 7, type);
        return row;
    }
    sqlite3_stmt *row = db_sql(db, readable.len ? SQL_HISTORY_SOME : SQL_HISTORY_ALL);
    if (readable.len)
        db_bind_text(row, 7, readable);
    return row;
}

static bool was_there(struct db *db, int64_t type, struct str id, uint64_t snapshot,
                      struct str readable)
{
    sqlite3_stmt *found = db_sql(db, SQL_HISTORY_EXISTS);
    db_bind(found, 1, (int64_t)snapshot);
    db_bind(found, 7, type);
    db_bind_text(found, 8, id);
    bind_readable(found, readable);
    return db_number(found, 0) > 0;
}

static uint64_t count_all(struct db *db, const struct store_history *asked, int64_t type,
                          uint64_t snapshot, struct str readable)
{
    sqlite3_stmt *total = db_sql(db, SQL_HISTORY_COUNT);
    bind_range(total, asked, snapshot, INT64_MAX, readable);
    db_bind(total, 7, type);
    db_bind_text(total, 8, asked->id);
    return (uint64_t)db_number(total, 0);
}

/* What is left of a history when the snapshot is there. */
struct walking {
    const struct store_history *asked;
    struct sqlite_reader *reader;
    struct str readable;
    int64_t type;
    uint64_t before;
};

static enum outcome walk(const struct walking *with, struct arena *arena, struct store_page *out)
{
    const struct store_history *asked = with->asked;
    struct db *db = with->reader->db;
    if (asked->id.len && !was_there(db, with->type, asked->id, out->snapshot, with->readable))
        return db->is_late ? OUTCOME_LATE : OUTCOME_NOT_FOUND;
    out->has_total = asked->id.len > 0;
    if (out->has_total)
        out->total = count_all(db, asked, with->type, out->snapshot, with->readable);
    size_t found, count = asked->count < SEARCH_MOST_COUNT ? asked->count : SEARCH_MOST_COUNT;
    int64_t *keys = arena_array(arena, count + 1, sizeof *keys);
    RESETTING sqlite3_stmt *row = statement_of(asked, with->type, with->readable, db);
    bind_range(row, asked, out->snapshot, with->before, with->readable);
    db_bind(row, 6, (int64_t)count + 1);
    if (!list_keys(row, keys, count + 1, &found))
        return OUTCOME_FAILED;
    out->has_more = found > count;
    return read_page(out, with->reader, keys, found < count ? found : count, arena);
}

enum outcome history_read(struct store *store, const struct viewer *viewer,
                          const struct store_history *asked, struct arena *arena,
                          struct store_page *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    uint64_t last, horizon, before = INT64_MAX;
    *out = (struct store_page){ 0 };
    if (asked->type.len && !viewer_may(viewer, asked->type, ACT_READ))
        return OUTCOME_NOT_FOUND;
    if (asked->position.len && (!str_to_u64(&before, asked->position) || before > INT64_MAX))
        return OUTCOME_GONE;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    if (!read_snapshot(reading.db, &last, &horizon))
        return OUTCOME_FAILED;
    out->snapshot = asked->snapshot && asked->snapshot < last ? asked->snapshot : last;
    struct walking walking = { .asked = asked,
                               .reader = &reader,
                               .readable = readable_types(reader.db, viewer, arena),
                               .type =
                                   names_find(&sqlite->names, reader.db, NAME_TYPE, asked->type),
                               .before = before };
    db_limit(reader.db, asked->most_us ? db_monotonic_us() + asked->most_us : 0, 0);
    reader.db->stop = asked->stop;
    enum outcome outcome = walk(&walking, arena, out);
    outcome = outcome == OUTCOME_FAILED && reader.db->is_late ? OUTCOME_LATE : outcome;
    db_limit(reader.db, 0, 0);
    reader.db->stop = NULL;
    return outcome;
}
