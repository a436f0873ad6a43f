/* load.c - reads a structure from its database and links its elements. */
#include <string.h>

#include "resources/base/buf.h"
#include "resources/fhir/definitions/db.h"
#include "resources/fhir/definitions/set.h"
#include "resources/fhir/json/json.h"

struct type_set {
    struct element_type *types;
    size_t count;
};
struct invariant_set {
    struct constraint *constraints;
    size_t count;
};

/* One structure being read. links: what each element's row says of its place, by number. */
struct load {
    struct database *database;
    struct arena *arena, *scratch;
    struct definitions_entry *entry;
    struct element *elements;
    struct link {
        int64_t parent, sliced, content; /* -1: none */
        const struct element **children, **slices;
    } * links;
    size_t count;
    struct issues issues; /* of the small JSON texts in a row: none in a sound file */
};

/* Columns of QUERY_ELEMENTS. */
enum {
    COLUMN_ID,
    COLUMN_PATH,
    COLUMN_SLICE_NAME,
    COLUMN_PARENT,
    COLUMN_SLICED,
    COLUMN_CONTENT,
    COLUMN_MIN,
    COLUMN_MAX,
    COLUMN_BASE_MAX,
    COLUMN_TYPE_SET,
    COLUMN_INVARIANTS,
    COLUMN_BINDING,
    COLUMN_VALUE_SET,
    COLUMN_MAX_VALUE_SET,
    COLUMN_FIXED,
    COLUMN_PATTERN,
    COLUMN_MIN_VALUE,
    COLUMN_MAX_VALUE,
    COLUMN_MAX_LENGTH,
    COLUMN_IS_MODIFIER,
    COLUMN_IS_SUMMARY,
    COLUMN_MUST_SUPPORT,
    COLUMN_SLICING
};

static size_t count_words(struct str text)
{
    size_t count = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        count += text.data[i] == ' ';
    return count;
}

static const struct str *read_words(struct load *load, sqlite3_stmt *row, int column, size_t *count)
{
    struct str rest = definitions_db_copy(row, column, load->arena);
    *count = count_words(rest);
    if (*count == 0)
        return NULL;
    struct str *words = arena_array(load->arena, *count, sizeof *words);
    for (size_t i = 0; i < *count; i++)
        words[i] = str_cut(&rest, ' ');
    return words;
}

static struct type_set *read_type_set(struct load *load, int64_t number)
{
    enum { MOST_TYPES = 128 };
    RESETTING_STATEMENT sqlite3_stmt *row = load->database->queries[QUERY_ELEMENT_TYPES];
    struct element_type types[MOST_TYPES];
    size_t count = 0;
    sqlite3_bind_int64(row, 1, number);
    while (count < MOST_TYPES && sqlite3_step(row) == SQLITE_ROW) {
        struct element_type *type = &types[count++];
        type->code = definitions_db_copy(row, 0, load->arena);
        type->entry = map_find(load->entry->layer->by_name, type->code);
        type->profiles = read_words(load, row, 1, &type->profile_count);
        type->targets = read_words(load, row, 2, &type->target_count);
        type->aggregation = definitions_db_copy(row, 3, load->arena);
    }
    struct type_set *set = arena_alloc(load->arena, sizeof *set);
    *set = (struct type_set){ arena_copy(load->arena, types, count * sizeof *types), count };
    return set;
}

static void set_types(struct load *load, struct element *element, sqlite3_stmt *row)
{
    if (sqlite3_column_type(row, COLUMN_TYPE_SET) == SQLITE_NULL)
        return;
    struct str key = definitions_db_text(row, COLUMN_TYPE_SET);
    struct type_set *set = map_find(&load->database->type_sets, key);
    if (!set) {
        struct str kept = str_copy(load->arena, key);
        uint64_t number = 0;
        str_to_u64(&number, kept);
        set = read_type_set(load, (int64_t)number);
        map_set(&load->database->type_sets, kept, set);
    }
    element->types = set->types;
    element->type_count = set->count;
}

