/* quantity_test.c - quantities across units. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/types/quantity.h"

static const struct ucum *units;

/* "*day" is the calendar's word, "day" between quotes no unit at all. */
static struct str unit_of(const char *text)
{
    enum date_unit word;
    if (text[0] != '*')
        return str_of(text);
    assert_true(date_unit_parse(&word, str_of(text + 1)));
    return quantity_calendar_unit(word);
}

static struct quantity quantity_of(const char *value, const char *unit)
{
    struct quantity quantity = { .unit = unit_of(unit) };
    assert_true(decimal_parse(&quantity.value, str_of(value)));
    return quantity;
}

static const struct {
    const char *a, *unit_a, *b, *unit_b;
    enum quantity_order order;
} ORDERS[] = {
    { "4.0000", "g", "4000.0", "mg", QUANTITY_SAME },
    { "4", "g", "4040", "mg", QUANTITY_LESS },
    { "1", "mg/dL", "0.01", "g/L", QUANTITY_SAME },
    { "1", "mmol/L", "1000", "umol/l", QUANTITY_SAME },
    { "120", "mm[Hg]", "15.99864", "kPa", QUANTITY_SAME },
    { "1", "10*3/uL", "1", "10*9/L", QUANTITY_SAME },
    { "1", "/(24.h)", "1", "/d", QUANTITY_SAME },
    { "0.04", "m2", "400", "cm2", QUANTITY_SAME },
    { "1", "U", "1", "umol/min", QUANTITY_SAME },
    { "185", "[lb_av]", "83.91458845", "kg", QUANTITY_SAME },
    { "1", "{tablet}", "1", "1", QUANTITY_SAME },
    { "1", "mg{drug}", "1", "mg", QUANTITY_SAME },
    { "50", "%", "0.5", "1", QUANTITY_SAME },
    { "6", "*day", "1", "*week", QUANTITY_LESS },
    { "1", "*day", "1", "d", QUANTITY_SAME },
    { "1", "*second", "1000", "ms", QUANTITY_SAME },
    { "1", "day", "1", "d", QUANTITY_INCOMPARABLE },
    { "1", "*day", "1", "day", QUANTITY_INCOMPARABLE },
    { "1", "*year", "12", "*month", QUANTITY_SAME },
    { "1", "*month", "30", "*day", QUANTITY_SAME },
    { "1", "*year", "365", "*day", QUANTITY_SAME },
    { "1", "*year", "1", "a", QUANTITY_INCOMPARABLE },
    { "1", "*day", "1", "mo", QUANTITY_INCOMPARABLE },
    { "1", "*day", "1", "a_g", QUANTITY_INCOMPARABLE },
    { "1", "*day", "1", "m", QUANTITY_INCOMPARABLE },
    { "1", "a", "12", "mo", QUANTITY_SAME },
    { "1", "cm", "1", "s", QUANTITY_INCOMPARABLE },
    { "37", "Cel", "37", "K", QUANTITY_MORE },
    { "0", "Cel", "273.15", "K", QUANTITY_SAME },
    { "98.6", "[degF]", "37", "Cel", QUANTITY_SAME },
    { "7", "[pH]", "0.0001", "umol/L", QUANTITY_MORE },
    { "1", "[iU]/mL", "1000", "[IU]/L", QUANTITY_SAME },
    { "1", "[iU]", "1", "[arb'U]", QUANTITY_INCOMPARABLE },
    { "1", "mol", "1", "1", QUANTITY_INCOMPARABLE },
    { "12", "[in_i]", "1", "[ft_i]", QUANTITY_SAME },
    { "1", "kg.m/s2", "1", "N", QUANTITY_SAME },
    { "1", "[diop]", "1", "/m", QUANTITY_SAME },
    { "1", "[unheard-of]", "2", "[unheard-of]", QUANTITY_LESS },
    { "1", "[unheard-of]", "1", "g", QUANTITY_INCOMPARABLE },
    { "1", "m99", "1", "m", QUANTITY_INCOMPARABLE },
    { "1", "((((((((((m))))))))))", "1", "m", QUANTITY_INCOMPARABLE },
    { "1", "mg/", "1", "mg", QUANTITY_INCOMPARABLE },
    { "1", "mg{", "1", "mg", QUANTITY_INCOMPARABLE },
};

static void orders_across_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ORDERS); i++) {
        struct quantity a = quantity_of(ORDERS[i].a, ORDERS[i].unit_a);
        struct quantity b = quantity_of(ORDERS[i].b, ORDERS[i].unit_b);
        int order = quantity_compare(&a, &b, units);
        if (order != ORDERS[i].order)
            fail_msg("%s %s against %s %s: %d", ORDERS[i].a, ORDERS[i].unit_a, ORDERS[i].b,
                     ORDERS[i].unit_b, order);
    }
}

