/* facets.c - each property of an ElementDefinition, and how a differential changes it. */
#include "profiles/snapshot/facets.h"

#include <stdint.h>

#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/types.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

/* One change under way: `from` is the differential's property, never NULL. */
struct change {
    struct maker *maker;
    const struct branch *diff;
    struct branch *out;
    const char *key; /* as it stands there: "fixedCode" */
    const cJSON *from;
};

static void set(const struct change *change, cJSON *value)
{
    json_set(change->maker->arena, change->out->element, change->key, value);
}

static void replace(const struct change *change)
{
    set(change, json_copy(change->maker->arena, change->from));
}

/* Text that begins with "..." goes on where the base's ends. */
static void replace_text(const struct change *change)
{
    struct arena *arena = change->maker->arena;
    struct str text = json_text(change->from),
               before = json_get_text(change->out->element, change->key);
    if (!str_starts(text, STR("...")) || !before.len) {
        replace(change);
        return;
    }
    text = str_slice(text, 3, text.len);
    set(change, json_new_string(arena, str_print(arena, STR_FMT "\r\n" STR_FMT, STR_ARG(before),
                                                 STR_ARG(text))));
}

/* The property that makes two items of a list the same; NULL: all of them. */
static bool is_same(const cJSON *a, const cJSON *b, const char *key)
{
    return key ? str_equal(json_get_text(a, key), json_get_text(b, key)) : json_equal(a, b);
}

static void add_missing(const struct change *change, const char *key)
{
    struct arena *arena = change->maker->arena;
    cJSON *list = json_get(change->out->element, change->key);
    if (!cJSON_IsArray(list)) {
        list = json_new_array(arena);
        json_set(arena, change->out->element, change->key, list);
    }
    for (const cJSON *item = change->from->child; item; item = item->next) {
        const cJSON *there = list->child;
        while (there && !is_same(there, item, key))
            there = there->next;
        if (!there)
            json_add(list, json_copy(arena, item));
    }
}

static void add_items(const struct change *change)
{
    add_missing(change, NULL);
}

static void add_extensions(const struct change *change)
{
    add_missing(change, "url");
}

/* Constraints add up; one whose key is there already is that one, said again. */
static void add_constraints(const struct change *change)
{
    struct maker *maker = change->maker;
    add_missing(change, "key");
    cJSON *list = json_get(change->out->element, change->key);
    for (cJSON *item = list->child; item; item = item->next)
        if (cJSON_IsObject(item) && !json_get(item, "source"))
            json_set(maker->arena, item, "source", json_new_string(maker->arena, maker->url));
}

static void leave(const struct change *change)
{
    (void)change;
}

static void change_min(const struct change *change)
{
    unsigned min = 0, least = 0;
    if (!snapshot_facets_min(change->diff->element, &min)) {
        snapshot_maker_refuse(change->maker, change->diff, "min is no number");
        return;
    }
    /* What a slice needs of the element is not known here: its min may be lower. */
    if (!change->out->slice.len && !change->maker->is_specialization &&
        snapshot_facets_min(change->out->element, &least) && min < least)
        snapshot_maker_refuse(change->maker, change->diff, "min %u is lower than %u of the base",
                              min, least);
    replace(change);
}

static void change_max(const struct change *change)
{
    unsigned max = 0, most = 0;
    if (!snapshot_facets_max(change->diff->element, &max)) {
        snapshot_maker_refuse(change->maker, change->diff, "max is neither a number nor *");
        return;
    }
    if (!change->maker->is_specialization && snapshot_facets_max(change->out->element, &most) &&
        max > most)
        snapshot_maker_refuse(change->maker, change->diff,
                              "max " STR_FMT " is higher than %u of the base",
                              STR_ARG(json_text(change->from)), most);
    replace(change);
}

static void change_must_support(const struct change *change)
{
    if (str_is(json_text(change->from), "false") &&
        str_is(json_get_text(change->out->element, "mustSupport"), "true"))
        snapshot_maker_refuse(change->maker, change->diff,
                              "mustSupport of the base can not be taken back");
    else
        replace(change);
}

/* A profile does not change what the element means; an extension says it of itself. */
static void change_meaning(const struct change *change)
{
    if (change->maker->is_specialization || snapshot_branch_is_extension(change->out) ||
        str_is(change->out->name, "Extension"))
        replace(change);
}

static void change_definition(const struct change *change)
{
    if (change->maker->is_specialization)
        replace(change);
}

