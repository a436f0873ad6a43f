/* scan.c - the RFC 8259 grammar, byte by byte, with eight at a time inside strings and indentation.
 */
#include "resources/fhir/json/scan.h"

#include <endian.h>
#include <string.h>

#include "resources/base/arena.h"

/* One run over a text. Every function below leaves `at` behind what it took, or at the fault. */
struct scan {
    const char *begin, *at, *end;
    bool is_fhir;                 /* U+0000 and lone surrogates are faults too */
    struct json_offsets *offsets; /* the chunk being filled; NULL: not wanted */
    struct arena *arena;
    char open[JSON_MOST_DEPTH]; /* '{' or '[' of each level */
    int depth;
    const char *reason;
    enum issue_id id;
};

static const uint64_t EACH = 0x0101010101010101u;

static bool fail(struct scan *scan, const char *reason)
{
    scan->reason = scan->at == scan->end ? "the text ends too early" : reason;
    scan->id = ISSUE_JSON_SYNTAX;
    return false;
}

/* NUL at the end: it is valid nowhere outside, so no caller needs to ask twice. */
static char peek(const struct scan *scan)
{
    return scan->at < scan->end ? *scan->at : '\0';
}

static uint64_t load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

static void skip_space(struct scan *scan)
{
    const char *at = scan->at, *end = scan->end;
    for (; at < end && (unsigned char)*at <= ' '; at++) {
        while (end - at > 8 && load(at) == EACH * ' ')
            at += 8;
        if (*at != ' ' && *at != '\n' && *at != '\r' && *at != '\t')
            break;
    }
    scan->at = at;
}

/* Marks the top bit of each byte that ends a plain run: a quote, a backslash, a control character,
 * or a byte of a longer UTF-8 sequence. Exact up to the lowest mark, which is the one that counts.
 */
static uint64_t plain_ends(uint64_t word)
{
    uint64_t quote = word ^ (EACH * '"'), slash = word ^ (EACH * '\\');
    uint64_t zero =
        ((quote - EACH) & ~quote) | ((slash - EACH) & ~slash) | ((word - EACH * 0x20) & ~word);
    return (zero | word) & (EACH * 0x80);
}

static const char *skip_plain(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t ends = plain_ends(load(at));
        if (ends)
            return at + __builtin_ctzll(ends) / 8;
        at += 8;
    }
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' &&
           *at != '\\')
        at++;
    return at;
}

/* Well-formed sequences by their first byte, and the range of the second (Unicode 15, table 3-7):
 * so overlong forms, surrogates and what lies beyond U+10FFFF are out. */
