/* version_test.c - which of two business versions is the later one. */
#include "resources/base/test.h"
#include "resources/fhir/definitions/version.h"

static const struct {
    const char *earlier, *later, *claim;
} CASES[] = {
    { "3.1.0", "3.1.1", "the last part counts" },
    { "3.9.0", "3.10.0", "parts are numbers" },
    { "3.1", "3.1.0", "fewer parts are earlier" },
    { "", "0", "none at all is earliest" },
    { "1.0.0-ballot", "1.0.0", "a draft comes before what it drafts" },
    { "1.0.0-ballot", "1.0.0-snapshot", "drafts compare by their words" },
    { "1.0.0-draft.2", "1.0.0-draft.10", "and by their numbers" },
    { "2019", "20190101", "longer numbers are later" },
    { "007", "8", "leading zeros do not count" },
    { "99999999999999999999998", "99999999999999999999999", "numbers have any length" },
    { "1.2", "1.x", "a word is later than a number" },
};

static void later_versions_are_told_from_earlier_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct str a = str_of(CASES[i].earlier), b = str_of(CASES[i].later);
        if (version_compare(a, b) >= 0 || version_compare(b, a) <= 0 || version_compare(a, a) != 0)
            fail_msg("%s < %s: %s", CASES[i].earlier, CASES[i].later, CASES[i].claim);
    }
    assert_int_equal(version_compare(STR("1.0.0+a"), STR("1.0.0+b")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        later_versions_are_told_from_earlier_ones) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
