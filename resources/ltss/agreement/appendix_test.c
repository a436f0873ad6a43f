/* appendix_test.c - the lines of Appendix A. */
#include "resources/ltss/joint_fixture.h"

#include "resources/ltss/agreement/asa.h"

#define KEY "asa-appendix-incomplete"
#define SERVICE "'entityCodeableConcept':{'coding':[{'code':'T1019'}]}"
#define SIDE "'responsible':" TO("Organization/m")
#define SCOPE(code) "'extension':[" EXTENSION("plan-scope", "valueCode", "'" code "'") "]"

static const struct rule_case CASES[] = {
    { .rule = KEY, .after = ASA_IN_FORCE, .want = "", .claim = "whole lines" },
    { .rule = KEY, .after = ASA("negotiable", "", "", ""), .want = KEY, .claim = "no line" },
    { .rule = KEY,
      .after = "{'resourceType':'Contract','id':'c','type':" CODE("agreement-type", "asa") "}",
      .want = KEY,
      .claim = "no appendix" },
    { .rule = KEY,
      .after = ASA("negotiable", "", "{" SERVICE "," SIDE "," SCOPE("in-plan") "}", ""),
      .want = "",
      .claim = "service, side and scope" },
    { .rule = KEY,
      .after = ASA("negotiable", "", "{" SERVICE "," SIDE "}", ""),
      .want = KEY,
      .claim = "no scope" },
    { .rule = KEY,
      .after = ASA("negotiable", "", "{" SERVICE "," SIDE "," SCOPE("half") "}", ""),
      .want = KEY,
      .claim = "no such scope" },
    { .rule = KEY,
      .after = ASA("negotiable", "", "{" SERVICE "," SCOPE("in-plan") "}", ""),
      .want = KEY,
      .claim = "no side" },
    { .rule = KEY,
      .after = ASA("negotiable", "", LINES ",{" SIDE "," SCOPE("in-plan") "}", ""),
      .want = KEY,
      .claim = "no service, in the last line" },
    { .rule = KEY,
      .after = "{'resourceType':'Contract','id':'c','type':" CODE("agreement-type", "provider") "}",
      .want = "",
      .claim = "another contract has no appendix" },
};

JOINT_TEST(a_line_says_service_scope_and_side, CASES)

static void a_service_is_found_by_its_code(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    const cJSON *contract = stage_json(arena, ASA_IN_FORCE);
    const cJSON *line = agreement_appendix_find(
        contract, stage_json(arena, "{'coding':[{'code':'X'},{'code':'H0038'}]}"));
    assert_non_null(line);
    assert_true(agreement_appendix_is_out_of_plan(line));
    assert_true(str_is(agreement_appendix_responsible(line), "Organization/h"));
    line = agreement_appendix_find(
        contract, stage_json(arena, "{'coding':[{'system':'urn:s','code':'T1019'}]}"));
    assert_non_null(line);
    assert_false(agreement_appendix_is_out_of_plan(line));
    assert_null(agreement_appendix_find(
        contract, stage_json(arena, "{'coding':[{'system':'urn:x','code':'T1019'}]}")));
    assert_null(agreement_appendix_find(contract, stage_json(arena, "{'text':'T1019'}")));
    assert_null(agreement_appendix_find(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_service_scope_and_side),
        cmocka_unit_test(a_service_is_found_by_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
