/* primitive_test.c - values and near misses of each primitive type. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/primitive.h"

#define ZONE "a time zone: Z, or an offset such as -05:00"
#define GROUPS "groups of four base64 characters, the last padded with ="
#define DATE "a date: YYYY, YYYY-MM or YYYY-MM-DD"
#define UUID "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"

static const struct {
    const char *type, *text, *reason; /* reason NULL: valid */
} CASES[] = {
    { "boolean", "true", NULL },
    { "boolean", "false", NULL },
    { "boolean", "True", "true or false" },
    { "boolean", "", "true or false" },

    { "integer", "0", NULL },
    { "integer", "-2147483648", NULL },
    { "integer", "2147483647", NULL },
    { "integer", "+7", NULL },
    { "integer", "-0", "0 without a sign" },
    { "integer", "007", "a number that does not begin with 0" },
    { "integer", "2147483648", "a number of at most 32 bits" },
    { "integer", "-2147483649", "a number of at most 32 bits" },
    { "integer", "99999999999999999999999", "a number of at most 32 bits" },
    { "integer", "1.0", "a whole number" },
    { "integer", "1e3", "a whole number" },
    { "integer", "-", "a whole number" },
    { "integer", " 1", "a whole number" },
    { "unsignedInt", "0", NULL },
    { "unsignedInt", "2147483647", NULL },
    { "unsignedInt", "-1", "a whole number" },
    { "unsignedInt", "2147483648", "a number of at most 32 bits" },
    { "positiveInt", "1", NULL },
    { "positiveInt", "+1", NULL },
    { "positiveInt", "0", "a number of at least 1" },
    { "positiveInt", "+0", "a number of at least 1" },
    { "positiveInt", "-1", "a whole number" },

    { "decimal", "0", NULL },
    { "decimal", "-0.00", NULL },
    { "decimal", "1.00", NULL },
    { "decimal", "1e-12", NULL },
    { "decimal", "123456789012345678901234567890.5E+10", NULL },
    { "decimal", "+1", "a decimal number" },
    { "decimal", "01", "a decimal number" },
    { "decimal", ".5", "a decimal number" },
    { "decimal", "1.", "digits behind the point" },
    { "decimal", "1e", "digits in the exponent" },
    { "decimal", "1e+", "digits in the exponent" },
    { "decimal", "1 ", "a decimal number" },
    { "decimal", "", "a decimal number" },
    { "decimal", "NaN", "a decimal number" },

    { "string", " a\tb\r\nc\xc3\xa9 ", NULL },
    { "string", "", "at least one character" },
    { "string", "a\x01", "no control character but tab, line feed and carriage return" },
    { "markdown", "\n# Title\n", NULL },
    { "markdown", "", "at least one character" },
    { "xhtml", "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>", NULL },

    { "code", "a b", NULL },
    { "code", "final", NULL },
    { "code", " final", "no white space at the beginning or the end" },
    { "code", "final\n", "no white space at the beginning or the end" },
    { "code", "a  b", "no white space but single blanks" },
    { "code", "a\tb", "no white space but single blanks" },
    { "code", "", "at least one character" },

    { "id", "A-1.b", NULL },
    { "id", "0123456789012345678901234567890123456789012345678901234567890123", NULL },
    { "id", "01234567890123456789012345678901234567890123456789012345678901234",
      "1 to 64 characters" },
    { "id", "", "1 to 64 characters" },
    { "id", "a_b", "letters, digits, '-' and '.' alone" },
    { "id", "a b", "letters, digits, '-' and '.' alone" },

    { "uri", "http://example.org/a?b=c#d", NULL },
    { "uri", "relative", NULL },
    { "uri", "urn:uuid:C757873D-EC9A-4326-A141-556F43239520", NULL },
    { "uri", "urn:ietf:rfc:3986", NULL },
    { "uri", "a b", "no white space" },
    { "uri", "http://example.org ", "no white space" },
    { "uri", "", "at least one character" },
    { "uri", UUID "#section-1", NULL },
    { "canonical", "urn:oid:1.2.3|2.0#a", NULL },
    { "canonical", "urn:uuid:1|" UUID, "a UUID behind urn:uuid:" },
    { "uri", "urn:oid:1.02", "an object identifier such as urn:oid:1.2.3" },
    { "uri", "urn:uuid:1", "a UUID behind urn:uuid:" },
    { "url", "https://example.org/fhir", NULL },
    { "canonical", "http://example.org/ValueSet/x|1.0", NULL },
    { "canonical", "http://example.org/ ValueSet", "no white space" },

    { "oid", "urn:oid:2.16.840.1.113883.6.1", NULL },
    { "oid", "urn:oid:0.0", NULL },
    { "oid", "2.16.840", "urn:oid: and an object identifier" },
    { "oid", "urn:oid:3.1", "an object identifier such as urn:oid:1.2.3" },
    { "oid", "urn:oid:1", "an object identifier such as urn:oid:1.2.3" },
    { "oid", "urn:oid:1.", "an object identifier such as urn:oid:1.2.3" },
    { "oid", "urn:oid:1.2.", "an object identifier such as urn:oid:1.2.3" },
    { "oid", "urn:oid:1..2", "an object identifier such as urn:oid:1.2.3" },
    { "oid", "urn:oid:1.2a", "an object identifier such as urn:oid:1.2.3" },
    { "uuid", UUID, NULL },
    { "uuid", "c757873d-ec9a-4326-a141-556f43239520", "urn:uuid: and a UUID" },
    { "uuid", "urn:uuid:C757873d-ec9a-4326-a141-556f43239520",
      "a UUID in lower case such as " UUID },
    { "uuid", "urn:uuid:c757873dec9a-4326-a141-556f432395200",
      "a UUID in lower case such as " UUID },

    { "base64Binary", "AAAA", NULL },
    { "base64Binary", "AA==", NULL },
    { "base64Binary", "AAA=", NULL },
    { "base64Binary", " AA+/\r\nab09 \n", NULL },
    { "base64Binary", "", "at least one character" },
    { "base64Binary", " ", "at least one character" },
    { "base64Binary", "A", GROUPS },
    { "base64Binary", "A===", GROUPS },
    { "base64Binary", "====", GROUPS },
    { "base64Binary", "AA=A", GROUPS },
    { "base64Binary", "AA A", GROUPS },
    { "base64Binary", "AA-_", GROUPS },
    { "base64Binary", "AA==AAAA", "nothing behind the padding" },

    { "date", "2024", NULL },
    { "date", "0001-01", NULL },
    { "date", "9999-12-31", NULL },
    { "date", "2024-02-29", NULL },
    { "date", "2000-02-29", NULL },
    { "date", "2023-02-29", "a day that the month has" },
    { "date", "1900-02-29", "a day that the month has" },
    { "date", "2024-04-31", "a day that the month has" },
    { "date", "2024-01-00", "a day of two digits, 01 to 31" },
    { "date", "2024-01-32", "a day of two digits, 01 to 31" },
    { "date", "2024-1", "a month of two digits, 01 to 12" },
    { "date", "2024-13", "a month of two digits, 01 to 12" },
    { "date", "2024-00", "a month of two digits, 01 to 12" },
    { "date", "0000", "a year of four digits, 0001 to 9999" },
    { "date", "24", "a year of four digits, 0001 to 9999" },
    { "date", " 2024", "a year of four digits, 0001 to 9999" },
    { "date", "20245", DATE },
    { "date", "2024 ", DATE },
    { "date", "2024-01-01T00:00:00Z", DATE },

    { "dateTime", "2024", NULL },
    { "dateTime", "2024-02", NULL },
    { "dateTime", "2024-02-29", NULL },
    { "dateTime", "2024-02-29T23:59:60.123456789-05:00", NULL },
    { "dateTime", "2024-02-29T00:00:00Z", NULL },
    { "dateTime", "2024-02-29T00:00:00", ZONE },
    { "dateTime", "2024-02-29T00:00Z", "seconds of two digits, 00 to 60" },
    { "dateTime", "2024-02-29T24:00:00Z", "an hour of two digits, 00 to 23" },
    { "dateTime", "2024-02-29T", "an hour of two digits, 00 to 23" },
    { "dateTime", "2024-02-29T00:60:00Z", "minutes of two digits, 00 to 59" },
    { "dateTime", "2024-02-29T00:00:61Z", "seconds of two digits, 00 to 60" },
    { "dateTime", "2024-02-29T00:00:00.Z", "digits behind the point of the seconds" },
    { "dateTime", "2024-02T00:00:00Z", "a date, or YYYY-MM-DDThh:mm:ss with a time zone" },
    { "dateTime", "2024-02-29 00:00:00Z", "a date, or YYYY-MM-DDThh:mm:ss with a time zone" },
    { "dateTime", "2023-02-29T00:00:00Z", "a day that the month has" },

    { "instant", "2015-02-07T13:28:17.239+02:00", NULL },
    { "instant", "2017-01-01T00:00:00Z", NULL },
    { "instant", "2017-01-01T00:00:00+14:00", NULL },
    { "instant", "2017-01-01T00:00:00-13:59", NULL },
    { "instant", "2017-01-01T00:00:00+14:01", ZONE },
    { "instant", "2017-01-01T00:00:00+15:00", ZONE },
    { "instant", "2017-01-01T00:00:00+0200", ZONE },
    { "instant", "2017-01-01T00:00:00z", ZONE },
    { "instant", "2017-01-01T00:00:00Z ", ZONE },
    { "instant", "2017-01-01T00:00:00", ZONE },
    { "instant", "2017-01-01", "YYYY-MM-DDThh:mm:ss with a time zone" },
    { "instant", "2017", "YYYY-MM-DDThh:mm:ss with a time zone" },

    { "time", "00:00:00", NULL },
    { "time", "23:59:59.9", NULL },
    { "time", "00:00", "seconds of two digits, 00 to 60" },
    { "time", "00:00:00Z", "a time hh:mm:ss without a zone" },
    { "time", "T00:00:00", "an hour of two digits, 00 to 23" },

    { "HumanName", "x", "a type that is primitive" },
};

