/* party.c - from a Reference to the organization or member behind it. */
#include "resources/ltss/party.h"

static const cJSON *read(const struct rule_run *run, struct str reference)
{
    return run->lookup->read(run->lookup->context, reference);
}

/* Of the roles of a practitioner the one at the caller's organization, else the first. */
static struct str of_practitioner(const struct rule_run *run, struct str practitioner)
{
    struct str organization = STR("");
    const struct ltss_record *role =
        run->lookup->find(run->lookup->context, "PractitionerRole", "practitioner", practitioner);
    for (; role->content; role++) {
        struct str at = record_reference(json_get(role->content, "organization"));
        if (!str_equal(record_reference(json_get(role->content, "practitioner")), practitioner))
            continue;
        if (!organization.len || str_equal(at, run->caller->organization))
            organization = at;
    }
    return organization;
}

struct str party_organization(const struct rule_run *run, const cJSON *reference)
{
    struct str target = record_reference(reference);
    if (str_starts(target, STR("Organization/")))
        return target;
    if (str_starts(target, STR("PractitionerRole/")))
        return record_reference(json_get(read(run, target), "organization"));
    return str_starts(target, STR("Practitioner/")) ? of_practitioner(run, target) : STR("");
}

bool party_is_caller(const struct rule_run *run, const cJSON *reference)
{
    const struct caller *caller = run->caller;
    struct str target = record_reference(reference);
    if (!target.len)
        return false;
    if (caller->practitioner_role.len && str_equal(target, caller->practitioner_role))
        return true;
    if (str_starts(target, STR("RelatedPerson/")))
        target = record_patient(read(run, target));
    if (str_starts(target, STR("Patient/")))
        return caller->patient.len && str_equal(target, caller->patient);
    return caller->organization.len &&
           str_equal(party_organization(run, reference), caller->organization);
}
