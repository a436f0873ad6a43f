/* units.c - a plan is billed for what it has authorized, as much of it, and for visits that took
 * place (R71, R123). */
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/rules.h"
#include "resources/ltss/scope/scope.h"

static double number_of(const cJSON *quantity, struct arena *arena)
{
    struct str value = json_get_text(quantity, "value");
    return value.len ? strtod(str_cstr(arena, value), NULL) : 0;
}

/* Whether the text stands in preAuthRef of an insurance of the claim. */
static bool refers_to(const cJSON *claim, struct str authorization)
{
    for (const cJSON *one = record_first(claim, "insurance"); one; one = one->next)
        for (const cJSON *text = record_first(one, "preAuthRef"); text; text = text->next)
            if (str_equal(json_text(text), authorization))
                return true;
    return false;
}

static struct date day_of(const struct rule_run *run, const cJSON *item)
{
    struct date day;
    struct str text = json_get_text(item, "servicedDate");
    if (!text.len)
        text = json_get_text(json_get(item, "servicedPeriod"), "start");
    return date_parse(&day, text, DATE_FORM_DATETIME) && day.precision >= DATE_DAY ? day
                                                                                   : run->today;
}

static bool is_in_force(const cJSON *response, const cJSON *claim, const struct date *day)
{
    struct str outcome = json_get_text(response, "outcome");
    struct str authorization = json_get_text(response, "preAuthRef");
    return str_is(json_get_text(response, "use"), "preauthorization") &&
           str_is(json_get_text(response, "status"), "active") &&
           (str_is(outcome, "complete") || str_is(outcome, "partial")) && authorization.len &&
           refers_to(claim, authorization) &&
           record_refers(json_get(response, "insurer"),
                         record_reference(json_get(claim, "insurer"))) &&
           record_covers(json_get(response, "preAuthPeriod"), day);
}

/* Units of the service in a list of lines that name it (addItem, or the items of a claim). */
static double units_in(const cJSON *record, const char *list, const cJSON *service,
                       struct arena *arena)
{
    double units = 0;
    for (const cJSON *one = record_first(record, list); one; one = one->next)
        if (agreement_appendix_same(json_get(one, "productOrService"), service))
            units += number_of(json_get(one, "quantity"), arena);
    return units;
}

/* What the plan authorized: the lines that it added, else those that were asked for. */
static double authorized(const struct rule_run *run, const cJSON *response, const cJSON *service)
{
    double units = units_in(response, "addItem", service, run->arena);
    struct str asked = record_reference(json_get(response, "request"));
    if (units > 0 || !str_starts(asked, STR("Claim/")))
        return units;
    return units_in(run->lookup->read(run->lookup->context, asked), "item", service, run->arena);
}

static const cJSON *find_authorization(const struct rule_run *run, const cJSON *claim,
                                       const cJSON *item)
{
    struct date day = day_of(run, item);
    struct str member = record_patient(claim);
    const struct ltss_record *one =
        run->lookup->find(run->lookup->context, "ClaimResponse", "patient", member);
    for (; one->content; one++)
        if (str_equal(record_patient(one->content), member) &&
            is_in_force(one->content, claim, &day) &&
            authorized(run, one->content, json_get(item, "productOrService")) > 0)
            return one->content;
    return NULL;
}

/* What was billed by the same authorization before. */
static double billed(const struct rule_run *run, const cJSON *claim, struct str authorization,
                     const cJSON *service)
{
    double units = 0;
    const struct ltss_record *one =
        run->lookup->find(run->lookup->context, "Claim", "patient", record_patient(claim));
    for (; one->content; one++)
        if (!str_equal(one->id, run->change->id) &&
            str_is(json_get_text(one->content, "use"), "claim") &&
            str_is(json_get_text(one->content, "status"), "active") &&
            refers_to(one->content, authorization))
            units += units_in(one->content, "item", service, run->arena);
    return units;
}

/* A claim of money from a plan; one that asks for an authorization is none. */
static bool is_bill(const struct rule_run *run)
{
    const cJSON *claim = run->change->after;
    return claim && !run->change->is_copy && str_is(json_get_text(claim, "use"), "claim") &&
           str_is(json_get_text(claim, "status"), "active") &&
           scope_is_plan(run, record_reference(json_get(claim, "insurer")));
}

bool claim_units_authorized(struct rule_run *run)
{
    int index = 0;
    const cJSON *claim = run->change->after;
    const cJSON *item = is_bill(run) ? record_first(claim, "item") : NULL;
    for (; item; item = item->next, index++)
        if (!find_authorization(run, claim, item))
            return rule_say(run, "item", index, "no authorization of it is referred to");
    return true;
}

bool claim_units_within(struct rule_run *run)
{
    int index = 0;
    const cJSON *claim = run->change->after;
    const cJSON *item = is_bill(run) ? record_first(claim, "item") : NULL;
    for (; item; item = item->next, index++) {
        const cJSON *response = find_authorization(run, claim, item);
        const cJSON *service = json_get(item, "productOrService");
        if (!response)
            continue;
        double most = authorized(run, response, service);
        double units = units_in(claim, "item", service, run->arena) +
                       billed(run, claim, json_get_text(response, "preAuthRef"), service);
        if (units > most)
            return rule_say(run, "item", index, "%g claimed, %g authorized", units, most);
    }
    return true;
}

static bool is_verified(const struct rule_run *run, const cJSON *claim, const cJSON *item)
{
    for (const cJSON *one = record_first(item, "encounter"); one; one = one->next) {
        struct str reference = record_reference(one);
        const cJSON *visit = str_starts(reference, STR("Encounter/"))
                                 ? run->lookup->read(run->lookup->context, reference)
                                 : NULL;
        const cJSON *type = record_first(visit, "type");
        if (!str_is(json_get_text(visit, "status"), "finished") ||
            !str_equal(record_patient(visit), record_patient(claim)))
            continue;
        for (; type; type = type->next)
            if (agreement_appendix_same(type, json_get(item, "productOrService")))
                return true;
    }
    return false;
}

static bool is_visited(const struct rule_run *run, const cJSON *item)
{
    const cJSON *coding = record_first(json_get(item, "productOrService"), "coding");
    for (; coding; coding = coding->next)
        if (program_has_word(run->program, "evv-services", json_get_text(coding, "code")))
            return true;
    return false;
}

bool claim_units_visited(struct rule_run *run)
{
    int index = 0;
    const cJSON *claim = run->change->after;
    const cJSON *item = is_bill(run) ? record_first(claim, "item") : NULL;
    for (; item; item = item->next, index++)
        if (is_visited(run, item) && !is_verified(run, claim, item))
            return rule_say(run, "item", index, "no finished visit of the member for it");
    return true;
}
