/* heads.c - conformance resources of every type as a list: what is there, without reading it. */
#include "resources/fhir/definitions/heads.h"

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"

/* The list being made, with the canonicals and ids that are taken. */
struct listing {
    struct definition_head *heads;
    size_t count, room;
    struct map taken;
    struct arena *arena;
};

static void add(struct listing *listing, const struct definition_head *head)
{
    struct str canonical =
        str_print(listing->arena, STR_FMT "|" STR_FMT, STR_ARG(head->url), STR_ARG(head->version));
    if (map_find(&listing->taken, canonical) ||
        (head->id.len && map_find(&listing->taken, head->id)))
        return;
    map_set(&listing->taken, canonical, listing);
    if (head->id.len)
        map_set(&listing->taken, head->id, listing);
    if (listing->count == listing->room) {
        listing->room = listing->room ? 2 * listing->room : 16;
        struct definition_head *more = arena_array(listing->arena, listing->room, sizeof *more);
        if (listing->count)
            memcpy(more, listing->heads, listing->count * sizeof *more);
        listing->heads = more;
    }
    listing->heads[listing->count++] = *head;
}

/* only: canonicals that begin with it, or empty for all. */
static void list_layer(struct listing *listing, struct definitions *layer, const struct str key[3],
                       struct str only)
{
    LOCKING struct lock_held held = definitions_set_lock(layer);
    RESETTING_STATEMENT sqlite3_stmt *row = layer->database.queries[QUERY_HEADS];
    for (int i = 0; i < 3; i++)
        definitions_db_bind(row, i + 1, key[i]);
    while (sqlite3_step(row) == SQLITE_ROW) {
        if (!str_starts(definitions_db_text(row, 1), only))
            continue;
        struct definition_head head = { .type = key[0],
                                        .layer = layer,
                                        .number = sqlite3_column_int64(row, 0),
                                        .url = definitions_db_copy(row, 1, listing->arena),
                                        .version = definitions_db_copy(row, 2, listing->arena),
                                        .id = definitions_db_copy(row, 3, listing->arena),
                                        .name = definitions_db_copy(row, 4, listing->arena),
                                        .title = definitions_db_copy(row, 5, listing->arena),
                                        .status = definitions_db_copy(row, 6, listing->arena) };
        add(listing, &head);
    }
}

/* R4's own first, which nothing replaces. */
const struct definition_head *definitions_heads(struct definitions *definitions, struct str type,
                                                struct str id, struct str url, struct arena *arena,
                                                size_t *count)
{
    const struct str key[] = { type, id, url };
    struct listing listing = { .arena = arena };
    map_init(&listing.taken, arena);
    list_layer(&listing, definitions->root, key, STR("http://hl7.org/fhir/"));
    for (struct definitions *layer = definitions; layer; layer = layer->below)
        list_layer(&listing, layer, key, STR(""));
    *count = listing.count;
    return listing.heads;
}

bool definitions_has_heads(const struct definitions *definitions, struct str type)
{
    for (const struct definitions *layer = definitions; layer; layer = layer->below)
        if (map_find(&layer->head_types, type))
            return true;
    return false;
}

bool definitions_head_text(const struct definition_head *head, struct arena *arena,
                           struct str *text)
{
    LOCKING struct lock_held held = definitions_set_lock(head->layer);
    return definitions_read_content(head->layer, head->number, arena, text);
}
