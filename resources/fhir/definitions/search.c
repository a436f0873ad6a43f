/* search.c - search parameters by resource type, and the patient compartment. */
#include <stdlib.h>
#include <string.h>

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"

static const struct str *read_words(struct arena *arena, struct str rest, size_t *count)
{
    size_t room = 1;
    for (size_t i = 0; i < rest.len; i++)
        room += rest.data[i] == ' ';
    struct str *words = arena_array(arena, room, sizeof *words);
    for (*count = 0; rest.len; (*count)++)
        words[*count] = str_cut(&rest, ' ');
    return words;
}

static void read_components(struct definitions *definitions, struct search_parameter *parameter,
                            int64_t id)
{
    enum { MOST_COMPONENTS = 16 };
    struct search_component components[MOST_COMPONENTS];
    size_t count = 0;
    RESETTING_STATEMENT sqlite3_stmt *row = definitions->database.queries[QUERY_SEARCH_COMPONENTS];
    sqlite3_bind_int64(row, 1, id);
    while (count < MOST_COMPONENTS && sqlite3_step(row) == SQLITE_ROW) {
        components[count].definition = definitions_db_copy(row, 0, definitions->arena);
        components[count++].expression = definitions_db_copy(row, 1, definitions->arena);
    }
    parameter->components = arena_copy(definitions->arena, components, count * sizeof *components);
    parameter->component_count = count;
}

/* The list of a type in this layer; it begins with what is below. */
static struct search_list *list_of(struct definitions *definitions, struct str type)
{
    struct map *below = definitions->below ? definitions->below->searches : NULL;
    const struct search_list *inherited = below ? map_find(below, type) : NULL;
    struct search_list *list = map_find(definitions->searches, type);
    if (list && list != inherited)
        return list;
    list = arena_alloc(definitions->arena, sizeof *list);
    if (inherited && inherited->count) {
        list->count = list->room = inherited->count;
        list->parameters = arena_array(definitions->arena, list->room, sizeof *list->parameters);
        memcpy(list->parameters, inherited->parameters, list->count * sizeof *list->parameters);
    }
    map_set(definitions->searches, type, list);
    return list;
}

