/* combining.c - two collections to one (FHIRPath N1 5.3.7, 5.3.8 and 5.4). */
#include "resources/fhir/fhirpath/functions.h"

static bool add_distinct(struct fhirpath_run *run, struct fhirpath_set *set,
                         const struct fhirpath_items *items)
{
    bool is_new;
    for (size_t i = 0; i < items->count; i++)
        if (!fhirpath_set_add(run, set, &items->items[i], &is_new))
            return false;
    return true;
}

static bool apply_union(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set set;
    fhirpath_set_init(&set);
    if (!add_distinct(call->run, &set, &call->input) ||
        !add_distinct(call->run, &set, &call->arguments[0]))
        return false;
    *out = set.list;
    return true;
}

static bool apply_combine(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_all(call->run, out, &call->input) &&
           fhirpath_items_add_all(call->run, out, &call->arguments[0]);
}

/* Distinct items that are on both sides. */
static bool apply_intersect(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set other, found;
    fhirpath_set_init(&other);
    fhirpath_set_init(&found);
    if (!add_distinct(call->run, &other, &call->arguments[0]))
        return false;
    for (size_t i = 0; i < call->input.count; i++) {
        bool is_in, is_new;
        if (!fhirpath_set_has(call->run, &other, &call->input.items[i], &is_in) ||
            (is_in && !fhirpath_set_add(call->run, &found, &call->input.items[i], &is_new)))
            return false;
    }
    *out = found.list;
    return true;
}

/* Items that are not on the other side, repetitions and order kept. */
static bool apply_exclude(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set other;
    fhirpath_set_init(&other);
    if (!add_distinct(call->run, &other, &call->arguments[0]))
        return false;
    for (size_t i = 0; i < call->input.count; i++) {
        bool is_in;
        if (!fhirpath_set_has(call->run, &other, &call->input.items[i], &is_in) ||
            (!is_in && !fhirpath_items_add(call->run, out, &call->input.items[i])))
            return false;
    }
    return true;
}

const struct fhirpath_function fhirpath_combining_functions[] = {
    { "union", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_union, false },
    { "combine", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_combine, false },
    { "intersect", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_intersect, false },
    { "exclude", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_exclude, false },
    { .name = NULL },
};
