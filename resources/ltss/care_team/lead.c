/* lead.c - one lead for a member (R16), in a joint team chosen by both sides alone (R13). */
#include "resources/ltss/care_team/lead.h"

#include "resources/ltss/draft.h"
#include "resources/ltss/rules.h"

#define TEAMS LTSS_CODES "care-team-category"

const cJSON *care_team_lead_find(const cJSON *team, int *index)
{
    int at = 0;
    for (const cJSON *one = record_first(team, "participant"); one; one = one->next, at++)
        if (record_has_code(json_get(one, "role"), CARE_TEAM_ROLES, "lead-care-manager")) {
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

static void rename_role(struct arena *arena, cJSON *role)
{
    for (const cJSON *one = role ? role->child : NULL; one; one = one->next)
        for (cJSON *coding = (cJSON *)(uintptr_t)record_first(one, "coding"); coding;
             coding = coding->next)
            if (str_is(json_get_text(coding, "system"), CARE_TEAM_ROLES)) {
                json_set_text(arena, json_get(coding, "code"), STR("former-lead-care-manager"));
                json_remove(coding, "display");
            }
}

void care_team_lead_end(struct arena *arena, cJSON *entry, struct str day)
{
    cJSON *period = json_get(entry, "period");
    rename_role(arena, json_get(entry, "role"));
    if (!period)
        period = json_set(arena, entry, "period", json_new_object(arena));
    /* One who was to lead later only, never did. */
    if (str_compare(json_get_text(period, "start"), day) > 0)
        draft_text(arena, period, "start", day);
    draft_text(arena, period, "end", day);
    cJSON *status = json_get(
        record_extension(record_extension(entry, "lead-determination"), "status"), "valueCode");
    if (status)
        json_set_text(arena, status, STR("superseded"));
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
    /* Copies are as new as their last delivery: that a member has one lead among them is seen to
     * where they come from. */
    for (; other->content; other++)
        if (!str_equal(other->id, run->change->id) && care_team_lead_is_active(other->content) &&
            !(other->is_copy && run->change->is_copy) &&
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
    return record_has_code(role, CARE_TEAM_ROLES, "lead-care-manager") ||
           record_has_code(role, CARE_TEAM_ROLES, "former-lead-care-manager") ||
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

/* A team whose lead is chosen or proposed stays that of its member, sides and agreement, and joint
 * or not: others did not choose, and who is out of the joint one's rules could be changed by one.
 */
static bool has_same_sides(const cJSON *before, const cJSON *after)
{
    const cJSON *a = json_get(before, "managingOrganization"),
                *b = json_get(after, "managingOrganization");
    const cJSON *was = record_extension(before, "governing-agreement"),
                *is = record_extension(after, "governing-agreement");
    bool has_sides = json_count(a) == json_count(b);
    for (const cJSON *one = a ? a->child : NULL; one && has_sides; one = one->next)
        has_sides = record_refers(b, record_reference(one));
    return has_sides && str_equal(record_patient(before), record_patient(after)) &&
           care_team_lead_is_joint(before) == care_team_lead_is_joint(after) &&
           (was && is ? json_equal(was, is) : was == is);
}

static bool is_chosen(const cJSON *team)
{
    return next_lead(record_first(team, "participant")) ||
           record_extension(team, "lead-determination");
}

bool care_team_lead_determined(struct rule_run *run)
{
    const struct change *change = run->change;
    const cJSON *team = change->after;
    bool is_joint = care_team_lead_is_joint(team) || care_team_lead_is_joint(change->before);
    int index = -1;
    if (!is_joint || change->is_copy || run->operation || run->caller->is_server)
        return true;
    if (is_same_leads(change->before, team) && is_same_determination(change->before, team) &&
        (!team || !is_chosen(change->before) || has_same_sides(change->before, team)))
        return true;
    care_team_lead_find(team, &index);
    return rule_say(run, index < 0 ? NULL : "participant", index, "CareTeam/" STR_FMT,
                    STR_ARG(change->id));
}

/* By their text: in a copy they may lead to where it comes from. */
static bool has_agreed(const cJSON *determination, const cJSON *side)
{
    struct str wanted = json_get_text(side, "reference");
    for (const cJSON *one = record_first(determination, "extension"); one; one = one->next)
        if (str_is(json_get_text(one, "url"), "agreedBy") && wanted.len &&
            str_equal(
                json_get_text(record_value(record_extension(one, "organization")), "reference"),
                wanted))
            return true;
    return false;
}

/* Both who manage the team have agreed. */
bool care_team_lead_attested(struct rule_run *run)
{
    int index;
    const cJSON *team = run->change->after, *lead = care_team_lead_find(team, &index);
    if (!run->change->is_copy || !care_team_lead_is_joint(team) || !lead)
        return true;
    const cJSON *said = record_extension(lead, "lead-determination");
    const cJSON *side = record_first(team, "managingOrganization");
    size_t count = 0;
    bool is_good = str_is(record_extension_text(said, "status"), "determined");
    for (; side && is_good; side = side->next, count++)
        is_good = has_agreed(said, side);
    return (is_good && count == 2) ||
           rule_say(run, "participant", index, "both organizations agree to a lead");
}
