/* arithmetic.c - the operators that compute, exactly: never in double (FHIRPath N1 6.6). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/operators.h"

/* What two values have in common for arithmetic. */
enum operands {
    OPERANDS_INTEGERS,
    OPERANDS_LONGS,
    OPERANDS_DECIMALS,
    OPERANDS_QUANTITIES,
    OPERANDS_STRINGS,
    OPERANDS_DATE,
    OPERANDS_SHIFTED_DATE, /* 1 day + @2024: was written the other way round */
    OPERANDS_NONE
};

struct operation {
    struct fhirpath_run *run;
    struct fhirpath_item left, right;
    enum operands operands;
    struct decimal a, b;
    struct quantity x, y;
    struct fhirpath_list *out;
};

static bool is_whole(const struct fhirpath_item *value)
{
    return value->kind == FHIRPATH_INTEGER || value->kind == FHIRPATH_LONG;
}

static bool is_number(const struct fhirpath_item *value)
{
    return is_whole(value) || value->kind == FHIRPATH_DECIMAL;
}

static bool is_date(const struct fhirpath_item *value)
{
    return value->kind == FHIRPATH_DATE || value->kind == FHIRPATH_DATETIME ||
           value->kind == FHIRPATH_TIME;
}

static bool is_shift(const struct fhirpath_item *date, const struct fhirpath_item *amount)
{
    return is_date(date) && amount->kind == FHIRPATH_QUANTITY;
}

static enum operands operands_of(const struct fhirpath_item *left,
                                 const struct fhirpath_item *right)
{
    if (left->kind == FHIRPATH_INTEGER && right->kind == FHIRPATH_INTEGER)
        return OPERANDS_INTEGERS;
    if (is_whole(left) && is_whole(right))
        return OPERANDS_LONGS;
    if (is_number(left) && is_number(right))
        return OPERANDS_DECIMALS;
    if (left->kind == FHIRPATH_STRING && right->kind == FHIRPATH_STRING)
        return OPERANDS_STRINGS;
    if (is_shift(left, right))
        return OPERANDS_DATE;
    bool is_quantity = left->kind == FHIRPATH_QUANTITY || right->kind == FHIRPATH_QUANTITY;
    bool are_known = (is_number(left) || left->kind == FHIRPATH_QUANTITY) &&
                     (is_number(right) || right->kind == FHIRPATH_QUANTITY);
    return is_quantity && are_known ? OPERANDS_QUANTITIES : OPERANDS_NONE;
}

static bool fail_operands(const struct operation *operation)
{
    return fhirpath_evaluate_fail(operation->run, ISSUE_FHIRPATH_TYPE,
                                  "'" STR_FMT "' and '" STR_FMT "' can not be computed with",
                                  STR_ARG(str_slice(operation->left.text, 0, 40)),
                                  STR_ARG(str_slice(operation->right.text, 0, 40)));
}

/* *has becomes false for the empty collection and for a primitive without a value. */
static bool take_value(struct fhirpath_run *run, const struct fhirpath_items *items,
                       struct fhirpath_item *value, bool *has)
{
    *has = items->count > 0;
    if (!*has)
        return true;
    if (items->count > 1)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE,
                                      "one value is expected, not %zu items", items->count);
    *has = fhirpath_values_of(value, items->items, run);
    if (*has || node_is_primitive(items->items[0].node))
        return true;
    return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE, "a " STR_FMT " is no value",
                                  STR_ARG(node_type(items->items[0].node)));
}

/* Prepares both sides; *has false when one is empty (then the result is, too). */
static bool begin(struct operation *operation, const struct fhirpath_items *left,
                  const struct fhirpath_items *right, bool *has)
{
    bool has_right;
    if (!take_value(operation->run, left, &operation->left, has) ||
        !take_value(operation->run, right, &operation->right, &has_right)) {
        *has = true;
        return false;
    }
    *has = *has && has_right;
    if (!*has)
        return true;
    operation->operands = operands_of(&operation->left, &operation->right);
    if (operation->operands == OPERANDS_NONE && is_shift(&operation->right, &operation->left)) {
        struct fhirpath_item date = operation->right;
        operation->right = operation->left;
        operation->left = date;
        operation->operands = OPERANDS_SHIFTED_DATE;
    }
    if (operation->operands <= OPERANDS_DECIMALS) {
        if (!fhirpath_values_decimal(&operation->a, &operation->left) ||
            !fhirpath_values_decimal(&operation->b, &operation->right))
            return fail_operands(operation);
    } else if (operation->operands == OPERANDS_QUANTITIES) {
        if (!fhirpath_values_quantity(&operation->x, &operation->left) ||
            !fhirpath_values_quantity(&operation->y, &operation->right))
            return fail_operands(operation);
    }
    return true;
}

