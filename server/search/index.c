/* index.c - runs every search parameter of a type over a resource. */
#include <pthread.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"
#include "server/search/codes.h"
#include "server/search/composite.h"
#include "server/search/extract.h"
#include "server/search/kind.h"
#include "server/search/search.h"
#include "server/search/words.h"

/* The parameters of a type with their expressions; immutable once made. */
struct indexed_type {
    const struct search_parameter *const *parameters;
    struct fhirpath **expressions; /* NULL: has no index, or does not compile */
    struct composite **composites; /* NULL but for composite parameters */
    size_t count;
    const struct str *compartment; /* codes that lead to the patient */
    size_t compartment_count;
};
struct search_indexer {
    struct arena *arena;
    struct definitions *definitions;
    struct str base_url;
    pthread_mutex_t lock;
    struct map types;
    struct codes codes;
};

struct search_indexer *search_indexer_open(struct definitions *definitions, struct str base_url)
{
    struct arena *arena = arena_open();
    struct search_indexer *indexer = arena_alloc(arena, sizeof *indexer);
    indexer->arena = arena;
    indexer->definitions = definitions;
    indexer->base_url = str_copy(arena, base_url);
    pthread_mutex_init(&indexer->lock, NULL);
    map_init(&indexer->types, arena);
    codes_init(&indexer->codes);
    return indexer;
}

void search_indexer_close(struct search_indexer *indexer)
{
    if (!indexer)
        return;
    codes_done(&indexer->codes);
    pthread_mutex_destroy(&indexer->lock);
    arena_close(indexer->arena);
}

static bool has_index(const struct search_parameter *parameter)
{
    enum index_kind kind;
    return !str_is(parameter->code, "_id") && !str_is(parameter->code, "_lastUpdated") &&
           kind_of_parameter(&kind, parameter);
}

/* Of another resource type: then it leads nowhere from this one. */
static bool is_foreign(struct definitions *definitions, struct str path, struct str type)
{
    if (str_find(path, '|', 0) < path.len)
        return false;
    while (str_starts(path, STR("(")))
        path = str_slice(path, 1, path.len);
    struct str name = str_slice(path, 0, str_find(path, '.', 0));
    return definitions_is_resource_type(definitions, name) &&
           !definitions_is_a(definitions, type, name);
}

/* R4 joins the paths of up to forty types in one expression ("Account.subject.where(...) | ...").
 * What is left for one type is found in a tenth of the time. */
static struct str own_paths(struct search_indexer *indexer, struct str expression, struct str type)
{
    struct buf kept;
    size_t depth = 0, from = 0;
    bool is_text = false;
    buf_init(&kept, indexer->arena, expression.len + 1);
    for (size_t i = 0; i <= expression.len; i++) {
        char c = i < expression.len ? expression.data[i] : '|';
        is_text ^= c == '\'';
        depth += !is_text && c == '(';
        depth -= !is_text && c == ')' && depth;
        if (i < expression.len && (c != '|' || depth || is_text))
            continue;
        struct str path = str_trim(str_slice(expression, from, i));
        from = i + 1;
        if (is_foreign(indexer->definitions, path, type))
            continue;
        if (kept.len)
            buf_add_char(&kept, '|');
        buf_add(&kept, path);
    }
    return kept.len && !kept.is_over ? buf_str(&kept) : expression;
}

/* Under the lock. */
static struct indexed_type *compile(struct search_indexer *indexer, struct str type,
                                    struct issues *issues)
{
    struct indexed_type *made = arena_alloc(indexer->arena, sizeof *made);
    made->parameters = definitions_search_parameters(indexer->definitions, type, &made->count);
    made->expressions = arena_array(indexer->arena, made->count, sizeof *made->expressions);
    made->composites = arena_array(indexer->arena, made->count, sizeof *made->composites);
    for (size_t i = 0; i < made->count; i++) {
        const struct search_parameter *parameter = made->parameters[i];
        if (!has_index(parameter))
            continue;
        made->expressions[i] =
            fhirpath_parse(own_paths(indexer, parameter->expression, type), indexer->arena, issues);
        if (!str_is(parameter->type, "composite"))
            continue;
        made->composites[i] =
            composite_compile(indexer->definitions, type, parameter, indexer->arena, issues);
        if (!made->composites[i])
            made->expressions[i] = NULL;
    }
    made->compartment =
        definitions_patient_compartment(indexer->definitions, type, &made->compartment_count);
    map_set(&indexer->types, str_copy(indexer->arena, type), made);
    return made;
}

