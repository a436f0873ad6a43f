/* aggregate.c - sum(), min(), max() and avg() of numbers, quantities, and whatever has an order
 * (FHIRPath 3 section 7). */
#include "resources/fhir/fhirpath/functions.h"
#include "resources/fhir/fhirpath/operators.h"

/* The values of all items; *has false when one has none: then nothing can be said of all. */
static bool take_values(struct fhirpath_call *call, struct fhirpath_list *values, bool *has)
{
    *values = (struct fhirpath_list){ .room = 0 };
    *has = call->input.count > 0;
    for (size_t i = 0; i < call->input.count && *has; i++) {
        struct fhirpath_item value;
        *has = fhirpath_values_of(&value, &call->input.items[i], call->run);
        if (*has && !fhirpath_items_add(call->run, values, &value))
            return false;
    }
    return true;
}

/* Empty, too, when a step on the way has no result. */
static bool sum(struct fhirpath_call *call, struct fhirpath_list *total)
{
    struct fhirpath_list values;
    bool has;
    *total = (struct fhirpath_list){ .room = 0 };
    if (!take_values(call, &values, &has) || !has)
        return !has;
    if (!fhirpath_items_add(call->run, total, &values.items.items[0]))
        return false;
    for (size_t i = 1; i < values.items.count && total->items.count == 1; i++) {
        const struct fhirpath_items left = total->items, right = { &values.items.items[i], 1 };
        struct fhirpath_list next = { .room = 0 };
        if (!fhirpath_evaluate_step(call->run, 1) ||
            !fhirpath_arithmetic_add(call->run, &left, &right, &next))
            return false;
        *total = next;
    }
    return true;
}

static bool apply_sum(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return sum(call, out);
}

static bool apply_avg(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_list total, count = { .room = 0 };
    return sum(call, &total) &&
           fhirpath_items_add_integer(call->run, &count, (int64_t)call->input.count) &&
           fhirpath_arithmetic_divide(call->run, &total.items, &count.items, out);
}

/* The item that no other goes before (wanted -1) or behind (1). */
static bool add_extreme(struct fhirpath_call *call, int wanted, struct fhirpath_list *out)
{
    struct fhirpath_list values;
    bool has;
    if (!take_values(call, &values, &has) || !has)
        return !has;
    const struct fhirpath_item *found = &values.items.items[0];
    for (size_t i = 1; i < values.items.count; i++) {
        int order = fhirpath_compare_order(call->run, &values.items.items[i], found);
        if (order == -2)
            return false;
        if (order == 2)
            return true;
        if (order == wanted)
            found = &values.items.items[i];
    }
    return fhirpath_items_add(call->run, out, found);
}

static bool apply_min(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_extreme(call, -1, out);
}

static bool apply_max(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_extreme(call, 1, out);
}

const struct fhirpath_function fhirpath_aggregate_functions[] = {
    { "sum", 0, 0, INPUT_COLLECTION, { 0 }, apply_sum, false },
    { "min", 0, 0, INPUT_COLLECTION, { 0 }, apply_min, false },
    { "max", 0, 0, INPUT_COLLECTION, { 0 }, apply_max, false },
    { "avg", 0, 0, INPUT_COLLECTION, { 0 }, apply_avg, false },
    { .name = NULL },
};
