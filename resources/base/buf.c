/* buf.c - growing a buffer inside an arena, never past its maximum. */
#include "resources/base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"

void buf_init(struct buf *buf, struct arena *arena, size_t most)
{
    *buf = (struct buf){ .arena = arena, .most = most };
}

static bool reserve(struct buf *buf, size_t more)
{
    if (buf->is_over || more > buf->most - buf->len) {
        buf->is_over = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need > buf->room) {
        size_t room = buf->room ? buf->room * 2 : 256;
        while (room < need)
            room *= 2;
        char *data = arena_alloc_raw(buf->arena, room);
        if (buf->len)
            memcpy(data, buf->data, buf->len);
        buf->data = data;
        buf->room = room;
    }
    return true;
}

void buf_add(struct buf *buf, struct str bytes)
{
    if (bytes.len == 0 || !reserve(buf, bytes.len))
        return;
    memcpy(buf->data + buf->len, bytes.data, bytes.len);
    buf->len += bytes.len;
}

void buf_add_char(struct buf *buf, char c)
{
    if (reserve(buf, 1))
        buf->data[buf->len++] = c;
}

void buf_add_number(struct buf *buf, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    buf_add(buf, (struct str){ digits + at, sizeof digits - at });
}

void buf_print(struct buf *buf, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    if (reserve(buf, (size_t)length)) {
        vsnprintf(buf->data + buf->len, (size_t)length + 1, format, again);
        buf->len += (size_t)length;
    }
    va_end(again);
}

static const char *escape_of(char c, char *space, size_t room)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        snprintf(space, room, "\\u%04x", (unsigned)(unsigned char)c);
        return space;
    }
}

/* Where the next byte stands that JSON has to escape, eight at a time while there are none: of each
 * byte the highest bit becomes set when it is below 0x20, a quote or a backslash (a byte above 0x7f
 * is none of them; a borrow can only mark a byte behind one that is marked itself). */
static size_t find_escape(struct str text, size_t from)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    for (; from + 8 <= text.len; from += 8) {
        uint64_t word;
        memcpy(&word, text.data + from, 8);
        uint64_t quotes = word ^ (ones * '"'), slashes = word ^ (ones * '\\');
        uint64_t marks = (word - ones * 0x20) | (quotes - ones) | (slashes - ones);
        if (marks & ~word & highs)
            break;
    }
    for (; from < text.len; from++) {
        unsigned char c = (unsigned char)text.data[from];
        if (c < 0x20 || c == '"' || c == '\\')
            break;
    }
    return from;
}

void buf_add_json(struct buf *buf, struct str text)
{
    size_t plain = 0;
    char space[8];
    for (size_t i = find_escape(text, 0); i < text.len; i = find_escape(text, i + 1)) {
        unsigned char c = (unsigned char)text.data[i];
        buf_add(buf, str_slice(text, plain, i));
        buf_add(buf, str_of(escape_of((char)c, space, sizeof space)));
        plain = i + 1;
    }
    buf_add(buf, str_slice(text, plain, text.len));
}

void buf_add_json_string(struct buf *buf, struct str text)
{
    buf_add_char(buf, '"');
    buf_add_json(buf, text);
    buf_add_char(buf, '"');
}

struct str buf_str(struct buf *buf)
{
    if (!buf->data && !reserve(buf, 0))
        return (struct str){ "", 0 };
    buf->data[buf->len] = '\0';
    return (struct str){ buf->data, buf->len };
}
