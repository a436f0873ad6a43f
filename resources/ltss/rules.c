/* rules.c - the table of all rules. */
#include "resources/ltss/rules.h"

static const struct rule RULES[] = {
    { .key = "enrollment-overlap",
      .requirement = "R3",
      .effect = RULE_REFUSES,
      .types = { "EpisodeOfCare" },
      .check = enrollment_overlap_none,
      .test = "resources/ltss/enrollment/overlap_test.c" },
    { .key = "joint-determination-required",
      .requirement = "R13",
      .effect = RULE_REFUSES,
      .types = { "CareTeam" },
      .check = care_team_lead_determined,
      .test = "resources/ltss/care_team/lead_test.c" },
    { .key = "lead-exists",
      .requirement = "R16",
      .effect = RULE_REFUSES,
      .types = { "CareTeam" },
      .check = care_team_lead_one,
      .test = "resources/ltss/care_team/lead_test.c" },
    { .key = NULL },
};

const struct rule *rules_table(void)
{
    return RULES;
}
