/* value.c - tokens, strings, dates, references, uris, numbers, quantities and booleans as values.
 */
#include "server/search/value.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/reference.h"
#include "server/search/fold.h"
#include "server/search/value_number.h"

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

static bool next(struct str *value, struct str *rest, char mark)
{
    if (!rest->data)
        return false;
    size_t end = find_bare(*rest, mark);
    *value = str_slice(*rest, 0, end);
    if (end < rest->len)
        *rest = str_slice(*rest, end + 1, rest->len);
    else
        *rest = (struct str){ NULL, 0 };
    return true;
}

bool value_next(struct str *value, struct str *rest)
{
    return next(value, rest, ',');
}

bool value_next_component(struct str *value, struct str *rest)
{
    return next(value, rest, '$');
}

struct str value_cut_bar(struct str *rest, bool *has_bar)
{
    size_t end = find_bare(*rest, '|');
    struct str first = str_slice(*rest, 0, end);
    *has_bar = end < rest->len;
    *rest = *has_bar ? str_slice(*rest, end + 1, rest->len) : (struct str){ NULL, 0 };
    return first;
}

bool value_unescape(struct str *text, struct arena *arena)
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
    out->first = value_cut_bar(&text, &out->has_system);
    out->second = text;
    if (!out->has_system) {
        out->second = out->first;
        out->first = (struct str){ NULL, 0 };
    }
    value_cut_bar(&text, &has_more);
    return !has_more && value_unescape(&out->first, context->arena) &&
           value_unescape(&out->second, context->arena) && (out->first.len || out->second.len);
}

static bool parse_string(struct search_value *out, struct str text,
                         const struct value_context *context, const char **wanted)
{
    *wanted = "text, with \\ before , | $ and \\ in it";
    if (!value_unescape(&text, context->arena))
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
    return value_unescape(&out->first, context->arena) && out->first.len &&
           str_find(out->first, ' ', 0) == out->first.len;
}

void value_cut_prefix(struct search_value *out, struct str *text)
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
    value_cut_prefix(out, &text);
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
    if (!value_unescape(&text, context->arena) || !text.len)
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
    [INDEX_TOKEN] = parse_token,
    [INDEX_STRING] = parse_string,
    [INDEX_DATE] = parse_date,
    [INDEX_REFERENCE] = parse_reference,
    [INDEX_URI] = parse_uri,
    [INDEX_NUMBER] = value_number_parse,
    [INDEX_QUANTITY] = value_number_parse_quantity,
    [INDEX_PRESENCE] = parse_missing,
    [INDEX_POSITION] = value_number_parse_position,
};

bool value_parse(struct search_value *out, enum index_kind kind, struct str text,
                 const struct value_context *context, const char **wanted)
{
    *out = (struct search_value){ .prefix = PREFIX_EQ };
    return PARSERS[kind](out, text, context, wanted);
}

/* A mark that no code holds and no query can smuggle in by its parts. */
struct str value_of_type(struct str code, struct str value, struct arena *arena)
{
    return str_print(arena, STR_FMT "\x1f" STR_FMT, STR_ARG(code), STR_ARG(value));
}

bool value_parse_of_type(struct search_value *out, struct str text, struct arena *arena,
                         const char **wanted)
{
    bool has_code = false, has_value = false, has_more = false;
    struct str system = value_cut_bar(&text, &has_code);
    struct str code = value_cut_bar(&text, &has_value);
    struct str value = value_cut_bar(&text, &has_more);
    *out = (struct search_value){ .prefix = PREFIX_EQ };
    *wanted = "system|code|value: the identifier's type and its value";
    if (!has_code || !has_value || has_more || !code.len || !value.len ||
        !value_unescape(&system, arena) || !value_unescape(&code, arena) ||
        !value_unescape(&value, arena))
        return false;
    out->first = system;
    out->has_system = system.len > 0;
    out->second = value_of_type(code, value, arena);
    return true;
}

bool value_has_strange_prefix(enum index_kind kind, struct str text)
{
    if (kind != INDEX_DATE && kind != INDEX_NUMBER && kind != INDEX_QUANTITY)
        return false;
    for (size_t i = 0; i < COUNT(PREFIXES); i++)
        if (str_starts(text, str_of(PREFIXES[i].text)))
            return false;
    return text.len > 2 && text.data[0] >= 'a' && text.data[0] <= 'z' && text.data[1] >= 'a' &&
           text.data[1] <= 'z';
}

bool value_parse_id(struct search_value *out, struct str text, const char **wanted)
{
    *out = (struct search_value){ .second = text };
    *wanted = "an id: 1 to 64 of A-Z a-z 0-9 - .";
    return value_is_id(text);
}
