/* record.c - looking into the records of long-term care. */
#include "resources/ltss/record.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/reference.h"

const cJSON *record_first(const cJSON *object, const char *name)
{
    const cJSON *member = json_get(object, name);
    return cJSON_IsArray(member) ? member->child : member;
}

static struct str code_in(const cJSON *concept, const char *system)
{
    for (const cJSON *coding = record_first(concept, "coding"); coding; coding = coding->next)
        if (str_is(json_get_text(coding, "system"), system))
            return json_get_text(coding, "code");
    return STR("");
}

struct str record_code(const cJSON *concept, const char *system)
{
    struct str code = STR("");
    if (!cJSON_IsArray(concept))
        return code_in(concept, system);
    for (const cJSON *one = concept->child; one && !code.len; one = one->next)
        code = code_in(one, system);
    return code;
}

static bool has_code(const cJSON *concept, const char *system, const char *code)
{
    for (const cJSON *coding = record_first(concept, "coding"); coding; coding = coding->next)
        if (str_is(json_get_text(coding, "system"), system) &&
            str_is(json_get_text(coding, "code"), code))
            return true;
    return false;
}

bool record_has_code(const cJSON *concept, const char *system, const char *code)
{
    if (!cJSON_IsArray(concept))
        return has_code(concept, system, code);
    for (const cJSON *one = concept->child; one; one = one->next)
        if (has_code(one, system, code))
            return true;
    return false;
}

const cJSON *record_extension(const cJSON *element, const char *id)
{
    static const struct str OWN = { LTSS "StructureDefinition/",
                                    sizeof LTSS "StructureDefinition/" - 1 };
    for (const cJSON *one = record_first(element, "extension"); one; one = one->next) {
        struct str url = json_get_text(one, "url");
        if (str_is(url, id) ||
            (str_starts(url, OWN) && str_is(str_slice(url, OWN.len, url.len), id)))
            return one;
    }
    return NULL;
}

const cJSON *record_value(const cJSON *element)
{
    for (const cJSON *member = element ? element->child : NULL; member; member = member->next)
        if (member->string && !strncmp(member->string, "value", 5))
            return member;
    return NULL;
}

struct str record_extension_text(const cJSON *element, const char *id)
{
    return json_text(record_value(record_extension(element, id)));
}

struct str record_reference(const cJSON *reference)
{
    struct str text = json_get_text(reference, "reference");
    struct reference parts = reference_parse(text);
    if (parts.kind != REFERENCE_RELATIVE)
        return STR("");
    return str_slice(text, 0, parts.type.len + 1 + parts.id.len);
}

bool record_refers(const cJSON *references, struct str record)
{
    if (!record.len)
        return false;
    if (!cJSON_IsArray(references))
        return str_equal(record_reference(references), record);
    for (const cJSON *one = references->child; one; one = one->next)
        if (str_equal(record_reference(one), record))
            return true;
    return false;
}

struct str record_patient(const cJSON *record)
{
    static const char *const NAMES[] = { "subject", "patient", "for", "beneficiary" };
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        struct str found = record_reference(record_first(record, NAMES[i]));
        if (str_starts(found, STR("Patient/")))
            return found;
    }
    return STR("");
}

/* The days that a dateTime names, by its own calendar: a zone does not move a day. */
static bool read_days(const cJSON *text, int64_t *low, int64_t *high)
{
    struct date date;
    if (!date_parse(&date, json_text(text), DATE_FORM_PARTIAL))
        return false;
    if (date.precision > DATE_DAY) {
        date.precision = DATE_DAY;
        date.hour = date.minute = date.second = date.nanosecond = date.fraction_digits = 0;
    }
    date.has_zone = false;
    date.zone = 0;
    date_range(&date, low, high);
    return true;
}

static void read_period(const cJSON *period, int64_t *low, int64_t *high)
{
    int64_t other;
    if (!read_days(json_get(period, "start"), low, &other))
        *low = INT64_MIN;
    if (!read_days(json_get(period, "end"), &other, high))
        *high = INT64_MAX;
}

bool record_covers(const cJSON *period, const struct date *day)
{
    int64_t low, high, begin, end;
    struct date whole = {
        .precision = DATE_DAY, .year = day->year, .month = day->month, .day = day->day
    };
    read_period(period, &low, &high);
    date_range(&whole, &begin, &end);
    return begin < high && low < end;
}

bool record_overlaps(const cJSON *period, const cJSON *other)
{
    int64_t low, high, begin, end;
    read_period(period, &low, &high);
    read_period(other, &begin, &end);
    return begin < high && low < end;
}

long record_days(const struct date *from, const struct date *to)
{
    enum { DAY = 86400 };
    struct date first = {
        .precision = DATE_DAY, .year = from->year, .month = from->month, .day = from->day
    };
    struct date last = {
        .precision = DATE_DAY, .year = to->year, .month = to->month, .day = to->day
    };
    int64_t low, high, begin, end;
    date_range(&first, &low, &high);
    date_range(&last, &begin, &end);
    return (long)((begin - low) / 1000000 / DAY);
}

/* The civil calendar from a count of days since 1970-01-01 (proleptic Gregorian). */
static struct date day_of(int64_t days)
{
    int64_t shifted = days + 719468; /* from 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    return (struct date){ .precision = DATE_DAY,
                          .year = (int)(year + era * 400 + (month >= 10)),
                          .month = (int)(month < 10 ? month + 3 : month - 9),
                          .day = (int)(of_year - (153 * month + 2) / 5 + 1) };
}

static int64_t floor_days(int64_t us)
{
    static const int64_t DAY_US = INT64_C(86400) * 1000000;
    return us >= 0 ? us / DAY_US : -((-us + DAY_US - 1) / DAY_US);
}

struct date record_day(int64_t us)
{
    return day_of(floor_days(us));
}

struct date record_add_days(const struct date *day, long days)
{
    static const int64_t DAY_US = INT64_C(86400) * 1000000;
    struct date first = {
        .precision = DATE_DAY, .year = day->year, .month = day->month, .day = day->day
    };
    int64_t low, high;
    date_range(&first, &low, &high);
    return record_day(low + days * DAY_US);
}

struct str record_moment(int64_t us, struct arena *arena)
{
    struct date day = record_day(us);
    int64_t of_day = us / 1000000 - floor_days(us) * 86400;
    return str_print(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", day.year, day.month, day.day,
                     (int)(of_day / 3600), (int)(of_day / 60 % 60), (int)(of_day % 60));
}
