/* ucum.c - reads UCUM expressions against the table of units, and converts exactly. */
#include "resources/fhir/types/ucum.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/map.h"

enum { MOST_PREFIXES = 64 };

/* A row as it is used. scale is that of one unit without a prefix. */
struct ucum_atom {
    struct str code;
    size_t place; /* in the table: what powers are sorted by */
    bool is_metric, is_calendar_like;
    struct ucum_scale scale;
};

struct ucum {
    struct arena *arena;
    struct map atoms;
    struct prefix {
        struct str code;
        struct decimal factor;
    } prefixes[MOST_PREFIXES];
    size_t prefix_count;
};

/* One expression being read. */
struct reader {
    const struct ucum *units;
    struct str text;
    size_t at;
    int depth;
    size_t atoms; /* read so far */
};

struct ucum *ucum_new(struct arena *arena)
{
    struct ucum *units = arena_alloc(arena, sizeof *units);
    units->arena = arena;
    map_init(&units->atoms, arena);
    return units;
}

static void set_one(struct ucum_scale *scale)
{
    scale->numerator = scale->denominator = scale->prefix = decimal_of_int(1);
    scale->power_count = 0;
    scale->special = NULL;
    scale->is_calendar_like = false;
}

/* Puts base^exponent in; false when that is too much. */
static bool add_power(struct ucum_scale *scale, const struct ucum_atom *base, int exponent)
{
    size_t at = 0;
    while (at < scale->power_count && scale->powers[at].base->place < base->place)
        at++;
    bool is_there = at < scale->power_count && scale->powers[at].base == base;
    int sum = exponent + (is_there ? scale->powers[at].exponent : 0);
    if (sum > UCUM_MOST_EXPONENT || sum < -UCUM_MOST_EXPONENT)
        return false;
    if (is_there && sum == 0) {
        for (scale->power_count--; at < scale->power_count; at++)
            scale->powers[at] = scale->powers[at + 1];
        return true;
    }
    if (!is_there && sum != 0) {
        if (scale->power_count == UCUM_MOST_POWERS)
            return false;
        for (size_t i = scale->power_count++; i > at; i--)
            scale->powers[i] = scale->powers[i - 1];
        scale->powers[at].base = base;
    }
    if (sum != 0)
        scale->powers[at].exponent = sum;
    return true;
}

static bool multiply_scale(struct ucum_scale *out, const struct ucum_scale *factor, int exponent)
{
    int times = exponent < 0 ? -exponent : exponent;
    const struct decimal *up = exponent < 0 ? &factor->denominator : &factor->numerator;
    const struct decimal *down = exponent < 0 ? &factor->numerator : &factor->denominator;
    if (times > UCUM_MOST_EXPONENT)
        return false;
    for (int i = 0; i < times; i++)
        if (!decimal_multiply(&out->numerator, &out->numerator, up) ||
            !decimal_multiply(&out->denominator, &out->denominator, down))
            return false;
    for (size_t i = 0; i < factor->power_count && exponent != 0; i++)
        if (!add_power(out, factor->powers[i].base, factor->powers[i].exponent * exponent))
            return false;
    out->is_calendar_like |= factor->is_calendar_like;
    return true;
}

/* "g:1 m:-3" into the scale. */
static bool read_powers(struct ucum_scale *scale, struct str text, const struct ucum *units)
{
    while (text.len > 0) {
        struct str number = str_cut(&text, ' ');
        struct str code = str_cut(&number, ':');
        const struct ucum_atom *base = map_find(&units->atoms, code);
        bool is_negative = str_starts(number, STR("-"));
        int exponent;
        if (!base || !str_to_int(&exponent, str_slice(number, is_negative, number.len)) ||
            !add_power(scale, base, is_negative ? -exponent : exponent))
            return false;
    }
    return true;
}

/* UCUM has four years and months of different length; none of them is the calendar's. */
static bool is_calendar_like(struct str code)
{
    return str_is(code, "a") || str_is(code, "mo") || str_starts(code, STR("a_")) ||
           str_starts(code, STR("mo_"));
}

bool ucum_add_unit(struct ucum *units, const struct ucum_unit *unit)
{
    struct ucum_atom *atom = arena_alloc(units->arena, sizeof *atom);
    atom->code = unit->code;
    atom->place = units->atoms.count;
    atom->is_metric = unit->is_metric;
    set_one(&atom->scale);
    atom->scale.is_calendar_like = is_calendar_like(unit->code);
    bool is_base = unit->numerator.len == 0;
    if (is_base)
        add_power(&atom->scale, atom, 1);
    else if (!decimal_parse(&atom->scale.numerator, unit->numerator) ||
             !decimal_parse(&atom->scale.denominator, unit->denominator) ||
             atom->scale.numerator.count == 0 || atom->scale.denominator.count == 0 ||
             !read_powers(&atom->scale, unit->powers, units))
        return false;
    if (unit->special.len > 0 && !(atom->scale.special = ucum_special_find(unit->special)))
        return false;
    if (unit->code.len == 0 || map_find(&units->atoms, unit->code))
        return false;
    map_set(&units->atoms, unit->code, atom);
    return true;
}

