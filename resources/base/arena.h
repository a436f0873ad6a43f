/* arena.h - memory with a named lifetime: allocate freely, release all at once. */
#ifndef RESOURCES_BASE_ARENA_H
#define RESOURCES_BASE_ARENA_H
#include <stddef.h>

/* Everything taken from an arena lives until the arena is closed or reset past it. Not shared
 * between threads without a lock. Exhaustion of the machine's memory aborts: refusing is done
 * earlier, by limits on what comes in. */
struct arena;
struct arena_mark {
    void *block;
    size_t used;
};

struct arena *arena_open(void);
void arena_close(struct arena *arena);

/* Zeroed, aligned to 16 bytes. size 0 gives a unique pointer. */
void *arena_alloc(struct arena *arena, size_t size);
/* As arena_alloc, not zeroed: the caller fills all of it. */
void *arena_alloc_raw(struct arena *arena, size_t size);
/* A zeroed array; asserts that count * size does not overflow. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* A list with room for one more item of that size: itself while count < *room, else a copy with
 * room for twice as many, at first for `first`. */
void *arena_grow(struct arena *arena, void *list, size_t count, size_t *room, size_t first,
                 size_t size);
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/* Scratch use inside one call: what was taken after the mark is gone after the reset. */
struct arena_mark arena_mark(struct arena *arena);
void arena_reset(struct arena *arena, struct arena_mark mark);

/* Bytes held from the system, for limits and metrics. */
size_t arena_size(const struct arena *arena);

/* For a process whose arenas come and go with each request: what is freed is kept at hand, up to so
 * much in each of the allocator's pools, instead of being given back to the system and asked for
 * again page by page. To be called once, at the start. */
void arena_keep_freed(size_t bytes);

void arena_close_at(struct arena **arena);
/* CLOSING_ARENA struct arena *a = arena_open(); closes it on every way out of the block. */
#define CLOSING_ARENA __attribute__((cleanup(arena_close_at)))
#endif
