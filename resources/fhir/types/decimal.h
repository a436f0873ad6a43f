/* decimal.h - exact decimal numbers, read from and written as literals (R4 datatypes.html#decimal).
 */
#ifndef RESOURCES_FHIR_TYPES_DECIMAL_H
#define RESOURCES_FHIR_TYPES_DECIMAL_H
#include <stdbool.h>
#include <stdint.h>

#include "resources/base/str.h"

struct arena;

/* DECIMAL_DIVISION_DIGITS: significant digits of a quotient that does not end. */
enum { DECIMAL_MOST_DIGITS = 100, DECIMAL_DIVISION_DIGITS = 28 };

/* digits * 10^-scale, digits[0] being the last; 0 <= scale, count <= DECIMAL_MOST_DIGITS. No
 * leading zeros: zero has count 0, keeps its scale and is never negative. The scale is the
 * literal's (1.00 has 2), so significance is known. */
struct decimal {
    bool is_negative;
    int scale, count;
    unsigned char digits[DECIMAL_MOST_DIGITS];
};

/* [-]digits[.digits][e[+-]digits]. False (out left alone) for anything else or more than
 * DECIMAL_MOST_DIGITS digits. */
bool decimal_parse(struct decimal *out, struct str text);
struct decimal decimal_of_int(int64_t value);
/* Plain notation, never an exponent, all digits of the scale. */
struct str decimal_print(const struct decimal *value, struct arena *arena);

int decimal_compare(const struct decimal *a, const struct decimal *b);
/* These return false when the result does not fit DECIMAL_MOST_DIGITS (or the divisor is zero). out
 * may be an input. */
bool decimal_add(struct decimal *out, const struct decimal *a, const struct decimal *b);
bool decimal_subtract(struct decimal *out, const struct decimal *a, const struct decimal *b);
bool decimal_multiply(struct decimal *out, const struct decimal *a, const struct decimal *b);
/* Exact when the quotient ends within DECIMAL_DIVISION_DIGITS significant digits (then without
 * needless zeros), otherwise rounded to that many, half away from zero. */
bool decimal_divide(struct decimal *out, const struct decimal *a, const struct decimal *b);
/* Quotient cut towards zero, and what remains (with the sign of a). Either out may be NULL. */
bool decimal_divide_whole(struct decimal *quotient, struct decimal *remainder,
                          const struct decimal *a, const struct decimal *b);
struct decimal decimal_negate(const struct decimal *value);

enum decimal_rounding { DECIMAL_TRUNCATE, DECIMAL_FLOOR, DECIMAL_CEILING, DECIMAL_HALF_UP };
/* To at most `places` digits behind the point; HALF_UP rounds half away from zero. */
bool decimal_round(struct decimal *out, const struct decimal *value, int places,
                   enum decimal_rounding how);
/* Adds zeros behind the point up to `places`. */
bool decimal_widen(struct decimal *out, const struct decimal *value, int places);
/* Without trailing zeros behind the point: equal numbers become identical. */
void decimal_normalize(struct decimal *value);
bool decimal_is_whole(const struct decimal *value);
/* False when it is not whole or does not fit. */
bool decimal_to_int(int64_t *out, const struct decimal *value);
/* The nearest double: for functions that are not exact anyway (ln, sqrt, ...) and for index keys.
 */
double decimal_to_double(const struct decimal *value);
/* False for what is not finite. 15 significant digits. */
bool decimal_of_double(struct decimal *out, double value);

/* What the literal stands for in a number search (R4 search.html#number): half a unit of its last
 * significant digit to both sides, so 100 is [99.5, 100.5) and 100.00 is [99.995, 100.005); a
 * literal with an exponent is read one digit finer, as R4's own example has it: 1e2 is [95, 105).
 * The bounds are the doubles nearest to the exact bounds: two literals with the same exact bound
 * give the same double, which is what an index needs. False when text is not a number. */
bool decimal_range(struct str text, double *low, double *high);
/* The same bounds, exact. */
bool decimal_bounds(struct str text, struct decimal *low, struct decimal *high);
#endif
