/* fhirpath_patch.c - FHIRPath Patch: operations in Parameters, places as FHIRPath (R4
 * fhirpatch.html). */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/element.h"
#include "resources/fhir/patch/patch.h"

/* One `operation` parameter, taken apart. Numbers are -1 when they are not given. */
struct operation {
    struct str type, path, name;
    const cJSON *value; /* the part that has it */
    long index, source, destination;
};

struct patching {
    cJSON *resource;
    struct definitions *definitions;
    struct arena *arena;
    struct issues *issues;
    struct place place; /* of the operation */
    size_t most_steps;
    struct node root;
    struct operation operation;
};

static bool fail(struct patching *patching, const char *why)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_FAILED, "%s: " STR_FMT, why,
                     STR_ARG(str_head(patching->operation.path, 200)));
}

static bool refuse(struct patching *patching, const char *why, struct str what)
{
    return issue_add(patching->issues, &patching->place, ISSUE_PATCH_INVALID, "%s: '" STR_FMT "'",
                     why, STR_ARG(str_head(what, 200)));
}

/* What the path leads to: elements of the resource itself. */
static bool evaluate(struct patching *patching, struct str path, struct fhirpath_items *items)
{
    struct fhirpath_context context = { .arena = patching->arena,
                                        .definitions = patching->definitions,
                                        .issues = patching->issues,
                                        .most_steps = patching->most_steps };
    struct fhirpath *expression = fhirpath_parse(path, patching->arena, patching->issues);
    if (!expression)
        return false;
    if (!node_root(&patching->root, patching->resource, patching->definitions))
        return issue_add(patching->issues, NULL, ISSUE_RESOURCE_TYPE_UNKNOWN, "%s",
                         patching->root.place.name);
    if (!fhirpath_evaluate(items, expression, &patching->root, &context))
        return false;
    for (size_t i = 0; i < items->count; i++) {
        const struct node *node =
            items->items[i].kind == FHIRPATH_NODE ? items->items[i].node : NULL;
        while (node && node->parent)
            node = node->parent;
        if (!node || node->value != patching->resource)
            return fail(patching, "the path leads to no element of the record");
    }
    return true;
}

static bool find_one(struct patching *patching, const struct node **node)
{
    struct fhirpath_items items = { 0 };
    if (!evaluate(patching, patching->operation.path, &items))
        return false;
    if (items.count != 1)
        return fail(patching,
                    items.count ? "there are several elements at" : "there is nothing at");
    *node = items.items[0].node;
    return true;
}

static bool take_value(struct patching *patching, struct element_value *value)
{
    return element_value_read(value, patching->operation.value, patching->arena) ||
           refuse(patching, "the operation needs a", STR("value"));
}

static bool run_add(struct patching *patching)
{
    const struct node *parent = NULL;
    struct element_value value;
    struct element_slot slot;
    if (!patching->operation.name.len)
        return refuse(patching, "the operation needs a", STR("name"));
    if (!take_value(patching, &value) || !find_one(patching, &parent))
        return false;
    if (!element_slot_find(&slot, parent, patching->operation.name, value.type, patching->arena))
        return fail(patching, "there is no element of this name and type in");
    if (!slot.is_list && element_slot_is_taken(&slot))
        return fail(patching, "the element is there already in");
    if (!element_value_build(&value, &slot, patching->definitions, patching->arena))
        return fail(patching, "the value does not have the type of its place in");
    element_insert(&slot, element_count(&slot), &value, patching->arena);
    return true;
}

/* Up to the last step of a path whose list is not there: "Patient" and "identifier". */
static bool split_path(struct str path, struct str *parent, struct str *name)
{
    size_t dot = path.len;
    while (dot > 0 && path.data[dot - 1] != '.')
        dot--;
    *name = str_slice(path, dot, path.len);
    *parent = str_slice(path, 0, dot ? dot - 1 : 0);
    for (size_t i = 0; i < name->len; i++) {
        char c = (char)(name->data[i] | 0x20);
        if (c < 'a' || c > 'z')
            return false;
    }
    return name->len && parent->len;
}

/* The list that a path names: all of its elements, or none when it is empty. */
static bool find_list(struct patching *patching, struct str type, struct element_slot *slot)
{
    struct fhirpath_items items = { 0 };
    struct str parent, name;
    if (!evaluate(patching, patching->operation.path, &items))
        return false;
    for (size_t i = 0; i < items.count; i++)
        if (!element_slot_of(slot, items.items[i].node, patching->arena) || !slot->is_list ||
            slot->index != i || items.items[i].node->parent != items.items[0].node->parent ||
            strcmp(items.items[i].node->place.name, items.items[0].node->place.name) != 0)
            return fail(patching, "this is not one whole list");
    if (items.count)
        return items.count == element_count(slot) || fail(patching, "this is not one whole list");
    if (!split_path(patching->operation.path, &parent, &name) ||
        !evaluate(patching, parent, &items) || items.count != 1)
        return fail(patching, "there is nothing at");
    return (element_slot_find(slot, items.items[0].node, name, type, patching->arena) &&
            slot->is_list) ||
           fail(patching, "this is not a list");
}

static bool run_insert(struct patching *patching)
{
    struct element_value value;
    struct element_slot slot;
    long index = patching->operation.index;
    if (!take_value(patching, &value) || !find_list(patching, value.type, &slot))
        return false;
    if (index < 0 || (size_t)index > element_count(&slot))
        return fail(patching, "index is not within the list or at its end");
    if (!element_value_build(&value, &slot, patching->definitions, patching->arena))
        return fail(patching, "the value does not have the type of its place in");
    element_insert(&slot, (size_t)index, &value, patching->arena);
    return true;
}

