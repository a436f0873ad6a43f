/* membership.h - is a code in the value set that a question names, also when that is contained. */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_MEMBERSHIP_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_MEMBERSHIP_H
#include "profiles/validator/questionnaire/response.h"
#include "resources/fhir/terminology/terminology.h"

/* value_set: a canonical or #id. system empty: any. */
enum membership membership_test(const struct response *response, struct str value_set,
                                struct str system, struct str code);
#endif
