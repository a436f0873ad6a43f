/* ucum_test.c - units of measure: what is one, what it is made of, and a table of our own. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/types/ucum.h"

static const struct ucum *units;

static const struct {
    const char *unit, *factor, *powers; /* factor NULL: no unit */
    const char *claim;
} UNITS[] = {
    { "m", "1", "m:1", "a base is itself" },
    { "mg", "0.001", "g:1", "a prefix" },
    { "dag", "10", "g:1", "a prefix of two letters" },
    { "cd", "1", "cd:1", "a whole symbol goes before a prefix" },
    { "min", "60", "s:1", "so does this one" },
    { "mm[Hg]", "133322", "m:-1 s:-2 g:1", "brackets belong to the symbol" },
    { "m[H2O]", "9806650", "m:-1 s:-2 g:1", "digits in brackets, too" },
    { "kg.m/s2", "1000", "m:1 s:-2 g:1", "products and quotients" },
    { "kg/m/s", "1000", "m:-1 s:-1 g:1", "division goes from the left" },
    { "/min", "0.01666666666666666666666666667", "s:-1", "begins with a slash" },
    { "g/(8.h)", "0.00003472222222222222222222222222", "s:-1 g:1", "parentheses and numbers" },
    { "m-2", "1", "m:-2", "a negative exponent" },
    { "s+2", "1", "s:2", "a positive one" },
    { "10*3/uL", "1000000000000", "m:-3", "powers of ten" },
    { "10^-2", "0.01", "", "the other way to write them" },
    { "10*-2.m", "0.01", "m:1", "in a product" },
    { "mmol/L", "1", "m:-3 mol:1", "moles are a base" },
    { "[IU]/mL", "1000000", "m:-3 [iU]:1", "so are arbitrary units" },
    { "{tablets}", "1", "", "an annotation alone is one" },
    { "mg{creat}/dL{serum}", "10", "m:-3 g:1", "annotations say nothing" },
    { "%", "0.01", "", "a number" },
    { "[pi].rad/360", "", "rad:1", "sixty-four digits of pi" },
    { "Cel", "1", "K:1", "special: the scale of its ratio unit" },
    { "[ft_us]", "0.3048006096012192024384048768", "m:1", "a factor that does not end" },
    { "1", "1", "", "one" },
    { "2", "2", "", "a number is a unit" },
    { "", "1", "", "nothing means one" },
    { "m99", NULL, NULL, "too high an exponent" },
    { "mg/", NULL, NULL, "nothing behind the slash" },
    { "mg{", NULL, NULL, "an annotation that does not end" },
    { "mg{a{b}}", NULL, NULL, "one inside of another" },
    { "mg{a b}", NULL, NULL, "white space" },
    { "mg ", NULL, NULL, "behind it" },
    { "(m", NULL, NULL, "a parenthesis that does not end" },
    { "m)", NULL, NULL, "one that does not begin" },
    { "((((((((((m))))))))))", NULL, NULL, "too many of them" },
    { "mMOL", NULL, NULL, "case counts" },
    { "mmin", NULL, NULL, "minutes take no prefix" },
    { "mmg", NULL, NULL, "one prefix at most" },
    { "Cel.m", NULL, NULL, "special units stand alone" },
    { "m/Cel", NULL, NULL, "also below the line" },
    { "Cel2", NULL, NULL, "and without an exponent" },
    { "[unheard-of]", NULL, NULL, "unknown" },
    { "0.m", NULL, NULL, "zero is no factor" },
    { "-1", NULL, NULL, "a sign is none" },
    { "day", NULL, NULL, "a word of the calendar" },
};

