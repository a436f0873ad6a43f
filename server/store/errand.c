/* errand.c - hands every call to the backend. */
#include "server/store/errand.h"

#include "server/store/backend.h"

enum outcome errand_add(struct store *store, const struct errand *errand, size_t most)
{
    return store->backend->errand->add(store, errand, most);
}

enum outcome errand_find(struct store *store, struct str client, struct str id, struct arena *arena,
                         struct errand *out)
{
    return store->backend->errand->find(store, client, id, arena, out);
}

enum outcome errand_take(struct store *store, struct arena *arena, struct errand *out)
{
    return store->backend->errand->take(store, arena, out);
}

enum outcome errand_finish(struct store *store, struct str id, struct str answer,
                           int64_t expires_us)
{
    return store->backend->errand->finish(store, id, answer, expires_us);
}

enum outcome errand_drop(struct store *store, struct str client, struct str id)
{
    return store->backend->errand->drop(store, client, id);
}

enum outcome errand_add_file(struct store *store, struct str id, const struct errand_file *file)
{
    return store->backend->errand->add_file(store, id, file);
}

enum outcome errand_find_file(struct store *store, struct str client, struct str id,
                              uint64_t number, struct arena *arena, struct errand_file *out)
{
    return store->backend->errand->find_file(store, client, id, number, arena, out);
}

enum outcome errand_resume(struct store *store, struct str answer, int64_t expires_us)
{
    return store->backend->errand->resume(store, answer, expires_us);
}
