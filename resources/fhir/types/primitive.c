/* primitive.c - a scanner for each primitive type, picked from one table. */
#include "resources/fhir/types/primitive.h"

static bool wants(const char **reason, const char *sentence)
{
    *reason = sentence;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t skip_digits(struct str text, size_t at)
{
    while (at < text.len && is_digit(text.data[at]))
        at++;
    return at;
}

static bool check_boolean(struct str text, const char **reason)
{
    return str_is(text, "true") || str_is(text, "false") || wants(reason, "true or false");
}

/* 0 or a number that does not begin with 0, at most `most`. */
static bool check_magnitude(struct str text, uint64_t most, const char **reason)
{
    uint64_t value;
    if (text.len == 0 || skip_digits(text, 0) != text.len)
        return wants(reason, "a whole number");
    if (text.len > 1 && text.data[0] == '0')
        return wants(reason, "a number that does not begin with 0");
    if (!str_to_u64(&value, text) || value > most)
        return wants(reason, "a number of at most 32 bits");
    return true;
}

static bool check_integer(struct str text, const char **reason)
{
    bool is_signed = text.len && (text.data[0] == '-' || text.data[0] == '+');
    bool is_negative = is_signed && text.data[0] == '-';
    struct str digits = str_slice(text, is_signed, text.len);
    if (is_signed && str_is(digits, "0"))
        return wants(reason, "0 without a sign");
    return check_magnitude(digits, (uint64_t)INT32_MAX + is_negative, reason);
}

static bool check_unsigned(struct str text, const char **reason)
{
    return check_magnitude(text, INT32_MAX, reason);
}

static bool check_positive(struct str text, const char **reason)
{
    struct str digits = str_slice(text, str_starts(text, STR("+")), text.len);
    if (str_is(digits, "0"))
        return wants(reason, "a number of at least 1");
    return check_magnitude(digits, INT32_MAX, reason);
}

static bool check_decimal(struct str text, const char **reason)
{
    size_t at = str_starts(text, STR("-")), end = skip_digits(text, at);
    if (end == at || (end > at + 1 && text.data[at] == '0'))
        return wants(reason, "a decimal number");
    at = end;
    if (at < text.len && text.data[at] == '.') {
        end = skip_digits(text, at + 1);
        if (end == at + 1)
            return wants(reason, "digits behind the point");
        at = end;
    }
    if (at < text.len && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.len && (text.data[at] == '+' || text.data[at] == '-'))
            at++;
        end = skip_digits(text, at);
        if (end == at)
            return wants(reason, "digits in the exponent");
        at = end;
    }
    return at == text.len || wants(reason, "a decimal number");
}

static size_t count_characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

static bool check_string(struct str text, const char **reason)
{
    if (text.len == 0)
        return wants(reason, "at least one character");
    if (text.len > PRIMITIVE_MOST_CHARACTERS && count_characters(text) > PRIMITIVE_MOST_CHARACTERS)
        return wants(reason, "at most 1048576 characters");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r')
            return wants(reason, "no control character but tab, line feed and carriage return");
    }
    return true;
}

static bool check_code(struct str text, const char **reason)
{
    if (text.len == 0)
        return wants(reason, "at least one character");
    if (is_space(text.data[0]) || is_space(text.data[text.len - 1]))
        return wants(reason, "no white space at the beginning or the end");
    for (size_t i = 1; i < text.len; i++)
        if (is_space(text.data[i]) && (text.data[i] != ' ' || text.data[i - 1] == ' '))
            return wants(reason, "no white space but single blanks");
    return check_string(text, reason);
}

static bool check_id(struct str text, const char **reason)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!is_letter(c) && !is_digit(c) && c != '-' && c != '.')
            return wants(reason, "letters, digits, '-' and '.' alone");
    }
    return (text.len >= 1 && text.len <= 64) || wants(reason, "1 to 64 characters");
}

static bool is_hex(char c, bool is_lower)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (!is_lower && c >= 'A' && c <= 'F');
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(struct str text, bool is_lower)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (is_dash ? text.data[i] != '-' : !is_hex(text.data[i], is_lower))
            return false;
    }
    return true;
}

static bool is_oid(struct str text)
{
    if (text.len < 3 || text.data[0] < '0' || text.data[0] > '2' || text.data[1] != '.')
        return false;
    for (size_t at = 2; at <= text.len;) {
        size_t end = skip_digits(text, at);
        if (end == at || (end > at + 1 && text.data[at] == '0'))
            return false;
        if (end < text.len && text.data[end] != '.')
            return false;
        at = end + 1;
    }
    return true;
}

