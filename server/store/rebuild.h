/* rebuild.h - making the index anew while the store serves: record by record, in small changes. */
#ifndef SERVER_STORE_REBUILD_H
#define SERVER_STORE_REBUILD_H
#include "server/store/store.h"

/* Types that have records, in the order in which they came. */
enum outcome rebuild_types(struct store *store, struct arena *arena, struct str **types,
                           size_t *count);
/* How many records of the type live. */
uint64_t rebuild_count(struct store *store, struct str type);

/* A living version; key is its place in the order of commits. */
struct rebuild_record {
    int64_t key;
    struct str body;
    const struct index_rows *index; /* this and the links are for rebuild_put */
    const struct str *links;        /* as in struct store_write */
    size_t link_count;
};
/* The next of the type behind the key, at most `most`. */
enum outcome rebuild_next(struct store *store, struct str type, int64_t after, size_t most,
                          struct arena *arena, struct rebuild_record **records, size_t *count);
/* Gives each record that still lives these rows of its index, and these links, in place of those
 * that it had. */
enum outcome rebuild_put(struct store *store, struct str type, const struct rebuild_record *records,
                         size_t count, struct arena *arena);

/* A note that the store keeps for whoever rebuilds; empty when there is none. */
struct rebuild_note {
    struct str name, text;
};
struct str rebuild_find_note(struct store *store, struct str name, struct arena *arena);
enum outcome rebuild_set_notes(struct store *store, const struct rebuild_note *notes, size_t count);

/* One row of functions a backend, as in backend.h. */
struct rebuild_backend {
    enum outcome (*types)(struct store *store, struct arena *arena, struct str **types,
                          size_t *count);
    uint64_t (*count)(struct store *store, struct str type);
    enum outcome (*next)(struct store *store, struct str type, int64_t after, size_t most,
                         struct arena *arena, struct rebuild_record **records, size_t *count);
    enum outcome (*put)(struct store *store, struct str type, const struct rebuild_record *records,
                        size_t count, struct arena *arena);
    struct str (*find_note)(struct store *store, struct str name, struct arena *arena);
    enum outcome (*set_notes)(struct store *store, const struct rebuild_note *notes, size_t count);
};
extern const struct rebuild_backend rebuild_sqlite;
#endif