/* An integer result outside of 32 bits (a Long's: 64), and any that does not fit, is empty
 * (FHIRPath N1 6.6). */
static bool add_number(const struct operation *operation, const struct decimal *value,
                       bool is_known)
{
    int64_t whole;
    if (!is_known)
        return true;
    if (operation->operands == OPERANDS_DECIMALS)
        return fhirpath_items_add_decimal(operation->run, operation->out, value);
    if (!decimal_to_int(&whole, value))
        return true;
    if (operation->operands == OPERANDS_LONGS)
        return fhirpath_items_add_long(operation->run, operation->out, whole);
    if (whole > INT32_MAX || whole < INT32_MIN)
        return true;
    return fhirpath_items_add_integer(operation->run, operation->out, whole);
}

/* Without a ratio scale: a sum has no meaning. */
static bool is_special(struct str unit, const struct ucum *units)
{
    struct ucum_scale scale;
    return ucum_parse(&scale, unit, units) && scale.special;
}

/* Sum in the finer-grained way: the right side in the left side's unit. */
static bool add_quantities(const struct operation *operation, bool is_minus)
{
    const struct ucum *units = fhirpath_evaluate_units(operation->run);
    struct quantity sum = operation->x;
    struct decimal right;
    if (!quantity_convert(&right, &operation->y, operation->x.unit, units) ||
        is_special(operation->x.unit, units))
        return true;

    if (is_minus)
        right = decimal_negate(&right);
    if (!decimal_add(&sum.value, &sum.value, &right))
        return true;
    return fhirpath_items_add_quantity(operation->run, operation->out, &sum);
}

/* The calendar unit that a date is shifted by: a calendar word, a UCUM unit of a fixed length, and
 * of a FHIR Quantity also UCUM's year and month, which R4 maps to the calendar's. */
static bool unit_of(const struct fhirpath_item *quantity, enum date_unit *out)
{
    static const struct {
        const char *code;
        enum date_unit unit;
        bool is_of_element;
    } CODES[] = {
        { "a", DATE_UNIT_YEAR, true },    { "mo", DATE_UNIT_MONTH, true },
        { "wk", DATE_UNIT_WEEK, false },  { "d", DATE_UNIT_DAY, false },
        { "h", DATE_UNIT_HOUR, false },   { "min", DATE_UNIT_MINUTE, false },
        { "s", DATE_UNIT_SECOND, false }, { "ms", DATE_UNIT_MILLISECOND, false },
    };
    for (size_t i = 0; i < COUNT(CODES); i++)
        if (str_is(quantity->unit, CODES[i].code) && (quantity->node || !CODES[i].is_of_element)) {
            *out = CODES[i].unit;
            return true;
        }
    return quantity_is_calendar(quantity->unit, out);
}

static bool shift_date(const struct operation *operation, bool is_minus)
{
    struct date date;
    struct quantity amount;
    enum date_unit unit;
    if (!fhirpath_values_date(&date, &operation->left) ||
        !fhirpath_values_quantity(&amount, &operation->right))
        return fail_operands(operation);
    if (!unit_of(&operation->right, &unit))
        return fhirpath_evaluate_fail(operation->run, ISSUE_FHIRPATH_TYPE,
                                      "a date can not be shifted by '" STR_FMT "'",
                                      STR_ARG(amount.unit));
    if (operation->left.kind == FHIRPATH_TIME && unit <= DATE_UNIT_DAY)
        return fhirpath_evaluate_fail(operation->run, ISSUE_FHIRPATH_TYPE,
                                      "a time of day can not be shifted by a %s",
                                      date_unit_name(unit));
    if (is_minus)
        amount.value = decimal_negate(&amount.value);
    if (!date_add(&date, &date, &amount.value, unit))
        return true;
    return fhirpath_items_add_date(operation->run, operation->out, &date, operation->left.kind);
}

