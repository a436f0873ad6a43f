/* quantity.c - UCUM units taken apart into exact factors of base units. */
#include "resources/fhir/types/quantity.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"

enum { MOST_POWER = 20, MOST_PARENTHESES = 8, MOST_UNIT_BYTES = 128 };

#define M QUANTITY_METRE
#define S QUANTITY_SECOND
#define G QUANTITY_GRAM

/* symbol, size = numerator/denominator, powers of base units; metric ones take prefixes. From
 * ucum.org's tables. */
static const struct atom {
    const char *symbol, *numerator, *denominator;
    struct {
        signed char dimension, power;
    } powers[4];
    bool is_metric;
} ATOMS[] = {
    { "m", "1", "1", { { M, 1 } }, true },
    { "s", "1", "1", { { S, 1 } }, true },
    { "g", "1", "1", { { G, 1 } }, true },
    { "K", "1", "1", { { QUANTITY_KELVIN, 1 } }, true },
    { "C", "1", "1", { { QUANTITY_COULOMB, 1 } }, true },
    { "cd", "1", "1", { { QUANTITY_CANDELA, 1 } }, true },
    { "rad", "1", "1", { { QUANTITY_RADIAN, 1 } }, true },
    { "mol", "1", "1", { { QUANTITY_MOLE, 1 } }, true },
    { "eq", "1", "1", { { QUANTITY_MOLE, 1 } }, true },
    { "osm", "1", "1", { { QUANTITY_MOLE, 1 } }, true },
    { "[iU]", "1", "1", { { QUANTITY_INTERNATIONAL_UNIT, 1 } }, true },
    { "[IU]", "1", "1", { { QUANTITY_INTERNATIONAL_UNIT, 1 } }, true },
    { "Cel", "1", "1", { { QUANTITY_CELSIUS, 1 } }, true },
    { "[degF]", "1", "1", { { QUANTITY_FAHRENHEIT, 1 } }, false },
    { "[pH]", "1", "1", { { QUANTITY_PH, 1 } }, false },
    { "year", "12", "1", { { QUANTITY_CALENDAR_MONTH, 1 } }, false },
    { "month", "1", "1", { { QUANTITY_CALENDAR_MONTH, 1 } }, false },
    { "week", "604800", "1", { { S, 1 } }, false },
    { "day", "86400", "1", { { S, 1 } }, false },
    { "hour", "3600", "1", { { S, 1 } }, false },
    { "minute", "60", "1", { { S, 1 } }, false },
    { "second", "1", "1", { { S, 1 } }, false },
    { "millisecond", "1", "1000", { { S, 1 } }, false },
    { "a", "31557600", "1", { { S, 1 } }, false },
    { "mo", "2629800", "1", { { S, 1 } }, false },
    { "wk", "604800", "1", { { S, 1 } }, false },
    { "d", "86400", "1", { { S, 1 } }, false },
    { "h", "3600", "1", { { S, 1 } }, false },
    { "min", "60", "1", { { S, 1 } }, false },
    { "L", "1", "1000", { { M, 3 } }, true },
    { "l", "1", "1000", { { M, 3 } }, true },
    { "Hz", "1", "1", { { S, -1 } }, true },
    { "Bq", "1", "1", { { S, -1 } }, true },
    { "N", "1000", "1", { { G, 1 }, { M, 1 }, { S, -2 } }, true },
    { "Pa", "1000", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, true },
    { "bar", "100000000", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, true },
    { "atm", "101325000", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, false },
    { "m[Hg]", "133322000", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, true },
    { "m[H2O]", "9806650", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, true },
    { "[psi]", "6894757.293168", "1", { { G, 1 }, { M, -1 }, { S, -2 } }, false },
    { "J", "1000", "1", { { G, 1 }, { M, 2 }, { S, -2 } }, true },
    { "W", "1000", "1", { { G, 1 }, { M, 2 }, { S, -3 } }, true },
    { "cal", "4184", "1", { { G, 1 }, { M, 2 }, { S, -2 } }, true },
    { "[Cal]", "4184000", "1", { { G, 1 }, { M, 2 }, { S, -2 } }, false },
    { "A", "1", "1", { { QUANTITY_COULOMB, 1 }, { S, -1 } }, true },
    { "V", "1000", "1", { { G, 1 }, { M, 2 }, { S, -2 }, { QUANTITY_COULOMB, -1 } }, true },
    { "Ohm", "1000", "1", { { G, 1 }, { M, 2 }, { S, -1 }, { QUANTITY_COULOMB, -2 } }, true },
    { "Gy", "1", "1", { { M, 2 }, { S, -2 } }, true },
    { "Sv", "1", "1", { { M, 2 }, { S, -2 } }, true },
    { "kat", "1", "1", { { QUANTITY_MOLE, 1 }, { S, -1 } }, true },
    { "U", "1", "60000000", { { QUANTITY_MOLE, 1 }, { S, -1 } }, true },
    { "t", "1000000", "1", { { G, 1 } }, true },
    { "[lb_av]", "453.59237", "1", { { G, 1 } }, false },
    { "[oz_av]", "28.349523125", "1", { { G, 1 } }, false },
    { "[stone_av]", "6350.29318", "1", { { G, 1 } }, false },
    { "[gr]", "0.06479891", "1", { { G, 1 } }, false },
    { "[in_i]", "0.0254", "1", { { M, 1 } }, false },
    { "[ft_i]", "0.3048", "1", { { M, 1 } }, false },
    { "[yd_i]", "0.9144", "1", { { M, 1 } }, false },
    { "[mi_i]", "1609.344", "1", { { M, 1 } }, false },
    { "[gal_us]", "0.003785411784", "1", { { M, 3 } }, false },
    { "[qt_us]", "0.000946352946", "1", { { M, 3 } }, false },
    { "[pt_us]", "0.000473176473", "1", { { M, 3 } }, false },
    { "[cup_us]", "0.0002365882365", "1", { { M, 3 } }, false },
    { "[foz_us]", "0.0000295735295625", "1", { { M, 3 } }, false },
    { "[tbs_us]", "0.00001478676478125", "1", { { M, 3 } }, false },
    { "[tsp_us]", "0.00000492892159375", "1", { { M, 3 } }, false },
    { "%", "1", "100", { { 0, 0 } }, false },
    { "[ppth]", "1", "1000", { { 0, 0 } }, false },
    { "[ppm]", "1", "1000000", { { 0, 0 } }, false },
    { "[ppb]", "1", "1000000000", { { 0, 0 } }, false },
    { "10*", "10", "1", { { 0, 0 } }, false },
    { "10^", "10", "1", { { 0, 0 } }, false },
};

