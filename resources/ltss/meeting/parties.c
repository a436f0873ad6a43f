/* parties.c - a coordination meeting has both sides at the table (R18) and says what it is for
 * (R19). */
#include "resources/ltss/rules.h"

#define ROLES LTSS_CODES "care-coordination-role"

static bool has_role(const cJSON *meeting, const char *role)
{
    for (const cJSON *one = record_first(meeting, "participant"); one; one = one->next)
        if (record_has_code(json_get(one, "type"), ROLES, role))
            return true;
    return false;
}

static bool claims(const cJSON *meeting)
{
    const cJSON *profile = record_first(json_get(meeting, "meta"), "profile");
    for (; profile; profile = profile->next)
        if (str_starts(json_text(profile),
                       STR(LTSS "StructureDefinition/tandem-coordination-meeting")))
            return true;
    return false;
}

/* One that says it is, that names a goal of such a meeting, or that a coordinator takes part in as
 * such. */
static bool is_meeting(const cJSON *meeting)
{
    return record_has_code(json_get(meeting, "serviceType"), LTSS_CODES "ltss-service",
                           "care-coordination") ||
           record_extension(meeting, "meeting-goal") || claims(meeting) ||
           has_role(meeting, "mltc-care-coordinator") ||
           has_role(meeting, "health-home-care-manager");
}

bool meeting_parties_both(struct rule_run *run)
{
    static const char *const SIDES[] = { "mltc-care-coordinator", "health-home-care-manager" };
    const cJSON *meeting = run->change->after;
    for (size_t i = 0; i < COUNT(SIDES) && is_meeting(meeting); i++)
        if (!has_role(meeting, SIDES[i]))
            return rule_say(run, "participant", -1, "nobody takes part as %s", SIDES[i]);
    return true;
}

bool meeting_parties_goal(struct rule_run *run)
{
    const cJSON *meeting = run->change->after;
    return !is_meeting(meeting) || record_extension(meeting, "meeting-goal") ||
           rule_say(run, "extension", -1, "meeting-goal");
}
