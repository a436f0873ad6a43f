/* units.c - UCUM units by the scales of ucum.h. */
#include "server/search/units.h"

bool units_find(struct units *out, struct str system, struct str code, const struct ucum *table,
                struct arena *arena)
{
    if (!str_is(system, UNITS_UCUM) || !code.len || !table ||
        !ucum_parse(&out->scale, code, table) || out->scale.special)
        return false;
    ucum_canonical(code, &out->base, table, arena);
    return true;
}

bool units_convert(struct decimal *out, const struct units *units, const struct decimal *number)
{
    struct decimal product;
    return decimal_multiply(&product, number, &units->scale.numerator) &&
           decimal_divide(out, &product, &units->scale.denominator);
}
