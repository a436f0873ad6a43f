/* evv.c - the six elements of a verified visit (R123). */
#include "resources/ltss/rules.h"

#define PROFILE LTSS "StructureDefinition/tandem-evv-visit"
#define ACT_CODES "http://terminology.hl7.org/CodeSystem/v3-ActCode"

static bool claims(const cJSON *visit)
{
    const cJSON *profile = record_first(json_get(visit, "meta"), "profile");
    for (; profile; profile = profile->next)
        if (str_starts(json_text(profile), STR(PROFILE)))
            return true;
    return false;
}

static bool is_over(const cJSON *visit)
{
    return str_is(json_get_text(visit, "status"), "finished");
}

/* One that says it is, or a provider's visit at the member's home, once it has begun. */
static bool is_visit(const struct rule_run *run, const cJSON *visit)
{
    const cJSON *class = json_get(visit, "class");
    bool has_begun = is_over(visit) || str_is(json_get_text(visit, "status"), "in-progress");
    bool is_at_home = str_is(json_get_text(class, "system"), ACT_CODES) &&
                      str_is(json_get_text(class, "code"), "HH");
    return visit && has_begun && !run->change->is_copy &&
           (record_extension(visit, "evv-method") || claims(visit) ||
            (is_at_home && str_is(run->caller->role, "ltss-provider")));
}

static bool has_service(const cJSON *visit)
{
    return record_first(record_first(visit, "type"), "coding") != NULL;
}

static bool has_recipient(const cJSON *visit)
{
    return record_patient(visit).len > 0;
}

static bool read_moment(const cJSON *visit, const char *name, struct date *moment)
{
    return date_parse(moment, json_get_text(json_get(visit, "period"), name), DATE_FORM_DATETIME);
}

static bool has_date(const cJSON *visit)
{
    struct date begin;
    return read_moment(visit, "start", &begin) && begin.precision >= DATE_DAY;
}

static bool has_place(const cJSON *visit)
{
    return json_get(record_first(visit, "location"), "location") ||
           record_extension(visit, "evv-geolocation");
}

static bool has_caregiver(const cJSON *visit)
{
    for (const cJSON *one = record_first(visit, "participant"); one; one = one->next)
        if (record_reference(json_get(one, "individual")).len)
            return true;
    return false;
}

static bool has_times(const cJSON *visit)
{
    struct date begin, end;
    if (!is_over(visit) || !has_date(visit))
        return true; /* the one is not over, the other lacks its date */
    return read_moment(visit, "start", &begin) && read_moment(visit, "end", &end) &&
           begin.precision > DATE_DAY && end.precision > DATE_DAY &&
           date_compare(&end, &begin) == DATE_AFTER;
}

static const struct {
    const char *key, *element;
    bool (*has)(const cJSON *visit);
} ELEMENTS[] = {
    { "evv-service", "type", has_service },
    { "evv-recipient", "subject", has_recipient },
    { "evv-date", "period", has_date },
    { "evv-location", "location", has_place },
    { "evv-provider", "participant", has_caregiver },
    { "evv-times", "period", has_times },
};

bool visit_evv_element(struct rule_run *run)
{
    const cJSON *visit = run->change->after;
    for (size_t i = 0; i < COUNT(ELEMENTS); i++)
        if (!strcmp(ELEMENTS[i].key, run->rule->key) && is_visit(run, visit) &&
            !ELEMENTS[i].has(visit))
            return rule_say(run, ELEMENTS[i].element, -1, "%s", ELEMENTS[i].element);
    return true;
}