static const struct utf8_form {
    unsigned char first, last, second_least, second_most, length;
} UTF8_FORMS[] = {
    { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
    { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 },
    { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static bool take_utf8(struct scan *scan)
{
    const unsigned char *at = (const unsigned char *)scan->at;
    size_t left = (size_t)(scan->end - scan->at);
    for (size_t i = 0; i < COUNT(UTF8_FORMS); i++) {
        const struct utf8_form *form = &UTF8_FORMS[i];
        if (*at < form->first || *at > form->last)
            continue;
        if (left < form->length || at[1] < form->second_least || at[1] > form->second_most)
            break;
        for (size_t n = 2; n < form->length; n++)
            if ((at[n] & 0xc0) != 0x80)
                return fail(scan, "the bytes are not UTF-8");
        scan->at += form->length;
        return true;
    }
    return fail(scan, "the bytes are not UTF-8");
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits behind \u. */
static bool take_hex4(struct scan *scan, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, scan->at++) {
        int digit = hex_value(peek(scan));
        if (digit < 0)
            return fail(scan, "\\u needs four hexadecimal digits");
        *unit = *unit * 16 + (unsigned)digit;
    }
    return true;
}

/* RFC 8259 lets any \u escape pass; a tree of C strings and UTF-8 cannot hold these two. `escape`
 * is where the first backslash stands. */
static bool check_unit(struct scan *scan, const char *escape, unsigned unit)
{
    if (unit == 0) {
        scan->at = escape;
        fail(scan, "\\u0000 can not be stored");
        scan->id = ISSUE_JSON_NUL;
        return false;
    }
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    unsigned low = 0;
    bool is_high =
        unit < 0xdc00 && scan->end - scan->at >= 2 && scan->at[0] == '\\' && scan->at[1] == 'u';
    if (is_high) {
        scan->at += 2;
        if (!take_hex4(scan, &low))
            return false;
    }
    if (low >= 0xdc00 && low <= 0xdfff)
        return true;
    scan->at = escape;
    return fail(scan, "half of a surrogate pair");
}

static bool take_escape(struct scan *scan)
{
    const char *escape = scan->at++;
    unsigned unit;
    switch (peek(scan)) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        scan->at++;
        return true;
    case 'u':
        scan->at++;
        return take_hex4(scan, &unit) && (!scan->is_fhir || check_unit(scan, escape, unit));
    default:
        return fail(scan, "there is no such escape");
    }
}

/* `at` stands on the opening quote. */
static bool take_string(struct scan *scan)
{
    scan->at++;
    for (;;) {
        scan->at = skip_plain(scan->at, scan->end);
        unsigned char c = (unsigned char)peek(scan);
        if (c == '"') {
            scan->at++;
            return true;
        }
        if (c < 0x20)
            return fail(scan, "a control character in a string must be escaped");
        if (!(c == '\\' ? take_escape(scan) : take_utf8(scan)))
            return false;
    }
}

static bool take_digits(struct scan *scan)
{
    const char *first = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return scan->at > first || fail(scan, "a digit is expected");
}

static bool take_number(struct scan *scan)
{
    if (*scan->at == '-')
        scan->at++;
    if (peek(scan) == '0') {
        scan->at++;
        if (peek(scan) >= '0' && peek(scan) <= '9')
            return fail(scan, "a number may not begin with 0");
    } else if (!take_digits(scan)) {
        return false;
    }
    if (peek(scan) == '.') {
        scan->at++;
        if (!take_digits(scan))
            return false;
    }
    if (peek(scan) != 'e' && peek(scan) != 'E')
        return true;
    scan->at++;
    if (peek(scan) == '+' || peek(scan) == '-')
        scan->at++;
    return take_digits(scan);
}

static bool take_word(struct scan *scan, const char *word)
{
    for (; *word; word++, scan->at++)
        if (peek(scan) != *word)
            return fail(scan, "a value is expected");
    return true;
}

static bool take_scalar(struct scan *scan)
{
    char c = peek(scan);
    if (c == '"')
        return take_string(scan);
    if (c == '-' || (c >= '0' && c <= '9'))
        return take_number(scan);
    if (c == 't')
        return take_word(scan, "true");
    if (c == 'f')
        return take_word(scan, "false");
    if (c == 'n')
        return take_word(scan, "null");
    return fail(scan, "a value is expected");
}

static bool take_key(struct scan *scan)
{
    skip_space(scan);
    if (peek(scan) != '"')
        return fail(scan, "a property name in quotes is expected");
    if (!take_string(scan))
        return false;
    skip_space(scan);
    if (peek(scan) != ':')
        return fail(scan, "':' is expected");
    scan->at++;
    return true;
}

static void note_offset(struct scan *scan)
{
    if (!scan->offsets)
        return;
    if (scan->offsets->count == JSON_OFFSETS_A_CHUNK) {
        struct json_offsets *chunk = arena_alloc_raw(scan->arena, sizeof *chunk);
        chunk->next = NULL;
        chunk->count = 0;
        scan->offsets->next = chunk;
        scan->offsets = chunk;
    }
    scan->offsets->at[scan->offsets->count++] = (uint32_t)(scan->at - scan->begin);
}

static char closer(const struct scan *scan)
{
    return scan->open[scan->depth - 1] == '{' ? '}' : ']';
}

/* Opens an object or array; *is_empty when it closed at once. */
static bool take_open(struct scan *scan, bool *is_empty)
{
    if (scan->depth == JSON_MOST_DEPTH) {
        fail(scan, "nested too deeply");
        scan->id = ISSUE_TOO_DEEP;
        return false;
    }
    scan->open[scan->depth++] = *scan->at++;
    skip_space(scan);
    *is_empty = peek(scan) == closer(scan);
    return *is_empty || closer(scan) == ']' || take_key(scan);
}

/* Behind a value: closes what ends here. Afterwards a value is due (*is_done false), or the text is
 * over. */
static bool take_after(struct scan *scan, bool *is_done)
{
    for (;;) {
        skip_space(scan);
        *is_done = scan->depth == 0;
        if (*is_done)
            return scan->at == scan->end || fail(scan, "nothing may follow the value");
        char c = peek(scan), close = closer(scan);
        if (c != close && c != ',')
            return fail(scan, close == '}' ? "',' or '}' is expected" : "',' or ']' is expected");
        scan->at++;
        if (c == ',')
            return close == ']' || take_key(scan);
        scan->depth--;
    }
}

static bool scan_text(struct scan *scan)
{
    bool is_done = false;
    if (scan->end - scan->begin >= 3 && memcmp(scan->begin, "\xef\xbb\xbf", 3) == 0)
        return fail(scan, "a byte order mark may not stand here");
    while (!is_done) {
        skip_space(scan);
        note_offset(scan);
        char c = peek(scan);
        bool is_open = c == '{' || c == '[', is_empty = true;
        if (!(is_open ? take_open(scan, &is_empty) : take_scalar(scan)))
            return false;
        if (is_empty && !take_after(scan, &is_done))
            return false;
    }
    return true;
}

static bool scan_run(struct scan *scan, struct str text, struct json_error *error)
{
    scan->begin = scan->at = text.data ? text.data : "";
    scan->end = scan->begin + text.len;
    scan->depth = 0;
    if (scan_text(scan))
        return true;
    *error = (struct json_error){ (size_t)(scan->at - scan->begin), scan->reason };
    return false;
}

bool json_scan(struct str text, struct json_error *error)
{
    struct scan scan;
    scan.is_fhir = false;
    scan.offsets = NULL;
    return scan_run(&scan, text, error);
}

bool json_scan_fhir(struct str text, struct json_offsets **offsets, enum issue_id *id,
                    struct json_error *error, struct arena *arena)
{
    struct scan scan;
    scan.is_fhir = true;
    scan.arena = arena;
    scan.offsets = *offsets = arena_alloc_raw(arena, sizeof **offsets);
    scan.offsets->next = NULL;
    scan.offsets->count = 0;
    if (scan_run(&scan, text, error))
        return true;
    *id = scan.id;
    return false;
}

size_t json_scan_number_end(struct str text, size_t at)
{
    for (; at < text.len; at++) {
        char c = text.data[at];
        if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E')
            break;
    }
    return at;
}
