/* test_clock.c - $test-clock: a tester sets the clock of rules and scheduler; the rest of the
 * server goes by the wall clock. */
#include "resources/fhir/types/date.h"
#include "resources/ltss/record.h"
#include "server/instant.h"
#include "server/operations/parameters.h"
#include "server/rules/bell.h"
#include "server/rules/scheduler.h"

static bool may_set(const struct interaction *interaction)
{
    const struct service *service = interaction->service;
    const struct viewer *viewer = interaction->viewer;
    if (!service->scheduler)
        return false;
    return viewer->is_tester || (service->has_test_clock && str_is(viewer->party_role, "tester"));
}

/* Without `now` the wall clock again. */
static bool read_now(struct interaction *interaction, const cJSON *parameters, int64_t *now_us)
{
    const cJSON *given = operation_parameter(parameters, "now");
    struct date date;
    int64_t high;
    *now_us = interaction->service->now_us();
    if (!given)
        return true;
    if (!date_parse(&date, json_text(given), DATE_FORM_DATETIME) || date.precision <= DATE_DAY)
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "now is a moment, such as 2026-11-13T10:00:00-05:00");
    date_range(&date, now_us, &high);
    return true;
}

bool operations_test_clock(struct interaction *interaction)
{
    int64_t now_us;
    if (!may_set(interaction))
        return issue_add(&interaction->issues, NULL, ISSUE_ROLE_NOT_PERMITTED,
                         "only a tester sets the clock, where the server was started for tests "
                         "(test-clock) and with a program");
    const cJSON *parameters = operation_inputs(interaction);
    if (!parameters || !read_now(interaction, parameters, &now_us))
        return false;
    uint64_t looks = scheduler_set_clock(interaction->service->scheduler, now_us);
    cJSON *answer = operation_new_parameters(interaction);
    operation_add_text(interaction, answer, "now", "valueInstant",
                       instant_print(bell_now_us(interaction->service), interaction->arena));
    operation_add(interaction, answer, "looks", "valueUnsignedInt",
                  json_new_number(interaction->arena, str_print(interaction->arena, "%llu",
                                                                (unsigned long long)looks)));
    return operation_answer(interaction, answer);
}
