/* decimal_test.c - exact arithmetic on literals. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/types/decimal.h"

static const struct {
    const char *a;
    char sign;
    const char *b, *want; /* "" when there is no result */
} ARITHMETIC[] = {
    { "0.1", '+', "0.2", "0.3" },
    { "1.00", '+', "0.1", "1.10" },
    { "-1.5", '+', "1.5", "0.0" },
    { "99999999999999999999", '+', "1", "100000000000000000000" },
    { "1", '-', "0.9", "0.1" },
    { "0.1", '-', "1", "-0.9" },
    { "-3", '-', "-3", "0" },
    { "1.10", '*', "2.0", "2.200" },
    { "-12345678901234567890", '*', "98765432109876543210",
      "-1219326311370217952237463801111263526900" },
    { "0", '*', "-5", "0" },
    { "1", '/', "2", "0.5" },
    { "4", '/', "2", "2" },
    { "100", '/', "8", "12.5" },
    { "1", '/', "3", "0.3333333333333333333333333333" },
    { "2", '/', "3", "0.6666666666666666666666666667" },
    { "-2", '/', "0.3", "-6.666666666666666666666666667" },
    { "2.2", '/', "1.1", "2" },
    { "1", '/', "1000000000000", "0.000000000001" },
    { "1", '/', "0", "" },
    { "1e99", '*', "1e99", "" },
    { "1e-99", '*', "1e-99", "" },
    { "7", 'd', "2", "3" },
    { "-7", 'd', "2", "-3" },
    { "2.2", 'd', "0.5", "4" },
    { "5", 'd', "0", "" },
    { "2.2", 'm', "1.8", "0.4" },
    { "-7", 'm', "2", "-1" },
    { "6", 'm', "2", "0" },
    { "5", 'm', "0.00", "" },
};

static bool calculate(struct decimal *out, const struct decimal *a, char sign,
                      const struct decimal *b)
{
    switch (sign) {
    case '+':
        return decimal_add(out, a, b);
    case '-':
        return decimal_subtract(out, a, b);
    case '*':
        return decimal_multiply(out, a, b);
    case '/':
        return decimal_divide(out, a, b);
    case 'd':
        return decimal_divide_whole(out, NULL, a, b);
    default:
        return decimal_divide_whole(NULL, out, a, b);
    }
}

static void computes_exactly(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(ARITHMETIC); i++) {
        struct decimal a, b, result;
        assert_true(decimal_parse(&a, str_of(ARITHMETIC[i].a)));
        assert_true(decimal_parse(&b, str_of(ARITHMETIC[i].b)));
        bool is_known = calculate(&result, &a, ARITHMETIC[i].sign, &b);
        assert_string_equal(is_known ? decimal_print(&result, arena).data : "", ARITHMETIC[i].want);
    }
}

static const struct {
    const char *text, *want; /* "" when it is no decimal */
} LITERALS[] = {
    { "1.00", "1.00" },
    { "0", "0" },
    { "-0", "0" },
    { "-0.0", "0.0" },
    { "007", "7" },
    { "1e3", "1000" },
    { "1.5E2", "150" },
    { "1e-3", "0.001" },
    { "15e-1", "1.5" },
    { "12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890" },
    { "", "" },
    { "-", "" },
    { "1.", "" },
    { ".5", "" },
    { "+1", "" },
    { "1e", "" },
    { "1e+", "" },
    { "1x", "" },
    { " 1", "" },
    { "1e1000", "" },
    { "1e-1000", "" },
    { "1e99999999999", "" },
};

static void keeps_literals(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(LITERALS); i++) {
        struct decimal value;
        bool is_decimal = decimal_parse(&value, str_of(LITERALS[i].text));
        assert_string_equal(is_decimal ? decimal_print(&value, arena).data : "", LITERALS[i].want);
    }
}