/* Where the code stands, or would stand, in the sorted list. */
static size_t find_code(const struct search_list *list, struct str code, bool *is_found)
{
    size_t low = 0, high = list->count;
    *is_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(list->parameters[middle]->code, code);
        if (order == 0) {
            *is_found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* True when the parameter, of this layer, takes the place of one with its code: of a layer below,
 * but never of R4's. */
static bool outweighs(const struct definitions *definitions,
                      const struct search_parameter *parameter,
                      const struct search_parameter *known)
{
    const struct definitions *below = definitions->below;
    return below && parameter->id > below->last_parameter && known->id <= below->last_parameter &&
           known->id > definitions->root->last_parameter;
}

static void add_to_list(struct definitions *definitions, struct search_list *list,
                        const struct search_parameter *parameter)
{
    bool is_found;
    size_t at = find_code(list, parameter->code, &is_found);
    if (is_found) {
        if (outweighs(definitions, parameter, list->parameters[at]))
            list->parameters[at] = parameter;
        return;
    }
    list->parameters = arena_grow(definitions->arena, list->parameters, list->count, &list->room,
                                  16, sizeof *list->parameters);
    memmove(list->parameters + at + 1, list->parameters + at,
            (list->count - at) * sizeof *list->parameters);
    list->parameters[at] = parameter;
    list->count++;
}

static void read_parameters(struct definitions *definitions)
{
    struct arena *arena = definitions->arena;
    RESETTING_STATEMENT sqlite3_stmt *row = definitions->database.queries[QUERY_SEARCH_PARAMETERS];
    while (sqlite3_step(row) == SQLITE_ROW) {
        struct search_parameter *parameter = arena_alloc(arena, sizeof *parameter);
        parameter->id = ++definitions->last_parameter;
        parameter->url = definitions_db_copy(row, 1, arena);
        parameter->code = definitions_db_copy(row, 2, arena);
        parameter->type = definitions_db_copy(row, 3, arena);
        parameter->expression = definitions_db_copy(row, 4, arena);
        struct str bases = definitions_db_copy(row, 5, arena);
        struct str targets = definitions_db_copy(row, 6, arena);
        parameter->bases = read_words(arena, bases, &parameter->base_count);
        parameter->targets = read_words(arena, targets, &parameter->target_count);
        if (str_is(parameter->type, "composite"))
            read_components(definitions, parameter, sqlite3_column_int64(row, 0));
        for (size_t i = 0; i < parameter->base_count; i++)
            add_to_list(definitions, list_of(definitions, parameter->bases[i]), parameter);
    }
}

/* Gives each resource type what its ancestors have: Patient what DomainResource and Resource do. */
static void inherit(struct definitions *definitions)
{
    static const char *const ANCESTORS[] = { "DomainResource", "Resource" };
    const struct definitions *below = definitions->below;
    for (size_t a = 0; a < COUNT(ANCESTORS); a++) {
        struct str ancestor = str_of(ANCESTORS[a]);
        const struct search_list *from = map_find(definitions->searches, ancestor);
        if (!from || (below && map_find(below->searches, ancestor) == from))
            continue;
        for (size_t t = 0; t < definitions->resource_types->count; t++) {
            struct str type = definitions->resource_types->items[t];
            if (!definitions_is_a(definitions, type, ancestor))
                continue;
            struct search_list *own = list_of(definitions, type);
            for (size_t i = 0; i < from->count; i++)
                add_to_list(definitions, own, from->parameters[i]);
        }
    }
}

static void read_compartment(struct definitions *definitions)
{
    struct arena *arena = definitions->arena;
    RESETTING_STATEMENT sqlite3_stmt *row = definitions->database.queries[QUERY_COMPARTMENT];
    while (sqlite3_step(row) == SQLITE_ROW) {
        struct str type = definitions_db_copy(row, 0, arena);
        struct str_list *list = map_find(definitions->compartments, type);
        if (!list) {
            list = arena_alloc(arena, sizeof *list);
            map_set(definitions->compartments, type, list);
        }
        definitions_set_add(list, definitions_db_copy(row, 1, arena), arena);
    }
}

/* The Patient is in its own compartment, which R4 says in words and not in the definition. */
static void add_patient(struct definitions *definitions)
{
    struct str_list *list = map_find(definitions->compartments, STR("Patient"));
    if (!list) {
        list = arena_alloc(definitions->arena, sizeof *list);
        map_set(definitions->compartments, STR("Patient"), list);
    }
    definitions_set_add(list, STR("{def}"), definitions->arena);
}

static void open_maps(struct definitions *layer)
{
    const struct definitions *below = layer->below;
    layer->searches = arena_alloc(layer->arena, sizeof *layer->searches);
    map_init(layer->searches, layer->arena);
    struct str type;
    void *list;
    for (size_t at = 0; below && map_next(below->searches, &at, &type, &list);)
        map_set(layer->searches, type, list);
    layer->last_parameter = below ? below->last_parameter : 0;
    layer->compartments = below ? below->compartments : NULL;
}

/* What is below has been read. R4's layer says what a compartment is. */
static void read_layer(struct definitions *layer)
{
    LOCKING struct lock_held held = definitions_set_lock(layer);
    if (atomic_load_explicit(&layer->has_searches, memory_order_relaxed))
        return;
    open_maps(layer);
    read_parameters(layer);
    inherit(layer);
    if (!layer->compartments) {
        layer->compartments = arena_alloc(layer->arena, sizeof *layer->compartments);
        map_init(layer->compartments, layer->arena);
        read_compartment(layer);
        add_patient(layer);
    }
    atomic_store_explicit(&layer->has_searches, true, memory_order_release);
}

/* From the lowest layer up. */
static void read_searches(struct definitions *definitions)
{
    if (atomic_load_explicit(&definitions->has_searches, memory_order_acquire))
        return;
    for (size_t number = definitions_set_depth(definitions) + 1; number-- > 0;)
        read_layer(definitions_set_layer(definitions, number));
}

const struct search_parameter *const *definitions_search_parameters(struct definitions *definitions,
                                                                    struct str type, size_t *count)
{
    read_searches(definitions);
    const struct search_list *list = map_find(definitions->searches, type);
    *count = list ? list->count : 0;
    return list ? list->parameters : NULL;
}

const struct search_parameter *definitions_search_parameter(struct definitions *definitions,
                                                            struct str type, struct str code)
{
    read_searches(definitions);
    const struct search_list *list = map_find(definitions->searches, type);
    bool is_found = false;
    size_t at = list ? find_code(list, code, &is_found) : 0;
    return is_found ? list->parameters[at] : NULL;
}

const struct str *definitions_patient_compartment(struct definitions *definitions, struct str type,
                                                  size_t *count)
{
    read_searches(definitions);
    const struct str_list *list = map_find(definitions->compartments, type);
    *count = list ? list->count : 0;
    return list ? list->items : NULL;
}
