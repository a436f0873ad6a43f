/* existence.c - is there anything, how many, is each of them true (FHIRPath N1 5.1). */
#include "resources/fhir/fhirpath/functions.h"

static bool apply_empty(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_boolean(call->run, out, call->input.count == 0);
}

/* Whether the criterion gives `wanted` for any item. */
static bool find_verdict(struct fhirpath_call *call, bool wanted, bool *is_found)
{
    *is_found = false;
    for (size_t i = 0; i < call->input.count && !*is_found; i++) {
        bool verdict;
        if (!fhirpath_functions_test(call, 0, &call->input.items[i], i, &verdict))
            return false;
        *is_found = verdict == wanted;
    }
    return true;
}

static bool apply_exists(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found = call->input.count > 0;
    if (call->count > 0 && !find_verdict(call, true, &is_found))
        return false;
    return fhirpath_items_add_boolean(call->run, out, is_found);
}

static bool apply_all(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found;
    return find_verdict(call, false, &is_found) &&
           fhirpath_items_add_boolean(call->run, out, !is_found);
}

/* Whether any item is the boolean `wanted`; items that are no booleans are an error. */
static bool find_boolean(struct fhirpath_call *call, bool wanted, bool *is_found)
{
    *is_found = false;
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_item value;
        if (!fhirpath_values_of(&value, &call->input.items[i], call->run) ||
            value.kind != FHIRPATH_BOOLEAN)
            return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                          STR_FMT "() works on booleans",
                                          STR_ARG(call->expression->name));
        *is_found |= str_is(value.text, wanted ? "true" : "false");
    }
    return true;
}

static bool apply_all_true(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found;
    return find_boolean(call, false, &is_found) &&
           fhirpath_items_add_boolean(call->run, out, !is_found);
}

static bool apply_any_true(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found;
    return find_boolean(call, true, &is_found) &&
           fhirpath_items_add_boolean(call->run, out, is_found);
}

static bool apply_all_false(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found;
    return find_boolean(call, true, &is_found) &&
           fhirpath_items_add_boolean(call->run, out, !is_found);
}

static bool apply_any_false(struct fhirpath_call *call, struct fhirpath_list *out)
{
    bool is_found;
    return find_boolean(call, false, &is_found) &&
           fhirpath_items_add_boolean(call->run, out, is_found);
}

static bool apply_count(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_integer(call->run, out, (int64_t)call->input.count);
}

static bool apply_not(struct fhirpath_call *call, struct fhirpath_list *out)
{
    int truth;
    if (!fhirpath_values_truth(call->run, &call->input, &truth))
        return false;
    return truth < 0 || fhirpath_items_add_boolean(call->run, out, !truth);
}

static bool fill_set(struct fhirpath_run *run, struct fhirpath_set *set,
                     const struct fhirpath_items *items)
{
    bool is_new;
    fhirpath_set_init(set);
    for (size_t i = 0; i < items->count; i++)
        if (!fhirpath_set_add(run, set, &items->items[i], &is_new))
            return false;
    return true;
}

static bool apply_distinct(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set set;
    if (!fill_set(call->run, &set, &call->input))
        return false;
    *out = set.list;
    return true;
}

static bool apply_is_distinct(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set set;
    if (!fill_set(call->run, &set, &call->input))
        return false;
    return fhirpath_items_add_boolean(call->run, out, set.list.items.count == call->input.count);
}

/* Whether every item of `part` is in `whole`. */
static bool add_is_subset(struct fhirpath_run *run, const struct fhirpath_items *part,
                          const struct fhirpath_items *whole, struct fhirpath_list *out)
{
    struct fhirpath_set set;
    bool is_in = true;
    if (!fill_set(run, &set, whole))
        return false;
    for (size_t i = 0; i < part->count && is_in; i++)
        if (!fhirpath_set_has(run, &set, &part->items[i], &is_in))
            return false;
    return fhirpath_items_add_boolean(run, out, is_in);
}

static bool apply_subset_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_is_subset(call->run, &call->input, &call->arguments[0], out);
}

static bool apply_superset_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_is_subset(call->run, &call->arguments[0], &call->input, out);
}

const struct fhirpath_function fhirpath_existence_functions[] = {
    { "empty", 0, 0, INPUT_COLLECTION, { 0 }, apply_empty, false },
    { "exists", 0, 1, INPUT_COLLECTION, { ARGUMENT_LAZY }, apply_exists, false },
    { "all", 1, 1, INPUT_COLLECTION, { ARGUMENT_LAZY }, apply_all, false },
    { "allTrue", 0, 0, INPUT_COLLECTION, { 0 }, apply_all_true, false },
    { "anyTrue", 0, 0, INPUT_COLLECTION, { 0 }, apply_any_true, false },
    { "allFalse", 0, 0, INPUT_COLLECTION, { 0 }, apply_all_false, false },
    { "anyFalse", 0, 0, INPUT_COLLECTION, { 0 }, apply_any_false, false },
    { "count", 0, 0, INPUT_COLLECTION, { 0 }, apply_count, false },
    { "not", 0, 0, INPUT_COLLECTION, { 0 }, apply_not, false },
    { "distinct", 0, 0, INPUT_COLLECTION, { 0 }, apply_distinct, false },
    { "isDistinct", 0, 0, INPUT_COLLECTION, { 0 }, apply_is_distinct, false },
    { "subsetOf", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_subset_of, false },
    { "supersetOf", 1, 1, INPUT_COLLECTION, { ARGUMENT_VALUE }, apply_superset_of, false },
    { .name = NULL },
};
