/* text.c - escaping, and the characters that XML leaves out. */
#include "resources/fhir/xml/text.h"

/* What stands for a byte; a table, as most bytes stand for themselves. */
static const struct str ESCAPES[256] = {
    ['&'] = { "&amp;", 5 },  ['<'] = { "&lt;", 4 },  ['>'] = { "&gt;", 4 },
    ['"'] = { "&quot;", 6 }, ['\t'] = { "&#9;", 4 }, ['\n'] = { "&#10;", 5 },
    ['\r'] = { "&#13;", 5 }
};

void xml_text_escape(struct buf *out, struct str text)
{
    size_t begin = 0;
    for (size_t i = 0; i < text.len; i++) {
        const struct str *escape = &ESCAPES[(unsigned char)text.data[i]];
        if (!escape->len)
            continue;
        buf_add(out, str_slice(text, begin, i));
        buf_add(out, *escape);
        begin = i + 1;
    }
    buf_add(out, str_slice(text, begin, text.len));
}

uint32_t xml_text_find_foreign(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return c;
        if (c == 0xEF && i + 2 < text.len && (unsigned char)text.data[i + 1] == 0xBF &&
            (unsigned char)text.data[i + 2] >= 0xBE)
            return 0xFFC0u + (unsigned char)text.data[i + 2] - 0x80u;
    }
    return 0;
}
