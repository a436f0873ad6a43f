/* json_test.c - the scan, the reader's refusals with their positions, the printer, the tree's
 * accessors. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

enum { MOST_PRINTED = 1 << 20 };

static struct str print(struct arena *arena, const cJSON *item)
{
    struct buf out;
    buf_init(&out, arena, MOST_PRINTED);
    json_print(&out, item);
    return buf_str(&out);
}

/* In these texts ~ stands for a NUL byte. */
static struct str text_of(struct arena *arena, const char *text)
{
    char *copy = str_cstr(arena, str_of(text));
    size_t length = strlen(copy);
    for (char *at = strchr(copy, '~'); at; at = strchr(at + 1, '~'))
        *at = '\0';
    return (struct str){ copy, length };
}

static const struct {
    const char *text;
    size_t offset;
    const char *reason; /* NULL: valid */
} SCANS[] = {
    { "{}", 0, NULL },
    { " [ ] \r\n\t", 0, NULL },
    { "null", 0, NULL },
    { "-0.0e+1", 0, NULL },
    { "[1,20,-3.5E-7,true,false,null,\"\"]", 0, NULL },
    { "{\"a\":{\"b\":[[],{}]},\"a\":0}", 0, NULL },
    { "\"\\u0000\\ud800\\\"\\\\\\/\\b\\f\\n\\r\\t\"", 0, NULL },
    { "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\x7f"
      "\"",
      0, NULL },
    { "", 0, "the text ends too early" },
    { " ", 1, "the text ends too early" },
    { "\xef\xbb\xbf{}", 0, "a byte order mark may not stand here" },
    { "{} x", 3, "nothing may follow the value" },
    { "{}~", 2, "nothing may follow the value" },
    { "[1,]", 3, "a value is expected" },
    { "[,1]", 1, "a value is expected" },
    { "[1 2]", 3, "',' or ']' is expected" },
    { "[1}", 2, "',' or ']' is expected" },
    { "{\"a\":1,}", 7, "a property name in quotes is expected" },
    { "{a:1}", 1, "a property name in quotes is expected" },
    { "{\"a\" 1}", 5, "':' is expected" },
    { "{\"a\":1]", 6, "',' or '}' is expected" },
    { "{\"a\":1 \"b\":2}", 7, "',' or '}' is expected" },
    { "[nul]", 4, "a value is expected" },
    { "[True]", 1, "a value is expected" },
    { "[\v1]", 1, "a value is expected" },
    { "[NaN]", 1, "a value is expected" },
    { "[+1]", 1, "a value is expected" },
    { "[.5]", 1, "a value is expected" },
    { "[01]", 2, "a number may not begin with 0" },
    { "[-01]", 3, "a number may not begin with 0" },
    { "[-]", 2, "a digit is expected" },
    { "[1.]", 3, "a digit is expected" },
    { "[1e]", 3, "a digit is expected" },
    { "[1e+]", 4, "a digit is expected" },
    { "[0x1]", 2, "',' or ']' is expected" },
    { "\"a", 2, "the text ends too early" },
    { "\"a\\", 3, "the text ends too early" },
    { "\"abcdefgh\nij\"", 9, "a control character in a string must be escaped" },
    { "\"abcdefghijklm\x1f\"", 14, "a control character in a string must be escaped" },
    { "\"a~\"", 2, "a control character in a string must be escaped" },
    { "\"\\a\"", 2, "there is no such escape" },
    { "\"\\u12g4\"", 5, "\\u needs four hexadecimal digits" },
    { "\"\\u12\"", 5, "\\u needs four hexadecimal digits" },
    { "\"\xc1\x81\"", 1, "the bytes are not UTF-8" },         /* overlong */
    { "\"\xe0\x9f\xbf\"", 1, "the bytes are not UTF-8" },     /* overlong */
    { "\"\xf0\x8f\xbf\xbf\"", 1, "the bytes are not UTF-8" }, /* overlong */
    { "\"\xed\xa0\x80\"", 1, "the bytes are not UTF-8" },     /* a surrogate */
    { "\"\xf4\x90\x80\x80\"", 1, "the bytes are not UTF-8" }, /* beyond U+10FFFF */
    { "\"abc\x80\"", 4, "the bytes are not UTF-8" },
    { "\"\xe2\x82", 1, "the bytes are not UTF-8" },
    { "\"\xe2\x82\"", 1, "the bytes are not UTF-8" },
    { "\"\xff\"", 1, "the bytes are not UTF-8" },
};

