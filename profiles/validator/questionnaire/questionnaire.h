/* questionnaire.h - what Questionnaire and QuestionnaireResponse mean beyond their structure (R4
 * questionnaire.html, questionnaireresponse.html). */
#ifndef PROFILES_VALIDATOR_QUESTIONNAIRE_QUESTIONNAIRE_H
#define PROFILES_VALIDATOR_QUESTIONNAIRE_QUESTIONNAIRE_H
struct node;
struct run;

void questionnaire_check(struct run *run, const struct node *node);
void questionnaire_check_response(struct run *run, const struct node *node);
#endif
