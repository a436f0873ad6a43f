/* fhir.c - the functions that R4 adds: extensions, values, references, profiles (R4
 * fhirpath.html#functions). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/narrative/xhtml.h"
#include "resources/fhir/terminology/terminology.h"
#include "resources/fhir/types/reference.h"

struct str fhirpath_fhir_child_text(struct fhirpath_run *run, const struct node *node,
                                    const char *name)
{
    struct node_walk walk;
    struct node child;
    struct fhirpath_item value;
    node_walk_init(&walk, node, name, run->context->definitions);
    while (node_walk_next(&walk, &child)) {
        struct fhirpath_item item = { .kind = FHIRPATH_NODE, .node = &child };
        if (node_is_primitive(&child) && fhirpath_values_of(&value, &item, run))
            return value.text;
    }
    return (struct str){ NULL, 0 };
}

/* The extensions of every item with this url. */
static bool find_extensions(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_list all = { .room = 0 };
        if (call->input.items[i].kind != FHIRPATH_NODE)
            continue;
        if (!fhirpath_items_add_children(call->run, &all, &call->input.items[i], "extension"))
            return false;
        for (size_t k = 0; k < all.items.count; k++)
            if (str_equal(fhirpath_fhir_child_text(call->run, all.items.items[k].node, "url"),
                          call->texts[0]) &&
                !fhirpath_items_add(call->run, out, &all.items.items[k]))
                return false;
    }
    return true;
}

static bool apply_extension(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return find_extensions(call, out);
}

/* R4's search parameter item-subject of QuestionnaireResponse uses it, R4 does not define it. */
static bool apply_has_extension(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_list found = { .room = 0 };
    return find_extensions(call, &found) &&
           fhirpath_items_add_boolean(call->run, out, found.items.count > 0);
}

/* The value of the one primitive; *has false when there is none. */
static void take_primitive(struct fhirpath_call *call, struct fhirpath_item *value, bool *has)
{
    *has = call->input.count == 1 && fhirpath_values_of(value, call->input.items, call->run) &&
           value->kind != FHIRPATH_QUANTITY;
}

static bool apply_has_value(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item value;
    bool has;
    take_primitive(call, &value, &has);
    return fhirpath_items_add_boolean(call->run, out, has);
}

static bool apply_get_value(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item value;
    bool has;
    take_primitive(call, &value, &has);
    return !has || fhirpath_items_add(call->run, out, &value);
}

/* The resource that contains, seen from anywhere below it. */
static const struct node *container_of(const struct node *from)
{
    const struct node *resource = from->resource;
    if (resource && resource->parent && str_is(str_of(resource->place.name), "contained"))
        resource = resource->parent->resource;
    return resource;
}

static bool add_contained(struct fhirpath_run *run, const struct node *from, struct str id,
                          struct fhirpath_list *out)
{
    const struct node *container = container_of(from);
    if (!container)
        return true;
    if (id.len == 0)
        return fhirpath_items_add_node(run, out, container);
    struct fhirpath_item item = { .kind = FHIRPATH_NODE, .node = container };
    struct fhirpath_list contained = { .room = 0 };
    if (!fhirpath_items_add_children(run, &contained, &item, "contained"))
        return false;
    for (size_t i = 0; i < contained.items.count; i++)
        if (str_equal(fhirpath_fhir_child_text(run, contained.items.items[i].node, "id"), id))
            return fhirpath_items_add(run, out, &contained.items.items[i]);
    return true;
}

/* A resource that is not at hand, but whose type the reference tells: an element of that type
 * without content, so that `resolve() is Patient` has its answer. */
static bool add_absent(struct fhirpath_run *run, struct str type, const struct node *from,
                       struct fhirpath_list *out)
{
    struct definitions *definitions = run->context->definitions;
    if (type.len == 0 || !definitions || !definitions_is_resource_type(definitions, type))
        return true;
    const struct structure *structure = definitions_type(definitions, type);
    struct node *absent = arena_alloc(run->context->arena, sizeof *absent);
    *absent = (struct node){ .place = { from ? &from->place : NULL,
                                        str_cstr(run->context->arena, type), NULL, -1, -1 },
                             .structure = structure,
                             .resource = absent };
    return fhirpath_items_add_node(run, out, absent);
}

static bool resolve_text(struct fhirpath_run *run, struct str text, struct str type,
                         const struct node *from, struct fhirpath_list *out)
{
    const struct fhirpath_resolver *resolver = run->context->resolver;
    struct reference reference = reference_parse(text);
    if (reference.kind == REFERENCE_CONTAINED)
        return !from || add_contained(run, from, reference.fragment, out);
    const struct node *found = NULL;
    run->spare = NULL;
    if (resolver && resolver->resolve)
        found = resolver->resolve(resolver->context, text, from, run->context->arena);
    if (found)
        return fhirpath_items_add_node(run, out, found);
    return add_absent(run, reference.type.len ? reference.type : type, from, out);
}

