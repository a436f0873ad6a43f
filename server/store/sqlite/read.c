/* read.c - reading versions: a lookup, a decompression, a splice; no JSON is parsed or printed. */
#include "server/store/sqlite/read.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/store/splice.h"

/* The columns of SQL_VERSION_COLUMNS. */
enum column { TYPE, ID, NUMBER, UPDATED, METHOD, OWNER, META_AT, DICTIONARY, BYTES, CONTEXT };

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
        .context = str_copy(arena, db_column(row, CONTEXT)),
    };
    out->is_deleted = out->method == STORE_DELETE;
    if (out->is_deleted)
        return OUTCOME_GONE;
    return read_body(out, sqlite, row, arena) ? OUTCOME_OK : OUTCOME_FAILED;
}

/* What stands for a record's sensitivity must be the viewer's to read too. */
static enum outcome judge(enum outcome outcome, const struct viewer *viewer,
                          struct store_version *out)
{
    bool is_found = outcome == OUTCOME_OK || outcome == OUTCOME_GONE;
    if (!is_found || !out->context.len || viewer_may(viewer, out->context, ACT_READ))
        return outcome;
    *out = (struct store_version){ 0 };
    return OUTCOME_NOT_FOUND;
}

enum outcome read_version(struct store *store, const struct viewer *viewer, struct str type,
                          struct str id, uint64_t version, struct arena *arena,
                          struct store_version *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    if (!viewer_may(viewer, type, ACT_READ))
        return OUTCOME_NOT_FOUND;
    if (!version && recent_find(&sqlite->recent, type, id, arena, out))
        return judge(OUTCOME_OK, viewer, out);
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
    return judge(outcome, viewer, out);
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
