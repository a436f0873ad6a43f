/* option.h - is an answer one of those that the question offers (R4
 * Questionnaire.item.answerOption, answerValueSet). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_OPTION_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_OPTION_H
#include "profiles/validator/questionnaire/response.h"

/* The answer has a value of a type that the question takes. */
void option_check(const struct response *response, const struct question *question,
                  const struct answer *answer);
/* An option that excludes all others beside others. */
void option_check_exclusive(const struct response *response, const struct entry *entry);
#endif
