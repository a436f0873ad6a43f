/* latest_test.c - which observations stay, one claim a row. */
#include "server/operations/latest.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"

#define AT(time, code) "{\"effectiveDateTime\":\"" time "\",\"code\":{" code "}}"
#define CODE(system, code) "{\"system\":\"" system "\",\"code\":\"" code "\"}"
#define CODED(...) "\"coding\":[" __VA_ARGS__ "]"
#define TEXT(text) "\"text\":\"" text "\""
#define A CODE("s", "a")
#define B CODE("s", "b")
#define C CODE("s", "c")

/* Observations get the ids 1, 2, 3 ... in the order in which they stand. */
static const struct {
    size_t max;
    const char *observations[6];
    const char *stay; /* ids, in the order of the answer */
    const char *claim;
} CASES[] = {
    { 1, { AT("2020", CODED(A)), AT("2021", CODED(A)), AT("2019", CODED(A)) }, "2", "the latest" },
    { 2,
      { AT("2020", CODED(A)), AT("2021", CODED(A)), AT("2019", CODED(A)) },
      "21",
      "two of them" },
    { 1, { AT("2020", CODED(A)), AT("2021", CODED(B)) }, "21", "of each code, the latest first" },
    /* R4's own table */
    { 1,
      { AT("2020", CODED(A)), AT("2021", CODED(B)), AT("2022", CODED(C)) },
      "321",
      "a, b, c: 3" },
    { 1,
      { AT("2020", CODED(A)), AT("2021", CODED(B)), AT("2022", CODED(A "," C)) },
      "32",
      "a, b, a and c: 2 groups" },
    { 1,
      { AT("2020", CODED(A)), AT("2021", CODED(B)), AT("2022", CODED(A "," B)) },
      "3",
      "a, b, a and b: 1 group" },
    { 1,
      { AT("2022", CODED(A "," B)), AT("2020", CODED(A)), AT("2021", CODED(B)) },
      "1",
      "whichever comes first" },
    { 2,
      { AT("2020", CODED(A)), AT("2021", CODED(A)), AT("2022", CODED(B)), AT("2023", CODED(B)),
        AT("2019", CODED(A "," B)) },
      "43",
      "groups that grow together keep the latest of both" },
    { 1,
      { AT("2020", CODED(A "," B)), AT("2021", CODED(B "," C)), AT("2022", CODED(C)) },
      "3",
      "what is the same as the same is the same" },
    { 1,
      { AT("2020", CODED(A)), AT("2021", CODED(CODE("other", "a"))) },
      "21",
      "another system is another code" },
    { 1,
      { AT("2020", TEXT("textM")), AT("2021", TEXT("Text")), AT("2022", TEXT("t e x t")) },
      "321",
      "texts are compared as they are" },
    { 1, { AT("2020", TEXT("x")), AT("2021", TEXT("x")) }, "2", "and grouped" },
    { 1,
      { AT("2020", CODED(A) "," TEXT("x")), AT("2021", TEXT("x")) },
      "21",
      "a text beside a code does not group" },
    { 1, { AT("2020", TEXT("s\\na")), AT("2021", CODED(A)) }, "21", "a text is no code" },
    /* "In case of a tie ... both will be returned" */
    { 2,
      { AT("2020", CODED(A)), AT("2021", CODED(A)), AT("2020", CODED(A)), AT("2019", CODED(A)) },
      "213",
      "as late as the last that stays" },
    { 1,
      { AT("2020-01-01T12:00:00+02:00", CODED(A)), AT("2020-01-01T10:00:00Z", CODED(A)) },
      "12",
      "one moment in two zones" },
    { 1,
      { "{\"code\":{" CODED(A) "}}", AT("1900", CODED(A)) },
      "2",
      "without a time is before all others" },
    { 1,
      { "{\"effectivePeriod\":{\"start\":\"2020\",\"end\":\"2025\"},\"code\":{" CODED(A) "}}",
        AT("2021", CODED(A)) },
      "2",
      "a period begins with its start" },
    { 1,
      { "{\"effectiveTiming\":{\"event\":[\"2020\",\"2023\"]},\"code\":{" CODED(A) "}}",
        AT("2021", CODED(A)) },
      "1",
      "of several moments the last" },
    { 1, { "{\"code\":{}}", "{\"code\":{}}" }, "12", "what has no code is one group" },
};

static void keeps_the_latest_of_each_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct latest latest;
        struct issues issues;
        struct buf stay;
        size_t count;
        issues_init(&issues, arena, STR(""));
        latest_init(&latest, CASES[i].max, arena);
        for (size_t k = 0; k < 6 && CASES[i].observations[k]; k++) {
            cJSON *tree = json_parse(str_of(CASES[i].observations[k]), arena, &issues);
            assert_non_null(tree);
            json_set(arena, tree, "id", json_new_string(arena, str_print(arena, "%zu", k + 1)));
            latest_add(&latest, tree);
        }
        buf_init(&stay, arena, 100);
        const struct latest_one *ones = latest_list(&latest, &count);
        assert_int_equal(count, latest.kept);
        for (size_t k = 0; k < count; k++)
            buf_add(&stay, ones[k].id);
        if (!str_is(buf_str(&stay), CASES[i].stay))
            fail_msg("%s: " STR_FMT ", not %s", CASES[i].claim, STR_ARG(buf_str(&stay)),
                     CASES[i].stay);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(keeps_the_latest_of_each_code) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
