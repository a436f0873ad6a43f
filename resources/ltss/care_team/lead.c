/* lead.c - one lead for a member (R16), in a joint team chosen by both sides alone (R13). */
#include "resources/ltss/care_team/lead.h"

#include "resources/ltss/rules.h"

#define ROLES LTSS_CODES "care-coordination-role"
#define TEAMS LTSS_CODES "care-team-category"

const cJSON *care_team_lead_find(const cJSON *team, int *index)
{
    int at = 0;
    for (const cJSON *one = record_first(team, "participant"); one; one = one->next, at++)
        if (record_has_code(json_get(one, "role"), ROLES, "lead-care-manager")) {
            *index = at;
            return one;
        }
    return NULL;
}

bool care_team_lead_is_joint(const cJSON *team)
{
    return record_has_code(json_get(team, "category"), TEAMS, "joint-mltc-health-home");
}

bool care_team_lead_is_active(const cJSON *team)
{
    return str_is(json_get_text(team, "status"), "active");
}

bool care_team_lead_one(struct rule_run *run)
{
    int index = -1, other_index;
    const cJSON *team = run->change->after;
    struct str member = record_patient(team);
    if (!team || !member.len || !care_team_lead_is_active(team) ||
        !care_team_lead_find(team, &index))
        return true;
    const struct ltss_record *other =
        run->lookup->find(run->lookup->context, "CareTeam", "patient", member);
    for (; other->content; other++)
        if (!str_equal(other->id, run->change->id) && care_team_lead_is_active(other->content) &&
            str_equal(record_patient(other->content), member) &&
            care_team_lead_find(other->content, &other_index))
            return rule_say(run, "participant", index, "CareTeam/" STR_FMT, STR_ARG(other->id));
    return true;
}

/* The determinations of a team: its own and those of its participants, with the leads' members. */
static bool is_same_determination(const cJSON *before, const cJSON *after)
{
    const cJSON *a = record_extension(before, "lead-determination");
    const cJSON *b = record_extension(after, "lead-determination");
    return a && b ? json_equal(a, b) : !a && !b;
}

static bool says_lead(const cJSON *participant)
{
    const cJSON *role = json_get(participant, "role");
    return record_has_code(role, ROLES, "lead-care-manager") ||
           record_has_code(role, ROLES, "former-lead-care-manager") ||
           record_extension(participant, "lead-determination");
}

static const cJSON *next_lead(const cJSON *participant)
{
    while (participant && !says_lead(participant))
        participant = participant->next;
    return participant;
}

static bool is_same_leads(const cJSON *before, const cJSON *after)
{
    const cJSON *a = next_lead(record_first(before, "participant"));
    const cJSON *b = next_lead(record_first(after, "participant"));
    for (; a && b; a = next_lead(a->next), b = next_lead(b->next))
        if (!json_equal(a, b))
            return false;
    return !a && !b;
}

bool care_team_lead_determined(struct rule_run *run)
{
    const struct change *change = run->change;
    const cJSON *team = change->after;
    bool is_joint = care_team_lead_is_joint(team) || care_team_lead_is_joint(change->before);
    int index = -1;
    if (!is_joint || change->is_copy || run->operation || run->caller->is_server)
        return true;
    if (is_same_leads(change->before, team) && is_same_determination(change->before, team))
        return true;
    care_team_lead_find(team, &index);
    return rule_say(run, index < 0 ? NULL : "participant", index, "CareTeam/" STR_FMT,
                    STR_ARG(change->id));
}
