/* ucum_special.c - units whose scale has another zero, or is logarithmic (UCUM sections 21, 46). */
#include <math.h>

#include "resources/fhir/types/ucum.h"

/* Linear: ratio = (value + offset) * numerator / denominator, exactly. The others go through double
 * and have 15 digits. */
struct ucum_special {
    const char *name;
    const char *offset;
    int numerator, denominator;
    double (*to)(double value, double base);
    double (*from)(double value, double base);
    double base;
};

static double power_of(double value, double base)
{
    return pow(base, value);
}

static double logarithm(double value, double base)
{
    return log(value) / log(base);
}

static double power_down(double value, double base)
{
    return pow(base, -value);
}

static double logarithm_down(double value, double base)
{
    return -log(value) / log(base);
}

/* Levels of field quantities: twice the logarithm. */
static double power_half(double value, double base)
{
    return pow(base, value / 2);
}

static double logarithm_twice(double value, double base)
{
    return 2 * log(value) / log(base);
}

static double slope_to(double value, double base)
{
    return atan(value / base);
}

static double slope_from(double value, double base)
{
    return tan(value) * base;
}

static double degrees_to(double value, double base)
{
    return atan(value / base) * 180 / acos(-1);
}

static double degrees_from(double value, double base)
{
    return tan(value * acos(-1) / 180) * base;
}

static double square(double value, double base)
{
    return pow(value, base);
}

static double root(double value, double base)
{
    return pow(value, 1 / base);
}

static const struct ucum_special SPECIALS[] = {
    { "Cel", "273.15", 1, 1, NULL, NULL, 0 },
    { "degF", "459.67", 5, 9, NULL, NULL, 0 },
    { "degRe", "218.52", 5, 4, NULL, NULL, 0 },
    { "pH", "", 1, 1, power_down, logarithm_down, 10 },
    { "ln", "", 1, 1, power_of, logarithm, 2.718281828459045 },
    { "lg", "", 1, 1, power_of, logarithm, 10 },
    { "ld", "", 1, 1, power_of, logarithm, 2 },
    { "lgTimes2", "", 1, 1, power_half, logarithm_twice, 10 },
    { "hpX", "", 1, 1, power_down, logarithm_down, 10 },
    { "hpC", "", 1, 1, power_down, logarithm_down, 100 },
    { "hpM", "", 1, 1, power_down, logarithm_down, 1000 },
    { "hpQ", "", 1, 1, power_down, logarithm_down, 50000 },
    { "tanTimes100", "", 1, 1, slope_to, slope_from, 100 },
    { "100tan", "", 1, 1, degrees_to, degrees_from, 100 },
    { "sqrt", "", 1, 1, square, root, 2 },
};

const struct ucum_special *ucum_special_find(struct str name)
{
    for (size_t i = 0; i < COUNT(SPECIALS); i++)
        if (str_is(name, SPECIALS[i].name))
            return &SPECIALS[i];
    return NULL;
}

bool ucum_special_to(struct decimal *out, const struct decimal *value,
                     const struct ucum_special *special)
{
    if (special->to)
        return decimal_of_double(out, special->to(decimal_to_double(value), special->base));
    struct decimal offset, numerator = decimal_of_int(special->numerator),
                           denominator = decimal_of_int(special->denominator);
    return decimal_parse(&offset, str_of(special->offset)) && decimal_add(out, value, &offset) &&
           decimal_multiply(out, out, &numerator) && decimal_divide(out, out, &denominator);
}

bool ucum_special_from(struct decimal *out, const struct decimal *value,
                       const struct ucum_special *special)
{
    if (special->from)
        return decimal_of_double(out, special->from(decimal_to_double(value), special->base));
    struct decimal offset, numerator = decimal_of_int(special->numerator),
                           denominator = decimal_of_int(special->denominator);
    return decimal_parse(&offset, str_of(special->offset)) &&
           decimal_multiply(out, value, &denominator) && decimal_divide(out, out, &numerator) &&
           decimal_subtract(out, out, &offset);
}
