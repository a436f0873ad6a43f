/* verdict_test.c - which failures may pass and which may not. */
#include "resources/base/test.h"

#include <curl/curl.h>

#include "resources/base/str.h"
#include "server/exchange/verdict.h"

static void statuses_that_may_pass_are_tried_again(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum verdict want;
    } CASES[] = { { 200, VERDICT_DONE },   { 201, VERDICT_DONE },   { 299, VERDICT_DONE },
                  { 301, VERDICT_FAILED }, { 400, VERDICT_FAILED }, { 401, VERDICT_FAILED },
                  { 403, VERDICT_FAILED }, { 404, VERDICT_FAILED }, { 408, VERDICT_RETRY },
                  { 409, VERDICT_FAILED }, { 412, VERDICT_FAILED }, { 422, VERDICT_FAILED },
                  { 425, VERDICT_RETRY },  { 429, VERDICT_RETRY },  { 500, VERDICT_RETRY },
                  { 503, VERDICT_RETRY },  { 504, VERDICT_RETRY } };
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(verdict_of_status(CASES[i].status).verdict, CASES[i].want);
}

static void trust_is_final_and_the_network_is_not(void **state)
{
    (void)state;
    static const struct {
        int code;
        const char *message, *want;
        enum verdict verdict;
    } CASES[] = {
        { CURLE_COULDNT_CONNECT, "Connection refused", "waiting-to-retry", VERDICT_RETRY },
        { CURLE_OPERATION_TIMEDOUT, "", "waiting-to-retry", VERDICT_RETRY },
        { CURLE_PEER_FAILED_VERIFICATION, "certificate has expired", "tls-verification",
          VERDICT_FAILED },
        { CURLE_RECV_ERROR, "tlsv1 alert unknown ca", "tls-verification", VERDICT_FAILED },
        { CURLE_RECV_ERROR, "sslv3 alert certificate revoked", "tls-verification", VERDICT_FAILED },
        { CURLE_RECV_ERROR, "Connection reset by peer", "waiting-to-retry", VERDICT_RETRY },
        { CURLE_UNSUPPORTED_PROTOCOL, "", "endpoint-refused", VERDICT_FAILED },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct verdict_reason reason = verdict_of_curl(CASES[i].code, CASES[i].message);
        assert_string_equal(reason.code, CASES[i].want);
        assert_int_equal(reason.verdict, CASES[i].verdict);
    }
}

static void waits_double_up_to_a_bound_with_jitter(void **state)
{
    (void)state;
    for (unsigned random = 0; random < 1000; random += 7) {
        assert_in_range(verdict_wait(1, 4, 300, random), 3, 5);
        assert_in_range(verdict_wait(3, 4, 300, random), 12, 20);
        assert_in_range(verdict_wait(1000000, 4, 300, random), 225, 375);
    }
    assert_int_equal(verdict_wait(1, 1, 300, 5), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statuses_that_may_pass_are_tried_again),
        cmocka_unit_test(trust_is_final_and_the_network_is_not),
        cmocka_unit_test(waits_double_up_to_a_bound_with_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