static const struct indexed_type *find_type(struct search_indexer *indexer, struct str type,
                                            struct issues *issues)
{
    pthread_mutex_lock(&indexer->lock);
    struct indexed_type *found = map_find(&indexer->types, type);
    if (!found)
        found = compile(indexer, type, issues);
    pthread_mutex_unlock(&indexer->lock);
    return found;
}

/* resolve() asks only what type a reference leads to: `where(resolve() is Patient)`. The text says
 * it, so no store is asked; a stand-in of that type is the answer. */
static const struct node *resolve(void *context, struct str reference, const struct node *from,
                                  struct arena *arena)
{
    struct search_indexer *indexer = context;
    struct reference parsed = reference_parse(reference);
    struct str type = parsed.type;
    if (!type.len && from && from->value)
        type = json_get_text(from->value, "type");
    if (!definitions_is_resource_type(indexer->definitions, type))
        return NULL;
    cJSON *stand_in = json_new_object(arena);
    json_set(arena, stand_in, "resourceType", json_new_string(arena, type));
    struct node *node = arena_alloc(arena, sizeof *node);
    return node_root(node, stand_in, indexer->definitions) ? node : NULL;
}

struct indexing {
    struct search_indexer *indexer;
    struct extract extract;
    struct fhirpath_context context;
    const struct node *root;
};

static void index_parameter(struct indexing *with, const struct indexed_type *type, size_t at)
{
    struct fhirpath_items found = { 0 };
    const struct composite *composite = type->composites[at];
    size_t before = with->extract.count;
    bool has_value = false;
    with->extract.parameter = type->parameters[at];
    if (!fhirpath_evaluate(&found, type->expressions[at], with->root, &with->context) ||
        !found.count)
        return;
    for (size_t i = 0; i < found.count; i++)
        if (!composite)
            has_value = extract_item(&with->extract, &found.items[i]) || has_value;
        else if (found.items[i].node)
            composite_extract(&with->extract, composite, found.items[i].node, &with->context);
    if (has_value || (composite && with->extract.count > before))
        extract_presence(&with->extract);
}

static void add_patient(struct index_rows *out, struct str id)
{
    for (size_t i = 0; i < out->patient_count; i++)
        if (str_equal(out->patients[i], id))
            return;
    out->patients[out->patient_count++] = id;
}

static void find_patients(struct index_rows *out, const struct indexed_type *type, struct str own,
                          struct arena *arena)
{
    out->patients = arena_array(arena, out->count + 1, sizeof *out->patients);
    for (size_t c = 0; c < type->compartment_count; c++) {
        if (str_is(type->compartment[c], "{def}") && own.len)
            add_patient(out, own);
        for (size_t i = 0; i < out->count; i++)
            if (out->rows[i].kind == INDEX_REFERENCE && str_is(out->rows[i].first, "Patient") &&
                str_equal(out->rows[i].parameter, type->compartment[c]))
                add_patient(out, out->rows[i].second);
    }
}

bool search_index(struct index_rows *out, struct search_indexer *indexer, const cJSON *resource,
                  struct arena *arena, struct issues *issues)
{
    struct node root;
    *out = (struct index_rows){ 0 };
    if (!node_root(&root, resource, indexer->definitions))
        return false;
    const struct indexed_type *type =
        find_type(indexer, json_get_text(resource, "resourceType"), issues);
    const struct fhirpath_resolver resolver = { .context = indexer, .resolve = resolve };
    struct indexing with = {
        .indexer = indexer,
        .extract = { .arena = arena,
                     .definitions = indexer->definitions,
                     .codes = &indexer->codes,
                     .base_url = indexer->base_url },
        .context = { .arena = arena,
                     .definitions = indexer->definitions,
                     .resolver = &resolver,
                     .issues = issues },
        .root = &root,
    };
    for (size_t i = 0; i < type->count; i++)
        if (type->expressions[i])
            index_parameter(&with, type, i);
    extract_contained(&with.extract, resource);
    out->rows = with.extract.rows;
    out->count = with.extract.count;
    if (with.extract.is_over)
        issue_add(issues, NULL, ISSUE_TOO_COSTLY,
                  "search-most-rows: only the first %d values can be searched for",
                  SEARCH_MOST_ROWS);
    out->is_signed = true;
    out->narrative = words_sign(resource, true, arena);
    out->content = words_sign(resource, false, arena);
    find_patients(out, type, json_get_text(resource, "id"), arena);
    return true;
}
