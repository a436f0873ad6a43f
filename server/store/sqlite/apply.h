/* apply.h - a commit, on the writer thread: guards, versions, rows, jobs, answer; all or nothing.
 */
#ifndef SERVER_STORE_SQLITE_APPLY_H
#define SERVER_STORE_SQLITE_APPLY_H
#include "server/store/store.h"

/* The functions of store.h. */
enum outcome apply_commit(struct store *store, struct store_commit *commit, struct arena *arena);
void apply_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context);
#endif
