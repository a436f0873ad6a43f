/* terms.c - reads code systems and value sets from the definitions databases. */
#include "resources/fhir/definitions/terms.h"

#include <string.h>

#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"

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

/* A kept statement, ready for the rows of a resource (and of one of its rules, when >= 0). */
static sqlite3_stmt *begin(struct definitions *definitions, enum query query,
                           const struct term_source *source, int64_t rule)
{
    sqlite3_stmt *rows = definitions->databases[source->database].queries[query];
    sqlite3_bind_int64(rows, 1, source->id);
    if (rule >= 0)
        sqlite3_bind_int64(rows, 2, rule);
    return rows;
}

static struct term_source *read_sources(struct definitions *definitions, enum query query,
                                        struct arena *arena, size_t *count)
{
    struct term_source *list = NULL;
    *count = 0;
    LOCKING struct lock_held held = definitions_set_lock(definitions);
    for (size_t i = 0; i < definitions->database_count; i++) {
        RESETTING_STATEMENT sqlite3_stmt *row = definitions->databases[i].queries[query];
        while (sqlite3_step(row) == SQLITE_ROW) {
            list = grow(arena, list, *count, sizeof *list);
            struct term_source *source = &list[(*count)++];
            *source = (struct term_source){ .id = sqlite3_column_int64(row, 0),
                                            .database = i,
                                            .url = definitions_db_copy(row, 1, arena),
                                            .version = definitions_db_copy(row, 2, arena) };
            if (query == QUERY_CODE_SYSTEMS) {
                source->content = definitions_db_copy(row, 3, arena);
                source->is_case_sensitive = sqlite3_column_int(row, 4);
                source->supplements = definitions_db_copy(row, 5, arena);
                source->value_set = definitions_db_copy(row, 6, arena);
            } else {
                source->leaves_inactive = sqlite3_column_int(row, 3);
            }
        }
    }
    return list;
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
    LOCKING struct lock_held held = definitions_set_lock(definitions);
    RESETTING_STATEMENT sqlite3_stmt *row = begin(definitions, QUERY_CONCEPTS, code_system, -1);
    while (sqlite3_step(row) == SQLITE_ROW) {
        list.concepts = grow(arena, list.concepts, list.count, sizeof *list.concepts);
        struct concept *concept = &list.concepts[list.count++];
        concept->code = definitions_db_copy(row, 0, arena);
        concept->display = definitions_db_copy(row, 1, arena);
        concept->parent =
            sqlite3_column_type(row, 2) == SQLITE_NULL ? -1 : sqlite3_column_int64(row, 2);
    }
    read_properties(&list, begin(definitions, QUERY_CONCEPT_PROPERTIES, code_system, -1), arena);
    read_designations(&list, begin(definitions, QUERY_CONCEPT_DESIGNATIONS, code_system, -1),
                      arena);
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
    LOCKING struct lock_held held = definitions_set_lock(definitions);
    RESETTING_STATEMENT sqlite3_stmt *row = begin(definitions, QUERY_RULES, value_set, -1);
    while (sqlite3_step(row) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(row, 0);
        list.rules = grow(arena, list.rules, list.count, sizeof *list.rules);
        struct value_set_rule *rule = &list.rules[list.count++];
        rule->is_excluded = sqlite3_column_int(row, 1);
        rule->is_listed = sqlite3_column_int(row, 2);
        rule->is_given = sqlite3_column_int(row, 3);
        rule->system = definitions_db_copy(row, 4, arena);
        rule->version = definitions_db_copy(row, 5, arena);
        rule->codes = read_codes(begin(definitions, QUERY_RULE_CODES, value_set, number), arena,
                                 &rule->code_count);
        rule->filters = read_filters(begin(definitions, QUERY_RULE_FILTERS, value_set, number),
                                     arena, &rule->filter_count);
        rule->imports = read_strs(begin(definitions, QUERY_RULE_IMPORTS, value_set, number), arena,
                                  &rule->import_count);
    }
    return list;
}
