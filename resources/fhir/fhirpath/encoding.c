/* encoding.c - encode(), decode(), escape(), unescape() (FHIRPath N1 additions for strings). */
#include <utf8proc.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/functions.h"

#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
static const struct str STANDARD = { BASE64 "+/", 64 }, FOR_URLS = { BASE64 "-_", 64 },
                        HEX = { "0123456789abcdef", 16 };

static void add_base64(struct buf *out, struct str text, struct str alphabet)
{
    for (size_t i = 0; i < text.len; i += 3) {
        unsigned long group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < text.len ? (unsigned char)text.data[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_add_char(out, i + k > text.len ? '=' : alphabet.data[group >> (18 - 6 * k) & 63]);
    }
}

static bool read_base64(struct buf *out, struct str text, struct str alphabet)
{
    unsigned long group = 0;
    size_t bits = 0, digits = text.len;
    while (digits > 0 && text.data[digits - 1] == '=' && text.len - digits < 2)
        digits--;
    if (text.len % 4 != 0)
        return false;
    for (size_t i = 0; i < digits; i++) {
        size_t digit = str_find(alphabet, text.data[i], 0);
        if (digit == alphabet.len)
            return false;
        group = (group << 6 | digit) & 0xFFFFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            buf_add_char(out, (char)(group >> bits & 0xFF));
        }
    }
    return true;
}

static void add_hex(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        buf_add_char(out, HEX.data[(unsigned char)text.data[i] >> 4]);
        buf_add_char(out, HEX.data[(unsigned char)text.data[i] & 15]);
    }
}

static bool read_hex(struct buf *out, struct str text)
{
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        size_t digits[2];
        for (size_t k = 0; k < 2; k++) {
            char c = text.data[i + k];
            digits[k] = str_find(HEX, c >= 'A' && c <= 'F' ? (char)(c + 32) : c, 0);
        }
        if (digits[0] == HEX.len || digits[1] == HEX.len)
            return false;
        buf_add_char(out, (char)(digits[0] << 4 | digits[1]));
    }
    return text.len % 2 == 0;
}

static const struct {
    char character;
    const char *html, *json;
} ESCAPES[] = {
    { '&', "&amp;", NULL },    { '<', "&lt;", NULL },   { '>', "&gt;", NULL },
    { '"', "&quot;", "\\\"" }, { '\'', "&#39;", NULL }, { '\\', NULL, "\\\\" },
    { '\n', NULL, "\\n" },     { '\r', NULL, "\\r" },   { '\t', NULL, "\\t" },
    { '\f', NULL, "\\f" },     { '\b', NULL, "\\b" },
};

static const char *escape_of(size_t row, bool is_html)
{
    return is_html ? ESCAPES[row].html : ESCAPES[row].json;
}

static void add_escaped(struct buf *out, struct str text, bool is_html)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = NULL;
        for (size_t row = 0; row < COUNT(ESCAPES) && !escape; row++)
            if (ESCAPES[row].character == text.data[i])
                escape = escape_of(row, is_html);
        buf_add(out, escape ? str_of(escape) : str_slice(text, i, i + 1));
    }
}

static void add_unescaped(struct buf *out, struct str text, bool is_html)
{
    for (size_t i = 0; i < text.len;) {
        struct str rest = str_slice(text, i, text.len);
        size_t row = 0;
        while (row < COUNT(ESCAPES) &&
               !(escape_of(row, is_html) && str_starts(rest, str_of(escape_of(row, is_html)))))
            row++;
        buf_add_char(out, row < COUNT(ESCAPES) ? ESCAPES[row].character : text.data[i]);
        i += row < COUNT(ESCAPES) ? str_of(escape_of(row, is_html)).len : 1;
    }
}

/* Text that went through a code; nothing when it is not well formed or the code is unknown. */
static bool add_result(struct fhirpath_call *call, struct buf *result, bool is_known,
                       struct fhirpath_list *out)
{
    struct str text =
        result->is_over ? (struct str){ NULL, FHIRPATH_MOST_TEXT + 1 } : buf_str(result);
    return fhirpath_evaluate_text(call->run, call->item.text.len + text.len) &&
           (!is_known || fhirpath_items_add_string(call->run, out, text));
}

static bool apply_encode(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct buf result;
    buf_init(&result, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    bool is_url = str_is(call->texts[0], "urlbase64"), is_hex = str_is(call->texts[0], "hex");
    bool is_known = is_url || is_hex || str_is(call->texts[0], "base64");
    if (is_hex)
        add_hex(&result, call->item.text);
    else if (is_known)
        add_base64(&result, call->item.text, is_url ? FOR_URLS : STANDARD);
    return add_result(call, &result, is_known, out);
}

/* What was encoded may be anything; a string is UTF-8. */
static bool is_text(struct buf *bytes)
{
    struct str text = buf_str(bytes);
    utf8proc_int32_t code;
    for (size_t at = 0; at < text.len;) {
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                   (utf8proc_ssize_t)(text.len - at), &code);
        if (length <= 0 || code == 0)
            return false;
        at += (size_t)length;
    }
    return true;
}

static bool apply_decode(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct buf result;
    buf_init(&result, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    bool is_known = false, is_hex = str_is(call->texts[0], "hex");
    if (is_hex && call->item.text.len % 2 == 1)
        return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                      "decode('hex') works on pairs of digits");
    if (is_hex)
        is_known = read_hex(&result, call->item.text);
    else if (str_is(call->texts[0], "base64"))
        is_known = read_base64(&result, call->item.text, STANDARD);
    else if (str_is(call->texts[0], "urlbase64"))
        is_known = read_base64(&result, call->item.text, FOR_URLS);
    return add_result(call, &result, is_known && is_text(&result), out);
}

static bool add_escaping(struct fhirpath_call *call, void (*change)(struct buf *, struct str, bool),
                         struct fhirpath_list *out)
{
    struct buf result;
    buf_init(&result, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    bool is_html = str_is(call->texts[0], "html"),
         is_known = is_html || str_is(call->texts[0], "json");
    if (is_known)
        change(&result, call->item.text, is_html);
    return add_result(call, &result, is_known, out);
}

static bool apply_escape(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_escaping(call, add_escaped, out);
}

static bool apply_unescape(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_escaping(call, add_unescaped, out);
}

const struct fhirpath_function fhirpath_encoding_functions[] = {
    { "encode", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_encode, false },
    { "decode", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_decode, false },
    { "escape", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_escape, false },
    { "unescape", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_unescape, false },
    { .name = NULL },
};
