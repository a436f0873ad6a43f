/* date.c - reading, comparing, shifting dates and the span of time they cover. */
#include "resources/fhir/types/date.h"

#include <assert.h>
#include <stdio.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/decimal.h"

#define MICROSECONDS INT64_C(1000000)
#define NANOSECONDS INT64_C(1000000000)
enum { MINUTES_A_DAY = 24 * 60, SECONDS_A_DAY = 86400, MOST_ZONE = 14 * 60, LEAST_ZONE = -12 * 60 };

/* Where each part stands in a literal: the character before it, its digits, its bounds. Seconds may
 * be 60 in a leap second, which FHIR's own form allows. */
static const struct part {
    char before;
    int digits, least, most;
} PARTS[] = {
    [DATE_YEAR] = { 0, 4, 1, 9999 },   [DATE_MONTH] = { '-', 2, 1, 12 },
    [DATE_DAY] = { '-', 2, 1, 31 },    [DATE_HOUR] = { 'T', 2, 0, 23 },
    [DATE_MINUTE] = { ':', 2, 0, 59 }, [DATE_SECOND] = { ':', 2, 0, 60 },
};

/* What each form asks for: coarsest and finest precision, whether a time must reach the second, and
 * its zone. */
static const struct form {
    enum date_precision coarsest, finest;
    bool is_time, needs_zone, takes_zone, needs_second, takes_leap;
} FORMS[] = {
    [DATE_FORM_DATE] = { DATE_YEAR, DATE_DAY, false, false, false, false, false },
    [DATE_FORM_DATETIME] = { DATE_YEAR, DATE_FRACTION, false, true, true, true, true },
    [DATE_FORM_INSTANT] = { DATE_SECOND, DATE_FRACTION, false, true, true, true, true },
    [DATE_FORM_TIME] = { DATE_SECOND, DATE_FRACTION, true, false, false, true, false },
    [DATE_FORM_PARTIAL] = { DATE_YEAR, DATE_FRACTION, false, false, true, false, true },
    [DATE_FORM_PARTIAL_TIME] = { DATE_HOUR, DATE_FRACTION, true, false, false, false, true },
};

static int days_in_month(int year, int month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970-01-01 in the Gregorian calendar, counted in eras of 400 years that begin in
 * March. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void set_day(struct date *date, int64_t days)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    date->day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    date->month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    date->year = (int)(year_of_era + era * 400 + (date->month <= 2));
}

static int *part_of(struct date *date, enum date_precision part)
{
    int *parts[] = { &date->year, &date->month,  &date->day,
                     &date->hour, &date->minute, &date->second };
    return parts[part];
}

static bool read_part(int *value, struct str text, size_t *at, const struct part *part,
                      bool is_first)
{
    size_t begin = *at + (!is_first && part->before), end = begin + (size_t)part->digits;
    if (end > text.len || (begin > *at && text.data[*at] != part->before))
        return false;
    int number;
    if (!str_to_int(&number, str_slice(text, begin, end)) || number < part->least ||
        number > part->most)
        return false;
    *value = number;
    *at = end;
    return true;
}

static bool read_fraction(struct date *date, struct str text, size_t *at)
{
    size_t digit = *at + 1;
    int unit = 100000000;
    for (; digit < text.len && text.data[digit] >= '0' && text.data[digit] <= '9'; digit++) {
        date->nanosecond += (text.data[digit] - '0') * unit;
        unit /= 10;
    }
    if (digit == *at + 1)
        return false;
    size_t digits = digit - *at - 1;
    date->fraction_digits = digits > 9 ? 9 : (int)digits;
    date->precision = DATE_FRACTION;
    *at = digit;
    return true;
}

/* Z or +hh:mm to the end of the text. */
static bool read_zone(struct date *date, struct str text, size_t at)
{
    struct str zone = str_slice(text, at, text.len);
    date->has_zone = true;
    if (str_is(zone, "Z"))
        return true;
    int hours, minutes;
    if (zone.len != 6 || (zone.data[0] != '+' && zone.data[0] != '-') || zone.data[3] != ':' ||
        !str_to_int(&hours, str_slice(zone, 1, 3)) || !str_to_int(&minutes, str_slice(zone, 4, 6)))
        return false;
    int offset = hours * 60 + minutes;
    date->zone = zone.data[0] == '-' ? -offset : offset;
    return minutes < 60 && offset <= MOST_ZONE;
}