static void change_binding(const struct change *change)
{
    static const char *const PARTS[] = { "id", "strength", "valueSet", "extension" };
    struct arena *arena = change->maker->arena;
    cJSON *binding = json_get(change->out->element, "binding");
    struct str strength = json_get_text(change->from, "strength");
    if (!cJSON_IsObject(binding) || !cJSON_IsObject(change->from)) {
        replace(change);
        return;
    }
    if (str_is(json_get_text(binding, "strength"), "required") && strength.len &&
        !str_is(strength, "required")) {
        snapshot_maker_refuse(change->maker, change->diff,
                              "the binding is required in the base and can not be " STR_FMT,
                              STR_ARG(strength));
        return;
    }
    json_remove(binding, "description");
    for (size_t i = 0; i < COUNT(PARTS); i++)
        if (json_get(change->from, PARTS[i]))
            json_set(arena, binding, PARTS[i], json_copy(arena, json_get(change->from, PARTS[i])));
    if (json_get(change->from, "description"))
        json_set(arena, binding, "description",
                 json_copy(arena, json_get(change->from, "description")));
}

/* Slicing may be made tighter, not another one. */
static void change_slicing(const struct change *change)
{
    static const char *const PARTS[] = { "description", "ordered", "rules" };
    struct arena *arena = change->maker->arena;
    cJSON *slicing = json_get(change->out->element, "slicing");
    if (!cJSON_IsObject(slicing) || !cJSON_IsObject(change->from)) {
        replace(change);
        return;
    }
    struct change discriminators = { change->maker, change->diff, change->out, "discriminator",
                                     json_get(change->from, "discriminator") };
    struct branch part = { .element = slicing };
    discriminators.out = &part;
    if (discriminators.from)
        add_items(&discriminators);
    for (size_t i = 0; i < COUNT(PARTS); i++)
        if (json_get(change->from, PARTS[i]))
            json_set(arena, slicing, PARTS[i], json_copy(arena, json_get(change->from, PARTS[i])));
}

static void change_types(const struct change *change)
{
    if (!snapshot_types_narrow(change->maker, change->out, change->diff))
        return;
    replace(change);
}

/* Keys that end with [x] stand for that stem with any type behind it: at most one is there. */
static void drop_others(const struct change *change, struct str stem)
{
    cJSON *next;
    for (cJSON *item = change->out->element->child; item; item = next) {
        struct str key = str_of(item->string);
        next = item->next;
        key = *item->string == '_' ? str_slice(key, 1, key.len) : key;
        if (str_starts(key, stem) && key.len > stem.len && key.data[stem.len] >= 'A' &&
            key.data[stem.len] <= 'Z')
            json_unlink(change->out->element, item);
    }
}

static void change_value(const struct change *change)
{
    static const char *const STEMS[] = { "fixed", "pattern", "defaultValue", "minValue",
                                         "maxValue" };
    struct str key = str_of(change->key);
    bool is_shadow = *change->key == '_';
    key = str_slice(key, is_shadow, key.len);
    for (size_t i = 0; i < COUNT(STEMS); i++) {
        struct str stem = str_of(STEMS[i]);
        if (!str_starts(key, stem))
            continue;
        struct str type = str_slice(key, stem.len, key.len);
        if (i < 2 && !snapshot_types_allow(change->maker, change->out, type)) {
            snapshot_maker_refuse(change->maker, change->diff, "%s does not fit the element's type",
                                  change->key);
            return;
        }
        bool has_sibling = is_shadow && json_get(change->diff->element, key.data);
        if (!has_sibling)
            drop_others(change, stem);
        /* A fixed value says all that a pattern could. */
        if (i == 0)
            drop_others(change, STR("pattern"));
    }
    replace(change);
}

/* In the order of ElementDefinition. */
static const struct facet {
    const char *key; /* "fixed[x]": the stem with any type */
    void (*apply)(const struct change *change);
} FACETS[] = {
    { "id", leave },
    { "extension", add_extensions },
    { "modifierExtension", add_extensions },
    { "path", leave },
    { "representation", replace },
    { "sliceName", leave },
    { "sliceIsConstraining", replace },
    { "label", replace_text },
    { "code", add_items },
    { "slicing", change_slicing },
    { "short", replace },
    { "definition", replace_text },
    { "comment", replace_text },
    { "requirements", replace_text },
    { "alias", add_items },
    { "min", change_min },
    { "max", change_max },
    { "base", leave },
    { "contentReference", change_definition },
    { "type", change_types },
    { "defaultValue[x]", change_definition },
    { "meaningWhenMissing", replace_text },
    { "orderMeaning", replace_text },
    { "fixed[x]", change_value },
    { "pattern[x]", change_value },
    { "example", add_items },
    { "minValue[x]", change_value },
    { "maxValue[x]", change_value },
    { "maxLength", replace },
    { "condition", add_items },
    { "constraint", add_constraints },
    { "mustSupport", change_must_support },
    { "isModifier", change_meaning },
    { "isModifierReason", change_meaning },
    { "isSummary", change_definition },
    { "binding", change_binding },
    { "mapping", add_items },
};

