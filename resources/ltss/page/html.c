/* html.c - escaping, tables, and narratives without their markup. */
#include "resources/ltss/page/html.h"

void html_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '<')
            buf_add(out, STR("&lt;"));
        else if (c == '>')
            buf_add(out, STR("&gt;"));
        else if (c == '&')
            buf_add(out, STR("&amp;"));
        else if (c == '"')
            buf_add(out, STR("&quot;"));
        else if (c >= ' ' || c == '\t' || c == '\n' || c == '\r') /* XML takes no others */
            buf_add_char(out, (char)c);
    }
}

void html_line(struct buf *out, const char *label, struct str text)
{
    if (!text.len)
        return;
    buf_print(out, "<p><b>%s:</b> ", label);
    html_text(out, text);
    buf_add(out, STR("</p>"));
}

void html_table_begin(struct buf *out, const char *caption, const char *const *headers)
{
    buf_print(out, "<table><caption>%s</caption><thead><tr>", caption);
    for (; *headers; headers++)
        buf_print(out, "<th scope=\"col\">%s</th>", *headers);
    buf_add(out, STR("</tr></thead><tbody>"));
}

void html_row(struct buf *out, const struct str *cells, size_t count)
{
    buf_add(out, STR("<tr>"));
    for (size_t i = 0; i < count; i++) {
        buf_add(out, i ? STR("<td>") : STR("<th scope=\"row\">"));
        html_text(out, cells[i].len ? cells[i] : STR("\xe2\x80\x93"));
        buf_add(out, i ? STR("</td>") : STR("</th>"));
    }
    buf_add(out, STR("</tr>"));
}

void html_table_end(struct buf *out)
{
    buf_add(out, STR("</tbody></table>"));
}

static bool is_word(struct str tag, const char *const *words)
{
    size_t end = 0;
    if (tag.len && tag.data[0] == '/')
        tag = str_slice(tag, 1, tag.len);
    while (end < tag.len && ((tag.data[end] >= 'a' && tag.data[end] <= 'z') ||
                             (tag.data[end] >= '0' && tag.data[end] <= '9')))
        end++;
    for (; *words; words++)
        if (str_is(str_slice(tag, 0, end), *words))
            return true;
    return false;
}

static bool is_block(struct str tag)
{
    static const char *const BLOCKS[] = { "p",  "div", "li", "tr", "br", "h1", "h2",    "h3", "h4",
                                          "h5", "h6",  "dt", "dd", "ul", "ol", "table", NULL };
    return is_word(tag, BLOCKS);
}

/* Where the tag or comment that begins here ends: behind its '>', outside of quotes. */
static size_t end_of_tag(struct str div, size_t at)
{
    char quote = 0;
    if (str_starts(str_slice(div, at, div.len), STR("<!--"))) {
        size_t end = str_find_str(div, STR("-->"), at);
        return end < div.len ? end + 3 : div.len;
    }
    for (; at < div.len; at++) {
        char c = div.data[at];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return at + 1;
    }
    return div.len;
}

/* Whether "#65" or "#x41" is a character that XML takes. */
static bool is_number(struct str name)
{
    bool is_hex = name.len > 2 && name.data[1] == 'x';
    unsigned long value = 0;
    for (size_t i = is_hex ? 2 : 1; i < name.len; i++) {
        char c = name.data[i];
        int digit = c >= '0' && c <= '9'             ? c - '0'
                    : is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : is_hex && c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                     : -1;
        if (digit < 0 || i > 8)
            return false;
        value = value * (is_hex ? 16 : 10) + (unsigned long)digit;
    }
    return name.len > 1 && name.data[0] == '#' && value >= 0x20 && value <= 0x10ffff &&
           (value < 0xd800 || value > 0xdfff) && value != 0xfffe && value != 0xffff;
}

/* What XML knows stays, a space that is hard is one; anything else is text. */
static size_t add_entity(struct buf *out, struct str div, size_t at)
{
    static const char *const KNOWN[] = { "lt", "gt", "amp", "quot", "apos" };
    size_t end = str_find(div, ';', at);
    struct str name = str_slice(div, at + 1, end);
    bool is_known = end < div.len && is_number(name);
    for (size_t i = 0; i < COUNT(KNOWN); i++)
        is_known |= end < div.len && str_is(name, KNOWN[i]);
    if (is_known)
        buf_add(out, str_slice(div, at, end + 1));
    else if (end < div.len && str_is(name, "nbsp"))
        buf_add(out, STR("\xc2\xa0"));
    else
        buf_add(out, STR("&amp;"));
    return is_known || (end < div.len && str_is(name, "nbsp")) ? end + 1 : at + 1;
}

/* The content of these is no text for a reader. */
static bool is_unread(struct str tag)
{
    static const char *const UNREAD[] = { "script", "style", "title", NULL };
    return tag.len && tag.data[0] != '/' && is_word(tag, UNREAD);
}

static size_t skip_unread(struct str div, size_t at)
{
    size_t end = str_find_str(div, STR("</"), at);
    return end < div.len ? end_of_tag(div, end) : div.len;
}

void html_narrative(struct buf *out, struct str div)
{
    bool is_open = false;
    for (size_t i = 0; i < div.len;) {
        char c = div.data[i];
        if (c == '<') {
            size_t end = end_of_tag(div, i);
            struct str tag = str_slice(div, i + 1, end);
            if (is_block(tag) && is_open) {
                buf_add(out, STR("</p>"));
                is_open = false;
            }
            i = is_unread(tag) ? skip_unread(div, end) : end;
            continue;
        }
        if (!is_open && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) {
            i++;
            continue;
        }
        if (!is_open)
            buf_add(out, STR("<p>"));
        is_open = true;
        if (c == '&') {
            i = add_entity(out, div, i);
        } else {
            html_text(out, str_slice(div, i, i + 1));
            i++;
        }
    }
    if (is_open)
        buf_add(out, STR("</p>"));
}
