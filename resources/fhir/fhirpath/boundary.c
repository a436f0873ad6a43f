/* boundary.c - the least and the greatest value a literal may stand for, and its precision
 * (FHIRPath N1 additions). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"

/* Default and greatest precision of lowBoundary() and highBoundary(): digits behind the point of a
 * decimal, digits of a date (year 4, month 6, day 8), a dateTime (to the millisecond 17) or a time
 * (9). */
enum {
    DECIMAL_PLACES = 8,
    MOST_DECIMAL_PLACES = 31,
    DATE_DIGITS = 8,
    DATETIME_DIGITS = 17,
    TIME_DIGITS = 9,
    DIGITS_BEFORE_TIME = 8
};

static const struct {
    enum date_precision precision;
    int digits;
} DIGITS[] = { { DATE_YEAR, 4 },    { DATE_MONTH, 6 },   { DATE_DAY, 8 },      { DATE_HOUR, 10 },
               { DATE_MINUTE, 12 }, { DATE_SECOND, 14 }, { DATE_FRACTION, 17 } };

static bool bound_decimal(struct decimal *value, int64_t places, bool is_high)
{
    struct decimal half = { .count = 1, .scale = value->scale + 1, .digits = { 5 } };
    if (places < 0 || places > MOST_DECIMAL_PLACES || half.scale > DECIMAL_MOST_DIGITS)
        return false;
    return (is_high ? decimal_add : decimal_subtract)(value, value, &half) &&
           decimal_round(value, value, (int)places, is_high ? DECIMAL_CEILING : DECIMAL_FLOOR) &&
           decimal_widen(value, value, (int)places);
}

static int last_day(struct date date)
{
    int64_t low, high;
    date.precision = DATE_MONTH;
    date_range(&date, &low, &high);
    return (int)((high - low) / (INT64_C(86400) * 1000000));
}

/* The parts that the literal leaves open become the greatest. */
static void raise_open_parts(struct date *date)
{
    if (date->precision < DATE_MONTH)
        date->month = 12;
    if (date->precision < DATE_DAY)
        date->day = date->is_time ? 1 : last_day(*date);
    if (date->precision < DATE_HOUR)
        date->hour = 23;
    if (date->precision < DATE_MINUTE)
        date->minute = 59;
    if (date->precision < DATE_SECOND)
        date->second = 59;
    if (date->precision < DATE_FRACTION)
        date->nanosecond = 999000000;
}

static bool bound_date(struct date *date, int64_t digits, bool is_high)
{
    size_t row = 0;
    while (row < COUNT(DIGITS) &&
           DIGITS[row].digits != digits + (date->is_time ? DIGITS_BEFORE_TIME : 0))
        row++;
    if (row == COUNT(DIGITS) || (date->is_time && DIGITS[row].precision < DATE_HOUR))
        return false;
    if (is_high)
        raise_open_parts(date);
    date->precision = DIGITS[row].precision;
    date->fraction_digits = date->precision == DATE_FRACTION ? 3 : 0;
    bool has_time = !date->is_time && date->precision >= DATE_HOUR;
    if (has_time && !date->has_zone)
        date->zone = is_high ? -12 * 60 : 14 * 60;
    date->has_zone = has_time;
    return true;
}

static bool add_date_boundary(struct fhirpath_call *call, struct date *date, bool is_high,
                              struct fhirpath_list *out)
{
    enum fhirpath_kind kind = call->item.kind;
    int64_t digits = kind == FHIRPATH_TIME   ? TIME_DIGITS
                     : kind == FHIRPATH_DATE ? DATE_DIGITS
                                             : DATETIME_DIGITS;
    if (!bound_date(date, call->count ? call->numbers[0] : digits, is_high))
        return true;
    return fhirpath_items_add_date(call->run, out, date,
                                   date->precision < DATE_HOUR ? FHIRPATH_DATE : kind);
}

static bool add_boundary(struct fhirpath_call *call, bool is_high, struct fhirpath_list *out)
{
    struct quantity number;
    struct date date;
    if (fhirpath_values_date(&date, &call->item))
        return add_date_boundary(call, &date, is_high, out);
    if (!fhirpath_values_quantity(&number, &call->item))
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                      STR_FMT "() works on a number, date or time",
                                      STR_ARG(call->expression->name));
    if (!bound_decimal(&number.value, call->count ? call->numbers[0] : DECIMAL_PLACES, is_high))
        return true;
    if (call->item.kind == FHIRPATH_QUANTITY)
        return fhirpath_items_add_quantity(call->run, out, &number);
    return fhirpath_items_add_decimal(call->run, out, &number.value);
}

static bool apply_low_boundary(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_boundary(call, false, out);
}

static bool apply_high_boundary(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_boundary(call, true, out);
}

static bool apply_precision(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct decimal number;
    struct date date;
    if (fhirpath_values_decimal(&number, &call->item))
        return fhirpath_items_add_integer(call->run, out, number.scale);
    if (!fhirpath_values_date(&date, &call->item))
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                      "precision() works on a number, date or time");
    int digits = DIGITS[date.precision].digits;
    if (date.precision == DATE_FRACTION)
        digits = DIGITS[DATE_SECOND].digits + date.fraction_digits;
    return fhirpath_items_add_integer(call->run, out,
                                      digits - (date.is_time ? DIGITS_BEFORE_TIME : 0));
}

static bool apply_comparable(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item mine, other;
    const struct fhirpath_items *given = &call->arguments[0];
    struct quantity a, b;
    if (given->count == 0)
        return true;
    if (given->count > 1)
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                      "comparable() takes one quantity");
    bool are_quantities = fhirpath_values_of(&mine, &call->item, call->run) &&
                          fhirpath_values_of(&other, given->items, call->run) &&
                          fhirpath_values_quantity(&a, &mine) &&
                          fhirpath_values_quantity(&b, &other);
    return fhirpath_items_add_boolean(
        call->run, out, are_quantities && fhirpath_compare_order(call->run, &mine, &other) != 2);
}

const struct fhirpath_function fhirpath_boundary_functions[] = {
    { "lowBoundary", 0, 1, INPUT_VALUE, { ARGUMENT_INTEGER }, apply_low_boundary, false },
    { "highBoundary", 0, 1, INPUT_VALUE, { ARGUMENT_INTEGER }, apply_high_boundary, false },
    { "precision", 0, 0, INPUT_VALUE, { 0 }, apply_precision, false },
    { "comparable", 1, 1, INPUT_ONE, { ARGUMENT_VALUE }, apply_comparable, false },
    { .name = NULL },
};
