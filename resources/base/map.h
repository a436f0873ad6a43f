/* map.h - a hash map from strings to pointers; keyed hashing, so that hostile keys cannot pile up.
 */
#ifndef RESOURCES_BASE_MAP_H
#define RESOURCES_BASE_MAP_H
#include <stdbool.h>
#include <stddef.h>

#include "resources/base/str.h"

/* Grows in its arena; keys are borrowed and must live as long as the map. Readers may share it
 * while nobody writes. */
struct map {
    struct arena *arena;
    struct map_slot *slots;
    size_t count, room;
    uint64_t key[2];
};

void map_init(struct map *map, struct arena *arena);
/* The value, or NULL. */
void *map_find(const struct map *map, struct str key);
/* Adds or replaces; value is not NULL. Returns the value that stood there before, or NULL. */
void *map_set(struct map *map, struct str key, void *value);
/* Walks in no particular order: start with *at = 0; false at the end. */
bool map_next(const struct map *map, size_t *at, struct str *key, void **value);
#endif
