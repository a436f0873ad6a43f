/* compare.c - when two items are equal, equivalent or one before the other (the essay is in
 * README.md). */
#include <utf8proc.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/evaluate.h"

enum { MOST_DEPTH = 250, HASH_START = 1469598103 };

/* Kinds that can be compared with one another. */
enum family {
    FAMILY_BOOLEAN,
    FAMILY_NUMBER,
    FAMILY_STRING,
    FAMILY_DATE,
    FAMILY_TIME,
    FAMILY_QUANTITY,
    FAMILY_TYPE,
    FAMILY_NONE
};

static enum family family_of(const struct fhirpath_item *value)
{
    static const enum family FAMILIES[] = {
        [FHIRPATH_NODE] = FAMILY_NONE,      [FHIRPATH_BOOLEAN] = FAMILY_BOOLEAN,
        [FHIRPATH_INTEGER] = FAMILY_NUMBER, [FHIRPATH_LONG] = FAMILY_NUMBER,
        [FHIRPATH_DECIMAL] = FAMILY_NUMBER, [FHIRPATH_STRING] = FAMILY_STRING,
        [FHIRPATH_DATE] = FAMILY_DATE,      [FHIRPATH_DATETIME] = FAMILY_DATE,
        [FHIRPATH_TIME] = FAMILY_TIME,      [FHIRPATH_QUANTITY] = FAMILY_QUANTITY,
        [FHIRPATH_TYPE] = FAMILY_TYPE,
    };
    return FAMILIES[value->kind];
}

/* The family in which both are compared: that of both, or quantities when one is a number. */
static enum family common_family(const struct fhirpath_item *a, const struct fhirpath_item *b)
{
    enum family x = family_of(a), y = family_of(b);
    if (x == y)
        return x;
    bool is_quantity = (x == FAMILY_QUANTITY && y == FAMILY_NUMBER) ||
                       (x == FAMILY_NUMBER && y == FAMILY_QUANTITY);
    return is_quantity ? FAMILY_QUANTITY : FAMILY_NONE;
}

/* R4 reads the 'a' and 'mo' of a FHIR Quantity as calendar units where it meets one. */
static void meet_calendar(struct quantity *quantity, const struct fhirpath_item *value,
                          const struct quantity *other)
{
    enum date_unit word;
    if (value->node && quantity_is_calendar(other->unit, &word))
        quantity->unit = quantity_as_calendar(quantity->unit);
}

static int order_quantities(const struct fhirpath_run *run, const struct fhirpath_item *a,
                            const struct fhirpath_item *b)
{
    struct quantity x, y;
    if (!fhirpath_values_quantity(&x, a) || !fhirpath_values_quantity(&y, b))
        return 3;
    meet_calendar(&x, a, &y);
    meet_calendar(&y, b, &x);
    return quantity_compare(&x, &y, fhirpath_evaluate_units(run));
}

/* -1, 0, 1; 2 not to be known; 3 not of one family or not well formed. */
static int order_values(const struct fhirpath_run *run, const struct fhirpath_item *a,
                        const struct fhirpath_item *b)
{
    enum family family = common_family(a, b);
    if (family == FAMILY_STRING) {
        int order = str_compare(a->text, b->text);
        return (order > 0) - (order < 0);
    }
    if (family == FAMILY_NUMBER) {
        struct decimal x, y;
        bool is_known = fhirpath_values_decimal(&x, a) && fhirpath_values_decimal(&y, b);
        return is_known ? decimal_compare(&x, &y) : 3;
    }
    if (family == FAMILY_DATE || family == FAMILY_TIME) {
        struct date x, y;
        bool is_known = fhirpath_values_date(&x, a) && fhirpath_values_date(&y, b);
        return is_known ? (int)date_compare(&x, &y) : 3;
    }
    if (family == FAMILY_QUANTITY)
        return order_quantities(run, a, b);
    return 3;
}

int fhirpath_compare_order(struct fhirpath_run *run, const struct fhirpath_item *a,
                           const struct fhirpath_item *b)
{
    int order = fhirpath_evaluate_text(run, a->text.len) ? order_values(run, a, b) : -2;
    if (order != 3)
        return order;
    fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE,
                           "'" STR_FMT "' and '" STR_FMT "' have no order",
                           STR_ARG(str_slice(a->text, 0, 40)), STR_ARG(str_slice(b->text, 0, 40)));
    return -2;
}

