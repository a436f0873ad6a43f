/* reindex.h - makes the index of stored records anew when search parameters have changed, while the
 * server works. */
#ifndef SERVER_REINDEX_H
#define SERVER_REINDEX_H
#include "server/search/search.h"

struct store;
struct reindex;
/* Compares what each type's index was made by with the definitions, and begins at once, in a thread
 * of its own, where they differ; goes on where an earlier run ended. Close it before the store and
 * the indexer. links: where integrity is kept, our base URL: records that were written without it
 * get their links, too; else NULL. */
struct reindex *reindex_open(struct store *store, struct search_indexer *indexer,
                             struct definitions *definitions, const struct str *links);
/* NULL is allowed. A run that is not at its end goes on at the next start. */
void reindex_close(struct reindex *reindex);
/* By these from now on; the ones before may be closed when it returns. has_changed: search
 * parameters may be others, and types whose index was made by others begin anew. */
void reindex_follow(struct reindex *reindex, struct search_indexer *indexer,
                    struct definitions *definitions, bool has_changed);
/* All records of the type, or (empty) of all types, once more. */
void reindex_start(struct reindex *reindex, struct str type);
/* False while records that are older than the parameter have no rows for it: `reindex` as
 * search_context has it. */
bool reindex_is_ready(void *reindex, struct str type, struct str code);

struct reindex_progress {
    struct str type;
    uint64_t done, total;
    bool is_waiting;
    size_t failed; /* records that could not be read */
};
/* Of each type that this run of the program has to do with. */
void reindex_read(struct reindex *reindex, struct arena *arena, struct reindex_progress **progress,
                  size_t *count);
#endif
