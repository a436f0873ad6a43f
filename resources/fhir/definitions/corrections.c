/* corrections.c - applies the facts of a corrections file to the resources that they are about. */
#include "resources/fhir/definitions/corrections.h"

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/json/json.h"

/* One entry of the file. Entries about one resource are applied in their order. */
struct correction {
    struct correction *next;
    struct str of; /* "StructureDefinition/Meta" */
    const cJSON *facts;
    bool is_met;     /* its resource was in the input */
    bool is_applied; /* and all of it found what it changes */
};
struct corrections {
    struct map by_resource; /* of to the first of its entries */
    struct correction **all;
    size_t count;
};

struct corrections *corrections_parse(struct str text, struct arena *arena, struct issues *issues)
{
    const cJSON *list = json_get(json_parse(text, arena, issues), "corrections");
    if (!list || json_count(list) == 0) {
        issue_add(issues, NULL, ISSUE_DEFINITION_INVALID,
                  "the corrections file has no corrections");
        return NULL;
    }
    struct corrections *corrections = arena_alloc(arena, sizeof *corrections);
    map_init(&corrections->by_resource, arena);
    corrections->all = arena_array(arena, json_count(list), sizeof *corrections->all);
    struct map last;
    map_init(&last, arena);
    for (const cJSON *facts = list->child; facts; facts = facts->next) {
        struct correction *correction = arena_alloc(arena, sizeof *correction);
        *correction = (struct correction){ .of = json_get_text(facts, "of"), .facts = facts };
        struct correction *before = map_set(&last, correction->of, correction);
        if (before)
            before->next = correction;
        else
            map_set(&corrections->by_resource, correction->of, correction);
        corrections->all[corrections->count++] = correction;
    }
    return corrections;
}

/* What an operation works on. */
struct target {
    cJSON *resource;
    const cJSON *facts;
    struct arena *arena;
};

static cJSON *elements_of(const struct target *target, const char *view)
{
    return json_get(json_get(target->resource, view), "element");
}

static cJSON *find_by(const cJSON *list, const char *key, struct str text)
{
    for (cJSON *item = list ? list->child : NULL; item; item = item->next)
        if (str_equal(json_get_text(item, key), text))
            return item;
    return NULL;
}

/* Unlinks the element and everything below it: Meta.a, Meta.a.b, Meta.a:slice. */
static bool remove_below(cJSON *elements, struct str id)
{
    bool is_found = false;
    for (cJSON *item = elements ? elements->child : NULL, *next; item; item = next) {
        next = item->next;
        struct str own = json_get_text(item, "id");
        if (!str_starts(own, id))
            continue;
        if (own.len > id.len && own.data[id.len] != '.' && own.data[id.len] != ':')
            continue;
        json_unlink(elements, item);
        is_found = true;
    }
    return is_found;
}

static bool remove_elements(const struct target *target, const cJSON *ids)
{
    bool is_found = true;
    for (const cJSON *id = ids->child; id; id = id->next) {
        is_found = remove_below(elements_of(target, "snapshot"), json_text(id)) && is_found;
        remove_below(elements_of(target, "differential"), json_text(id));
    }
    return is_found;
}

static void set_properties(cJSON *object, const cJSON *values, struct arena *arena)
{
    for (const cJSON *value = values->child; value; value = value->next) {
        if (cJSON_IsNull(value))
            json_remove(object, value->string);
        else
            json_set(arena, object, value->string, json_copy(arena, value));
    }
}

static bool set_values(const struct target *target, const cJSON *values)
{
    struct str id = json_get_text(target->facts, "element");
    if (!id.len) {
        set_properties(target->resource, values, target->arena);
        return true;
    }
    cJSON *element = find_by(elements_of(target, "snapshot"), "id", id);
    cJSON *difference = find_by(elements_of(target, "differential"), "id", id);
    if (element)
        set_properties(element, values, target->arena);
    if (difference)
        set_properties(difference, values, target->arena);
    return element != NULL;
}

/* Puts copies of the items behind one of the list's own: they go last, then what stood behind it
 * moves behind them. */
