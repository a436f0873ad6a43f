/* quantity.h - a number with a UCUM unit or a calendar word, compared across units (R4
 * datatypes.html#quantity, UCUM). */
#ifndef RESOURCES_FHIR_TYPES_QUANTITY_H
#define RESOURCES_FHIR_TYPES_QUANTITY_H
#include "resources/fhir/types/decimal.h"

/* unit: a UCUM code ("mg/dL"), or a calendar word in the singular ("year"); empty means '1'.
 * Borrowed. */
struct quantity {
    struct decimal value;
    struct str unit;
};

/* Base dimensions: UCUM's seven, amount of substance and international units kept apart from
 * numbers, degrees Celsius, Fahrenheit and pH (no ratio scales), and the calendar month, whose
 * length is not fixed. */
enum quantity_dimension {
    QUANTITY_METRE,
    QUANTITY_SECOND,
    QUANTITY_GRAM,
    QUANTITY_KELVIN,
    QUANTITY_COULOMB,
    QUANTITY_CANDELA,
    QUANTITY_RADIAN,
    QUANTITY_MOLE,
    QUANTITY_INTERNATIONAL_UNIT,
    QUANTITY_CELSIUS,
    QUANTITY_FAHRENHEIT,
    QUANTITY_PH,
    QUANTITY_CALENDAR_MONTH,
    QUANTITY_DIMENSIONS
};

/* One of the unit is numerator / denominator of the base units with these powers; exact. */
struct quantity_scale {
    struct decimal numerator, denominator;
    int powers[QUANTITY_DIMENSIONS];
};
/* False when the unit holds an atom that is not in our table (most of UCUM's medical units are). */
bool quantity_scale_parse(struct quantity_scale *out, struct str unit);

enum quantity_order {
    QUANTITY_LESS = -1,
    QUANTITY_SAME = 0,
    QUANTITY_MORE = 1,
    QUANTITY_INCOMPARABLE = 2
};
/* Exact; incomparable when the dimensions differ or a unit is unknown and the two are not written
 * alike. A calendar year or month is not a UCUM 'a' or 'mo'. */
enum quantity_order quantity_compare(const struct quantity *a, const struct quantity *b);
/* The value in another unit; false when it can not be converted. A calendar month counts as a UCUM
 * 'mo' here. */
bool quantity_convert(struct decimal *out, const struct quantity *quantity, struct str unit);
/* The result's unit is allocated in the arena. False as in decimal.h. */
bool quantity_multiply(struct quantity *out, const struct quantity *a, const struct quantity *b,
                       struct arena *arena);
bool quantity_divide(struct quantity *out, const struct quantity *a, const struct quantity *b,
                     struct arena *arena);

/* For index keys: factor from the unit to its base units, and these as one string ("g.m-3"), equal
 * for units that can be compared. An unknown unit is its own base with factor 1. */
double quantity_canonical(struct str unit, struct str *base, struct arena *arena);
#endif
