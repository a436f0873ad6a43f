/* structure.c - functions that ask the definitions of an element: elementDefinition(), slice(),
 * checkModifiers() (R4 fhirpath.html#functions). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/json/json.h"

/* A StructureDefinition that this evaluation has read: they are large. */
struct fhirpath_defining {
    struct str url;
    const struct node *root;
    const struct fhirpath_defining *earlier;
};

static const struct node *read_structure(struct fhirpath_run *run, struct str url)
{
    struct arena *arena = run->context->arena;
    struct str text;
    struct issues issues;
    for (const struct fhirpath_defining *at = run->defining; at; at = at->earlier)
        if (str_equal(at->url, url))
            return at->root;
    if (!definitions_resource(run->context->definitions, STR("StructureDefinition"), url, arena,
                              &text))
        return NULL;
    issues_init(&issues, arena, (struct str){ 0 });
    const cJSON *tree = json_parse(text, arena, &issues);
    struct fhirpath_defining *read = arena_alloc(arena, sizeof *read);
    struct node *root = arena_alloc(arena, sizeof *root);
    *read = (struct fhirpath_defining){ url, tree ? root : NULL, run->defining };
    if (tree)
        node_root(root, tree, run->context->definitions);
    run->defining = read;
    return read->root;
}

/* The one that has this id in the snapshot. */
static bool add_definition(struct fhirpath_run *run, const struct element *element,
                           struct fhirpath_list *out)
{
    const struct node *root = read_structure(run, element->structure->url);
    struct fhirpath_item item = { .kind = FHIRPATH_NODE, .node = root };
    struct fhirpath_list snapshots = { .room = 0 }, elements = { .room = 0 };
    if (!root || !fhirpath_items_add_children(run, &snapshots, &item, "snapshot"))
        return !root;
    if (!snapshots.items.count)
        return true;
    if (!fhirpath_items_add_children(run, &elements, snapshots.items.items, "element"))
        return false;
    for (size_t i = 0; i < elements.items.count; i++)
        if (str_equal(json_get_text(elements.items.items[i].node->value, "id"), element->id))
            return fhirpath_items_add(run, out, &elements.items.items[i]);
    return true;
}

static bool apply_element_definition(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count && call->run->context->definitions; i++) {
        const struct node *node = call->input.items[i].node;
        if (call->input.items[i].kind != FHIRPATH_NODE || !node->structure)
            continue;
        if (!add_definition(call->run, node->element ? node->element : node->structure->root, out))
            return false;
    }
    return true;
}

static bool apply_slice(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_run *run = call->run;
    const struct fhirpath_resolver *resolver = run->context->resolver;
    for (size_t i = 0; i < call->input.count; i++) {
        const struct fhirpath_item *item = &call->input.items[i];
        if (item->kind != FHIRPATH_NODE)
            continue;
        run->spare = NULL;
        int is_in = resolver && resolver->slices ? resolver->slices(resolver->context, item->node,
                                                                    call->texts[0], call->texts[1])
                                                 : -1;
        if (is_in < 0)
            return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_UNSUPPORTED,
                                          "slice(): '" STR_FMT "' of '" STR_FMT
                                          "' is not known here",
                                          STR_ARG(call->texts[1]), STR_ARG(call->texts[0]));
        if (is_in && !fhirpath_items_add(run, out, item))
            return false;
    }
    return true;
}

static bool is_among(const struct fhirpath_call *call, struct str url)
{
    for (size_t i = 0; i < call->count; i++)
        if (str_equal(call->texts[i], url))
            return true;
    return false;
}

/* The input, when nobody changes its meaning in a way that the arguments do not name. */
static bool apply_check_modifiers(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_list found = { .room = 0 };
        if (call->input.items[i].kind == FHIRPATH_NODE &&
            !fhirpath_items_add_children(call->run, &found, &call->input.items[i],
                                         "modifierExtension"))
            return false;
        for (size_t k = 0; k < found.items.count; k++) {
            struct str url = fhirpath_fhir_child_text(call->run, found.items.items[k].node, "url");
            if (!is_among(call, url))
                return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                              "checkModifiers(): '" STR_FMT "' is not expected",
                                              STR_ARG(url));
        }
    }
    return fhirpath_items_add_all(call->run, out, &call->input);
}

const struct fhirpath_function fhirpath_structure_functions[] = {
    { "elementDefinition", 0, 0, INPUT_COLLECTION, { 0 }, apply_element_definition, true },
    { "slice", 2, 2, INPUT_COLLECTION, { ARGUMENT_STRING, ARGUMENT_STRING }, apply_slice, true },
    { "checkModifiers",
      0,
      FHIRPATH_MOST_ARGUMENTS,
      INPUT_COLLECTION,
      { ARGUMENT_STRING, ARGUMENT_STRING, ARGUMENT_STRING, ARGUMENT_STRING, ARGUMENT_STRING,
        ARGUMENT_STRING, ARGUMENT_STRING },
      apply_check_modifiers,
      false },
    { .name = NULL },
};
