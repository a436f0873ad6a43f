/* links.c - the table `link`: a row for each record that a version refers to. */
#include "server/store/sqlite/links.h"

#include "resources/base/arena.h"

bool links_insert(struct db *db, int64_t version_key, const struct store_write *write)
{
    for (size_t i = 0; i < write->link_count; i++) {
        sqlite3_stmt *add = db_sql(db, SQL_LINK_ADD);
        db_bind_text(add, 1, write->links[i]);
        db_bind(add, 2, version_key);
        if (!db_done(add))
            return false;
    }
    return true;
}

static bool may_read(const struct viewer *viewer, sqlite3_stmt *row)
{
    struct str context = db_column(row, 2);
    return viewer_may(viewer, db_column(row, 0), ACT_READ) &&
           (!context.len || viewer_may(viewer, context, ACT_READ));
}

/* The next living record that refers to the target and that the viewer may see; a step's code. */
static int next_referrer(sqlite3_stmt *row, const struct viewer *viewer)
{
    int code;
    while ((code = sqlite3_step(row)) == SQLITE_ROW)
        if (!viewer || may_read(viewer, row))
            break;
    return code;
}

static int holds_nothing(struct db *db, const struct store_tie *tie)
{
    RESETTING sqlite3_stmt *row = db_sql(db, SQL_LINK_FIND);
    db_bind_text(row, 1, tie->target);
    int code = next_referrer(row, tie->viewer);
    return code == SQLITE_DONE ? 1 : code == SQLITE_ROW ? 0 : -1;
}

static int lives(struct db *db, const struct store_tie *tie)
{
    struct str id = tie->target, type = str_cut(&id, '/');
    RESETTING sqlite3_stmt *row = db_sql(db, SQL_LIVES);
    db_bind_text(row, 1, type);
    db_bind_text(row, 2, id);
    int code = sqlite3_step(row);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : -1;
}

int links_hold(struct db *db, const struct store_tie *tie)
{
    return tie->is_deleted ? holds_nothing(db, tie) : lives(db, tie);
}

enum outcome links_referrers(struct store *store, const struct viewer *viewer, struct str target,
                             size_t most, struct arena *arena, struct store_page *out)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow(sqlite);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_LINK_FIND);
    int code = SQLITE_ROW;
    *out = (struct store_page){ .versions = arena_array(arena, most, sizeof *out->versions) };
    db_bind_text(row, 1, target);
    while (out->count < most && (code = next_referrer(row, viewer)) == SQLITE_ROW)
        out->versions[out->count++] =
            (struct store_version){ .type = str_copy(arena, db_column(row, 0)),
                                    .id = str_copy(arena, db_column(row, 1)) };
    out->has_more = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}
