/* quantity.h - a number with a UCUM unit or a calendar word, compared across units (R4
 * datatypes.html#quantity, UCUM, FHIRPath N1 6.1). */
#ifndef RESOURCES_FHIR_TYPES_QUANTITY_H
#define RESOURCES_FHIR_TYPES_QUANTITY_H
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/decimal.h"
#include "resources/fhir/types/ucum.h"

/* unit: a UCUM code ("mg/dL"), or a calendar word; empty means '1'. Borrowed. A calendar word is
 * the very text that quantity_calendar_unit gives: the same letters from elsewhere ('year' between
 * quotes) are a UCUM code that there is not. */
struct quantity {
    struct decimal value;
    struct str unit;
};
struct str quantity_calendar_unit(enum date_unit unit);
bool quantity_is_calendar(struct str unit, enum date_unit *out);
/* The calendar word that R4 and equivalence read in a UCUM unit of time ("a" is year); the unit
 * itself when there is none. */
struct str quantity_as_calendar(struct str unit);

enum quantity_order {
    QUANTITY_LESS = -1,
    QUANTITY_SAME = 0,
    QUANTITY_MORE = 1,
    QUANTITY_INCOMPARABLE = 2
};
/* Exact; incomparable when the dimensions differ or a unit is unknown and the two are not written
 * alike. A calendar year has 12 months or 365 days, a month 30 days; neither these nor any other
 * calendar unit compares with UCUM's years and months, whose length is another. units may be NULL:
 * then no UCUM unit is known. */
enum quantity_order quantity_compare(const struct quantity *a, const struct quantity *b,
                                     const struct ucum *units);
/* The value in another unit; false when it can not be converted. */
bool quantity_convert(struct decimal *out, const struct quantity *quantity, struct str unit,
                      const struct ucum *units);
/* The result's unit is allocated in the arena. False as in decimal.h, and for units that can not be
 * multiplied: special ones, and calendar words with anything but a number. */
bool quantity_multiply(struct quantity *out, const struct quantity *a, const struct quantity *b,
                       const struct ucum *units, struct arena *arena);
bool quantity_divide(struct quantity *out, const struct quantity *a, const struct quantity *b,
                     const struct ucum *units, struct arena *arena);
#endif
