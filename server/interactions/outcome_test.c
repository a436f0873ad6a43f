/* outcome_test.c - every issue has its status, and the OperationOutcome says all of it. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/interactions/outcome.h"

static const struct {
    enum issue_id id;
    int status;
    const char *claim;
} STATUSES[] = {
    { ISSUE_JSON_SYNTAX, 400, "invalid JSON is the client's mistake" },
    { ISSUE_PARAMETER_UNKNOWN, 400, "an unknown search parameter is refused" },
    { ISSUE_ID_MISMATCH, 400, "id in body and address must agree" },
    { ISSUE_NOT_FOUND, 404, "unknown record" },
    { ISSUE_REFERRAL_TYPE, 404, "Referral is not a type of R4" },
    { ISSUE_DELETED, 410, "deleted record" },
    { ISSUE_VERSION_STALE, 412, "a stale version" },
    { ISSUE_MULTIPLE_MATCHES, 412, "several matches" },
    { ISSUE_PAGE_GONE, 410, "an expired page link" },
    { ISSUE_REQUIRED_MISSING, 422, "what a definition says is 422" },
    { ISSUE_PROFILE_UNKNOWN, 422, "an unknown profile" },
    { ISSUE_REFERENCE_NOT_FOUND, 422, "a reference to nothing" },
    { ISSUE_IDEMPOTENCY_REUSED, 422, "a key used for another content" },
    { ISSUE_SCOPE_MISSING, 403, "a scope that is missing" },
    { ISSUE_LOGIN_REQUIRED, 401, "nobody" },
    { ISSUE_OVERLOADED, 503, "a full queue" },
};

static void gives_each_issue_its_status(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(STATUSES); i++)
        if (outcome_status_of(STATUSES[i].id) != STATUSES[i].status)
            fail_msg("%s: %d", STATUSES[i].claim, outcome_status_of(STATUSES[i].id));
}

static void takes_the_status_of_the_first_error(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    assert_int_equal(outcome_status(&issues), 200);
    issue_add(&issues, NULL, ISSUE_CODE_NOT_CHECKED, "a warning");
    assert_int_equal(outcome_status(&issues), 200);
    issue_add(&issues, NULL, ISSUE_DELETED, "Patient/1");
    issue_add(&issues, NULL, ISSUE_NOT_FOUND, "Patient/2");
    assert_int_equal(outcome_status(&issues), 410);
}

static void prints_all_that_is_known(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR("{\n  \"birthDate\": 7}"));
    struct place root = PLACE_ROOT("Patient");
    struct place at = { &root, "birthDate", NULL, -1, 17 };
    struct issue *issue = issue_raise(&issues, &at, ISSUE_VALUE_INVALID, "'7' \"x\"");
    issue->profile = STR("http://example.org/p");
    static const char WANT[] =
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
        "\"value\",\"details\":{\"coding\":[{\"system\":"
        "\"http://tandem-fhir.org/ltss/CodeSystem/tandem-issue\",\"code\":\"value-invalid\"}],"
        "\"text\":\"The value does not have the form of its type.\"},\"diagnostics\":"
        "\"'7' \\\"x\\\"\",\"expression\":[\"Patient.birthDate\"],\"extension\":[{\"url\":"
        "\"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line\","
        "\"valueInteger\":2},{\"url\":"
        "\"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col\","
        "\"valueInteger\":16},{\"url\":"
        "\"http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-source\","
        "\"valueString\":\"http://example.org/p\"}]}]}";
    struct str got = outcome_print(&issues);
    assert_int_equal(got.len, sizeof WANT - 1);
    assert_memory_equal(got.data, WANT, got.len);
}

static void says_all_ok_when_nothing_was_found(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    struct str got = outcome_print(&issues);
    assert_true(str_find_str(got, STR("\"code\":\"all-ok\""), 0) < got.len);
    assert_int_equal(issues.count, 0);
}

static void stays_json_when_the_issues_do_not_fit(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues, fresh;
    issues_init(&issues, arena, (struct str){ 0 });
    char *many = arena_alloc(arena, 600001);
    for (size_t i = 0; i < 600000; i++)
        many[i] = 'x';
    for (int i = 0; i < 20; i++)
        issue_add(&issues, NULL, ISSUE_VALUE_INVALID, "%d %s", i, many);
    struct str got = outcome_print(&issues);
    issues_init(&fresh, arena, got);
    cJSON *tree = json_parse(got, arena, &fresh);
    assert_non_null(tree);
    assert_in_range(json_count(json_get(tree, "issue")), 1, 19);
}

static void puts_errors_first(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    issue_add(&issues, NULL, ISSUE_CODE_NOT_CHECKED, "remark");
    issue_add(&issues, NULL, ISSUE_VALUE_INVALID, "reason");
    struct str got = outcome_print(&issues);
    assert_true(str_find_str(got, STR("reason"), 0) < str_find_str(got, STR("remark"), 0));
}

/* A sink keeps only so many issues, but it counts them all. */
static void is_an_error_also_when_it_was_not_kept(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    for (size_t i = 0; i < issues.most; i++)
        issue_add(&issues, NULL, ISSUE_CODE_NOT_CHECKED, "remark");
    issue_add(&issues, NULL, ISSUE_VALUE_INVALID, "reason");
    assert_int_equal(outcome_status(&issues), 422);
}

static void turns_the_stores_outcomes_into_issues(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    assert_true(outcome_raise(&issues, OUTCOME_OK, STR("Patient/1")));
    assert_int_equal(issues.count, 0);
    assert_false(outcome_raise(&issues, OUTCOME_GONE, STR("Patient/1")));
    assert_int_equal(outcome_status(&issues), 410);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_issue_its_status),
        cmocka_unit_test(takes_the_status_of_the_first_error),
        cmocka_unit_test(prints_all_that_is_known),
        cmocka_unit_test(says_all_ok_when_nothing_was_found),
        cmocka_unit_test(stays_json_when_the_issues_do_not_fit),
        cmocka_unit_test(puts_errors_first),
        cmocka_unit_test(is_an_error_also_when_it_was_not_kept),
        cmocka_unit_test(turns_the_stores_outcomes_into_issues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
