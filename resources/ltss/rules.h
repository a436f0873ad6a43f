/* rules.h - the rules themselves, one concept a folder; rules.c lists them. */
#ifndef RESOURCES_LTSS_RULES_H
#define RESOURCES_LTSS_RULES_H
#include "resources/ltss/rule.h"

/* care_team/lead.c */
bool care_team_lead_one(struct rule_run *run);
bool care_team_lead_determined(struct rule_run *run);
/* enrollment/overlap.c */
bool enrollment_overlap_none(struct rule_run *run);
/* machine/step.c */
bool machine_step_allowed(struct rule_run *run);
bool machine_step_own(struct rule_run *run);
/* machine/content.c */
bool machine_content_business(struct rule_run *run);
bool machine_content_output(struct rule_run *run); /* the outputs with the rule's own key */
bool machine_content_reason(struct rule_run *run);
/* machine/overdue.c */
int64_t machine_overdue_due(const struct rule_run *run, const cJSON *task);
bool machine_overdue_look(struct rule_run *run);
/* care_plan/review.c */
int64_t care_plan_review_due(const struct rule_run *run, const cJSON *plan);
bool care_plan_review_look(struct rule_run *run);
#endif
