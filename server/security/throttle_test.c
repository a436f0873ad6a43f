/* throttle_test.c - when a client has to wait, and for how long. */
#include "server/security/throttle.h"

#include "resources/base/test.h"

static const struct {
    const char *client;
    int64_t at_us;
    unsigned wait;
    const char *claim;
} ROWS[] = {
    { "a", 1000000, 0, "the first" },
    { "a", 1000000, 0, "a burst of two" },
    { "a", 1000000, 1, "the bucket is empty" },
    { "b", 1000000, 0, "another client has its own" },
    { "a", 1400000, 1, "not yet" },
    { "a", 1500000, 0, "half a second is a token" },
    { "a", 1500000, 1, "and it was one" },
    { "a", 900000, 1, "a clock that goes back fills nothing" },
    { "a", 60000000, 0, "a minute fills it" },
    { "a", 60000000, 0, "with two" },
    { "a", 60000000, 1, "and no more" },
};

static void clients_wait_for_tokens(void **state)
{
    struct throttle *throttle = throttle_open(2, 2);
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (throttle_take(throttle, str_of(ROWS[i].client), ROWS[i].at_us) != ROWS[i].wait)
            fail_msg("%s", ROWS[i].claim);
    throttle_close(throttle);
    assert_int_equal(throttle_take(NULL, STR("a"), 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(clients_wait_for_tokens) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
