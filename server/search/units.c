/* units.c - UCUM units by the scales of quantity.h. */
#include "server/search/units.h"

bool units_find(struct units *out, struct str system, struct str code, struct arena *arena)
{
    if (!str_is(system, UNITS_UCUM) || !code.len || !quantity_scale_parse(&out->scale, code))
        return false;
    quantity_canonical(code, &out->base, arena);
    return true;
}

bool units_convert(struct decimal *out, const struct units *units, const struct decimal *number)
{
    struct decimal product;
    return decimal_multiply(&product, number, &units->scale.numerator) &&
           decimal_divide(out, &product, &units->scale.denominator);
}