/* All invariants of the database, by id from 1. */
static void read_invariants(struct load *load)
{
    RESETTING_STATEMENT sqlite3_stmt *row = load->database->queries[QUERY_INVARIANTS];
    struct constraint *list = NULL;
    size_t count = 0, room = 0;
    while (sqlite3_step(row) == SQLITE_ROW) {
        list = arena_grow(load->scratch, list, count, &room, 256, sizeof *list);
        list[count++] =
            (struct constraint){ .key = definitions_db_copy(row, 0, load->arena),
                                 .is_warning = !str_is(definitions_db_text(row, 1), "error"),
                                 .expression = definitions_db_copy(row, 2, load->arena),
                                 .human = definitions_db_copy(row, 3, load->arena),
                                 .source = definitions_db_copy(row, 4, load->arena),
                                 .is_best_practice = sqlite3_column_int(row, 5) };
    }
    load->database->invariants = arena_copy(load->arena, list, count * sizeof *list);
    load->database->invariant_count = count;
}

/* "[1,5]" to the first and fifth invariant. */
static struct invariant_set *make_invariant_set(struct load *load, struct str text)
{
    const struct database *database = load->database;
    struct invariant_set *set = arena_alloc(load->arena, sizeof *set);
    struct str rest = str_slice(text, 1, text.len - 1);
    set->constraints = arena_array(load->arena, text.len / 2, sizeof *set->constraints);
    while (rest.len) {
        uint64_t id = 0;
        str_to_u64(&id, str_cut(&rest, ','));
        if (id >= 1 && id <= database->invariant_count)
            set->constraints[set->count++] = database->invariants[id - 1];
    }
    return set;
}

static void set_constraints(struct load *load, struct element *element, sqlite3_stmt *row)
{
    struct str key = definitions_db_text(row, COLUMN_INVARIANTS);
    if (key.len < 2)
        return;
    if (load->database->invariant_count == 0)
        read_invariants(load);
    struct invariant_set *set = map_find(&load->database->invariant_sets, key);
    if (!set) {
        set = make_invariant_set(load, key);
        map_set(&load->database->invariant_sets, str_copy(load->arena, key), set);
    }
    element->constraints = set->constraints;
    element->constraint_count = set->count;
}

/* The value inside {"fixedUri":"..."}. */
static const cJSON *read_value(struct load *load, sqlite3_stmt *row, int column)
{
    struct str text = definitions_db_text(row, column);
    if (!text.len)
        return NULL;
    const cJSON *wrapped = json_parse(str_copy(load->scratch, text), load->arena, &load->issues);
    return wrapped ? wrapped->child : NULL;
}

static enum discriminator_type discriminator_of(struct str code)
{
    static const char *const CODES[] = { "value", "exists", "pattern", "type", "profile" };
    for (size_t i = 0; i < COUNT(CODES); i++)
        if (str_is(code, CODES[i]))
            return (enum discriminator_type)i;
    return DISCRIMINATOR_VALUE;
}

static const struct slicing *read_slicing(struct load *load, struct str text)
{
    if (!text.len)
        return NULL;
    const cJSON *json = json_parse(str_copy(load->scratch, text), load->scratch, &load->issues);
    const cJSON *list = json_get(json, "discriminator");
    struct str rules = json_get_text(json, "rules");
    struct slicing *slicing = arena_alloc(load->arena, sizeof *slicing);
    slicing->count = json_count(list);
    slicing->is_ordered = cJSON_IsTrue(json_get(json, "ordered"));
    slicing->rules = str_is(rules, "closed")      ? SLICING_CLOSED
                     : str_is(rules, "openAtEnd") ? SLICING_OPEN_AT_END
                                                  : SLICING_OPEN;
    struct discriminator *items = arena_array(load->arena, slicing->count, sizeof *items);
    for (size_t i = 0; i < slicing->count; i++) {
        const cJSON *item = json_at(list, i);
        items[i].type = discriminator_of(json_get_text(item, "type"));
        items[i].path = str_copy(load->arena, json_get_text(item, "path"));
    }
    slicing->discriminators = items;
    return slicing;
}