static const struct {
    const char *value, *unit, *to, *converted; /* NULL: it can not be */
} CONVERSIONS[] = {
    { "2.0", "cm", "mm", "20" },
    { "1", "[in_i]", "cm", "2.54" },
    { "1", "[gal_us]", "L", "3.785411784" },
    { "23", "Cel", "[degF]", "73.4" },
    { "-40", "[degF]", "Cel", "-40" },
    { "300", "mK", "K", "0.3" },
    { "20", "dB", "B", "2" },
    { "1000", "Cel", "kCel", "1" },
    { "1", "*week", "d", "7" },
    { "1", "*year", "*second", "31536000" },
    { "18", "*month", "*year", "1.5" },
    { "1", "*month", "mo", NULL },
    { "1", "m", "g", NULL },
    { "-1", "1", "B", NULL },
    { "5", "[unheard-of]", "[unheard-of]", "5" },
};

static void converts(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(CONVERSIONS); i++) {
        struct quantity from = quantity_of(CONVERSIONS[i].value, CONVERSIONS[i].unit);
        struct decimal value;
        bool is_known = quantity_convert(&value, &from, unit_of(CONVERSIONS[i].to), units);
        if (is_known)
            decimal_normalize(&value);
        const char *got = is_known ? decimal_print(&value, arena).data : NULL;
        if (!got != !CONVERSIONS[i].converted || (got && strcmp(got, CONVERSIONS[i].converted)))
            fail_msg("%s %s as %s: %s", CONVERSIONS[i].value, CONVERSIONS[i].unit,
                     CONVERSIONS[i].to, got ? got : "none");
    }
}

static const struct {
    const char *a, *unit_a, *sign, *b, *unit_b, *result; /* NULL: none */
} PRODUCTS[] = {
    { "2.0", "cm", "*", "2.0", "m", "4.00 cm.m" }, { "3", "mg", "*", "2", "1", "6 mg" },
    { "3", "1", "*", "2", "mg", "6 mg" },          { "3", "mg", "*", "2000", "g/kg", "6 mg" },
    { "50", "%", "*", "4", "mg", "2 mg" },         { "2", "*year", "*", "3", "1", "6 year" },
    { "2", "*year", "*", "3", "m", NULL },         { "1", "Cel", "*", "2", "1", NULL },
    { "6", "m", "/", "2", "s", "3 m/s" },          { "6", "m", "/", "2", "m", "3 1" },
    { "6", "1", "/", "2", "m/s", "3 1/(m/s)" },    { "6", "mg", "/", "50", "%", "12 mg" },
    { "6", "*day", "/", "2", "1", "3 day" },       { "6", "*day", "/", "2", "*day", NULL },
    { "6", "1", "/", "2", "*day", NULL },          { "6", "m", "/", "0", "m", NULL },
};

static void computes(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(PRODUCTS); i++) {
        struct quantity a = quantity_of(PRODUCTS[i].a, PRODUCTS[i].unit_a), c;
        struct quantity b = quantity_of(PRODUCTS[i].b, PRODUCTS[i].unit_b);
        bool is_known = PRODUCTS[i].sign[0] == '*' ? quantity_multiply(&c, &a, &b, units, arena)
                                                   : quantity_divide(&c, &a, &b, units, arena);
        const char *got = is_known
                              ? str_print(arena, STR_FMT " " STR_FMT,
                                          STR_ARG(decimal_print(&c.value, arena)), STR_ARG(c.unit))
                                    .data
                              : NULL;
        if (!got != !PRODUCTS[i].result || (got && strcmp(got, PRODUCTS[i].result)))
            fail_msg("%s %s %s %s %s: %s", PRODUCTS[i].a, PRODUCTS[i].unit_a, PRODUCTS[i].sign,
                     PRODUCTS[i].b, PRODUCTS[i].unit_b, got ? got : "none");
    }
}

static void knows_no_unit_without_a_table(void **state)
{
    (void)state;
    struct quantity a = quantity_of("1", "mg"), b = quantity_of("1", "g"),
                    c = quantity_of("2", "mg"), d = quantity_of("1", "*day"),
                    e = quantity_of("24", "*hour");
    assert_int_equal(quantity_compare(&a, &b, NULL), QUANTITY_INCOMPARABLE);
    assert_int_equal(quantity_compare(&a, &c, NULL), QUANTITY_LESS);
    assert_int_equal(quantity_compare(&d, &e, NULL), QUANTITY_SAME);
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
        cmocka_unit_test(orders_across_units),
        cmocka_unit_test(converts),
        cmocka_unit_test(computes),
        cmocka_unit_test(knows_no_unit_without_a_table),
    };
    return cmocka_run_group_tests(tests, open_units, close_units);
}
