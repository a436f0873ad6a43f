/* enable.h - is a question enabled by the answers to others (R4 Questionnaire.item.enableWhen). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_ENABLE_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_ENABLE_H
#include "profiles/validator/questionnaire/response.h"

/* Of a question whose item stands, or would stand, in `container`; at: its order in the document,
 * or where the container ends. UNKNOWN: a condition that cannot be judged here. */
enum fit enable_test(const struct response *response, const struct question *question,
                     const struct container *container, size_t at);
#endif