/* 1, 0, or -1 not to be known. */
static int equal_values(const struct fhirpath_run *run, const struct fhirpath_item *a,
                        const struct fhirpath_item *b)
{
    enum family family = common_family(a, b);
    if (family == FAMILY_NONE)
        return 0;
    if (family == FAMILY_TYPE)
        return str_equal(a->text, b->text) && str_equal(a->unit, b->unit);
    if (family == FAMILY_BOOLEAN || family == FAMILY_STRING)
        return str_equal(a->text, b->text);
    int order = order_values(run, a, b);
    if (order == 3)
        return str_equal(a->text, b->text) && str_equal(a->unit, b->unit);
    return order == 2 ? -1 : order == 0;
}

/* The text as it is compared by equivalence: next folded code point, runs of white space as one
 * space; -1 at the end. */
static utf8proc_int32_t next_folded(struct str text, size_t *at)
{
    bool is_space = false;
    while (*at < text.len) {
        utf8proc_int32_t code;
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + *at,
                                                   (utf8proc_ssize_t)(text.len - *at), &code);
        if (length <= 0) {
            length = 1;
            code = (unsigned char)text.data[*at];
        }
        utf8proc_category_t category = utf8proc_category(code);
        bool is_blank =
            code == '\t' || code == '\n' || code == '\r' || category == UTF8PROC_CATEGORY_ZS;
        if (is_space && !is_blank)
            return ' ';
        *at += (size_t)length;
        is_space = is_blank;
        if (!is_blank)
            return utf8proc_tolower(code);
    }
    return is_space ? ' ' : -1;
}

static bool equivalent_texts(struct str a, struct str b)
{
    size_t x = 0, y = 0;
    for (;;) {
        utf8proc_int32_t left = next_folded(a, &x), right = next_folded(b, &y);
        if (left != right)
            return false;
        if (left < 0)
            return true;
    }
}

/* Equal after rounding to the digits of the one with fewer (trailing zeros do not count). */
static bool equivalent_decimals(struct decimal a, struct decimal b)
{
    decimal_normalize(&a);
    decimal_normalize(&b);
    int places = a.scale < b.scale ? a.scale : b.scale;
    return decimal_round(&a, &a, places, DECIMAL_HALF_UP) &&
           decimal_round(&b, &b, places, DECIMAL_HALF_UP) && decimal_compare(&a, &b) == 0;
}

/* Brings y into the unit of x. Where a calendar word meets a UCUM unit, both are the calendar's. */
static bool meet_loosely(const struct fhirpath_run *run, struct quantity *x, struct quantity *y)
{
    enum date_unit word;
    if (quantity_is_calendar(x->unit, &word))
        y->unit = quantity_as_calendar(y->unit);
    else if (quantity_is_calendar(y->unit, &word))
        x->unit = quantity_as_calendar(x->unit);
    if (!quantity_convert(&y->value, y, x->unit, fhirpath_evaluate_units(run)))
        return false;
    y->unit = x->unit;
    return true;
}

static bool equivalent_values(const struct fhirpath_run *run, const struct fhirpath_item *a,
                              const struct fhirpath_item *b)
{
    enum family family = common_family(a, b);
    if (family == FAMILY_STRING)
        return equivalent_texts(a->text, b->text);
    if (family == FAMILY_NUMBER || family == FAMILY_QUANTITY) {
        struct quantity x, y;
        if (!fhirpath_values_quantity(&x, a) || !fhirpath_values_quantity(&y, b) ||
            !meet_loosely(run, &x, &y))
            return false;
        return equivalent_decimals(x.value, y.value);
    }
    if (family == FAMILY_DATE || family == FAMILY_TIME) {
        struct date x, y;
        return fhirpath_values_date(&x, a) && fhirpath_values_date(&y, b) &&
               date_equivalent(&x, &y);
    }
    return equal_values(run, a, b) == 1;
}

/* An element being matched against the children of another. */
struct pairing {
    struct fhirpath_run *run;
    bool is_equivalence;
    int depth;
};

static int compare_items(const struct pairing *pairing, const struct fhirpath_item *a,
                         const struct fhirpath_item *b);

/* Every child of one side finds its own on the other: of the same name, for equality the first that
 * is left. */
static int pair_children(const struct pairing *pairing, const struct fhirpath_items *a,
                         const struct fhirpath_items *b)
{
    if (a->count != b->count)
        return 0;
    bool *is_taken = arena_alloc(pairing->run->context->arena, b->count);
    for (size_t i = 0; i < a->count; i++) {
        int equal = 0;
        for (size_t j = 0; j < b->count && equal == 0; j++) {
            bool is_namesake = str_equal(str_of(a->items[i].node->place.name),
                                         str_of(b->items[j].node->place.name));
            if (is_taken[j] || !is_namesake)
                continue;
            equal = compare_items(pairing, &a->items[i], &b->items[j]);
            is_taken[j] = equal != 0;
            if (!pairing->is_equivalence)
                break;
        }
        if (equal != 1)
            return equal;
    }
    return 1;
}

