/* units.h - quantities in UCUM's base units, so that 1 g and 1000 mg are found by each other: the
 * one place that knows how units are converted. */
#ifndef SERVER_SEARCH_UNITS_H
#define SERVER_SEARCH_UNITS_H
#include "resources/fhir/types/ucum.h"

#define UNITS_UCUM "http://unitsofmeasure.org"
struct units {
    struct ucum_scale scale;
    struct str base; /* the base units as one text, equal for all units that can be compared */
};
/* False when the system is not UCUM, the unit is not in the table, or more of it is less in base
 * units (pH): such a quantity is found only by its own unit. */
bool units_find(struct units *out, struct str system, struct str code, const struct ucum *table,
                struct arena *arena);
/* A number of the unit in base units; out may be the number. False when it has too many digits. */
bool units_convert(struct decimal *out, const struct units *units, const struct decimal *number);
#endif
