/* conversion.c - toBoolean() to toQuantity(), and whether they would succeed (FHIRPath N1 5.5). */
#include "resources/fhir/fhirpath/functions.h"

#include <strings.h>

#include "resources/base/arena.h"

/* False when the value can not be converted. *out may be what came in. */
typedef bool conversion(struct fhirpath_item *out, const struct fhirpath_item *value,
                        struct arena *arena);

static bool to_boolean(struct fhirpath_item *out, const struct fhirpath_item *value,
                       struct arena *arena)
{
    static const char *const WORDS[][6] = { { "false", "f", "no", "n", "0", "0.0" },
                                            { "true", "t", "yes", "y", "1", "1.0" } };
    struct decimal number;
    int truth = -1;
    (void)arena;
    if (fhirpath_values_decimal(&number, value)) {
        struct decimal one = decimal_of_int(1);
        truth = number.count == 0 ? 0 : decimal_compare(&number, &one) == 0 ? 1 : -1;
    }
    bool has_words = value->kind == FHIRPATH_BOOLEAN || value->kind == FHIRPATH_STRING;
    for (int word = 0; has_words && word < 12; word++) {
        struct str known = str_of(WORDS[word % 2][word / 2]);
        if (known.len == value->text.len && !strncasecmp(known.data, value->text.data, known.len))
            truth = word % 2;
    }
    *out = (struct fhirpath_item){ .kind = FHIRPATH_BOOLEAN,
                                   .text = truth == 1 ? STR("true") : STR("false") };
    return truth >= 0;
}

/* Booleans as 1 and 0, strings without their plus sign. */
static struct str number_text(const struct fhirpath_item *value)
{
    if (value->kind == FHIRPATH_BOOLEAN)
        return str_is(value->text, "true") ? STR("1") : STR("0");
    return str_slice(value->text, str_starts(value->text, STR("+")), value->text.len);
}

static bool is_numeric(const struct fhirpath_item *value)
{
    return value->kind == FHIRPATH_BOOLEAN || value->kind == FHIRPATH_INTEGER ||
           value->kind == FHIRPATH_LONG || value->kind == FHIRPATH_DECIMAL ||
           value->kind == FHIRPATH_STRING;
}

/* A whole number, as an item of this kind. */
static bool to_whole(struct fhirpath_item *out, const struct fhirpath_item *value,
                     enum fhirpath_kind kind, struct arena *arena)
{
    struct decimal number;
    int64_t whole;
    if (!is_numeric(value) || value->kind == FHIRPATH_DECIMAL ||
        !decimal_parse(&number, number_text(value)) || number.scale > 0 ||
        !decimal_to_int(&whole, &number))
        return false;
    if (kind == FHIRPATH_INTEGER && (whole > INT32_MAX || whole < INT32_MIN))
        return false;
    *out = (struct fhirpath_item){ .kind = kind, .text = decimal_print(&number, arena) };
    return true;
}

static bool to_integer(struct fhirpath_item *out, const struct fhirpath_item *value,
                       struct arena *arena)
{
    return to_whole(out, value, FHIRPATH_INTEGER, arena);
}

static bool to_long(struct fhirpath_item *out, const struct fhirpath_item *value,
                    struct arena *arena)
{
    return to_whole(out, value, FHIRPATH_LONG, arena);
}

static bool to_decimal(struct fhirpath_item *out, const struct fhirpath_item *value,
                       struct arena *arena)
{
    struct decimal number;
    if (!is_numeric(value) || !decimal_parse(&number, number_text(value)))
        return false;
    *out =
        (struct fhirpath_item){ .kind = FHIRPATH_DECIMAL, .text = decimal_print(&number, arena) };
    return true;
}

static bool to_string(struct fhirpath_item *out, const struct fhirpath_item *value,
                      struct arena *arena)
{
    *out = (struct fhirpath_item){ .kind = FHIRPATH_STRING,
                                   .text = fhirpath_values_text(value, arena) };
    return true;
}

static bool is_date_text(const struct fhirpath_item *value)
{
    return value->kind == FHIRPATH_STRING || value->kind == FHIRPATH_DATE ||
           value->kind == FHIRPATH_DATETIME;
}

static bool to_date(struct fhirpath_item *out, const struct fhirpath_item *value,
                    struct arena *arena)
{
    struct date date;
    if (!is_date_text(value) || !date_parse(&date, value->text, DATE_FORM_PARTIAL))
        return false;
    if (date.precision > DATE_DAY) {
        date.precision = DATE_DAY;
        date.has_zone = false;
    }
    *out = (struct fhirpath_item){ .kind = FHIRPATH_DATE, .text = date_print(&date, arena) };
    return true;
}

static bool to_date_time(struct fhirpath_item *out, const struct fhirpath_item *value,
                         struct arena *arena)
{
    struct date date;
    if (!is_date_text(value) || !date_parse(&date, value->text, DATE_FORM_PARTIAL))
        return false;
    *out = (struct fhirpath_item){ .kind = FHIRPATH_DATETIME, .text = date_print(&date, arena) };
    return true;
}

