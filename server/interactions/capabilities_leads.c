/* capabilities_leads.c - turns the targets of all reference parameters around. */
#include "server/interactions/capabilities_leads.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/search/kind.h"

enum { MOST_BYTES = 1 << 20 };

static void add(struct map *leads, struct str target, struct str source, struct str code)
{
    struct buf *list = map_find(leads, target);
    if (list)
        buf_print(list, ",\"" STR_FMT ":" STR_FMT "\"", STR_ARG(source), STR_ARG(code));
}

static void add_parameter(struct map *leads, const struct str *types, size_t count,
                          struct str source, const struct search_parameter *parameter)
{
    enum index_kind kind;
    if (!kind_of_parameter(&kind, parameter) || kind != INDEX_REFERENCE)
        return;
    for (size_t i = 0; i < parameter->target_count; i++)
        add(leads, parameter->targets[i], source, parameter->code);
    for (size_t i = 0; !parameter->target_count && i < count; i++)
        add(leads, types[i], source, parameter->code);
}

void capabilities_leads(struct map *leads, struct definitions *definitions, struct arena *arena)
{
    size_t count;
    const struct str *types = definitions_resource_types(definitions, &count);
    map_init(leads, arena);
    for (size_t i = 0; i < count; i++) {
        struct buf *list = arena_alloc(arena, sizeof *list);
        buf_init(list, arena, MOST_BYTES);
        map_set(leads, types[i], list);
    }
    for (size_t i = 0; i < count; i++) {
        size_t parameters;
        const struct search_parameter *const *all =
            definitions_search_parameters(definitions, types[i], &parameters);
        for (size_t k = 0; k < parameters; k++)
            add_parameter(leads, types, count, types[i], all[k]);
    }
}
