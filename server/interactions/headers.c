/* headers.c - reads entity tags, HTTP dates and preferences. */
#include "server/interactions/headers.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"

enum { MOST_ETAG = 32 };

static bool is_same(struct str a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.data, b, a.len) == 0;
}

struct str headers_cut_quoted(struct str *rest, char separator)
{
    bool is_quoted = false;
    size_t i = 0;
    for (; i < rest->len; i++) {
        char c = rest->data[i];
        if (c == '"')
            is_quoted = !is_quoted;
        else if (c == '\\' && is_quoted)
            i++;
        else if (c == separator && !is_quoted)
            break;
    }
    i = i < rest->len ? i : rest->len;
    struct str part = str_slice(*rest, 0, i);
    *rest = i < rest->len ? str_slice(*rest, i + 1, rest->len) : (struct str){ 0 };
    return str_trim(part);
}

static struct str unquote(struct str text)
{
    bool is_quoted = text.len >= 2 && text.data[0] == '"' && text.data[text.len - 1] == '"';
    return is_quoted ? str_slice(text, 1, text.len - 1) : text;
}

bool headers_next_parameter(struct str *rest, struct str *name, struct str *value)
{
    while (rest->len) {
        struct str part = headers_cut_quoted(rest, ';');
        if (!part.len)
            continue;
        *name = str_trim(str_cut(&part, '='));
        *value = unquote(str_trim(part));
        return true;
    }
    return false;
}

int headers_weight(struct str rest)
{
    struct str name, value;
    int weight = 1000, unit = 100;
    while (headers_next_parameter(&rest, &name, &value)) {
        if (!is_same(name, "q") || !value.len || (value.data[0] != '0' && value.data[0] != '1'))
            continue;
        weight = value.data[0] == '1' ? 1000 : 0;
        for (size_t i = 2; i < value.len && unit && value.data[i] >= '0' && value.data[i] <= '9';
             i++, unit /= 10)
            weight += (value.data[i] - '0') * unit;
    }
    return weight < 1000 ? weight : 1000;
}

bool headers_parse_etag(uint64_t *version, struct str text)
{
    text = str_trim(text);
    if (str_starts(text, STR("W/")))
        text = str_slice(text, 2, text.len);
    uint64_t number;
    if (!str_to_u64(&number, unquote(text)) || number == 0 || number > INT64_MAX)
        return false;
    *version = number;
    return true;
}

struct str headers_print_etag(uint64_t version, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_ETAG);
    buf_add(&out, STR("W/\""));
    buf_add_number(&out, version);
    buf_add_char(&out, '"');
    return buf_str(&out);
}

bool headers_etag_matches(struct str list, uint64_t version)
{
    while (list.len) {
        struct str one = headers_cut_quoted(&list, ',');
        uint64_t named;
        if (str_is(one, "*") || (headers_parse_etag(&named, one) && named == version))
            return true;
    }
    return false;
}

static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

static int find_name(struct str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(name, names[i]))
            return (int)i;
    return -1;
}

bool headers_parse_date(int64_t *seconds, struct str text)
{
    static const char SHAPE[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    struct tm tm = { 0 };
    text = str_trim(text);
    if (text.len != sizeof SHAPE - 1 || !str_starts(str_slice(text, 3, 5), STR(", ")) ||
        !str_ends(text, STR(" GMT")) || text.data[19] != ':' || text.data[22] != ':')
        return false;
    tm.tm_mon = find_name(str_slice(text, 8, 11), MONTHS, COUNT(MONTHS));
    if (tm.tm_mon < 0 || !str_to_int(&tm.tm_mday, str_slice(text, 5, 7)) ||
        !str_to_int(&tm.tm_year, str_slice(text, 12, 16)) ||
        !str_to_int(&tm.tm_hour, str_slice(text, 17, 19)) ||
        !str_to_int(&tm.tm_min, str_slice(text, 20, 22)) ||
        !str_to_int(&tm.tm_sec, str_slice(text, 23, 25)))
        return false;
    tm.tm_year -= 1900;
    *seconds = (int64_t)timegm(&tm);
    return true;
}

/* The first value of a preference; false when it is not there. */
static bool find_preference(struct str *value, struct str prefer, const char *wanted)
{
    while (prefer.len) {
        struct str rest = headers_cut_quoted(&prefer, ','), name;
        while (headers_next_parameter(&rest, &name, value))
            if (is_same(name, wanted))
                return true;
    }
    return false;
}

enum headers_return headers_prefer_return(struct str prefer)
{
    static const char *const NAMES[] = { [RETURN_DEFAULT] = "",
                                         [RETURN_MINIMAL] = "minimal",
                                         [RETURN_REPRESENTATION] = "representation",
                                         [RETURN_OUTCOME] = "OperationOutcome" };
    struct str value;
    if (find_preference(&value, prefer, "return"))
        for (size_t i = RETURN_MINIMAL; i < COUNT(NAMES); i++)
            if (is_same(value, NAMES[i]))
                return (enum headers_return)i;
    return RETURN_DEFAULT;
}

bool headers_prefer_lenient(struct str prefer)
{
    struct str value;
    return find_preference(&value, prefer, "handling") && is_same(value, "lenient");
}

bool headers_prefer_async(struct str prefer)
{
    struct str value;
    return find_preference(&value, prefer, "respond-async");
}