bool ucum_add_prefix(struct ucum *units, struct str code, struct str factor)
{
    if (units->prefix_count == MOST_PREFIXES ||
        !decimal_parse(&units->prefixes[units->prefix_count].factor, factor))
        return false;
    units->prefixes[units->prefix_count++].code = code;
    return true;
}

/* Whole symbols first ("min", "cd"), then a prefix before a metric unit ("mg"). */
static const struct ucum_atom *find_atom(const struct ucum *units, struct str symbol,
                                         const struct decimal **prefix)
{
    *prefix = NULL;
    const struct ucum_atom *atom = map_find(&units->atoms, symbol);
    for (size_t i = 0; i < units->prefix_count && !atom; i++) {
        struct str code = units->prefixes[i].code;
        if (!str_starts(symbol, code))
            continue;
        atom = map_find(&units->atoms, str_slice(symbol, code.len, symbol.len));
        if (atom && !atom->is_metric)
            atom = NULL;
        *prefix = &units->prefixes[i].factor;
    }
    return atom;
}

static char peek(const struct reader *reader)
{
    return reader->at < reader->text.len ? reader->text.data[reader->at] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* [+-]digits, if they stand here; else 1. */
static bool read_exponent(struct reader *reader, int *exponent)
{
    size_t begin = reader->at;
    bool is_signed = peek(reader) == '-' || peek(reader) == '+';
    size_t digits = begin + is_signed, end = digits;
    while (end < reader->text.len && is_digit(reader->text.data[end]))
        end++;
    *exponent = 1;
    if (end == begin)
        return true;
    if (!str_to_int(exponent, str_slice(reader->text, digits, end)) ||
        *exponent > UCUM_MOST_EXPONENT)
        return false;
    if (reader->text.data[begin] == '-')
        *exponent = -*exponent;
    reader->at = end;
    return true;
}

static bool is_ten(const struct reader *reader)
{
    struct str rest = str_slice(reader->text, reader->at, reader->text.len);
    return str_starts(rest, STR("10*")) || str_starts(rest, STR("10^"));
}

/* A symbol ends before an operator, an exponent or an annotation; brackets belong to it, and so do
 * 10* and 10^. */
static struct str read_symbol(struct reader *reader)
{
    const struct str ends = STR("./(){}+-");
    size_t begin = reader->at;
    bool is_bracket = false;
    if (is_ten(reader)) {
        reader->at += 3;
        return str_slice(reader->text, begin, reader->at);
    }
    for (; reader->at < reader->text.len; reader->at++) {
        char c = peek(reader);
        if (!is_bracket && (is_digit(c) || str_find(ends, c, 0) < ends.len))
            break;
        is_bracket = c == '[' || (is_bracket && c != ']');
    }
    return str_slice(reader->text, begin, reader->at);
}

/* {anything printable}, if it stands here. */
static bool read_annotation(struct reader *reader)
{
    if (peek(reader) != '{')
        return true;
    for (reader->at++; peek(reader) != '}'; reader->at++)
        if (peek(reader) <= ' ' || peek(reader) > '~' || peek(reader) == '{')
            return false;
    reader->at++;
    return true;
}

/* A plain whole number as a factor, e.g. the 24 of /(24.h). */
static bool read_number(struct reader *reader, struct ucum_scale *out)
{
    size_t begin = reader->at;
    while (is_digit(peek(reader)))
        reader->at++;
    return decimal_parse(&out->numerator, str_slice(reader->text, begin, reader->at)) &&
           out->numerator.count > 0;
}

static bool read_unit(struct reader *reader, struct ucum_scale *out)
{
    const struct decimal *prefix;
    int exponent;
    struct str symbol = read_symbol(reader);
    const struct ucum_atom *atom = find_atom(reader->units, symbol, &prefix);
    if (!atom || !read_exponent(reader, &exponent))
        return false;
    reader->atoms++;
    if (atom->scale.special) {
        *out = atom->scale;
        out->prefix = prefix ? *prefix : decimal_of_int(1);
        return exponent == 1;
    }
    struct ucum_scale unit = atom->scale;
    if (prefix && !decimal_multiply(&unit.numerator, &unit.numerator, prefix))
        return false;
    return multiply_scale(out, &unit, exponent);
}

static bool read_term(struct reader *reader, struct ucum_scale *out);

static bool read_component(struct reader *reader, struct ucum_scale *out)
{
    set_one(out);
    if (peek(reader) == '(') {
        reader->at++;
        if (++reader->depth > UCUM_MOST_DEPTH || !read_term(reader, out) || peek(reader) != ')')
            return false;
        reader->depth--;
        reader->at++;
        return true;
    }
    if (peek(reader) == '{')
        return read_annotation(reader);
    if (is_digit(peek(reader)) && !is_ten(reader))
        return read_number(reader, out) && read_annotation(reader);
    return read_unit(reader, out) && read_annotation(reader);
}

/* component (. or / component)*; one level of C recursion a parenthesis. A special unit takes no
 * part in a product. */
static bool read_term(struct reader *reader, struct ucum_scale *out)
{
    set_one(out);
    bool is_first = peek(reader) != '/';
    int sign = 1;
    if (!is_first)
        sign = -1, reader->at++;
    for (;; is_first = false) {
        struct ucum_scale part;
        if (!read_component(reader, &part))
            return false;
        bool is_last = peek(reader) != '.' && peek(reader) != '/';
        if (part.special) {
            *out = part;
            return is_first && is_last;
        }
        if (!multiply_scale(out, &part, sign))
            return false;
        if (is_last)
            return true;
        sign = peek(reader) == '/' ? -1 : 1;
        reader->at++;
    }
}

bool ucum_parse(struct ucum_scale *out, struct str unit, const struct ucum *units)
{
    struct reader reader = { .units = units, .text = unit.len ? unit : STR("1") };
    if (!units || unit.len > UCUM_MOST_BYTES || !read_term(&reader, out) ||
        reader.at != reader.text.len)
        return false;
    decimal_normalize(&out->numerator);
    decimal_normalize(&out->denominator);
    return true;
}

bool ucum_is_valid(struct str unit, const struct ucum *units)
{
    struct ucum_scale scale;
    return unit.len > 0 && ucum_parse(&scale, unit, units);
}

bool ucum_same_dimension(const struct ucum_scale *a, const struct ucum_scale *b)
{
    if (a->power_count != b->power_count)
        return false;
    for (size_t i = 0; i < a->power_count; i++)
        if (a->powers[i].base != b->powers[i].base ||
            a->powers[i].exponent != b->powers[i].exponent)
            return false;
    return true;
}

bool ucum_is_number(const struct ucum_scale *scale)
{
    return scale->power_count == 0 && !scale->special;
}

/* The value on the ratio scale whose factor the scale tells. */
static bool to_ratio(struct decimal *out, const struct decimal *value,
                     const struct ucum_scale *scale)
{
    *out = *value;
    return !scale->special || (decimal_multiply(out, out, &scale->prefix) &&
                               ucum_special_to(out, out, scale->special));
}

int ucum_compare(const struct decimal *a, const struct ucum_scale *of_a, const struct decimal *b,
                 const struct ucum_scale *of_b)
{
    struct decimal left, right;
    if (!to_ratio(&left, a, of_a) || !to_ratio(&right, b, of_b) ||
        !decimal_multiply(&left, &left, &of_a->numerator) ||
        !decimal_multiply(&left, &left, &of_b->denominator) ||
        !decimal_multiply(&right, &right, &of_b->numerator) ||
        !decimal_multiply(&right, &right, &of_a->denominator))
        return 2;
    return decimal_compare(&left, &right);
}

bool ucum_convert(struct decimal *out, const struct decimal *value, const struct ucum_scale *from,
                  const struct ucum_scale *to)
{
    struct decimal up, down, result;
    if (!to_ratio(&result, value, from) ||
        !decimal_multiply(&up, &from->numerator, &to->denominator) ||
        !decimal_multiply(&down, &from->denominator, &to->numerator) ||
        !decimal_multiply(&result, &result, &up) || !decimal_divide(&result, &result, &down))
        return false;
    if (to->special && (!ucum_special_from(&result, &result, to->special) ||
                        !decimal_divide(&result, &result, &to->prefix)))
        return false;
    *out = result;
    return true;
}

struct str ucum_print_powers(const struct ucum_scale *scale, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, 4096);
    for (size_t i = 0; i < scale->power_count; i++)
        buf_print(&text, "%s" STR_FMT ":%d", i ? " " : "", STR_ARG(scale->powers[i].base->code),
                  scale->powers[i].exponent);
    return buf_str(&text);
}

double ucum_canonical(struct str unit, struct str *base, const struct ucum *units,
                      struct arena *arena)
{
    struct ucum_scale scale;
    *base = unit;
    if (!ucum_parse(&scale, unit, units) || scale.special)
        return 1;
    struct buf text;
    buf_init(&text, arena, 4096);
    for (size_t i = 0; i < scale.power_count; i++) {
        buf_print(&text, "%s" STR_FMT, i ? "." : "", STR_ARG(scale.powers[i].base->code));
        if (scale.powers[i].exponent != 1)
            buf_print(&text, "%d", scale.powers[i].exponent);
    }
    *base = text.len ? buf_str(&text) : STR("1");
    return decimal_to_double(&scale.numerator) / decimal_to_double(&scale.denominator);
}
