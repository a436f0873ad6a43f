/* signed.c - an agreement counts when both sides signed it, each for itself, and what was signed
 * stays as it is (R10). */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"

static bool is_executed(const cJSON *contract)
{
    return str_is(json_get_text(contract, "status"), "executed");
}

static bool is_free(const struct rule_run *run)
{
    return run->caller->is_server || run->caller->is_tester ||
           str_is(run->caller->role, "state-agency");
}

/* Whether this signer stands in the record already, unchanged. */
static bool was_there(const cJSON *before, const cJSON *signer)
{
    for (const cJSON *one = record_first(before, "signer"); one; one = one->next)
        if (json_equal(one, signer))
            return true;
    return false;
}

static bool is_same(const cJSON *before, const cJSON *after, const char *name)
{
    const cJSON *a = json_get(before, name), *b = json_get(after, name);
    return a && b ? json_equal(a, b) : a == b;
}

/* What is signed: the terms and the text. */
static bool is_same_deal(const cJSON *before, const cJSON *after)
{
    static const char *const SIGNED[] = { "term", "legal", "instantiatesUri", "subject" };
    for (size_t i = 0; i < COUNT(SIGNED); i++)
        if (!is_same(before, after, SIGNED[i]))
            return false;
    return true;
}

/* A signature that stands stays with what it was put under. */
static bool signs_for_itself(struct rule_run *run)
{
    int index = 0;
    const struct change *change = run->change;
    bool is_kept = agreement_asa_is(change->before) && is_same_deal(change->before, change->after);
    const cJSON *signer = record_first(change->after, "signer");
    for (; signer; signer = signer->next, index++) {
        struct str party = record_reference(json_get(signer, "party"));
        if (str_starts(party, STR("Organization/")) &&
            !(is_kept && was_there(change->before, signer)) &&
            !str_equal(party, run->caller->organization))
            return rule_say(run, "signer", index, STR_FMT " signs for itself", STR_ARG(party));
    }
    return true;
}

bool agreement_signed_by_both(struct rule_run *run)
{
    struct str parties[2];
    const struct change *change = run->change;
    const cJSON *contract = change->after;
    bool was_executed = agreement_asa_is(change->before) && is_executed(change->before);
    if (!agreement_asa_is(contract))
        return !was_executed || is_free(run) || (contract && change->is_copy) ||
               rule_say(run, NULL, -1, "what both signed is ended, not deleted");
    if (is_executed(contract) && (!agreement_asa_parties(contract, parties) ||
                                  !agreement_asa_has_signed(contract, parties[0]) ||
                                  !agreement_asa_has_signed(contract, parties[1])))
        return rule_say(run, "signer", -1, "two organizations are its parties, and both sign");
    if (is_free(run) || change->is_copy)
        return true;
    if (was_executed &&
        !(is_same_deal(change->before, contract) && is_same(change->before, contract, "signer")))
        return rule_say(run, "term", -1, "what both signed is changed by a new agreement");
    return signs_for_itself(run);
}