static bool is_key(const struct facet *facet, struct str key)
{
    struct str name = str_of(facet->key);
    if (key.len && key.data[0] == '_')
        key = str_slice(key, 1, key.len);
    if (!str_ends(name, STR("[x]")))
        return str_equal(name, key);
    name.len -= 3;
    return str_starts(key, name) && key.len > name.len && key.data[name.len] >= 'A' &&
           key.data[name.len] <= 'Z';
}

void snapshot_facets_apply(struct maker *maker, struct branch *out, const struct branch *diff)
{
    const struct facet *end = FACETS + COUNT(FACETS);
    for (const struct facet *facet = FACETS; facet < end; facet++)
        for (const cJSON *item = diff->element->child; item; item = item->next)
            if (is_key(facet, str_of(item->string))) {
                struct change change = { maker, diff, out, item->string, item };
                facet->apply(&change);
            }
    snapshot_types_drop_binding(maker, out);
}

void snapshot_facets_adopt(struct maker *maker, struct branch *out, const struct branch *root,
                           bool with_max)
{
    static const struct facet ADOPTED[] = {
        { "short", replace },       { "definition", replace },
        { "comment", replace },     { "requirements", replace },
        { "alias", replace },       { "mapping", replace },
        { "condition", add_items }, { "constraint", add_constraints },
    };
    static const struct facet OF_EXTENSIONS[] = { { "isModifier", replace },
                                                  { "isModifierReason", replace } };
    unsigned max, most;
    for (size_t i = 0; i < COUNT(ADOPTED); i++) {
        const cJSON *item = json_get(root->element, ADOPTED[i].key);
        struct change change = { maker, root, out, ADOPTED[i].key, item };
        if (item)
            ADOPTED[i].apply(&change);
    }
    if (!snapshot_branch_is_extension(out))
        return;
    for (size_t i = 0; i < COUNT(OF_EXTENSIONS); i++) {
        const cJSON *item = json_get(root->element, OF_EXTENSIONS[i].key);
        struct change change = { maker, root, out, OF_EXTENSIONS[i].key, item };
        if (item)
            OF_EXTENSIONS[i].apply(&change);
    }
    if (with_max && snapshot_facets_max(root->element, &max) &&
        snapshot_facets_max(out->element, &most) && max < most)
        json_set(maker->arena, out->element, "max",
                 json_copy(maker->arena, json_get(root->element, "max")));
}

cJSON *snapshot_facets_arrange(cJSON *element, struct arena *arena)
{
    cJSON *arranged = json_new_object(arena), *next;
    for (size_t i = 0; i < COUNT(FACETS); i++)
        for (cJSON *item = element->child; item; item = next) {
            next = item->next;
            if (is_key(&FACETS[i], str_of(item->string))) {
                json_unlink(element, item);
                json_set(arena, arranged, item->string, item);
            }
        }
    for (cJSON *item = element->child; item; item = next) {
        next = item->next;
        json_unlink(element, item);
        json_set(arena, arranged, item->string, item);
    }
    return arranged;
}

bool snapshot_facets_min(const cJSON *element, unsigned *min)
{
    int number;
    if (!str_to_int(&number, json_get_text(element, "min")))
        return false;
    *min = (unsigned)number;
    return true;
}

bool snapshot_facets_max(const cJSON *element, unsigned *max)
{
    int number = 0;
    struct str text = json_get_text(element, "max");
    if (!str_is(text, "*") && !str_to_int(&number, text))
        return false;
    *max = str_is(text, "*") ? UINT32_MAX : (unsigned)number;
    return true;
}

void snapshot_facets_set_min(cJSON *element, unsigned min, struct arena *arena)
{
    json_set(arena, element, "min", json_new_number(arena, str_print(arena, "%u", min)));
}
