/* extension.c - an extension against its own definition, and whether it may stand where it stands
 * (R4 extensibility.html, defining-extensions.html#context). */
#include "profiles/validator/invariant.h"
#include "profiles/validator/link.h"
#include "profiles/validator/run.h"
#include "profiles/validator/slice.h"
#include "profiles/validator/url.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

#include <string.h>

static bool is_modifier(const struct node *node)
{
    return !strcmp(node->place.name, "modifierExtension");
}

/* "Patient.contact.name" of a node, without indexes. */
static struct str chain_of(struct run *run, const struct node *node)
{
    struct place steps[64];
    size_t count = 0;
    for (const struct place *at = &node->place; at && count < COUNT(steps); at = at->in)
        steps[count++] = (struct place){ NULL, at->name, NULL, -1, -1 };
    struct buf out;
    buf_init(&out, run->scratch, 4096);
    while (count) {
        if (out.len)
            buf_add_char(&out, '.');
        buf_add(&out, str_of(steps[--count].name));
    }
    return buf_str(&out);
}

static struct str without_choice(struct str path)
{
    return str_ends(path, STR("[x]")) ? str_slice(path, 0, path.len - 3) : path;
}

/* "Patient.contact" against a path, by the rest of the path and whether the first type is of that
 * kind. */
static bool is_path(struct run *run, struct str wanted, struct str path)
{
    wanted = without_choice(wanted);
    path = without_choice(path);
    if (str_equal(wanted, path))
        return true;
    size_t a = str_find(wanted, '.', 0), b = str_find(path, '.', 0);
    return a < wanted.len && b < path.len &&
           str_equal(str_slice(wanted, a, wanted.len), str_slice(path, b, path.len)) &&
           definitions_is_a(run->validator->definitions, str_slice(path, 0, b),
                            str_slice(wanted, 0, a));
}

/* Context of type `element`: a type, or a path to an element. */
static bool is_element(struct run *run, struct str wanted, const struct node *parent)
{
    static const struct str CORE = { "http://hl7.org/fhir/StructureDefinition/",
                                     sizeof "http://hl7.org/fhir/StructureDefinition/" - 1 };
    size_t hash = str_find(wanted, '#', 0);
    if (hash < wanted.len)
        wanted = str_slice(wanted, hash + 1, wanted.len);
    else if (str_starts(wanted, CORE))
        wanted = str_slice(wanted, CORE.len, wanted.len);
    struct str type = node_type(parent);
    if (str_is(wanted, "Element") || str_equal(wanted, type) ||
        definitions_is_a(run->validator->definitions, type, wanted))
        return true;
    const struct element *element = parent->element;
    if (element && (is_path(run, wanted, element->path) ||
                    (element->content && is_path(run, wanted, element->content->path))))
        return true;
    return is_path(run, wanted, chain_of(run, parent));
}

static bool is_value_of_extension(const struct node *node)
{
    return node->parent && !strcmp(node->place.name, "value") &&
           str_is(node_type(node->parent), "Extension");
}

/* R4 says that what tells of a type belongs to its code, and puts it beside the code in all of its
 * own definitions; R5 says so, too. */
static bool is_beside_code(struct str wanted, const struct node *parent)
{
    const struct element *element = parent->element;
    return str_is(wanted, "ElementDefinition.type.code") && element &&
           str_is(element->path, "ElementDefinition.type");
}

static bool is_context(struct run *run, const struct extension_context *context,
                       const struct node *parent)
{
    if (str_is(context->type, "element"))
        return is_element(run, context->expression, parent) ||
               is_beside_code(context->expression, parent);
    if (str_is(context->type, "extension")) {
        struct str url = str_slice(context->expression, 0, str_find(context->expression, '#', 0));
        const struct node *at = is_value_of_extension(parent) ? parent->parent : parent;
        return str_is(node_type(at), "Extension") &&
               str_equal(json_get_text(at->value, "url"), url);
    }
    return validator_invariant_selects(run, context->expression, parent) != 0;
}

/* Said of the element that has the extension: that is what the extension does not fit. */
static void raise_context(struct run *run, const struct node *node,
                          const struct structure *structure, const char *why, struct str more)
{
    struct fault fault = { ISSUE_EXTENSION_CONTEXT, structure->url, structure->url, NULL, false };
    struct node at = { .place = node->parent->place };
    at.place.offset = node->place.offset;
    validator_run_raise(run, &at, fault, "%s" STR_FMT, why, STR_ARG(more));
}

