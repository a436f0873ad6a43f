/* definitions.c - finds what is in a set of definitions. */
#include "resources/fhir/definitions/definitions.h"

#include <string.h>
#include <zstd.h>

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"
#include "resources/fhir/definitions/version.h"

enum { MOST_ANCESTORS = 16, MOST_CONTENT = 128 << 20 };

#define HL7 STR("http://hl7.org/fhir/")

/* The structure with its elements. Whoever finds is_loaded set sees all that was written before. */
static const struct structure *get_loaded(struct definitions_entry *entry)
{
    if (!entry)
        return NULL;
    if (atomic_load_explicit(&entry->is_loaded, memory_order_acquire))
        return &entry->structure;
    LOCKING struct lock_held held = definitions_set_lock(entry->layer);
    if (atomic_load_explicit(&entry->is_loaded, memory_order_relaxed))
        return &entry->structure;
    if (entry->is_broken || !definitions_load_structure(entry)) {
        entry->is_broken = true;
        return NULL;
    }
    atomic_store_explicit(&entry->is_loaded, true, memory_order_release);
    return &entry->structure;
}

const struct structure *definitions_structure(struct definitions *definitions, struct str canonical)
{
    for (const struct definitions *layer = definitions; layer; layer = layer->below) {
        struct definitions_entry *entry = map_find(&layer->by_url, canonical);
        if (entry)
            return get_loaded(entry);
    }
    return get_loaded(map_find(definitions->by_name, canonical));
}

const struct structure *definitions_type(struct definitions *definitions, struct str name)
{
    return get_loaded(map_find(definitions->by_name, name));
}

const struct structure *definitions_type_of(struct definitions *definitions,
                                            const struct element_type *type)
{
    return type->entry ? get_loaded(type->entry) : definitions_type(definitions, type->code);
}

bool definitions_is_resource_type(struct definitions *definitions, struct str name)
{
    const struct definitions_entry *entry = map_find(definitions->by_name, name);
    return entry && entry->structure.kind == KIND_RESOURCE && !entry->structure.is_abstract;
}

const struct str *definitions_resource_types(struct definitions *definitions, size_t *count)
{
    *count = definitions->resource_types->count;
    return definitions->resource_types->items;
}

bool definitions_is_a(struct definitions *definitions, struct str type, struct str ancestor)
{
    if (str_equal(type, ancestor))
        return true;
    const struct definitions_entry *entry = map_find(definitions->by_name, type);
    for (int step = 0; entry && step < MOST_ANCESTORS; step++, entry = entry->base)
        if (str_equal(entry->base_name, ancestor))
            return entry->base_name.len > 0;
    return false;
}

const struct str *definitions_profiles(struct definitions *definitions, struct str type,
                                       size_t *count)
{
    const struct str_list *list = map_find(definitions->profiles, type);
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

/* The resource's number; without a version the latest one's. */
static bool find_content(struct database *database, const struct str key[3], int64_t *id)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    RESETTING_STATEMENT sqlite3_stmt *row = database->queries[QUERY_VERSIONS];
    struct str best = { 0 };
    bool is_found = false;
    for (int i = 0; i < 2; i++)
        definitions_db_bind(row, i + 1, key[i]);
    while (sqlite3_step(row) == SQLITE_ROW) {
        struct str version = definitions_db_text(row, 1);
        bool is_better = key[2].len ? str_equal(version, key[2])
                                    : !is_found || version_compare(version, best) > 0;
        if (!is_better)
            continue;
        best = str_copy(scratch, version);
        *id = sqlite3_column_int64(row, 0);
        is_found = true;
    }
    return is_found;
}

bool definitions_read_content(struct definitions *layer, int64_t id, struct arena *arena,
                              struct str *text)
{
    RESETTING_STATEMENT sqlite3_stmt *row = layer->database.queries[QUERY_CONTENT];
    sqlite3_bind_int64(row, 1, id);
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

static bool read_content(struct definitions *layer, const struct str key[3], struct arena *arena,
                         struct str *text)
{
    int64_t id;
    LOCKING struct lock_held held = definitions_set_lock(layer);
    return find_content(&layer->database, key, &id) &&
           definitions_read_content(layer, id, arena, text);
}

bool definitions_is_fixed(const struct definitions *definitions, struct str type, struct str url)
{
    if (!str_starts(url, HL7))
        return false;
    struct definitions *root = definitions->root;
    LOCKING struct lock_held held = definitions_set_lock(root);
    RESETTING_STATEMENT sqlite3_stmt *row = root->database.queries[QUERY_IS_DEFINED];
    definitions_db_bind(row, 1, type);
    definitions_db_bind(row, 2, url);
    return sqlite3_step(row) == SQLITE_ROW;
}

bool definitions_resource(struct definitions *definitions, struct str type, struct str canonical,
                          struct arena *arena, struct str *text)
{
    struct str version = canonical;
    struct str url = str_cut(&version, '|');
    const struct str key[] = { type, url, version };
    struct definitions *root = definitions->root;
    if (definitions_is_fixed(definitions, type, url) && read_content(root, key, arena, text))
        return true;
    for (struct definitions *layer = definitions; layer; layer = layer->below)
        if (read_content(layer, key, arena, text))
            return true;
    return false;
}

static struct str *read_dependencies(struct definitions *layer, size_t *count, struct arena *arena)
{
    struct str_list list = { 0 };
    RESETTING_STATEMENT sqlite3_stmt *row = layer->database.queries[QUERY_DEPENDENCIES];
    while (sqlite3_step(row) == SQLITE_ROW) {
        struct str name = definitions_db_text(row, 0), version = definitions_db_text(row, 1);
        definitions_set_add(
            &list, str_print(arena, STR_FMT "#" STR_FMT, STR_ARG(name), STR_ARG(version)), arena);
    }
    *count = list.count;
    return list.items;
}

bool definitions_package(struct definitions_package *package, struct definitions *definitions,
                         size_t layer, struct arena *arena)
{
    *package = (struct definitions_package){ .resource_count = 0 };
    if (layer > definitions_set_depth(definitions))
        return false;
    struct definitions *at = definitions_set_layer(definitions, layer);
    LOCKING struct lock_held held = definitions_set_lock(at);
    RESETTING_STATEMENT sqlite3_stmt *row = at->database.queries[QUERY_PACKAGE];
    if (sqlite3_step(row) == SQLITE_ROW) {
        package->name = definitions_db_copy(row, 0, arena);
        package->version = definitions_db_copy(row, 1, arena);
        package->resource_count = (size_t)sqlite3_column_int64(row, 2);
    }
    package->dependencies = read_dependencies(at, &package->dependency_count, arena);
    return true;
}
