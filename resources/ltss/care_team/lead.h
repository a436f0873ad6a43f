/* lead.h - the lead care manager in a CareTeam (domain of the joint determination). */
#ifndef RESOURCES_LTSS_CARE_TEAM_LEAD_H
#define RESOURCES_LTSS_CARE_TEAM_LEAD_H
#include "resources/ltss/record.h"

#define CARE_TEAM_ROLES LTSS_CODES "care-coordination-role"

/* The participant whose role is lead-care-manager, or NULL; *index: where it stands. */
const cJSON *care_team_lead_find(const cJSON *team, int *index);
/* A team of a plan and a Health Home, which choose their lead together. */
bool care_team_lead_is_joint(const cJSON *team);
bool care_team_lead_is_active(const cJSON *team);
/* Turns the entry of a lead into one of a former lead, up to the day. */
void care_team_lead_end(struct arena *arena, cJSON *entry, struct str day);
#endif
