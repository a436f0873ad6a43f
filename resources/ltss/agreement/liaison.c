/* liaison.c - each side of an agreement has somebody whom the other can call (R17). */
#include "resources/ltss/agreement/liaison.h"

#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"

#define LIAISON LTSS "StructureDefinition/liaison"

struct str agreement_liaison_of(const struct rule_run *run, const cJSON *contract,
                                struct str organization)
{
    for (const cJSON *one = record_first(contract, "extension"); one; one = one->next) {
        struct str person = record_reference(record_value(one));
        if (!str_is(json_get_text(one, "url"), LIAISON) ||
            !str_starts(person, STR("PractitionerRole/")))
            continue;
        const cJSON *role = run->lookup->read(run->lookup->context, person);
        if (record_refers(json_get(role, "organization"), organization))
            return person;
    }
    return STR("");
}

bool agreement_liaison_each(struct rule_run *run)
{
    struct str parties[2];
    const cJSON *contract = run->change->after;
    if (!agreement_asa_is(contract) || !agreement_asa_parties(contract, parties))
        return true;
    for (int i = 0; i < 2; i++)
        if (!agreement_liaison_of(run, contract, parties[i]).len)
            return rule_say(run, "extension", -1, STR_FMT, STR_ARG(parties[i]));
    return true;
}
