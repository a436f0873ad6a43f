/* read.c - reading versions: a lookup, a decompression, a splice; no JSON is parsed or printed. */
#include "server/store/sqlite/read.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/splice.h"

/* The columns of SQL_VERSION_COLUMNS. */
enum column { TYPE, ID, NUMBER, UPDATED, METHOD, OWNER, META_AT, DICTIONARY, BYTES };

static bool read_body(struct store_version *out, struct sqlite *sqlite, sqlite3_stmt *row,
                      struct arena *arena)
{
    struct body_packed packed = { db_column(row, BYTES), sqlite3_column_int(row, DICTIONARY) };
    struct body_room room = { .before = SPLICE_GAP };
    size_t meta_at = (size_t)sqlite3_column_int64(row, META_AT);
    if (!bodies_unpack(&room, &sqlite->bodies, &packed, arena) || !meta_at || meta_at >= room.len)
        return false;
    struct splice splice;
    splice_init(&splice, out->version, out->updated_us);
    out->body = splice_into(&splice, room.bytes, room.len, meta_at);
    return true;
}

static enum outcome read_row(struct store_version *out, struct sqlite *sqlite, sqlite3_stmt *row,
                             struct arena *arena)
{
    int code = sqlite3_step(row);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE ? OUTCOME_NOT_FOUND : OUTCOME_FAILED;
    *out = (struct store_version){
        .type = str_copy(arena, db_column(row, TYPE)),
        .id = str_copy(arena, db_column(row, ID)),
        .version = (uint64_t)sqlite3_column_int64(row, NUMBER),
        .updated_us = sqlite3_column_int64(row, UPDATED),
        .method = (enum store_method)sqlite3_column_int(row, METHOD),
        .owner = str_copy(arena, db_column(row, OWNER)),
    };
    out->is_deleted = out->method == STORE_DELETE;
    if (out->is_deleted)
        return OUTCOME_GONE;
    return read_body(out, sqlite, row, arena) ? OUTCOME_OK : OUTCOME_FAILED;
}

enum outcome read_version(struct store *store, const struct viewer *viewer, struct str type,
                          struct str id, uint64_t version, struct arena *arena,
                          struct store_version *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    if (!viewer_may(viewer, type, ACT_READ))
        return OUTCOME_NOT_FOUND;
    if (!version && recent_find(&sqlite->recent, type, id, arena, out))
        return OUTCOME_OK;
    uint64_t seen = atomic_load(&sqlite->writer.durable);
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, version ? SQL_READ_NUMBER : SQL_READ_CURRENT);
    db_bind(row, 1, names_find(&sqlite->names, reader.db, NAME_TYPE, type));
    db_bind_text(row, 2, id);
    if (version)
        db_bind(row, 3, version > INT64_MAX ? INT64_MAX : (int64_t)version);
    enum outcome outcome = read_row(out, sqlite, row, arena);
    if (outcome == OUTCOME_OK && !version)
        recent_keep(&sqlite->recent, out, seen);
    return outcome;
}

enum outcome read_key(struct store_version *out, struct sqlite_reader *reader, int64_t key,
                      struct arena *arena)
{
    RESETTING sqlite3_stmt *row = db_sql(reader->db, SQL_READ_KEY);
    db_bind(row, 1, key);
    return read_row(out, reader->sqlite, row, arena);
}

bool read_snapshot(struct db *db, uint64_t *last, uint64_t *horizon)
{
    RESETTING sqlite3_stmt *row = db_sql(db, SQL_SNAPSHOT);
    if (sqlite3_step(row) != SQLITE_ROW)
        return false;
    *last = (uint64_t)sqlite3_column_int64(row, 0);
    *horizon = (uint64_t)sqlite3_column_int64(row, 1);
    return true;
}

/* The keys of the page's rows, and one more if there is one. */
static bool list_history(sqlite3_stmt *row, int64_t *keys, size_t most, size_t *count)
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
        out->next = str_print(arena, "%llu", (unsigned long long)out->versions[count - 1].version);
    return OUTCOME_OK;
}

enum outcome read_history(struct store *store, const struct viewer *viewer, struct str type,
                          struct str id, size_t count, uint64_t snapshot, struct str position,
                          struct arena *arena, struct store_page *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    uint64_t last, horizon, before = INT64_MAX;
    *out = (struct store_page){ .has_total = true };
    if (!viewer_may(viewer, type, ACT_READ))
        return OUTCOME_NOT_FOUND;
    if (position.len && (!str_to_u64(&before, position) || before > INT64_MAX))
        return OUTCOME_GONE;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    if (!read_snapshot(reading.db, &last, &horizon))
        return OUTCOME_FAILED;
    out->snapshot = snapshot && snapshot < last ? snapshot : last;
    int64_t key = names_find(&sqlite->names, reader.db, NAME_TYPE, type);
    sqlite3_stmt *total = db_sql(reader.db, SQL_HISTORY_COUNT);
    db_bind(total, 1, key);
    db_bind_text(total, 2, id);
    db_bind(total, 3, (int64_t)out->snapshot);
    out->total = (uint64_t)db_number(total, 0);
    if (!out->total)
        return OUTCOME_NOT_FOUND;
    count = count < SEARCH_MOST_COUNT ? count : SEARCH_MOST_COUNT;
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_HISTORY);
    db_bind(row, 1, key);
    db_bind_text(row, 2, id);
    db_bind(row, 3, (int64_t)out->snapshot);
    db_bind(row, 4, (int64_t)before);
    db_bind(row, 5, (int64_t)count + 1);
    size_t found;
    int64_t *keys = arena_array(arena, count + 1, sizeof *keys);
    if (!list_history(row, keys, count + 1, &found))
        return OUTCOME_FAILED;
    out->has_more = found > count;
    return read_page(out, &reader, keys, found < count ? found : count, arena);
}

enum outcome read_answer(struct store *store, struct str client, struct str key,
                         struct arena *arena, struct store_idempotency *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_ANSWER_FIND);
    db_bind_text(row, 1, client);
    db_bind_text(row, 2, key);
    db_bind(row, 3, sqlite_now_us());
    int code = sqlite3_step(row);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE ? OUTCOME_NOT_FOUND : OUTCOME_FAILED;
    struct str hash = db_column(row, 0);
    *out = (struct store_idempotency){
        .client = client,
        .key = key,
        .answer = str_copy(arena, db_column(row, 1)),
        .expires_us = sqlite3_column_int64(row, 2),
    };
    if (hash.len != sizeof out->body_sha256)
        return OUTCOME_FAILED;
    memcpy(out->body_sha256, hash.data, hash.len);
    return OUTCOME_OK;
}

uint64_t read_guard(struct store *store, struct str name)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    sqlite3_stmt *find = db_sql(reader.db, SQL_GUARD_FIND);
    db_bind_text(find, 1, name);
    return (uint64_t)db_number(find, 0);
}
