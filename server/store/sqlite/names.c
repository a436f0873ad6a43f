/* names.c - the table `name` and its cache. */
#include "server/store/sqlite/names.h"

#include <string.h>

#include "resources/base/arena.h"

struct known {
    int64_t key;
};
/* The cache's key is the kind's digit and the text. */
enum { KEY_ROOM = NAMES_LONGEST_CACHED + 1 };

static struct str cache_key(char *room, enum name_kind kind, struct str text)
{
    room[0] = (char)('0' + kind);
    memcpy(room + 1, text.data, text.len);
    return (struct str){ room, text.len + 1 };
}

static void remember(struct names *names, enum name_kind kind, struct str text, int64_t key)
{
    char room[KEY_ROOM];
    if (text.len > NAMES_LONGEST_CACHED)
        return;
    pthread_rwlock_wrlock(&names->lock);
    struct str found = cache_key(room, kind, text);
    if (names->map.count < NAMES_MOST_CACHED && !map_find(&names->map, found)) {
        struct known *known = arena_alloc(names->arena, sizeof *known);
        known->key = key;
        map_set(&names->map, str_copy(names->arena, found), known);
    }
    pthread_rwlock_unlock(&names->lock);
}

bool names_load(struct names *names, struct db *db)
{
    if (names->arena) {
        /* The writer lost a transaction: names that it gave out in it are gone. */
        pthread_rwlock_wrlock(&names->lock);
        arena_close(names->arena);
    } else {
        pthread_rwlock_init(&names->lock, NULL);
        pthread_rwlock_wrlock(&names->lock);
    }
    names->generation++;
    names->arena = arena_open();
    map_init(&names->map, names->arena);
    pthread_rwlock_unlock(&names->lock);
    RESETTING sqlite3_stmt *all = db_sql(db, SQL_NAME_ALL);
    int code;
    while ((code = sqlite3_step(all)) == SQLITE_ROW)
        remember(names, (enum name_kind)sqlite3_column_int(all, 1), db_column(all, 2),
                 sqlite3_column_int64(all, 0));
    return code == SQLITE_DONE;
}

unsigned names_generation(struct names *names)
{
    pthread_rwlock_rdlock(&names->lock);
    unsigned generation = names->generation;
    pthread_rwlock_unlock(&names->lock);
    return generation;
}

void names_done(struct names *names)
{
    if (!names->arena)
        return;
    arena_close(names->arena);
    pthread_rwlock_destroy(&names->lock);
}

int64_t names_cached(struct names *names, enum name_kind kind, struct str text)
{
    char room[KEY_ROOM];
    if (!text.len)
        return NAME_NONE;
    if (text.len > NAMES_LONGEST_CACHED)
        return NAME_UNKNOWN;
    pthread_rwlock_rdlock(&names->lock);
    const struct known *known = map_find(&names->map, cache_key(room, kind, text));
    int64_t key = known ? known->key : NAME_UNKNOWN;
    pthread_rwlock_unlock(&names->lock);
    return key;
}

int64_t names_find(struct names *names, struct db *db, enum name_kind kind, struct str text)
{
    int64_t key = names_cached(names, kind, text);
    if (key != NAME_UNKNOWN)
        return key;
    RESETTING sqlite3_stmt *find = db_sql(db, SQL_NAME_FIND);
    db_bind(find, 1, kind);
    db_bind_text(find, 2, text);
    return db_number(find, NAME_UNKNOWN);
}

int64_t names_add(struct names *names, struct db *db, enum name_kind kind, struct str text)
{
    int64_t key = names_find(names, db, kind, text);
    if (key == NAME_UNKNOWN) {
        sqlite3_stmt *add = db_sql(db, SQL_NAME_ADD);
        db_bind(add, 1, kind);
        db_bind_text(add, 2, text);
        if (!db_done(add))
            return NAME_UNKNOWN;
        key = sqlite3_last_insert_rowid(db->handle);
    }
    remember(names, kind, text, key);
    return key;
}

struct str names_parameter(char *room, struct str type, struct str code, struct arena *arena)
{
    size_t len = type.len + 1 + code.len;
    char *text = len <= NAMES_PARAMETER_ROOM ? room : arena_alloc_raw(arena, len);
    memcpy(text, type.data, type.len);
    text[type.len] = '.';
    memcpy(text + type.len + 1, code.data, code.len);
    return (struct str){ text, len };
}