static void takes_expressions_apart(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(UNITS); i++) {
        struct ucum_scale scale;
        bool is_unit = ucum_parse(&scale, str_of(UNITS[i].unit), units);
        if (is_unit != (UNITS[i].factor != NULL))
            fail_msg("'%s': %s", UNITS[i].unit, UNITS[i].claim);
        if (!is_unit)
            continue;
        struct decimal size;
        assert_true(decimal_divide(&size, &scale.numerator, &scale.denominator));
        struct str factor = decimal_print(&size, arena);
        if ((UNITS[i].factor[0] && !str_is(factor, UNITS[i].factor)) ||
            !str_is(ucum_print_powers(&scale, arena), UNITS[i].powers))
            fail_msg("'%s' is " STR_FMT " of " STR_FMT ": %s", UNITS[i].unit, STR_ARG(factor),
                     STR_ARG(ucum_print_powers(&scale, arena)), UNITS[i].claim);
    }
    char longest[UCUM_MOST_BYTES + 2];
    memset(longest, '1', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    struct ucum_scale scale;
    assert_false(ucum_parse(&scale, str_of(longest), units));
    assert_false(ucum_parse(&scale, STR("m"), NULL));
}

static void only_what_is_written_is_valid(void **state)
{
    (void)state;
    assert_true(ucum_is_valid(STR("mg/dL"), units));
    assert_true(ucum_is_valid(STR("{score}"), units));
    assert_true(ucum_is_valid(STR("[degF]"), units));
    assert_false(ucum_is_valid(STR(""), units));
    assert_false(ucum_is_valid(STR("mcg"), units));
    assert_false(ucum_is_valid(STR("lbs"), units));
}

static void gives_index_keys(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str base;
    assert_true(ucum_canonical(STR("mg/dL"), &base, units, arena) == 10);
    assert_string_equal(base.data, "m-3.g");
    assert_true(ucum_canonical(STR("g/L"), &base, units, arena) == 1000);
    assert_string_equal(base.data, "m-3.g");
    assert_true(ucum_canonical(STR("%"), &base, units, arena) == 0.01);
    assert_string_equal(base.data, "1");
    assert_true(ucum_canonical(STR("Cel"), &base, units, arena) == 1);
    assert_string_equal(base.data, "Cel");
    assert_true(ucum_canonical(STR("[unheard-of]"), &base, units, arena) == 1);
    assert_string_equal(base.data, "[unheard-of]");
}

static void refuses_rows_without_sense(void **state)
{
    (void)state;
    static const struct ucum_unit ROWS[] = {
        { { "m", 1 }, true, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } }, /* is there already */
        { { "", 0 }, true, { "", 0 }, { "", 0 }, { "", 0 }, { "", 0 } },
        { { "x", 1 }, true, { "one", 3 }, { "1", 1 }, { "", 0 }, { "", 0 } },
        { { "x", 1 }, true, { "0", 1 }, { "1", 1 }, { "", 0 }, { "", 0 } },
        { { "x", 1 }, true, { "1", 1 }, { "0", 1 }, { "", 0 }, { "", 0 } },
        { { "x", 1 }, true, { "1", 1 }, { "1", 1 }, { "y:1", 3 }, { "", 0 } },
        { { "x", 1 }, true, { "1", 1 }, { "1", 1 }, { "m:99", 4 }, { "", 0 } },
        { { "x", 1 }, true, { "1", 1 }, { "1", 1 }, { "m", 1 }, { "", 0 } },
        { { "x", 1 }, true, { "1", 1 }, { "1", 1 }, { "m:1", 3 }, { "sin", 3 } },
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct ucum *own = ucum_new(arena);
    assert_true(ucum_add_unit(own, &ROWS[0]));
    for (size_t i = 0; i < COUNT(ROWS); i++)
        assert_false(ucum_add_unit(own, &ROWS[i]));
    assert_true(ucum_add_prefix(own, STR("k"), STR("1000")));
    assert_false(ucum_add_prefix(own, STR("q"), STR("many")));
    assert_true(ucum_is_valid(STR("km"), own));
}

static int open_units(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    *state = definitions_open(PATHS, 1, &issues);
    units = *state ? definitions_units(*state) : NULL;
    return units ? 0 : -1;
}

static int close_units(void **state)
{
    definitions_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_expressions_apart),
        cmocka_unit_test(only_what_is_written_is_valid),
        cmocka_unit_test(gives_index_keys),
        cmocka_unit_test(refuses_rows_without_sense),
    };
    return cmocka_run_group_tests(tests, open_units, close_units);
}