static enum binding_strength binding_of(struct str code)
{
    static const char *const CODES[] = { "", "example", "preferred", "extensible", "required" };
    for (size_t i = 1; i < COUNT(CODES); i++)
        if (str_is(code, CODES[i]))
            return (enum binding_strength)i;
    return BINDING_NONE;
}

static uint32_t max_of(struct str text)
{
    int max = 0;
    return str_to_int(&max, text) ? (uint32_t)max : ELEMENT_MAX_UNBOUNDED;
}

static int64_t number_or(sqlite3_stmt *row, int column, int64_t otherwise)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? otherwise
                                                           : sqlite3_column_int64(row, column);
}

static struct str last_step(struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.data[i - 1] == '.')
            return str_slice(path, i, path.len);
    return path;
}

static void read_element(struct load *load, struct element *element, sqlite3_stmt *row)
{
    struct arena *arena = load->arena;
    element->structure = &load->entry->structure;
    element->id = definitions_db_copy(row, COLUMN_ID, arena);
    struct str path = definitions_db_text(row, COLUMN_PATH);
    element->path = str_equal(path, element->id) ? element->id : str_copy(arena, path);
    element->name = last_step(element->path);
    element->is_choice = str_ends(element->name, STR("[x]"));
    element->slice_name = definitions_db_copy(row, COLUMN_SLICE_NAME, arena);
    element->min = (uint32_t)sqlite3_column_int64(row, COLUMN_MIN);
    element->max = max_of(definitions_db_text(row, COLUMN_MAX));
    element->base_max = max_of(definitions_db_text(row, COLUMN_BASE_MAX));
    element->binding = binding_of(definitions_db_text(row, COLUMN_BINDING));
    element->value_set = definitions_db_copy(row, COLUMN_VALUE_SET, arena);
    element->max_value_set = definitions_db_copy(row, COLUMN_MAX_VALUE_SET, arena);
    element->fixed = read_value(load, row, COLUMN_FIXED);
    element->pattern = read_value(load, row, COLUMN_PATTERN);
    element->min_value = read_value(load, row, COLUMN_MIN_VALUE);
    element->max_value = read_value(load, row, COLUMN_MAX_VALUE);
    element->max_length = (uint32_t)number_or(row, COLUMN_MAX_LENGTH, 0);
    element->is_modifier = sqlite3_column_int(row, COLUMN_IS_MODIFIER);
    element->is_summary = sqlite3_column_int(row, COLUMN_IS_SUMMARY);
    element->must_support = sqlite3_column_int(row, COLUMN_MUST_SUPPORT);
    element->slicing = read_slicing(load, definitions_db_text(row, COLUMN_SLICING));
    set_types(load, element, row);
    set_constraints(load, element, row);
}

static bool read_elements(struct load *load)
{
    RESETTING_STATEMENT sqlite3_stmt *row = load->database->queries[QUERY_ELEMENTS];
    sqlite3_bind_int64(row, 1, load->entry->id);
    size_t count = 0;
    for (; count < load->count && sqlite3_step(row) == SQLITE_ROW; count++) {
        load->links[count] = (struct link){ .parent = number_or(row, COLUMN_PARENT, -1),
                                            .sliced = number_or(row, COLUMN_SLICED, -1),
                                            .content = number_or(row, COLUMN_CONTENT, -1) };
        read_element(load, &load->elements[count], row);
    }
    return count == load->count && count > 0;
}

/* The element of a number in this structure, or NULL for -1 (and for nonsense in a damaged file).
 */
static struct element *element_at(struct load *load, int64_t number)
{
    return number >= 0 && (size_t)number < load->count ? &load->elements[number] : NULL;
}