static void scan_takes_what_the_grammar_takes(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(SCANS); i++) {
        struct json_error error = { 99999, NULL };
        bool is_valid = json_scan(text_of(arena, SCANS[i].text), &error);
        if (is_valid != !SCANS[i].reason || (!is_valid && (strcmp(error.reason, SCANS[i].reason) ||
                                                           error.offset != SCANS[i].offset)))
            fail_msg("%s: %zu: %s", SCANS[i].text, error.offset, error.reason);
    }
}

static struct str nested(struct arena *arena, int depth, const char *open, const char *close)
{
    struct buf text;
    buf_init(&text, arena, MOST_PRINTED);
    for (int i = 0; i < depth; i++)
        buf_add(&text, str_of(open));
    buf_add_char(&text, '1');
    for (int i = 0; i < depth; i++)
        buf_add(&text, str_of(close));
    return buf_str(&text);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct json_error error;
    struct issues issues;
    assert_true(json_scan(nested(arena, JSON_MOST_DEPTH, "[", "]"), &error));
    assert_false(json_scan(nested(arena, JSON_MOST_DEPTH + 1, "[", "]"), &error));
    assert_int_equal(error.offset, JSON_MOST_DEPTH);
    assert_string_equal(error.reason, "nested too deeply");

    struct str deepest = nested(arena, JSON_MOST_DEPTH, "{\"a\":", "}");
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *tree = json_parse(deepest, arena, &issues);
    assert_true(str_equal(print(arena, tree), deepest));
    assert_null(json_parse(nested(arena, JSON_MOST_DEPTH + 1, "{\"a\":", "}"), arena, &issues));
    assert_string_equal(issues.last->key.data, "too-deep");
    assert_int_equal(issues.last->column, JSON_MOST_DEPTH * 5 + 1);
}

static const struct {
    const char *text;
    const char *issue; /* line:column: key: diagnostics at expression */
} REFUSALS[] = {
    { "", "1:1: json-syntax: the text ends too early at " },
    { "{\n  \"a\": 1,\n  \"b\": 01\n}", "3:9: json-syntax: a number may not begin with 0 at " },
    { "\xef\xbb\xbf{}", "1:1: json-syntax: a byte order mark may not stand here at " },
    { " []", "1:2: json-not-object: '{' is expected at " },
    { "\"x\"", "1:1: json-not-object: '{' is expected at " },
    { "{\"a\":\"x\\u0000\"}", "1:8: json-nul: \\u0000 can not be stored at " },
    { "{\"\\u0000a\":1}", "1:3: json-nul: \\u0000 can not be stored at " },
    { "{\"a\":\"\\\\u0000\",\n\"b\":\"\\ud834\"}",
      "2:6: json-syntax: half of a surrogate pair at " },
    { "{\"a\":\"\\ud834x\"}", "1:7: json-syntax: half of a surrogate pair at " },
    { "{\"a\":\"\\ud834\\ud834\"}", "1:7: json-syntax: half of a surrogate pair at " },
    { "{\"a\":\"\\udd1e\"}", "1:7: json-syntax: half of a surrogate pair at " },
    { "{\"a\":\"\\ud834\\u00\"}", "1:17: json-syntax: \\u needs four hexadecimal digits at " },
    { "{\"a\":1,\"a\":2}", "1:8: json-duplicate-key: a at Resource.a" },
    { "{\"ab\":1,\"a\\u0062\":2}", "1:9: json-duplicate-key: ab at Resource.ab" },
    { "{\"q\\\"\\\\\":1,\"q\\\"\\\\\" : 2}", "1:12: json-duplicate-key: q\"\\ at Resource.q\"\\" },
    { "{\"resourceType\":\"Patient\",\"name\":[{},\n {\"given\":[],\"use\":{},\n  \"given\" "
      ":\n[1]}]}",
      "3:3: json-duplicate-key: given at Patient.name[1].given" },
    { "{\"a\":[[0,{\"b\":1,\"b\":1}]]}", "1:17: json-duplicate-key: b at Resource.a[0].[1].b" },
    { "{\"x\":{\"b\":1,\"b\":1},\"x\":1}", "1:13: json-duplicate-key: b at Resource.x.b" },
    { "{\"\":1,\"\":1}", "1:7: json-duplicate-key:  at Resource." },
};

static void reader_names_what_it_refuses_and_where(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(REFUSALS); i++) {
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        assert_null(json_parse(text_of(arena, REFUSALS[i].text), arena, &issues));
        assert_int_equal(issues.count, 1);
        const struct issue *issue = issues.first;
        struct str got = str_print(arena, "%d:%d: " STR_FMT ": " STR_FMT " at " STR_FMT,
                                   issue->line, issue->column, STR_ARG(issue->key),
                                   STR_ARG(issue->diagnostics), STR_ARG(issue->expression));
        assert_string_equal(got.data, REFUSALS[i].issue);
    }
}

