/* recent.h - current versions that were lately read, whole as an answer sends them: reading one
 * again asks no database and decompresses nothing. */
#ifndef SERVER_STORE_SQLITE_RECENT_H
#define SERVER_STORE_SQLITE_RECENT_H
#include <pthread.h>

#include "server/store/store.h"

/* A record has one set, by its type and id, and there one of a few places: the longest unused one
 * makes room. All together hold at most 64 MiB; what is longer is not kept. */
enum { RECENT_SETS = 1024, RECENT_PLACES = 4, RECENT_MOST_BODY = 16384 };

struct recent {
    struct recent_set {
        pthread_mutex_t lock;
        uint64_t forgotten; /* number of the last commit that wrote a record of this set */
        uint64_t uses;
        struct recent_place {
            struct arena *arena; /* of what the version borrows; NULL: nothing is here */
            struct store_version version;
            uint64_t used;
        } places[RECENT_PLACES];
    } * sets;
};
void recent_init(struct recent *recent, struct arena *arena);
void recent_done(struct recent *recent);

/* A copy in the arena; false when it is not here. Who may see it is for the caller to know. */
bool recent_find(struct recent *recent, struct str type, struct str id, struct arena *arena,
                 struct store_version *out);
/* Keeps a copy of a current version. seen: the last durable commit before it was read; if its
 * record may have been written since, it is not kept. */
void recent_keep(struct recent *recent, const struct store_version *version, uint64_t seen);
/* From the writer, before commit `number` can be seen: what a reader finds from now on is what it
 * reads itself, until that commit is durable. */
void recent_forget(struct recent *recent, struct str type, struct str id, uint64_t number);
#endif
