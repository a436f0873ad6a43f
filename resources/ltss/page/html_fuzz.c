/* html_fuzz.c - fuzz target: of a narrative only paragraphs of escaped text are left, and they are
 * well-formed. */
#include <assert.h>

#include "resources/base/arena.h"
#include "resources/ltss/page/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { MOST_GROWTH = 16 };

/* The only markup is <p> and </p>, in turn. */
static void check_markup(struct str text)
{
    bool is_open = false;
    for (size_t at = str_find(text, '<', 0); at < text.len; at = str_find(text, '<', at + 1)) {
        assert(str_starts(str_slice(text, at, text.len), is_open ? STR("</p>") : STR("<p>")));
        is_open = !is_open;
    }
    assert(!is_open);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct str div = { (const char *)bytes, size };
    struct buf out;
    buf_init(&out, arena, size * MOST_GROWTH + 64);
    html_narrative(&out, div);
    assert(!out.is_over);
    check_markup(buf_str(&out));
    return 0;
}
