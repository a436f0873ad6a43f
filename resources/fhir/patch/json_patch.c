/* json_patch.c - JSON Patch (RFC 6902) with JSON Pointer (RFC 6901) on a tree. */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/measure.h"
#include "resources/fhir/patch/patch.h"
#include "resources/fhir/types/decimal.h"

/* Where a pointer leads: item is what stands there, NULL when nothing does. Of the whole document
 * parent is NULL. */
struct target {
    cJSON *parent, *item;
    char *key;    /* in an object */
    size_t index; /* in an array */
    int depth;
};

struct patching {
    cJSON **document;
    struct arena *arena;
    struct issues *issues;
    const cJSON *operation;
    struct place place; /* of the operation */
    size_t copied;
};

static bool fail(struct patching *patching, const char *why, struct str what)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_FAILED, "%s: '" STR_FMT "'",
                     why, STR_ARG(str_head(what, 200)));
}

static bool refuse(struct patching *patching, const char *why, struct str what)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_INVALID, "%s: '" STR_FMT "'",
                     why, STR_ARG(str_head(what, 200)));
}

/* ~1 is '/', ~0 is '~'; NULL for a '~' before anything else. */
static char *unescape(struct str token, struct arena *arena)
{
    char *text = arena_alloc_raw(arena, token.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.data[i];
        if (c == '~') {
            char next = i + 1 < token.len ? token.data[++i] : '\0';
            if (next != '0' && next != '1')
                return NULL;
            c = next == '0' ? '~' : '/';
        }
        text[length++] = c;
    }
    text[length] = '\0';
    return text;
}

/* An index without needless zeros; "-" is behind the last one. */
static bool read_index(size_t *index, const char *text, const cJSON *array)
{
    uint64_t number;
    struct str digits = str_of(text);
    if (!strcmp(text, "-")) {
        *index = json_count(array);
        return true;
    }
    if ((digits.len > 1 && digits.data[0] == '0') || !str_to_u64(&number, digits))
        return false;
    *index = (size_t)number;
    return true;
}

static bool step(struct patching *patching, struct target *target, struct str token,
                 struct str pointer)
{
    char *key = unescape(token, patching->arena);
    if (!key)
        return refuse(patching, "'~' stands before 0 or 1 alone", pointer);
    if (!target->item)
        return fail(patching, "there is nothing to hold it", pointer);
    target->parent = target->item;
    target->key = key;
    target->depth++;
    if (cJSON_IsObject(target->parent)) {
        target->item = json_get(target->parent, key);
        return true;
    }
    if (!cJSON_IsArray(target->parent))
        return fail(patching, "a value that is neither object nor array holds nothing", pointer);
    if (!read_index(&target->index, key, target->parent))
        return fail(patching, "not an index of an array", pointer);
    target->item = json_at(target->parent, target->index);
    return true;
}

static bool resolve(struct patching *patching, struct target *target, const char *member)
{
    const cJSON *text = json_get(patching->operation, member);
    struct str pointer = json_text(text), rest = pointer;
    *target = (struct target){ .item = *patching->document };
    if (!cJSON_IsString(text))
        return refuse(patching, "the operation needs a string", str_of(member));
    if (pointer.len > PATCH_MOST_PATH || (pointer.len && pointer.data[0] != '/'))
        return refuse(patching, "not a JSON Pointer", pointer);
    while (rest.len) {
        rest = str_slice(rest, 1, rest.len);
        size_t end = str_find(rest, '/', 0);
        if (!step(patching, target, str_slice(rest, 0, end), pointer))
            return false;
        rest = str_slice(rest, end, rest.len);
    }
    return true;
}

static bool find(struct patching *patching, struct target *target, const char *member)
{
    return resolve(patching, target, member) &&
           (target->item ||
            fail(patching, "there is nothing at", json_get_text(patching->operation, member)));
}

static bool check_size(struct patching *patching, const struct target *target, const cJSON *value)
{
    return measure_tree(value, target->depth + 1, &patching->copied) ||
           issue_add(patching->issues, &patching->place, ISSUE_TOO_COSTLY,
                     "at most %d values, %d deep", (int)PATCH_MOST_COPIED, (int)JSON_MOST_DEPTH);
}

static bool put(struct patching *patching, const struct target *target, cJSON *value)
{
    if (!check_size(patching, target, value))
        return false;
    if (!target->parent) {
        *patching->document = value;
    } else if (cJSON_IsObject(target->parent)) {
        json_set(patching->arena, target->parent, target->key, value);
    } else {
        if (target->index > json_count(target->parent))
            return fail(patching, "the index is behind the end", str_of(target->key));
        json_insert(target->parent, target->index, value);
    }
    return true;
}

