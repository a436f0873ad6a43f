/* withdrawn.c - who made the standing proposal may take it back; then the team no longer shows it
 * (R13). Who may is the Task's machine's to say. */
#include "resources/ltss/determination/determination.h"
#include "resources/ltss/rules.h"

static const size_t TYPE_LENGTH = sizeof "CareTeam/" - 1;

bool determination_withdrawn(struct rule_run *run)
{
    const cJSON *before = run->change->before, *after = run->change->after;
    struct str team = record_reference(json_get(after, "focus"));
    if (!determination_is_open(before) || !str_is(json_get_text(after, "status"), "cancelled") ||
        run->change->is_copy || !str_starts(team, STR("CareTeam/")))
        return true;
    const cJSON *held = run->lookup->read(run->lookup->context, team);
    if (held && record_extension(held, "lead-determination"))
        run->derive(run->context, "CareTeam", str_slice(team, TYPE_LENGTH, team.len),
                    determination_team(run->arena, held, NULL));
    return true;
}
