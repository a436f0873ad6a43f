/* definitions.c - opens a set of definitions and finds what is in it. */
#include "resources/fhir/definitions/definitions.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"

enum { MOST_ANCESTORS = 16, MOST_CONTENT = 128 << 20 };

#define CORE STR("http://hl7.org/fhir/StructureDefinition/")

static const char *const QUERIES[QUERY_COUNT] = {
    [QUERY_STRUCTURES] = "SELECT id, url, version, type, name, base, kind, is_abstract,"
                         " is_constraint, elements FROM structure ORDER BY id",
    [QUERY_CONTEXTS] = "SELECT type, expression FROM extension_context WHERE structure=?"
                       " ORDER BY number",
    [QUERY_CONTEXT_INVARIANTS] = "SELECT expression FROM context_invariant WHERE structure=?"
                                 " ORDER BY number",
    [QUERY_ELEMENTS] = "SELECT id, path, slice_name, parent, sliced, content, min, max, base_max,"
                       " type_set, invariants, binding, value_set, fixed, pattern, min_value,"
                       " max_value, max_length, is_modifier, is_summary, must_support, slicing"
                       " FROM element WHERE structure=? ORDER BY number",
    [QUERY_ELEMENT_TYPES] = "SELECT code, profiles, targets FROM element_type WHERE type_set=?"
                            " ORDER BY number",
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
    [QUERY_CONTENT] = "SELECT c.size, c.zstd FROM resource r JOIN content c ON c.resource=r.id"
                      " WHERE r.type=?1 AND r.url=?2 AND (?3='' OR r.version=?3)"
                      " ORDER BY r.id LIMIT 1",
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

/* A type or resource of R4 itself: what bare names mean. */
static bool is_own_type(const struct structure *structure)
{
    return !structure->is_constraint && structure->kind != KIND_LOGICAL &&
           str_starts(structure->url, CORE) &&
           str_equal(str_slice(structure->url, CORE.len, structure->url.len), structure->type);
}

static void add_profile(struct definitions *definitions, const struct structure *structure)
{
    if (!structure->is_constraint || str_starts(structure->url, CORE))
        return;
    struct str_list *list = map_find(&definitions->profiles, structure->type);
    if (!list) {
        list = arena_alloc(definitions->arena, sizeof *list);
        map_set(&definitions->profiles, structure->type, list);
    }
    definitions_set_add(list, structure->url, definitions->arena);
}

/* What came first stays: a package adds canonicals and replaces none. */
static void add_entry(struct definitions *definitions, struct entry *entry)
{
    const struct structure *structure = &entry->structure;
    struct str versioned = str_print(definitions->arena, STR_FMT "|" STR_FMT,
                                     STR_ARG(structure->url), STR_ARG(structure->version));
    if (!map_find(&definitions->by_url, versioned))
        map_set(&definitions->by_url, versioned, entry);
    if (map_find(&definitions->by_url, structure->url))
        return;
    map_set(&definitions->by_url, structure->url, entry);
    add_profile(definitions, structure);
    if (!is_own_type(structure) || map_find(&definitions->by_name, structure->type))
        return;
    map_set(&definitions->by_name, structure->type, entry);
    if (structure->kind == KIND_RESOURCE && !structure->is_abstract)
        definitions_set_add(&definitions->resource_types, structure->type, definitions->arena);
}

static void read_entry(struct definitions *definitions, struct database *database,
                       sqlite3_stmt *row)
{
    struct arena *arena = definitions->arena;
    struct entry *entry = arena_alloc(arena, sizeof *entry);
    entry->database = database;
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
    add_entry(definitions, entry);
}

static bool open_database(struct definitions *definitions, const char *path, struct issues *issues)
{
    struct database *database = &definitions->databases[definitions->database_count];
    database->db = definitions_db_open(path, issues);
    if (!database->db)
        return false;
    definitions->database_count++;
    map_init(&database->type_sets, definitions->arena);
    map_init(&database->invariant_sets, definitions->arena);
    for (size_t i = 0; i < QUERY_COUNT; i++) {
        database->queries[i] = definitions_db_prepare(database->db, QUERIES[i]);
        if (!database->queries[i])
            return issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s: %s", path,
                             sqlite3_errmsg(database->db));
    }
    RESETTING_STATEMENT sqlite3_stmt *rows = database->queries[QUERY_STRUCTURES];
    int code;
    while ((code = sqlite3_step(rows)) == SQLITE_ROW)
        read_entry(definitions, database, rows);
    if (code != SQLITE_DONE)
        return issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s is damaged", path);
    return true;
}

