/* json.c - the FHIR reader, and reading and building the tree. */
#include "resources/fhir/json/json.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/json/scan.h"

/* cJSON takes its memory through two hooks that belong to the whole process and carry no context.
 * So the arena of the parse that is running on this thread stands here: the one exception to "no
 * mutable globals". It is set only while json_parse is inside cJSON. */
static _Thread_local struct arena *parse_arena;

static void *hook_take(size_t size)
{
    assert(parse_arena);
    return arena_alloc_raw(parse_arena, size);
}

/* The arena takes everything back at its end. */
static void hook_leave(void *bytes)
{
    (void)bytes;
}

static void set_hooks(void)
{
    cJSON_Hooks hooks = { hook_take, hook_leave };
    cJSON_InitHooks(&hooks);
}

/* cJSON keeps at most 63 bytes of a number and reads it as a double in the locale's way, so it is
 * shown a copy in which each number is a 0 and spaces; the walk below brings the literals back. */
static cJSON *build_tree(struct str text, const struct json_offsets *offsets, struct arena *arena,
                         struct arena *scratch)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    char *copy = str_cstr(scratch, text);
    for (; offsets; offsets = offsets->next)
        for (size_t i = 0; i < offsets->count; i++) {
            size_t at = offsets->at[i];
            if (copy[at] == '-' || (copy[at] >= '0' && copy[at] <= '9')) {
                memset(copy + at, ' ', json_scan_number_end(text, at) - at);
                copy[at] = '0';
            }
        }
    pthread_once(&once, set_hooks);
    parse_arena = arena;
    cJSON *tree = cJSON_ParseWithLength(copy, text.len);
    parse_arena = NULL;
    return tree;
}

/* Adds the issue of a fault at an offset: exact line and column. */
static void refuse(struct issues *issues, const struct place *in, size_t offset, enum issue_id id,
                   const char *detail)
{
    struct issue *issue = issue_raise(issues, in, id, "%s", detail);
    place_line(issues->source, offset, &issue->line, &issue->column);
}

/* The walk over a fresh tree, from the root down to the item that it stands on. */
struct finish {
    struct level {
        cJSON *item;
        const cJSON *repeated; /* the first among its siblings whose key stood before, or NULL */
    } levels[JSON_MOST_DEPTH + 1];
    int depth;
    struct str text;
    const struct json_offsets *offsets;
    size_t next_offset;
    struct arena *arena, *scratch;
};

/* Few keys are compared with each other, many go through the map: never quadratic in what came in.
 */
enum { FEW_KEYS = 16 };

static const cJSON *find_repeated(const cJSON *object, struct arena *scratch)
{
    if (json_count(object) <= FEW_KEYS) {
        for (const cJSON *item = object->child; item; item = item->next)
            for (const cJSON *before = object->child; before != item; before = before->next)
                if (*before->string == *item->string && !strcmp(before->string, item->string))
                    return item;
        return NULL;
    }
    struct arena_mark mark = arena_mark(scratch);
    struct map seen;
    map_init(&seen, scratch);
    const cJSON *item = object->child;
    char there[] = "";
    while (item && !map_set(&seen, str_of(item->string), there))
        item = item->next;
    arena_reset(scratch, mark);
    return item;
}

/* The values were noted in the order in which the walk meets them. */
static void finish_item(struct finish *finish, cJSON *item)
{
    if (finish->next_offset == finish->offsets->count) {
        finish->offsets = finish->offsets->next;
        finish->next_offset = 0;
    }
    size_t at = finish->offsets->at[finish->next_offset++];
    item->valueint = (int)at;
    if (item->type != cJSON_Number)
        return;
    item->type = cJSON_Raw;
    item->valuedouble = 0;
    item->valuestring = str_cstr(
        finish->arena, str_slice(finish->text, at, json_scan_number_end(finish->text, at)));
}

/* Where the key of the value at `value` begins. */
static size_t key_offset(struct str text, size_t value)
{
    size_t at = value - 1, slashes;
    while (text.data[at] != '"')
        at--;
    do {
        at--;
        while (text.data[at] != '"')
            at--;
        for (slashes = 0; text.data[at - slashes - 1] == '\\';)
            slashes++;
    } while (slashes % 2);
    return at;
}

static int index_in(const cJSON *array, const cJSON *item)
{
    int index = 0;
    for (const cJSON *before = array->child; before != item; before = before->next)
        index++;
    return index;
}

