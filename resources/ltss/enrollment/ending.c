/* ending.c - when a member's episode with one side ends, what the two did together ends: the open
 * proposal is cancelled, the joint team becomes inactive and its lead a former one; the side that
 * remains is asked to name a lead of its own (R13, R16). */
#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"
#include "resources/ltss/rules.h"

static bool is_open(const cJSON *episode)
{
    static const char *const OPEN[] = { "planned", "waitlist", "active", "onhold" };
    struct str status = json_get_text(episode, "status");
    for (size_t i = 0; i < COUNT(OPEN); i++)
        if (str_is(status, OPEN[i]))
            return true;
    return false;
}

static bool is_enrollment(const cJSON *episode)
{
    const cJSON *type = json_get(episode, "type");
    return record_has_code(type, LTSS_CODES "episode-type", "mltc-enrollment") ||
           record_has_code(type, LTSS_CODES "episode-type", "health-home-enrollment");
}

static void cancel_open(struct rule_run *run, struct str member, struct str team)
{
    const struct ltss_record *task =
        run->lookup->find(run->lookup->context, "Task", RULE_OPEN_TASKS, member);
    for (; task->content; task++) {
        if (!determination_is_open(task->content) ||
            !record_refers(json_get(task->content, "focus"), team))
            continue;
        cJSON *cancelled = json_copy(run->arena, task->content);
        draft_text(run->arena, cancelled, "status", STR("cancelled"));
        draft_set_reason(run->arena, cancelled,
                         STR("The member's episode with one of the two sides has ended."));
        run->derive(run->context, "Task", task->id, cancelled);
    }
}

static void ask_review(struct rule_run *run, struct str member, struct str team, struct str side)
{
    struct date due =
        record_add_days(&run->today, program_number(run->program, "lead-review-days"));
    const struct ltss_task facts = {
        .code = "lead-review",
        .member = member,
        .focus = team,
        .requester = draft_requester(run, side),
        .owner = side,
        .due = &due,
        .description = "The other side's episode has ended: name the member's lead care "
                       "manager in your own team."
    };
    if (!draft_task_is_open(run, "lead-review", member, side))
        run->derive(run->context, "Task", STR(""), ltss_task_make(run, &facts));
}

static cJSON *end_team(struct rule_run *run, const cJSON *team)
{
    int index;
    struct str today = draft_today(run);
    cJSON *ended = determination_team(run->arena, team, NULL);
    cJSON *lead = (cJSON *)(uintptr_t)care_team_lead_find(ended, &index);
    cJSON *period = json_get(ended, "period");
    if (lead)
        care_team_lead_end(run->arena, lead, today);
    draft_text(run->arena, ended, "status", STR("inactive"));
    if (!period)
        period = json_set(run->arena, ended, "period", json_new_object(run->arena));
    if (!json_get_text(period, "end").len)
        draft_text(run->arena, period, "end", today);
    return ended;
}

static bool is_of(const cJSON *episode, struct str member, struct str organization)
{
    return is_open(episode) && is_enrollment(episode) &&
           str_equal(record_patient(episode), member) &&
           record_refers(json_get(episode, "managingOrganization"), organization);
}

/* Whether another open episode of the kind with the same organization goes on. */
static bool goes_on(struct rule_run *run, struct str member, struct str organization)
{
    const struct ltss_record *other =
        run->lookup->find(run->lookup->context, "EpisodeOfCare", "patient", member);
    for (; other->content; other++)
        if (!str_equal(other->id, run->change->id) && is_of(other->content, member, organization))
            return true;
    return false;
}

bool enrollment_ending_ends_team(struct rule_run *run)
{
    const cJSON *before = run->change->before, *after = run->change->after;
    struct str member = record_patient(before);
    struct str side = record_reference(json_get(before, "managingOrganization"));
    if (!is_open(before) || !is_enrollment(before) || is_of(after, member, side) || !side.len ||
        goes_on(run, member, side))
        return true;
    const struct ltss_record *team = run->lookup->find(run->lookup->context, "CareTeam",
                                                       "status=active,proposed&patient", member);
    for (; team->content; team++) {
        const cJSON *sides = json_get(team->content, "managingOrganization");
        struct str reference = str_print(run->arena, "CareTeam/" STR_FMT, STR_ARG(team->id));
        if (!care_team_lead_is_joint(team->content) || !record_refers(sides, side) ||
            str_is(json_get_text(team->content, "status"), "inactive") ||
            !str_equal(record_patient(team->content), member))
            continue;
        cancel_open(run, member, reference);
        if (!team->is_copy)
            run->derive(run->context, "CareTeam", team->id, end_team(run, team->content));
        for (const cJSON *one = sides ? sides->child : NULL; one; one = one->next)
            if (!str_equal(record_reference(one), side))
                ask_review(run, member, reference, record_reference(one));
    }
    return true;
}
