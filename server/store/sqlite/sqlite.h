/* sqlite.h - the SQLite backend's own struct: what its files share. */
#ifndef SERVER_STORE_SQLITE_SQLITE_H
#define SERVER_STORE_SQLITE_SQLITE_H
#include "server/store/backend.h"
#include "server/store/sqlite/bodies.h"
#include "server/store/sqlite/db.h"
#include "server/store/sqlite/names.h"
#include "server/store/sqlite/outbox.h"
#include "server/store/sqlite/recent.h"
#include "server/store/sqlite/writer.h"

enum { SQLITE_SEAL_LENGTH = 32, SQLITE_DEFAULT_READERS = 4, SQLITE_DEFAULT_PAGE_LIFE = 3600 };

struct sqlite {
    struct store store; /* first: a struct store * of this backend is a struct sqlite * */
    struct arena *arena;
    const char *path;
    int lock_file;
    struct store_options options;
    uint8_t seal[SQLITE_SEAL_LENGTH];
    struct names names;
    struct bodies bodies;
    struct recent recent;
    struct outbox outbox;
    struct writer writer;
    /* Connections that nobody uses; most recently used first, for its warm pages. */
    struct sqlite_pool {
        pthread_mutex_t lock;
        pthread_cond_t freed;
        struct db *free;
        struct db **all;
        size_t count;
    } readers;
};

/* A reading connection, alone for the borrower until it is given back. Waits for one. */
struct sqlite_reader {
    struct sqlite *sqlite;
    struct db *db;
};
struct sqlite_reader sqlite_borrow(struct sqlite *sqlite);
void sqlite_give_back(struct sqlite_reader *reader);
#define GIVING_BACK __attribute__((cleanup(sqlite_give_back)))

/* Wall clock, UTC microseconds. */
int64_t sqlite_now_us(void);
#endif
