/* date_test.c - forms, order, calendar and spans of dates. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/decimal.h"

static const struct {
    const char *text;
    const char *forms; /* which take it, in the order of enum date_form; p for taken */
} FORMS[] = {
    { "2024", "pp..p." },
    { "2024-02", "pp..p." },
    { "2024-02-29", "pp..p." },
    { "2023-02-29", "......" },
    { "2024-2", "......" },
    { "2024-13", "......" },
    { "0000", "......" },
    { "2024-02-29T", "....p." },
    { "2024-02-29T10", "....p." },
    { "2024-02-29T10:20", "....p." },
    { "2024-02-29T10:20Z", "....p." },
    { "2024-02-29T10:20:30", "....p." },
    { "2024-02-29T10:20:30Z", ".pp.p." },
    { "2024-02-29T10:20:30.1234567891+05:30", ".pp.p." },
    { "2024-02-29T10:20:30-14:00", ".pp.p." },
    { "2024-02-29T10:20:30-14:01", "......" },
    { "2024-02-29T10:20:30+05:60", "......" },
    { "2024-02-29T10:20:30.", "......" },
    { "2024-02-29T10:20:60Z", ".pp.p." },
    { "2024-02-29T24:00:00Z", "......" },
    { "2024Z", "......" },
    { "10", ".....p" },
    { "10:20", ".....p" },
    { "10:20:30", "...p.p" },
    { "10:20:30.5", "...p.p" },
    { "10:20:30Z", "......" },
    { "10:20:60", ".....p" },
    { "10:20:61", "......" },
    { "", "......" },
};

static void takes_each_form(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(FORMS); i++)
        for (int form = DATE_FORM_DATE; form <= DATE_FORM_PARTIAL_TIME; form++) {
            struct date date;
            bool is_taken = date_parse(&date, str_of(FORMS[i].text), (enum date_form)form);
            if (is_taken != (FORMS[i].forms[form] == 'p'))
                fail_msg("%s as form %d: %d", FORMS[i].text, form, is_taken);
        }
    struct date date;
    assert_true(date_parse(&date, STR("2024-02-29T10:20:30.120+05:30"), DATE_FORM_INSTANT));
    assert_string_equal(date_print(&date, arena).data, "2024-02-29T10:20:30.120+05:30");
}

static const struct {
    const char *a, *b;
    enum date_order order;
} ORDERS[] = {
    { "2012", "2013", DATE_BEFORE },
    { "2012-04-15", "2012-04-15", DATE_SAME },
    { "2012-04", "2012-04-15", DATE_UNCERTAIN },
    { "2012-05", "2012-04-15", DATE_AFTER },
    { "2012-04-15", "2012-04-15T10:00:00", DATE_UNCERTAIN },
    { "2012-04-15", "2012-04-16T00:30:00Z", DATE_BEFORE },
    { "2012-04-15T10:00:00", "2012-04-15T10:00:00.0", DATE_SAME },
    { "2012-04-15T10:00:00", "2012-04-15T10:00:00.1", DATE_BEFORE },
    { "2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00", DATE_SAME },
    { "2012-04-15T23:30:00-02:00", "2012-04-16T00:30:00Z", DATE_AFTER },
    { "2012-04-15T15:00:00Z", "2012-04-15T10:00:00", DATE_UNCERTAIN },
    { "2012-04-15T15:00:00Z", "2012-04-17T10:00:00", DATE_BEFORE },
    { "2012-04-17T15:00:00", "2012-04-15T10:00:00Z", DATE_AFTER },
};

static void orders_with_uncertainty(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ORDERS); i++) {
        struct date a, b;
        assert_true(date_parse(&a, str_of(ORDERS[i].a), DATE_FORM_PARTIAL));
        assert_true(date_parse(&b, str_of(ORDERS[i].b), DATE_FORM_PARTIAL));
        int order = date_compare(&a, &b), reverse = date_compare(&b, &a);
        if (order != ORDERS[i].order || reverse != (order == DATE_UNCERTAIN ? order : -order))
            fail_msg("%s against %s: %d, %d", ORDERS[i].a, ORDERS[i].b, order, reverse);
    }
}