static bool concatenate(struct fhirpath_run *run, struct str a, struct str b,
                        struct fhirpath_list *out)
{
    if (a.len + b.len > FHIRPATH_MOST_TEXT)
        return fhirpath_items_add_string(run, out, (struct str){ NULL, a.len + b.len });
    return fhirpath_evaluate_text(run, a.len + b.len) &&
           fhirpath_items_add_string(
               run, out, str_print(run->context->arena, STR_FMT STR_FMT, STR_ARG(a), STR_ARG(b)));
}

bool fhirpath_arithmetic_add(struct fhirpath_run *run, const struct fhirpath_items *left,
                             const struct fhirpath_items *right, struct fhirpath_list *out)
{
    struct operation operation = { .run = run, .out = out };
    bool has;
    if (!begin(&operation, left, right, &has) || !has)
        return !has;
    switch (operation.operands) {
    case OPERANDS_INTEGERS:
    case OPERANDS_LONGS:
    case OPERANDS_DECIMALS:
        return add_number(&operation, &operation.a,
                          decimal_add(&operation.a, &operation.a, &operation.b));
    case OPERANDS_QUANTITIES:
        return add_quantities(&operation, false);
    case OPERANDS_STRINGS:
        return concatenate(run, operation.left.text, operation.right.text, out);
    case OPERANDS_DATE:
    case OPERANDS_SHIFTED_DATE:
        return shift_date(&operation, false);
    case OPERANDS_NONE:
        break;
    }
    return fail_operands(&operation);
}

bool fhirpath_arithmetic_subtract(struct fhirpath_run *run, const struct fhirpath_items *left,
                                  const struct fhirpath_items *right, struct fhirpath_list *out)
{
    struct operation operation = { .run = run, .out = out };
    bool has;
    if (!begin(&operation, left, right, &has) || !has)
        return !has;
    if (operation.operands == OPERANDS_QUANTITIES)
        return add_quantities(&operation, true);
    if (operation.operands == OPERANDS_DATE)
        return shift_date(&operation, true);
    if (operation.operands > OPERANDS_DECIMALS)
        return fail_operands(&operation);
    return add_number(&operation, &operation.a,
                      decimal_subtract(&operation.a, &operation.a, &operation.b));
}

/* Times or by a plain number a FHIR Quantity stays one: its 'a' and 'mo' still shift dates by the
 * calendar. */
static bool add_scaled(const struct operation *operation, const struct quantity *scaled)
{
    const struct fhirpath_item *left = &operation->left, *right = &operation->right;
    if (!fhirpath_items_add_quantity(operation->run, operation->out, scaled))
        return false;
    struct fhirpath_item *added = &operation->out->items.items[operation->out->items.count - 1];
    if (str_equal(added->unit, left->unit))
        added->node = left->node;
    else if (str_equal(added->unit, right->unit))
        added->node = right->node;
    return true;
}

bool fhirpath_arithmetic_multiply(struct fhirpath_run *run, const struct fhirpath_items *left,
                                  const struct fhirpath_items *right, struct fhirpath_list *out)
{
    struct operation operation = { .run = run, .out = out };
    const struct ucum *units = fhirpath_evaluate_units(run);
    bool has;
    if (!begin(&operation, left, right, &has) || !has)
        return !has;
    if (operation.operands == OPERANDS_QUANTITIES)
        return !quantity_multiply(&operation.x, &operation.x, &operation.y, units,
                                  run->context->arena) ||
               add_scaled(&operation, &operation.x);
    if (operation.operands > OPERANDS_DECIMALS)
        return fail_operands(&operation);
    return add_number(&operation, &operation.a,
                      decimal_multiply(&operation.a, &operation.a, &operation.b));
}

