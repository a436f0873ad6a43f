/* operators.c - the operator table, and what the logical and the collection operators do (FHIRPath
 * N1 section 6). */
#include "resources/fhir/fhirpath/operators.h"

/* Three-valued logic: -1 empty, 0 false, 1 true; row left + 1, column right + 1. */
static const signed char AND[3][3] = { { -1, 0, -1 }, { 0, 0, 0 }, { -1, 0, 1 } };
static const signed char OR[3][3] = { { -1, -1, 1 }, { -1, 0, 1 }, { 1, 1, 1 } };
static const signed char XOR[3][3] = { { -1, -1, -1 }, { -1, 0, 1 }, { -1, 1, 0 } };
static const signed char IMPLIES[3][3] = { { -1, -1, 1 }, { 1, 1, 1 }, { -1, 0, 1 } };

static bool apply_logic(struct fhirpath_run *run, const struct fhirpath_items *left,
                        const struct fhirpath_items *right, const signed char table[3][3],
                        struct fhirpath_list *out)
{
    int a, b;
    if (!fhirpath_values_truth(run, left, &a) || !fhirpath_values_truth(run, right, &b))
        return false;
    int result = table[a + 1][b + 1];
    return result < 0 || fhirpath_items_add_boolean(run, out, result == 1);
}

static bool apply_and(struct fhirpath_run *run, const struct fhirpath_items *left,
                      const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_logic(run, left, right, AND, out);
}

static bool apply_or(struct fhirpath_run *run, const struct fhirpath_items *left,
                     const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_logic(run, left, right, OR, out);
}

static bool apply_xor(struct fhirpath_run *run, const struct fhirpath_items *left,
                      const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_logic(run, left, right, XOR, out);
}

static bool apply_implies(struct fhirpath_run *run, const struct fhirpath_items *left,
                          const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_logic(run, left, right, IMPLIES, out);
}

static bool apply_union(struct fhirpath_run *run, const struct fhirpath_items *left,
                        const struct fhirpath_items *right, struct fhirpath_list *out)
{
    if (left->count + right->count <= 1)
        return fhirpath_items_add_all(run, out, left) && fhirpath_items_add_all(run, out, right);
    struct fhirpath_set set;
    fhirpath_set_init(&set);
    bool is_new;
    const struct fhirpath_items *const sides[] = { left, right };
    for (size_t side = 0; side < COUNT(sides); side++)
        for (size_t i = 0; i < sides[side]->count; i++)
            if (!fhirpath_set_add(run, &set, &sides[side]->items[i], &is_new))
                return false;
    *out = set.list;
    return true;
}

/* Whether one item is in a collection; empty when there is no item. */
static bool apply_membership(struct fhirpath_run *run, const struct fhirpath_items *one,
                             const struct fhirpath_items *many, struct fhirpath_list *out)
{
    if (one->count == 0)
        return true;
    if (one->count > 1)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "one item is looked for, not %zu",
                                      one->count);
    for (size_t i = 0; i < many->count; i++) {
        int equal = fhirpath_compare_equal(run, &one->items[0], &many->items[i]);
        if (equal == -2)
            return false;
        if (equal == 1)
            return fhirpath_items_add_boolean(run, out, true);
    }
    return fhirpath_items_add_boolean(run, out, false);
}

static bool apply_in(struct fhirpath_run *run, const struct fhirpath_items *left,
                     const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_membership(run, left, right, out);
}

static bool apply_contains(struct fhirpath_run *run, const struct fhirpath_items *left,
                           const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return apply_membership(run, right, left, out);
}

static const struct fhirpath_operator OPERATORS[] = {
    { "*", 11, OPERATOR_BINARY, false, fhirpath_arithmetic_multiply },
    { "/", 11, OPERATOR_BINARY, false, fhirpath_arithmetic_divide },
    { "div", 11, OPERATOR_BINARY, false, fhirpath_arithmetic_div },
    { "mod", 11, OPERATOR_BINARY, false, fhirpath_arithmetic_mod },
    { "+", 10, OPERATOR_BINARY, false, fhirpath_arithmetic_add },
    { "-", 10, OPERATOR_BINARY, false, fhirpath_arithmetic_subtract },
    { "&", 10, OPERATOR_BINARY, false, fhirpath_arithmetic_concatenate },
    { "is", 9, OPERATOR_TYPE, false, NULL },
    { "as", 9, OPERATOR_TYPE, false, NULL },
    { "|", 8, OPERATOR_UNION, false, apply_union },
    { ">", 7, OPERATOR_BINARY, false, fhirpath_order_greater },
    { "<", 7, OPERATOR_BINARY, false, fhirpath_order_less },
    { ">=", 7, OPERATOR_BINARY, false, fhirpath_order_greater_or_equal },
    { "<=", 7, OPERATOR_BINARY, false, fhirpath_order_less_or_equal },
    { "=", 6, OPERATOR_BINARY, false, fhirpath_order_equal },
    { "~", 6, OPERATOR_BINARY, false, fhirpath_order_equivalent },
    { "!=", 6, OPERATOR_BINARY, false, fhirpath_order_not_equal },
    { "!~", 6, OPERATOR_BINARY, false, fhirpath_order_not_equivalent },
    { "in", 5, OPERATOR_BINARY, false, apply_in },
    { "contains", 5, OPERATOR_BINARY, false, apply_contains },
    { "and", 4, OPERATOR_BINARY, true, apply_and },
    { "xor", 3, OPERATOR_BINARY, false, apply_xor },
    { "or", 3, OPERATOR_BINARY, true, apply_or },
    { "implies", 2, OPERATOR_BINARY, true, apply_implies },
};

const struct fhirpath_operator *fhirpath_operators_find(const struct fhirpath_token *token)
{
    if (token->kind != TOKEN_SYMBOL && token->kind != TOKEN_NAME)
        return NULL;
    for (size_t i = 0; i < COUNT(OPERATORS); i++)
        if (str_is(token->text, OPERATORS[i].symbol))
            return &OPERATORS[i];
    return NULL;
}

/* With `false` alone on the left of `and` and so on the right side can not change the result. */
bool fhirpath_operators_decides(const struct fhirpath_operator *infix, int truth)
{
    if (!infix->is_lazy)
        return false;
    const signed char(*table)[3] = infix->apply == apply_and  ? AND
                                   : infix->apply == apply_or ? OR
                                                              : IMPLIES;
    const signed char *row = table[truth + 1];
    return row[0] == row[1] && row[1] == row[2];
}
