/* include.c - follows references from the page's versions, and back to them, round by round. */
#include "server/store/sqlite/include.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "server/store/sqlite/read.h"

/* Versions in the order in which they were found: the page's, then what was added. */
struct including {
    const struct render *like;
    struct sqlite_reader *reader;
    struct store_page *out;
    struct map seen; /* by key */
    int64_t *keys;
    size_t count, matches;
};

static struct str key_text(char *room, int64_t key)
{
    memcpy(room, &key, sizeof key);
    return (struct str){ room, sizeof key };
}

/* False when the version is there already. */
static bool remember(struct including *with, int64_t key)
{
    char room[sizeof key];
    struct arena *arena = with->like->arena;
    struct str text = key_text(room, key);
    if (map_find(&with->seen, text))
        return false;
    map_set(&with->seen, str_copy(arena, text), with);
    return true;
}

static void add_type(struct render *render, const char *column, struct str type)
{
    if (!type.len)
        return;
    render_of(render, " AND @", column);
    render_types(render, &type, 1);
}

/* The records that the version leads to: by type and id, or by the url that a canonical names. */
static void render_forward(struct render *render, const struct search_include *include, int64_t key,
                           bool by_url)
{
    render_add(render, "SELECT DISTINCT w.key FROM reference f INDEXED BY reference_version");
    render_add(render, by_url ? " CROSS JOIN uri u ON u.uri = f.target CROSS JOIN name n ON"
                                " n.key = u.parameter AND n.text LIKE '%.url'"
                                " CROSS JOIN version w ON w.key = u.version"
                              : " CROSS JOIN resource i ON i.type = f.type AND i.id = f.target"
                                " CROSS JOIN version w ON w.resource = i.key");
    render_add(render, " WHERE f.version = ");
    render_integer(render, key);
    render_add(render, by_url ? " AND f.type = 0" : " AND f.type > 0");
    if (include->code.len) {
        render_add(render, " AND f.parameter");
        render_parameter(render, &include->source, 1, include->code);
    }
    add_type(render, "w.type", include->target);
    render_alive(render, "w");
}

/* The records of the source type that lead to this version's. */
static void render_reverse(struct render *render, const struct search_include *include, int64_t key,
                           bool by_url)
{
    render_add(render, by_url ? "SELECT DISTINCT w.key FROM version v CROSS JOIN uri u ON u.version"
                                " = v.key CROSS JOIN name m ON m.key = u.parameter AND m.text LIKE"
                                " '%.url' CROSS JOIN name n ON n.kind = "
                              : "SELECT DISTINCT w.key FROM version v CROSS JOIN resource r ON"
                                " r.key = v.resource CROSS JOIN name n ON n.kind = ");
    render_integer(render, NAME_PARAMETER);
    render_add(render, " CROSS JOIN reference f ON f.parameter = n.key AND ");
    render_add(render,
               by_url ? "f.target = u.uri AND f.type = 0" : "f.target = r.id AND f.type = v.type");
    render_add(render, " CROSS JOIN version w ON w.key = f.version WHERE v.key = ");
    render_integer(render, key);
    if (include->code.len) {
        render_add(render, " AND n.key");
        render_parameter(render, &include->source, 1, include->code);
    } else if (include->source.len) {
        render_add(render, " AND n.text >= ");
        render_text(render, str_print(render->arena, STR_FMT ".", STR_ARG(include->source)));
        render_add(render, " AND n.text < ");
        render_text(render, str_print(render->arena, STR_FMT "/", STR_ARG(include->source)));
    }
    add_type(render, "w.type", include->source);
    add_type(render, "v.type", include->target);
    render_alive(render, "w");
}

static enum outcome take(struct including *with, struct render *render)
{
    render_add(render, " ORDER BY w.updated_us, w.key");
    RESETTING sqlite3_stmt *row = render_statement(render);
    int code = row ? SQLITE_ROW : SQLITE_ERROR;
    while (!with->out->is_cut && row && (code = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t key = sqlite3_column_int64(row, 0);
        if (!remember(with, key))
            continue;
        with->out->is_cut = with->count - with->matches == SEARCH_MOST_INCLUDED;
        if (!with->out->is_cut)
            with->keys[with->count++] = key;
    }
    return code == SQLITE_ROW || code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome follow(struct including *with, const struct search_include *include,
                           const struct store_version *version, int64_t key)
{
    struct render render;
    enum outcome outcome = OUTCOME_OK;
    if (!include->is_reverse && include->source.len && !str_equal(include->source, version->type))
        return OUTCOME_OK;
    for (int by_url = 0; outcome == OUTCOME_OK && by_url < 2; by_url++) {
        render_begin(&render, with->like);
        if (include->is_reverse)
            render_reverse(&render, include, key, by_url);
        else
            render_forward(&render, include, key, by_url);
        outcome = take(with, &render);
    }
    return outcome;
}

/* All that one version adds, which for an added one are only the iterating includes. */
static enum outcome expand(struct including *with, size_t at)
{
    const struct search_plan *plan = with->like->plan;
    const struct store_version *version =
        at < with->matches ? &with->out->versions[at] : &with->out->included[at - with->matches];
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < plan->include_count; i++)
        if (at < with->matches || plan->includes[i].is_iterating)
            outcome = follow(with, &plan->includes[i], version, with->keys[at]);
    return outcome;
}

enum outcome include_find(const struct render *like, struct sqlite_reader *reader,
                          const int64_t *keys, struct store_page *out)
{
    struct including with = { .like = like, .reader = reader, .out = out, .matches = out->count };
    with.keys = arena_array(like->arena, out->count + SEARCH_MOST_INCLUDED, sizeof *with.keys);
    out->included = arena_array(like->arena, SEARCH_MOST_INCLUDED, sizeof *out->included);
    map_init(&with.seen, like->arena);
    for (size_t i = 0; i < out->count; i++) {
        remember(&with, keys[i]);
        with.keys[with.count++] = keys[i];
    }
    for (size_t at = 0; at < with.count; at++) {
        if (at >= with.matches) {
            struct store_version *added = &out->included[out->included_count++];
            if (read_key(added, reader, with.keys[at], like->arena) != OUTCOME_OK)
                return OUTCOME_FAILED;
        }
        enum outcome outcome = out->is_cut ? OUTCOME_OK : expand(&with, at);
        if (outcome != OUTCOME_OK)
            return outcome;
    }
    return OUTCOME_OK;
}
