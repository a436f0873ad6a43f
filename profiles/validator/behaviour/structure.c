/* structure.c - a profile can be carried out: its snapshot can be made, its discriminators lead
 * somewhere, and it does not change what its base has fixed. */
#include "profiles/snapshot/snapshot.h"
#include "profiles/validator/behaviour/behaviour.h"
#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

#define ELEMENTS STR("StructureDefinition.differential.element[")

/* The element of the differential that an issue stands at, or the whole. */
static void raise_at(struct run *run, const struct node *node, const struct issue *issue)
{
    struct fault fault = { ISSUE_PROFILE_BROKEN, STR("snapshot"), node->structure->url, NULL,
                           false };
    struct str place = issue ? issue->expression : STR(""), text = STR("");
    const cJSON *value = json_get(node->value, "differential");
    struct node differential = behaviour_part(node, "differential", -1, value);
    int index = -1;
    if (issue)
        text = issue->diagnostics;
    if (str_starts(place, ELEMENTS))
        str_to_int(&index, str_slice(place, ELEMENTS.len, str_find(place, ']', 0)));
    const cJSON *item = index < 0 ? NULL : json_at(json_get(value, "element"), (size_t)index);
    struct node element = behaviour_part(&differential, "element", index, item);
    validator_run_raise(run, item ? &element : node, fault, STR_FMT, STR_ARG(text));
}

static void check_snapshot(struct run *run, const struct node *node)
{
    struct arena_mark mark = validator_run_mark(run);
    struct issues issues;
    issues_init(&issues, run->scratch, STR(""));
    cJSON *copy = json_copy(run->scratch, node->value);
    struct snapshot_request request = { run->validator->definitions, NULL, false };
    if (!snapshot_make(copy, &request, run->scratch, &issues)) {
        const struct issue *issue = issues.first;
        while (issue && issue->severity > SEVERITY_ERROR)
            issue = issue->next;
        raise_at(run, node, issue);
    }
    validator_run_reset(run, mark);
}

/* The child in the element itself, else in one of its types. */
static const struct element *child_of(struct run *run, const struct element *element,
                                      struct str name, bool *is_open)
{
    const struct element_type *type;
    const struct element *child = definitions_child(element, name, &type);
    for (size_t i = 0; i < element->child_count && !child; i++) {
        struct str own = element->children[i]->name;
        if (element->children[i]->is_choice && own.len == name.len + 3 && str_starts(own, name))
            child = element->children[i];
    }
    *is_open |= element->type_count == 0 && element->child_count == 0;
    for (size_t i = 0; i < element->type_count && !child; i++) {
        const struct structure *structure =
            definitions_type_of(run->validator->definitions, &element->types[i]);
        bool is_any = !structure || structure->is_abstract;
        *is_open |= is_any && element->child_count == 0;
        if (structure && structure->root && structure->root != element && !is_any)
            child = child_of(run, structure->root, name, is_open);
    }
    return child;
}

/* One step of a discriminator's path; false when it leads nowhere. */
static bool take_step(struct run *run, const struct element **element, struct str step,
                      bool *is_open)
{
    struct definitions *definitions = run->validator->definitions;
    if (str_is(step, "$this") || str_starts(step, STR("ofType(")))
        return true;
    if (str_starts(step, STR("extension("))) {
        *element = definitions_type(definitions, STR("Extension"))->root;
        return true;
    }
    if (str_starts(step, STR("resolve("))) {
        *is_open = true;
        return true;
    }
    *element = child_of(run, *element, step, is_open);
    return *element || *is_open;
}

/* Up to the next dot outside of parentheses. */
static struct str cut_step(struct str *rest)
{
    size_t at = 0, depth = 0;
    for (; at < rest->len && (depth || rest->data[at] != '.'); at++) {
        depth += rest->data[at] == '(';
        depth -= rest->data[at] == ')' && depth > 0;
    }
    struct str step = str_slice(*rest, 0, at);
    *rest = str_slice(*rest, at + 1, rest->len);
    return str_trim(step);
}

static bool leads_somewhere(struct run *run, const struct element *element, struct str path)
{
    bool is_open = false;
    while (path.len && !is_open)
        if (!take_step(run, &element, cut_step(&path), &is_open))
            return false;
    return true;
}

/* The element of the type that a differential's path names, or NULL. */
static const struct element *find_path(struct run *run, const struct structure *type,
                                       struct str path)
{
    const struct element *element = type->root;
    bool is_open = false;
    str_cut(&path, '.');
    while (path.len && element)
        element = child_of(run, element, str_cut(&path, '.'), &is_open);
    return element;
}

static void check_discriminators(struct run *run, const struct node *element,
                                 const struct structure *type)
{
    const cJSON *value = json_get(element->value, "slicing");
    const cJSON *list = json_get(value, "discriminator");
    const cJSON *item = cJSON_IsArray(list) ? list->child : NULL;
    struct str path = json_get_text(element->value, "path");
    const struct element *sliced = item ? find_path(run, type, path) : NULL;
    struct node slicing = behaviour_part(element, "slicing", -1, value);
    for (int index = 0; item && sliced; item = item->next, index++) {
        struct node at = behaviour_part(&slicing, "discriminator", index, item);
        struct str where = json_get_text(item, "path");
        if (where.len && !leads_somewhere(run, sliced, where))
            behaviour_break(run, &at, "path", "'" STR_FMT "' is not in " STR_FMT, STR_ARG(where),
                            STR_ARG(path));
    }
}

static const cJSON *fixed_of(const cJSON *element)
{
    for (const cJSON *item = element ? element->child : NULL; item; item = item->next)
        if (str_starts(str_of(item->string), STR("fixed")))
            return item;
    return NULL;
}

/* What the base has fixed stays (R4 profiling.html: a profile may only constrain). */
static void check_fixed(struct run *run, const struct node *element, const struct structure *base)
{
    const cJSON *fixed = fixed_of(element->value);
    struct str id = json_get_text(element->value, "id");
    for (size_t i = 0; fixed && i < base->element_count; i++) {
        const struct element *before = &base->elements[i];
        if (!str_equal(before->id, id) || !before->fixed || json_equal(before->fixed, fixed))
            continue;
        struct node at = behaviour_part(element, "fixed", -1, fixed);
        behaviour_break(run, &at, "fixed", "the base has fixed it to another value");
    }
}

void behaviour_structure(struct run *run, const struct node *node)
{
    struct definitions *definitions = run->validator->definitions;
    const cJSON *value = json_get(node->value, "differential");
    const cJSON *list = json_get(value, "element");
    const struct structure *base =
        definitions_structure(definitions, json_get_text(node->value, "baseDefinition"));
    const struct structure *type =
        definitions_type(definitions, json_get_text(node->value, "type"));
    bool is_profile = str_is(json_get_text(node->value, "derivation"), "constraint");
    if (!is_profile || !cJSON_IsArray(list) || !base || !type)
        return;
    check_snapshot(run, node);
    struct node differential = behaviour_part(node, "differential", -1, value);
    int index = 0;
    for (const cJSON *item = list->child; item; item = item->next, index++) {
        struct node element = behaviour_part(&differential, "element", index, item);
        check_discriminators(run, &element, type);
        check_fixed(run, &element, base);
    }
}
