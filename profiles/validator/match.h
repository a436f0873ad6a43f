/* match.h - is a value the fixed one, does it contain the pattern (R4 elementdefinition.html, fixed
 * and pattern). */
#ifndef PROFILES_VALIDATOR_MATCH_H
#define PROFILES_VALIDATOR_MATCH_H
#include <stdbool.h>
#include <cjson/cJSON.h>

/* Exactly the same content; literals of numbers and strings as text. */
bool validator_match_fixed(const cJSON *value, const cJSON *fixed);
/* Everything in the pattern is in the value; an array of the pattern asks that each of its items is
 * matched by some item of the value. Bounded by the pattern's size times the value's. */
bool validator_match_pattern(const cJSON *value, const cJSON *pattern);
#endif