static void refuse_repeated(const struct finish *finish, struct issues *issues)
{
    struct place places[JSON_MOST_DEPTH + 1];
    struct str type = json_get_text(finish->levels[0].item, "resourceType");
    places[0] = PLACE_ROOT(type.len ? type.data : "Resource");
    const struct place *at = places;
    for (int i = 1; i <= finish->depth; i++) {
        const cJSON *parent = finish->levels[i - 1].item, *item = finish->levels[i].item;
        if (cJSON_IsObject(parent))
            places[i] = (struct place){ at, item->string, NULL, -1, -1 };
        else if (at->index < 0)
            places[i] = (struct place){ at->in, at->name, NULL, index_in(parent, item), -1 };
        else
            places[i] = (struct place){ at, "", NULL, index_in(parent, item), -1 };
        at = &places[i];
    }
    const cJSON *item = finish->levels[finish->depth].item;
    refuse(issues, at, key_offset(finish->text, (size_t)item->valueint), ISSUE_JSON_DUPLICATE_KEY,
           item->string);
}

/* Sets offsets and literals; false on the second of two equal keys, which the walk then stands on.
 */
static bool finish_tree(struct finish *finish)
{
    for (;;) {
        struct level *level = &finish->levels[finish->depth];
        finish_item(finish, level->item);
        if (level->item == level->repeated)
            return false;
        if (level->item->child) {
            bool is_object = level->item->type == cJSON_Object;
            assert(finish->depth < JSON_MOST_DEPTH);
            level[1].item = level->item->child;
            level[1].repeated = is_object ? find_repeated(level->item, finish->scratch) : NULL;
            finish->depth++;
            continue;
        }
        while (finish->depth > 0 && !finish->levels[finish->depth].item->next)
            finish->depth--;
        if (finish->depth == 0)
            return true;
        level = &finish->levels[finish->depth];
        level->item = level->item->next;
    }
}

static cJSON *parse(struct str text, char first, struct arena *arena, struct issues *issues)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct finish finish;
    struct json_offsets *offsets = NULL;
    struct json_error error = { 0 };
    enum issue_id id = ISSUE_JSON_SYNTAX;
    issues_read(issues, text);
    if (text.len > INT_MAX) {
        refuse(issues, NULL, 0, ISSUE_TOO_LARGE, "more than 2147483647 bytes of JSON");
        return NULL;
    }
    if (!json_scan_fhir(text, &offsets, &id, &error, scratch)) {
        refuse(issues, NULL, error.offset, id, error.reason);
        return NULL;
    }
    if (text.data[offsets->at[0]] != first) {
        refuse(issues, NULL, offsets->at[0],
               first == '{' ? ISSUE_JSON_NOT_OBJECT : ISSUE_JSON_SYNTAX,
               first == '{' ? "'{' is expected" : "'[' is expected");
        return NULL;
    }
    cJSON *tree = build_tree(text, offsets, arena, scratch);
    assert(tree);
    finish.levels[0] = (struct level){ tree, NULL };
    finish.depth = 0;
    finish.text = text;
    finish.offsets = offsets;
    finish.next_offset = 0;
    finish.arena = arena;
    finish.scratch = scratch;
    if (finish_tree(&finish))
        return tree;
    refuse_repeated(&finish, issues);
    return NULL;
}

cJSON *json_parse(struct str text, struct arena *arena, struct issues *issues)
{
    return parse(text, '{', arena, issues);
}

cJSON *json_parse_array(struct str text, struct arena *arena, struct issues *issues)
{
    return parse(text, '[', arena, issues);
}

long json_offset(const cJSON *item)
{
    return item ? item->valueint : -1;
}

cJSON *json_get(const cJSON *item, const char *key)
{
    if (!cJSON_IsObject(item))
        return NULL;
    cJSON *child = item->child;
    while (child && strcmp(child->string, key) != 0)
        child = child->next;
    return child;
}

cJSON *json_at(const cJSON *array, size_t index)
{
    cJSON *item = array ? array->child : NULL;
    for (; item && index > 0; index--)
        item = item->next;
    return item;
}

size_t json_count(const cJSON *item)
{
    size_t count = 0;
    for (const cJSON *child = item ? item->child : NULL; child; child = child->next)
        count++;
    return count;
}

bool json_is_number(const cJSON *item)
{
    return cJSON_IsRaw(item);
}

struct str json_text(const cJSON *item)
{
    if (cJSON_IsString(item) || cJSON_IsRaw(item))
        return str_of(item->valuestring);
    if (cJSON_IsBool(item))
        return cJSON_IsTrue(item) ? STR("true") : STR("false");
    return (struct str){ "", 0 };
}

struct str json_get_text(const cJSON *item, const char *key)
{
    return json_text(json_get(item, key));
}

/* The children of an object by key, for objects in which walking to each would be quadratic. */
static void index_children(struct map *index, const cJSON *object, struct arena *arena)
{
    map_init(index, arena);
    for (cJSON *item = object->child; item; item = item->next)
        map_set(index, str_of(item->string), item);
}

