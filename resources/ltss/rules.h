/* rules.h - the rules themselves, one concept a folder; rules.c lists them. */
#ifndef RESOURCES_LTSS_RULES_H
#define RESOURCES_LTSS_RULES_H
#include "resources/ltss/rule.h"

/* agreement/ */
bool agreement_asa_required(struct rule_run *run);
bool agreement_appendix_complete(struct rule_run *run);
bool agreement_signed_by_both(struct rule_run *run);
bool agreement_template_unaltered(struct rule_run *run);
bool agreement_template_referenced(struct rule_run *run);
bool agreement_liaison_each(struct rule_run *run);
/* care_plan/form.c */
bool care_plan_form_attached(struct rule_run *run);
/* care_team/lead.c, primary.c */
bool care_team_lead_one(struct rule_run *run);
bool care_team_lead_determined(struct rule_run *run);
bool care_team_lead_attested(struct rule_run *run);
bool care_team_primary_allocated(struct rule_run *run);
/* claim/units.c */
bool claim_units_authorized(struct rule_run *run);
bool claim_units_within(struct rule_run *run);
bool claim_units_visited(struct rule_run *run);
/* coverage/need.c */
bool coverage_need_days(struct rule_run *run);
/* determination/overdue.c, withdrawn.c, review.c */
int64_t determination_overdue_due(const struct rule_run *run, const cJSON *task);
bool determination_overdue_look(struct rule_run *run);
bool determination_withdrawn(struct rule_run *run);
bool determination_review_need(struct rule_run *run);
/* enrollment/overlap.c, offer.c, ending.c */
bool enrollment_overlap_none(struct rule_run *run);
bool enrollment_offer_home(struct rule_run *run);
bool enrollment_ending_ends_team(struct rule_run *run);
/* meeting/parties.c */
bool meeting_parties_both(struct rule_run *run);
bool meeting_parties_goal(struct rule_run *run);
/* scope/scope.c */
bool scope_claim_in_plan(struct rule_run *run);
bool scope_exceeded_none(struct rule_run *run);
bool scope_measure_own(struct rule_run *run);
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
/* meeting/overdue.c */
int64_t meeting_overdue_due(const struct rule_run *run, const cJSON *contract);
bool meeting_overdue_look(struct rule_run *run);
/* duplication/duplication.c */
bool duplication_none(struct rule_run *run);
/* care_plan/review.c */
int64_t care_plan_review_due(const struct rule_run *run, const cJSON *plan);
bool care_plan_review_look(struct rule_run *run);
/* visit/evv.c */
bool visit_evv_element(struct rule_run *run); /* the element of the rule's own key */
#endif