bool fhirpath_arithmetic_divide(struct fhirpath_run *run, const struct fhirpath_items *left,
                                const struct fhirpath_items *right, struct fhirpath_list *out)
{
    struct operation operation = { .run = run, .out = out };
    bool has;
    if (!begin(&operation, left, right, &has) || !has)
        return !has;
    if (operation.operands == OPERANDS_QUANTITIES)
        return !quantity_divide(&operation.x, &operation.x, &operation.y,
                                fhirpath_evaluate_units(run), run->context->arena) ||
               add_scaled(&operation, &operation.x);
    if (operation.operands > OPERANDS_DECIMALS)
        return fail_operands(&operation);
    operation.operands = OPERANDS_DECIMALS;
    return add_number(&operation, &operation.a,
                      decimal_divide(&operation.a, &operation.a, &operation.b));
}

/* The same of quantities: how often one goes into the other is a number, what remains has its unit.
 */
static bool divide_quantities(struct operation *operation, bool is_remainder)
{
    struct quantity result = { .unit = is_remainder ? operation->x.unit : STR("1") };
    struct decimal right, *value = &result.value;
    return !quantity_convert(&right, &operation->y, operation->x.unit,
                             fhirpath_evaluate_units(operation->run)) ||
           !decimal_divide_whole(is_remainder ? NULL : value, is_remainder ? value : NULL,
                                 &operation->x.value, &right) ||
           fhirpath_items_add_quantity(operation->run, operation->out, &result);
}

/* div and mod: the whole quotient, or what remains. */
static bool divide_whole(struct fhirpath_run *run, const struct fhirpath_items *const sides[2],
                         bool is_remainder, struct fhirpath_list *out)
{
    struct operation operation = { .run = run, .out = out };
    bool has;
    if (!begin(&operation, sides[0], sides[1], &has) || !has)
        return !has;
    if (operation.operands == OPERANDS_QUANTITIES)
        return divide_quantities(&operation, is_remainder);
    if (operation.operands > OPERANDS_DECIMALS)
        return fail_operands(&operation);
    if (!is_remainder && operation.operands == OPERANDS_DECIMALS)
        operation.operands = OPERANDS_INTEGERS;
    struct decimal *result = &operation.a;
    bool is_known = decimal_divide_whole(is_remainder ? NULL : result, is_remainder ? result : NULL,
                                         &operation.a, &operation.b);
    return add_number(&operation, result, is_known);
}

bool fhirpath_arithmetic_div(struct fhirpath_run *run, const struct fhirpath_items *left,
                             const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return divide_whole(run, (const struct fhirpath_items *const[]){ left, right }, false, out);
}

bool fhirpath_arithmetic_mod(struct fhirpath_run *run, const struct fhirpath_items *left,
                             const struct fhirpath_items *right, struct fhirpath_list *out)
{
    return divide_whole(run, (const struct fhirpath_items *const[]){ left, right }, true, out);
}

/* & takes an empty side as the empty string. */
bool fhirpath_arithmetic_concatenate(struct fhirpath_run *run, const struct fhirpath_items *left,
                                     const struct fhirpath_items *right, struct fhirpath_list *out)
{
    const struct fhirpath_items *const sides[] = { left, right };
    struct str texts[2] = { { NULL, 0 }, { NULL, 0 } };
    for (size_t side = 0; side < 2; side++) {
        struct fhirpath_item value;
        bool has;
        if (!take_value(run, sides[side], &value, &has))
            return false;
        if (has)
            texts[side] = fhirpath_values_text(&value, run->context->arena);
    }
    return concatenate(run, texts[0], texts[1], out);
}

bool fhirpath_arithmetic_sign(struct fhirpath_run *run, const struct fhirpath_items *operand,
                              bool is_negative, struct fhirpath_list *out)
{
    struct fhirpath_item value;
    struct quantity number;
    bool has;
    if (!take_value(run, operand, &value, &has))
        return false;
    if (!has)
        return true;
    if (!fhirpath_values_quantity(&number, &value))
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE,
                                      "a sign stands before a number, not before '" STR_FMT "'",
                                      STR_ARG(str_slice(value.text, 0, 40)));
    if (is_negative)
        number.value = decimal_negate(&number.value);
    value.text = decimal_print(&number.value, run->context->arena);
    return fhirpath_items_add(run, out, &value);
}
