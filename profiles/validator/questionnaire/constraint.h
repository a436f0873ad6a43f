/* constraint.h - the questionnaire-constraint extension: what a complete response must fulfil. */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_CONSTRAINT_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_CONSTRAINT_H
#include "profiles/validator/questionnaire/response.h"

/* definition: the Questionnaire or its item that may have constraints; node: what must fulfil them.
 */
void constraint_check(const struct response *response, const cJSON *definition,
                      const struct node *node);
#endif
