/* order.c - the comparison operators on collections (FHIRPath N1 6.1 and 6.2). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/operators.h"

int fhirpath_order_collections(struct fhirpath_run *run, const struct fhirpath_items *left,
                               const struct fhirpath_items *right)
{
    if (left->count == 0 || right->count == 0)
        return -1;
    if (left->count != right->count)
        return 0;
    int result = 1;
    for (size_t i = 0; i < left->count; i++) {
        int equal = fhirpath_compare_equal(run, &left->items[i], &right->items[i]);
        if (equal == 0 || equal == -2)
            return equal;
        if (equal == -1)
            result = -1;
    }
    return result;
}

static bool add_equal(struct fhirpath_run *run, const struct fhirpath_items *left,
                      const struct fhirpath_items *right, bool wanted, struct fhirpath_list *out)
{
    int equal = fhirpath_order_collections(run, left, right);
    if (equal < 0)
        return equal == -1;
    return fhirpath_items_add_boolean(run, out, (equal == 1) == wanted);
}

bool fhirpath_order_equal(struct fhirpath_run *run, const struct fhirpath_items *left,
                          const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_equal(run, left, right, true, out);
}

bool fhirpath_order_not_equal(struct fhirpath_run *run, const struct fhirpath_items *left,
                              const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_equal(run, left, right, false, out);
}

/* The index of an item of `right` that is equivalent and not yet taken; right->count when there is
 * none. */
static bool find_partner(struct fhirpath_run *run, const struct fhirpath_item *item,
                         const struct fhirpath_items *right, const bool *is_taken, size_t *found)
{
    for (*found = 0; *found < right->count; ++*found) {
        if (is_taken[*found])
            continue;
        int equivalent = fhirpath_compare_equivalent(run, item, &right->items[*found]);
        if (equivalent != 0)
            return equivalent == 1;
    }
    return true;
}

/* Equivalence does not look at the order of the items. */
static bool add_equivalent(struct fhirpath_run *run, const struct fhirpath_items *left,
                           const struct fhirpath_items *right, bool wanted,
                           struct fhirpath_list *out)
{
    bool is_equivalent = left->count == right->count;
    bool *is_taken = arena_alloc(run->context->arena, right->count);
    for (size_t i = 0; i < left->count && is_equivalent; i++) {
        size_t partner;
        if (!find_partner(run, &left->items[i], right, is_taken, &partner))
            return false;
        is_equivalent = partner < right->count;
        if (is_equivalent)
            is_taken[partner] = true;
    }
    return fhirpath_items_add_boolean(run, out, is_equivalent == wanted);
}

bool fhirpath_order_equivalent(struct fhirpath_run *run, const struct fhirpath_items *left,
                               const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_equivalent(run, left, right, true, out);
}

bool fhirpath_order_not_equivalent(struct fhirpath_run *run, const struct fhirpath_items *left,
                                   const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_equivalent(run, left, right, false, out);
}

/* A primitive may have extensions alone, and a quantity with a comparator is no one value. */
static bool may_lack_value(const struct fhirpath_run *run, const struct node *node)
{
    return node_is_primitive(node) ||
           (node->structure &&
            definitions_is_a(run->context->definitions, node_type(node), STR("Quantity")));
}

/* The one value of each side; *has false when one side has none. */
static bool take_values(struct fhirpath_run *run, const struct fhirpath_items *const sides[2],
                        struct fhirpath_item values[2], bool *has)
{
    *has = sides[0]->count > 0 && sides[1]->count > 0;
    for (size_t side = 0; side < 2 && *has; side++) {
        if (sides[side]->count > 1)
            return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "one item is compared, not %zu",
                                          sides[side]->count);
        if (fhirpath_values_of(&values[side], &sides[side]->items[0], run))
            continue;
        *has = false;
        if (!may_lack_value(run, sides[side]->items[0].node))
            return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "a " STR_FMT " has no order",
                                          STR_ARG(node_type(sides[side]->items[0].node)));
    }
    return true;
}

/* True when the order is `wanted`, or equal where that is wanted too. */
static bool add_order(struct fhirpath_run *run, const struct fhirpath_items *const sides[2],
                      int wanted, bool or_equal, struct fhirpath_list *out)
{
    struct fhirpath_item values[2];
    bool has;
    if (!take_values(run, sides, values, &has))
        return false;
    if (!has)
        return true;
    int order = fhirpath_compare_order(run, &values[0], &values[1]);
    if (order == -2 || order == 2)
        return order == 2;
    return fhirpath_items_add_boolean(run, out, order == wanted || (or_equal && order == 0));
}

bool fhirpath_order_less(struct fhirpath_run *run, const struct fhirpath_items *left,
                         const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_order(run, (const struct fhirpath_items *const[]){ left, right }, -1, false, out);
}

bool fhirpath_order_less_or_equal(struct fhirpath_run *run, const struct fhirpath_items *left,
                                  const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_order(run, (const struct fhirpath_items *const[]){ left, right }, -1, true, out);
}

bool fhirpath_order_greater(struct fhirpath_run *run, const struct fhirpath_items *left,
                            const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_order(run, (const struct fhirpath_items *const[]){ left, right }, 1, false, out);
}

bool fhirpath_order_greater_or_equal(struct fhirpath_run *run, const struct fhirpath_items *left,
                                     const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return add_order(run, (const struct fhirpath_items *const[]){ left, right }, 1, true, out);
}
