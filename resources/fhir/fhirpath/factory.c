/* factory.c - %factory: elements that an expression makes (R5 fhirpath.html#factory). What is made
 * shares what it is made of: an item is copied, its children are not. */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/json/json.h"

/* An element as JSON has it: a primitive's value and, beside it, its id and extensions. */
struct made {
    cJSON *value, *shadow;
};

static bool fail_value(struct fhirpath_call *call, const char *what, struct str of)
{
    return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                  "%%factory." STR_FMT "(): %s " STR_FMT,
                                  STR_ARG(call->expression->name), what, STR_ARG(of));
}

static bool count_made(struct fhirpath_call *call)
{
    if (call->run->made++ < FHIRPATH_MOST_MADE)
        return fhirpath_evaluate_step(call->run, 1);
    return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_LIMIT,
                                  "%%factory makes more than %d elements", FHIRPATH_MOST_MADE);
}

static struct arena *arena_of(const struct fhirpath_call *call)
{
    return call->run->context->arena;
}

/* The item alone, to stand in another list. */
static cJSON *share(const struct fhirpath_call *call, const cJSON *item)
{
    if (!item)
        return NULL;
    cJSON *copy = arena_alloc(arena_of(call), sizeof *copy);
    *copy = *item;
    copy->next = copy->prev = NULL;
    copy->string = NULL;
    return copy;
}

/* A list of one's own of what is in a shared one. */
static cJSON *share_members(struct fhirpath_call *call, const cJSON *from, bool is_array)
{
    cJSON *made = is_array ? json_new_array(arena_of(call)) : json_new_object(arena_of(call));
    for (const cJSON *one = from ? from->child : NULL; one; one = one->next) {
        if (!fhirpath_evaluate_step(call->run, 1))
            return NULL;
        if (is_array)
            json_add(made, share(call, one));
        else
            json_set(arena_of(call), made, one->string, share(call, one));
    }
    return made;
}

static const struct structure *type_of(const struct fhirpath_call *call, struct str name)
{
    struct definitions *definitions = call->run->context->definitions;
    return definitions ? definitions_type(definitions, name) : NULL;
}

/* integer64 is R5's; its values are Long. */
static bool is_primitive(const struct fhirpath_call *call, struct str type)
{
    const struct structure *structure = type_of(call, type);
    return structure ? structure->kind == KIND_PRIMITIVE : str_is(type, "integer64");
}

static cJSON *new_primitive(const struct fhirpath_call *call, struct str type,
                            const struct fhirpath_item *value)
{
    static const char *const NUMBERS[] = { "integer", "integer64", "positiveInt", "unsignedInt",
                                           "decimal" };
    struct arena *arena = arena_of(call);
    struct decimal number;
    for (size_t i = 0; i < COUNT(NUMBERS); i++)
        if (str_is(type, NUMBERS[i]))
            return value->kind != FHIRPATH_BOOLEAN && decimal_parse(&number, value->text)
                       ? json_new_number(arena, decimal_print(&number, arena))
                       : NULL;
    if (!str_is(type, "boolean"))
        return value->kind == FHIRPATH_STRING || value->kind == FHIRPATH_DATE ||
                       value->kind == FHIRPATH_DATETIME || value->kind == FHIRPATH_TIME
                   ? json_new_string(arena, value->text)
                   : NULL;
    bool is_true = str_is(value->text, "true");
    return is_true || str_is(value->text, "false") ? json_new_bool(arena, is_true) : NULL;
}

static cJSON *new_quantity(const struct fhirpath_call *call, const struct fhirpath_item *value)
{
    struct arena *arena = arena_of(call);
    cJSON *made = json_new_object(arena);
    struct str unit = value->unit;
    bool is_quoted = unit.len > 2 && unit.data[0] == '\'';
    if (is_quoted)
        unit = str_slice(unit, 1, unit.len - 1);
    json_set(arena, made, "value", json_new_number(arena, value->text));
    json_set(arena, made, "unit", json_new_string(arena, unit));
    json_set(arena, made, "system", json_new_string(arena, STR("http://unitsofmeasure.org")));
    json_set(arena, made, "code", json_new_string(arena, unit));
    return made;
}

