/* layer.c - opens the layers of a set of definitions, and closes them after their last user. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"
#include "resources/fhir/definitions/version.h"

#define CORE STR("http://hl7.org/fhir/StructureDefinition/")

static const char *const QUERIES[QUERY_COUNT] = {
    [QUERY_PACKAGE] = "SELECT name, version, (SELECT count(*) FROM resource) FROM package LIMIT 1",
    [QUERY_DEPENDENCIES] = "SELECT name, version FROM dependency ORDER BY number",
    [QUERY_STRUCTURES] = "SELECT id, url, version, type, name, base, kind, is_abstract,"
                         " is_constraint, elements FROM structure ORDER BY id",
    [QUERY_CONTEXTS] = "SELECT type, expression FROM extension_context WHERE structure=?"
                       " ORDER BY number",
    [QUERY_CONTEXT_INVARIANTS] = "SELECT expression FROM context_invariant WHERE structure=?"
                                 " ORDER BY number",
    [QUERY_ELEMENTS] =
        "SELECT id, path, slice_name, parent, sliced, content, min, max, base_max,"
        " type_set, invariants, binding, value_set, max_value_set, fixed, pattern, min_value,"
        " max_value, max_length, is_modifier, is_summary, must_support, slicing"
        " FROM element WHERE structure=? ORDER BY number",
    [QUERY_ELEMENT_TYPES] = "SELECT code, profiles, targets, aggregation FROM element_type"
                            " WHERE type_set=? ORDER BY number",
    [QUERY_INVARIANTS] = "SELECT key, severity, expression, human, source, is_best_practice"
                         " FROM invariant ORDER BY id",
    [QUERY_SEARCH_PARAMETERS] = "SELECT id, url, code, type, expression, bases, targets"
                                " FROM search_parameter ORDER BY id",
    [QUERY_SEARCH_COMPONENTS] = "SELECT definition, expression FROM search_component"
                                " WHERE parameter=? ORDER BY number",
    [QUERY_COMPARTMENT] = "SELECT c.type, c.code FROM resource r JOIN compartment c"
                          " ON c.definition=r.id WHERE r.type='CompartmentDefinition' AND"
                          " r.url='http://hl7.org/fhir/CompartmentDefinition/patient'"
                          " ORDER BY c.number",
    [QUERY_IS_DEFINED] = "SELECT 1 FROM resource WHERE type=? AND url=? LIMIT 1",
    [QUERY_VERSIONS] = "SELECT id, version FROM resource WHERE type=? AND url=? ORDER BY id",
    [QUERY_CONTENT] = "SELECT size, zstd FROM content WHERE resource=?",
    [QUERY_HEAD_TYPES] = "SELECT DISTINCT type FROM resource",
    [QUERY_HEADS] = "SELECT id, url, version, fhir_id, name, title, status FROM resource"
                    " WHERE type=?1 AND (?2='' OR fhir_id=?2) AND (?3='' OR url=?3) ORDER BY id",
    [QUERY_CODE_SYSTEMS] = "SELECT id, url, version, content, is_case_sensitive, supplements,"
                           " value_set FROM code_system ORDER BY id",
    [QUERY_CONCEPTS] = "SELECT code, display, parent FROM concept WHERE code_system=?"
                       " ORDER BY number",
    [QUERY_CONCEPT_PROPERTIES] = "SELECT concept, code, value FROM concept_property"
                                 " WHERE code_system=? ORDER BY concept, number",
    [QUERY_CONCEPT_DESIGNATIONS] = "SELECT concept, language, use, value FROM concept_designation"
                                   " WHERE code_system=? ORDER BY number",
    [QUERY_VALUE_SETS] = "SELECT id, url, version, leaves_inactive FROM value_set ORDER BY id",
    [QUERY_RULES] = "SELECT number, is_excluded, is_listed, is_given, system, version"
                    " FROM value_set_rule WHERE value_set=? ORDER BY number",
    [QUERY_RULE_CODES] = "SELECT code, display FROM value_set_concept WHERE value_set=? AND rule=?"
                         " ORDER BY number",
    [QUERY_RULE_FILTERS] = "SELECT property, operator, value FROM value_set_filter"
                           " WHERE value_set=? AND rule=? ORDER BY number",
    [QUERY_RULE_IMPORTS] = "SELECT canonical FROM value_set_import WHERE value_set=? AND rule=?"
                           " ORDER BY number",
};

struct lock_held definitions_set_lock(struct definitions *definitions)
{
    int code = pthread_mutex_lock(&definitions->lock);
    assert(code == 0);
    (void)code;
    return (struct lock_held){ &definitions->lock };
}

void definitions_set_unlock_at(struct lock_held *held)
{
    pthread_mutex_unlock(held->lock);
}

static enum structure_kind kind_of(struct str code)
{
    static const struct {
        const char *code;
        enum structure_kind kind;
    } KINDS[] = { { "primitive-type", KIND_PRIMITIVE },
                  { "complex-type", KIND_COMPLEX },
                  { "resource", KIND_RESOURCE } };
    for (size_t i = 0; i < COUNT(KINDS); i++)
        if (str_is(code, KINDS[i].code))
            return KINDS[i].kind;
    return KIND_LOGICAL;
}

void definitions_set_add(struct str_list *list, struct str item, struct arena *arena)
{
    if ((list->count & (list->count - 1)) == 0) {
        size_t room = list->count ? list->count * 2 : 1;
        struct str *items = arena_array(arena, room, sizeof *items);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = item;
}

size_t definitions_set_depth(const struct definitions *definitions)
{
    size_t depth = 0;
    for (; definitions->below; definitions = definitions->below)
        depth++;
    return depth;
}

struct definitions *definitions_set_layer(struct definitions *definitions, size_t number)
{
    while (number-- > 0)
        definitions = definitions->below;
    return definitions;
}

struct definitions *definitions_lower(struct definitions *definitions, size_t layers)
{
    size_t count = definitions_set_depth(definitions) + 1;
    return definitions_set_layer(definitions, layers < count ? count - layers : 0);
}

/* A type or resource of R4 itself: what bare names mean. */
static bool is_own_type(const struct structure *structure)
{
    return !structure->is_constraint && structure->kind != KIND_LOGICAL &&
           str_starts(structure->url, CORE) &&
           str_equal(str_slice(structure->url, CORE.len, structure->url.len), structure->type);
}

