/* source.h - where the Questionnaire of a response is found. */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_SOURCE_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_SOURCE_H
#include "profiles/validator/questionnaire/questions.h"
#include "profiles/validator/run.h"

/* Contained in the response, in its Bundle, in the definitions, or in the caller's library; each is
 * read once a validation. NULL when it is nowhere; then, when the canonical leads to a resource of
 * another type, *other is that type, else empty. */
const struct questions *source_find(struct run *run, const struct node *response,
                                    struct str canonical, struct str *other);
#endif
