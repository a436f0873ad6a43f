/* offer_test.c - whoever is eligible is offered a Health Home, once. */
#include "resources/ltss/joint_fixture.h"

#define KEY "offer-health-home"
#define FOUND(status, value)                                                                       \
    "{'resourceType':'Observation','id':'o','status':'" status                                     \
    "','code':" CODE("tandem-observation", "hh-eligibility") ",'subject':" TO(                     \
        "Patient/rosa") ",'valueBoolean':" value "}"
#define LIVES(county) "{'resourceType':'Patient','id':'rosa','address':[{'district':'" county "'}]}"
#define OFFER(status)                                                                              \
    "{'resourceType':'Task','id':'k','status':'" status                                            \
    "','code':" CODE("tandem-task", "offer-health-home") ",'for':" TO(                             \
        "Patient/rosa") ",'owner':" TO("Organization/h") "}"
#define ENROLLED                                                                                   \
    "{'resourceType':'EpisodeOfCare','id':'e','status':'active','patient':" TO(                    \
        "Patient/rosa") ",'type':[" CODE("episode-type", "health-home-enrollment") "]}"

static const struct rule_case CASES[] = {
    { .rule = KEY,
      .stored = { LIVES("Kings County") },
      .after = FOUND("final", "true"),
      .want = "",
      .makes = "Task:offer-health-home",
      .claim = "by the Health Home of the county" },
    { .rule = KEY, .after = FOUND("final", "false"), .want = "", .claim = "not eligible" },
    { .rule = KEY,
      .after = FOUND("preliminary", "true"),
      .organization = "Organization/doh",
      .want = "",
      .claim = "not found yet" },
    { .rule = KEY,
      .stored = { LIVES("Erie") },
      .after = FOUND("final", "true"),
      .organization = "Organization/doh",
      .want = "",
      .makes = "Task:offer-health-home",
      .claim = "by who found it, where no Health Home is assigned" },
    { .rule = KEY,
      .stored = { LIVES("Kings County"), OFFER("requested") },
      .after = FOUND("final", "true"),
      .want = "",
      .claim = "one open offer is enough" },
    { .rule = KEY,
      .stored = { LIVES("Kings County"), OFFER("completed") },
      .after = FOUND("final", "true"),
      .want = "",
      .makes = "Task:offer-health-home",
      .claim = "one that was answered is over" },
    { .rule = KEY,
      .stored = { LIVES("Kings County"), ENROLLED },
      .after = FOUND("final", "true"),
      .want = "",
      .claim = "who is in one is offered none" },
};

JOINT_TEST(the_eligible_are_offered_a_home, CASES)

static void the_home_of_the_county_makes_the_offer(void **state)
{
    struct program *program = joint_program();
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct rule_stage stage = { .arena = arena };
    stage_run(&stage, &CASES[0], program, JOINT_TODAY);
    const cJSON *task = stage.derived[0].content;
    assert_true(record_refers(json_get(task, "owner"), STR("Organization/h")));
    assert_true(record_refers(json_get(task, "for"), STR("Patient/rosa")));
    assert_true(str_is(json_get_text(json_get(json_get(task, "restriction"), "period"), "end"),
                       "2026-12-25"));
    test_free(program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_eligible_are_offered_a_home),
        cmocka_unit_test(the_home_of_the_county_makes_the_offer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
