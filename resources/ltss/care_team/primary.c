/* primary.c - the agreement says who is primary for which area of care (R7). */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/care_team/lead.h"
#include "resources/ltss/rules.h"

/* What the agreement itself says of the area: its extension primary-role, an organization. */
static struct str allocated_by(const cJSON *contract, struct str domain)
{
    for (const cJSON *one = record_first(contract, "extension"); one; one = one->next)
        if (str_is(json_get_text(one, "url"), LTSS "StructureDefinition/primary-role") &&
            str_equal(record_extension_text(one, "domain"), domain))
            return record_reference(record_value(record_extension(one, "organization")));
    return STR("");
}

/* Else the program's own: the side of this type. */
static struct str allocated(const struct rule_run *run, const cJSON *contract, struct str domain)
{
    struct str parties[2], side = allocated_by(contract, domain);
    if (side.len || !agreement_asa_parties(contract, parties))
        return side;
    const struct program_value *types = program_value(
        run->program, str_print(run->arena, "primary-" STR_FMT, STR_ARG(domain)).data);
    return types && types->word_count ? agreement_asa_side(run, parties, types->words[0]) : STR("");
}

bool care_team_primary_allocated(struct rule_run *run)
{
    int index = 0;
    const cJSON *team = run->change->after;
    if (!care_team_lead_is_joint(team) || run->change->is_copy)
        return true;
    const cJSON *contract = agreement_asa_of(run, team);
    for (const cJSON *one = record_first(team, "participant"); one; one = one->next, index++) {
        struct str member = record_reference(json_get(one, "member"));
        const cJSON *extension = record_first(one, "extension");
        for (; extension; extension = extension->next) {
            if (!str_is(json_get_text(extension, "url"),
                        LTSS "StructureDefinition/primary-coordinator"))
                continue;
            struct str domain = json_text(record_value(extension));
            struct str side = allocated(run, contract, domain);
            const cJSON *role = run->lookup->read(run->lookup->context, member);
            bool is_side =
                str_equal(member, side) || record_refers(json_get(role, "organization"), side);
            if (side.len && !is_side)
                return rule_say(run, "participant", index, STR_FMT " belongs to " STR_FMT,
                                STR_ARG(domain), STR_ARG(side));
        }
    }
    return true;
}