static const struct prefix {
    const char *symbol;
    int power; /* of ten */
} PREFIXES[] = {
    { "da", 1 }, { "Y", 24 },  { "Z", 21 },  { "E", 18 },  { "P", 15 },  { "T", 12 },  { "G", 9 },
    { "M", 6 },  { "k", 3 },   { "h", 2 },   { "d", -1 },  { "c", -2 },  { "m", -3 },  { "u", -6 },
    { "n", -9 }, { "p", -12 }, { "f", -15 }, { "a", -18 }, { "z", -21 }, { "y", -24 },
};

static const char *const BASES[QUANTITY_DIMENSIONS] = {
    "m", "s", "g", "K", "C", "cd", "rad", "mol", "[iU]", "Cel", "[degF]", "[pH]", "month",
};

struct unit_reader {
    struct str text;
    size_t at;
    int parentheses;
};

static struct quantity_scale one(void)
{
    return (struct quantity_scale){ .numerator = decimal_of_int(1),
                                    .denominator = decimal_of_int(1) };
}

static bool multiply_scale(struct quantity_scale *out, const struct quantity_scale *factor,
                           int power)
{
    int times = power < 0 ? -power : power;
    if (times > MOST_POWER)
        return false;
    const struct decimal *up = power < 0 ? &factor->denominator : &factor->numerator;
    const struct decimal *down = power < 0 ? &factor->numerator : &factor->denominator;
    for (int i = 0; i < times; i++)
        if (!decimal_multiply(&out->numerator, &out->numerator, up) ||
            !decimal_multiply(&out->denominator, &out->denominator, down))
            return false;
    for (int d = 0; d < QUANTITY_DIMENSIONS; d++) {
        out->powers[d] += factor->powers[d] * power;
        if (out->powers[d] > MOST_POWER || out->powers[d] < -MOST_POWER)
            return false;
    }
    return true;
}

static const struct atom *find_atom(struct str symbol)
{
    for (size_t i = 0; i < COUNT(ATOMS); i++)
        if (str_is(symbol, ATOMS[i].symbol))
            return &ATOMS[i];
    return NULL;
}

/* Whole symbols first ("min", "cd"), then a prefix before a metric atom ("mg"). */
static const struct atom *find_unit(struct str symbol, int *power)
{
    *power = 0;
    const struct atom *atom = find_atom(symbol);
    for (size_t i = 0; !atom && i < COUNT(PREFIXES); i++) {
        struct str prefix = str_of(PREFIXES[i].symbol);
        if (!str_starts(symbol, prefix))
            continue;
        atom = find_atom(str_slice(symbol, prefix.len, symbol.len));
        if (atom && !atom->is_metric)
            atom = NULL;
        *power = PREFIXES[i].power;
    }
    return atom;
}

