/* text.c - string functions, by code point (FHIRPath N1 5.6). */
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/functions.h"

#include <utf8proc.h>

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Characters in the first `bytes` bytes. */
static int64_t count_characters(struct str text, size_t bytes)
{
    int64_t count = 0;
    for (size_t i = 0; i < bytes; i++)
        count += !is_continuation(text.data[i]);
    return count;
}

/* Byte at which a character begins; the end of the text when there are not so many. */
static size_t byte_of(struct str text, int64_t character)
{
    size_t at = 0;
    for (; at < text.len; at++)
        if (!is_continuation(text.data[at]) && character-- == 0)
            break;
    return at;
}

static struct str input_text(struct fhirpath_call *call)
{
    return call->item.text;
}

static bool apply_index_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call);
    if (!fhirpath_evaluate_text(call->run, text.len))
        return false;
    size_t at = call->texts[0].len ? str_find_str(text, call->texts[0], 0) : 0;
    bool is_found = at < text.len || call->texts[0].len == 0;
    return fhirpath_items_add_integer(call->run, out, is_found ? count_characters(text, at) : -1);
}

static bool apply_last_index_of(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call), part = call->texts[0];
    int64_t found = -1;
    if (!fhirpath_evaluate_text(call->run, text.len))
        return false;
    for (size_t at = text.len + 1; at-- > 0 && found < 0;)
        if (str_starts(str_slice(text, at, text.len), part))
            found = count_characters(text, at);
    return fhirpath_items_add_integer(call->run, out, found);
}

static bool apply_substring(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call);
    int64_t start = call->numbers[0], length = call->count > 1 ? call->numbers[1] : INT32_MAX;
    if (!fhirpath_evaluate_text(call->run, text.len))
        return false;
    if (start < 0 || start >= count_characters(text, text.len))
        return true;
    struct str rest = str_slice(text, byte_of(text, start), text.len);
    return fhirpath_items_add_string(call->run, out,
                                     str_slice(rest, 0, length > 0 ? byte_of(rest, length) : 0));
}

static bool apply_starts_with(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_boolean(call->run, out, str_starts(input_text(call), call->texts[0]));
}

static bool apply_ends_with(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_boolean(call->run, out, str_ends(input_text(call), call->texts[0]));
}

static bool apply_contains(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call), part = call->texts[0];
    return fhirpath_evaluate_text(call->run, text.len) &&
           fhirpath_items_add_boolean(call->run, out,
                                      part.len == 0 || str_find_str(text, part, 0) < text.len);
}

/* Each character through `change`. */
static bool add_changed(struct fhirpath_call *call, utf8proc_int32_t (*change)(utf8proc_int32_t),
                        struct fhirpath_list *out)
{
    struct str text = input_text(call);
    struct buf changed;
    if (!fhirpath_evaluate_text(call->run, text.len))
        return false;
    buf_init(&changed, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    for (size_t at = 0; at < text.len;) {
        utf8proc_int32_t code;
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                   (utf8proc_ssize_t)(text.len - at), &code);
        if (length <= 0) {
            buf_add_char(&changed, text.data[at++]);
            continue;
        }
        at += (size_t)length;
        utf8proc_ssize_t written = utf8proc_encode_char(change(code), bytes);
        for (utf8proc_ssize_t i = 0; i < written; i++)
            buf_add_char(&changed, (char)bytes[i]);
    }
    return fhirpath_items_add_string(call->run, out, buf_str(&changed));
}

static bool apply_upper(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_changed(call, utf8proc_toupper, out);
}

static bool apply_lower(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return add_changed(call, utf8proc_tolower, out);
}

