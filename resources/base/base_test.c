/* base_test.c - arena, string, buffer, map and issues. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/issue.h"
#include "resources/base/map.h"

static void a_list_grows_and_keeps_its_items(void **state)
{
    (void)state;
    enum { ITEMS = 100, FIRST = 3 };
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t room = 0, moves = 0;
    int *list = NULL;
    for (int i = 0; i < ITEMS; i++) {
        int *before = list;
        list = arena_grow(arena, list, (size_t)i, &room, FIRST, sizeof *list);
        moves += list != before;
        assert_true(room > (size_t)i);
        list[i] = i;
    }
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(list[i], i);
    assert_int_equal(room, FIRST * 64);
    assert_int_equal(moves, 7); /* 3, 6, 12, 24, 48, 96, 192 */
}

static void arena_gives_zeroed_aligned_memory_and_resets(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct arena_mark empty = arena_mark(arena);
    for (size_t size = 0; size < 20000; size = size * 2 + 7) {
        char *bytes = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)bytes % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0x55, size);
    }
    struct arena_mark mark = arena_mark(arena);
    size_t held = arena_size(arena);
    arena_alloc(arena, 5 << 20);
    assert_true(arena_size(arena) > held);
    arena_reset(arena, mark);
    assert_int_equal(arena_size(arena), held);
    arena_reset(arena, empty);
    assert_int_equal(arena_size(arena), 0);
}

static void str_cuts_and_reads_numbers(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), wide = STR("18446744073709551616");
    uint64_t value = 7;
    assert_true(str_is(str_cut(&rest, ','), "a"));
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_true(str_is(str_cut(&rest, ','), "b"));
    assert_null(rest.data);
    assert_false(str_to_u64(&value, wide));
    assert_int_equal(value, 7);
    assert_true(str_to_u64(&value, str_slice(wide, 0, 19)));
    assert_false(str_to_u64(&value, STR("-1")));
    assert_true(str_is(str_trim(STR(" \t x \n")), "x"));
    assert_int_equal(str_find_str(STR("abcabc"), STR("ca"), 0), 2);
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_is(str_head(STR("a\xc3\xa9z"), 2), "a"));
    assert_true(str_is(str_head(STR("a\xc3\xa9z"), 3), "a\xc3\xa9"));
}

static void buf_stops_at_its_maximum(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf buf;
    buf_init(&buf, arena, 10);
    buf_add(&buf, STR("12345"));
    buf_add_json(&buf, STR("\"\n"));
    assert_true(str_is(buf_str(&buf), "12345\\\"\\n"));
    assert_false(buf.is_over);
    buf_print(&buf, "%d", 123);
    assert_true(buf.is_over);
    assert_true(str_is(buf_str(&buf), "12345\\\"\\n"));
}

static void each_byte_that_json_escapes_is_escaped_wherever_it_stands(void **state)
{
    (void)state;
    enum { LENGTH = 19 };
    CLOSING_ARENA struct arena *arena = arena_open();
    for (int c = 1; c < 256; c++)
        for (size_t at = 0; at < LENGTH; at++) {
            char text[LENGTH + 1] = "aaa\x80\xff\x7f  !#[]~aaaaaa";
            struct buf buf;
            text[at] = (char)c;
            buf_init(&buf, arena, 64);
            buf_add_json(&buf, (struct str){ text, LENGTH });
            bool is_escaped = c < 0x20 || c == '"' || c == '\\';
            assert_int_equal(buf.len > LENGTH, is_escaped);
            assert_memory_equal(buf.data, text, at);
            size_t behind = LENGTH - at - 1;
            assert_memory_equal(buf.data + buf.len - behind, text + at + 1, behind);
        }
}

static void buf_adds_numbers_in_digits(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf buf;
    buf_init(&buf, arena, 64);
    buf_add_number(&buf, 0);
    buf_add_char(&buf, ' ');
    buf_add_number(&buf, UINT64_MAX);
    assert_true(str_is(buf_str(&buf), "0 18446744073709551615"));
}

static void map_finds_what_was_set(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct map map;
    map_init(&map, arena);
    for (int i = 0; i < 5000; i++)
        assert_null(map_set(&map, str_print(arena, "key-%d", i), str_cstr(arena, STR("v"))));
    char other[] = "w";
    assert_non_null(map_set(&map, STR("key-42"), other));
    assert_ptr_equal(map_find(&map, STR("key-42")), other);
    assert_null(map_find(&map, STR("key-5000")));
    assert_int_equal(map.count, 5000);
    size_t at = 0, seen = 0;
    struct str key;
    void *value;
    while (map_next(&map, &at, &key, &value))
        seen++;
    assert_int_equal(seen, 5000);
}

/* From every place to every other, whatever the lines between. */
static void line_is_the_same_from_any_mark(void **state)
{
    static const char TEXT[] = "ab\n\nc\ndefg\n\nhijklmnop";
    (void)state;
    for (size_t from = 0; from < sizeof TEXT; from++)
        for (size_t to = 0; to < sizeof TEXT; to++) {
            struct str source = str_of(TEXT);
            struct place_mark mark = { 0 };
            int line, column;
            place_line_from(&mark, source, from);
            place_line_from(&mark, source, to);
            place_line(source, to, &line, &column);
            assert_int_equal(mark.line, line);
            assert_int_equal(mark.column, column);
        }
}

static void issue_prints_its_place_line_and_table_text(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR("{\n  \"contact\": [1]\n}"));
    struct place patient = PLACE_ROOT("Patient");
    struct place contact = { &patient, "contact", NULL, 1, 15 };
    struct place value = { &contact, "value[x]", "Quantity", -1, -1 };
    assert_false(issue_add(&issues, &value, ISSUE_VALUE_INVALID, "'%s' is no number", "x"));
    assert_true(str_is(issues.first->expression, "Patient.contact[1].value.ofType(Quantity)"));
    assert_int_equal(issues.first->line, 2);
    assert_int_equal(issues.first->column, 14);
    assert_true(str_is(issues.first->diagnostics, "'x' is no number"));
    assert_true(str_is(issues.first->key, "value-invalid"));
    assert_int_equal(issues.errors, 1);
    issue_set_severity(&issues, issues.first, SEVERITY_WARNING);
    assert_int_equal(issues.errors, 0);
}

static void issues_keep_no_more_than_their_maximum(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    issues.most = 3;
    for (int i = 0; i < 10; i++)
        issue_add(&issues, NULL, ISSUE_TOO_MANY, "%d", i);
    assert_int_equal(issues.count, 10);
    assert_true(str_is(issues.last->diagnostics, "2"));
    assert_null(issues.last->next);
    for (int i = 10; i < 20; i++)
        issue_raise_as(&issues, NULL, ISSUE_TOO_MANY, SEVERITY_WARNING, "%d", i);
    assert_int_equal(issues.count, 20);
    assert_int_equal(issues.errors, 10);
    assert_true(str_is(issues.last->diagnostics, "12"));
    assert_int_equal(issues.last->severity, SEVERITY_WARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_grows_and_keeps_its_items),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory_and_resets),
        cmocka_unit_test(str_cuts_and_reads_numbers),
        cmocka_unit_test(buf_stops_at_its_maximum),
        cmocka_unit_test(each_byte_that_json_escapes_is_escaped_wherever_it_stands),
        cmocka_unit_test(buf_adds_numbers_in_digits),
        cmocka_unit_test(map_finds_what_was_set),
        cmocka_unit_test(line_is_the_same_from_any_mark),
        cmocka_unit_test(issue_prints_its_place_line_and_table_text),
        cmocka_unit_test(issues_keep_no_more_than_their_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
