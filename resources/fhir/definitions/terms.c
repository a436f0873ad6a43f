/* terms.c - reads code systems and value sets from the definitions databases. */
#include "resources/fhir/definitions/terms.h"

#include <stdlib.h>
#include <string.h>

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"
#include "resources/fhir/definitions/version.h"

#define HL7 STR("http://hl7.org/fhir/")

/* An array in an arena that doubles when it is full. */
static void *grow(struct arena *arena, void *items, size_t count, size_t size)
{
    if (count != 0 && (count < 8 || (count & (count - 1)) != 0))
        return items;
    void *more = arena_array(arena, count < 8 ? 8 : count * 2, size);
    if (count)
        memcpy(more, items, count * size);
    return more;
}

/* A kept statement, ready for the rows of a resource (and of one of its rules, when >= 0); in the
 * layer's lock. */
static sqlite3_stmt *begin(struct definitions *layer, enum query query,
                           const struct term_source *source, int64_t rule)
{
    sqlite3_stmt *rows = layer->database.queries[query];
    sqlite3_bind_int64(rows, 1, source->id);
    if (rule >= 0)
        sqlite3_bind_int64(rows, 2, rule);
    return rows;
}

/* What is being listed; of R4's layer those that nothing replaces, or the others. */
struct listing {
    enum query query;
    struct arena *arena;
    struct term_source *sources;
    size_t count;
};

static void list_layer(struct listing *listing, struct definitions *layer, size_t number,
                       const bool *is_fixed)
{
    LOCKING struct lock_held held = definitions_set_lock(layer);
    RESETTING_STATEMENT sqlite3_stmt *row = layer->database.queries[listing->query];
    while (sqlite3_step(row) == SQLITE_ROW) {
        if (is_fixed && str_starts(definitions_db_text(row, 1), HL7) != *is_fixed)
            continue;
        listing->sources =
            grow(listing->arena, listing->sources, listing->count, sizeof *listing->sources);
        struct term_source *source = &listing->sources[listing->count++];
        *source = (struct term_source){ .id = sqlite3_column_int64(row, 0),
                                        .layer = number,
                                        .url = definitions_db_copy(row, 1, listing->arena),
                                        .version = definitions_db_copy(row, 2, listing->arena) };
        if (listing->query == QUERY_CODE_SYSTEMS) {
            source->content = definitions_db_copy(row, 3, listing->arena);
            source->is_case_sensitive = sqlite3_column_int(row, 4);
            source->supplements = definitions_db_copy(row, 5, listing->arena);
            source->value_set = definitions_db_copy(row, 6, listing->arena);
        } else {
            source->leaves_inactive = sqlite3_column_int(row, 3);
        }
    }
}

static int compare_sources(const void *a, const void *b)
{
    const struct term_source *one = a, *other = b;
    int order = str_compare(one->url, other->url);
    return order ? order : version_compare(other->version, one->version);
}

static struct term_source *read_sources(struct definitions *definitions, enum query query,
                                        struct arena *arena, size_t *count)
{
    struct listing listing = { .query = query, .arena = arena };
    size_t lowest = definitions_set_depth(definitions);
    list_layer(&listing, definitions->root, lowest, &(bool){ true });
    for (size_t i = 0; i < lowest; i++) {
        size_t before = listing.count;
        list_layer(&listing, definitions_set_layer(definitions, i), i, NULL);
        if (listing.count > before)
            qsort(listing.sources + before, listing.count - before, sizeof *listing.sources,
                  compare_sources);
    }
    list_layer(&listing, definitions->root, lowest, &(bool){ false });
    *count = listing.count;
    return listing.sources;
}

struct term_source *definitions_code_systems(struct definitions *definitions, struct arena *arena,
                                             size_t *count)
{
    return read_sources(definitions, QUERY_CODE_SYSTEMS, arena, count);
}

struct term_source *definitions_value_sets(struct definitions *definitions, struct arena *arena,
                                           size_t *count)
{
    return read_sources(definitions, QUERY_VALUE_SETS, arena, count);
}

static void read_properties(struct concept_list *list, sqlite3_stmt *rows, struct arena *arena)
{
    RESETTING_STATEMENT sqlite3_stmt *row = rows;
    while (sqlite3_step(row) == SQLITE_ROW) {
        list->properties =
            grow(arena, list->properties, list->property_count, sizeof *list->properties);
        list->properties[list->property_count++] =
            (struct concept_property){ .concept = (size_t)sqlite3_column_int64(row, 0),
                                       .code = definitions_db_copy(row, 1, arena),
                                       .value = definitions_db_copy(row, 2, arena) };
    }
}

