/* program.c - choosing the profile of a record that names none. */
#include "resources/ltss/program.h"

#include <assert.h>

#include "resources/fhir/json/json.h"
#include "resources/ltss/record.h"

static bool has_coding(const cJSON *concept, const struct program_profile *row)
{
    const cJSON *codings = json_get(concept, "coding");
    for (const cJSON *coding = cJSON_IsArray(codings) ? codings->child : NULL; coding;
         coding = coding->next)
        if (str_equal(json_get_text(coding, "system"), row->system) &&
            str_equal(json_get_text(coding, "code"), row->code))
            return true;
    return false;
}

static bool has_code(const cJSON *resource, const struct program_profile *row)
{
    const cJSON *element = json_get(resource, row->element.data);
    if (!cJSON_IsArray(element))
        return has_coding(element, row);
    for (const cJSON *concept = element->child; concept; concept = concept->next)
        if (has_coding(concept, row))
            return true;
    return false;
}

static bool has_role(const struct program_profile *row, struct str role)
{
    for (size_t i = 0; i < row->role_count; i++)
        if (str_equal(row->roles[i], role))
            return true;
    return row->role_count == 0;
}

struct str program_default_profile(const struct program *program, const cJSON *resource,
                                   struct str party_role)
{
    const cJSON *claimed = json_get(json_get(resource, "meta"), "profile");
    struct str type = json_get_text(resource, "resourceType");
    if (json_count(claimed) > 0)
        return (struct str){ NULL, 0 };
    for (size_t i = 0; i < program->profile_count; i++) {
        const struct program_profile *row = &program->profiles[i];
        if (str_equal(row->type, type) && (!row->element.len || has_code(resource, row)) &&
            has_role(row, party_role))
            return row->canonical;
    }
    return (struct str){ NULL, 0 };
}

bool program_has_rule(const struct program *program, const char *key)
{
    for (size_t i = 0; i < program->rule_count; i++)
        if (str_is(program->rules[i], key))
            return true;
    return false;
}

bool program_has_column(const struct program *program, struct str role)
{
    for (size_t i = 0; i < program->column_count; i++)
        if (str_equal(program->columns[i], role))
            return true;
    return false;
}

const struct program_value *program_value(const struct program *program, const char *name)
{
    for (size_t i = 0; i < program->value_count; i++)
        if (str_is(program->values[i].name, name))
            return &program->values[i];
    return NULL;
}

long program_number(const struct program *program, const char *name)
{
    const struct program_value *value = program_value(program, name);
    assert(value);
    return value->number;
}

bool program_has_word(const struct program *program, const char *list, struct str word)
{
    const struct program_value *value = program_value(program, list);
    for (size_t i = 0; value && word.len && i < value->word_count; i++)
        if (str_equal(value->words[i], word))
            return true;
    return false;
}

static int64_t offset_us(const struct program *program, int64_t moment_us)
{
    size_t low = 0, high = program->zone_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (program->zone[middle].from_us <= moment_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? (int64_t)program->zone[low - 1].offset * 1000000 : 0;
}

struct date program_day(const struct program *program, int64_t moment_us)
{
    return record_day(moment_us + offset_us(program, moment_us));
}

int64_t program_midnight(const struct program *program, const struct date *day)
{
    struct date whole = {
        .precision = DATE_DAY, .year = day->year, .month = day->month, .day = day->day
    };
    int64_t low, high;
    date_range(&whole, &low, &high);
    /* Twice: the clocks may change between the guess and the day's beginning. */
    int64_t guess = low - offset_us(program, low);
    return low - offset_us(program, guess);
}

int64_t program_end(const struct program *program, struct str text)
{
    struct date date;
    int64_t low, high;
    if (!date_parse(&date, text, DATE_FORM_PARTIAL))
        return INT64_MAX;
    date_range(&date, &low, &high);
    if (date.precision > DATE_DAY)
        return high;
    struct date day = record_day(high);
    return program_midnight(program, &day);
}