/* Whether what was read is what the form asks for. */
static bool fits_form(const struct date *date, const struct form *form)
{
    bool has_time = date->precision >= DATE_HOUR;
    if (date->precision < form->coarsest || date->precision > form->finest)
        return false;
    if (has_time && form->needs_second && date->precision < DATE_SECOND)
        return false;
    if (date->second == 60 && !form->takes_leap)
        return false;
    return !has_time || (form->needs_zone ? date->has_zone : form->takes_zone || !date->has_zone);
}

bool date_parse(struct date *out, struct str text, enum date_form form)
{
    const struct form *rules = &FORMS[form];
    struct date date = { .is_time = rules->is_time, .year = 1, .month = 1, .day = 1 };
    size_t at = 0;
    enum date_precision first = rules->is_time ? DATE_HOUR : DATE_YEAR, part = first;
    for (; part <= DATE_SECOND && part <= rules->finest; part++) {
        if (!read_part(part_of(&date, part), text, &at, &PARTS[part], part == first))
            break;
        date.precision = part;
    }
    if (part == first || date.day > days_in_month(date.year, date.month))
        return false;
    if (date.precision == DATE_SECOND && at < text.len && text.data[at] == '.' &&
        !read_fraction(&date, text, &at))
        return false;
    /* FHIRPath marks a dateTime without a time by a bare T (@2015T). */
    if (form == DATE_FORM_PARTIAL && date.precision < DATE_HOUR && at + 1 == text.len &&
        text.data[at] == 'T')
        at++;
    if (at < text.len && (date.precision < DATE_HOUR || !read_zone(&date, text, at)))
        return false;
    if (!fits_form(&date, rules))
        return false;
    *out = date;
    return true;
}

struct str date_print(const struct date *date, struct arena *arena)
{
    char text[64];
    size_t at = 0;
    for (enum date_precision part = date->is_time ? DATE_HOUR : DATE_YEAR;
         part <= date->precision && part <= DATE_SECOND; part++) {
        if (PARTS[part].before && at > 0)
            text[at++] = PARTS[part].before;
        struct date copy = *date;
        at += (size_t)snprintf(text + at, sizeof text - at, "%0*d", PARTS[part].digits,
                               *part_of(&copy, part));
    }
    if (date->precision == DATE_FRACTION) {
        char digits[16];
        snprintf(digits, sizeof digits, "%09d", date->nanosecond);
        at += (size_t)snprintf(text + at, sizeof text - at, ".%.*s", date->fraction_digits, digits);
    }
    int offset = date->zone < 0 ? -date->zone : date->zone;
    if (date->has_zone && offset == 0)
        text[at++] = 'Z';
    else if (date->has_zone)
        at += (size_t)snprintf(text + at, sizeof text - at, "%c%02d:%02d",
                               date->zone < 0 ? '-' : '+', offset / 60, offset % 60);
    return str_copy(arena, (struct str){ text, at });
}

/* Seconds since 1970 of the local reading of the date. */
static int64_t local_seconds(const struct date *date)
{
    return days_of(date->year, date->month, date->day) * SECONDS_A_DAY + date->hour * 3600 +
           date->minute * 60 + date->second;
}

static void set_seconds(struct date *date, int64_t seconds)
{
    int64_t days = seconds / SECONDS_A_DAY, rest = seconds % SECONDS_A_DAY;
    if (rest < 0) {
        rest += SECONDS_A_DAY;
        days--;
    }
    set_day(date, days);
    date->hour = (int)(rest / 3600);
    date->minute = (int)(rest / 60 % 60);
    date->second = (int)(rest % 60);
}

static struct date in_utc(const struct date *date)
{
    struct date utc = *date;
    if (date->has_zone && date->zone != 0)
        set_seconds(&utc, local_seconds(date) - date->zone * 60);
    utc.zone = 0;
    return utc;
}

/* Part by part down to the coarser precision; seconds and their fraction are one part. */
static enum date_order compare_parts(struct date *a, struct date *b)
{
    enum date_precision x = a->precision == DATE_FRACTION ? DATE_SECOND : a->precision;
    enum date_precision y = b->precision == DATE_FRACTION ? DATE_SECOND : b->precision;
    for (enum date_precision part = DATE_YEAR; part <= x && part <= y; part++) {
        int left = *part_of(a, part), right = *part_of(b, part);
        if (left != right)
            return left < right ? DATE_BEFORE : DATE_AFTER;
    }
    if (x != y)
        return DATE_UNCERTAIN;
    if (a->nanosecond != b->nanosecond)
        return a->nanosecond < b->nanosecond ? DATE_BEFORE : DATE_AFTER;
    return DATE_SAME;
}

/* One has a time but no zone, the other a zone: certain only when no zone on earth could turn the
 * order. */