/* The type that an item has where several are allowed; empty when it has none in FHIR. */
static struct str type_of_item(const struct fhirpath_item *item)
{
    static const char *const TYPES[] = {
        [FHIRPATH_NODE] = "",           [FHIRPATH_BOOLEAN] = "boolean",
        [FHIRPATH_INTEGER] = "integer", [FHIRPATH_LONG] = "",
        [FHIRPATH_DECIMAL] = "decimal", [FHIRPATH_STRING] = "string",
        [FHIRPATH_DATE] = "date",       [FHIRPATH_DATETIME] = "dateTime",
        [FHIRPATH_TIME] = "time",       [FHIRPATH_QUANTITY] = "Quantity",
        [FHIRPATH_TYPE] = "",
    };
    return item->kind == FHIRPATH_NODE ? node_type(item->node) : str_of(TYPES[item->kind]);
}

/* An item as an element of this type. */
static bool convert(struct fhirpath_call *call, const struct fhirpath_item *item, struct str type,
                    struct made *out)
{
    struct fhirpath_item value;
    bool is_node = item->kind == FHIRPATH_NODE;
    *out = (struct made){ NULL, NULL };
    if (is_primitive(call, type)) {
        if (is_node)
            out->shadow = share(call, item->node->shadow);
        if (fhirpath_values_of(&value, item, call->run))
            out->value = new_primitive(call, type, &value);
        else if (is_node && node_is_primitive(item->node))
            return true;
        return out->value || fail_value(call, "there is no such value of", type);
    }
    struct str has = type_of_item(item);
    if (!is_node && str_is(type, "Quantity") && item->kind == FHIRPATH_QUANTITY)
        out->value = new_quantity(call, item);
    else if (is_node && has.len && item->node->value &&
             definitions_is_a(call->run->context->definitions, has, type))
        out->value = share(call, item->node->value);
    return out->value || fail_value(call, "an argument is no", type);
}

/* The child that a property's name means: by the stem of a choice, too. */
static const struct element *find_child(const struct structure *of, struct str name)
{
    for (size_t i = 0; i < of->root->child_count; i++) {
        const struct element *child = of->root->children[i];
        bool is_it = child->is_choice ? str_starts(child->name, name) &&
                                            child->name.len == name.len + strlen("[x]")
                                      : str_equal(child->name, name);
        if (is_it)
            return child;
    }
    return NULL;
}

/* Which of the child's types an item is given as; empty: none of them. */
static struct str choose_type(const struct element *child, const struct fhirpath_item *item)
{
    struct str has = type_of_item(item);
    if (!child->is_choice)
        return child->type_count ? child->types[0].code : STR("");
    for (size_t i = 0; i < child->type_count; i++)
        if (str_equal(child->types[i].code, has))
            return has;
    return STR("");
}

static char *key_of(const struct fhirpath_call *call, const char *mark, const struct element *child,
                    struct str name, struct str type)
{
    struct str key = str_print(arena_of(call), "%s" STR_FMT STR_FMT, mark, STR_ARG(name),
                               STR_ARG(child->is_choice ? type : STR("")));
    char *text = arena_alloc(arena_of(call), key.len + 1);
    memcpy(text, key.data, key.len);
    size_t first = strlen(mark) + name.len;
    if (child->is_choice && text[first] >= 'a' && text[first] <= 'z')
        text[first] = (char)(text[first] - 'a' + 'A');
    return text;
}

/* Appends to a list that may be another element's too. */
static bool append(struct fhirpath_call *call, cJSON *object, const char *key, cJSON *item)
{
    cJSON *list = share_members(call, json_get(object, key), true);
    if (!list)
        return false;
    json_add(list, item ? item : json_new_null(arena_of(call)));
    json_set(arena_of(call), object, key, list);
    return true;
}

/* Keeps the values of a list and what stands beside them at the same places. */
static bool add_to_list(struct fhirpath_call *call, cJSON *object, const char *key,
                        const char *beside, const struct made *made)
{
    size_t count = json_count(json_get(object, key));
    bool has_beside = made->shadow || json_get(object, beside);
    while (has_beside && json_count(json_get(object, beside)) < count)
        if (!append(call, object, beside, NULL))
            return false;
    return append(call, object, key, made->value) &&
           (!has_beside || append(call, object, beside, made->shadow));
}

