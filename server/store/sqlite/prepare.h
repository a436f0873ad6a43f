/* prepare.h - everything about a commit that can be done before the writer sees it. */
#ifndef SERVER_STORE_SQLITE_PREPARE_H
#define SERVER_STORE_SQLITE_PREPARE_H
#include "server/store/sqlite/sqlite.h"

enum { PREPARE_HASH = 16 };
/* An index row with its names as keys. */
struct prepared_row {
    const struct index_row *row;
    int64_t parameter;
    int64_t first; /* token, quantity: the system; reference: the type of the target */
    int64_t parts[INDEX_MOST_PARTS]; /* composite: the same of each part */
};
struct prepared_write {
    int64_t type, owner, context;
    struct body_packed body;
    uint8_t hash[PREPARE_HASH]; /* of the body: tells an update that changes nothing */
    struct prepared_row *rows;
    size_t row_count;
};
struct prepared {
    struct store_commit *commit;
    struct prepared_write *writes;
    struct body_packed *audits;
    struct arena *arena;
    bool has_unknown_names;
    unsigned generation; /* of the names */
};
/* On the caller's thread: packs, hashes, looks names up in the cache. */
void prepare_commit(struct prepared *prepared, struct sqlite *sqlite, struct store_commit *commit,
                    struct arena *arena);
/* On the writer thread: gives keys to names that the cache did not have. False on a fault. */
bool prepare_names(struct prepared *prepared, struct sqlite *sqlite, struct db *db);
#endif