static enum date_order compare_across_zones(const struct date *a, const struct date *b)
{
    int64_t a_low, a_high, b_low, b_high;
    date_range(a, &a_low, &a_high);
    date_range(b, &b_low, &b_high);
    int64_t earliest = MOST_ZONE * 60 * MICROSECONDS, latest = -LEAST_ZONE * 60 * MICROSECONDS;
    a_low -= a->has_zone ? 0 : earliest;
    a_high += a->has_zone ? 0 : latest;
    b_low -= b->has_zone ? 0 : earliest;
    b_high += b->has_zone ? 0 : latest;
    if (a_high <= b_low)
        return DATE_BEFORE;
    return b_high <= a_low ? DATE_AFTER : DATE_UNCERTAIN;
}

enum date_order date_compare(const struct date *a, const struct date *b)
{
    assert(a->is_time == b->is_time);
    bool both_have_time = a->precision >= DATE_HOUR && b->precision >= DATE_HOUR;
    if (both_have_time && a->has_zone != b->has_zone)
        return compare_across_zones(a, b);
    struct date x = both_have_time ? in_utc(a) : *a, y = both_have_time ? in_utc(b) : *b;
    return compare_parts(&x, &y);
}

bool date_equivalent(const struct date *a, const struct date *b)
{
    if (a->is_time != b->is_time || a->has_zone != b->has_zone)
        return false;
    return date_compare(a, b) == DATE_SAME;
}

static const struct unit {
    const char *name, *plural;
    enum date_precision precision;
} UNITS[] = {
    [DATE_UNIT_YEAR] = { "year", "years", DATE_YEAR },
    [DATE_UNIT_MONTH] = { "month", "months", DATE_MONTH },
    [DATE_UNIT_WEEK] = { "week", "weeks", DATE_DAY },
    [DATE_UNIT_DAY] = { "day", "days", DATE_DAY },
    [DATE_UNIT_HOUR] = { "hour", "hours", DATE_HOUR },
    [DATE_UNIT_MINUTE] = { "minute", "minutes", DATE_MINUTE },
    [DATE_UNIT_SECOND] = { "second", "seconds", DATE_SECOND },
    [DATE_UNIT_MILLISECOND] = { "millisecond", "milliseconds", DATE_FRACTION },
};

bool date_unit_parse(enum date_unit *out, struct str word)
{
    for (size_t i = 0; i < COUNT(UNITS); i++)
        if (str_is(word, UNITS[i].name) || str_is(word, UNITS[i].plural)) {
            *out = (enum date_unit)i;
            return true;
        }
    return false;
}

const char *date_unit_name(enum date_unit unit)
{
    return UNITS[unit].name;
}

static bool add_months(struct date *date, int64_t months)
{
    int64_t sum = (int64_t)date->year * 12 + date->month - 1 + months;
    if (sum < 12 || sum > 9999 * 12 + 11)
        return false;
    date->year = (int)(sum / 12);
    date->month = (int)(sum % 12) + 1;
    int last = days_in_month(date->year, date->month);
    if (date->day > last)
        date->day = last;
    return true;
}

static bool add_seconds(struct date *date, int64_t seconds, int64_t nanoseconds)
{
    nanoseconds += date->nanosecond;
    seconds += nanoseconds / NANOSECONDS;
    nanoseconds %= NANOSECONDS;
    if (nanoseconds < 0) {
        nanoseconds += NANOSECONDS;
        seconds--;
    }
    int64_t sum = local_seconds(date) + seconds;
    if (sum < days_of(1, 1, 1) * SECONDS_A_DAY || sum >= days_of(10000, 1, 1) * SECONDS_A_DAY) {
        if (!date->is_time)
            return false;
        sum %= SECONDS_A_DAY;
    }
    set_seconds(date, sum);
    date->nanosecond = (int)nanoseconds;
    if (date->is_time)
        date->year = date->month = date->day = 1;
    return true;
}

/* How many of a unit make one year or month, for dates too coarse to have the unit. */
static bool add_coarse(struct date *date, int64_t count, enum date_unit unit)
{
    static const int64_t SECONDS[] = {
        [DATE_UNIT_WEEK] = 7 * SECONDS_A_DAY,
        [DATE_UNIT_DAY] = SECONDS_A_DAY,
        [DATE_UNIT_HOUR] = 3600,
        [DATE_UNIT_MINUTE] = 60,
        [DATE_UNIT_SECOND] = 1,
        [DATE_UNIT_MILLISECOND] = 0,
    };
    static const int64_t WHOLE[] = { [DATE_YEAR] = INT64_C(365) * SECONDS_A_DAY,
                                     [DATE_MONTH] = INT64_C(30) * SECONDS_A_DAY,
                                     [DATE_DAY] = SECONDS_A_DAY,
                                     [DATE_HOUR] = 3600,
                                     [DATE_MINUTE] = 60 };
    if (unit == DATE_UNIT_MONTH)
        return add_months(date, count / 12 * 12);
    int64_t seconds = unit == DATE_UNIT_MILLISECOND ? count / 1000 : count * SECONDS[unit];
    int64_t whole = seconds / WHOLE[date->precision];
    if (date->precision <= DATE_MONTH)
        return add_months(date, date->precision == DATE_YEAR ? whole * 12 : whole);
    return add_seconds(date, whole * WHOLE[date->precision], 0);
}

