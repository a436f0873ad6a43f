/* parts.c - what a date, dateTime or time is made of: yearOf() to timeOf() (FHIRPath 3 section
 * 5.10). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/functions.h"

/* The date, dateTime or time of the input, or of the text of a dateTime; nothing of anything else,
 * or when it is not as precise as this. */
static bool take_date(struct fhirpath_call *call, enum date_precision least, struct date *date)
{
    const struct fhirpath_item *value = &call->item;
    bool is_date = value->kind == FHIRPATH_STRING ? date_parse(date, value->text, DATE_FORM_PARTIAL)
                                                  : fhirpath_values_date(date, value);
    return is_date && date->precision >= least;
}

static bool apply_part(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date date;
    const struct {
        const char *name;
        enum date_precision precision;
        const int *value;
        int unit;
    } PARTS[] = {
        { "yearOf", DATE_YEAR, &date.year, 1 },
        { "monthOf", DATE_MONTH, &date.month, 1 },
        { "dayOf", DATE_DAY, &date.day, 1 },
        { "hourOf", DATE_HOUR, &date.hour, 1 },
        { "minuteOf", DATE_MINUTE, &date.minute, 1 },
        { "secondOf", DATE_SECOND, &date.second, 1 },
        { "millisecondOf", DATE_FRACTION, &date.nanosecond, 1000000 },
    };
    size_t part = 0;
    while (part < COUNT(PARTS) - 1 && !str_is(call->expression->name, PARTS[part].name))
        part++;
    if (!take_date(call, PARTS[part].precision, &date) ||
        (date.is_time && PARTS[part].precision < DATE_HOUR))
        return true;
    return fhirpath_items_add_integer(call->run, out, *PARTS[part].value / PARTS[part].unit);
}

/* In hours. */
static bool apply_zone(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date date;
    struct decimal hours, minutes_an_hour = decimal_of_int(60);
    if (!take_date(call, DATE_HOUR, &date) || !date.has_zone)
        return true;
    hours = decimal_of_int(date.zone);
    return !decimal_divide(&hours, &hours, &minutes_an_hour) || !decimal_widen(&hours, &hours, 1) ||
           fhirpath_items_add_decimal(call->run, out, &hours);
}

static bool apply_date_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date date;
    if (!take_date(call, DATE_YEAR, &date) || date.is_time)
        return true;
    date.precision = date.precision > DATE_DAY ? DATE_DAY : date.precision;
    date.has_zone = false;
    return fhirpath_items_add_date(call->run, out, &date, FHIRPATH_DATE);
}

static bool apply_time_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct date date;
    if (!take_date(call, DATE_HOUR, &date) || date.is_time)
        return true;
    date.is_time = true;
    date.has_zone = false;
    return fhirpath_items_add_date(call->run, out, &date, FHIRPATH_TIME);
}

const struct fhirpath_function fhirpath_parts_functions[] = {
    { "yearOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "monthOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "dayOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "hourOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "minuteOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "secondOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "millisecondOf", 0, 0, INPUT_VALUE, { 0 }, apply_part, false },
    { "timezoneOffsetOf", 0, 0, INPUT_VALUE, { 0 }, apply_zone, false },
    { "dateOf", 0, 0, INPUT_VALUE, { 0 }, apply_date_of, false },
    { "timeOf", 0, 0, INPUT_VALUE, { 0 }, apply_time_of, false },
    { .name = NULL },
};
