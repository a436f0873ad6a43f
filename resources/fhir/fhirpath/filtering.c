/* filtering.c - choosing and projecting items: by criterion, by type, by place, by order (FHIRPath
 * N1 5.2, 5.3, 7). */
#include "resources/fhir/fhirpath/functions.h"

#include <string.h>

#include "resources/base/arena.h"

static bool apply_where(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        bool verdict;
        if (!fhirpath_functions_test(call, 0, &call->input.items[i], i, &verdict))
            return false;
        if (verdict && !fhirpath_items_add(call->run, out, &call->input.items[i]))
            return false;
    }
    return true;
}

static bool apply_select(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_list found;
        if (!fhirpath_functions_apply(call, 0, &call->input.items[i], i, &found) ||
            !fhirpath_items_add_all(call->run, out, &found.items))
            return false;
    }
    return true;
}

/* The projection of the input, of what that gave, and so on; each item once, so it ends. */
static bool apply_repeat(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_set set;
    fhirpath_set_init(&set);
    size_t inputs = call->input.count;
    for (size_t at = 0; at < inputs + set.list.items.count; at++) {
        const struct fhirpath_item *item =
            at < inputs ? &call->input.items[at] : &set.list.items.items[at - inputs];
        struct fhirpath_list found;
        if (!fhirpath_functions_apply(call, 0, item, at, &found))
            return false;
        for (size_t i = 0; i < found.items.count; i++) {
            bool is_new;
            if (!fhirpath_set_add(call->run, &set, &found.items.items[i], &is_new))
                return false;
        }
    }
    *out = set.list;
    return true;
}

static bool apply_of_type(struct fhirpath_call *call, struct fhirpath_list *out)
{
    for (size_t i = 0; i < call->input.count; i++) {
        int fits = fhirpath_types_fits(call->run, &call->input.items[i], &call->expression->type);
        if (fits < 0 || (fits && !fhirpath_items_add(call->run, out, &call->input.items[i])))
            return false;
    }
    return true;
}

static bool apply_is(struct fhirpath_call *call, struct fhirpath_list *out)
{
    int is = fhirpath_types_is(call->run, &call->item, &call->expression->type);
    return is >= 0 && fhirpath_items_add_boolean(call->run, out, is);
}

/* Items [begin, end), both clamped. */
static bool add_slice(struct fhirpath_call *call, int64_t begin, int64_t end,
                      struct fhirpath_list *out)
{
    int64_t count = (int64_t)call->input.count;
    begin = begin < 0 ? 0 : begin;
    end = end > count ? count : end;
    if (begin >= end)
        return true;
    struct fhirpath_items slice = { call->input.items + begin, (size_t)(end - begin) };
    return fhirpath_items_add_all(call->run, out, &slice);
}

static bool apply_single(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add(call->run, out, &call->item);
}

static bool apply_first(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_slice(call, 0, 1, out);
}

static bool apply_last(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_slice(call, (int64_t)call->input.count - 1, INT64_MAX, out);
}

static bool apply_tail(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_slice(call, 1, INT64_MAX, out);
}

static bool apply_skip(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_slice(call, call->numbers[0], INT64_MAX, out);
}

static bool apply_take(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_slice(call, 0, call->numbers[0], out);
}

/* $total begins as the second argument (or empty) and becomes what the first gives, item after
 * item. */
static bool apply_aggregate(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_list total = { .items = call->arguments[1] };
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_item self = call->input.items[i];
        struct fhirpath_items before = total.items;
        struct fhirpath_scope scope = { .focus = { &self, 1 },
                                        .index = (int64_t)i,
                                        .total = &before,
                                        .defined = call->scope->defined };
        if (!fhirpath_evaluate_expression(call->run, call->expression->arguments[0], &scope,
                                          &total))
            return false;
    }
    return fhirpath_items_add_all(call->run, out, &total.items);
}

/* One sort key: an expression, with a minus before it to turn the order around. */
struct sort_key {
    const struct fhirpath_expression *expression;
    bool is_descending;
};

static struct sort_key sort_key_of(const struct fhirpath_call *call, size_t argument)
{
    const struct fhirpath_expression *written = call->expression->arguments[argument];
    bool is_descending = written->form == FORM_SIGN && str_is(written->name, "-");
    return (struct sort_key){ is_descending ? written->arguments[0] : written, is_descending };
}

