/* rebuild.c - living versions in the order of their keys, and their index rows replaced. */
#include "server/store/rebuild.h"

#include "resources/base/arena.h"
#include "server/store/sqlite/house.h"
#include "server/store/sqlite/insert.h"
#include "server/store/sqlite/links.h"
#include "server/store/sqlite/read.h"

static int64_t type_key(struct sqlite_reader *reader, struct str type)
{
    return names_find(&reader->sqlite->names, reader->db, NAME_TYPE, type);
}

static enum outcome list_types(struct store *store, struct arena *arena, struct str **types,
                               size_t *count)
{
    enum { MOST_TYPES = 1000 };
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    RESETTING sqlite3_stmt *row = db_sql(reader.db, SQL_REBUILD_TYPES);
    int code = SQLITE_ROW;
    *types = arena_array(arena, MOST_TYPES, sizeof **types);
    *count = 0;
    while (*count < MOST_TYPES && (code = sqlite3_step(row)) == SQLITE_ROW)
        (*types)[(*count)++] = str_copy(arena, db_column(row, 0));
    return code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

static uint64_t count_type(struct store *store, struct str type)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    sqlite3_stmt *row = db_sql(reader.db, SQL_REBUILD_COUNT);
    db_bind(row, 1, type_key(&reader, type));
    return (uint64_t)db_number(row, 0);
}

static enum outcome next_records(struct store *store, struct str type, int64_t after, size_t most,
                                 struct arena *arena, struct rebuild_record **records,
                                 size_t *count)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    SNAPSHOT_ENDING struct db_snapshot reading = db_snapshot(reader.db);
    RESETTING sqlite3_stmt *row = db_sql(reading.db, SQL_REBUILD_NEXT);
    db_bind(row, 1, type_key(&reader, type));
    db_bind(row, 2, after);
    db_bind(row, 3, (int64_t)most);
    *records = arena_array(arena, most, sizeof **records);
    *count = 0;
    int code = SQLITE_ROW;
    while (*count < most && (code = sqlite3_step(row)) == SQLITE_ROW) {
        struct store_version version;
        struct rebuild_record *record = &(*records)[(*count)++];
        record->key = sqlite3_column_int64(row, 0);
        if (read_key(&version, &reader, record->key, arena) != OUTCOME_OK)
            return OUTCOME_FAILED;
        record->body = version.body;
    }
    return code == SQLITE_ROW || code == SQLITE_DONE ? OUTCOME_OK : OUTCOME_FAILED;
}

struct putting {
    struct prepared prepared;
    const struct rebuild_record *records;
};

static enum outcome put_one(struct db *db, const struct putting *putting, size_t at)
{
    sqlite3_stmt *lives = db_sql(db, SQL_REBUILD_LIVES);
    db_bind(lives, 1, putting->records[at].key);
    if (!db_number(lives, 0))
        return OUTCOME_OK;
    struct insert_place place = { .db = db, .version_key = putting->records[at].key };
    bool ok = house_clear_index(db, place.version_key) &&
              insert_index(&place, &putting->prepared.commit->writes[at],
                           &putting->prepared.writes[at]) &&
              links_insert(db, place.version_key, &putting->prepared.commit->writes[at]);
    return ok ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome put_all(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    const struct putting *putting = context;
    enum outcome outcome = OUTCOME_OK;
    for (size_t i = 0; outcome == OUTCOME_OK && i < putting->prepared.commit->write_count; i++)
        outcome = put_one(db, putting, i);
    return outcome;
}

static bool ready(struct sqlite *sqlite, struct db *db, void *context)
{
    struct putting *putting = context;
    return prepare_names(&putting->prepared, sqlite, db);
}

/* As deletions, which have no body to pack: only the rows are of interest. */
static enum outcome put_records(struct store *store, struct str type,
                                const struct rebuild_record *records, size_t count,
                                struct arena *arena)
{
    struct sqlite *sqlite = (struct sqlite *)store;
    struct store_commit commit = { .write_count = count };
    struct putting putting = { .records = records };
    commit.writes = arena_array(arena, count, sizeof *commit.writes);
    for (size_t i = 0; i < count; i++)
        commit.writes[i] = (struct store_write){ .method = STORE_DELETE,
                                                 .type = type,
                                                 .index = records[i].index,
                                                 .links = records[i].links,
                                                 .link_count = records[i].link_count };
    prepare_commit(&putting.prepared, sqlite, &commit, arena);
    struct writer_change change = { .ready = ready, .apply = put_all, .context = &putting };
    return writer_run(sqlite, &change);
}

static struct str find_note(struct store *store, struct str name, struct arena *arena)
{
    GIVING_BACK struct sqlite_reader reader = sqlite_borrow((struct sqlite *)store);
    RESETTING sqlite3_stmt *find = db_sql(reader.db, SQL_SETTING_FIND);
    db_bind_text(find, 1, str_print(arena, "note:" STR_FMT, STR_ARG(name)));
    return sqlite3_step(find) == SQLITE_ROW ? str_copy(arena, db_column(find, 0))
                                            : (struct str){ 0 };
}

struct noting {
    const struct rebuild_note *notes;
    size_t count;
};

static enum outcome write_notes(struct sqlite *sqlite, struct db *db, void *context)
{
    (void)sqlite;
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct noting *noting = context;
    bool ok = true;
    for (size_t i = 0; ok && i < noting->count; i++) {
        sqlite3_stmt *set = db_sql(db, SQL_SETTING_SET);
        struct str name = str_print(arena, "note:" STR_FMT, STR_ARG(noting->notes[i].name));
        db_bind_text(set, 1, name);
        db_bind_text(set, 2, noting->notes[i].text);
        ok = db_done(set);
    }
    return ok ? OUTCOME_OK : OUTCOME_FAILED;
}

static enum outcome set_notes(struct store *store, const struct rebuild_note *notes, size_t count)
{
    struct noting noting = { notes, count };
    struct writer_change change = { .apply = write_notes, .context = &noting };
    return writer_run((struct sqlite *)store, &change);
}

const struct rebuild_backend rebuild_sqlite = {
    .types = list_types,
    .count = count_type,
    .next = next_records,
    .put = put_records,
    .find_note = find_note,
    .set_notes = set_notes,
};
