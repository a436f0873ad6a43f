/* extract_number.c - numbers as they are written, and quantities in base units too. */
#include "server/search/extract_number.h"

#include <float.h>

#include "resources/fhir/json/json.h"
#include "server/search/units.h"

/* One end of a range; is_open: there is none. */
struct end {
    struct decimal number;
    bool is_open;
};

static bool read_number(struct decimal *number, struct str text)
{
    if (!decimal_parse(number, text))
        return false;
    double value = decimal_to_double(number);
    return value <= DBL_MAX && value >= -DBL_MAX;
}

static double low_of(const struct end *end)
{
    return end->is_open ? -DBL_MAX : decimal_to_double(&end->number);
}

static double high_of(const struct end *end)
{
    return end->is_open ? DBL_MAX : decimal_to_double(&end->number);
}

void extract_number_plain(struct extract *extract, const cJSON *value)
{
    struct decimal number;
    if (!read_number(&number, json_text(value)))
        return;
    struct index_row *row = extract_add(extract, INDEX_NUMBER, "");
    row->number_low = row->number_high = decimal_to_double(&number);
}

static void add_row(struct extract *extract, struct str system, struct str code,
                    const struct end *low, const struct end *high)
{
    struct index_row *row = extract_add(extract, INDEX_QUANTITY, "");
    row->first = system;
    row->second = code;
    row->number_low = low_of(low);
    row->number_high = high_of(high);
}

/* As written; by the unit's word, when that is another; in base units, when they are known. */
static void add_quantity(struct extract *extract, const cJSON *unit, struct end low,
                         struct end high)
{
    struct units units;
    struct str system = json_get_text(unit, "system"), code = json_get_text(unit, "code");
    struct str word = json_get_text(unit, "unit");
    add_row(extract, system, code, &low, &high);
    if (word.len && !str_equal(word, code))
        add_row(extract, (struct str){ NULL, 0 }, word, &low, &high);
    if (!units_find(&units, system, code, definitions_units(extract->definitions),
                    extract->arena) ||
        (!low.is_open && !units_convert(&low.number, &units, &low.number)) ||
        (!high.is_open && !units_convert(&high.number, &units, &high.number)))
        return;
    add_row(extract, STR(INDEX_CANONICAL_UNITS), units.base, &low, &high);
}

/* A comparator leaves one side open. */
void extract_number_quantity(struct extract *extract, const cJSON *value)
{
    struct end end = { .is_open = false };
    struct str comparator = json_get_text(value, "comparator");
    if (!read_number(&end.number, json_get_text(value, "value")))
        return;
    struct end low = end, high = end;
    low.is_open = str_starts(comparator, STR("<"));
    high.is_open = str_starts(comparator, STR(">"));
    add_quantity(extract, value, low, high);
}

void extract_number_money(struct extract *extract, const cJSON *value)
{
    struct end end = { .is_open = false };
    if (read_number(&end.number, json_get_text(value, "value")))
        add_row(extract, STR("urn:iso:std:iso:4217"), json_get_text(value, "currency"), &end, &end);
}

void extract_number_range(struct extract *extract, const cJSON *value)
{
    const cJSON *from = json_get(value, "low"), *to = json_get(value, "high");
    struct end low = { .is_open = false }, high = low;
    low.is_open = !read_number(&low.number, json_get_text(from, "value"));
    high.is_open = !read_number(&high.number, json_get_text(to, "value"));
    if ((!low.is_open || !high.is_open) && low_of(&low) <= high_of(&high))
        add_quantity(extract, low.is_open ? to : from, low, high);
}

void extract_number_position(struct extract *extract, const cJSON *value)
{
    struct decimal latitude, longitude;
    if (!read_number(&latitude, json_get_text(value, "latitude")) ||
        !read_number(&longitude, json_get_text(value, "longitude")))
        return;
    struct index_row *row = extract_add(extract, INDEX_POSITION, "");
    row->number_low = decimal_to_double(&latitude);
    row->number_high = decimal_to_double(&longitude);
}
