/* date.h - dates, dateTimes, instants and times of day with their precision and zone (R4
 * datatypes.html#date). */
#ifndef RESOURCES_FHIR_TYPES_DATE_H
#define RESOURCES_FHIR_TYPES_DATE_H
#include <stdbool.h>
#include <stdint.h>

#include "resources/base/str.h"

struct arena;
struct decimal;

enum date_precision {
    DATE_YEAR,
    DATE_MONTH,
    DATE_DAY,
    DATE_HOUR,
    DATE_MINUTE,
    DATE_SECOND,
    DATE_FRACTION
};

/* Parts finer than the precision hold their smallest value, so the parts always name the first
 * moment covered. A time of day has year 1, month 1, day 1 and no zone. */
struct date {
    enum date_precision precision;
    bool is_time, has_zone;
    int zone; /* minutes east of UTC, 0 without a zone */
    int year, month, day, hour, minute, second;
    int nanosecond;      /* digits behind the ninth are dropped */
    int fraction_digits; /* 1..9 with DATE_FRACTION, else 0 */
};

enum date_form {
    DATE_FORM_DATE,     /* FHIR date: year, month or day */
    DATE_FORM_DATETIME, /* FHIR dateTime: a date, or down to the second with a zone */
    DATE_FORM_INSTANT,  /* FHIR instant: down to the second, with a zone */
    DATE_FORM_TIME,     /* FHIR time: hh:mm:ss[.fraction] */
    DATE_FORM_PARTIAL,  /* FHIRPath and search: any precision, zone where there is a time and one is
                           given */
    DATE_FORM_PARTIAL_TIME, /* FHIRPath: hh[:mm[:ss[.fraction]]] */
};

/* False (out left alone) when text is not of this form or names no day of the calendar. Second 60
 * is taken where FHIR takes it, in a dateTime or an instant, and in FHIRPath. */
bool date_parse(struct date *out, struct str text, enum date_form form);
/* As FHIR writes it; a time of day without the T. */
struct str date_print(const struct date *date, struct arena *arena);

/* UNCERTAIN: the precision or a missing zone leaves it open (FHIRPath N1 6.2). A time of day
 * against a date is a mistake of the caller. */
enum date_order { DATE_BEFORE = -1, DATE_SAME = 0, DATE_AFTER = 1, DATE_UNCERTAIN = 2 };
enum date_order date_compare(const struct date *a, const struct date *b);
/* Same precision and, for every part, the same value in UTC (FHIRPath equivalence). */
bool date_equivalent(const struct date *a, const struct date *b);

enum date_unit {
    DATE_UNIT_YEAR,
    DATE_UNIT_MONTH,
    DATE_UNIT_WEEK,
    DATE_UNIT_DAY,
    DATE_UNIT_HOUR,
    DATE_UNIT_MINUTE,
    DATE_UNIT_SECOND,
    DATE_UNIT_MILLISECOND
};
/* "year" or "years" ...; false for anything else. */
bool date_unit_parse(enum date_unit *out, struct str word);
const char *date_unit_name(enum date_unit unit);
/* Adds amount (negative to subtract; decimals count only below the minute) by the calendar: the
 * last day of a month stays inside its month, a unit finer than the precision is first turned into
 * whole units of the precision (365 days a year, 30 days a month). A time of day wraps around
 * midnight. False when the year leaves 1..9999. */
bool date_add(struct date *out, const struct date *date, const struct decimal *amount,
              enum date_unit unit);

/* All moments the literal covers, as [low, high) in microseconds since 1970-01-01T00:00:00Z (R4
 * search.html#date): a day is 24 hours, an instant with three decimals a millisecond. Without a
 * zone UTC is taken. */
void date_range(const struct date *date, int64_t *low, int64_t *high);
#endif
