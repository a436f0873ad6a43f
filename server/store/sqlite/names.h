/* names.h - small numbers for texts that come again and again: types, parameters, systems, owners.
 */
#ifndef SERVER_STORE_SQLITE_NAMES_H
#define SERVER_STORE_SQLITE_NAMES_H
#include <pthread.h>

#include "resources/base/map.h"
#include "server/store/sqlite/db.h"

/* The table `name` and a cache of it. A key, once given, never changes. The cache is bounded, for
 * systems come from outside; what is not in it is looked up in the table. */
enum name_kind { NAME_TYPE, NAME_PARAMETER, NAME_SYSTEM, NAME_OWNER };
enum { NAMES_MOST_CACHED = 65536, NAMES_LONGEST_CACHED = 256 };
struct names {
    pthread_rwlock_t lock;
    struct arena *arena;
    struct map map;
    unsigned generation; /* grows when keys that were given out may be void */
};
/* Keys that are no row's: the empty text, and a text that the table does not have. */
enum { NAME_NONE = 0, NAME_UNKNOWN = -1 };

bool names_load(struct names *names, struct db *db);
void names_done(struct names *names);
/* Keys found at one generation are good as long as it lasts: a transaction that is lost takes the
 * names that it added with it. */
unsigned names_generation(struct names *names);
/* From the cache alone: NAME_UNKNOWN says nothing about the table. */
int64_t names_cached(struct names *names, enum name_kind kind, struct str text);
/* From the cache or the table. */
int64_t names_find(struct names *names, struct db *db, enum name_kind kind, struct str text);
/* As names_find, and adds what is not there: the writer's, in its transaction. NAME_UNKNOWN on a
 * fault. */
int64_t names_add(struct names *names, struct db *db, enum name_kind kind, struct str text);
/* The text of a parameter's name: (type, code). In the buffer given when that is long enough. */
enum { NAMES_PARAMETER_ROOM = 128 };
struct str names_parameter(char *room, struct str type, struct str code, struct arena *arena);
#endif