static void each_type_knows_its_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const char *reason = "";
        bool is_valid =
            primitive_check(str_of(CASES[i].type), str_of(CASES[i].text), PRIMITIVE_ANY, &reason);
        if (is_valid != !CASES[i].reason || (!is_valid && strcmp(reason, CASES[i].reason)))
            fail_msg("%s '%s': %s", CASES[i].type, CASES[i].text, reason);
    }
}

static const struct {
    const char *type, *text;
    enum primitive_form form;
    const char *reason;
} FORMS[] = {
    { "boolean", "true", PRIMITIVE_BOOLEAN, NULL },
    { "boolean", "true", PRIMITIVE_STRING, "true or false without quotes" },
    { "integer", "1", PRIMITIVE_NUMBER, NULL },
    { "integer", "1", PRIMITIVE_STRING, "a JSON number" },
    { "decimal", "1", PRIMITIVE_BOOLEAN, "a JSON number" },
    { "string", "1", PRIMITIVE_NUMBER, "a JSON string" },
    { "string", "1", PRIMITIVE_STRING, NULL },
};

static void json_has_numbers_and_booleans_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(FORMS); i++) {
        const char *reason = "";
        bool is_valid =
            primitive_check(str_of(FORMS[i].type), str_of(FORMS[i].text), FORMS[i].form, &reason);
        assert_int_equal(is_valid, !FORMS[i].reason);
        if (!is_valid)
            assert_string_equal(reason, FORMS[i].reason);
    }
}

static void strings_are_counted_in_characters(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t most = PRIMITIVE_MOST_CHARACTERS;
    const char *reason = "";
    char *bytes = arena_alloc(arena, most + 2);
    memset(bytes, 'x', most + 2);
    struct str text = { bytes, most + 1 };
    assert_false(primitive_check(STR("string"), text, PRIMITIVE_STRING, &reason));
    assert_string_equal(reason, "at most 1048576 characters");
    memcpy(bytes, "\xc3\xa9", 2);
    assert_true(primitive_check(STR("string"), text, PRIMITIVE_STRING, &reason));
    text.len++;
    assert_false(primitive_check(STR("string"), text, PRIMITIVE_STRING, &reason));
}

static void primitive_types_are_told_from_others(void **state)
{
    (void)state;
    assert_true(primitive_is_type(STR("base64Binary")));
    assert_false(primitive_is_type(STR("Quantity")));
    assert_false(primitive_is_type(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_knows_its_values),
        cmocka_unit_test(json_has_numbers_and_booleans_of_its_own),
        cmocka_unit_test(strings_are_counted_in_characters),
        cmocka_unit_test(primitive_types_are_told_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