static void check_context(struct run *run, const struct node *node,
                          const struct structure *structure)
{
    bool may_stand = structure->context_count == 0;
    struct buf allowed;
    buf_init(&allowed, run->scratch, 2048);
    for (size_t i = 0; i < structure->context_count && !may_stand; i++) {
        may_stand = is_context(run, &structure->contexts[i], node->parent);
        buf_print(&allowed, "%s" STR_FMT, i ? ", " : "",
                  STR_ARG(structure->contexts[i].expression));
    }
    if (!may_stand)
        raise_context(run, node, structure, "it belongs to ", buf_str(&allowed));
    bool must_modify = structure->root->is_modifier;
    if (must_modify != is_modifier(node))
        raise_context(run, node, structure,
                      must_modify ? "it belongs into modifierExtension"
                                  : "it belongs into extension",
                      STR(""));
    for (size_t i = 0; i < structure->context_invariant_count; i++) {
        struct str text = structure->context_invariants[i];
        if (str_find_str(text, STR("%extension"), 0) == text.len &&
            validator_invariant_test(run, text, node->parent) == 0)
            raise_context(run, node, structure, "a condition on its place does not hold: ", text);
    }
}

/* An extension that a later version of FHIR made of an element: R4 can not know it. */
static bool is_from_another_version(struct str url)
{
    static const char START[] = "http://hl7.org/fhir/";
    struct str rest = str_slice(url, sizeof START - 1, url.len);
    return str_starts(url, STR("http://hl7.org/fhir/")) && rest.len > 3 && rest.data[0] >= '1' &&
           rest.data[0] <= '9' && rest.data[1] == '.' &&
           str_find_str(rest, STR("/StructureDefinition/extension-"), 0) < rest.len;
}

static bool may_be_unknown(const struct run *run, struct str url)
{
    unsigned policy = run->request->policy;
    if (!(policy & VALIDATION_DEFINITIONS_ARE_HERE))
        return true;
    bool is_example = !(policy & VALIDATION_NO_EXAMPLES) && validator_url_is_example(url);
    return is_example || is_from_another_version(url) ||
           str_starts(url, STR("http://hl7.org/fhir/tools/StructureDefinition/"));
}

static void raise_unknown(struct run *run, const struct node *node, struct str url)
{
    enum issue_id id =
        is_modifier(node) ? ISSUE_MODIFIER_EXTENSION_UNKNOWN : ISSUE_EXTENSION_UNKNOWN;
    struct fault fault = { .id = id, .profile = node->element->structure->url };
    if (id == ISSUE_EXTENSION_UNKNOWN)
        fault.is_warning = may_be_unknown(run, url);
    validator_run_raise(run, node, fault, "'" STR_FMT "'", STR_ARG(url));
}

/* A part of an extension has a name that the extension's own definition gives it. */
static void check_part(struct run *run, const struct node *node, struct str url)
{
    struct str owner = json_get_text(node->parent->value, "url");
    struct schema *schema = validator_schema_find(run->validator, owner);
    const struct shape *root = schema ? validator_schema_root(run->validator, schema) : NULL;
    const struct shape *parts = root ? validator_shape_child(root, STR("extension")) : NULL;
    if (!parts || !parts->slicer || !parts->slicer->by_url ||
        parts->slicer->rules == SLICING_CLOSED || map_find(parts->slicer->by_url, url))
        return;
    struct str profile = root->element->structure->url;
    struct fault fault = { ISSUE_EXTENSION_PART_UNKNOWN, STR(""), profile, NULL, false };
    validator_run_raise(run, node, fault, "'" STR_FMT "' is no part of " STR_FMT, STR_ARG(url),
                        STR_ARG(profile));
}

void validator_extension_check(struct run *run, const struct node *node, size_t from)
{
    struct str url = json_get_text(node->value, "url");
    if (!node->parent)
        return;
    if (!url.len) {
        struct fault fault = { .id = ISSUE_EXTENSION_UNKNOWN,
                               .profile = node->element ? node->element->structure->url : STR("") };
        validator_run_raise(run, node, fault, "without a url nobody can tell what it is");
        return;
    }
    /* A name without a scheme is defined by the extension that it is in. */
    bool is_inside = str_is(node_type(node->parent), "Extension");
    if (is_inside && str_find(url, ':', 0) == url.len) {
        check_part(run, node, url);
        return;
    }
    struct schema *schema = validator_schema_find(run->validator, url);
    const struct shape *root = schema ? validator_schema_root(run->validator, schema) : NULL;
    if (!root || !str_is(root->element->structure->type, "Extension") ||
        !root->element->structure->is_constraint) {
        raise_unknown(run, node, url);
        return;
    }
    validator_run_push(run, from, root);
    struct arena_mark mark = validator_run_mark(run);
    check_context(run, node, root->element->structure);
    if (str_is(url, "http://hl7.org/fhir/StructureDefinition/narrativeLink"))
        validator_link_check(run, node);
    validator_run_reset(run, mark);
}
