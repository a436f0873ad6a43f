/* value.c - tokens, strings, dates, references, uris, numbers, quantities and booleans as values.
 */
#include "server/search/value.h"

#include <float.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/decimal.h"
#include "resources/fhir/types/reference.h"
#include "server/search/fold.h"

static const struct {
    const char *text;
    enum search_prefix prefix;
} PREFIXES[] = {
    { "eq", PREFIX_EQ }, { "ne", PREFIX_NE }, { "gt", PREFIX_GT },
    { "lt", PREFIX_LT }, { "ge", PREFIX_GE }, { "le", PREFIX_LE },
    { "sa", PREFIX_SA }, { "eb", PREFIX_EB }, { "ap", PREFIX_AP },
};
enum { AP_SHARE = 10, MOST_DATE = 64 };

/* Index of the first `mark` that no backslash stands before, or text.len. */
static size_t find_bare(struct str text, char mark)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\\')
            i++;
        else if (text.data[i] == mark)
            return i;
    }
    return text.len;
}

bool value_next(struct str *value, struct str *rest)
{
    if (!rest->data)
        return false;
    size_t end = find_bare(*rest, ',');
    *value = str_slice(*rest, 0, end);
    if (end < rest->len)
        *rest = str_slice(*rest, end + 1, rest->len);
    else
        *rest = (struct str){ NULL, 0 };
    return true;
}

/* Cuts at the first bare bar; *has_bar says whether there was one. Both parts still escaped. */
static struct str cut_bar(struct str *rest, bool *has_bar)
{
    size_t end = find_bare(*rest, '|');
    struct str first = str_slice(*rest, 0, end);
    *has_bar = end < rest->len;
    *rest = *has_bar ? str_slice(*rest, end + 1, rest->len) : (struct str){ NULL, 0 };
    return first;
}

/* False when a backslash stands before anything but , | $ and itself. */
static bool unescape(struct str *text, struct arena *arena)
{
    if (str_find(*text, '\\', 0) == text->len)
        return true;
    char *out = arena_alloc_raw(arena, text->len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->data[i] == '\\' && (++i == text->len || !strchr("\\,|$", text->data[i])))
            return false;
        out[len++] = text->data[i];
    }
    out[len] = '\0';
    *text = (struct str){ out, len };
    return true;
}

bool value_is_id(struct str text)
{
    static const char CHARACTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-.";
    if (text.len < 1 || text.len > 64)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!memchr(CHARACTERS, text.data[i], sizeof CHARACTERS - 1))
            return false;
    return true;
}

static bool parse_token(struct search_value *out, struct str text,
                        const struct value_context *context, const char **wanted)
{
    bool has_more;
    *wanted = "code, system|code, |code or system|, with \\ before , | $ and \\ in them";
    out->first = cut_bar(&text, &out->has_system);
    out->second = text;
    if (!out->has_system) {
        out->second = out->first;
        out->first = (struct str){ NULL, 0 };
    }
    cut_bar(&text, &has_more);
    return !has_more && unescape(&out->first, context->arena) &&
           unescape(&out->second, context->arena) && (out->first.len || out->second.len);
}

static bool parse_string(struct search_value *out, struct str text,
                         const struct value_context *context, const char **wanted)
{
    *wanted = "text, with \\ before , | $ and \\ in it";
    if (!unescape(&text, context->arena))
        return false;
    out->second = text;
    out->first = search_fold(text, context->arena);
    return out->first.len > 0;
}

static bool parse_uri(struct search_value *out, struct str text,
                      const struct value_context *context, const char **wanted)
{
    *wanted = "a uri without blanks";
    out->first = text;
    return unescape(&out->first, context->arena) && out->first.len &&
           str_find(out->first, ' ', 0) == out->first.len;
}

static void cut_prefix(struct search_value *out, struct str *text)
{
    for (size_t i = 0; i < COUNT(PREFIXES); i++)
        if (str_starts(*text, str_of(PREFIXES[i].text))) {
            out->prefix = PREFIXES[i].prefix;
            *text = str_slice(*text, 2, text->len);
            return;
        }
}

/* Adds with the ends of time as bounds. */
static int64_t shift(int64_t time, int64_t by)
{
    int64_t moved;
    if (__builtin_add_overflow(time, by, &moved))
        return by < 0 ? INT64_MIN : INT64_MAX;
    return moved;
}

