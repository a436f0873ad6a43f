/* offer.c - whoever is found eligible for a Health Home is offered one (R2). */
#include <ctype.h>

#include "resources/ltss/draft.h"
#include "resources/ltss/rules.h"

static bool is_eligible(const cJSON *observation)
{
    struct str status = json_get_text(observation, "status");
    return record_has_code(json_get(observation, "code"), LTSS_CODES "tandem-observation",
                           "hh-eligibility") &&
           (str_is(status, "final") || str_is(status, "amended") || str_is(status, "corrected")) &&
           str_is(json_get_text(observation, "valueBoolean"), "true");
}

static bool is_enrolled(const struct rule_run *run, struct str member)
{
    const struct ltss_record *episode =
        run->lookup->find(run->lookup->context, "EpisodeOfCare", "status=active&patient", member);
    for (; episode->content; episode++)
        if (str_is(json_get_text(episode->content, "status"), "active") &&
            str_equal(record_patient(episode->content), member) &&
            record_has_code(json_get(episode->content, "type"), LTSS_CODES "episode-type",
                            "health-home-enrollment"))
            return true;
    return false;
}

static bool is_same_word(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (tolower((unsigned char)a.data[i]) != tolower((unsigned char)b.data[i]))
            return false;
    return true;
}

/* The Health Home of a place: a word PLACE=Organization/x of the list. Blanks in the place are
 * hyphens. */
static struct str assigned_to(const struct rule_run *run, struct str place)
{
    const struct program_value *list = program_value(run->program, "health-home-of");
    char *plain = str_cstr(run->arena, place);
    for (char *c = plain; *c; c++)
        *c = *c == ' ' ? '-' : *c;
    for (size_t i = 0; list && place.len && i < list->word_count; i++) {
        struct str home = list->words[i], at = str_cut(&home, '=');
        if (is_same_word(at, str_of(plain)))
            return home;
    }
    return STR("");
}

/* By county, else by city; nobody is assigned: who found the member eligible offers it. */
static struct str home_of(const struct rule_run *run, const cJSON *patient)
{
    for (const cJSON *one = record_first(patient, "address"); one; one = one->next) {
        struct str home = assigned_to(run, json_get_text(one, "district"));
        if (!home.len)
            home = assigned_to(run, json_get_text(one, "city"));
        if (home.len)
            return home;
    }
    return run->caller->organization;
}

bool enrollment_offer_home(struct rule_run *run)
{
    const cJSON *observation = run->change->after;
    struct str member = record_patient(observation);
    if (!observation || run->change->is_copy || !is_eligible(observation) || !member.len ||
        is_enrolled(run, member) || draft_task_is_open(run, "offer-health-home", member, STR("")))
        return true;
    const cJSON *patient = run->lookup->read(run->lookup->context, member);
    struct date due =
        record_add_days(&run->today, program_number(run->program, "offer-health-home-days"));
    struct str home = home_of(run, patient);
    const struct ltss_task facts = {
        .code = "offer-health-home",
        .member = member,
        .focus = str_print(run->arena, "Observation/" STR_FMT, STR_ARG(run->change->id)),
        .requester = draft_requester(run, home),
        .owner = home,
        .due = &due,
        .description = "Offer the member the Health Home and record the decision."
    };
    if (facts.owner.len)
        run->derive(run->context, "Task", STR(""), ltss_task_make(run, &facts));
    return true;
}