/* Compact texts that come back byte for byte. */
static const char *const KEPT[] = {
    "{}",
    "{\"a\":[],\"b\":{},\"c\":null,\"d\":true,\"e\":false,\"f\":\"\"}",
    "{\"n\":[0,-0,1.00,1e5,1E+5,-12.340e-7,12345678901234567890,0.10000000000000000000000001]}",
    "{\"long\":1.000000000000000000000000000000000000000000000000000000000000000000000000000001}",
    "{\"s\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u001f/\x7f\xc3\xa9\xe2\x82\xac\xf0\x9d\x84\x9e\"}",
    "{\"A\":1,\"a\":2,\"\":3}",
    "{\"contact\":[{\"name\":{\"given\":[\"a\",null]}},[[1],[]]]}",
};

static void what_was_read_is_printed_alike(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(KEPT); i++) {
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        cJSON *tree = json_parse(str_of(KEPT[i]), arena, &issues);
        assert_non_null(tree);
        assert_string_equal(print(arena, tree).data, KEPT[i]);
        assert_string_equal(print(arena, json_copy(arena, tree)).data, KEPT[i]);
        assert_true(json_equal(tree, json_copy(arena, tree)));
        struct buf pretty;
        buf_init(&pretty, arena, MOST_PRINTED);
        json_print_pretty(&pretty, tree);
        assert_true(json_equal(tree, json_parse(buf_str(&pretty), arena, &issues)));
    }
}

static void escapes_are_read(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *tree =
        json_parse(STR("{\"\\u0041\":\"\\/\\u00e9\\uD834\\udd1e\\u20AC\"}"), arena, &issues);
    assert_string_equal(json_get_text(tree, "A").data, "/\xc3\xa9\xf0\x9d\x84\x9e\xe2\x82\xac");
}

static void pretty_output_is_indented_by_two(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct buf out;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&out, arena, MOST_PRINTED);
    json_print_pretty(&out, json_parse(STR("{\"a\":[1,{\"b\":{}}],\"c\":[]}"), arena, &issues));
    assert_string_equal(buf_str(&out).data, "{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n"
                                            "  ],\n  \"c\": []\n}");
}

static void every_value_knows_its_offset(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    struct str text = STR(" {\"a\": [ 10 , \"x\"],\n\"b\":{\"c\" : true}}");
    cJSON *tree = json_parse(text, arena, &issues), *a = json_get(tree, "a");
    assert_true(str_equal(issues.source, text));
    assert_int_equal(json_offset(tree), 1);
    assert_int_equal(json_offset(a), 7);
    assert_int_equal(json_offset(json_at(a, 0)), 9);
    assert_int_equal(json_offset(json_at(a, 1)), 14);
    assert_int_equal(json_offset(json_get(json_get(tree, "b"), "c")), 31);
    assert_int_equal(json_offset(json_copy(arena, tree)), -1);
    assert_int_equal(json_offset(NULL), -1);
}

/* More values than one chunk of offsets holds, and more keys than are compared one by one. */
static void many_keys_stay_linear_and_exact(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct buf text;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&text, arena, MOST_PRINTED);
    for (int i = 0; i < MANY; i++)
        buf_print(&text, "%s\"key%d\":%d", i ? "," : "{", i, i);
    buf_add_char(&text, '}');
    cJSON *tree = json_parse(buf_str(&text), arena, &issues);
    assert_int_equal(json_count(tree), MANY);
    assert_true(str_is(json_get_text(tree, "key19999"), "19999"));
    assert_true(
        str_starts(str_slice(buf_str(&text), (size_t)json_offset(json_at(tree, 15000)), text.len),
                   STR("15000,")));
    assert_true(json_equal(tree, json_copy(arena, tree)));
    text.len--;
    buf_add(&text, STR(",\"key777\":0}"));
    assert_null(json_parse(buf_str(&text), arena, &issues));
    assert_string_equal(issues.first->expression.data, "Resource.key777");
}

static void accessors_answer_for_what_is_not_there(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *tree = json_parse(
        STR("{\"a\":1.0,\"A\":\"x\",\"t\":true,\"f\":false,\"n\":null,\"l\":[1]}"), arena, &issues);
    assert_true(json_is_number(json_get(tree, "a")));
    assert_false(json_is_number(json_get(tree, "A")));
    assert_false(json_is_number(NULL));
    assert_string_equal(json_get_text(tree, "a").data, "1.0");
    assert_string_equal(json_get_text(tree, "A").data, "x");
    assert_string_equal(json_get_text(tree, "t").data, "true");
    assert_string_equal(json_get_text(tree, "f").data, "false");
    assert_int_equal(json_get_text(tree, "n").len, 0);
    assert_int_equal(json_get_text(tree, "l").len, 0);
    assert_int_equal(json_get_text(NULL, "l").len, 0);
    assert_null(json_get(json_get(tree, "l"), "a"));
    assert_null(json_at(json_get(tree, "l"), 1));
    assert_null(json_at(NULL, 0));
    assert_int_equal(json_count(NULL), 0);
}

