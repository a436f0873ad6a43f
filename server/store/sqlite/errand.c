/* errand.c - the table `errand`: changed by the writer, read by whoever asks. */
#include "server/store/errand.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/sqlite.h"

/* What a change is about; `found` is copied into the arena. */
struct doing {
    const struct errand *errand;
    size_t most;
    struct str client, id, answer;
    int64_t expires_us;
    struct arena *arena;
    struct errand *found;
    const struct errand_file *file;
};

static enum outcome run(struct store *store, struct doing *doing,
                        enum outcome (*apply)(struct sqlite *, struct db *, void *))
{
    struct writer_change change = { .apply = apply, .context = doing };
    return writer_run((struct sqlite *)store, &change);
}

/* Of a statement that changes one row if it is there. */
static enum outcome end(struct db *db, sqlite3_stmt *statement)
{
    if (!db_done(statement))
        return OUTCOME_FAILED;
    return sqlite3_changes(db->handle) ? OUTCOME_OK : OUTCOME_NOT_FOUND;
}

static enum outcome apply_add(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct doing *doing = context;
    const struct errand *errand = doing->errand;
    sqlite3_stmt *count = db_sql(db, SQL_ERRAND_COUNT);
    db_bind_text(count, 1, errand->client);
    if (db_number(count, 0) >= (int64_t)doing->most)
        return OUTCOME_BUSY;
    sqlite3_stmt *add = db_sql(db, SQL_ERRAND_ADD);
    db_bind_text(add, 1, errand->id);
    db_bind_text(add, 2, errand->client);
    db_bind(add, 3, errand->is_write);
    db_bind_blob(add, 4, errand->request);
    db_bind(add, 5, errand->created_us);
    return db_done(add) ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome apply_take(struct sqlite *sqlite, struct db *db, void *context)
{
    struct doing *doing = context;
    struct errand *out = doing->found;
    RESETTING sqlite3_stmt *next = db_sql(db, SQL_ERRAND_NEXT);
    int code = sqlite3_step(next);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE ? OUTCOME_NOT_FOUND : OUTCOME_FAILED;
    *out = (struct errand){ .id = str_copy(doing->arena, db_column(next, 0)),
                            .client = str_copy(doing->arena, db_column(next, 1)),
                            .state = ERRAND_RUNNING,
                            .is_write = sqlite3_column_int(next, 2),
                            .request = str_copy(doing->arena, db_column(next, 3)),
                            .created_us = sqlite3_column_int64(next, 4),
                            .snapshot = sqlite->writer.state.commit,
                            .taken_us = sqlite_now_us() };
    if (out->taken_us < sqlite->writer.state.updated_us)
        out->taken_us = sqlite->writer.state.updated_us;
    sqlite3_stmt *clear = db_sql(db, SQL_ERRAND_FILE_CLEAR);
    db_bind_text(clear, 1, out->id);
    if (!db_done(clear))
        return OUTCOME_FAILED;
    sqlite3_stmt *begin = db_sql(db, SQL_ERRAND_BEGIN);
    db_bind_text(begin, 1, out->id);
    return end(db, begin);
}

static enum outcome apply_finish(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct doing *doing = context;
    sqlite3_stmt *finish = db_sql(db, SQL_ERRAND_FINISH);
    db_bind_blob(finish, 1, doing->answer);
    db_bind(finish, 2, doing->expires_us);
    db_bind_text(finish, 3, doing->id);
    return end(db, finish);
}

static enum outcome apply_add_file(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct doing *doing = context;
    sqlite3_stmt *add = db_sql(db, SQL_ERRAND_FILE_ADD);
    db_bind(add, 1, (int64_t)doing->file->number);
    db_bind_blob(add, 2, doing->file->bytes);
    db_bind_text(add, 3, doing->id);
    return end(db, add);
}

static enum outcome apply_drop(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct doing *doing = context;
    sqlite3_stmt *drop = db_sql(db, SQL_ERRAND_DROP);
    db_bind_text(drop, 1, doing->client);
    db_bind_text(drop, 2, doing->id);
    return end(db, drop);
}

static enum outcome apply_resume(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct doing *doing = context;
    sqlite3_stmt *fail = db_sql(db, SQL_ERRAND_FAIL);
    db_bind_blob(fail, 1, doing->answer);
    db_bind(fail, 2, doing->expires_us);
    return db_done(fail) && db_run(db, SQL_ERRAND_AGAIN) ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome add(struct store *store, const struct errand *errand, size_t most)
{
    struct doing doing = { .errand = errand, .most = most };
    return run(store, &doing, apply_add);
}

static enum outcome take(struct store *store, struct arena *arena, struct errand *out)
{
    struct doing doing = { .arena = arena, .found = out };
    return run(store, &doing, apply_take);
}

static enum outcome finish(struct store *store, struct str id, struct str answer,
                           int64_t expires_us)
{
    struct doing doing = { .id = id, .answer = answer, .expires_us = expires_us };
    return run(store, &doing, apply_finish);
}

static enum outcome add_file(struct store *store, struct str id, const struct errand_file *file)
{
    struct doing doing = { .id = id, .file = file };
    return run(store, &doing, apply_add_file);
}

static enum outcome drop(struct store *store, struct str client, struct str id)
{
    struct doing doing = { .client = client, .id = id };
    return run(store, &doing, apply_drop);
}

static enum outcome resume(struct store *store, struct str answer, int64_t expires_us)
{
    struct doing doing = { .answer = answer, .expires_us = expires_us };
    return run(store, &doing, apply_resume);
}

static enum outcome find(struct store *store, struct str client, struct str id, struct arena *arena,
                         struct errand *out)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_ERRAND_FIND);
    db_bind_text(row, 1, client);
    db_bind_text(row, 2, id);
    int code = sqlite3_step(row);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE ? OUTCOME_NOT_FOUND : OUTCOME_FAILED;
    *out = (struct errand){ .id = id,
                            .client = client,
                            .state = (enum errand_state)sqlite3_column_int(row, 0),
                            .answer = str_copy(arena, db_column(row, 1)),
                            .created_us = sqlite3_column_int64(row, 2),
                            .expires_us = sqlite3_column_int64(row, 3),
                            .before = (uint64_t)sqlite3_column_int64(row, 4) };
    return OUTCOME_OK;
}

static enum outcome find_file(struct store *store, struct str client, struct str id,
                              uint64_t number, struct arena *arena, struct errand_file *out)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_ERRAND_FILE_FIND);
    db_bind_text(row, 1, client);
    db_bind_text(row, 2, id);
    db_bind(row, 3, (int64_t)number);
    int code = sqlite3_step(row);
    if (code != SQLITE_ROW)
        return code == SQLITE_DONE ? OUTCOME_NOT_FOUND : OUTCOME_FAILED;
    *out = (struct errand_file){ .number = number, .bytes = str_copy(arena, db_column(row, 0)) };
    return OUTCOME_OK;
}

const struct errand_backend errand_sqlite = {
    .add = add,
    .find = find,
    .take = take,
    .finish = finish,
    .drop = drop,
    .add_file = add_file,
    .find_file = find_file,
    .resume = resume,
};