/* A Reference, or the text of a reference, uri or canonical. */
static bool resolve_item(struct fhirpath_run *run, const struct fhirpath_item *item,
                         struct fhirpath_list *out)
{
    struct fhirpath_item value;
    if (fhirpath_values_of(&value, item, run)) {
        bool is_text = value.kind == FHIRPATH_STRING;
        return !is_text || resolve_text(run, value.text, (struct str){ NULL, 0 },
                                        item->kind == FHIRPATH_NODE ? item->node : run->focus, out);
    }
    if (item->node->structure && !str_is(node_type(item->node), "Reference"))
        return true;
    struct str text = fhirpath_fhir_child_text(run, item->node, "reference"),
               type = fhirpath_fhir_child_text(run, item->node, "type");
    return text.len == 0 || resolve_text(run, text, type, item->node, out);
}

static bool apply_resolve(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++)
        if (!fhirpath_evaluate_step(call->run, 1) ||
            !resolve_item(call->run, &call->input.items[i], out))
            return false;
    return true;
}

/* R4's own types are answered here, profiles by the caller; what nobody knows is an error (R4
 * fhirpath.html#functions). */
static bool apply_conforms_to(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    const struct fhirpath_resolver *resolver = run->context->resolver;
    if (call->item.kind != FHIRPATH_NODE)
        return true;
    const struct structure *structure =
        run->context->definitions ? definitions_structure(run->context->definitions, call->texts[0])
                                  : NULL;
    int conforms = -1;
    if (structure && !structure->is_constraint)
        conforms = definitions_is_a(run->context->definitions, node_type(call->item.node),
                                    structure->type);
    else if (resolver && resolver->conforms) {
        run->spare = NULL;
        conforms = resolver->conforms(resolver->context, call->item.node, call->texts[0]);
    }
    if (conforms < 0)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_UNSUPPORTED,
                                      "conformsTo(): '" STR_FMT "' is not known here",
                                      STR_ARG(call->texts[0]));
    return fhirpath_items_add_boolean(run, out, conforms == 1);
}

static enum membership find_code(const struct fhirpath_call *call, struct str system,
                                 struct str code)
{
    if (!call->run->context->terminology || code.len == 0)
        return MEMBER_UNKNOWN;
    return terminology_contains(call->run->context->terminology, call->texts[0], system, code);
}

static enum membership find_coding(const struct fhirpath_call *call, const struct node *coding)
{
    return find_code(call, fhirpath_fhir_child_text(call->run, coding, "system"),
                     fhirpath_fhir_child_text(call->run, coding, "code"));
}

/* One coding in the value set is enough; none is only certain when each could be looked up. */
static enum membership find_concept(const struct fhirpath_call *call, const struct node *concept)
{
    struct node_walk walk;
    struct node coding;
    enum membership result = MEMBER_NO;
    node_walk_init(&walk, concept, "coding", call->run->context->definitions);
    while (node_walk_next(&walk, &coding)) {
        enum membership member = find_coding(call, &coding);
        if (member == MEMBER_YES)
            return MEMBER_YES;
        if (member == MEMBER_UNKNOWN)
            result = MEMBER_UNKNOWN;
    }
    return result;
}

/* Of a code or string, a Coding or a CodeableConcept; empty when nobody can tell. */
static bool apply_member_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item value;
    enum membership member = MEMBER_UNKNOWN;
    if (fhirpath_values_of(&value, &call->item, call->run)) {
        if (value.kind == FHIRPATH_STRING)
            member = find_code(call, (struct str){ NULL, 0 }, value.text);
    } else if (str_is(node_type(call->item.node), "Coding"))
        member = find_coding(call, call->item.node);
    else if (str_is(node_type(call->item.node), "CodeableConcept"))
        member = find_concept(call, call->item.node);
    return member == MEMBER_UNKNOWN ||
           fhirpath_items_add_boolean(call->run, out, member == MEMBER_YES);
}

/* A narrative is a div; of any other string it is asked whether it could stand in one. */
static bool apply_html_checks(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_allowed, has_text;
    struct str text = call->item.text;
    if (!fhirpath_evaluate_text(call->run, text.len))
        return false;
    if (!str_starts(str_trim(text), STR("<div")))
        text = str_print(call->run->context->arena, "<div>" STR_FMT "</div>", STR_ARG(text));
    const char *fault = xhtml_scan(text, &is_allowed, &has_text);
    return fhirpath_items_add_boolean(call->run, out, !fault && is_allowed && has_text);
}

const struct fhirpath_function fhirpath_fhir_functions[] = {
    { "extension", 1, 1, INPUT_COLLECTION, { ARGUMENT_STRING }, apply_extension, false },
    { "hasExtension", 1, 1, INPUT_COLLECTION, { ARGUMENT_STRING }, apply_has_extension, false },
    { "hasValue", 0, 0, INPUT_COLLECTION, { 0 }, apply_has_value, false },
    { "getValue", 0, 0, INPUT_COLLECTION, { 0 }, apply_get_value, false },
    { "resolve", 0, 0, INPUT_COLLECTION, { 0 }, apply_resolve, true },
    { "conformsTo", 1, 1, INPUT_ONE, { ARGUMENT_STRING }, apply_conforms_to, true },
    { "memberOf", 1, 1, INPUT_ONE, { ARGUMENT_STRING }, apply_member_of, false },
    { "htmlChecks", 0, 0, INPUT_STRING, { 0 }, apply_html_checks, false },
    { .name = NULL },
};