static void read_designations(struct concept_list *list, sqlite3_stmt *rows, struct arena *arena)
{
    RESETTING_STATEMENT sqlite3_stmt *row = rows;
    while (sqlite3_step(row) == SQLITE_ROW) {
        list->designations =
            grow(arena, list->designations, list->designation_count, sizeof *list->designations);
        list->designations[list->designation_count++] =
            (struct designation){ .concept = (size_t)sqlite3_column_int64(row, 0),
                                  .language = definitions_db_copy(row, 1, arena),
                                  .use = definitions_db_copy(row, 2, arena),
                                  .value = definitions_db_copy(row, 3, arena) };
    }
}

struct concept_list definitions_concepts(struct definitions *definitions,
                                         const struct term_source *code_system, struct arena *arena)
{
    struct concept_list list = { 0 };
    struct definitions *layer = definitions_set_layer(definitions, code_system->layer);
    LOCKING struct lock_held held = definitions_set_lock(layer);
    RESETTING_STATEMENT sqlite3_stmt *row = begin(layer, QUERY_CONCEPTS, code_system, -1);
    while (sqlite3_step(row) == SQLITE_ROW) {
        list.concepts = grow(arena, list.concepts, list.count, sizeof *list.concepts);
        struct concept *concept = &list.concepts[list.count++];
        concept->code = definitions_db_copy(row, 0, arena);
        concept->display = definitions_db_copy(row, 1, arena);
        concept->parent =
            sqlite3_column_type(row, 2) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, 2);
    }
    read_properties(&list, begin(layer, QUERY_CONCEPT_PROPERTIES, code_system, -1), arena);
    read_designations(&list, begin(layer, QUERY_CONCEPT_DESIGNATIONS, code_system, -1), arena);
    return list;
}

static struct str *read_strs(sqlite3_stmt *rows, struct arena *arena, size_t *count)
{
    RESETTING_STATEMENT sqlite3_stmt *row = rows;
    struct str *list = NULL;
    for (*count = 0; sqlite3_step(row) == SQLITE_ROW; (*count)++) {
        list = grow(arena, list, *count, sizeof *list);
        list[*count] = definitions_db_copy(row, 0, arena);
    }
    return list;
}

static struct listed_code *read_codes(sqlite3_stmt *rows, struct arena *arena, size_t *count)
{
    RESETTING_STATEMENT sqlite3_stmt *row = rows;
    struct listed_code *list = NULL;
    for (*count = 0; sqlite3_step(row) == SQLITE_ROW; (*count)++) {
        list = grow(arena, list, *count, sizeof *list);
        list[*count] = (struct listed_code){ definitions_db_copy(row, 0, arena),
                                             definitions_db_copy(row, 1, arena) };
    }
    return list;
}

static struct value_set_filter *read_filters(sqlite3_stmt *rows, struct arena *arena, size_t *count)
{
    RESETTING_STATEMENT sqlite3_stmt *row = rows;
    struct value_set_filter *list = NULL;
    for (*count = 0; sqlite3_step(row) == SQLITE_ROW; (*count)++) {
        list = grow(arena, list, *count, sizeof *list);
        list[*count] = (struct value_set_filter){ .property = definitions_db_copy(row, 0, arena),
                                                  .operator= definitions_db_copy(row, 1, arena),
                                                  .value = definitions_db_copy(row, 2, arena) };
    }
    return list;
}

struct value_set_rules definitions_rules(struct definitions *definitions,
                                         const struct term_source *value_set, struct arena *arena)
{
    struct value_set_rules list = { 0 };
    struct definitions *layer = definitions_set_layer(definitions, value_set->layer);
    LOCKING struct lock_held held = definitions_set_lock(layer);
    RESETTING_STATEMENT sqlite3_stmt *row = begin(layer, QUERY_RULES, value_set, -1);
    while (sqlite3_step(row) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(row, 0);
        list.rules = grow(arena, list.rules, list.count, sizeof *list.rules);
        struct value_set_rule *rule = &list.rules[list.count++];
        rule->is_excluded = sqlite3_column_int(row, 1);
        rule->is_listed = sqlite3_column_int(row, 2);
        rule->is_given = sqlite3_column_int(row, 3);
        rule->system = definitions_db_copy(row, 4, arena);
        rule->version = definitions_db_copy(row, 5, arena);
        rule->codes =
            read_codes(begin(layer, QUERY_RULE_CODES, value_set, number), arena, &rule->code_count);
        rule->filters = read_filters(begin(layer, QUERY_RULE_FILTERS, value_set, number), arena,
                                     &rule->filter_count);
        rule->imports = read_strs(begin(layer, QUERY_RULE_IMPORTS, value_set, number), arena,
                                  &rule->import_count);
    }
    return list;
}
