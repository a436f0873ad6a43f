/* xhtml_test.c - the markup of narratives: what is well-formed, allowed, and worth reading. */
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"

#include "resources/fhir/narrative/xhtml.h"

static void reads_markup(void **state)
{
    static const struct {
        const char *text;
        bool is_well_formed, is_allowed, has_text;
    } ROWS[] = {
        { "<div>a</div>", true, true, true },
        { " <div><p>a<br/>b</p></div>\n", true, true, true },
        { "<div><img src=\"a.png\" alt='x'/></div>", true, true, true },
        { "<div>&#160;&amp;</div>", true, true, true },
        { "<div><!-- a < b --></div>", true, true, false },
        { "<div> </div>", true, true, false },
        { "<div/>", true, true, false },
        { "<div><script>a</script></div>", true, false, true },
        { "<div><p onload=\"a\">a</p></div>", true, false, true },
        { "<div><a href=\" javascript:a()\">a</a></div>", true, false, true },
        { "<div><table summary='x'><tr><td colspan='2'>a</td></tr></table></div>", true, true,
          true },
        { "<div xml:lang='en'><pre xml:space='preserve'>a</pre></div>", true, true, true },
        { "<div><p colspan='2'>a</p></div>", true, false, true },
        { "<div><p data-x='2'>a</p></div>", true, false, true },
        { "<div><p href='a'>a</p></div>", true, false, true },
        { "<div><p>a</div></p>", false, true, true },
        { "<div><p>a</div>", false, true, true },
        { "<p>a</p>", false, true, false },
        { "a", false, true, false },
        { "", false, true, false },
        { "<div>a</div><div>b</div>", false, true, true },
        { "<div a>b</div>", false, true, false },
        { "<div a=b>b</div>", false, true, false },
        { "<div a=\"<\">b</div>", false, true, false },
        { "<div a=\"b", false, true, false },
        { "<div>a & b</div>", false, true, true },
        { "<div>&verylongentityname;</div>", false, true, false },
        { "<!DOCTYPE a><div>a</div>", false, true, false },
        { "<div><![CDATA[a]]></div>", false, true, false },
        { "<div><!-- a</div>", false, true, false },
        { "<div", false, true, false },
        { "<div>a</div", false, true, true },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        bool is_allowed, has_text;
        const char *fault = xhtml_scan(str_of(ROWS[i].text), &is_allowed, &has_text);
        if ((fault == NULL) != ROWS[i].is_well_formed || is_allowed != ROWS[i].is_allowed ||
            has_text != ROWS[i].has_text)
            fail_msg("%s: %s, allowed %d, text %d", ROWS[i].text, fault ? fault : "well-formed",
                     is_allowed, has_text);
    }
}

static void append(void *context, struct str id)
{
    struct buf *all = context;
    buf_add(all, id);
    buf_add_char(all, ' ');
}

static void finds_ids(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf all;
    buf_init(&all, arena, 100);
    xhtml_ids(STR("<div id='a'><p class='x' id=\"b\">c</p><p id='b'/><br id='broken>"), append,
              &all);
    assert_true(str_is(buf_str(&all), "a b b "));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_markup),
                                        cmocka_unit_test(finds_ids) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
