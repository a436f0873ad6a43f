/* url_test.c - which addresses are taken, and which lie at a base. */
#include "resources/base/test.h"

#include "server/security/url.h"

static const struct {
    const char *text;
    int port; /* 0: refused */
    const char *host, *path, *claim;
} TEXTS[] = {
    { "https://a.example/fhir", 443, "a.example", "/fhir", "the port of https is 443" },
    { "https://a.example:8443/fhir/r4//", 8443, "a.example", "/fhir/r4", "slashes at the end go" },
    { "https://a.example", 443, "a.example", "", "a path is not needed" },
    { "https://a.example/", 443, "a.example", "", "nor does one slash make one" },
    { "https://[2001:db8::1]:9443/x", 9443, "[2001:db8::1]", "/x", "an IPv6 address" },
    { "https://10.0.0.1/x", 443, "10.0.0.1", "/x", "an IPv4 address" },
    { "http://a.example/fhir", 0, "", "", "https alone" },
    { "HTTPS://a.example/fhir", 0, "", "", "in one spelling" },
    { "https://", 0, "", "", "no host" },
    { "https:///fhir", 0, "", "", "an empty host" },
    { "https://a@b.example/fhir", 0, "", "", "no user name" },
    { "https://a.example:443@b.example/fhir", 0, "", "", "which may look like a host" },
    { "https://a.example:/fhir", 0, "", "", "an empty port" },
    { "https://a.example:0/fhir", 0, "", "", "no port 0" },
    { "https://a.example:65536/fhir", 0, "", "", "nor one past the last" },
    { "https://a.example:+1/fhir", 0, "", "", "digits alone" },
    { "https://a.example/fhir?x=y", 0, "", "", "no query" },
    { "https://a.example/fhir#x", 0, "", "", "no fragment" },
    { "https://a.example/fhir/../admin", 0, "", "", "no way up" },
    { "https://a.example/./fhir", 0, "", "", "no way round" },
    { "https://a.example/fhir/%2e%2e/admin", 0, "", "", "nor a hidden one" },
    { "https://a.example//fhir", 0, "", "", "no empty segment" },
    { "https://a.example\\fhir", 0, "", "", "no backslash" },
    { "https://a.example /fhir", 0, "", "", "no blank" },
    { "https://[::1/fhir", 0, "", "", "an open bracket" },
    { "https://[::1]x/fhir", 0, "", "", "more behind the bracket" },
    { "https://[]/fhir", 0, "", "", "empty brackets" },
};

static void addresses_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        struct url url;
        bool is_taken = url_parse(&url, str_of(TEXTS[i].text));
        if (is_taken != (TEXTS[i].port != 0) ||
            (is_taken && (url.port != TEXTS[i].port || !str_is(url.host, TEXTS[i].host) ||
                          !str_is(url.path, TEXTS[i].path))))
            fail_msg("%s: %s", TEXTS[i].text, TEXTS[i].claim);
    }
}

static const struct {
    const char *url, *base;
    bool is_at;
    const char *claim;
} PLACES[] = {
    { "https://a.example/fhir", "https://a.example/fhir", true, "the base itself" },
    { "https://a.example/fhir/", "https://a.example/fhir", true, "a slash at the end aside" },
    { "https://a.example/fhir/tenant/1", "https://a.example/fhir", true, "below it" },
    { "https://A.Example:443/fhir", "https://a.example/fhir", true, "case and port of one host" },
    { "https://a.example/x", "https://a.example", true, "a base without a path" },
    { "https://a.example/fhirx", "https://a.example/fhir", false, "whole segments" },
    { "https://a.example/FHIR", "https://a.example/fhir", false, "the case of a path counts" },
    { "https://a.example", "https://a.example/fhir", false, "above it" },
    { "https://a.example:8443/fhir", "https://a.example/fhir", false, "another port" },
    { "https://b.example/fhir", "https://a.example/fhir", false, "another host" },
    { "https://a.example.evil.example/fhir", "https://a.example/fhir", false, "a longer host" },
    { "https://aa.example/fhir", "https://a.example/fhir", false, "a host that ends alike" },
};

static void an_address_is_at_its_base_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        struct url url, base;
        assert_true(url_parse(&url, str_of(PLACES[i].url)));
        assert_true(url_parse(&base, str_of(PLACES[i].base)));
        if (url_is_at(&url, &base) != PLACES[i].is_at)
            fail_msg("%s and %s: %s", PLACES[i].url, PLACES[i].base, PLACES[i].claim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_taken_apart),
        cmocka_unit_test(an_address_is_at_its_base_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
