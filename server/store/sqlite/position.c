/* position.c - typed values as text: n, i1, r0x1p0, t3:abc; each ends with a semicolon.
 * Keys count what others have written too, so that a whole number has twenty characters: the length
 * of a sealed position tells nothing. */
#include "server/store/sqlite/position.h"

#include <errno.h>
#include <stdlib.h>

#include "resources/base/arena.h"

enum { MOST_POSITION = 1 << 20, MOST_NUMBER = 40 };

struct str position_write(sqlite3_stmt *row, int from, size_t count, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, MOST_POSITION);
    for (int i = from; i < from + (int)count; i++) {
        struct str value = { NULL, 0 };
        switch (sqlite3_column_type(row, i)) {
        case SQLITE_NULL:
            buf_add(&text, STR("n;"));
            break;
        case SQLITE_INTEGER:
            buf_print(&text, "i%020lld;", (long long)sqlite3_column_int64(row, i));
            break;
        case SQLITE_FLOAT:
            buf_print(&text, "r%a;", sqlite3_column_double(row, i));
            break;
        default:
            value = db_column(row, i);
            buf_print(&text, "t%zu:", value.len);
            buf_add(&text, value);
            buf_add_char(&text, ';');
            break;
        }
    }
    return buf_str(&text);
}

/* The text up to the end mark as a number; room for strtoll, which wants a NUL. */
static bool read_number(struct render_bind *value, char type, struct str text)
{
    char digits[MOST_NUMBER + 1] = { 0 }, *end;
    if (!text.len || text.len > MOST_NUMBER || text.data[0] == ' ')
        return false;
    for (size_t i = 0; i < text.len; i++)
        digits[i] = text.data[i];
    errno = 0;
    value->type = type == 'i' ? RENDER_INTEGER : RENDER_REAL;
    if (type == 'i')
        value->integer = strtoll(digits, &end, 10);
    else
        value->real = strtod(digits, &end);
    return !errno && end == digits + text.len;
}

static bool read_value(struct render_bind *value, struct str *rest)
{
    *value = (struct render_bind){ .type = RENDER_NULL };
    if (!rest->len)
        return false;
    char type = rest->data[0];
    *rest = str_slice(*rest, 1, rest->len);
    if (type == 't') {
        uint64_t len;
        struct str digits = str_cut(rest, ':');
        if (!str_to_u64(&len, digits) || len >= rest->len || rest->data[len] != ';')
            return false;
        value->type = RENDER_TEXT;
        value->text = str_slice(*rest, 0, len);
        *rest = str_slice(*rest, len + 1, rest->len);
        return true;
    }
    size_t end = str_find(*rest, ';', 0);
    if (end == rest->len)
        return false;
    struct str digits = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    return type == 'n' ? digits.len == 0
                       : (type == 'i' || type == 'r') && read_number(value, type, digits);
}

bool position_read(struct render_bind *values, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (!read_value(&values[i], &text))
            return false;
    return text.len == 0;
}
