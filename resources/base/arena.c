/* arena.c - bump allocation in blocks that double up to a bound; unused bytes are poisoned under
 * ASan. */
#include "resources/base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
/* A gap behind each allocation, so that running over the end is seen. */
enum { GAP = 16 };
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum { ALIGN = 16, FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

struct block {
    struct block *before;
    size_t size, used;
    max_align_t bytes[];
};

struct arena {
    struct block *top;
    size_t held, next;
};

static struct block *block_open(struct arena *arena, size_t least)
{
    size_t size = arena->next > least ? arena->next : least;
    struct block *block = malloc(sizeof(struct block) + size);
    if (!block)
        abort();
    *block = (struct block){ .before = arena->top, .size = size };
    POISON(block->bytes, size);
    arena->top = block;
    arena->held += size;
#ifndef ARENA_EACH_BLOCK
    if (arena->next < LARGEST_STEP)
        arena->next *= 2;
#endif
    return block;
}

struct arena *arena_open(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (!arena)
        abort();
#ifdef ARENA_EACH_BLOCK
    arena->next = ALIGN;
#else
    arena->next = FIRST_BLOCK;
#endif
    return arena;
}

static void block_close(struct arena *arena, struct block *block)
{
    arena->held -= block->size;
    UNPOISON(block->bytes, block->size);
    free(block);
}

void arena_close(struct arena *arena)
{
    if (!arena)
        return;
    while (arena->top) {
        struct block *before = arena->top->before;
        block_close(arena, arena->top);
        arena->top = before;
    }
    free(arena);
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
    assert(size <= SIZE_MAX / 2);
    size_t need = ((size + ALIGN - 1) & ~(size_t)(ALIGN - 1)) + GAP;
    if (need == 0)
        need = ALIGN;
    struct block *block = arena->top;
#ifdef ARENA_EACH_BLOCK
    block = NULL;
#endif
    if (!block || block->size - block->used < need)
        block = block_open(arena, need);
    char *bytes = (char *)block->bytes + block->used;
    block->used += need;
    UNPOISON(bytes, size);
    return bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(arena_alloc_raw(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count <= SIZE_MAX / 4 / size);
    return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, void *list, size_t count, size_t *room, size_t first,
                 size_t size)
{
    if (count < *room)
        return list;
    *room = *room ? *room * 2 : first;
    void *more = arena_array(arena, *room, size);
    if (count)
        memcpy(more, list, count * size);
    return more;
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc_raw(arena, size);
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

struct arena_mark arena_mark(struct arena *arena)
{
    return (struct arena_mark){ arena->top, arena->top ? arena->top->used : 0 };
}

void arena_reset(struct arena *arena, struct arena_mark mark)
{
    while (arena->top != mark.block) {
        assert(arena->top);
        struct block *before = arena->top->before;
        block_close(arena, arena->top);
        arena->top = before;
    }
    if (arena->top) {
        POISON((char *)arena->top->bytes + mark.used, arena->top->used - mark.used);
        arena->top->used = mark.used;
    }
}

size_t arena_size(const struct arena *arena)
{
    return arena->held;
}

void arena_close_at(struct arena **arena)
{
    arena_close(*arena);
}

void arena_keep_freed(size_t bytes)
{
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
#else
    (void)bytes;
#endif
}
