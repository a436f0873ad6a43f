/* match.c - fixed and pattern over JSON trees. */
#include "profiles/validator/match.h"

#include "resources/fhir/json/json.h"

enum { MOST_PATTERN_DEPTH = 32 };

bool validator_match_fixed(const cJSON *value, const cJSON *fixed)
{
    return value && json_equal(value, fixed);
}

static bool contains(const cJSON *value, const cJSON *pattern, int depth);

static bool contains_each(const cJSON *values, const cJSON *patterns, int depth)
{
    for (const cJSON *pattern = patterns->child; pattern; pattern = pattern->next) {
        const cJSON *value = values->child;
        while (value && !contains(value, pattern, depth))
            value = value->next;
        if (!value)
            return false;
    }
    return true;
}

static bool contains(const cJSON *value, const cJSON *pattern, int depth)
{
    if (!value || depth == MOST_PATTERN_DEPTH)
        return false;
    if (cJSON_IsArray(pattern))
        return cJSON_IsArray(value) && contains_each(value, pattern, depth + 1);
    if (!cJSON_IsObject(pattern))
        return json_equal(value, pattern);
    if (!cJSON_IsObject(value))
        return false;
    for (const cJSON *part = pattern->child; part; part = part->next)
        if (!contains(json_get(value, part->string), part, depth + 1))
            return false;
    return true;
}

bool validator_match_pattern(const cJSON *value, const cJSON *pattern)
{
    return contains(value, pattern, 0);
}
