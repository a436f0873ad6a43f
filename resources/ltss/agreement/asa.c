/* asa.c - who the two sides of an agreement are, and that nothing joint is written without one
 * (R5). */
#include "resources/ltss/agreement/asa.h"

#include "resources/ltss/rules.h"

enum { SIDES = 2 };

bool agreement_asa_is(const cJSON *contract)
{
    static const char *const OWN_TERMS[] = { "asa-terms", "asa-appendix-a", "asa-appendix-b" };
    if (record_has_code(json_get(contract, "type"), AGREEMENT_TYPES, "asa"))
        return true;
    for (const cJSON *term = record_first(contract, "term"); term; term = term->next)
        for (size_t i = 0; i < COUNT(OWN_TERMS); i++)
            if (record_has_code(json_get(term, "type"), AGREEMENT_TERMS, OWN_TERMS[i]))
                return true;
    return false;
}

/* Adds an organization once; false when there is a third. */
static bool add_party(struct str parties[2], size_t *count, struct str party)
{
    if (!str_starts(party, STR("Organization/")))
        return true;
    for (size_t i = 0; i < *count; i++)
        if (str_equal(parties[i], party))
            return true;
    if (*count == SIDES)
        return false;
    parties[(*count)++] = party;
    return true;
}

static bool add_offer(struct str parties[2], size_t *count, const cJSON *term)
{
    for (const cJSON *party = record_first(json_get(term, "offer"), "party"); party;
         party = party->next)
        for (const cJSON *one = record_first(party, "reference"); one; one = one->next)
            if (!add_party(parties, count, record_reference(one)))
                return false;
    return true;
}

bool agreement_asa_parties(const cJSON *contract, struct str parties[2])
{
    size_t count = 0;
    for (const cJSON *signer = record_first(contract, "signer"); signer; signer = signer->next)
        if (!add_party(parties, &count, record_reference(json_get(signer, "party"))))
            return false;
    for (const cJSON *term = record_first(contract, "term"); term; term = term->next)
        if (!add_offer(parties, &count, term))
            return false;
    return count == SIDES;
}

bool agreement_asa_has_signed(const cJSON *contract, struct str organization)
{
    for (const cJSON *signer = record_first(contract, "signer"); signer; signer = signer->next)
        if (record_refers(json_get(signer, "party"), organization))
            return true;
    return false;
}

bool agreement_asa_is_in_force(const cJSON *contract, const struct date *day)
{
    struct str parties[SIDES];
    return agreement_asa_is(contract) && str_is(json_get_text(contract, "status"), "executed") &&
           agreement_asa_parties(contract, parties) &&
           agreement_asa_has_signed(contract, parties[0]) &&
           agreement_asa_has_signed(contract, parties[1]) &&
           record_covers(json_get(contract, "applies"), day);
}

/* The one record that has this identifier. */
static const cJSON *find_by_identifier(const struct rule_run *run, const cJSON *identifier)
{
    const cJSON *found = NULL;
    struct str system = json_get_text(identifier, "system"),
               value = json_get_text(identifier, "value");
    if (!value.len)
        return NULL;
    const struct ltss_record *one = run->lookup->find(
        run->lookup->context, "Contract", "identifier",
        str_print(run->arena, STR_FMT "|" STR_FMT, STR_ARG(system), STR_ARG(value)));
    for (; one->content; one++)
        for (const cJSON *held = record_first(one->content, "identifier"); held; held = held->next)
            if (str_equal(json_get_text(held, "system"), system) &&
                str_equal(json_get_text(held, "value"), value)) {
                if (found)
                    return NULL;
                found = one->content;
            }
    return found;
}

const cJSON *agreement_asa_of(const struct rule_run *run, const cJSON *record)
{
    const cJSON *named = record_value(record_extension(record, "governing-agreement"));
    struct str agreement = record_reference(named);
    if (agreement.len)
        return str_starts(agreement, STR("Contract/"))
                   ? run->lookup->read(run->lookup->context, agreement)
                   : NULL;
    return find_by_identifier(run, json_get(named, "identifier"));
}

const cJSON *agreement_asa_with(const struct rule_run *run, struct str organization,
                                const cJSON *service)
{
    if (!organization.len)
        return NULL;
    const struct ltss_record *one =
        run->lookup->find(run->lookup->context, "Contract", "signer", organization);
    for (; one->content; one++)
        if (agreement_asa_is_in_force(one->content, &run->today) &&
            agreement_asa_has_signed(one->content, organization) &&
            (!service || agreement_appendix_find(one->content, service)))
            return one->content;
    return NULL;
}

struct str agreement_asa_side(const struct rule_run *run, const struct str parties[2],
                              struct str org_type)
{
    for (size_t i = 0; i < SIDES; i++) {
        const cJSON *party = run->lookup->read(run->lookup->context, parties[i]);
        struct str type = record_code(json_get(party, "type"), LTSS_CODES "org-type");
        if (str_equal(type, org_type))
            return parties[i];
    }
    return STR("");
}

static bool is_joint(const cJSON *record)
{
    const cJSON *category = json_get(record, "category");
    return record_has_code(category, LTSS_CODES "care-team-category", "joint-mltc-health-home") ||
           record_has_code(category, LTSS_CODES "ltss-care-plan-type", "joint");
}

/* A team is managed by both sides; of a plan the custodian must be one. */
static bool is_between(const cJSON *record, const struct str parties[2])
{
    const cJSON *both = json_get(record, "managingOrganization");
    if (both)
        return record_refers(both, parties[0]) && record_refers(both, parties[1]);
    struct str custodian = record_reference(record_value(record_extension(record, "custodian")));
    return str_equal(custodian, parties[0]) || str_equal(custodian, parties[1]);
}

/* Who is neither side does not write for the two. The server and the tester may. */
static bool is_party(const struct caller *caller, const struct str parties[2])
{
    return caller->is_server || caller->is_tester || !caller->organization.len ||
           str_equal(caller->organization, parties[0]) ||
           str_equal(caller->organization, parties[1]);
}

bool agreement_asa_required(struct rule_run *run)
{
    struct str parties[SIDES];
    const cJSON *record = run->change->after;
    if (!record || !is_joint(record) || run->change->is_copy || run->caller->is_server)
        return true;
    const cJSON *contract = agreement_asa_of(run, record);
    if (contract && agreement_asa_is_in_force(contract, &run->today) &&
        agreement_asa_parties(contract, parties) && is_between(record, parties) &&
        is_party(run->caller, parties))
        return true;
    return rule_say(run, "extension", -1, "%s",
                    contract ? "the agreement that is named is not in force between them today"
                             : "no stored agreement is named");
}