/* A choice has one value: what it had of another type goes. */
static void clear_choice(const struct fhirpath_call *call, cJSON *object,
                         const struct element *child, struct str name)
{
    for (size_t i = 0; child->is_choice && i < child->type_count; i++) {
        json_remove(object, key_of(call, "", child, name, child->types[i].code));
        json_remove(object, key_of(call, "_", child, name, child->types[i].code));
    }
}

static bool set_item(struct fhirpath_call *call, cJSON *object, const struct element *child,
                     struct str name, const struct fhirpath_item *item)
{
    struct made made;
    struct str type = choose_type(child, item);
    if (!type.len)
        return fail_value(call, "this can not be the value of", name);
    if (!convert(call, item, type, &made))
        return false;
    const char *key = key_of(call, "", child, name, type);
    const char *beside = key_of(call, "_", child, name, type);
    if (child->base_max > 1)
        return add_to_list(call, object, key, beside, &made);
    if (made.value)
        json_set(arena_of(call), object, key, made.value);
    if (made.shadow)
        json_set(arena_of(call), object, beside, made.shadow);
    return true;
}

static bool set_property(struct fhirpath_call *call, cJSON *object, const struct structure *of,
                         struct str name, const struct fhirpath_items *items)
{
    const struct element *child = find_child(of, name);
    if (!child)
        return fail_value(call, "there is no element", name);
    if (items->count > 1 && child->base_max <= 1)
        return fail_value(call, "there is only one", name);
    if (items->count)
        clear_choice(call, object, child, name);
    for (size_t i = 0; i < items->count; i++)
        if (!set_item(call, object, child, name, &items->items[i]))
            return false;
    return true;
}

static bool give(struct fhirpath_call *call, const struct made *made, struct str type,
                 struct fhirpath_list *out)
{
    struct node *node = fhirpath_items_new_node(call->run, made->value, type);
    node->shadow = made->shadow;
    return fhirpath_items_add_node(call->run, out, node);
}

/* %factory.T(a, b...) for a data type: the properties that its arguments set, in order. */
static const struct recipe {
    const char *type, *properties[FHIRPATH_MOST_ARGUMENTS];
} RECIPES[] = {
    { "Extension", { "url", "value" } },
    { "Identifier", { "system", "value", "use", "type" } },
    { "HumanName", { "family", "given", "prefix", "suffix", "text", "use" } },
    { "ContactPoint", { "system", "value", "use" } },
    { "Address", { "line", "city", "state", "postalCode", "country", "use", "type" } },
    { "Quantity", { "system", "code", "value", "unit" } },
    { "Coding", { "system", "code", "display", "version" } },
    { "CodeableConcept", { "coding", "text" } },
};

static bool apply_recipe(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str type = call->expression->name;
    const struct recipe *recipe = RECIPES;
    while (!str_is(type, recipe->type))
        recipe++;
    const struct structure *structure = type_of(call, type);
    struct made made = { json_new_object(arena_of(call)), NULL };
    if (!structure)
        return fail_value(call, "there is no type", type);
    for (size_t i = 0; i < call->count; i++) {
        const char *name = recipe->properties[i];
        if (!name)
            return fail_value(call, "there are too many arguments for", type);
        if (!set_property(call, made.value, structure, str_of(name), &call->arguments[i]))
            return false;
    }
    return count_made(call) && give(call, &made, type, out);
}

static bool apply_create(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str type = call->expression->type.name;
    const struct structure *structure = type_of(call, type);
    struct made made = { NULL, NULL };
    if (!structure)
        return fail_value(call, "there is no type", type);
    if (structure->kind != KIND_PRIMITIVE)
        made.value = json_new_object(arena_of(call));
    else
        made.shadow = json_new_object(arena_of(call));
    if (structure->kind == KIND_RESOURCE)
        json_set(arena_of(call), made.value, "resourceType", json_new_string(arena_of(call), type));
    return count_made(call) && give(call, &made, type, out);
}

