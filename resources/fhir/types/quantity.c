/* quantity.c - quantities compared, converted and multiplied: UCUM units by their scale, calendar
 * words by the calendar. */
#include "resources/fhir/types/quantity.h"

#include "resources/base/arena.h"

/* What the calendar's words are worth among each other, and the UCUM unit that each goes with. */
static const struct calendar {
    const char *code; /* of UCUM */
    bool is_definite; /* the UCUM unit is as long */
    int months;       /* 0: shorter than a month */
    int64_t milliseconds;
} CALENDAR[] = {
    [DATE_UNIT_YEAR] = { "a", false, 12, INT64_C(365) * 86400000 },
    [DATE_UNIT_MONTH] = { "mo", false, 1, INT64_C(30) * 86400000 },
    [DATE_UNIT_WEEK] = { "wk", true, 0, INT64_C(7) * 86400000 },
    [DATE_UNIT_DAY] = { "d", true, 0, 86400000 },
    [DATE_UNIT_HOUR] = { "h", true, 0, 3600000 },
    [DATE_UNIT_MINUTE] = { "min", true, 0, 60000 },
    [DATE_UNIT_SECOND] = { "s", true, 0, 1000 },
    [DATE_UNIT_MILLISECOND] = { "ms", true, 0, 1 },
};

/* Two units that can be compared: one of the unit is up / down of what both are counted in. */
struct meeting {
    enum { MEETING_NONE, MEETING_SAME, MEETING_CALENDAR, MEETING_UCUM } kind;
    int64_t a, b; /* CALENDAR */
    struct ucum_scale x, y;
};

struct str quantity_calendar_unit(enum date_unit unit)
{
    return str_of(date_unit_name(unit));
}

bool quantity_is_calendar(struct str unit, enum date_unit *out)
{
    return unit.len > 0 && date_unit_parse(out, unit) && unit.data == date_unit_name(*out);
}

struct str quantity_as_calendar(struct str unit)
{
    for (size_t i = 0; i < COUNT(CALENDAR); i++)
        if (str_is(unit, CALENDAR[i].code))
            return quantity_calendar_unit((enum date_unit)i);
    return unit;
}

static bool is_unit_one(struct str unit)
{
    return unit.len == 0 || str_is(unit, "1");
}

static void meet_calendar(struct meeting *meeting, enum date_unit a, enum date_unit b)
{
    bool are_months = CALENDAR[a].months && CALENDAR[b].months;
    meeting->kind = MEETING_CALENDAR;
    meeting->a = are_months ? CALENDAR[a].months : CALENDAR[a].milliseconds;
    meeting->b = are_months ? CALENDAR[b].months : CALENDAR[b].milliseconds;
}

static void meet(struct meeting *meeting, struct str a, struct str b, const struct ucum *units)
{
    enum date_unit x, y;
    bool is_x = quantity_is_calendar(a, &x), is_y = quantity_is_calendar(b, &y);
    meeting->kind = MEETING_NONE;
    if (is_x && is_y) {
        meet_calendar(meeting, x, y);
    } else if (!is_x && !is_y && (str_equal(a, b) || (is_unit_one(a) && is_unit_one(b)))) {
        meeting->kind = MEETING_SAME;
    } else if ((!is_x || CALENDAR[x].is_definite) && (!is_y || CALENDAR[y].is_definite)) {
        bool is_known = ucum_parse(&meeting->x, is_x ? str_of(CALENDAR[x].code) : a, units) &&
                        ucum_parse(&meeting->y, is_y ? str_of(CALENDAR[y].code) : b, units);
        bool is_vague = is_known && ((is_x && meeting->y.is_calendar_like) ||
                                     (is_y && meeting->x.is_calendar_like));
        if (is_known && !is_vague && ucum_same_dimension(&meeting->x, &meeting->y))
            meeting->kind = MEETING_UCUM;
    }
}

enum quantity_order quantity_compare(const struct quantity *a, const struct quantity *b,
                                     const struct ucum *units)
{
    struct meeting meeting;
    struct decimal x = a->value, y = b->value;
    meet(&meeting, a->unit, b->unit, units);
    if (meeting.kind == MEETING_NONE)
        return QUANTITY_INCOMPARABLE;
    if (meeting.kind == MEETING_UCUM)
        return (enum quantity_order)ucum_compare(&x, &meeting.x, &y, &meeting.y);
    if (meeting.kind == MEETING_CALENDAR) {
        struct decimal of_a = decimal_of_int(meeting.a), of_b = decimal_of_int(meeting.b);
        if (!decimal_multiply(&x, &x, &of_a) || !decimal_multiply(&y, &y, &of_b))
            return QUANTITY_INCOMPARABLE;
    }
    return (enum quantity_order)decimal_compare(&x, &y);
}

