/* value.h - a value[x] as it stands in a Questionnaire or a response: its type and its content. */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_VALUE_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_VALUE_H
#include <stdbool.h>
#include <cjson/cJSON.h>

#include "resources/base/str.h"

struct definitions;

/* What can be said of a claim. UNKNOWN is never held against anybody. */
enum fit { FIT_NO, FIT_YES, FIT_UNKNOWN };

/* type: the FHIR type ("dateTime", "Coding"), NULL when there is no value. */
struct value {
    const char *type;
    const cJSON *content;
};
/* The choice element with this stem ("value", "answer") of an object. */
struct value value_read(const cJSON *object, const char *stem);
bool value_is(const struct value *value, const char *type);

/* Numbers by value, dates and times as moments, Coding by system and code, Quantity across the
 * units of the definitions,
 * Reference by its address, everything else by its text. Values of different kinds are not equal.
 */
enum fit value_equal(const struct value *a, const struct value *b, struct definitions *definitions);
/* A Coding has a code of its system, or, where neither has a code, the display. */
bool value_is_same_coding(const cJSON *a, const cJSON *b);

/* Below 0, 0, above 0, or VALUE_UNORDERED when it cannot be told. */
enum { VALUE_UNORDERED = 2 };
int value_compare(const struct value *a, const struct value *b, struct definitions *definitions);
#endif