/* %factory.code('final', extensions): any primitive type by its name. */
static bool apply_primitive(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str type = call->expression->name;
    const struct fhirpath_items *values = &call->arguments[0];
    struct made made = { NULL, NULL };
    if (!is_primitive(call, type))
        return fail_value(call, "there is no primitive type", type);
    if (values->count > 1)
        return fail_value(call, "there is only one value of", type);
    if (values->count && !convert(call, values->items, type, &made))
        return false;
    const struct structure *element = type_of(call, STR("Element"));
    if (call->count > 1 && call->arguments[1].count && element) {
        made.shadow = share_members(call, made.shadow, false);
        if (!made.shadow ||
            !set_property(call, made.shadow, element, STR("extension"), &call->arguments[1]))
            return false;
    }
    return count_made(call) && give(call, &made, type, out);
}

/* A copy of the instance, to be changed; *made with an object to set properties of. */
static bool copy_instance(struct fhirpath_call *call, struct made *made,
                          const struct node **instance, cJSON **holder)
{
    const struct fhirpath_items *items = &call->arguments[0];
    if (items->count != 1 || items->items[0].kind != FHIRPATH_NODE ||
        !items->items[0].node->structure)
        return fail_value(call, "the first argument is no", STR("element"));
    const struct node *node = *instance = items->items[0].node;
    bool is_primitive_node = node_is_primitive(node);
    made->value =
        is_primitive_node ? share(call, node->value) : share_members(call, node->value, false);
    made->shadow = is_primitive_node ? share_members(call, node->shadow, false) : NULL;
    *holder = is_primitive_node ? made->shadow : made->value;
    return *holder != NULL;
}

static bool apply_with_property(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct made made;
    const struct node *instance;
    cJSON *holder;
    return copy_instance(call, &made, &instance, &holder) &&
           set_property(call, holder, instance->structure, call->texts[1], &call->arguments[2]) &&
           count_made(call) && give(call, &made, node_type(instance), out);
}

static bool apply_with_extension(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct made made, extension = { json_new_object(arena_of(call)), NULL };
    const struct structure *structure = type_of(call, STR("Extension"));
    const struct node *instance;
    cJSON *holder;
    if (!structure)
        return fail_value(call, "there is no type", STR("Extension"));
    if (!copy_instance(call, &made, &instance, &holder) ||
        !set_property(call, extension.value, structure, STR("url"), &call->arguments[1]) ||
        !set_property(call, extension.value, structure, STR("value"), &call->arguments[2]))
        return false;
    return append(call, holder, "extension", extension.value) && count_made(call) &&
           give(call, &made, node_type(instance), out);
}

#define VALUES                                                                                     \
    {                                                                                              \
        ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE, ARGUMENT_VALUE,            \
            ARGUMENT_VALUE, ARGUMENT_VALUE                                                         \
    }
static const struct fhirpath_function FUNCTIONS[] = {
    { "create", 1, 1, INPUT_COLLECTION, { ARGUMENT_TYPE }, apply_create, false },
    { "withProperty",
      3,
      3,
      INPUT_COLLECTION,
      { ARGUMENT_VALUE, ARGUMENT_STRING, ARGUMENT_VALUE },
      apply_with_property,
      false },
    { "withExtension", 3, 3, INPUT_COLLECTION, VALUES, apply_with_extension, false },
};
static const struct fhirpath_function RECIPE = {
    "a data type", 1, FHIRPATH_MOST_ARGUMENTS, INPUT_COLLECTION, VALUES, apply_recipe, false
};
static const struct fhirpath_function PRIMITIVE = {
    "a primitive type", 1, 2, INPUT_COLLECTION, VALUES, apply_primitive, false
};

const struct fhirpath_function *fhirpath_factory_find(struct str name)
{
    for (size_t i = 0; i < COUNT(FUNCTIONS); i++)
        if (str_is(name, FUNCTIONS[i].name))
            return &FUNCTIONS[i];
    for (size_t i = 0; i < COUNT(RECIPES); i++)
        if (str_is(name, RECIPES[i].type))
            return &RECIPE;
    return &PRIMITIVE;
}