static bool equal_below(const cJSON *a, const cJSON *b, int depth)
{
    if (!a || !b || a->type != b->type || depth > JSON_MOST_TREE_DEPTH)
        return a == b;
    if (!a->child || !b->child)
        return a->child == b->child && str_equal(json_text(a), json_text(b));
    size_t count = json_count(a);
    if (count != json_count(b))
        return false;
    CLOSING_ARENA struct arena *scratch = NULL;
    struct map index;
    if (cJSON_IsObject(a) && count > FEW_KEYS) {
        scratch = arena_open();
        index_children(&index, b, scratch);
    }
    const cJSON *other = b->child;
    for (const cJSON *item = a->child; item; item = item->next, other = other->next) {
        const cJSON *twin = other;
        if (scratch)
            twin = map_find(&index, str_of(item->string));
        else if (cJSON_IsObject(a))
            twin = json_get(b, item->string);
        if (!equal_below(item, twin, depth + 1))
            return false;
    }
    return true;
}

bool json_equal(const cJSON *a, const cJSON *b)
{
    return equal_below(a, b, 0);
}

static cJSON *new_item(struct arena *arena, int type)
{
    cJSON *item = arena_alloc(arena, sizeof *item);
    item->type = type;
    item->valueint = -1;
    return item;
}

cJSON *json_new_object(struct arena *arena)
{
    return new_item(arena, cJSON_Object);
}

cJSON *json_new_array(struct arena *arena)
{
    return new_item(arena, cJSON_Array);
}

cJSON *json_new_string(struct arena *arena, struct str text)
{
    cJSON *item = new_item(arena, cJSON_String);
    item->valuestring = str_cstr(arena, text);
    return item;
}

cJSON *json_new_bool(struct arena *arena, bool value)
{
    return new_item(arena, value ? cJSON_True : cJSON_False);
}

cJSON *json_new_null(struct arena *arena)
{
    return new_item(arena, cJSON_NULL);
}

cJSON *json_new_number(struct arena *arena, struct str literal)
{
    cJSON *item = new_item(arena, cJSON_Raw);
    item->valuestring = str_cstr(arena, literal);
    return item;
}

/* Puts item behind `before` (NULL: first). As in cJSON, the first child's prev is the last child.
 */
static void link_behind(cJSON *parent, cJSON *before, cJSON *item)
{
    cJSON *next = before ? before->next : parent->child;
    cJSON *last = parent->child ? parent->child->prev : item;
    item->next = next;
    if (next)
        next->prev = item;
    else
        last = item;
    if (before) {
        before->next = item;
        item->prev = before;
    } else {
        parent->child = item;
    }
    parent->child->prev = last;
}

void json_unlink(cJSON *parent, cJSON *child)
{
    cJSON *last = parent->child->prev;
    if (child == parent->child)
        parent->child = child->next;
    else
        child->prev->next = child->next;
    if (child->next)
        child->next->prev = child->prev;
    else
        last = child->prev;
    if (parent->child)
        parent->child->prev = last;
    child->next = child->prev = NULL;
}

static cJSON *copy_below(struct arena *arena, const cJSON *item, int depth)
{
    assert(depth <= JSON_MOST_TREE_DEPTH);
    cJSON *copy = new_item(arena, item->type & 0xff);
    if (item->valuestring)
        copy->valuestring = str_cstr(arena, str_of(item->valuestring));
    for (const cJSON *child = item->child; child; child = child->next) {
        cJSON *twin = copy_below(arena, child, depth + 1);
        if (child->string)
            twin->string = str_cstr(arena, str_of(child->string));
        json_add(copy, twin);
    }
    return copy;
}

cJSON *json_copy(struct arena *arena, const cJSON *item)
{
    return copy_below(arena, item, 0);
}

cJSON *json_set(struct arena *arena, cJSON *object, const char *key, cJSON *item)
{
    cJSON *old = json_get(object, key);
    cJSON *before = object->child ? object->child->prev : NULL;
    item->string = str_cstr(arena, str_of(key));
    if (old) {
        before = old == object->child ? NULL : old->prev;
        json_unlink(object, old);
    }
    link_behind(object, before, item);
    return item;
}

cJSON *json_set_after(struct arena *arena, cJSON *object, const char *after, const char *key,
                      cJSON *item)
{
    json_remove(object, key);
    item->string = str_cstr(arena, str_of(key));
    link_behind(object, after ? json_get(object, after) : NULL, item);
    return item;
}

cJSON *json_add(cJSON *array, cJSON *item)
{
    link_behind(array, array->child ? array->child->prev : NULL, item);
    return item;
}

void json_insert(cJSON *array, size_t index, cJSON *item)
{
    cJSON *before = index ? json_at(array, index - 1) : NULL;
    item->string = NULL;
    link_behind(array, before, item);
}

cJSON *json_remove(cJSON *object, const char *key)
{
    cJSON *child = json_get(object, key);
    if (child)
        json_unlink(object, child);
    return child;
}

void json_set_text(struct arena *arena, cJSON *item, struct str text)
{
    item->valuestring = str_cstr(arena, text);
}