bool quantity_convert(struct decimal *out, const struct quantity *quantity, struct str unit,
                      const struct ucum *units)
{
    struct meeting meeting;
    meet(&meeting, quantity->unit, unit, units);
    if (meeting.kind == MEETING_NONE)
        return false;
    if (meeting.kind == MEETING_UCUM)
        return ucum_convert(out, &quantity->value, &meeting.x, &meeting.y);
    struct decimal value = quantity->value;
    if (meeting.kind == MEETING_CALENDAR && meeting.a != meeting.b) {
        struct decimal up = decimal_of_int(meeting.a), down = decimal_of_int(meeting.b);
        if (!decimal_multiply(&value, &value, &up) || !decimal_divide(&value, &value, &down))
            return false;
    }
    *out = value;
    return true;
}

/* How a unit takes part in a product. NUMBER: the scale tells which. */
enum part { PART_ONE, PART_NUMBER, PART_UNIT, PART_CALENDAR, PART_NONE };

static enum part part_of(struct str unit, struct ucum_scale *scale, const struct ucum *units)
{
    enum date_unit word;
    if (is_unit_one(unit))
        return PART_ONE;
    if (quantity_is_calendar(unit, &word))
        return PART_CALENDAR;
    if (!ucum_parse(scale, unit, units))
        return PART_UNIT; /* nothing is known of it: it stays as it is */
    if (scale->special)
        return PART_NONE;
    return ucum_is_number(scale) ? PART_NUMBER : PART_UNIT;
}

/* Counts the number that a unit like % or g/kg is into the value. */
static bool take_number(struct decimal *value, const struct ucum_scale *scale, bool is_divisor)
{
    return decimal_multiply(value, value, is_divisor ? &scale->denominator : &scale->numerator) &&
           decimal_divide(value, value, is_divisor ? &scale->numerator : &scale->denominator);
}

static bool is_number(enum part part)
{
    return part == PART_ONE || part == PART_NUMBER;
}

bool quantity_multiply(struct quantity *out, const struct quantity *a, const struct quantity *b,
                       const struct ucum *units, struct arena *arena)
{
    struct ucum_scale x, y;
    struct quantity result;
    enum part left = part_of(a->unit, &x, units), right = part_of(b->unit, &y, units);
    if (left == PART_NONE || right == PART_NONE ||
        !decimal_multiply(&result.value, &a->value, &b->value))
        return false;
    if (is_number(right))
        result.unit = a->unit;
    else if (is_number(left))
        result.unit = b->unit;
    else if (left == PART_CALENDAR || right == PART_CALENDAR)
        return false;
    else
        result.unit = str_print(arena, STR_FMT "." STR_FMT, STR_ARG(a->unit), STR_ARG(b->unit));
    if (right == PART_NUMBER && left != PART_ONE && !take_number(&result.value, &y, false))
        return false;
    if (right == PART_NUMBER && left == PART_ONE)
        result.unit = b->unit;
    if (left == PART_NUMBER && !is_number(right) && !take_number(&result.value, &x, false))
        return false;
    *out = result;
    return true;
}

/* As a divisor: in parentheses when it is more than one unit. */
static struct str print_quotient(struct str up, struct str down, struct arena *arena)
{
    bool is_compound = str_find(down, '.', 0) < down.len || str_find(down, '/', 0) < down.len;
    return str_print(arena, is_compound ? STR_FMT "/(" STR_FMT ")" : STR_FMT "/" STR_FMT,
                     STR_ARG(up.len ? up : STR("1")), STR_ARG(down));
}

bool quantity_divide(struct quantity *out, const struct quantity *a, const struct quantity *b,
                     const struct ucum *units, struct arena *arena)
{
    struct ucum_scale x, y;
    struct quantity result;
    enum part left = part_of(a->unit, &x, units), right = part_of(b->unit, &y, units);
    if (left == PART_NONE || right == PART_NONE || right == PART_CALENDAR ||
        !decimal_divide(&result.value, &a->value, &b->value))
        return false;
    if (str_equal(a->unit, b->unit))
        result.unit = STR("1");
    else if (is_number(right))
        result.unit = a->unit;
    else if (left == PART_CALENDAR)
        return false;
    else
        result.unit = print_quotient(a->unit, b->unit, arena);
    if (right == PART_NUMBER && !str_equal(a->unit, b->unit) &&
        !take_number(&result.value, &y, true))
        return false;
    *out = result;
    return true;
}