static bool check_oid(struct str text, const char **reason)
{
    if (!str_starts(text, STR("urn:oid:")))
        return wants(reason, "urn:oid: and an object identifier");
    return is_oid(str_slice(text, 8, text.len)) ||
           wants(reason, "an object identifier such as urn:oid:1.2.3");
}

static bool check_uuid(struct str text, const char **reason)
{
    if (!str_starts(text, STR("urn:uuid:")))
        return wants(reason, "urn:uuid: and a UUID");
    return is_uuid(str_slice(text, 9, text.len), true) ||
           wants(reason, "a UUID in lower case such as "
                         "urn:uuid:c757873d-ec9a-4326-a141-556f43239520");
}

/* An urn may be followed by a fragment, in a canonical by a version. */
static struct str without_tail(struct str text)
{
    struct str whole = str_slice(text, 0, str_find(text, '#', 0));
    return str_slice(whole, 0, str_find(whole, '|', 0));
}

static bool check_uri(struct str text, const char **reason)
{
    if (text.len == 0)
        return wants(reason, "at least one character");
    for (size_t i = 0; i < text.len; i++)
        if (is_space(text.data[i]))
            return wants(reason, "no white space");
    if (str_starts(text, STR("urn:oid:")))
        return check_oid(without_tail(text), reason);
    struct str urn = without_tail(text);
    if (str_starts(urn, STR("urn:uuid:")) && !is_uuid(str_slice(urn, 9, urn.len), false))
        return wants(reason, "a UUID behind urn:uuid:");
    return check_string(text, reason);
}

static bool is_base64(char c)
{
    return is_letter(c) || is_digit(c) || c == '+' || c == '/';
}

/* White space may part the groups of four, as R4's expression has it. */
static bool check_base64(struct str text, const char **reason)
{
    size_t at = 0, groups = 0;
    bool is_padded = false;
    for (;;) {
        while (at < text.len && is_space(text.data[at]))
            at++;
        if (at == text.len)
            return groups > 0 || wants(reason, "at least one character");
        if (is_padded)
            return wants(reason, "nothing behind the padding");
        size_t filled = 0, end = at + 4;
        for (; at < text.len && at < end && is_base64(text.data[at]); at++)
            filled++;
        is_padded = filled < 4;
        for (; at < text.len && at < end && filled >= 2 && text.data[at] == '='; at++)
            filled++;
        if (filled < 4)
            return wants(reason, "groups of four base64 characters, the last padded with =");
        groups++;
    }
}

/* Two digits at `at`, in least..most. */
static bool is_two(struct str text, size_t at, int least, int most, int *value)
{
    return at + 2 <= text.len && str_to_int(value, str_slice(text, at, at + 2)) &&
           *value >= least && *value <= most;
}

static int days_in_month(int year, int month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS[month - 1] + (month == 2 && is_leap);
}

static bool has(struct str text, size_t at, char c)
{
    return at < text.len && text.data[at] == c;
}

/* YYYY, YYYY-MM or YYYY-MM-DD at the beginning: the bytes taken, or 0. */
static size_t take_date(struct str text, const char **reason)
{
    int year, month, day;
    if (text.len < 4 || !str_to_int(&year, str_slice(text, 0, 4)) || year == 0)
        return wants(reason, "a year of four digits, 0001 to 9999");
    if (!has(text, 4, '-'))
        return 4;
    if (!is_two(text, 5, 1, 12, &month))
        return wants(reason, "a month of two digits, 01 to 12");
    if (!has(text, 7, '-'))
        return 7;
    if (!is_two(text, 8, 1, 31, &day))
        return wants(reason, "a day of two digits, 01 to 31");
    if (day > days_in_month(year, month))
        return wants(reason, "a day that the month has");
    return 10;
}

/* hh:mm:ss with any fraction, from `at`: where it ends, or 0. Second 60 is a leap second. */
static size_t take_time(struct str text, size_t at, const char **reason)
{
    int part;
    if (!is_two(text, at, 0, 23, &part))
        return wants(reason, "an hour of two digits, 00 to 23");
    if (!has(text, at + 2, ':') || !is_two(text, at + 3, 0, 59, &part))
        return wants(reason, "minutes of two digits, 00 to 59");
    if (!has(text, at + 5, ':') || !is_two(text, at + 6, 0, 60, &part))
        return wants(reason, "seconds of two digits, 00 to 60");
    if (!has(text, at + 8, '.'))
        return at + 8;
    size_t end = skip_digits(text, at + 9);
    return end > at + 9 ? end : wants(reason, "digits behind the point of the seconds");
}

