/* tree.c - children() and descendants() (FHIRPath N1 5.8). */
#include "resources/fhir/fhirpath/functions.h"

static bool add_children(struct fhirpath_call *call, const struct fhirpath_items *of,
                         struct fhirpath_list *out)
{
    for (size_t i = 0; i < of->count; i++)
        if (!fhirpath_items_add_children(call->run, out, &of->items[i], NULL))
            return false;
    return true;
}

static bool apply_children(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_children(call, &call->input, out);
}

/* Level by level; elements that are equal but stand in different places are all there. */
static bool apply_descendants(struct fhirpath_call *call, struct fhirpath_list *out)
{
    if (!add_children(call, &call->input, out))
        return false;
    for (size_t at = 0; at < out->items.count; at++) {
        struct fhirpath_item item = out->items.items[at];
        if (!fhirpath_items_add_children(call->run, out, &item, NULL))
            return false;
    }
    return true;
}

const struct fhirpath_function fhirpath_tree_functions[] = {
    { "children", 0, 0, INPUT_COLLECTION, { 0 }, apply_children, false },
    { "descendants", 0, 0, INPUT_COLLECTION, { 0 }, apply_descendants, false },
    { .name = NULL },
};
