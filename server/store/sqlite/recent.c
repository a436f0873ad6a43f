/* recent.c - sets of a few places, each set under a lock of its own. */
#include "server/store/sqlite/recent.h"

#include <string.h>

#include "resources/base/arena.h"

/* FNV-1a. Ids of one set push each other out and do no other harm, so a keyed hash is not needed.
 */
static uint64_t hash(uint64_t so_far, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        so_far = (so_far ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return so_far;
}

static struct recent_set *set_of(struct recent *recent, struct str type, struct str id)
{
    uint64_t mixed = hash(hash(UINT64_C(0xcbf29ce484222325), type), id);
    return &recent->sets[(mixed ^ mixed >> 32) % RECENT_SETS];
}

static struct recent_place *find(struct recent_set *set, struct str type, struct str id)
{
    for (struct recent_place *at = set->places; at < set->places + RECENT_PLACES; at++)
        if (at->arena && str_equal(at->version.id, id) && str_equal(at->version.type, type))
            return at;
    return NULL;
}

static struct recent_place *longest_unused(struct recent_set *set)
{
    struct recent_place *oldest = set->places;
    for (struct recent_place *at = set->places; at < set->places + RECENT_PLACES; at++)
        if (at->used < oldest->used)
            oldest = at;
    return oldest;
}

static void empty(struct recent_place *place)
{
    arena_close(place->arena);
    *place = (struct recent_place){ .used = 0 };
}

/* One allocation holds all that the version borrows. */
static void copy(struct store_version *to, const struct store_version *from, struct arena *arena)
{
    struct str *texts[] = { &to->body, &to->type, &to->id, &to->owner, &to->context };
    size_t len =
        from->body.len + from->type.len + from->id.len + from->owner.len + from->context.len;
    char *at = arena_alloc_raw(arena, len + COUNT(texts));
    *to = *from;
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (texts[i]->len)
            memcpy(at, texts[i]->data, texts[i]->len);
        at[texts[i]->len] = '\0';
        texts[i]->data = at;
        at += texts[i]->len + 1;
    }
}

void recent_init(struct recent *recent, struct arena *arena)
{
    recent->sets = arena_array(arena, RECENT_SETS, sizeof *recent->sets);
    for (size_t i = 0; i < RECENT_SETS; i++)
        pthread_mutex_init(&recent->sets[i].lock, NULL);
}

void recent_done(struct recent *recent)
{
    for (size_t i = 0; recent->sets && i < RECENT_SETS; i++) {
        for (size_t p = 0; p < RECENT_PLACES; p++)
            empty(&recent->sets[i].places[p]);
        pthread_mutex_destroy(&recent->sets[i].lock);
    }
}

bool recent_find(struct recent *recent, struct str type, struct str id, struct arena *arena,
                 struct store_version *out)
{
    struct recent_set *set = set_of(recent, type, id);
    pthread_mutex_lock(&set->lock);
    struct recent_place *place = find(set, type, id);
    if (place) {
        place->used = ++set->uses;
        copy(out, &place->version, arena);
    }
    pthread_mutex_unlock(&set->lock);
    return place != NULL;
}

void recent_keep(struct recent *recent, const struct store_version *version, uint64_t seen)
{
    if (version->body.len > RECENT_MOST_BODY)
        return;
    struct recent_set *set = set_of(recent, version->type, version->id);
    struct arena *arena = arena_open();
    struct recent_place made = { .arena = arena };
    copy(&made.version, version, arena);
    pthread_mutex_lock(&set->lock);
    if (seen >= set->forgotten && !find(set, version->type, version->id)) {
        struct recent_place *place = longest_unused(set);
        arena = place->arena;
        made.used = ++set->uses;
        *place = made;
    }
    pthread_mutex_unlock(&set->lock);
    arena_close(arena); /* of what made room, or of what was not wanted */
}

void recent_forget(struct recent *recent, struct str type, struct str id, uint64_t number)
{
    struct recent_set *set = set_of(recent, type, id);
    pthread_mutex_lock(&set->lock);
    struct recent_place *place = find(set, type, id);
    if (place)
        empty(place);
    set->forgotten = number;
    pthread_mutex_unlock(&set->lock);
}
