/* propose.c - CareTeam/[id]/$lead-propose: one side names whom it wants, and the other is asked
 * (R13). */
#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"

/* Author's signature (ASTM E1762). */
static const char SIGNED_AS_AUTHOR[] = "1.2.840.10065.1.12.1.1";

static bool check_none_open(struct rule_run *run)
{
    struct str member = record_patient(run->change->before);
    const struct ltss_record *task =
        run->lookup->find(run->lookup->context, "Task", RULE_OPEN_TASKS, member);
    for (; task->content; task++)
        if (determination_is_open(task->content) &&
            str_equal(record_patient(task->content), member))
            return DETERMINATION_REFUSE(run, "determination-open", NULL, -1, "Task/" STR_FMT,
                                        STR_ARG(task->id));
    return true;
}

static bool check_team(struct rule_run *run)
{
    const cJSON *team = run->change->before;
    if (!care_team_lead_is_joint(team))
        return rule_say_key(run, "asa-required", "category", -1, "CareTeam/" STR_FMT,
                            STR_ARG(run->change->id));
    return true;
}

static bool check_active(struct rule_run *run)
{
    struct str status = json_get_text(run->change->before, "status");
    if (care_team_lead_is_active(run->change->before) || str_is(status, "proposed"))
        return true;
    return rule_say_key(run, "illegal-transition", "status", -1,
                        "the team is " STR_FMT "; only an active or proposed one chooses a lead",
                        STR_ARG(status));
}

/* Who speaks for a side: the person whom the client named, else the side's coordinator in the team.
 */
static struct str speaker_of(struct rule_run *run, struct str side)
{
    if (run->caller->practitioner_role.len)
        return run->caller->practitioner_role;
    const cJSON *one = record_first(run->change->before, "participant");
    for (; one; one = one->next) {
        const cJSON *role = json_get(one, "role");
        struct str member = record_reference(json_get(one, "member"));
        if (!record_has_code(role, CARE_TEAM_ROLES, "mltc-care-coordinator") &&
            !record_has_code(role, CARE_TEAM_ROLES, "health-home-care-manager"))
            continue;
        const cJSON *person = run->lookup->read(run->lookup->context, member);
        if (record_refers(json_get(person, "organization"), side))
            return member;
    }
    return STR("");
}

static cJSON *make_task(struct rule_run *run, const struct determination_choice *choice,
                        const struct determination_records *records, struct str ours,
                        struct str theirs)
{
    struct arena *arena = run->arena;
    struct str team = str_print(arena, "CareTeam/" STR_FMT, STR_ARG(records->team_id));
    struct date due =
        record_add_days(&run->today, program_number(run->program, "lead-answer-days"));
    const struct ltss_task facts = {
        .code = "lead-determination",
        .member = record_patient(run->change->before),
        .focus = team,
        .requester = ours,
        .owner = theirs,
        .due = &due,
        .description = "Agree, disagree or counter: who shall be the lead care manager?"
    };
    cJSON *task = ltss_task_make(run, &facts);
    ltss_task_add(run, task, "input", "care-team", "valueReference",
                  ltss_task_reference(arena, team));
    determination_state(run, task, choice);
    return task;
}

bool determination_propose(struct rule_run *run, const struct determination_choice *asked,
                           struct determination_records *records)
{
    struct str ours, theirs;
    struct determination_choice choice = *asked;
    if (!check_team(run) || !determination_check_party(run, &ours, &theirs) || !check_active(run) ||
        !determination_check_choice(run, &choice) || !check_none_open(run))
        return false;
    struct str speaker = speaker_of(run, ours);
    if (!speaker.len)
        return rule_say_key(run, "lead-record-incomplete", "participant", -1,
                            "nobody in the team speaks for " STR_FMT, STR_ARG(ours));
    cJSON *said = determination_extension(run->arena, "proposed", &choice);
    json_add(draft_list(run->arena, said, "extension"),
             determination_agreed(run, ours, speaker, records->provenance_id));
    records->team = determination_team(run->arena, run->change->before, said);
    records->task = make_task(run, &choice, records, ours, theirs);
    records->provenance = determination_provenance(run, records, ours, speaker, SIGNED_AS_AUTHOR);
    return true;
}
