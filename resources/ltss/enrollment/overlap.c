/* overlap.c - a member is in one kind of program with one organization at a time (R3). */
#include "resources/ltss/rules.h"

static bool is_open(const cJSON *episode)
{
    static const char *const OPEN[] = { "planned", "waitlist", "active", "onhold" };
    struct str status = json_get_text(episode, "status");
    for (size_t i = 0; i < COUNT(OPEN); i++)
        if (str_is(status, OPEN[i]))
            return true;
    return false;
}

static struct str kind_of(const cJSON *episode)
{
    return record_code(json_get(episode, "type"), LTSS_CODES "episode-type");
}

bool enrollment_overlap_none(struct rule_run *run)
{
    const cJSON *episode = run->change->after;
    struct str kind = kind_of(episode), member = record_patient(episode);
    struct str organization = record_reference(json_get(episode, "managingOrganization"));
    if (!episode || !is_open(episode) || !kind.len || !member.len)
        return true;
    const struct ltss_record *other =
        run->lookup->find(run->lookup->context, "EpisodeOfCare", "patient", member);
    for (; other->content; other++) {
        const cJSON *held = other->content;
        if (str_equal(other->id, run->change->id) || !is_open(held) ||
            !str_equal(kind_of(held), kind) || !str_equal(record_patient(held), member) ||
            record_refers(json_get(held, "managingOrganization"), organization) ||
            !record_overlaps(json_get(held, "period"), json_get(episode, "period")))
            continue;
        return rule_say(run, "period", -1, STR_FMT, STR_ARG(kind));
    }
    return true;
}
