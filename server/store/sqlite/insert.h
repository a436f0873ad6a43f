/* insert.h - the rows that a commit adds, one function a thing. */
#ifndef SERVER_STORE_SQLITE_INSERT_H
#define SERVER_STORE_SQLITE_INSERT_H
#include "server/store/sqlite/prepare.h"

/* Where a new version goes. */
struct insert_place {
    struct db *db;
    int64_t version_key;
    uint64_t commit;
    int64_t resource; /* 0: there is none yet */
    int64_t context;  /* of the version before, which a deletion keeps */
};
/* All false on a fault. The version with its body, its index and its compartments; it becomes the
 * current one. */
bool insert_version(struct insert_place *place, const struct store_write *write,
                    const struct prepared_write *prepared);
/* Only the index rows and compartments of a version that is there. */
bool insert_index(const struct insert_place *place, const struct store_write *write,
                  const struct prepared_write *prepared);
bool insert_commit(struct db *db, uint64_t number, int64_t at_us);
/* A job whose key is already there is not added again. */
bool insert_job(struct db *db, const struct store_job *job, int64_t now_us);
bool insert_audit(struct db *db, const struct body_packed *audit, uint64_t number, int64_t at_us);
#endif