/* A package may define a type that is its own ancestor: who walks up counts the steps. */
static void link_bases(struct definitions *definitions)
{
    struct str name;
    void *value;
    for (size_t at = 0; map_next(&definitions->by_name, &at, &name, &value);) {
        struct entry *entry = value;
        struct str base = entry->structure.base;
        if (!str_starts(base, CORE))
            continue;
        entry->base_name = str_slice(base, CORE.len, base.len);
        entry->base = map_find(&definitions->by_name, entry->base_name);
    }
}

static int compare_strs(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

struct definitions *definitions_open(const char *const *paths, size_t count, struct issues *issues)
{
    struct arena *arena = arena_open();
    struct definitions *definitions = arena_alloc(arena, sizeof *definitions);
    definitions->arena = arena;
    pthread_mutex_init(&definitions->lock, NULL);
    struct map *maps[] = { &definitions->by_url, &definitions->by_name, &definitions->profiles,
                           &definitions->searches, &definitions->compartments };
    for (size_t i = 0; i < COUNT(maps); i++)
        map_init(maps[i], arena);
    definitions->databases = arena_array(arena, count, sizeof *definitions->databases);
    for (size_t i = 0; i < count; i++)
        if (!open_database(definitions, paths[i], issues)) {
            definitions_close(definitions);
            return NULL;
        }
    link_bases(definitions);
    struct str_list *types = &definitions->resource_types;
    if (types->count)
        qsort(types->items, types->count, sizeof *types->items, compare_strs);
    return definitions;
}

void definitions_close(struct definitions *definitions)
{
    if (!definitions)
        return;
    for (size_t i = 0; i < definitions->database_count; i++) {
        for (size_t q = 0; q < QUERY_COUNT; q++)
            sqlite3_finalize(definitions->databases[i].queries[q]);
        definitions_db_close(definitions->databases[i].db);
    }
    pthread_mutex_destroy(&definitions->lock);
    arena_close(definitions->arena);
}

/* The structure with its elements. Whoever finds is_loaded set sees all that was written before. */
static const struct structure *get_loaded(struct definitions *definitions, struct entry *entry)
{
    if (!entry)
        return NULL;
    if (atomic_load_explicit(&entry->is_loaded, memory_order_acquire))
        return &entry->structure;
    LOCKING struct lock_held held = definitions_set_lock(definitions);
    if (atomic_load_explicit(&entry->is_loaded, memory_order_relaxed))
        return &entry->structure;
    if (entry->is_broken || !definitions_load_structure(definitions, entry)) {
        entry->is_broken = true;
        return NULL;
    }
    atomic_store_explicit(&entry->is_loaded, true, memory_order_release);
    return &entry->structure;
}

const struct structure *definitions_structure(struct definitions *definitions, struct str canonical)
{
    struct entry *entry = map_find(&definitions->by_url, canonical);
    if (!entry)
        entry = map_find(&definitions->by_name, canonical);
    return get_loaded(definitions, entry);
}

const struct structure *definitions_type(struct definitions *definitions, struct str name)
{
    return get_loaded(definitions, map_find(&definitions->by_name, name));
}

bool definitions_is_resource_type(struct definitions *definitions, struct str name)
{
    const struct entry *entry = map_find(&definitions->by_name, name);
    return entry && entry->structure.kind == KIND_RESOURCE && !entry->structure.is_abstract;
}

const struct str *definitions_resource_types(struct definitions *definitions, size_t *count)
{
    *count = definitions->resource_types.count;
    return definitions->resource_types.items;
}

bool definitions_is_a(struct definitions *definitions, struct str type, struct str ancestor)
{
    if (str_equal(type, ancestor))
        return true;
    const struct entry *entry = map_find(&definitions->by_name, type);
    for (int step = 0; entry && step < MOST_ANCESTORS; step++, entry = entry->base)
        if (str_equal(entry->base_name, ancestor))
            return entry->base_name.len > 0;
    return false;
}

const struct str *definitions_profiles(struct definitions *definitions, struct str type,
                                       size_t *count)
{
    const struct str_list *list = map_find(&definitions->profiles, type);
    *count = list ? list->count : 0;
    return list ? list->items : NULL;
}

/* valueQuantity is the choice value[x] in the type Quantity. */
static const struct element_type *find_choice(const struct element *element, struct str property)
{
    size_t stem = element->name.len - (sizeof "[x]" - 1);
    if (property.len <= stem || memcmp(property.data, element->name.data, stem) != 0)
        return NULL;
    struct str rest = str_slice(property, stem, property.len);
    for (size_t i = 0; i < element->type_count; i++) {
        struct str code = element->types[i].code;
        bool is_lower = code.len && code.data[0] >= 'a' && code.data[0] <= 'z';
        char first = code.len ? (char)(is_lower ? code.data[0] - 'a' + 'A' : code.data[0]) : '\0';
        if (rest.len == code.len && rest.data[0] == first &&
            memcmp(rest.data + 1, code.data + 1, code.len - 1) == 0)
            return &element->types[i];
    }
    return NULL;
}

const struct element *definitions_child(const struct element *element, struct str property,
                                        const struct element_type **type)
{
    if (element->child_count == 0 && element->content)
        element = element->content;
    const struct element_type *chosen = NULL;
    for (size_t i = 0; i < element->child_count; i++) {
        const struct element *child = element->children[i];
        bool is_found = false;
        if (child->is_choice) {
            chosen = find_choice(child, property);
            is_found = chosen != NULL;
        } else if (str_equal(child->name, property)) {
            chosen = child->type_count ? child->types : NULL;
            is_found = true;
        }
        if (is_found) {
            if (type)
                *type = chosen;
            return child;
        }
    }
    return NULL;
}

static bool read_content(struct database *database, const struct str key[3], struct arena *arena,
                         struct str *text)
{
    RESETTING_STATEMENT sqlite3_stmt *row = database->queries[QUERY_CONTENT];
    for (int i = 0; i < 3; i++)
        definitions_db_bind(row, i + 1, key[i]);
    if (sqlite3_step(row) != SQLITE_ROW)
        return false;
    int64_t size = sqlite3_column_int64(row, 0);
    const void *bytes = sqlite3_column_blob(row, 1);
    size_t packed = (size_t)sqlite3_column_bytes(row, 1);
    if (size < 0 || size > MOST_CONTENT || !bytes)
        return false;
    char *json = arena_alloc_raw(arena, (size_t)size + 1);
    if (ZSTD_decompress(json, (size_t)size, bytes, packed) != (size_t)size)
        return false;
    json[size] = '\0';
    *text = (struct str){ json, (size_t)size };
    return true;
}

bool definitions_resource(struct definitions *definitions, struct str type, struct str canonical,
                          struct arena *arena, struct str *text)
{
    struct str version = canonical;
    struct str url = str_cut(&version, '|');
    const struct str key[] = { type, url, version };
    LOCKING struct lock_held held = definitions_set_lock(definitions);
    for (size_t i = 0; i < definitions->database_count; i++)
        if (read_content(&definitions->databases[i], key, arena, text))
            return true;
    return false;
}