/* Below the minute decimals count, down to the nanosecond. */
static bool add_fine(struct date *date, const struct decimal *amount, enum date_unit unit)
{
    struct decimal scaled, whole, billion = decimal_of_int(NANOSECONDS);
    struct decimal per_unit =
        decimal_of_int(unit == DATE_UNIT_SECOND ? NANOSECONDS : NANOSECONDS / 1000);
    int64_t seconds, nanoseconds;
    if (!decimal_multiply(&scaled, amount, &per_unit) ||
        !decimal_round(&scaled, &scaled, 0, DECIMAL_TRUNCATE) ||
        !decimal_divide_whole(&whole, &scaled, &scaled, &billion) ||
        !decimal_to_int(&seconds, &whole) || !decimal_to_int(&nanoseconds, &scaled))
        return false;
    if (date->precision == DATE_SECOND && nanoseconds != 0) {
        date->precision = DATE_FRACTION;
        date->fraction_digits = 3;
    }
    return add_seconds(date, seconds, nanoseconds);
}

bool date_add(struct date *out, const struct date *date, const struct decimal *amount,
              enum date_unit unit)
{
    enum { MOST_COUNT = 1000000000 };
    struct date result = *date;
    result.second -= result.second == 60;
    struct decimal whole;
    int64_t count;
    if (!decimal_round(&whole, amount, 0, DECIMAL_TRUNCATE) || !decimal_to_int(&count, &whole))
        return false;
    if (count > MOST_COUNT * INT64_C(1000) || count < -MOST_COUNT * INT64_C(1000))
        return false;
    if (date->is_time && unit <= DATE_UNIT_DAY)
        return false;
    enum date_precision needed =
        UNITS[unit].precision == DATE_FRACTION ? DATE_SECOND : UNITS[unit].precision;
    bool is_done;
    if (unit == DATE_UNIT_YEAR)
        is_done = count < 10000 && count > -10000 && add_months(&result, count * 12);
    else if (date->precision < needed)
        is_done = count < INT64_C(1000) * MOST_COUNT && add_coarse(&result, count, unit);
    else if (unit == DATE_UNIT_MONTH)
        is_done = add_months(&result, count);
    else if (unit >= DATE_UNIT_SECOND)
        is_done = add_fine(&result, amount, unit);
    else {
        static const int64_t SECONDS[] = { [DATE_UNIT_WEEK] = 7 * SECONDS_A_DAY,
                                           [DATE_UNIT_DAY] = SECONDS_A_DAY,
                                           [DATE_UNIT_HOUR] = 3600,
                                           [DATE_UNIT_MINUTE] = 60 };
        is_done = add_seconds(&result, count * SECONDS[unit], 0);
    }
    if (is_done)
        *out = result;
    return is_done;
}

/* First moment behind the span that begins at `date`. */
static int64_t end_of(const struct date *date, int64_t low)
{
    static const int64_t SECONDS[] = {
        [DATE_DAY] = SECONDS_A_DAY, [DATE_HOUR] = 3600, [DATE_MINUTE] = 60, [DATE_SECOND] = 1
    };
    if (date->precision == DATE_FRACTION) {
        int64_t width = MICROSECONDS;
        for (int i = 0; i < date->fraction_digits && width > 1; i++)
            width /= 10;
        return low + width;
    }
    if (date->precision >= DATE_DAY)
        return low + SECONDS[date->precision] * MICROSECONDS;
    bool is_last = date->precision == DATE_YEAR || date->month == 12;
    int64_t days = days_of(date->year + is_last, is_last ? 1 : date->month + 1, 1) -
                   days_of(date->year, date->month, 1);
    return low + days * SECONDS_A_DAY * MICROSECONDS;
}

void date_range(const struct date *date, int64_t *low, int64_t *high)
{
    *low = (local_seconds(date) - date->zone * 60) * MICROSECONDS + date->nanosecond / 1000;
    *high = end_of(date, *low);
}
