/* map.c - open addressing with linear probes over SipHash-1-3. */
#include "resources/base/map.h"

#include <assert.h>
#include <string.h>

#include "resources/base/arena.h"

struct map_slot {
    struct str key;
    void *value;
    uint64_t hash;
};

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

/* Every look-up comes here: the words have to stay in registers. */
static inline __attribute__((always_inline)) void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

static uint64_t sip_hash(const uint64_t key[2], struct str text)
{
    uint64_t v[4] = { key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                      key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u };
    size_t at = 0;
    for (; at + 8 <= text.len; at += 8) {
        uint64_t word;
        memcpy(&word, text.data + at, 8);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)text.len << 56;
    if (text.len > at)
        memcpy(&last, text.data + at, text.len - at);
    last = (last & 0x00ffffffffffffffu) | (uint64_t)text.len << 56;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *map, struct arena *arena)
{
    /* The key comes from where the system laid memory and this map: unknown to whoever sends the
     * keys. */
    uint64_t place = (uint64_t)(uintptr_t)map, ground = (uint64_t)(uintptr_t)arena;
    *map = (struct map){ .arena = arena,
                         .key = { place * 0x9e3779b97f4a7c15u, ground ^ 0xbf58476d1ce4e5b9u } };
}

static struct map_slot *probe(const struct map *map, struct str key, uint64_t hash)
{
    size_t at = (size_t)hash & (map->room - 1);
    while (map->slots[at].value &&
           (map->slots[at].hash != hash || !str_equal(map->slots[at].key, key)))
        at = (at + 1) & (map->room - 1);
    return &map->slots[at];
}

void *map_find(const struct map *map, struct str key)
{
    if (map->count == 0)
        return NULL;
    return probe(map, key, sip_hash(map->key, key))->value;
}

static void grow(struct map *map)
{
    struct map_slot *old = map->slots;
    size_t count = map->room;
    map->room = count ? count * 2 : 16;
    map->slots = arena_array(map->arena, map->room, sizeof *map->slots);
    for (size_t i = 0; i < count; i++)
        if (old[i].value)
            *probe(map, old[i].key, old[i].hash) = old[i];
}

void *map_set(struct map *map, struct str key, void *value)
{
    assert(value);
    if ((map->count + 1) * 4 > map->room * 3)
        grow(map);
    uint64_t hash = sip_hash(map->key, key);
    struct map_slot *slot = probe(map, key, hash);
    void *before = slot->value;
    if (!before) {
        slot->key = key;
        slot->hash = hash;
        map->count++;
    }
    slot->value = value;
    return before;
}

bool map_next(const struct map *map, size_t *at, struct str *key, void **value)
{
    for (; *at < map->room; (*at)++)
        if (map->slots[*at].value) {
            *key = map->slots[*at].key;
            *value = map->slots[(*at)++].value;
            return true;
        }
    return false;
}
