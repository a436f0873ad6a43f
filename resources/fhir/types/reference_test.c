/* reference_test.c - references and canonicals, piece by piece. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/types/reference.h"

#define UUID "c757873d-ec9a-4326-a141-556f43239520"

static const char *const KINDS[] = {
    [REFERENCE_RELATIVE] = "relative",
    [REFERENCE_ABSOLUTE] = "absolute",
    [REFERENCE_CONDITIONAL] = "conditional",
    [REFERENCE_CONTAINED] = "contained",
    [REFERENCE_UUID] = "uuid",
    [REFERENCE_OID] = "oid",
    [REFERENCE_OTHER] = "other",
};

static const struct {
    const char *text;
    const char *pieces; /* kind base type id version query fragment, with bars between */
} CASES[] = {
    { "Patient/1", "relative||Patient|1||||" },
    { "Patient/a-b.C/_history/3", "relative||Patient|a-b.C|3|||" },
    { "Patient/1#x", "relative||Patient|1|||x|" },
    { "http://a.org/fhir/Patient/1", "absolute|http://a.org/fhir|Patient|1||||" },
    { "https://a.org:8443/x/y/CarePlan/1/_history/v2",
      "absolute|https://a.org:8443/x/y|CarePlan|1|v2|||" },
    { "http://a.org/Patient/1#c", "absolute|http://a.org|Patient|1|||c|" },
    { "http://a.org/fhir/ValueSet/x|2.0", "absolute|||||||" },
    { "http://a.org", "absolute|||||||" },
    { "http://a.org/Patient/1?x=y", "absolute|||||x=y||" },
    { "http://a.org/patient/1", "absolute|||||||" },
    { "http://a.org/Patient/1/", "absolute|||||||" },
    { "http://a.org/Patient/1/_history/", "absolute|||||||" },
    { "Patient?identifier=urn:x|1", "conditional||Patient|||identifier=urn:x|1||" },
    { "Patient?", "conditional||Patient|||||" },
    { "#p1", "contained||||||p1|" },
    { "#", "contained|||||||" },
    { "#a b", "other||||||a b|" },
    { "urn:uuid:" UUID, "uuid|||" UUID "||||" },
    { "urn:oid:1.2.3", "oid|||1.2.3||||" },
    { "urn:uuid:1", "other|||||||" },
    { "urn:oid:x", "other|||||||" },
    { "urn:other:1", "other|||||||" },
    { "", "other|||||||" },
    { "Patient", "other|||||||" },
    { "/Patient/1", "other|||||||" },
    { "Patient/", "other|||||||" },
    { "Patient/1 ", "other|||||||" },
    { "patient/1", "other|||||||" },
    { "Patient/1/_history", "other|||||||" },
    { "Patient/1/_history/2/3", "other|||||||" },
    { "_history/1", "other|||||||" },
    { "fhir/Patient/1", "other|||||||" },
    { "ftp://a.org/Patient/1", "other|||||||" },
    { "http://Patient/1", "absolute|||||||" },
};

static void references_come_apart(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct reference got = reference_parse(str_of(CASES[i].text));
        struct str pieces = str_print(
            arena, "%s|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT "|",
            KINDS[got.kind], STR_ARG(got.base), STR_ARG(got.type), STR_ARG(got.id),
            STR_ARG(got.version), STR_ARG(got.query), STR_ARG(got.fragment));
        if (strcmp(pieces.data, CASES[i].pieces) != 0)
            fail_msg("%s: %s", CASES[i].text, pieces.data);
    }
}

static void canonicals_come_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *url, *version, *fragment;
    } CANONICALS[] = {
        { "http://a.org/x", "http://a.org/x", "", "" },
        { "http://a.org/x|1.0", "http://a.org/x", "1.0", "" },
        { "http://a.org/x#f", "http://a.org/x", "", "f" },
        { "http://a.org/x|1.0#f", "http://a.org/x", "1.0", "f" },
        { "http://a.org/x|", "http://a.org/x", "", "" },
        { "#f", "", "", "f" },
        { "", "", "", "" },
    };
    for (size_t i = 0; i < COUNT(CANONICALS); i++) {
        struct canonical got = reference_parse_canonical(str_of(CANONICALS[i].text));
        assert_true(str_is(got.url, CANONICALS[i].url));
        assert_true(str_is(got.version, CANONICALS[i].version));
        assert_true(str_is(got.fragment, CANONICALS[i].fragment));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_come_apart),
        cmocka_unit_test(canonicals_come_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