static const struct {
    const char *text;
    int places;
    enum decimal_rounding how;
    const char *want;
} ROUNDINGS[] = {
    { "3.14159", 3, DECIMAL_HALF_UP, "3.142" }, { "2.5", 0, DECIMAL_HALF_UP, "3" },
    { "-2.5", 0, DECIMAL_HALF_UP, "-3" },       { "2.49", 0, DECIMAL_HALF_UP, "2" },
    { "1", 3, DECIMAL_HALF_UP, "1" },           { "-2.5", 0, DECIMAL_TRUNCATE, "-2" },
    { "-2.1", 0, DECIMAL_FLOOR, "-3" },         { "2.9", 0, DECIMAL_FLOOR, "2" },
    { "2.1", 0, DECIMAL_CEILING, "3" },         { "-2.9", 0, DECIMAL_CEILING, "-2" },
    { "0.004", 2, DECIMAL_HALF_UP, "0.00" },    { "0.005", 2, DECIMAL_HALF_UP, "0.01" },
    { "999.9", 0, DECIMAL_HALF_UP, "1000" },    { "0.4", 0, DECIMAL_CEILING, "1" },
    { "2.0", 0, DECIMAL_CEILING, "2" },
};

static void rounds_as_asked(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(ROUNDINGS); i++) {
        struct decimal value;
        assert_true(decimal_parse(&value, str_of(ROUNDINGS[i].text)));
        assert_true(decimal_round(&value, &value, ROUNDINGS[i].places, ROUNDINGS[i].how));
        assert_string_equal(decimal_print(&value, arena).data, ROUNDINGS[i].want);
    }
}

static void compares_by_value(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } CASES[] = { { "1.0", "1", 0 },      { "-0.0", "0", 0 },
                  { "0.1", "0.09", 1 },   { "-1", "1", -1 },
                  { "-2", "-1.999", -1 }, { "100000000000000000001", "100000000000000000000", 1 } };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct decimal a, b;
        assert_true(decimal_parse(&a, str_of(CASES[i].a)) && decimal_parse(&b, str_of(CASES[i].b)));
        assert_int_equal(decimal_compare(&a, &b), CASES[i].order);
        assert_int_equal(decimal_compare(&b, &a), -CASES[i].order);
    }
}

static void turns_into_integers_and_doubles(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct decimal value;
    int64_t whole;
    assert_true(decimal_parse(&value, STR("-42.00")) && decimal_to_int(&whole, &value));
    assert_int_equal(whole, -42);
    assert_true(decimal_parse(&value, STR("42.5")));
    assert_false(decimal_to_int(&whole, &value));
    assert_true(decimal_parse(&value, STR("9223372036854775807")));
    assert_true(decimal_to_int(&whole, &value) && whole == INT64_MAX);
    assert_true(decimal_parse(&value, STR("-9223372036854775808")));
    assert_true(decimal_to_int(&whole, &value) && whole == INT64_MIN);
    assert_true(decimal_parse(&value, STR("9223372036854775808")));
    assert_false(decimal_to_int(&whole, &value));
    assert_true(decimal_parse(&value, STR("12345678901234567890")));
    assert_false(decimal_to_int(&whole, &value));
    assert_true(decimal_parse(&value, STR("-0.1")));
    assert_true(decimal_to_double(&value) == -0.1);
    assert_true(decimal_of_double(&value, 0.5));
    assert_string_equal(decimal_print(&value, arena).data, "0.5");
    assert_false(decimal_of_double(&value, 1.0 / 0.0));
    value = decimal_of_int(INT64_MIN);
    assert_string_equal(decimal_print(&value, arena).data, "-9223372036854775808");
    assert_true(decimal_parse(&value, STR("1.5")) && decimal_widen(&value, &value, 4));
    assert_string_equal(decimal_print(&value, arena).data, "1.5000");
}

/* R4 search.html#number */
static void covers_what_the_digits_say(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double low, high;
    } CASES[] = { { "100", 99.5, 100.5 },
                  { "100.00", 99.995, 100.005 },
                  { "1e2", 95, 105 },
                  { "0", -0.5, 0.5 },
                  { "-1.5", -1.55, -1.45 },
                  { "0.0", -0.05, 0.05 },
                  { "1.0e-3", 0.000995, 0.001005 } };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        double low, high;
        assert_true(decimal_range(str_of(CASES[i].text), &low, &high));
        assert_true(low == CASES[i].low);
        assert_true(high == CASES[i].high);
    }
    double low, high;
    assert_false(decimal_range(STR("a"), &low, &high));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_exactly),
        cmocka_unit_test(keeps_literals),
        cmocka_unit_test(rounds_as_asked),
        cmocka_unit_test(compares_by_value),
        cmocka_unit_test(turns_into_integers_and_doubles),
        cmocka_unit_test(covers_what_the_digits_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
