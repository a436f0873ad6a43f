/* attest.c - Task/[id]/$lead-attest: the other side agrees, disagrees or counters (R13, R16). */
#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/draft.h"

/* Verification signature (ASTM E1762). */
static const char SIGNED_AS_VERIFIED[] = "1.2.840.10065.1.12.1.5";

static struct str team_of(const struct rule_run *run)
{
    return str_print(run->arena, "CareTeam/" STR_FMT, STR_ARG(run->change->id));
}

static cJSON *lead_of(cJSON *team)
{
    int index;
    return (cJSON *)(uintptr_t)care_team_lead_find(team, &index);
}

/* A member has one lead: who led in another team, leads no more. A team of another server is not
 * ours to change, so its lead stands in the way. */
static bool end_other_leads(struct rule_run *run)
{
    struct str member = record_patient(run->change->before);
    const struct ltss_record *team =
        run->lookup->find(run->lookup->context, "CareTeam", "status=active&patient", member);
    for (; team->content; team++) {
        if (str_equal(team->id, run->change->id) || !care_team_lead_is_active(team->content) ||
            !str_equal(record_patient(team->content), member))
            continue;
        cJSON *changed = json_copy(run->arena, team->content), *lead = lead_of(changed);
        if (!lead)
            continue;
        if (team->is_copy)
            return rule_say_key(run, "lead-exists", NULL, -1, "CareTeam/" STR_FMT,
                                STR_ARG(team->id));
        care_team_lead_end(run->arena, lead, draft_today(run));
        run->derive(run->context, "CareTeam", team->id, changed);
    }
    return true;
}

/* What the side that made the standing proposal has already agreed to. */
static void add_standing(struct rule_run *run, cJSON *determination, const cJSON *said)
{
    const cJSON *agreed = record_extension(said, "agreedBy");
    if (agreed)
        json_add(draft_list(run->arena, determination, "extension"), json_copy(run->arena, agreed));
}

static void add_own(struct rule_run *run, cJSON *determination,
                    const struct determination_answer *answer,
                    const struct determination_records *records)
{
    json_add(draft_list(run->arena, determination, "extension"),
             determination_agreed(run, run->caller->organization, answer->attester,
                                  records->provenance_id));
}

static void add_part(struct rule_run *run, cJSON *determination, const char *url, const char *value,
                     cJSON *item)
{
    json_add(draft_list(run->arena, determination, "extension"),
             draft_extension(run->arena, url, value, item));
}

static cJSON *lead_entry(struct rule_run *run, const struct determination_choice *choice,
                         cJSON *determination)
{
    struct arena *arena = run->arena;
    cJSON *entry = json_new_object(arena), *period = json_new_object(arena);
    json_add(draft_list(arena, entry, "extension"), determination);
    json_add(draft_list(arena, entry, "role"),
             ltss_task_concept(arena, CARE_TEAM_ROLES, "lead-care-manager"));
    draft_set_reference(arena, entry, "member", choice->candidate);
    draft_text(arena, period, "start",
               choice->effective.len ? choice->effective : draft_today(run));
    json_set(arena, entry, "period", period);
    return entry;
}

static void notify(struct rule_run *run, struct str theirs)
{
    struct str member = record_patient(run->change->before);
    const struct draft_notice notice = {
        .patient = member,
        .about = team_of(run),
        .sender = run->caller->organization,
        .words = STR("Both organizations have agreed on the lead care manager."),
        .recipients = { run->caller->organization, theirs, member },
        .recipient_count = 3
    };
    run->derive(run->context, "Communication", STR(""), draft_notice(run, &notice));
}

static struct str effective_of(const cJSON *task)
{
    for (const cJSON *one = record_first(task, "input"); one; one = one->next)
        if (record_has_code(json_get(one, "type"), DRAFT_TASK_IO, "effective"))
            return json_text(record_value(one));
    return STR("");
}

/* The form may have been changed since it was proposed by: what is agreed on is what it says now.
 */
static bool agree(struct rule_run *run, const cJSON *said,
                  const struct determination_answer *answer, struct str theirs,
                  struct determination_records *records)
{
    struct arena *arena = run->arena;
    struct determination_choice choice;
    determination_read(said, &choice);
    choice.effective = effective_of(records->task);
    if (!determination_check_choice(run, &choice))
        return false;
    cJSON *team = determination_team(arena, run->change->before, NULL), *lead = lead_of(team);
    cJSON *determined = determination_extension(arena, "determined", &choice);
    add_part(run, determined, "determinedOn", "valueDateTime",
             json_new_string(arena, draft_now(run)));
    add_standing(run, determined, said);
    add_own(run, determined, answer, records);
    if (lead) {
        care_team_lead_end(arena, lead, draft_today(run));
        struct str version =
            str_print(arena, "CareTeam/" STR_FMT "/_history/%llu", STR_ARG(run->change->id),
                      (unsigned long long)records->team_version);
        add_part(run, determined, "supersedes", "valueReference",
                 ltss_task_reference(arena, version));
    }
    json_add(draft_list(arena, team, "participant"), lead_entry(run, &choice, determined));
    records->team = team;
    if (!end_other_leads(run))
        return false;
    draft_text(arena, records->task, "status", STR("completed"));
    ltss_task_add(run, records->task, "output", "care-team", "valueReference",
                  ltss_task_reference(arena, team_of(run)));
    notify(run, theirs);
    return true;
}

