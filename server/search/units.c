/* units.c - UCUM units by the scales of ucum.h. */
#include "server/search/units.h"

/* A special unit (Cel, [degF]) goes over the ratio scale that its function leads to. */
bool units_convert(struct decimal *out, const struct units *units, const struct decimal *number)
{
    const struct ucum_scale *scale = &units->scale;
    struct decimal value = *number;
    if (scale->special && (!decimal_multiply(&value, &value, &scale->prefix) ||
                           !ucum_special_to(&value, &value, scale->special)))
        return false;
    return decimal_multiply(&value, &value, &scale->numerator) &&
           decimal_divide(out, &value, &scale->denominator);
}

/* Of a scale that falls (pH) more is less in base units, and gt would mean lt. */
static bool is_rising(const struct units *units)
{
    struct decimal one = decimal_of_int(1), two = decimal_of_int(2);
    return units_convert(&one, units, &one) && units_convert(&two, units, &two) &&
           decimal_compare(&one, &two) < 0;
}

bool units_find(struct units *out, struct str system, struct str code, const struct ucum *table,
                struct arena *arena)
{
    if (!str_is(system, UNITS_UCUM) || !code.len || !table || !ucum_parse(&out->scale, code, table))
        return false;
    out->base = ucum_print_powers(&out->scale, arena);
    if (!out->base.len)
        out->base = STR("1");
    return !out->scale.special || is_rising(out);
}
