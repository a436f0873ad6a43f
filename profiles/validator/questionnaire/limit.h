/* limit.h - what a Questionnaire asks of the content of an answer: length, bounds, pattern, unit,
 * kind of target (R4 questionnaire-profiles.html). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_LIMIT_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_LIMIT_H
#include "profiles/validator/questionnaire/response.h"

/* The answer has a value of a type that the question takes. */
void limit_check(const struct response *response, const struct question *question,
                 const struct answer *answer);
/* How many answers or repetitions the extensions allow: false when nothing is said. */
bool limit_of_occurrence(const struct question *question, bool is_least, size_t *limit);
#endif