static bool disagree(struct rule_run *run, const cJSON *said,
                     const struct determination_answer *answer,
                     struct determination_records *records)
{
    struct arena *arena = run->arena;
    struct determination_choice choice;
    if (!answer->note.len)
        return rule_say_key(run, "reason-required", NULL, -1, "note");
    determination_read(said, &choice);
    cJSON *disputed = determination_extension(arena, "disputed", &choice);
    add_standing(run, disputed, said);
    records->team = determination_team(arena, run->change->before, disputed);
    draft_text(arena, records->task, "status", STR("rejected"));
    draft_set_reason(arena, records->task, answer->note);
    return true;
}

/* The needs of a counter-proposal that names none are those of its form. */
static void take_needs(struct rule_run *run, struct determination_choice *choice)
{
    const cJSON *form = run->lookup->read(run->lookup->context, choice->form);
    const cJSON *answer = record_first(determination_item(form, "primary-need"), "answer");
    for (; answer && choice->need_count < DETERMINATION_MOST_NEEDS; answer = answer->next) {
        cJSON *concept = json_new_object(run->arena);
        const cJSON *coding = json_get(answer, "valueCoding");
        if (coding)
            json_add(draft_list(run->arena, concept, "coding"), json_copy(run->arena, coding));
        choice->needs[choice->need_count++] = concept;
    }
}

static bool counter(struct rule_run *run, const struct determination_answer *answer,
                    struct str theirs, struct determination_records *records)
{
    struct arena *arena = run->arena;
    struct determination_choice choice = answer->counter;
    if (!choice.candidate.len || !choice.form.len)
        return DETERMINATION_REFUSE(run, "counter-incomplete", NULL, -1, "%s is missing",
                                    choice.candidate.len ? "counterForm" : "counterCandidate");
    if (!choice.need_count)
        take_needs(run, &choice);
    choice.rationale = answer->note.len ? answer->note : STR("As stated on the form.");
    if (!determination_check_choice(run, &choice))
        return false;
    cJSON *said = determination_extension(arena, "proposed", &choice);
    add_own(run, said, answer, records);
    records->team = determination_team(arena, run->change->before, said);
    draft_text(arena, records->task, "status", STR("in-progress"));
    draft_set_reference(arena, records->task, "owner", theirs);
    determination_state(run, records->task, &choice);
    return true;
}

static bool check_task(struct rule_run *run, const cJSON *task)
{
    if (!determination_is_open(task))
        return rule_say_key(run, "illegal-transition", NULL, -1,
                            "this determination is " STR_FMT "; allowed: a new proposal",
                            STR_ARG(json_get_text(task, "status")));
    if (!record_refers(json_get(task, "owner"), run->caller->organization))
        return DETERMINATION_REFUSE(run, "second-attester-same-party", NULL, -1, STR_FMT,
                                    STR_ARG(record_reference(json_get(task, "owner"))));
    return true;
}

/* Who answers works for the side that answers. */
static bool check_attester(struct rule_run *run, struct str attester)
{
    const cJSON *role = attester.len ? run->lookup->read(run->lookup->context, attester) : NULL;
    if (str_starts(attester, STR("PractitionerRole/")) &&
        record_refers(json_get(role, "organization"), run->caller->organization))
        return true;
    return rule_say_key(run, "not-a-party", NULL, -1, "attester '" STR_FMT "'", STR_ARG(attester));
}

/* What is asked for; false with the first issue. */
static bool decide(struct rule_run *run, const struct determination_answer *answer,
                   struct str theirs, struct determination_records *records)
{
    const cJSON *said = record_extension(run->change->before, "lead-determination");
    if (str_is(answer->decision, "counter"))
        return counter(run, answer, theirs, records);
    if (str_is(answer->decision, "disagree"))
        return disagree(run, said, answer, records);
    if (str_is(answer->decision, "agree"))
        return agree(run, said, answer, theirs, records);
    return rule_say_key(run, "code-invalid", NULL, -1, "decision '" STR_FMT "'",
                        STR_ARG(answer->decision));
}

bool determination_attest(struct rule_run *run, const cJSON *task,
                          const struct determination_answer *answer,
                          struct determination_records *records)
{
    struct str ours, theirs;
    if (!determination_check_party(run, &ours, &theirs) || !check_task(run, task) ||
        !check_attester(run, answer->attester))
        return false;
    records->task = json_copy(run->arena, task);
    if (!decide(run, answer, theirs, records))
        return false;
    records->provenance =
        determination_provenance(run, records, ours, answer->attester, SIGNED_AS_VERIFIED);
    return true;
}
