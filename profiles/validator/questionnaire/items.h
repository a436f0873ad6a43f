/* items.h - holds the items of a response against the questions of its Questionnaire. */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_ITEMS_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_ITEMS_H
#include "profiles/validator/questionnaire/response.h"

void items_check(const struct response *response);
#endif