static void take_out(const struct target *target)
{
    json_unlink(target->parent, target->item);
}

static cJSON *copy_value(struct patching *patching)
{
    const cJSON *value = json_get(patching->operation, "value");
    if (value)
        return json_copy(patching->arena, value);
    refuse(patching, "the operation needs a", STR("value"));
    return NULL;
}

static bool run_add(struct patching *patching)
{
    struct target target;
    cJSON *value = copy_value(patching);
    return value && resolve(patching, &target, "path") && put(patching, &target, value);
}

static bool run_remove(struct patching *patching)
{
    struct target target;
    if (!find(patching, &target, "path"))
        return false;
    if (!target.parent)
        return fail(patching, "the whole document can not be removed", (struct str){ 0 });
    take_out(&target);
    return true;
}

static bool run_replace(struct patching *patching)
{
    struct target target;
    cJSON *value = copy_value(patching);
    if (!value || !find(patching, &target, "path"))
        return false;
    if (cJSON_IsArray(target.parent))
        take_out(&target);
    return put(patching, &target, value);
}

static bool run_move(struct patching *patching)
{
    struct target from, to;
    struct str source = json_get_text(patching->operation, "from");
    struct str path = json_get_text(patching->operation, "path");
    if (!find(patching, &from, "from"))
        return false;
    if (str_equal(source, path))
        return true;
    if (str_starts(path, source) && path.data[source.len] == '/')
        return fail(patching, "a value can not be moved into itself", path);
    take_out(&from);
    return resolve(patching, &to, "path") && put(patching, &to, from.item);
}

static bool run_copy(struct patching *patching)
{
    struct target from, to;
    size_t values = patching->copied;
    if (!find(patching, &from, "from"))
        return false;
    if (!measure_tree(from.item, 0, &values))
        return check_size(patching, &from, from.item);
    cJSON *value = json_copy(patching->arena, from.item);
    return resolve(patching, &to, "path") && put(patching, &to, value);
}

/* RFC 6902 section 4.6: numbers are equal when their values are. */
static void settle_numbers(cJSON *item, struct arena *arena)
{
    struct decimal value;
    if (json_is_number(item) && decimal_parse(&value, json_text(item))) {
        decimal_normalize(&value);
        item->valuestring = str_cstr(arena, decimal_print(&value, arena));
    }
    for (cJSON *child = item->child; child; child = child->next)
        settle_numbers(child, arena);
}

static bool run_test(struct patching *patching)
{
    struct target target;
    cJSON *wanted = copy_value(patching);
    if (!wanted || !find(patching, &target, "path") || !check_size(patching, &target, target.item))
        return false;
    cJSON *found = json_copy(patching->arena, target.item);
    settle_numbers(wanted, patching->arena);
    settle_numbers(found, patching->arena);
    return json_equal(wanted, found) ||
           fail(patching, "the test failed at", json_get_text(patching->operation, "path"));
}

static const struct {
    const char *name;
    bool (*run)(struct patching *patching);
} OPERATIONS[] = {
    { "add", run_add },   { "remove", run_remove }, { "replace", run_replace },
    { "move", run_move }, { "copy", run_copy },     { "test", run_test },
};

static bool run(struct patching *patching)
{
    struct str name = json_get_text(patching->operation, "op");
    for (size_t i = 0; i < COUNT(OPERATIONS); i++)
        if (str_is(name, OPERATIONS[i].name))
            return OPERATIONS[i].run(patching);
    return refuse(patching, "op is add, remove, replace, move, copy or test, not", name);
}

bool patch_json(cJSON **document, const cJSON *patch, struct arena *arena, struct issues *issues)
{
    struct patching patching = { .document = document, .arena = arena, .issues = issues };
    struct place root = PLACE_ROOT("patch");
    int index = 0;
    if (!cJSON_IsArray(patch))
        return issue_add(issues, NULL, ISSUE_PATCH_INVALID, "an array of operations is expected");
    if (json_count(patch) > PATCH_MOST_OPERATIONS)
        return issue_add(issues, NULL, ISSUE_PATCH_INVALID, "more than %d operations",
                         (int)PATCH_MOST_OPERATIONS);
    for (const cJSON *one = patch->child; one; one = one->next) {
        patching.operation = one;
        patching.place = (struct place){ &root, "operation", NULL, index++, json_offset(one) };
        if (!run(&patching))
            return false;
    }
    return true;
}
