/* compiler.h - what the parts of the definitions compiler share: the database being written. */
#ifndef RESOURCES_FHIR_DEFINITIONS_COMPILER_H
#define RESOURCES_FHIR_DEFINITIONS_COMPILER_H
#include <cjson/cJSON.h>
#include <sqlite3.h>

#include "resources/base/issue.h"
#include "resources/base/map.h"

/* One row a table: the statement that adds to it. */
enum insert {
    INSERT_PACKAGE,
    INSERT_DEPENDENCY,
    INSERT_RESOURCE,
    INSERT_CONTENT,
    INSERT_STRUCTURE,
    INSERT_EXTENSION_CONTEXT,
    INSERT_CONTEXT_INVARIANT,
    INSERT_ELEMENT,
    INSERT_ELEMENT_TYPE,
    INSERT_INVARIANT,
    INSERT_SEARCH_PARAMETER,
    INSERT_SEARCH_COMPONENT,
    INSERT_COMPARTMENT,
    INSERT_CODE_SYSTEM,
    INSERT_CONCEPT,
    INSERT_CONCEPT_PROPERTY,
    INSERT_CONCEPT_DESIGNATION,
    INSERT_VALUE_SET,
    INSERT_VALUE_SET_RULE,
    INSERT_VALUE_SET_CONCEPT,
    INSERT_VALUE_SET_FILTER,
    INSERT_VALUE_SET_IMPORT,
    INSERT_UNIT,
    INSERT_PREFIX,
    INSERT_COUNT
};

/* One compilation. Shared lists (types, invariants) are interned by their text, so each is stored
 * once; arena holds those texts. */
struct compiler {
    sqlite3 *db;
    sqlite3_stmt *inserts[INSERT_COUNT];
    struct ZSTD_CCtx_s *zstd;
    int zstd_level;
    struct corrections *corrections;                   /* NULL: none */
    const struct definitions_preparation *preparation; /* NULL: none */
    struct arena *arena;
    struct issues *issues;
    struct str package;                      /* name#version */
    const cJSON *dependencies;               /* of the package.json, or NULL */
    struct map resources;                    /* "type url|version" of what was added */
    struct map type_sets, invariants;        /* text to its number, as a pointer to int64_t */
    int64_t resource_count, parameter_count; /* the last ids given */
    bool has_failed;                         /* the database refused a row */
    bool may_be_empty;
};

/* Fills one row, value by value in the table's order, then adds it. */
struct row {
    struct compiler *compiler;
    sqlite3_stmt *statement;
    int at;
};
struct row compiler_row(struct compiler *compiler, enum insert insert);
/* Text is borrowed until row_add. */
void compiler_text(struct row *row, struct str text);
/* NULL when the text is empty. */
void compiler_optional(struct row *row, struct str text);
void compiler_number(struct row *row, int64_t number);
/* NULL when the number is negative. */
void compiler_place(struct row *row, int64_t number);
void compiler_blob(struct row *row, const void *bytes, size_t size);
void compiler_add(struct row *row);

/* The number kept for a text in an interning map; *is_new when it was just given. */
int64_t compiler_intern(struct compiler *compiler, struct map *map, struct str text, bool *is_new);
/* An item printed as JSON in the arena; empty for NULL. */
struct str compiler_json(const cJSON *item, struct arena *arena);
/* The texts of a list, between spaces. */
struct str compiler_words(const cJSON *list, struct arena *arena);

/* The kinds of resource that have tables of their own. id: the resource's. False with an issue when
 * it can not be used; then nothing of it is kept. `arena` is scratch. */
bool compile_structure(struct compiler *compiler, int64_t id, const cJSON *resource,
                       struct arena *arena);
bool compile_search_parameter(struct compiler *compiler, int64_t id, const cJSON *resource,
                              struct arena *arena);
bool compile_compartment(struct compiler *compiler, int64_t id, const cJSON *resource,
                         struct arena *arena);
bool compile_code_system(struct compiler *compiler, int64_t id, const cJSON *resource,
                         struct arena *arena);
bool compile_value_set(struct compiler *compiler, int64_t id, const cJSON *resource,
                       struct arena *arena);
/* The units of a file in the form of @lhncbc/ucum-lhc (ucumDefs.min.json). */
bool compile_units(struct compiler *compiler, const char *path);
#endif
