/* quantity_test.c - quantities across units. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/types/quantity.h"

static struct quantity quantity_of(const char *value, const char *unit)
{
    struct quantity quantity = { .unit = str_of(unit) };
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
    { "6", "day", "1", "week", QUANTITY_LESS },
    { "1", "day", "1", "d", QUANTITY_SAME },
    { "1", "year", "12", "month", QUANTITY_SAME },
    { "1", "year", "1", "a", QUANTITY_INCOMPARABLE },
    { "1", "cm", "1", "s", QUANTITY_INCOMPARABLE },
    { "37", "Cel", "37", "K", QUANTITY_INCOMPARABLE },
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
        int order = quantity_compare(&a, &b);
        if (order != ORDERS[i].order)
            fail_msg("%s %s against %s %s: %d", ORDERS[i].a, ORDERS[i].unit_a, ORDERS[i].b,
                     ORDERS[i].unit_b, order);
    }
}

static void converts_and_computes(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct quantity a = quantity_of("2.0", "cm"), b = quantity_of("2.0", "m"),
                    area = quantity_of("0.04", "m2"), c;
    struct decimal value;
    assert_true(quantity_multiply(&c, &a, &b, arena));
    assert_int_equal(quantity_compare(&c, &area), QUANTITY_SAME);
    assert_true(quantity_divide(&c, &area, &b, arena));
    assert_int_equal(quantity_compare(&c, &a), QUANTITY_SAME);
    assert_true(quantity_convert(&value, &a, STR("mm")));
    assert_string_equal(decimal_print(&value, arena).data, "20");
    a = quantity_of("1", "month");
    assert_true(quantity_convert(&value, &a, STR("mo")));
    assert_string_equal(decimal_print(&value, arena).data, "1");
    assert_false(quantity_convert(&value, &a, STR("g")));
}

static void gives_index_keys(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str base;
    assert_true(quantity_canonical(STR("mg/dL"), &base, arena) == 10);
    assert_string_equal(base.data, "m-3.g");
    assert_true(quantity_canonical(STR("g/L"), &base, arena) == 1000);
    assert_string_equal(base.data, "m-3.g");
    assert_true(quantity_canonical(STR("%"), &base, arena) == 0.01);
    assert_string_equal(base.data, "1");
    assert_true(quantity_canonical(STR("[unheard-of]"), &base, arena) == 1);
    assert_string_equal(base.data, "[unheard-of]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_across_units),
        cmocka_unit_test(converts_and_computes),
        cmocka_unit_test(gives_index_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