/* Scratch memory is given back, unless something went wrong: an issue may lie in it. */
static int compare_children(const struct pairing *pairing, const struct fhirpath_item *a,
                            const struct fhirpath_item *b)
{
    struct fhirpath_run *run = pairing->run;
    if (pairing->depth == MOST_DEPTH) {
        fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_LIMIT, "elements are nested more than %d deep",
                               MOST_DEPTH);
        return -2;
    }
    struct pairing below = { run, pairing->is_equivalence, pairing->depth + 1 };
    struct fhirpath_list left = { .room = 0 }, right = { .room = 0 };
    run->spare = NULL;
    struct arena_mark mark = arena_mark(run->context->arena);
    int equal = -2;
    if (fhirpath_items_add_children(run, &left, a, NULL) &&
        fhirpath_items_add_children(run, &right, b, NULL))
        equal = pair_children(&below, &left.items, &right.items);
    run->spare = NULL;
    if (equal != -2)
        arena_reset(run->context->arena, mark);
    return equal;
}

static bool same_node(const struct fhirpath_item *a, const struct fhirpath_item *b)
{
    return a->kind == FHIRPATH_NODE && b->kind == FHIRPATH_NODE && a->node->value &&
           a->node->value == b->node->value;
}

static int compare_items(const struct pairing *pairing, const struct fhirpath_item *a,
                         const struct fhirpath_item *b)
{
    struct fhirpath_run *run = pairing->run;
    if (!fhirpath_evaluate_step(run, 1))
        return -2;
    if (same_node(a, b))
        return 1;
    struct fhirpath_item x, y;
    bool has_x = fhirpath_values_of(&x, a, run), has_y = fhirpath_values_of(&y, b, run);
    if (has_x && has_y) {
        if (!fhirpath_evaluate_text(run, x.text.len))
            return -2;
        return pairing->is_equivalence ? equivalent_values(run, &x, &y) : equal_values(run, &x, &y);
    }
    if (has_x || has_y || a->kind != FHIRPATH_NODE || b->kind != FHIRPATH_NODE)
        return 0;
    if (!str_equal(node_type(a->node), node_type(b->node)))
        return 0;
    return compare_children(pairing, a, b);
}

int fhirpath_compare_equal(struct fhirpath_run *run, const struct fhirpath_item *a,
                           const struct fhirpath_item *b)
{
    return compare_items(&(struct pairing){ run, false, 0 }, a, b);
}

int fhirpath_compare_equivalent(struct fhirpath_run *run, const struct fhirpath_item *a,
                                const struct fhirpath_item *b)
{
    return compare_items(&(struct pairing){ run, true, 0 }, a, b);
}

static uint64_t hash_text(uint64_t hash, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t hash_value(struct fhirpath_run *run, const struct fhirpath_item *value)
{
    struct decimal number;
    enum family family = family_of(value);
    if (family == FAMILY_QUANTITY)
        family = FAMILY_NUMBER;
    if (value->kind == FHIRPATH_QUANTITY)
        return HASH_START + family;
    if (family == FAMILY_STRING || family == FAMILY_BOOLEAN)
        return hash_text(HASH_START + family, value->text);
    if (family != FAMILY_NUMBER || !fhirpath_values_decimal(&number, value))
        return HASH_START + family;
    decimal_normalize(&number);
    return hash_text(HASH_START + family, decimal_print(&number, run->context->arena));
}

/* Of an element: the sum over its string children, which is the same in any order. */
static uint64_t hash_children(struct fhirpath_run *run, const struct fhirpath_item *item)
{
    struct fhirpath_item value;
    uint64_t sum = HASH_START;
    struct node_walk walk;
    struct node child;
    node_walk_init(&walk, item->node, NULL, run->context->definitions);
    while (node_walk_next(&walk, &child)) {
        struct fhirpath_item at = { .kind = FHIRPATH_NODE, .node = &child };
        if (node_is_primitive(&child) && fhirpath_values_of(&value, &at, run))
            sum += hash_text(hash_value(run, &value), str_of(child.place.name));
    }
    return sum;
}

uint64_t fhirpath_compare_hash(struct fhirpath_run *run, const struct fhirpath_item *item)
{
    struct fhirpath_item value;
    if (fhirpath_values_of(&value, item, run))
        return hash_value(run, &value);
    return item->node->value ? hash_children(run, item) : HASH_START;
}
