/* compile.c - turns packages of conformance resources into one read-only definitions database. */
#include "resources/fhir/definitions/compile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/definitions/compiler.h"
#include "resources/fhir/definitions/corrections.h"
#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/source.h"
#include "resources/fhir/json/json.h"

enum { ZSTD_LEVEL = 12, ZSTD_LEVEL_MEMORY = 1 };

static const char *const INSERTS[INSERT_COUNT] = {
    [INSERT_PACKAGE] = "INSERT INTO package VALUES(?,?)",
    [INSERT_DEPENDENCY] = "INSERT INTO dependency VALUES(?,?,?)",
    [INSERT_RESOURCE] = "INSERT INTO resource VALUES(?,?,?,?,?,?,?,?)",
    [INSERT_CONTENT] = "INSERT INTO content VALUES(?,?,?)",
    [INSERT_STRUCTURE] = "INSERT INTO structure VALUES(?,?,?,?,?,?,?,?,?,?)",
    [INSERT_EXTENSION_CONTEXT] = "INSERT INTO extension_context VALUES(?,?,?,?)",
    [INSERT_CONTEXT_INVARIANT] = "INSERT INTO context_invariant VALUES(?,?,?)",
    [INSERT_ELEMENT] =
        "INSERT INTO element VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [INSERT_ELEMENT_TYPE] = "INSERT INTO element_type VALUES(?,?,?,?,?,?)",
    [INSERT_INVARIANT] = "INSERT INTO invariant VALUES(?,?,?,?,?,?,?)",
    [INSERT_SEARCH_PARAMETER] = "INSERT INTO search_parameter VALUES(?,?,?,?,?,?,?)",
    [INSERT_SEARCH_COMPONENT] = "INSERT INTO search_component VALUES(?,?,?,?)",
    [INSERT_COMPARTMENT] = "INSERT INTO compartment VALUES(?,?,?,?)",
    [INSERT_CODE_SYSTEM] = "INSERT INTO code_system VALUES(?,?,?,?,?,?,?,?)",
    [INSERT_CONCEPT] = "INSERT INTO concept VALUES(?,?,?,?,?)",
    [INSERT_CONCEPT_PROPERTY] = "INSERT INTO concept_property VALUES(?,?,?,?,?)",
    [INSERT_CONCEPT_DESIGNATION] = "INSERT INTO concept_designation VALUES(?,?,?,?,?,?)",
    [INSERT_VALUE_SET] = "INSERT INTO value_set VALUES(?,?,?,?)",
    [INSERT_VALUE_SET_RULE] = "INSERT INTO value_set_rule VALUES(?,?,?,?,?,?,?)",
    [INSERT_VALUE_SET_CONCEPT] = "INSERT INTO value_set_concept VALUES(?,?,?,?,?)",
    [INSERT_VALUE_SET_FILTER] = "INSERT INTO value_set_filter VALUES(?,?,?,?,?,?)",
    [INSERT_VALUE_SET_IMPORT] = "INSERT INTO value_set_import VALUES(?,?,?,?)",
    [INSERT_UNIT] = "INSERT INTO unit VALUES(?,?,?,?,?,?,?)",
    [INSERT_PREFIX] = "INSERT INTO prefix VALUES(?,?)",
};

/* The resource types that have tables beside `resource` and `content`. */
static const struct kind {
    const char *type;
    bool (*compile)(struct compiler *compiler, int64_t id, const cJSON *resource,
                    struct arena *arena);
} KINDS[] = {
    { "StructureDefinition", compile_structure },
    { "SearchParameter", compile_search_parameter },
    { "CompartmentDefinition", compile_compartment },
    { "CodeSystem", compile_code_system },
    { "ValueSet", compile_value_set },
};

static void add_content(struct compiler *compiler, int64_t id, struct str json, struct arena *arena)
{
    size_t room = ZSTD_compressBound(json.len);
    char *bytes = arena_alloc_raw(arena, room);
    size_t size =
        ZSTD_compressCCtx(compiler->zstd, bytes, room, json.data, json.len, compiler->zstd_level);
    if (ZSTD_isError(size)) {
        compiler->has_failed = true;
        return;
    }
    struct row row = compiler_row(compiler, INSERT_CONTENT);
    compiler_number(&row, id);
    compiler_number(&row, (int64_t)json.len);
    compiler_blob(&row, bytes, size);
    compiler_add(&row);
}