static bool to_time(struct fhirpath_item *out, const struct fhirpath_item *value,
                    struct arena *arena)
{
    struct date date;
    bool is_time = value->kind == FHIRPATH_STRING || value->kind == FHIRPATH_TIME;
    struct str text = str_slice(value->text, str_starts(value->text, STR("T")), value->text.len);
    if (!is_time || !date_parse(&date, text, DATE_FORM_PARTIAL_TIME))
        return false;
    *out = (struct fhirpath_item){ .kind = FHIRPATH_TIME, .text = date_print(&date, arena) };
    return true;
}

/* number, white space, then nothing, 'unit' or a calendar word. */
static bool quantity_of_text(struct fhirpath_item *out, struct str text, struct arena *arena)
{
    size_t end = str_starts(text, STR("-")) || str_starts(text, STR("+"));
    while (end < text.len &&
           ((text.data[end] >= '0' && text.data[end] <= '9') || text.data[end] == '.'))
        end++;
    struct decimal number;
    struct str digits = str_slice(text, str_starts(text, STR("+")), end);
    struct str unit = str_trim(str_slice(text, end, text.len));
    enum date_unit word;
    if (!decimal_parse(&number, digits))
        return false;
    if (unit.len == 0)
        unit = STR("1");
    else if (unit.len > 2 && unit.data[0] == '\'' && str_find(unit, '\'', 1) == unit.len - 1)
        unit = str_slice(unit, 1, unit.len - 1);
    else if (date_unit_parse(&word, unit))
        unit = quantity_calendar_unit(word);
    else
        return false;
    *out = (struct fhirpath_item){ .kind = FHIRPATH_QUANTITY,
                                   .text = decimal_print(&number, arena),
                                   .unit = unit };
    return true;
}

static bool to_quantity(struct fhirpath_item *out, const struct fhirpath_item *value,
                        struct arena *arena)
{
    *out = *value;
    /* A unit of another system than UCUM (system|code) is none that FHIRPath has. */
    if (value->kind == FHIRPATH_QUANTITY)
        return str_find(value->unit, '|', 0) == value->unit.len;
    return is_numeric(value) && value->kind != FHIRPATH_LONG &&
           quantity_of_text(out, value->kind == FHIRPATH_BOOLEAN ? number_text(value) : value->text,
                            arena);
}

static const struct {
    const char *name;
    conversion *convert;
} CONVERSIONS[] = {
    { "Boolean", to_boolean },    { "Integer", to_integer }, { "Long", to_long },
    { "Decimal", to_decimal },    { "String", to_string },   { "Date", to_date },
    { "DateTime", to_date_time }, { "Time", to_time },       { "Quantity", to_quantity },
};

/* Converts by the name of the function; *is_known false when that fails. */
static bool convert(struct fhirpath_call *call, struct fhirpath_item *out, bool *is_known)
{
    struct arena *arena = call->run->context->arena;
    *is_known = false;
    struct str name = call->expression->name;
    struct str target =
        str_slice(name, str_starts(name, STR("to")) ? 2 : sizeof "convertsTo" - 1, name.len);
    for (size_t i = 0; i < COUNT(CONVERSIONS); i++)
        if (str_is(target, CONVERSIONS[i].name))
            *is_known = CONVERSIONS[i].convert(out, &call->item, arena);
    struct quantity quantity;
    if (!*is_known || call->count == 0 || !fhirpath_values_quantity(&quantity, out))
        return fhirpath_evaluate_step(call->run, 1);
    enum date_unit word;
    bool is_calendar = date_unit_parse(&word, call->texts[0]);
    if (is_calendar && out->node)
        quantity.unit = quantity_as_calendar(quantity.unit);
    out->unit = is_calendar ? quantity_calendar_unit(word) : call->texts[0];
    *is_known =
        quantity_convert(&quantity.value, &quantity, out->unit, fhirpath_evaluate_units(call->run));
    out->text = decimal_print(&quantity.value, arena);
    return fhirpath_evaluate_step(call->run, 1);
}

static bool apply_to(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item converted;
    bool is_known;
    if (!convert(call, &converted, &is_known))
        return false;
    return !is_known || fhirpath_items_add(call->run, out, &converted);
}

static bool apply_converts_to(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct fhirpath_item converted;
    bool is_known;
    return convert(call, &converted, &is_known) &&
           fhirpath_items_add_boolean(call->run, out, is_known);
}

const struct fhirpath_function fhirpath_conversion_functions[] = {
    { "toBoolean", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toInteger", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toLong", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toDecimal", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toString", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toDate", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toDateTime", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toTime", 0, 0, INPUT_VALUE, { 0 }, apply_to, false },
    { "toQuantity", 0, 1, INPUT_VALUE, { ARGUMENT_STRING }, apply_to, false },
    { "convertsToBoolean", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToInteger", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToLong", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToDecimal", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToString", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToDate", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToDateTime", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToTime", 0, 0, INPUT_VALUE, { 0 }, apply_converts_to, false },
    { "convertsToQuantity", 0, 1, INPUT_VALUE, { ARGUMENT_STRING }, apply_converts_to, false },
    { .name = NULL },
};
