/* definition.h - what a Questionnaire must be in itself, beyond its invariants (R4
 * questionnaire.html). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_DEFINITION_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_DEFINITION_H
#include "profiles/validator/questionnaire/questions.h"
#include "profiles/validator/run.h"

void definition_check(struct run *run, const struct node *node, const struct questions *questions);
#endif