static bool add_behind(cJSON *list, cJSON *before, const cJSON *items, struct arena *arena)
{
    size_t behind = 0;
    for (const cJSON *item = before->next; item; item = item->next)
        behind++;
    for (const cJSON *item = items->child; item; item = item->next)
        json_add(list, json_copy(arena, item));
    for (; behind > 0; behind--) {
        cJSON *item = before->next;
        json_unlink(list, item);
        json_add(list, item);
    }
    return true;
}

static bool add_elements(const struct target *target, const cJSON *items)
{
    cJSON *elements = elements_of(target, "snapshot");
    cJSON *before = find_by(elements, "id", json_get_text(target->facts, "after"));
    return before && add_behind(elements, before, items, target->arena);
}

static bool add_codes(const struct target *target, const cJSON *items)
{
    cJSON *concepts = json_get(target->resource, "concept");
    cJSON *before = find_by(concepts, "code", json_get_text(target->facts, "after"));
    return before && add_behind(concepts, before, items, target->arena);
}

/* Unlinks the concept of a code, however deep it stands. */
static bool remove_code(cJSON *concepts, struct str code, int depth)
{
    for (cJSON *item = concepts ? concepts->child : NULL; item; item = item->next) {
        if (str_equal(json_get_text(item, "code"), code)) {
            json_unlink(concepts, item);
            return true;
        }
        if (depth < JSON_MOST_DEPTH && remove_code(json_get(item, "concept"), code, depth + 1))
            return true;
    }
    return false;
}

static bool remove_codes(const struct target *target, const cJSON *codes)
{
    bool is_found = true;
    for (const cJSON *code = codes->child; code; code = code->next)
        is_found =
            remove_code(json_get(target->resource, "concept"), json_text(code), 0) && is_found;
    return is_found;
}

static bool remove_parameters(const struct target *target, const cJSON *names)
{
    cJSON *list = json_get(target->resource, "parameter");
    bool is_found = true;
    for (const cJSON *name = names->child; name; name = name->next) {
        cJSON *item = find_by(list, "name", json_text(name));
        if (item)
            json_unlink(list, item);
        is_found = is_found && item;
    }
    return is_found;
}

/* What an entry may say; README.md explains each. */
static const struct operation {
    const char *name;
    bool (*apply)(const struct target *target, const cJSON *values);
} OPERATIONS[] = {
    { "remove-elements", remove_elements },
    { "add-elements", add_elements },
    { "set", set_values },
    { "remove-codes", remove_codes },
    { "add-codes", add_codes },
    { "remove-parameters", remove_parameters },
};

static void apply_one(struct correction *correction, cJSON *resource, struct arena *arena,
                      struct issues *issues)
{
    struct target target = { resource, correction->facts, arena };
    correction->is_met = correction->is_applied = true;
    for (size_t i = 0; i < COUNT(OPERATIONS); i++) {
        const cJSON *values = json_get(correction->facts, OPERATIONS[i].name);
        if (values && !OPERATIONS[i].apply(&target, values))
            correction->is_applied =
                issue_add(issues, NULL, ISSUE_DEFINITION_INVALID,
                          "correction of " STR_FMT ": %s finds nothing to change",
                          STR_ARG(correction->of), OPERATIONS[i].name);
    }
}

bool corrections_apply(struct corrections *corrections, cJSON *resource, struct arena *arena,
                       struct issues *issues)
{
    struct str type = json_get_text(resource, "resourceType"), id = json_get_text(resource, "id");
    struct str of = str_print(arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
    bool is_kept = true;
    for (struct correction *correction = map_find(&corrections->by_resource, of); correction;
         correction = correction->next) {
        apply_one(correction, resource, arena, issues);
        is_kept = is_kept && !cJSON_IsTrue(json_get(correction->facts, "leave-out"));
    }
    return is_kept;
}

bool corrections_check(const struct corrections *corrections, struct issues *issues)
{
    bool is_complete = true;
    for (size_t i = 0; i < corrections->count; i++) {
        const struct correction *correction = corrections->all[i];
        if (!correction->is_met)
            issue_add(issues, NULL, ISSUE_DEFINITION_INVALID,
                      "correction of " STR_FMT ": it is not in the input", STR_ARG(correction->of));
        is_complete = is_complete && correction->is_applied;
    }
    return is_complete;
}
