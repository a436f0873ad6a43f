/* str.c - comparing, cutting and copying borrowed strings. */
#include "resources/base/str.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"

int str_compare(struct str a, struct str b)
{
    size_t least = a.len < b.len ? a.len : b.len;
    int order = least ? memcmp(a.data, b.data, least) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.data[0]))
        s = str_slice(s, 1, s.len);
    while (s.len && is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}

struct str str_head(struct str s, size_t most)
{
    if (s.len <= most)
        return s;
    while (most > 0 && ((unsigned char)s.data[most] & 0xc0) == 0x80)
        most--;
    return str_slice(s, 0, most);
}

size_t str_find(struct str s, char c, size_t from)
{
    if (from >= s.len)
        return s.len;
    const char *at = memchr(s.data + from, c, s.len - from);
    return at ? (size_t)(at - s.data) : s.len;
}

size_t str_find_str(struct str s, struct str part, size_t from)
{
    if (from >= s.len || part.len == 0)
        return from >= s.len ? s.len : from;
    const char *at = memmem(s.data + from, s.len - from, part.data, part.len);
    return at ? (size_t)(at - s.data) : s.len;
}

struct str str_cut(struct str *rest, char separator)
{
    size_t at = str_find(*rest, separator, 0);
    struct str head = str_slice(*rest, 0, at);
    *rest = at < rest->len ? str_slice(*rest, at + 1, rest->len) : (struct str){ NULL, 0 };
    return head;
}

bool str_to_u64(uint64_t *value, struct str s)
{
    uint64_t sum = 0;
    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (c < '0' || c > '9' || sum > (UINT64_MAX - (uint64_t)(c - '0')) / 10)
            return false;
        sum = sum * 10 + (uint64_t)(c - '0');
    }
    *value = sum;
    return true;
}

bool str_to_int(int *value, struct str s)
{
    uint64_t wide;
    if (!str_to_u64(&wide, s) || wide > INT_MAX)
        return false;
    *value = (int)wide;
    return true;
}

char *str_cstr(struct arena *arena, struct str s)
{
    char *copy = arena_alloc_raw(arena, s.len + 1);
    if (s.len)
        memcpy(copy, s.data, s.len);
    copy[s.len] = '\0';
    return copy;
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){ str_cstr(arena, s), s.len };
}

struct str str_print(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    char *text = arena_alloc_raw(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return (struct str){ text, (size_t)length };
}
