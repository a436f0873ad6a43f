/* values.c - goes from one value of an index to the next, and asks of each whether a living record
 * that the viewer may see has it. */
#include "server/store/sqlite/values.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/read.h"

/* What a kind's rows are told apart by: a text, and where there is one a system's key. */
static const struct source {
    enum index_kind kind;
    const char *next;  /* the first value behind (?, ?) of the parameter ? */
    const char *lives; /* one of its rows: parameter, text, key */
} SOURCES[] = {
    { INDEX_TOKEN,
      "SELECT i.code, i.system, n.text FROM token i LEFT JOIN name n ON n.key = i.system"
      " WHERE i.parameter = ?1 AND (i.code, i.system) > (?2, ?3) ORDER BY i.code, i.system LIMIT 1",
      "SELECT 1 FROM token i CROSS JOIN version v ON v.key = i.version"
      " WHERE i.parameter = ?1 AND i.code = ?2 AND i.system = ?3" },
    { INDEX_URI,
      "SELECT i.uri, 0, NULL FROM uri i WHERE i.parameter = ?1 AND (i.uri, 0) > (?2, ?3)"
      " ORDER BY i.uri LIMIT 1",
      "SELECT 1 FROM uri i CROSS JOIN version v ON v.key = i.version"
      " WHERE i.parameter = ?1 AND i.uri = ?2 AND ?3 = 0" },
};

struct listing {
    struct render like;
    const struct store_values *asked;
    struct store_found_values *out;
};
struct spot {
    int64_t parameter, key;
    struct str text;
};

static void bind_spot(struct render *render, const char *text, const struct spot *at)
{
    const struct render_bind binds[] = { { .type = RENDER_INTEGER, .integer = at->parameter },
                                         { .type = RENDER_TEXT, .text = at->text },
                                         { .type = RENDER_INTEGER, .integer = at->key } };
    struct buf none;
    buf_init(&none, render->arena, RENDER_MOST_TEXT);
    for (size_t i = 0; i < COUNT(binds); i++)
        render_value(render, &binds[i]);
    render->sql = none; /* the text names the values itself */
    render_add(render, text);
}

/* SQLITE_ROW when a living version that the viewer may see has the value. */
static int lives(const struct listing *with, const struct source *source, const struct spot *at)
{
    struct render render;
    render_begin(&render, &with->like);
    bind_spot(&render, source->lives, at);
    render_alive(&render, "v");
    render_add(&render, " LIMIT 1");
    RESETTING sqlite3_stmt *row = render_statement(&render);
    return row ? sqlite3_step(row) : SQLITE_ERROR;
}

static bool is_known(const struct store_found_values *out, const struct store_value *value)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->values[i].parameter == value->parameter &&
            str_equal(out->values[i].first, value->first) &&
            str_equal(out->values[i].second, value->second))
            return true;
    return false;
}

/* Moves to the next value; its system goes into *system. */
static int step(const struct listing *with, const struct source *source, struct spot *at,
                struct str *system)
{
    struct render render;
    render_begin(&render, &with->like);
    bind_spot(&render, source->next, at);
    RESETTING sqlite3_stmt *row = render_statement(&render);
    int code = row ? sqlite3_step(row) : SQLITE_ERROR;
    if (code != SQLITE_ROW)
        return code;
    at->text = str_copy(with->like.arena, db_column(row, 0));
    at->key = sqlite3_column_int64(row, 1);
    *system = str_copy(with->like.arena, db_column(row, 2));
    return code;
}

static bool list(struct listing *with, size_t parameter, const struct source *source,
                 struct str type)
{
    const struct store_values *asked = with->asked;
    struct str system;
    struct spot at = { .key = -1, .text = STR("") };
    int code = SQLITE_DONE;
    at.parameter = render_parameter_key(&with->like, type, asked->parameters[parameter].code);
    if (at.parameter == NAME_UNKNOWN)
        return true;
    while (!with->out->is_cut && (code = step(with, source, &at, &system)) == SQLITE_ROW) {
        struct store_value value = { parameter, system, at.text };
        if (is_known(with->out, &value))
            continue;
        int found = lives(with, source, &at);
        if (found != SQLITE_ROW && found != SQLITE_DONE)
            return false;
        with->out->is_cut = found == SQLITE_ROW && with->out->count == asked->most;
        if (found == SQLITE_ROW && !with->out->is_cut)
            with->out->values[with->out->count++] = value;
    }
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

static bool list_all(struct listing *with)
{
    const struct store_values *asked = with->asked;
    for (size_t p = 0; p < asked->parameter_count; p++)
        for (size_t s = 0; s < COUNT(SOURCES); s++)
            for (size_t t = 0;
                 SOURCES[s].kind == asked->parameters[p].kind && t < asked->type_count; t++)
                if (!list(with, p, &SOURCES[s], asked->types[t]))
                    return false;
    return true;
}

enum outcome values_list(struct store *store, const struct viewer *viewer,
                         const struct store_values *asked, struct arena *arena,
                         struct store_found_values *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    uint64_t last, horizon;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    if (!read_snapshot(reading.db, &last, &horizon))
        return OUTCOME_FAILED;
    *out = (struct store_found_values){ .values =
                                            arena_array(arena, asked->most, sizeof *out->values) };
    struct listing with = {
        .like = { .sqlite = sqlite,
                  .db = reader.db,
                  .arena = arena,
                  .viewer = viewer,
                  .snapshot = last },
        .asked = asked,
        .out = out,
    };
    db_limit(reader.db, asked->most_us ? db_monotonic_us() + asked->most_us : 0, 0);
    bool ok = list_all(&with);
    bool is_late = reader.db->is_late;
    db_limit(reader.db, 0, 0);
    return ok ? OUTCOME_OK : is_late ? OUTCOME_LATE : OUTCOME_FAILED;
}