static const struct {
    const char *date, *amount;
    enum date_unit unit;
    const char *want; /* "" when there is none */
} SHIFTS[] = {
    { "2024-01-31", "1", DATE_UNIT_MONTH, "2024-02-29" },
    { "2024-02-29", "1", DATE_UNIT_YEAR, "2025-02-28" },
    { "2024-03-01", "-1", DATE_UNIT_DAY, "2024-02-29" },
    { "1973-12-25", "7.7", DATE_UNIT_DAY, "1974-01-01" },
    { "1973-12-25", "1", DATE_UNIT_WEEK, "1974-01-01" },
    { "2014", "24", DATE_UNIT_MONTH, "2016" },
    { "2014", "23", DATE_UNIT_MONTH, "2015" },
    { "2014", "365", DATE_UNIT_DAY, "2015" },
    { "2014-01", "60", DATE_UNIT_DAY, "2014-03" },
    { "2014-01-01", "25", DATE_UNIT_HOUR, "2014-01-02" },
    { "2014-01-01T23:00:00Z", "2", DATE_UNIT_HOUR, "2014-01-02T01:00:00Z" },
    { "2014-01-01T23:59:59.999+10:00", "1", DATE_UNIT_MILLISECOND,
      "2014-01-02T00:00:00.000+10:00" },
    { "2014-01-01T00:00:00Z", "1.5", DATE_UNIT_SECOND, "2014-01-01T00:00:01.500Z" },
    { "2014-01-01T00:00:00Z", "1500", DATE_UNIT_MILLISECOND, "2014-01-01T00:00:01.500Z" },
    { "2014-01-01T00:00:00.000Z", "-0.001", DATE_UNIT_SECOND, "2013-12-31T23:59:59.999Z" },
    { "9999-12-31", "1", DATE_UNIT_DAY, "" },
    { "0001-01", "-1", DATE_UNIT_MONTH, "" },
    { "2014", "99999999999999999999", DATE_UNIT_YEAR, "" },
};

static void shifts_by_the_calendar(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(SHIFTS); i++) {
        struct date date;
        struct decimal amount;
        assert_true(date_parse(&date, str_of(SHIFTS[i].date), DATE_FORM_PARTIAL));
        assert_true(decimal_parse(&amount, str_of(SHIFTS[i].amount)));
        bool is_done = date_add(&date, &date, &amount, SHIFTS[i].unit);
        assert_string_equal(is_done ? date_print(&date, arena).data : "", SHIFTS[i].want);
    }
}

static void wraps_a_time_of_day(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct date time;
    struct decimal two = decimal_of_int(2), minus = decimal_of_int(-25);
    assert_true(date_parse(&time, STR("23:30"), DATE_FORM_PARTIAL_TIME));
    assert_true(date_add(&time, &time, &two, DATE_UNIT_HOUR));
    assert_string_equal(date_print(&time, arena).data, "01:30");
    assert_true(date_add(&time, &time, &minus, DATE_UNIT_HOUR));
    assert_string_equal(date_print(&time, arena).data, "00:30");
    assert_false(date_add(&time, &time, &two, DATE_UNIT_DAY));
}

#define HOUR (INT64_C(3600) * 1000000)

/* R4 search.html#date */
static void covers_its_span(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t low, width;
    } CASES[] = {
        { "1970", 0, 365 * 24 * HOUR },
        { "1972", 730 * 24 * HOUR, 366 * 24 * HOUR },
        { "1970-12", 334 * 24 * HOUR, 31 * 24 * HOUR },
        { "1970-01-02", 24 * HOUR, 24 * HOUR },
        { "1969-12-31", -24 * HOUR, 24 * HOUR },
        { "1970-01-01T01:00", HOUR, HOUR / 60 },
        { "1970-01-01T01:00:00+01:00", 0, 1000000 },
        { "1970-01-01T00:00:00.123Z", 123000, 1000 },
        { "1970-01-01T00:00:00.1234567Z", 123456, 1 },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct date date;
        int64_t low, high;
        assert_true(date_parse(&date, str_of(CASES[i].text), DATE_FORM_PARTIAL));
        date_range(&date, &low, &high);
        assert_true(low == CASES[i].low);
        assert_true(high - low == CASES[i].width);
    }
}

/* Every day of 800 years follows the one before it, and comes back as it went in. */
static void counts_days_without_a_gap(void **state)
{
    (void)state;
    struct date date;
    struct decimal one = decimal_of_int(1);
    int64_t low, high, before;
    assert_true(date_parse(&date, STR("1600-01-01"), DATE_FORM_DATE));
    date_range(&date, &low, &before);
    for (int i = 0; i < 800 * 365 + 193; i++) {
        assert_true(date_add(&date, &date, &one, DATE_UNIT_DAY));
        date_range(&date, &low, &high);
        assert_true(low == before);
        before = high;
    }
    assert_int_equal(date.year, 2399);
    assert_int_equal(date.month, 12);
    assert_int_equal(date.day, 31);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_each_form),        cmocka_unit_test(orders_with_uncertainty),
        cmocka_unit_test(shifts_by_the_calendar), cmocka_unit_test(wraps_a_time_of_day),
        cmocka_unit_test(covers_its_span),        cmocka_unit_test(counts_days_without_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
