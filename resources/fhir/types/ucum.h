/* ucum.h - units of measure: a UCUM expression taken apart into an exact factor and base units
 * (ucum.org, The Unified Code for Units of Measure). */
#ifndef RESOURCES_FHIR_TYPES_UCUM_H
#define RESOURCES_FHIR_TYPES_UCUM_H
#include "resources/fhir/types/decimal.h"

/* The table of units and prefixes. What it holds is data (resources/fhir/definitions compiles it);
 * nothing about a single unit stands in C but the functions of those without a ratio scale. Filled
 * once, then shared by all threads. */
struct ucum;

/* A unit's row. A base unit has no powers: it is its own dimension. So is each arbitrary unit
 * ([iU]), and the mole, which UCUM counts as a number: 1 mol is not 6e23. Texts are borrowed. */
struct ucum_unit {
    struct str code;
    bool is_metric;                    /* takes prefixes */
    struct str numerator, denominator; /* its size in base units, exactly */
    struct str powers;                 /* "g:1 m:-3" */
    struct str special;                /* function to a ratio scale ("Cel", "lg"), or empty */
};
struct ucum *ucum_new(struct arena *arena);
/* False when the row does not make sense: a base that is not there, a number that is none. */
bool ucum_add_unit(struct ucum *units, const struct ucum_unit *unit);
bool ucum_add_prefix(struct ucum *units, struct str code, struct str factor);

/* UCUM_MOST_POWERS: different bases in one unit. UCUM_MOST_EXPONENT: of one of them. */
enum { UCUM_MOST_POWERS = 12, UCUM_MOST_EXPONENT = 40, UCUM_MOST_BYTES = 256, UCUM_MOST_DEPTH = 8 };

struct ucum_atom;
struct ucum_special;
/* One of the unit is numerator / denominator of the product of its bases. */
struct ucum_scale {
    struct decimal numerator, denominator;
    struct ucum_power {
        const struct ucum_atom *base;
        int exponent;
    } powers[UCUM_MOST_POWERS]; /* in the table's order, none of exponent 0 */
    size_t power_count;
    const struct ucum_special *special; /* NULL on a ratio scale */
    struct decimal prefix;              /* of a special unit: the value counts so many of it */
    bool is_calendar_like;              /* holds one of UCUM's years or months */
};
/* A whole UCUM expression: prefixes, products, quotients, exponents, parentheses, annotations.
 * False when it is not well-formed or names a unit that is not in the table. A special unit stands
 * alone.
 */
bool ucum_parse(struct ucum_scale *out, struct str unit, const struct ucum *units);
/* False, too, for special units inside of products, which nothing can be computed with. */
bool ucum_is_valid(struct str unit, const struct ucum *units);

bool ucum_same_dimension(const struct ucum_scale *a, const struct ucum_scale *b);
/* No base at all: a number ("%", "10*3", "g/kg"). */
bool ucum_is_number(const struct ucum_scale *scale);
/* Of one dimension: -1, 0, 1; 2 when that can not be told. Exact but for logarithmic scales. */
int ucum_compare(const struct decimal *a, const struct ucum_scale *of_a, const struct decimal *b,
                 const struct ucum_scale *of_b);
/* The value in another unit of the same dimension; false when it does not fit. Exact but for
 * logarithmic scales and what does not end within DECIMAL_DIVISION_DIGITS. */
bool ucum_convert(struct decimal *out, const struct decimal *value, const struct ucum_scale *from,
                  const struct ucum_scale *to);
/* The bases and their exponents as text ("g:1 m:-3"); "" for a number. */
struct str ucum_print_powers(const struct ucum_scale *scale, struct arena *arena);
/* For index keys: the factor from the unit to its bases, and these as one string ("m-3.g"), equal
 * for units that can be compared. What is unknown or special is its own base with factor 1. */
double ucum_canonical(struct str unit, struct str *base, const struct ucum *units,
                      struct arena *arena);

/* ucum_special.c: the value on the ratio scale that the special unit's row tells the factor of, and
 * back. False where there is none (the logarithm of nothing). */
bool ucum_special_to(struct decimal *out, const struct decimal *value,
                     const struct ucum_special *special);
bool ucum_special_from(struct decimal *out, const struct decimal *value,
                       const struct ucum_special *special);
const struct ucum_special *ucum_special_find(struct str name);
#endif
