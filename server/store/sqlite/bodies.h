/* bodies.h - resource bodies as they lie in the database: zstd with a dictionary. */
#ifndef SERVER_STORE_SQLITE_BODIES_H
#define SERVER_STORE_SQLITE_BODIES_H
#include <pthread.h>
#include <zstd.h>

#include "server/store/sqlite/db.h"

/* Dictionaries are numbered from 1 and never change; a body says which one it needs. The first is
 * text of our own (seed.c), later ones are trained from the store's own bodies. 0 is none. */
enum { BODIES_MOST_DICTIONARIES = 32, BODIES_MOST_FREE = 16, BODIES_LEVEL = 3 };
struct bodies {
    pthread_mutex_t lock;
    struct bodies_dictionary {
        ZSTD_CDict *pack;
        ZSTD_DDict *unpack;
    } dictionaries[BODIES_MOST_DICTIONARIES + 1];
    int newest;
    /* Contexts are large and made once; whoever needs one borrows it. */
    ZSTD_CCtx *packers[BODIES_MOST_FREE];
    ZSTD_DCtx *unpackers[BODIES_MOST_FREE];
    size_t packer_count, unpacker_count;
};
struct body_packed {
    struct str bytes;
    int dictionary;
};
/* Reads the dictionaries of the database; adds the first where there is none. */
bool bodies_load(struct bodies *bodies, struct db *db);
void bodies_done(struct bodies *bodies);
void bodies_pack(struct body_packed *out, struct bodies *bodies, struct str body,
                 struct arena *arena);
/* A body behind `before` free bytes (set by the caller) and before one more. */
struct body_room {
    char *bytes;
    size_t before, len;
};
/* Into the arena. False when the bytes are damaged. */
bool bodies_unpack(struct body_room *room, struct bodies *bodies, const struct body_packed *packed,
                   struct arena *arena);
/* A dictionary trained from bodies, or empty when they are too few or too different. */
struct str bodies_train(const struct str *samples, size_t count, struct arena *arena);
int bodies_newest(struct bodies *bodies);
/* Takes a dictionary that is already in the database into use. */
bool bodies_use(struct bodies *bodies, int number, struct str dictionary);
#endif