/* An empty pattern stands before every character and at the end. */
static bool apply_replace(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call), pattern = call->texts[0], with = call->texts[1];
    struct buf replaced;
    buf_init(&replaced, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    size_t at = 0;
    while (at <= text.len && !replaced.is_over) {
        size_t found = pattern.len ? str_find_str(text, pattern, at) : at;
        bool is_found = pattern.len == 0 || found < text.len;
        size_t end = is_found ? found : text.len;
        buf_add(&replaced, str_slice(text, at, end));
        if (!is_found)
            break;
        buf_add(&replaced, with);
        if (pattern.len == 0 && at < text.len)
            buf_add(&replaced, str_slice(text, at, at + byte_of(str_slice(text, at, text.len), 1)));
        at = end + (pattern.len ? pattern.len
                                : byte_of(str_slice(text, at, text.len), 1) + (at == text.len));
    }
    struct str result =
        replaced.is_over ? (struct str){ NULL, FHIRPATH_MOST_TEXT + 1 } : buf_str(&replaced);
    return fhirpath_evaluate_text(call->run, text.len + result.len) &&
           fhirpath_items_add_string(call->run, out, result);
}

static bool apply_length(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call);
    return fhirpath_evaluate_text(call->run, text.len) &&
           fhirpath_items_add_integer(call->run, out, count_characters(text, text.len));
}

static bool apply_to_chars(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str rest = input_text(call);
    while (rest.len > 0) {
        size_t length = byte_of(rest, 1);
        if (!fhirpath_evaluate_step(call->run, 1) ||
            !fhirpath_items_add_string(call->run, out, str_slice(rest, 0, length)))
            return false;
        rest = str_slice(rest, length, rest.len);
    }
    return true;
}

static bool apply_trim(struct fhirpath_call *call, struct fhirpath_list *out)
{
    return fhirpath_items_add_string(call->run, out, str_trim(input_text(call)));
}

static bool apply_split(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct str text = input_text(call), separator = call->texts[0];
    if (separator.len == 0)
        return apply_to_chars(call, out);
    for (size_t at = 0; at <= text.len;) {
        size_t found = str_find_str(text, separator, at);
        if (!fhirpath_evaluate_step(call->run, 1) ||
            !fhirpath_items_add_string(call->run, out, str_slice(text, at, found)))
            return false;
        at = found < text.len ? found + separator.len : text.len + 1;
    }
    return true;
}

static bool apply_join(struct fhirpath_call *call, struct fhirpath_list *out)
{
    struct buf joined;
    buf_init(&joined, call->run->context->arena, FHIRPATH_MOST_TEXT + 1);
    size_t count = 0;
    for (size_t i = 0; i < call->input.count; i++) {
        struct fhirpath_item value;
        if (!fhirpath_values_of(&value, &call->input.items[i], call->run))
            continue;
        if (value.kind != FHIRPATH_STRING)
            return fhirpath_evaluate_fail(call->run, ISSUE_FHIRPATH_TYPE,
                                          "join() works on strings");
        if (count++ > 0)
            buf_add(&joined, call->texts[0]);
        buf_add(&joined, value.text);
    }
    struct str result =
        joined.is_over ? (struct str){ NULL, FHIRPATH_MOST_TEXT + 1 } : buf_str(&joined);
    return call->input.count == 0 || (fhirpath_evaluate_text(call->run, result.len) &&
                                      fhirpath_items_add_string(call->run, out, result));
}

const struct fhirpath_function fhirpath_text_functions[] = {
    { "indexOf", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_index_of, false },
    { "lastIndexOf", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_last_index_of, false },
    { "substring",
      1,
      2,
      INPUT_STRING,
      { ARGUMENT_INTEGER, ARGUMENT_INTEGER },
      apply_substring,
      false },
    { "startsWith", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_starts_with, false },
    { "endsWith", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_ends_with, false },
    { "contains", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_contains, false },
    { "upper", 0, 0, INPUT_STRING, { 0 }, apply_upper, false },
    { "lower", 0, 0, INPUT_STRING, { 0 }, apply_lower, false },
    { "replace", 2, 2, INPUT_STRING, { ARGUMENT_STRING, ARGUMENT_STRING }, apply_replace, false },
    { "length", 0, 0, INPUT_STRING, { 0 }, apply_length, false },
    { "toChars", 0, 0, INPUT_STRING, { 0 }, apply_to_chars, false },
    { "trim", 0, 0, INPUT_STRING, { 0 }, apply_trim, false },
    { "split", 1, 1, INPUT_STRING, { ARGUMENT_STRING }, apply_split, false },
    { "join", 0, 1, INPUT_COLLECTION, { ARGUMENT_STRING }, apply_join, false },
    { .name = NULL },
};