/* The map of this layer: what is below, and what will be added here. */
static struct map *own_map(struct map **map, const struct map *below, struct arena *arena)
{
    if (*map != below)
        return *map;
    struct map *own = arena_alloc(arena, sizeof *own);
    map_init(own, arena);
    struct str key;
    void *value;
    for (size_t at = 0; below && map_next(below, &at, &key, &value);)
        map_set(own, key, value);
    return *map = own;
}

static struct str_list *copy_list(const struct str_list *list, struct arena *arena)
{
    struct str_list *own = arena_alloc(arena, sizeof *own);
    for (size_t i = 0; list && i < list->count; i++)
        definitions_set_add(own, list->items[i], arena);
    return own;
}

static void add_profile(struct definitions *layer, const struct structure *structure)
{
    if (!structure->is_constraint || str_starts(structure->url, CORE))
        return;
    const struct map *below = layer->below ? layer->below->profiles : NULL;
    struct map *profiles = own_map(&layer->profiles, below, layer->arena);
    struct str_list *list = map_find(profiles, structure->type);
    for (size_t i = 0; list && i < list->count; i++)
        if (str_equal(list->items[i], structure->url))
            return;
    if (!list || (below && map_find(below, structure->type) == list)) {
        list = copy_list(list, layer->arena);
        map_set(profiles, structure->type, list);
    }
    definitions_set_add(list, structure->url, layer->arena);
}

static void add_type(struct definitions *layer, struct definitions_entry *entry)
{
    const struct structure *structure = &entry->structure;
    const struct definitions *below = layer->below;
    if (!is_own_type(structure) || map_find(layer->by_name, structure->type))
        return;
    map_set(own_map(&layer->by_name, below ? below->by_name : NULL, layer->arena), structure->type,
            entry);
    if (structure->kind != KIND_RESOURCE || structure->is_abstract)
        return;
    if (below && layer->resource_types == below->resource_types)
        layer->resource_types = copy_list(below->resource_types, layer->arena);
    definitions_set_add(layer->resource_types, structure->type, layer->arena);
}

/* Of several versions in a layer the latest is what the url alone means. */
static void add_entry(struct definitions *layer, struct definitions_entry *entry)
{
    const struct structure *structure = &entry->structure;
    const struct definitions *root = layer->root;
    struct str versioned = str_print(layer->arena, STR_FMT "|" STR_FMT, STR_ARG(structure->url),
                                     STR_ARG(structure->version));
    bool is_fixed =
        layer != root && definitions_is_fixed(layer, STR("StructureDefinition"), structure->url);
    if (!is_fixed || !map_find(&root->by_url, versioned))
        map_set(&layer->by_url, versioned, entry);
    const struct definitions_entry *known = map_find(&layer->by_url, structure->url);
    if (is_fixed || (known && version_compare(known->structure.version, structure->version) >= 0))
        return;
    map_set(&layer->by_url, structure->url, entry);
    add_profile(layer, structure);
    add_type(layer, entry);
}

static void read_entry(struct definitions *layer, sqlite3_stmt *row)
{
    struct arena *arena = layer->arena;
    struct definitions_entry *entry = arena_alloc(arena, sizeof *entry);
    entry->layer = layer;
    entry->id = sqlite3_column_int64(row, 0);
    entry->structure = (struct structure){ .url = definitions_db_copy(row, 1, arena),
                                           .version = definitions_db_copy(row, 2, arena),
                                           .type = definitions_db_copy(row, 3, arena),
                                           .name = definitions_db_copy(row, 4, arena),
                                           .base = definitions_db_copy(row, 5, arena),
                                           .kind = kind_of(definitions_db_text(row, 6)),
                                           .is_abstract = sqlite3_column_int(row, 7),
                                           .is_constraint = sqlite3_column_int(row, 8) };
    entry->element_count = (size_t)sqlite3_column_int64(row, 9);
    add_entry(layer, entry);
}

