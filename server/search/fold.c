/* fold.c - compatibility decomposition without marks, case folding, and what Unicode does not
 * decompose. */
#include "server/search/fold.h"

#include <utf8proc.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"

/* Letters that are one code point of their own, and marks that are typed in several ways; in the
 * order of their code points, after case folding. */
static const struct {
    utf8proc_int32_t from;
    const char *to;
} LETTERS[] = {
    { 0x00a0, " " },  { 0x00e6, "ae" }, { 0x00f0, "d" }, { 0x00f8, "o" }, { 0x00fe, "th" },
    { 0x0111, "d" },  { 0x0127, "h" },  { 0x0131, "i" }, { 0x0138, "k" }, { 0x0142, "l" },
    { 0x014b, "n" },  { 0x0153, "oe" }, { 0x0167, "t" }, { 0x0180, "b" }, { 0x0188, "c" },
    { 0x018c, "d" },  { 0x0192, "f" },  { 0x0199, "k" }, { 0x019a, "l" }, { 0x019e, "n" },
    { 0x01a5, "p" },  { 0x01ad, "t" },  { 0x01b4, "y" }, { 0x01b6, "z" }, { 0x01e5, "g" },
    { 0x0225, "z" },  { 0x023c, "c" },  { 0x0247, "e" }, { 0x0249, "j" }, { 0x024d, "r" },
    { 0x024f, "y" },  { 0x0253, "b" },  { 0x0256, "d" }, { 0x0257, "d" }, { 0x0260, "g" },
    { 0x0268, "i" },  { 0x026b, "l" },  { 0x0289, "u" }, { 0x028b, "v" }, { 0x02bb, "'" },
    { 0x02bc, "'" },  { 0x2010, "-" },  { 0x2011, "-" }, { 0x2012, "-" }, { 0x2013, "-" },
    { 0x2014, "-" },  { 0x2015, "-" },  { 0x2018, "'" }, { 0x2019, "'" }, { 0x201c, "\"" },
    { 0x201d, "\"" },
};
enum {
    GROWS_TO = 4,
    OPTIONS = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
              UTF8PROC_IGNORE | UTF8PROC_STABLE
};

static const char *replacement(utf8proc_int32_t letter)
{
    size_t low = 0, high = COUNT(LETTERS);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (LETTERS[middle].from == letter)
            return LETTERS[middle].to;
        if (LETTERS[middle].from < letter)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_blank(utf8proc_int32_t letter)
{
    utf8proc_category_t category = utf8proc_category(letter);
    return letter <= ' ' || letter == 0x7f || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

/* Adds a letter; blanks only between words. */
static void add_letter(struct buf *out, utf8proc_int32_t letter, bool *is_gap)
{
    utf8proc_uint8_t bytes[4];
    if (is_blank(letter)) {
        *is_gap = true;
        return;
    }
    if (*is_gap && out->len)
        buf_add_char(out, ' ');
    *is_gap = false;
    const char *other = replacement(letter);
    if (other)
        buf_add(out, str_of(other));
    else
        buf_add(out,
                (struct str){ (const char *)bytes, (size_t)utf8proc_encode_char(letter, bytes) });
}

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

static struct str fold_ascii(struct str text, struct arena *arena)
{
    char *out = arena_alloc_raw(arena, text.len + 1);
    size_t len = 0;
    bool is_gap = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c <= ' ' || c == 0x7f) {
            is_gap = true;
            continue;
        }
        if (is_gap && len)
            out[len++] = ' ';
        is_gap = false;
        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    out[len] = '\0';
    return (struct str){ out, len };
}

struct str search_fold(struct str text, struct arena *arena)
{
    if (is_ascii(text))
        return fold_ascii(text, arena);
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
    utf8proc_ssize_t room = utf8proc_decompose(bytes, len, NULL, 0, (utf8proc_option_t)OPTIONS);
    if (room < 0)
        return (struct str){ NULL, 0 };
    utf8proc_int32_t *letters = arena_array(arena, (size_t)room + 1, sizeof *letters);
    room = utf8proc_decompose(bytes, len, letters, room, (utf8proc_option_t)OPTIONS);
    struct buf out;
    bool is_gap = false;
    buf_init(&out, arena, (size_t)room * GROWS_TO + 1);
    for (utf8proc_ssize_t i = 0; i < room; i++)
        add_letter(&out, letters[i], &is_gap);
    return buf_str(&out);
}

bool search_fold_is_utf8(struct str text)
{
    utf8proc_int32_t letter;
    for (size_t at = 0; at < text.len;) {
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                 (utf8proc_ssize_t)(text.len - at), &letter);
        if (step <= 0)
            return false;
        at += (size_t)step;
    }
    return true;
}