/* Z or the offset of a zone, -14:00 to +14:00, up to the end. */
static bool check_zone(struct str text, size_t at, const char **reason)
{
    int hours, minutes;
    if (at == text.len)
        return wants(reason, "a time zone: Z, or an offset such as -05:00");
    if (has(text, at, 'Z') && at + 1 == text.len)
        return true;
    if ((!has(text, at, '+') && !has(text, at, '-')) || !is_two(text, at + 1, 0, 14, &hours) ||
        !has(text, at + 3, ':') || !is_two(text, at + 4, 0, 59, &minutes) || at + 6 != text.len ||
        (hours == 14 && minutes > 0))
        return wants(reason, "a time zone: Z, or an offset such as -05:00");
    return true;
}

static bool check_date(struct str text, const char **reason)
{
    size_t end = take_date(text, reason);
    return end && (end == text.len || wants(reason, "a date: YYYY, YYYY-MM or YYYY-MM-DD"));
}

static bool check_moment(struct str text, size_t at, const char **reason)
{
    size_t end = take_time(text, at, reason);
    return end && check_zone(text, end, reason);
}

static bool check_date_time(struct str text, const char **reason)
{
    size_t end = take_date(text, reason);
    if (end == 10 && has(text, end, 'T'))
        return check_moment(text, end + 1, reason);
    return end &&
           (end == text.len || wants(reason, "a date, or YYYY-MM-DDThh:mm:ss with a time zone"));
}

static bool check_instant(struct str text, const char **reason)
{
    size_t end = take_date(text, reason);
    if (end == 0)
        return false;
    if (end != 10 || !has(text, end, 'T'))
        return wants(reason, "YYYY-MM-DDThh:mm:ss with a time zone");
    return check_moment(text, end + 1, reason);
}

static bool check_time(struct str text, const char **reason)
{
    size_t end = take_time(text, 0, reason);
    return end && (end == text.len || wants(reason, "a time hh:mm:ss without a zone"));
}

static const struct primitive {
    const char *type;
    enum primitive_form form; /* in JSON */
    bool (*check)(struct str text, const char **reason);
} PRIMITIVES[] = {
    { "string", PRIMITIVE_STRING, check_string },
    { "code", PRIMITIVE_STRING, check_code },
    { "uri", PRIMITIVE_STRING, check_uri },
    { "id", PRIMITIVE_STRING, check_id },
    { "dateTime", PRIMITIVE_STRING, check_date_time },
    { "boolean", PRIMITIVE_BOOLEAN, check_boolean },
    { "decimal", PRIMITIVE_NUMBER, check_decimal },
    { "canonical", PRIMITIVE_STRING, check_uri },
    { "date", PRIMITIVE_STRING, check_date },
    { "instant", PRIMITIVE_STRING, check_instant },
    { "integer", PRIMITIVE_NUMBER, check_integer },
    { "positiveInt", PRIMITIVE_NUMBER, check_positive },
    { "unsignedInt", PRIMITIVE_NUMBER, check_unsigned },
    { "markdown", PRIMITIVE_STRING, check_string },
    { "url", PRIMITIVE_STRING, check_uri },
    { "xhtml", PRIMITIVE_STRING, check_string },
    { "base64Binary", PRIMITIVE_STRING, check_base64 },
    { "time", PRIMITIVE_STRING, check_time },
    { "oid", PRIMITIVE_STRING, check_oid },
    { "uuid", PRIMITIVE_STRING, check_uuid },
};

static const struct primitive *find(struct str type)
{
    for (size_t i = 0; i < COUNT(PRIMITIVES); i++)
        if (str_is(type, PRIMITIVES[i].type))
            return &PRIMITIVES[i];
    return NULL;
}

bool primitive_check(struct str type, struct str text, enum primitive_form form,
                     const char **reason)
{
    static const char *const FORMS[] = { [PRIMITIVE_STRING] = "a JSON string",
                                         [PRIMITIVE_NUMBER] = "a JSON number",
                                         [PRIMITIVE_BOOLEAN] = "true or false without quotes" };
    const struct primitive *primitive = find(type);
    if (!primitive)
        return wants(reason, "a type that is primitive");
    if (form != PRIMITIVE_ANY && form != primitive->form)
        return wants(reason, FORMS[primitive->form]);
    return primitive->check(text, reason);
}

bool primitive_is_type(struct str type)
{
    return find(type);
}