static bool scale_of_symbol(struct quantity_scale *out, struct str symbol)
{
    int power;
    const struct atom *atom = find_unit(symbol, &power);
    if (!atom)
        return false;
    struct quantity_scale ten = one();
    ten.numerator = decimal_of_int(10);
    *out = one();
    if (!decimal_parse(&out->numerator, str_of(atom->numerator)) ||
        !decimal_parse(&out->denominator, str_of(atom->denominator)))
        return false;
    for (size_t i = 0; i < COUNT(atom->powers); i++)
        out->powers[atom->powers[i].dimension] += atom->powers[i].power;
    for (int i = 0; i < (power < 0 ? -power : power); i++)
        if (!multiply_scale(out, &ten, power < 0 ? -1 : 1))
            return false;
    return true;
}

static char peek(const struct unit_reader *reader)
{
    return reader->at < reader->text.len ? reader->text.data[reader->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [+-]digits, if they stand here; else 1. */
static bool read_power(struct unit_reader *reader, int *power)
{
    size_t begin = reader->at;
    bool is_signed = peek(reader) == '-' || peek(reader) == '+';
    size_t digits = begin + is_signed, end = digits;
    while (end < reader->text.len && is_digit(reader->text.data[end]))
        end++;
    *power = 1;
    if (end == begin)
        return true;
    if (!str_to_int(power, str_slice(reader->text, digits, end)) || *power > MOST_POWER)
        return false;
    if (reader->text.data[begin] == '-')
        *power = -*power;
    reader->at = end;
    return true;
}

/* A symbol ends before an operator, an exponent or an annotation; brackets belong to it, and so do
 * 10* and 10^. */
static struct str read_symbol(struct unit_reader *reader)
{
    size_t begin = reader->at;
    struct str rest = str_slice(reader->text, begin, reader->text.len);
    if (str_starts(rest, STR("10*")) || str_starts(rest, STR("10^"))) {
        reader->at += 3;
        return str_slice(rest, 0, 3);
    }
    bool is_bracket = false;
    for (; reader->at < reader->text.len; reader->at++) {
        char c = peek(reader);
        is_bracket = c == '[' || (is_bracket && c != ']');
        if (!is_bracket && c != ']' &&
            (c == '.' || c == '/' || c == '(' || c == ')' || c == '{' || c == '-' || c == '+' ||
             is_digit(c)))
            break;
    }
    return str_slice(reader->text, begin, reader->at);
}

static bool read_annotation(struct unit_reader *reader)
{
    if (peek(reader) != '{')
        return true;
    size_t end = str_find(reader->text, '}', reader->at);
    if (end == reader->text.len)
        return false;
    reader->at = end + 1;
    return true;
}

/* A plain whole number as a factor, e.g. the 24 of /(24.h). */
static bool read_number(struct unit_reader *reader, struct quantity_scale *out)
{
    size_t begin = reader->at;
    while (is_digit(peek(reader)))
        reader->at++;
    *out = one();
    return decimal_parse(&out->numerator, str_slice(reader->text, begin, reader->at));
}

static bool read_component(struct unit_reader *reader, struct quantity_scale *out)
{
    struct str rest = str_slice(reader->text, reader->at, reader->text.len);
    bool is_ten = str_starts(rest, STR("10*")) || str_starts(rest, STR("10^"));
    if (is_digit(peek(reader)) && !is_ten)
        return read_number(reader, out) && read_annotation(reader);
    *out = one();
    if (peek(reader) == '{')
        return read_annotation(reader);
    struct quantity_scale unit;
    int power;
    if (!scale_of_symbol(&unit, read_symbol(reader)) || !read_power(reader, &power))
        return false;
    return multiply_scale(out, &unit, power) && read_annotation(reader);
}

/* component (. or / component)*, a parenthesis standing for a term; one level of C recursion a
 * parenthesis. */
static bool read_term(struct unit_reader *reader, struct quantity_scale *out)
{
    *out = one();
    int power = 1;
    if (peek(reader) == '/') {
        reader->at++;
        power = -1;
    }
    for (;;) {
        struct quantity_scale part;
        if (peek(reader) == '(') {
            reader->at++;
            if (++reader->parentheses > MOST_PARENTHESES || !read_term(reader, &part) ||
                peek(reader) != ')')
                return false;
            reader->at++;
        } else if (!read_component(reader, &part))
            return false;
        if (!multiply_scale(out, &part, power))
            return false;
        if (peek(reader) != '.' && peek(reader) != '/')
            return true;
        power = peek(reader) == '/' ? -1 : 1;
        reader->at++;
    }
}

bool quantity_scale_parse(struct quantity_scale *out, struct str unit)
{
    struct unit_reader reader = { .text = unit.len ? unit : STR("1") };
    if (unit.len > MOST_UNIT_BYTES || !read_term(&reader, out) || reader.at != reader.text.len)
        return false;
    decimal_normalize(&out->numerator);
    decimal_normalize(&out->denominator);
    return out->numerator.count > 0 && out->denominator.count > 0;
}

static bool same_dimensions(const struct quantity_scale *a, const struct quantity_scale *b)
{
    for (int d = 0; d < QUANTITY_DIMENSIONS; d++)
        if (a->powers[d] != b->powers[d])
            return false;
    return true;
}

static bool is_unit_one(struct str unit)
{
    return unit.len == 0 || str_is(unit, "1");
}

enum quantity_order quantity_compare(const struct quantity *a, const struct quantity *b)
{
    if (str_equal(a->unit, b->unit) || (is_unit_one(a->unit) && is_unit_one(b->unit)))
        return (enum quantity_order)decimal_compare(&a->value, &b->value);
    struct quantity_scale x, y;
    if (!quantity_scale_parse(&x, a->unit) || !quantity_scale_parse(&y, b->unit) ||
        !same_dimensions(&x, &y))
        return QUANTITY_INCOMPARABLE;
    struct decimal left = a->value, right = b->value;
    if (!decimal_multiply(&left, &left, &x.numerator) ||
        !decimal_multiply(&left, &left, &y.denominator) ||
        !decimal_multiply(&right, &right, &y.numerator) ||
        !decimal_multiply(&right, &right, &x.denominator))
        return QUANTITY_INCOMPARABLE;
    return (enum quantity_order)decimal_compare(&left, &right);
}

/* A calendar month as the mean month of UCUM. */
static bool flatten_calendar(struct quantity_scale *scale)
{
    int power = scale->powers[QUANTITY_CALENDAR_MONTH];
    struct quantity_scale month = one();
    month.numerator = decimal_of_int(2629800);
    month.powers[QUANTITY_SECOND] = 1;
    scale->powers[QUANTITY_CALENDAR_MONTH] = 0;
    return multiply_scale(scale, &month, power);
}

bool quantity_convert(struct decimal *out, const struct quantity *quantity, struct str unit)
{
    if (str_equal(quantity->unit, unit)) {
        *out = quantity->value;
        return true;
    }
    struct quantity_scale from, to;
    struct decimal value = quantity->value;
    if (!quantity_scale_parse(&from, quantity->unit) || !quantity_scale_parse(&to, unit) ||
        !flatten_calendar(&from) || !flatten_calendar(&to) || !same_dimensions(&from, &to) ||
        !multiply_scale(&to, &from, -1))
        return false;
    return decimal_multiply(&value, &value, &to.denominator) &&
           decimal_divide(out, &value, &to.numerator);
}

bool quantity_multiply(struct quantity *out, const struct quantity *a, const struct quantity *b,
                       struct arena *arena)
{
    struct quantity result;
    if (!decimal_multiply(&result.value, &a->value, &b->value))
        return false;
    if (is_unit_one(a->unit) || is_unit_one(b->unit))
        result.unit = is_unit_one(a->unit) ? b->unit : a->unit;
    else
        result.unit = str_print(arena, STR_FMT "." STR_FMT, STR_ARG(a->unit), STR_ARG(b->unit));
    *out = result;
    return true;
}

bool quantity_divide(struct quantity *out, const struct quantity *a, const struct quantity *b,
                     struct arena *arena)
{
    struct quantity result;
    if (!decimal_divide(&result.value, &a->value, &b->value))
        return false;
    if (str_equal(a->unit, b->unit))
        result.unit = STR("1");
    else if (is_unit_one(b->unit))
        result.unit = a->unit;
    else
        result.unit = str_print(arena, STR_FMT "/(" STR_FMT ")",
                                STR_ARG(a->unit.len ? a->unit : STR("1")), STR_ARG(b->unit));
    *out = result;
    return true;
}

double quantity_canonical(struct str unit, struct str *base, struct arena *arena)
{
    struct quantity_scale scale;
    *base = unit;
    if (!quantity_scale_parse(&scale, unit))
        return 1;
    struct buf text;
    buf_init(&text, arena, 4L * MOST_UNIT_BYTES);
    for (int d = 0; d < QUANTITY_DIMENSIONS; d++) {
        if (scale.powers[d] == 0)
            continue;
        buf_print(&text, "%s%s", text.len ? "." : "", BASES[d]);
        if (scale.powers[d] != 1)
            buf_print(&text, "%d", scale.powers[d]);
    }
    *base = text.len ? buf_str(&text) : STR("1");
    return decimal_to_double(&scale.numerator) / decimal_to_double(&scale.denominator);
}
