/* rebuild.c - hands every call to the backend. */
#include "server/store/rebuild.h"

#include "server/store/backend.h"

enum outcome rebuild_types(struct store *store, struct arena *arena, struct str **types,
                           size_t *count)
{
    return store->backend->rebuild->types(store, arena, types, count);
}

uint64_t rebuild_count(struct store *store, struct str type)
{
    return store->backend->rebuild->count(store, type);
}

enum outcome rebuild_next(struct store *store, struct str type, int64_t after, size_t most,
                          struct arena *arena, struct rebuild_record **records, size_t *count)
{
    return store->backend->rebuild->next(store, type, after, most, arena, records, count);
}

enum outcome rebuild_put(struct store *store, struct str type, const struct rebuild_record *records,
                         size_t count, struct arena *arena)
{
    return store->backend->rebuild->put(store, type, records, count, arena);
}

struct str rebuild_find_note(struct store *store, struct str name, struct arena *arena)
{
    return store->backend->rebuild->find_note(store, name, arena);
}

enum outcome rebuild_set_notes(struct store *store, const struct rebuild_note *notes, size_t count)
{
    return store->backend->rebuild->set_notes(store, notes, count);
}