/* Upwards, and how many there will be downwards. */
static void link_up(struct load *load)
{
    for (size_t i = 0; i < load->count; i++) {
        struct element *element = &load->elements[i];
        struct element *parent = element_at(load, load->links[i].parent);
        struct element *sliced = element_at(load, load->links[i].sliced);
        element->parent = parent;
        element->content = element_at(load, load->links[i].content);
        if (sliced)
            sliced->slice_count++;
        else if (parent)
            parent->child_count++;
    }
}

/* Room for the lists that link_up has counted; link_down counts again while it fills them. */
static void make_room(struct load *load)
{
    for (size_t i = 0; i < load->count; i++) {
        struct element *element = &load->elements[i];
        struct link *link = &load->links[i];
        if (element->child_count)
            element->children = link->children =
                arena_array(load->arena, element->child_count, sizeof *link->children);
        if (element->slice_count)
            element->slices = link->slices =
                arena_array(load->arena, element->slice_count, sizeof *link->slices);
        element->child_count = element->slice_count = 0;
    }
}

static void link_down(struct load *load)
{
    for (size_t i = 0; i < load->count; i++) {
        const struct link *own = &load->links[i];
        struct element *parent = element_at(load, own->parent);
        struct element *sliced = element_at(load, own->sliced);
        if (sliced)
            load->links[own->sliced].slices[sliced->slice_count++] = &load->elements[i];
        else if (parent)
            load->links[own->parent].children[parent->child_count++] = &load->elements[i];
    }
}

/* A snapshot may name a slice and say no more of it: then its inside is that of what it slices. */
static void share_children(struct load *load)
{
    for (size_t i = 0; i < load->count; i++) {
        struct element *element = &load->elements[i];
        const struct element *sliced = element_at(load, load->links[i].sliced);
        if (!sliced || element->child_count || element->content)
            continue;
        element->children = sliced->children;
        element->child_count = sliced->child_count;
        element->content = sliced->content;
    }
}

static void read_contexts(struct load *load)
{
    enum { MOST_CONTEXTS = 256 };
    struct structure *structure = &load->entry->structure;
    struct extension_context contexts[MOST_CONTEXTS];
    struct str invariants[MOST_CONTEXTS];
    size_t count = 0;
    RESETTING_STATEMENT sqlite3_stmt *row = load->database->queries[QUERY_CONTEXTS];
    sqlite3_bind_int64(row, 1, load->entry->id);
    while (count < MOST_CONTEXTS && sqlite3_step(row) == SQLITE_ROW) {
        contexts[count].type = definitions_db_copy(row, 0, load->arena);
        contexts[count++].expression = definitions_db_copy(row, 1, load->arena);
    }
    structure->contexts = arena_copy(load->arena, contexts, count * sizeof *contexts);
    structure->context_count = count;

    count = 0;
    RESETTING_STATEMENT sqlite3_stmt *rule = load->database->queries[QUERY_CONTEXT_INVARIANTS];
    sqlite3_bind_int64(rule, 1, load->entry->id);
    while (count < MOST_CONTEXTS && sqlite3_step(rule) == SQLITE_ROW)
        invariants[count++] = definitions_db_copy(rule, 0, load->arena);
    structure->context_invariants = arena_copy(load->arena, invariants, count * sizeof *invariants);
    structure->context_invariant_count = count;
}

bool definitions_load_structure(struct definitions_entry *entry)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct load load = { .database = &entry->layer->database,
                         .arena = entry->layer->arena,
                         .scratch = scratch,
                         .entry = entry,
                         .count = entry->element_count };
    issues_init(&load.issues, scratch, (struct str){ "", 0 });
    load.elements = arena_array(load.arena, load.count, sizeof *load.elements);
    load.links = arena_array(scratch, load.count, sizeof *load.links);
    if (!read_elements(&load) || load.issues.errors)
        return false;
    link_up(&load);
    make_room(&load);
    link_down(&load);
    share_children(&load);
    read_contexts(&load);
    entry->structure.elements = load.elements;
    entry->structure.element_count = load.count;
    entry->structure.root = load.elements;
    return true;
}