static bool parse_date(struct search_value *out, struct str text,
                       const struct value_context *context, const char **wanted)
{
    struct date date;
    *wanted = "[eq|ne|gt|lt|ge|le|sa|eb|ap] and yyyy, yyyy-mm, yyyy-mm-dd, or"
              " yyyy-mm-ddThh:mm[:ss[.sss]] with Z or +hh:mm";
    cut_prefix(out, &text);
    /* An hour alone is no search value; a blank may be a '+' that was not encoded. */
    char fixed[MOST_DATE];
    if (text.len > sizeof fixed)
        return false;
    for (size_t i = 0; i < text.len; i++)
        fixed[i] = (char)(text.data[i] == ' ' && i > 10 ? '+' : text.data[i]);
    if (!date_parse(&date, (struct str){ fixed, text.len }, DATE_FORM_PARTIAL) || date.is_time ||
        date.precision == DATE_HOUR)
        return false;
    date_range(&date, &out->low, &out->high);
    if (out->prefix == PREFIX_AP) {
        int64_t gap = (context->today_us - out->low) / AP_SHARE;
        gap = gap < 0 ? -gap : gap;
        out->low = shift(out->low, -gap);
        out->high = shift(out->high, gap);
    }
    return true;
}

/* eq and ne mean the range that the digits leave open; the comparisons mean the very number (R4
 * search.html#prefix). */
static bool parse_number(struct search_value *out, struct str text,
                         const struct value_context *context, const char **wanted)
{
    struct decimal decimal;
    (void)context;
    *wanted = "[eq|ne|gt|lt|ge|le|sa|eb|ap] and a decimal number";
    cut_prefix(out, &text);
    if (!decimal_parse(&decimal, text))
        return false;
    double number = decimal_to_double(&decimal);
    double part = (number < 0 ? -number : number) / AP_SHARE;
    if (number > DBL_MAX || number < -DBL_MAX)
        return false;
    if (out->prefix == PREFIX_EQ || out->prefix == PREFIX_NE)
        return decimal_range(text, &out->number_low, &out->number_high);
    out->number_low = out->prefix == PREFIX_AP ? number - part : number;
    out->number_high = out->prefix == PREFIX_AP ? number + part : number;
    return true;
}

static bool parse_quantity(struct search_value *out, struct str text,
                           const struct value_context *context, const char **wanted)
{
    bool has_system, has_code = false, has_more = false;
    struct str number = cut_bar(&text, &has_system);
    struct str system = cut_bar(&text, &has_code), code = cut_bar(&text, &has_more);
    if (!parse_number(out, number, context, wanted)) {
        *wanted = "[prefix]number, number|system|code or number||code";
        return false;
    }
    *wanted = "number, number|system|code or number||code";
    out->first = system;
    out->second = code;
    out->has_system = system.len > 0;
    return has_system == has_code && !has_more && (!has_system || code.len) &&
           unescape(&out->first, context->arena) && unescape(&out->second, context->arena);
}

void value_target(struct search_value *out, struct str text, struct definitions *definitions,
                  struct str base_url)
{
    struct reference reference = reference_parse(text);
    bool is_local = reference.kind == REFERENCE_RELATIVE ||
                    (reference.kind == REFERENCE_ABSOLUTE && str_equal(reference.base, base_url));
    if (is_local && reference.id.len && definitions_is_resource_type(definitions, reference.type)) {
        out->first = reference.type;
        out->second = reference.id;
        return;
    }
    out->first = (struct str){ NULL, 0 };
    out->second = text;
}

static bool is_url(struct str text)
{
    return str_find(text, ':', 0) < text.len && str_find(text, ' ', 0) == text.len;
}

static bool parse_reference(struct search_value *out, struct str text,
                            const struct value_context *context, const char **wanted)
{
    *wanted = "id, Type/id, or an absolute url";
    if (!unescape(&text, context->arena) || !text.len)
        return false;
    if (value_is_id(text)) {
        *out = (struct search_value){ .first = context->type, .second = text };
        return true;
    }
    value_target(out, text, context->definitions, context->base_url);
    if (context->type.len)
        *wanted = "an id, or a reference to the type that the modifier names";
    if (context->type.len && !str_equal(out->first, context->type))
        return false;
    return out->first.len > 0 || is_url(text);
}

static bool parse_missing(struct search_value *out, struct str text,
                          const struct value_context *context, const char **wanted)
{
    (void)context;
    *wanted = "true or false";
    out->second = text;
    return str_is(text, "true") || str_is(text, "false");
}

static bool (*const PARSERS[])(struct search_value *out, struct str text,
                               const struct value_context *context, const char **wanted) = {
    [INDEX_TOKEN] = parse_token,       [INDEX_STRING] = parse_string,
    [INDEX_DATE] = parse_date,         [INDEX_REFERENCE] = parse_reference,
    [INDEX_URI] = parse_uri,           [INDEX_NUMBER] = parse_number,
    [INDEX_QUANTITY] = parse_quantity, [INDEX_PRESENCE] = parse_missing,
};

bool value_parse(struct search_value *out, enum index_kind kind, struct str text,
                 const struct value_context *context, const char **wanted)
{
    *out = (struct search_value){ .prefix = PREFIX_EQ };
    return PARSERS[kind](out, text, context, wanted);
}

bool value_parse_id(struct search_value *out, struct str text, const char **wanted)
{
    *out = (struct search_value){ .second = text };
    *wanted = "an id: 1 to 64 of A-Z a-z 0-9 - .";
    return value_is_id(text);
}
