/* overdue.c - the two sides of an agreement meet within the agreed interval, else their liaisons
 * are asked to (R18). */
#include "resources/ltss/agreement/asa.h"
#include "resources/ltss/agreement/liaison.h"
#include "resources/ltss/party.h"
#include "resources/ltss/rules.h"
#include "resources/ltss/task.h"

#define ROLES LTSS_CODES "care-coordination-role"

static bool read_day(struct date *day, const struct program *program, struct str text)
{
    int64_t low, high;
    if (!date_parse(day, text, DATE_FORM_DATETIME))
        return false;
    date_range(day, &low, &high);
    if (day->precision > DATE_DAY)
        *day = program_day(program, low);
    return day->precision == DATE_DAY;
}

/* The first moment at which a meeting on that day is too long ago. */
static int64_t overdue_after(const struct rule_run *run, const struct date *day)
{
    struct date late =
        record_add_days(day, program_number(run->program, "meeting-interval-days") + 1);
    return program_midnight(run->program, &late);
}

int64_t meeting_overdue_due(const struct rule_run *run, const cJSON *contract)
{
    struct date day;
    struct str start = json_get_text(json_get(contract, "applies"), "start");
    if (!agreement_asa_is(contract) || !str_is(json_get_text(contract, "status"), "executed") ||
        !read_day(&day, run->program, start))
        return RULE_NEVER;
    return overdue_after(run, &day);
}

static bool was_held(const cJSON *meeting)
{
    struct str status = json_get_text(meeting, "status");
    return str_is(status, "fulfilled") || str_is(status, "finished");
}

/* Somebody of each side took part as who coordinates for it. */
static bool is_between(const struct rule_run *run, const cJSON *meeting, const struct str sides[2])
{
    static const char *const PARTS[] = { "mltc-care-coordinator", "health-home-care-manager" };
    bool has_side[2] = { false, false }, has_part[2] = { false, false };
    for (const cJSON *one = record_first(meeting, "participant"); one; one = one->next) {
        const cJSON *who = json_get(one, "actor");
        struct str organization = party_organization(run, who ? who : json_get(one, "individual"));
        for (int i = 0; i < 2; i++) {
            has_side[i] |= str_equal(organization, sides[i]);
            has_part[i] |= record_has_code(json_get(one, "type"), ROLES, PARTS[i]);
        }
    }
    return has_side[0] && has_side[1] && has_part[0] && has_part[1];
}

/* Moves *last on to the day of the latest meeting of both sides that the person took part in. */
static void find_last(const struct rule_run *run, struct str person, const struct str sides[2],
                      struct date *last)
{
    static const struct {
        const char *type, *parameter;
    } KINDS[] = { { "Appointment", "actor" }, { "Encounter", "participant" } };
    for (size_t k = 0; k < COUNT(KINDS) && person.len; k++) {
        const struct ltss_record *one =
            run->lookup->find(run->lookup->context, KINDS[k].type, KINDS[k].parameter, person);
        for (; one->content; one++) {
            struct date day;
            struct str start = json_get_text(one->content, "start");
            if (!start.len)
                start = json_get_text(json_get(one->content, "period"), "start");
            if (was_held(one->content) && is_between(run, one->content, sides) &&
                read_day(&day, run->program, start) && record_days(last, &day) > 0)
                *last = day;
        }
    }
}

static void ask_to_meet(struct rule_run *run, struct str whom, struct str side)
{
    struct date due =
        record_add_days(&run->today, program_number(run->program, "meeting-overdue-days"));
    const struct ltss_task task = {
        .code = "meeting-overdue",
        .focus = str_print(run->arena, "Contract/" STR_FMT, STR_ARG(run->change->id)),
        .requester = side,
        .owner = whom.len ? whom : side,
        .due = &due,
        .description = "The two sides have not met for longer than agreed. Arrange a meeting.",
    };
    ltss_task_derive_once(run, &task);
}

bool meeting_overdue_look(struct rule_run *run)
{
    struct str sides[2], people[2];
    struct date last;
    const cJSON *contract = run->change->after;
    if (meeting_overdue_due(run, contract) > run->now_us ||
        !agreement_asa_is_in_force(contract, &run->today) ||
        !agreement_asa_parties(contract, sides) ||
        !read_day(&last, run->program, json_get_text(json_get(contract, "applies"), "start")))
        return true;
    for (int i = 0; i < 2; i++) {
        people[i] = agreement_liaison_of(run, contract, sides[i]);
        find_last(run, people[i], sides, &last);
    }
    run->again_us = overdue_after(run, &last);
    if (run->again_us > run->now_us)
        return true;
    for (int i = 0; i < 2; i++)
        ask_to_meet(run, people[i], sides[i]);
    run->again_us = overdue_after(run, &run->today);
    return true;
}