/* Marks type, url and version as taken; false with an issue when they were. */
static bool take_canonical(struct compiler *compiler, struct str type, const cJSON *resource)
{
    struct str url = json_get_text(resource, "url"), version = json_get_text(resource, "version");
    struct str key = str_print(compiler->arena, STR_FMT " " STR_FMT "|" STR_FMT, STR_ARG(type),
                               STR_ARG(url), STR_ARG(version));
    if (map_find(&compiler->resources, key))
        return issue_add(compiler->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                         STR_FMT " is there twice", STR_ARG(key));
    map_set(&compiler->resources, key, compiler);
    return true;
}

/* Resources without a url (examples, bundles) define nothing and are passed over. */
static void add_resource(struct compiler *compiler, cJSON *resource, struct arena *arena)
{
    struct str type = json_get_text(resource, "resourceType");
    if (compiler->corrections &&
        !corrections_apply(compiler->corrections, resource, arena, compiler->issues))
        return;
    struct str url = json_get_text(resource, "url");
    if (!type.len || !url.len || !take_canonical(compiler, type, resource))
        return;
    const struct definitions_preparation *preparation = compiler->preparation;
    if (preparation &&
        !preparation->prepare(preparation->context, resource, arena, compiler->issues))
        return;
    int64_t id = compiler->resource_count + 1;
    for (size_t i = 0; i < COUNT(KINDS); i++)
        if (str_is(type, KINDS[i].type) && !KINDS[i].compile(compiler, id, resource, arena))
            return;
    compiler->resource_count = id;
    struct row row = compiler_row(compiler, INSERT_RESOURCE);
    compiler_number(&row, id);
    compiler_text(&row, type);
    compiler_text(&row, url);
    compiler_text(&row, json_get_text(resource, "version"));
    compiler_text(&row, json_get_text(resource, "id"));
    compiler_text(&row, json_get_text(resource, "name"));
    compiler_text(&row, json_get_text(resource, "title"));
    compiler_text(&row, json_get_text(resource, "status"));
    compiler_add(&row);
    json_remove(resource, "text");
    add_content(compiler, id, compiler_json(resource, arena), arena);
}

/* A resource, or those of a Bundle; what one takes is given back before the next. */
static void add_resources(struct compiler *compiler, cJSON *document, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    if (!str_is(json_get_text(document, "resourceType"), "Bundle"))
        add_resource(compiler, document, arena);
    cJSON *entries = str_is(json_get_text(document, "resourceType"), "Bundle")
                         ? json_get(document, "entry")
                         : NULL;
    for (cJSON *entry = entries ? entries->child : NULL; entry; entry = entry->next) {
        arena_reset(arena, mark);
        cJSON *resource = json_get(entry, "resource");
        if (resource)
            add_resource(compiler, resource, arena);
    }
}

static void add_document(void *context, const char *name, struct str text, struct arena *arena)
{
    struct compiler *compiler = context;
    size_t errors = compiler->issues->errors;
    cJSON *document = json_parse(text, arena, compiler->issues);
    if (!document) {
        if (compiler->issues->errors > errors)
            issue_add(compiler->issues, NULL, ISSUE_DEFINITION_INVALID, "%s is left out", name);
        return;
    }
    add_resources(compiler, document, arena);
}

static bool open_inserts(struct compiler *compiler)
{
    for (size_t i = 0; i < INSERT_COUNT; i++) {
        compiler->inserts[i] = definitions_db_prepare(compiler->db, INSERTS[i]);
        if (!compiler->inserts[i])
            return false;
    }
    return true;
}

static void close_inserts(struct compiler *compiler)
{
    for (size_t i = 0; i < INSERT_COUNT; i++)
        sqlite3_finalize(compiler->inserts[i]);
}

/* The package.json of a FHIR package; the first one counts. */
static void read_package(void *context, struct str text, struct arena *arena)
{
    struct compiler *compiler = context;
    if (compiler->package.len)
        return;
    const cJSON *json = json_parse(text, arena, compiler->issues);
    const cJSON *needed = json_get(json, "dependencies");
    compiler->dependencies = needed ? json_copy(compiler->arena, needed) : NULL;
    struct str name = json_get_text(json, "name"), version = json_get_text(json, "version");
    compiler->package =
        str_print(compiler->arena, STR_FMT "#" STR_FMT, STR_ARG(name), STR_ARG(version));
}

