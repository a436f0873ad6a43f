/* html_test.c - nothing of a record becomes markup. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/ltss/page/html.h"

static const struct {
    const char *div, *want, *claim;
} NARRATIVES[] = {
    { "<div><p>one</p><p>two</p></div>", "<p>one</p><p>two</p>", "a block is a paragraph" },
    { "<div>a<br/>b</div>", "<p>a</p><p>b</p>", "a break too" },
    { "<div>so <b>very</b> good</div>", "<p>so very good</p>", "other markup goes" },
    { "<div><script>alert(1)</script>x</div>", "<p>x</p>", "scripts go, with what they hold" },
    { "<div><style>p{}</style>x</div>", "<p>x</p>", "styles too" },
    { "<div><a href=\"javascript:alert(1)\" onclick='x>y'>z</a></div>", "<p>z</p>",
      "attributes go, whatever they hold" },
    { "<div><img src=x onerror=alert(1)>y</div>", "<p>y</p>", "broken markup too" },
    { "<div>1 &lt; 2 &amp; &#60;b&#62;</div>", "<p>1 &lt; 2 &amp; &#60;b&#62;</p>",
      "what is escaped stays so" },
    { "<div>&nbsp;a&bogus;b & c</div>",
      "<p>\xc2\xa0"
      "a&amp;bogus;b &amp; c</p>",
      "what XML does not know is text" },
    { "<div>&#0;&#x1;&#xD800;</div>", "<p>&amp;#0;&amp;#x1;&amp;#xD800;</p>",
      "a number that is no character is text" },
    { "<div>a<!-- <b>x --> b</div>", "<p>a b</p>", "comments go" },
    { "<div>a<", "<p>a</p>", "what breaks off breaks nothing" },
    { "a > b \" c", "<p>a &gt; b &quot; c</p>", "what is no markup is escaped" },
    { "", "", "nothing is nothing" },
};

static void a_narrative_becomes_its_text(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    (void)state;
    for (size_t i = 0; i < COUNT(NARRATIVES); i++) {
        struct buf out;
        buf_init(&out, arena, 4096);
        html_narrative(&out, str_of(NARRATIVES[i].div));
        if (!str_is(buf_str(&out), NARRATIVES[i].want))
            fail_msg("%s: " STR_FMT, NARRATIVES[i].claim, STR_ARG(buf_str(&out)));
    }
}

static void text_and_cells_are_escaped(void **state)
{
    static const char *const HEADERS[] = { "A", "B", NULL };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct buf out;
    struct str cells[] = { STR("<b>"), STR("") };
    (void)state;
    buf_init(&out, arena, 4096);
    html_table_begin(&out, "C", HEADERS);
    html_row(&out, cells, COUNT(cells));
    html_table_end(&out);
    html_line(&out, "L", STR("\"&'\x01"));
    html_line(&out, "none", STR(""));
    assert_string_equal(
        buf_str(&out).data,
        "<table><caption>C</caption><thead><tr><th scope=\"col\">A</th><th scope=\"col\">B</th>"
        "</tr></thead><tbody><tr><th scope=\"row\">&lt;b&gt;</th><td>\xe2\x80\x93</td></tr></tbody>"
        "</table><p><b>L:</b> &quot;&amp;'</p>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_narrative_becomes_its_text),
        cmocka_unit_test(text_and_cells_are_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
