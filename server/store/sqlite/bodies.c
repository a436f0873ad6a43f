/* bodies.c - compressing and decompressing bodies, training dictionaries. */
#include "server/store/sqlite/bodies.h"

#include <string.h>
#include <zdict.h>

#include "resources/base/arena.h"
#include "server/store/seed.h"

enum { DICTIONARY_SIZE = 64 << 10 };
/* No body is larger than the largest transaction taken (architecture: 128 MiB). */
#define MOST_BODY ((unsigned long long)256 << 20)

bool bodies_use(struct bodies *bodies, int number, struct str dictionary)
{
    if (number < 1 || number > BODIES_MOST_DICTIONARIES)
        return false;
    struct bodies_dictionary made = {
        ZSTD_createCDict(dictionary.data, dictionary.len, BODIES_LEVEL),
        ZSTD_createDDict(dictionary.data, dictionary.len),
    };
    if (!made.pack || !made.unpack) {
        ZSTD_freeCDict(made.pack);
        ZSTD_freeDDict(made.unpack);
        return false;
    }
    pthread_mutex_lock(&bodies->lock);
    bodies->dictionaries[number] = made;
    if (number > bodies->newest)
        bodies->newest = number;
    pthread_mutex_unlock(&bodies->lock);
    return true;
}

bool bodies_load(struct bodies *bodies, struct db *db)
{
    pthread_mutex_init(&bodies->lock, NULL);
    RESETTING sqlite3_stmt *all = db_sql(db, SQL_DICTIONARY_ALL);
    while (sqlite3_step(all) == SQLITE_ROW)
        if (!bodies_use(bodies, sqlite3_column_int(all, 0), db_column(all, 1)))
            return false;
    if (bodies->newest)
        return true;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str seed = seed_dictionary(arena);
    sqlite3_stmt *add = db_sql(db, SQL_DICTIONARY_ADD);
    db_bind(add, 1, 1);
    db_bind_blob(add, 2, seed);
    return db_done(add) && bodies_use(bodies, 1, seed);
}

void bodies_done(struct bodies *bodies)
{
    for (int i = 1; i <= bodies->newest; i++) {
        ZSTD_freeCDict(bodies->dictionaries[i].pack);
        ZSTD_freeDDict(bodies->dictionaries[i].unpack);
    }
    while (bodies->packer_count)
        ZSTD_freeCCtx(bodies->packers[--bodies->packer_count]);
    while (bodies->unpacker_count)
        ZSTD_freeDCtx(bodies->unpackers[--bodies->unpacker_count]);
    pthread_mutex_destroy(&bodies->lock);
}

int bodies_newest(struct bodies *bodies)
{
    pthread_mutex_lock(&bodies->lock);
    int newest = bodies->newest;
    pthread_mutex_unlock(&bodies->lock);
    return newest;
}

static ZSTD_CCtx *borrow_packer(struct bodies *bodies, int *number)
{
    pthread_mutex_lock(&bodies->lock);
    *number = bodies->newest;
    ZSTD_CCtx *packer = bodies->packer_count ? bodies->packers[--bodies->packer_count] : NULL;
    pthread_mutex_unlock(&bodies->lock);
    return packer ? packer : ZSTD_createCCtx();
}

static void give_back_packer(struct bodies *bodies, ZSTD_CCtx *packer)
{
    pthread_mutex_lock(&bodies->lock);
    if (bodies->packer_count < BODIES_MOST_FREE) {
        bodies->packers[bodies->packer_count++] = packer;
        packer = NULL;
    }
    pthread_mutex_unlock(&bodies->lock);
    ZSTD_freeCCtx(packer);
}

void bodies_pack(struct body_packed *out, struct bodies *bodies, struct str body,
                 struct arena *arena)
{
    int number;
    *out = (struct body_packed){ body, 0 };
    ZSTD_CCtx *packer = borrow_packer(bodies, &number);
    if (!packer)
        return;
    CLOSING_ARENA struct arena *scratch = arena_open();
    size_t most = ZSTD_compressBound(body.len);
    char *room = arena_alloc_raw(scratch, most);
    size_t len = ZSTD_compress_usingCDict(packer, room, most, body.data, body.len,
                                          bodies->dictionaries[number].pack);
    if (!ZSTD_isError(len) && len < body.len)
        *out = (struct body_packed){ { arena_copy(arena, room, len), len }, number };
    give_back_packer(bodies, packer);
}

static size_t unpack(struct bodies *bodies, char *room, size_t len,
                     const struct body_packed *packed)
{
    pthread_mutex_lock(&bodies->lock);
    const ZSTD_DDict *dictionary = bodies->dictionaries[packed->dictionary].unpack;
    ZSTD_DCtx *unpacker =
        bodies->unpacker_count ? bodies->unpackers[--bodies->unpacker_count] : NULL;
    pthread_mutex_unlock(&bodies->lock);
    if (!unpacker)
        unpacker = ZSTD_createDCtx();
    size_t got = unpacker && dictionary
                     ? ZSTD_decompress_usingDDict(unpacker, room, len, packed->bytes.data,
                                                  packed->bytes.len, dictionary)
                     : len + 1;
    pthread_mutex_lock(&bodies->lock);
    if (unpacker && bodies->unpacker_count < BODIES_MOST_FREE) {
        bodies->unpackers[bodies->unpacker_count++] = unpacker;
        unpacker = NULL;
    }
    pthread_mutex_unlock(&bodies->lock);
    ZSTD_freeDCtx(unpacker);
    return got;
}

bool bodies_unpack(struct body_room *room, struct bodies *bodies, const struct body_packed *packed,
                   struct arena *arena)
{
    if (packed->dictionary < 0 || packed->dictionary > BODIES_MOST_DICTIONARIES)
        return false;
    struct str bytes = packed->bytes;
    unsigned long long len =
        packed->dictionary ? ZSTD_getFrameContentSize(bytes.data, bytes.len) : bytes.len;
    if (len > MOST_BODY)
        return false;
    room->len = (size_t)len;
    room->bytes = arena_alloc_raw(arena, room->before + room->len + 1);
    char *body = room->bytes + room->before;
    body[len] = '\0';
    if (packed->dictionary)
        return unpack(bodies, body, room->len, packed) == room->len;
    memcpy(body, bytes.data, bytes.len);
    return true;
}

struct str bodies_train(const struct str *samples, size_t count, struct arena *arena)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++)
        all += samples[i].len;
    size_t *sizes = arena_array(arena, count, sizeof *sizes);
    char *joined = arena_alloc_raw(arena, all), *at = joined;
    for (size_t i = 0; i < count; i++) {
        memcpy(at, samples[i].data, samples[i].len);
        at += samples[i].len;
        sizes[i] = samples[i].len;
    }
    char *room = arena_alloc_raw(arena, DICTIONARY_SIZE);
    size_t len = ZDICT_trainFromBuffer(room, DICTIONARY_SIZE, joined, sizes, (unsigned)count);
    return ZDICT_isError(len) ? (struct str){ NULL, 0 } : (struct str){ room, len };
}
