/* value_number.c - the range that a number's digits leave open, in its unit or in base units (R4
 * search.html#number, #quantity). */
#include "server/search/value_number.h"

#include <float.h>

#include "server/search/units.h"

enum { AP_SHARE = 10 };
/* Of `near`, when a query does not say how far. */
#define DEFAULT_METRES 10000.0

/* What a value covers, exact: eq and ne mean the range that the digits leave open; the comparisons
 * mean the very number; ap is a tenth to both sides. */
struct bounds {
    struct decimal low, high;
};

static bool read_bounds(struct bounds *bounds, struct search_value *out, struct str text)
{
    struct decimal number, tenth = { .scale = 1, .count = 1, .digits = { 1 } };
    value_cut_prefix(out, &text);
    if (!decimal_parse(&number, text))
        return false;
    if (out->prefix == PREFIX_EQ || out->prefix == PREFIX_NE)
        return decimal_bounds(text, &bounds->low, &bounds->high);
    bounds->low = bounds->high = number;
    if (out->prefix != PREFIX_AP)
        return true;
    struct decimal part = number;
    part.is_negative = false;
    return decimal_multiply(&part, &part, &tenth) &&
           decimal_subtract(&bounds->low, &number, &part) &&
           decimal_add(&bounds->high, &number, &part);
}

static bool set_bounds(struct search_value *out, const struct bounds *bounds)
{
    out->number_low = decimal_to_double(&bounds->low);
    out->number_high = decimal_to_double(&bounds->high);
    return out->number_low >= -DBL_MAX && out->number_high <= DBL_MAX;
}

bool value_number_parse(struct search_value *out, struct str text,
                        const struct value_context *context, const char **wanted)
{
    struct bounds bounds;
    (void)context;
    *wanted = "[eq|ne|gt|lt|ge|le|sa|eb|ap] and a decimal number";
    return read_bounds(&bounds, out, text) && set_bounds(out, &bounds);
}

bool value_number_parse_quantity(struct search_value *out, struct str text,
                                 const struct value_context *context, const char **wanted)
{
    bool has_system, has_code = false, has_more = false;
    struct bounds bounds;
    struct units units;
    struct str number = value_cut_bar(&text, &has_system);
    struct str system = value_cut_bar(&text, &has_code), code = value_cut_bar(&text, &has_more);
    *wanted = "[prefix]number, number|system|code or number||code";
    if (!read_bounds(&bounds, out, number) || has_system != has_code || has_more ||
        (has_system && !code.len) || !value_unescape(&system, context->arena) ||
        !value_unescape(&code, context->arena))
        return false;
    out->first = system;
    out->second = code;
    out->has_system = system.len > 0;
    if (units_find(&units, system, code, definitions_units(context->definitions), context->arena) &&
        units_convert(&bounds.low, &units, &bounds.low) &&
        units_convert(&bounds.high, &units, &bounds.high)) {
        out->first = STR(INDEX_CANONICAL_UNITS);
        out->second = units.base;
    }
    return set_bounds(out, &bounds);
}

static bool read_degrees(double *out, struct str text, double most)
{
    struct decimal number;
    if (!decimal_parse(&number, text))
        return false;
    *out = decimal_to_double(&number);
    return *out >= -most && *out <= most;
}

bool value_number_parse_position(struct search_value *out, struct str text,
                                 const struct value_context *context, const char **wanted)
{
    bool has_longitude, has_distance = false, has_unit = false, has_more = false;
    struct decimal distance;
    struct units units;
    struct str latitude = value_cut_bar(&text, &has_longitude);
    struct str longitude = value_cut_bar(&text, &has_distance);
    struct str far = value_cut_bar(&text, &has_unit), unit = value_cut_bar(&text, &has_more);
    *wanted = "latitude|longitude|distance|unit: degrees, and a UCUM unit of length (km)";
    if (has_more || !read_degrees(&out->number_low, latitude, 90) ||
        !read_degrees(&out->number_high, longitude, 180))
        return false;
    out->metres = DEFAULT_METRES;
    if (!far.len)
        return true;
    if (!value_unescape(&unit, context->arena) || !decimal_parse(&distance, far) ||
        distance.is_negative ||
        !units_find(&units, STR(UNITS_UCUM), unit.len ? unit : STR("km"),
                    definitions_units(context->definitions), context->arena) ||
        !str_is(units.base, "m:1") || !units_convert(&distance, &units, &distance))
        return false;
    out->metres = decimal_to_double(&distance);
    return true;
}