static const struct {
    const char *a, *b;
    bool is_equal;
} PAIRS[] = {
    { "{\"a\":1,\"b\":[1,2]}", "{\"b\":[1,2],\"a\":1}", true },
    { "{\"b\":[1,2]}", "{\"b\":[2,1]}", false },
    { "{\"b\":[1,2]}", "{\"b\":[1,2,3]}", false },
    { "{\"a\":1.0}", "{\"a\":1.00}", false },
    { "{\"a\":1}", "{\"a\":\"1\"}", false },
    { "{\"a\":1}", "{\"A\":1}", false },
    { "{\"a\":{}}", "{\"a\":{\"b\":1}}", false },
    { "{\"a\":{}}", "{\"a\":[]}", false },
    { "{\"a\":null}", "{}", false },
    { "{\"a\":null}", "{\"a\":null}", true },
    { "{\"a\":true}", "{\"a\":false}", false },
};

static void equality_ignores_key_order_alone(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    for (size_t i = 0; i < COUNT(PAIRS); i++) {
        cJSON *a = json_parse(str_of(PAIRS[i].a), arena, &issues);
        cJSON *b = json_parse(str_of(PAIRS[i].b), arena, &issues);
        if (json_equal(a, b) != PAIRS[i].is_equal || json_equal(b, a) != PAIRS[i].is_equal)
            fail_msg("%s and %s", PAIRS[i].a, PAIRS[i].b);
    }
    assert_true(json_equal(NULL, NULL));
}

static void trees_are_built_and_changed(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    cJSON *tree = json_new_object(arena), *list = json_new_array(arena);
    json_set(arena, tree, "b", json_new_bool(arena, true));
    json_set(arena, tree, "c", list);
    json_set_after(arena, tree, NULL, "a", json_new_string(arena, STR("x\"")));
    json_set_after(arena, tree, "b", "bb", json_new_bool(arena, false));
    json_set_after(arena, tree, "c", "d", json_new_null(arena));
    json_add(list, json_new_number(arena, STR("1.50")));
    json_add(list, json_new_object(arena));
    assert_string_equal(print(arena, tree).data,
                        "{\"a\":\"x\\\"\",\"b\":true,\"bb\":false,\"c\":[1.50,{}],\"d\":null}");
    json_set(arena, tree, "a", json_new_number(arena, STR("7")));
    json_set(arena, tree, "d", json_new_number(arena, STR("8")));
    json_set(arena, tree, "bb", json_new_number(arena, STR("9")));
    json_unlink(list, json_at(list, 0));
    json_set_text(arena, json_add(list, json_new_string(arena, STR("y"))), STR("z"));
    assert_non_null(json_remove(tree, "b"));
    assert_null(json_remove(tree, "b"));
    json_set_after(arena, tree, "d", "a", json_new_null(arena));
    assert_string_equal(print(arena, tree).data, "{\"bb\":9,\"c\":[{},\"z\"],\"d\":8,\"a\":null}");
    while (tree->child)
        json_unlink(tree, tree->child->prev);
    json_set(arena, tree, "e", json_new_bool(arena, true));
    assert_string_equal(print(arena, tree).data, "{\"e\":true}");
}

static void printing_a_tree_that_is_too_deep_is_marked(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    cJSON *tree = json_new_array(arena);
    struct buf out;
    for (int i = 0; i < JSON_MOST_TREE_DEPTH; i++) {
        cJSON *around = json_new_array(arena);
        json_add(around, tree);
        tree = around;
    }
    buf_init(&out, arena, MOST_PRINTED);
    json_print(&out, tree->child);
    assert_false(out.is_over);
    cJSON *around = json_new_array(arena);
    json_add(around, tree);
    json_print(&out, around);
    assert_true(out.is_over);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_takes_what_the_grammar_takes),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(reader_names_what_it_refuses_and_where),
        cmocka_unit_test(what_was_read_is_printed_alike),
        cmocka_unit_test(escapes_are_read),
        cmocka_unit_test(pretty_output_is_indented_by_two),
        cmocka_unit_test(every_value_knows_its_offset),
        cmocka_unit_test(many_keys_stay_linear_and_exact),
        cmocka_unit_test(accessors_answer_for_what_is_not_there),
        cmocka_unit_test(equality_ignores_key_order_alone),
        cmocka_unit_test(trees_are_built_and_changed),
        cmocka_unit_test(printing_a_tree_that_is_too_deep_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
