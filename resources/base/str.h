/* str.h - a borrowed run of bytes with its length; text is UTF-8. */
#ifndef RESOURCES_BASE_STR_H
#define RESOURCES_BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

/* Borrows: whoever made the bytes owns them. data may be NULL only when len is 0. Not
 * NUL-terminated unless a function says so. */
struct str {
    const char *data;
    size_t len;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)((s).len), ((s).data ? (s).data : "")
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* These are asked everywhere and often: they are worth their place in each caller. */
/* NULL gives the empty string. */
static inline struct str str_of(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}
static inline bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
static inline bool str_is(struct str s, const char *text)
{
    return str_equal(s, str_of(text));
}
/* <0, 0, >0 by bytes. */
int str_compare(struct str a, struct str b);
static inline bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && (!prefix.len || memcmp(s.data, prefix.data, prefix.len) == 0);
}
bool str_ends(struct str s, struct str suffix);
/* Bytes [begin, end), clamped to the string. */
static inline struct str str_slice(struct str s, size_t begin, size_t end)
{
    end = end < s.len ? end : s.len;
    return begin < end ? (struct str){ s.data + begin, end - begin } : (struct str){ s.data, 0 };
}
struct str str_trim(struct str s);
/* The first bytes, at most `most`, without cutting a UTF-8 character in two. */
struct str str_head(struct str s, size_t most);
/* Index of the first c at or after from, or s.len. */
size_t str_find(struct str s, char c, size_t from);
size_t str_find_str(struct str s, struct str part, size_t from);
/* Cuts *rest at the first separator: returns what stood before it, leaves the rest behind it (empty
 * with data NULL when there was none). */
struct str str_cut(struct str *rest, char separator);
/* Decimal digits only, no sign, no overflow; else false and *value is left alone. */
bool str_to_int(int *value, struct str s);
bool str_to_u64(uint64_t *value, struct str s);
/* Copies, NUL-terminated. */
struct str str_copy(struct arena *arena, struct str s);
char *str_cstr(struct arena *arena, struct str s);
struct str str_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
#endif