/* What is not there need not be deleted. */
static bool run_delete(struct patching *patching)
{
    struct fhirpath_items items = { 0 };
    if (!evaluate(patching, patching->operation.path, &items))
        return false;
    if (items.count > 1)
        return fail(patching, "there are several elements at");
    if (items.count && !items.items[0].node->parent)
        return fail(patching, "the record itself can not be deleted");
    if (items.count)
        element_delete(items.items[0].node, patching->arena);
    return true;
}

static bool run_replace(struct patching *patching)
{
    const struct node *node = NULL;
    struct element_value value;
    struct element_slot old, slot;
    if (!take_value(patching, &value) || !find_one(patching, &node))
        return false;
    if (!node->parent || !element_slot_of(&old, node, patching->arena))
        return fail(patching, "the record itself can not be replaced");
    struct str name = str_of(node->place.name);
    if (!element_slot_find(&slot, node->parent, name, value.type, patching->arena))
        return fail(patching, "the value does not have the type of its place at");
    slot.index = old.index;
    if (!element_value_build(&value, &slot, patching->definitions, patching->arena))
        return fail(patching, "the value does not have the type of its place at");
    element_replace(&old, &slot, &value, patching->arena);
    return true;
}

static bool run_move(struct patching *patching)
{
    struct element_slot slot;
    const struct operation *asked = &patching->operation;
    if (!find_list(patching, (struct str){ 0 }, &slot))
        return false;
    long count = (long)element_count(&slot);
    if (asked->source < 0 || asked->destination < 0 || asked->source >= count ||
        asked->destination >= count)
        return fail(patching, "source and destination are not both within the list");
    element_move(&slot, (size_t)asked->source, (size_t)asked->destination, patching->arena);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct patching *patching);
} OPERATIONS[] = {
    { "add", run_add },         { "insert", run_insert }, { "delete", run_delete },
    { "replace", run_replace }, { "move", run_move },
};

static long read_number(const cJSON *part)
{
    int number;
    struct str text = json_get_text(part, "valueInteger");
    return str_to_int(&number, text) ? number : -1;
}

static struct str read_text(const cJSON *part)
{
    for (const cJSON *member = part->child; member; member = member->next)
        if (!strncmp(member->string, "value", 5) && cJSON_IsString(member))
            return json_text(member);
    return (struct str){ 0 };
}

static bool read_operation(struct patching *patching, const cJSON *parameter)
{
    struct operation *operation = &patching->operation;
    const cJSON *parts = json_get(parameter, "part");
    *operation = (struct operation){ .index = -1, .source = -1, .destination = -1 };
    if (!str_is(json_get_text(parameter, "name"), "operation"))
        return refuse(patching, "the parameters are named operation, not",
                      json_get_text(parameter, "name"));
    for (const cJSON *part = parts ? parts->child : NULL; part; part = part->next) {
        struct str name = json_get_text(part, "name");
        if (str_is(name, "type"))
            operation->type = read_text(part);
        else if (str_is(name, "path"))
            operation->path = read_text(part);
        else if (str_is(name, "name"))
            operation->name = read_text(part);
        else if (str_is(name, "value"))
            operation->value = part;
        else if (str_is(name, "index"))
            operation->index = read_number(part);
        else if (str_is(name, "source"))
            operation->source = read_number(part);
        else if (str_is(name, "destination"))
            operation->destination = read_number(part);
        else
            return refuse(patching, "there is no such part of an operation", name);
    }
    return (operation->path.len && operation->path.len <= PATCH_MOST_PATH) ||
           refuse(patching, "the operation needs a", STR("path"));
}

static bool run(struct patching *patching, const cJSON *parameter)
{
    if (!read_operation(patching, parameter))
        return false;
    for (size_t i = 0; i < COUNT(OPERATIONS); i++)
        if (str_is(patching->operation.type, OPERATIONS[i].name))
            return OPERATIONS[i].run(patching);
    return refuse(patching, "type is add, insert, delete, replace or move, not",
                  patching->operation.type);
}

bool patch_fhirpath(cJSON *resource, const cJSON *parameters, struct definitions *definitions,
                    struct arena *arena, struct issues *issues)
{
    struct patching patching = {
        .resource = resource, .definitions = definitions, .arena = arena, .issues = issues
    };
    const struct place root = PLACE_ROOT("Parameters");
    const cJSON *list = json_get(parameters, "parameter");
    size_t count = json_count(list);
    int index = 0;
    if (!str_is(json_get_text(parameters, "resourceType"), "Parameters"))
        return issue_add(issues, NULL, ISSUE_PATCH_INVALID, "Parameters are expected");
    if (count > PATCH_MOST_OPERATIONS)
        return issue_add(issues, NULL, ISSUE_PATCH_INVALID, "more than %d operations",
                         (int)PATCH_MOST_OPERATIONS);
    patching.most_steps = count ? PATCH_MOST_STEPS / count : 0;
    if (patching.most_steps > FHIRPATH_MOST_STEPS)
        patching.most_steps = FHIRPATH_MOST_STEPS;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        patching.place = (struct place){ &root, "parameter", NULL, index++, json_offset(one) };
        if (!run(&patching, one))
            return false;
    }
    return true;
}