static bool take_sort_value(struct fhirpath_call *call,
                            const struct fhirpath_expression *expression,
                            const struct fhirpath_item *item, struct fhirpath_item *value,
                            bool *has)
{
    struct fhirpath_item self = *item;
    struct fhirpath_scope scope = { .focus = { &self, 1 },
                                    .index = -1,
                                    .total = call->scope->total,
                                    .defined = call->scope->defined };
    struct fhirpath_list list = { .items = { &self, 1 } };
    if (expression && !fhirpath_evaluate_expression(call->run, expression, &scope, &list))
        return false;
    if (list.items.count > 1)
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE, "a sort key is one value");
    *has = list.items.count == 1 && fhirpath_values_of(value, list.items.items, call->run);
    return true;
}

/* *order: <0 when a goes first. Nothing goes behind something. */
static bool compare_for_sort(struct fhirpath_call *call, const struct fhirpath_item *a,
                             const struct fhirpath_item *b, int *order)
{
    *order = 0;
    size_t keys = call->count ? call->count : 1;
    for (size_t k = 0; k < keys && *order == 0; k++) {
        struct sort_key key = call->count ? sort_key_of(call, k) : (struct sort_key){ NULL, false };
        struct fhirpath_item x, y;
        bool has_x, has_y;
        if (!take_sort_value(call, key.expression, a, &x, &has_x) ||
            !take_sort_value(call, key.expression, b, &y, &has_y))
            return false;
        if (has_x && has_y)
            *order = fhirpath_compare_order(call->run, &x, &y);
        else
            *order = (int)has_y - (int)has_x;
        if (*order == -2)
            return false;
        *order = *order == 2 ? 0 : key.is_descending ? -*order : *order;
    }
    return true;
}

/* Merges the sorted runs [begin, middle) and [middle, end) of `from` into `to`. */
static bool merge(struct fhirpath_call *call, const struct fhirpath_item *from,
                  struct fhirpath_item *to, const size_t bounds[3])
{
    size_t left = bounds[0], right = bounds[1];
    for (size_t at = bounds[0]; at < bounds[2]; at++) {
        int order = left == bounds[1] ? 1 : -1;
        if (left < bounds[1] && right < bounds[2] &&
            !compare_for_sort(call, &from[left], &from[right], &order))
            return false;
        to[at] = order <= 0 ? from[left++] : from[right++];
    }
    return true;
}

static bool apply_sort(struct fhirpath_call *call, struct fhirpath_list *out)
{
    size_t count = call->input.count;
    struct fhirpath_item *from = arena_array(call->run->context->arena, count, sizeof *from);
    struct fhirpath_item *to = arena_array(call->run->context->arena, count, sizeof *to);
    if (count)
        memcpy(from, call->input.items, count * sizeof *from);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t middle = begin + width < count ? begin + width : count;
            size_t end = begin + 2 * width < count ? begin + 2 * width : count;
            if (!merge(call, from, to, (const size_t[]){ begin, middle, end }))
                return false;
        }
        struct fhirpath_item *swap = from;
        from = to;
        to = swap;
    }
    return fhirpath_items_add_all(call->run, out, &(struct fhirpath_items){ from, count });
}

const struct fhirpath_function fhirpath_filtering_functions[] = {
    { "where", 1, 1, INPUT_COLLECTION, { ARGUMENT_LAZY }, apply_where, false },
    { "select", 1, 1, INPUT_COLLECTION, { ARGUMENT_LAZY }, apply_select, false },
    { "repeat", 1, 1, INPUT_COLLECTION, { ARGUMENT_LAZY }, apply_repeat, false },
    { "ofType", 1, 1, INPUT_COLLECTION, { ARGUMENT_TYPE }, apply_of_type, false },
    { "as", 1, 1, INPUT_COLLECTION, { ARGUMENT_TYPE }, apply_of_type, false },
    { "is", 1, 1, INPUT_ONE, { ARGUMENT_TYPE }, apply_is, false },
    { "single", 0, 0, INPUT_ONE, { 0 }, apply_single, false },
    { "first", 0, 0, INPUT_COLLECTION, { 0 }, apply_first, false },
    { "last", 0, 0, INPUT_COLLECTION, { 0 }, apply_last, false },
    { "tail", 0, 0, INPUT_COLLECTION, { 0 }, apply_tail, false },
    { "skip", 1, 1, INPUT_COLLECTION, { ARGUMENT_INTEGER }, apply_skip, false },
    { "take", 1, 1, INPUT_COLLECTION, { ARGUMENT_INTEGER }, apply_take, false },
    { "aggregate",
      1,
      2,
      INPUT_COLLECTION,
      { ARGUMENT_LAZY, ARGUMENT_VALUE },
      apply_aggregate,
      false },
    { "sort",
      0,
      3,
      INPUT_COLLECTION,
      { ARGUMENT_LAZY, ARGUMENT_LAZY, ARGUMENT_LAZY },
      apply_sort,
      false },
    { .name = NULL },
};
