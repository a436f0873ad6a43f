/* math.c - abs() to truncate() (FHIRPath N1 5.7): exact where the result is, else through double to
 * 15 digits. */
#include <math.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"

enum { MOST_EXACT_POWER = 1000 };

static bool take_number(struct fhirpath_call *call, struct decimal *number)
{
    return fhirpath_values_decimal(number, &call->item) ||
           fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE, STR_FMT "() works on a number",
                                  STR_ARG(call->expression->name));
}

/* The one argument as a number; *has false (and it is left alone) when it is empty. */
static bool take_argument(struct fhirpath_call *call, struct decimal *number, bool *has)
{
    struct fhirpath_item value;
    const struct fhirpath_items *given = &call->arguments[0];
    bool is_one = given->count == 1;
    *has = given->count > 1 || (is_one && fhirpath_values_of(&value, given->items, call->run));
    if (!*has && (!is_one || node_is_primitive(given->items[0].node)))
        return true;
    if (*has && is_one && fhirpath_values_decimal(number, &value))
        return true;
    return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                  "the argument of " STR_FMT "() is one number",
                                  STR_ARG(call->expression->name));
}

static bool add_like_input(struct fhirpath_call *call, const struct decimal *value,
                           struct fhirpath_list *out)
{
    struct fhirpath_item item = call->item;
    item.text = decimal_print(value, call->run->context->arena);
    return fhirpath_items_add(call->run, out, &item);
}

static bool apply_abs(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct quantity value;
    if (!fhirpath_values_quantity(&value, &call->item))
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE, "abs() works on a number");
    value.value.is_negative = false;
    return add_like_input(call, &value.value, out);
}

/* A quantity keeps its unit. */
static bool add_rounded_quantity(struct fhirpath_call *call, int places, enum decimal_rounding how,
                                 struct fhirpath_list *out)
{
    struct quantity value;
    return !fhirpath_values_quantity(&value, &call->item) ||
           !decimal_round(&value.value, &value.value, places, how) ||
           add_like_input(call, &value.value, out);
}

static bool add_rounded(struct fhirpath_call *call, enum decimal_rounding how,
                        struct fhirpath_list *out)
{
    struct decimal number;
    int64_t whole;
    if (call->item.kind == FHIRPATH_QUANTITY)
        return add_rounded_quantity(call, 0, how, out);
    if (!take_number(call, &number))
        return false;
    if (!decimal_round(&number, &number, 0, how) || !decimal_to_int(&whole, &number))
        return true;
    return fhirpath_items_add_integer(call->run, out, whole);
}

static bool apply_ceiling(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_rounded(call, DECIMAL_CEILING, out);
}

static bool apply_floor(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_rounded(call, DECIMAL_FLOOR, out);
}

static bool apply_truncate(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_rounded(call, DECIMAL_TRUNCATE, out);
}

static bool apply_round(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number = decimal_of_int(0);
    int64_t places = 0;
    bool has;
    if (call->count && !take_argument(call, &number, &has))
        return false;
    if (!decimal_to_int(&places, &number) || places < 0)
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                      "round() takes a number of digits");
    if (places > DECIMAL_MOST_DIGITS)
        places = DECIMAL_MOST_DIGITS;
    if (call->item.kind == FHIRPATH_QUANTITY)
        return add_rounded_quantity(call, (int)places, DECIMAL_HALF_UP, out);
    if (!take_number(call, &number))
        return false;
    return !decimal_round(&number, &number, (int)places, DECIMAL_HALF_UP) ||
           fhirpath_items_add_decimal(call->run, out, &number);
}

/* What is not finite is empty. */
static bool add_double(struct fhirpath_call *call, double value, struct fhirpath_list *out)
{
    struct decimal number;
    return !decimal_of_double(&number, value) ||
           fhirpath_items_add_decimal(call->run, out, &number);
}

static bool apply_exp(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number;
    return take_number(call, &number) && add_double(call, exp(decimal_to_double(&number)), out);
}

static bool apply_ln(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number;
    return take_number(call, &number) && add_double(call, log(decimal_to_double(&number)), out);
}

static bool apply_log(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number, base;
    bool has;
    if (!take_number(call, &number) || !take_argument(call, &base, &has))
        return false;
    return !has ||
           add_double(call, log(decimal_to_double(&number)) / log(decimal_to_double(&base)), out);
}

static bool apply_sqrt(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number;
    return take_number(call, &number) && add_double(call, sqrt(decimal_to_double(&number)), out);
}

/* By repeated multiplication; false when it does not fit. */
static bool power_of(struct decimal *out, const struct decimal *base, int64_t exponent)
{
    struct decimal product = decimal_of_int(1);
    for (int64_t i = 0; i < exponent; i++)
        if (!decimal_multiply(&product, &product, base))
            return false;
    *out = product;
    return true;
}

static bool apply_power(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal base, exponent, result;
    bool has;
    int64_t whole;
    if (!take_number(call, &base) || !take_argument(call, &exponent, &has))
        return false;
    if (!has)
        return true;
    bool is_exact = decimal_to_int(&whole, &exponent) && whole >= 0 && whole <= MOST_EXACT_POWER;
    if (!is_exact)
        return add_double(call, pow(decimal_to_double(&base), decimal_to_double(&exponent)), out);
    if (!fhirpath_evaluate_step(call->run, (size_t)whole) || !power_of(&result, &base, whole))
        return call->run->steps <= call->run->most_steps;
    bool is_integer = call->item.kind == FHIRPATH_INTEGER && exponent.scale == 0;
    if (!is_integer)
        return fhirpath_items_add_decimal(call->run, out, &result);
    return !decimal_to_int(&whole, &result) || whole > INT32_MAX || whole < INT32_MIN ||
           fhirpath_items_add_integer(call->run, out, whole);
}

const struct fhirpath_function fhirpath_math_functions[] = {
    { "abs", 0, 0, INPUT_VALUE, { 0 }, apply_abs, false },
    { "ceiling", 0, 0, INPUT_VALUE, { 0 }, apply_ceiling, false },
    { "exp", 0, 0, INPUT_VALUE, { 0 }, apply_exp, false },
    { "floor", 0, 0, INPUT_VALUE, { 0 }, apply_floor, false },
    { "ln", 0, 0, INPUT_VALUE, { 0 }, apply_ln, false },
    { "log", 1, 1, INPUT_VALUE, { ARGUMENT_VALUE }, apply_log, false },
    { "power", 1, 1, INPUT_VALUE, { ARGUMENT_VALUE }, apply_power, false },
    { "round", 0, 1, INPUT_VALUE, { ARGUMENT_VALUE }, apply_round, false },
    { "sqrt", 0, 0, INPUT_VALUE, { 0 }, apply_sqrt, false },
    { "truncate", 0, 0, INPUT_VALUE, { 0 }, apply_truncate, false },
    { .name = NULL },
};