static void add_package(struct compiler *compiler)
{
    struct str version = compiler->package;
    struct str name = str_cut(&version, '#');
    struct row row = compiler_row(compiler, INSERT_PACKAGE);
    compiler_text(&row, name);
    compiler_text(&row, version);
    compiler_add(&row);
    const cJSON *needed = compiler->dependencies ? compiler->dependencies->child : NULL;
    for (int64_t number = 0; needed; needed = needed->next) {
        row = compiler_row(compiler, INSERT_DEPENDENCY);
        compiler_number(&row, number++);
        compiler_text(&row, str_of(needed->string));
        compiler_text(&row, json_text(needed));
        compiler_add(&row);
    }
}

static void add_corrections(void *context, const char *name, struct str text, struct arena *arena)
{
    (void)name;
    (void)arena;
    struct compiler *compiler = context;
    struct str kept = str_copy(compiler->arena, text);
    compiler->corrections = corrections_parse(kept, compiler->arena, compiler->issues);
}

static bool read_corrections(struct compiler *compiler, const char *path)
{
    struct definitions_visitor visitor = { compiler, add_corrections, NULL };
    return definitions_source_read(path, &visitor, compiler->issues) && compiler->corrections;
}

/* Everything between an empty database and one that is ready to be finished. */
static bool add_everything(struct compiler *compiler, const struct definitions_source *source)
{
    struct definitions_visitor visitor = { compiler, add_document, read_package };
    if (source->corrections && !read_corrections(compiler, source->corrections))
        return false;
    compiler->package = str_of(source->package);
    bool is_read = true;
    for (size_t i = 0; i < source->resource_count; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        add_resources(compiler, json_copy(arena, source->resources[i]), arena);
    }
    for (size_t i = 0; i < source->input_count; i++)
        is_read = definitions_source_read(source->inputs[i], &visitor, compiler->issues) && is_read;
    if (source->units && !compile_units(compiler, source->units))
        return false;
    add_package(compiler);
    if (compiler->corrections && !corrections_check(compiler->corrections, compiler->issues))
        return false;
    if (compiler->has_failed)
        return false;
    if (compiler->resource_count == 0 && (source->input_count || !compiler->may_be_empty))
        issue_add(compiler->issues, NULL, ISSUE_DEFINITION_INVALID, "the input defines nothing");
    return is_read && (compiler->resource_count > 0 || compiler->may_be_empty);
}

/* Compiles into a database that was just made; false closes it. */
static bool fill_database(struct compiler *compiler, const struct definitions_source *source,
                          struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    compiler->arena = arena;
    compiler->issues = issues;
    compiler->zstd = ZSTD_createCCtx();
    compiler->preparation = source->preparation;
    map_init(&compiler->resources, arena);
    map_init(&compiler->type_sets, arena);
    map_init(&compiler->invariants, arena);
    bool is_made = compiler->db && compiler->zstd && open_inserts(compiler) &&
                   add_everything(compiler, source);
    close_inserts(compiler);
    ZSTD_freeCCtx(compiler->zstd);
    if (compiler->db && !is_made)
        definitions_db_close(compiler->db);
    return is_made;
}

static bool write_database(const char *path, const struct definitions_source *source,
                           struct issues *issues)
{
    struct compiler compiler = { .db = definitions_db_create(path, issues),
                                 .zstd_level = ZSTD_LEVEL };
    return fill_database(&compiler, source, issues) && definitions_db_finish(compiler.db, issues);
}

struct sqlite3 *definitions_compile_memory(const struct definitions_source *source,
                                           struct issues *issues)
{
    struct compiler compiler = { .db = definitions_db_create(":memory:", issues),
                                 .zstd_level = ZSTD_LEVEL_MEMORY,
                                 .may_be_empty = true };
    if (!fill_database(&compiler, source, issues) || !definitions_db_seal(compiler.db, issues))
        return NULL;
    return compiler.db;
}

/* The bytes are on disk before the name leads to them. */
static bool publish(const char *temporary, const char *output)
{
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool is_synced = fsync(fd) == 0;
    close(fd);
    return is_synced && rename(temporary, output) == 0;
}

bool definitions_compile(const char *output, const struct definitions_source *source,
                         struct issues *issues)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct str temporary = str_print(scratch, "%s.%ld.new", output, (long)getpid());
    bool is_made = write_database(temporary.data, source, issues);
    if (is_made && !publish(temporary.data, output))
        is_made =
            issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "%s: %s", output, strerror(errno));
    if (!is_made)
        unlink(temporary.data);
    return is_made;
}