static bool read_database(struct definitions *layer, const char *name, struct issues *issues)
{
    struct database *database = &layer->database;
    map_init(&database->type_sets, layer->arena);
    map_init(&database->invariant_sets, layer->arena);
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        database->queries[i] = definitions_db_prepare(database->db, QUERIES[i]);
        if (!database->queries[i])
            return issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s: %s", name,
                             sqlite3_errmsg(database->db));
    }
    RESETTING_STATEMENT sqlite3_stmt *rows = database->queries[QUERY_STRUCTURES];
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW)
        read_entry(layer, rows);
    if (code != SQLITE_DONE)
        return issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s is damaged", name);
    RESETTING_STATEMENT sqlite3_stmt *types = database->queries[QUERY_HEAD_TYPES];
    while (sqlite3_step(types) == SQLITE_ROW)
        map_set(&layer->head_types, definitions_db_copy(types, 0, layer->arena), database);
    return true;
}

/* A package may define a type that is its own ancestor: who walks up counts the steps. */
static void link_bases(struct definitions *layer)
{
    struct str name;
    void *value;
    for (size_t at = 0; map_next(layer->by_name, &at, &name, &value);) {
        struct definitions_entry *entry = value;
        struct str base = entry->structure.base;
        if (entry->layer != layer || !str_starts(base, CORE))
            continue;
        entry->base_name = str_slice(base, CORE.len, base.len);
        entry->base = map_find(layer->by_name, entry->base_name);
    }
}

static int compare_strs(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void open_maps(struct definitions *layer)
{
    struct definitions *below = layer->below;
    map_init(&layer->by_url, layer->arena);
    map_init(&layer->head_types, layer->arena);
    if (below) {
        layer->by_name = below->by_name;
        layer->profiles = below->profiles;
        layer->resource_types = below->resource_types;
        return;
    }
    own_map(&layer->by_name, NULL, layer->arena);
    own_map(&layer->profiles, NULL, layer->arena);
    layer->resource_types = copy_list(NULL, layer->arena);
}

struct definitions *definitions_set_open(struct definitions *below, sqlite3 *db, const char *name,
                                         struct issues *issues)
{
    struct arena *arena = arena_open();
    struct definitions *layer = arena_alloc(arena, sizeof *layer);
    layer->arena = arena;
    layer->database.db = db;
    layer->below = below ? definitions_hold(below) : NULL;
    layer->root = below ? below->root : layer;
    atomic_init(&layer->holders, 1);
    pthread_mutex_init(&layer->lock, NULL);
    open_maps(layer);
    if (!read_database(layer, name, issues)) {
        definitions_close(layer);
        return NULL;
    }
    struct str_list *types = layer->resource_types;
    if (layer->by_name->arena == arena) {
        link_bases(layer);
        if (types->count && (!below || types != below->resource_types))
            qsort(types->items, types->count, sizeof *types->items, compare_strs);
    }
    return layer;
}

struct definitions *definitions_extend(struct definitions *below, const char *path,
                                       struct issues *issues)
{
    sqlite3 *db = definitions_db_open(path, issues);
    return db ? definitions_set_open(below, db, path, issues) : NULL;
}

struct definitions *definitions_open(const char *const *paths, size_t count, struct issues *issues)
{
    struct definitions *set = NULL;
    for (size_t i = 0; i < count; i++) {
        struct definitions *next = definitions_extend(set, paths[i], issues);
        definitions_close(set);
        if (!next)
            return NULL;
        set = next;
    }
    return set;
}

struct definitions *definitions_compile_over(struct definitions *below,
                                             const struct definitions_source *source,
                                             struct issues *issues)
{
    sqlite3 *db = definitions_compile_memory(source, issues);
    return db ? definitions_set_open(below, db, "what was compiled", issues) : NULL;
}

struct definitions *definitions_hold(struct definitions *definitions)
{
    atomic_fetch_add_explicit(&definitions->holders, 1, memory_order_relaxed);
    return definitions;
}

void definitions_close(struct definitions *definitions)
{
    while (definitions &&
           atomic_fetch_sub_explicit(&definitions->holders, 1, memory_order_acq_rel) == 1) {
        struct definitions *below = definitions->below;
        for (size_t q = 0; q < QUERY_COUNT; q++)
            sqlite3_finalize(definitions->database.queries[q]);
        definitions_db_close(definitions->database.db);
        pthread_mutex_destroy(&definitions->lock);
        arena_close(definitions->arena);
        definitions = below;
    }
}
