/* registry_test.c - files of clients, what is wrong with them, and whom certificates are. */
#include "resources/base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "server/security/registry.h"

#define HEX16 "0123456789abcdef"
#define SPKI HEX16 HEX16 HEX16 HEX16
#define PLAN "[client plan]\nauthority = ca\ncertificate = spki-sha256:" SPKI "\n"

static const char GOOD[] = "# clients\n\n" PLAN "certificate = san:urn:plan\n"
                           "organization = Organization/p1\nparty-role = mltc-plan\n"
                           "scopes = system/CarePlan.cruds, system/*.rs\n"
                           "scopes = system/Task.u\npurposes = TREAT HOPERAT\n"
                           "[client app]\r\nauthority = other\r\ncertificate = san:urn:app\r\n"
                           "patient = Patient/m1\r\npractitioner-role = PractitionerRole/r\r\n"
                           "jwks = https://app.example/jwks\r\n";

/* Two organizations with bases, on ten lines. */
#define BASES                                                                                      \
    "[client a]\nauthority = ca\ncertificate = san:urn:a\norganization = Organization/a\n"         \
    "base = https://a.example/fhir\n"                                                              \
    "[client b]\nauthority = ca\ncertificate = san:urn:b\norganization = Organization/b\n"         \
    "base = https://b.example:9443/fhir\n"

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static bool is_type(void *context, struct str type)
{
    (void)context;
    return str_is(type, "CarePlan") || str_is(type, "Task") || str_is(type, "Organization");
}

struct fixture {
    char path[64];
    struct arena *arena;
    struct issues issues;
    struct str authorities[2], public[1];
    struct registry_options options;
};

static int open_fixture(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    snprintf(fixture->path, sizeof fixture->path, "/tmp/registry_test.%d.ini", (int)getpid());
    issues_init(&fixture->issues, arena, STR(""));
    fixture->authorities[0] = STR("ca");
    fixture->authorities[1] = STR("other");
    fixture->public[0] = STR("Organization");
    fixture->options = (struct registry_options){ .path = fixture->path,
                                                  .authorities = fixture->authorities,
                                                  .authority_count = 2,
                                                  .public_types = fixture->public,
                                                  .public_count = 1,
                                                  .is_type = is_type };
    *state = fixture;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->path);
    arena_close(fixture->arena);
    return 0;
}

static struct http_peer peer_of(const char *authority, const char *spki, const struct str *uris,
                                size_t count)
{
    return (struct http_peer){ .authority = str_of(authority),
                               .spki_sha256 = str_of(spki),
                               .uris = uris,
                               .uri_count = count };
}

static void clients_are_found_by_what_their_certificates_hold(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *authority, *spki, *uris[2], *client;
    } CASES[] = {
        { "ca", SPKI, { "urn:x" }, "plan" },
        { "ca", "00", { "urn:x", "urn:plan" }, "plan" },
        { "other", "00", { "urn:app" }, "app" },
        { "other", SPKI, { "urn:plan" }, NULL }, /* the right key under the wrong CA */
        { "ca", "00", { "urn:app" }, NULL },
        { "ca", "00", { "urn:PLAN" }, NULL },
        { "", "", { "" }, NULL },
    };
    write_file(fixture->path, GOOD);
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    assert_int_equal(registry_count(registry), 2);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const struct str uris[] = { str_of(CASES[i].uris[0]), str_of(CASES[i].uris[1]) };
        struct http_peer peer = peer_of(CASES[i].authority, CASES[i].spki, uris, COUNT(uris));
        const struct viewer *viewer = registry_find(registry, &peer, fixture->arena);
        assert_int_equal(viewer != NULL, CASES[i].client != NULL);
        if (viewer)
            assert_true(str_is(viewer->client, CASES[i].client));
    }
    assert_true(
        str_is(registry_jwks(registry, STR("app"), fixture->arena), "https://app.example/jwks"));
    assert_int_equal(registry_jwks(registry, STR("nobody"), fixture->arena).len, 0);
    registry_close(registry);
}

static void an_address_is_its_organizations_or_not(void **state)
{
    static const struct {
        const char *organization, *address;
        enum registry_address found;
    } CASES[] = {
        { "Organization/a", "https://a.example/fhir", REGISTRY_AT_BASE },
        { "Organization/a", "https://a.example/fhir/tenant", REGISTRY_AT_BASE },
        { "Organization/a", "https://a2.example/fhir", REGISTRY_AT_BASE },
        { "Organization/a", "https://b.example:9443/fhir", REGISTRY_ELSEWHERE },
        { "Organization/a", "https://a.example:8443/fhir", REGISTRY_ELSEWHERE },
        { "Organization/p1", "https://a.example/fhir", REGISTRY_NO_BASE },
        { "Organization/x", "https://a.example/fhir", REGISTRY_STRANGER },
        { "", "https://a.example/fhir", REGISTRY_STRANGER },
    };
    struct fixture *fixture = *state;
    struct str text = str_print(
        fixture->arena,
        "%s%s[client a2]\nauthority = ca\ncertificate = san:urn:a2\norganization = Organization/a\n"
        "base = https://a2.example/fhir\n[client a3]\nauthority = ca\ncertificate = san:urn:a3\n"
        "organization = Organization/a\n",
        GOOD, BASES);
    write_file(fixture->path, text.data);
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct url url;
        assert_true(url_parse(&url, str_of(CASES[i].address)));
        if (registry_find_address(registry, str_of(CASES[i].organization), &url) != CASES[i].found)
            fail_msg("%s at %s", CASES[i].organization, CASES[i].address);
    }
    registry_close(registry);
}

static void identifiers_of_a_base_are_its_organizations_to_give(void **state)
{
    static const struct {
        const char *organization, *system;
        bool is_others;
    } CASES[] = {
        { "Organization/a", "https://a.example/fhir", false },
        { "Organization/b", "https://a.example/fhir", true },
        { "", "https://a.example/fhir", true },
        { "Organization/b", "https://a.example", false },
        { "Organization/b", "urn:mrn", false },
    };
    struct fixture *fixture = *state;
    write_file(fixture->path, BASES);
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct viewer viewer = { .organization = str_of(CASES[i].organization) };
        if (registry_is_others_base(registry, &viewer, str_of(CASES[i].system)) !=
            CASES[i].is_others)
            fail_msg("%s gives %s", CASES[i].organization, CASES[i].system);
    }
    registry_close(registry);
}

static void names_of_two_clients_are_nobody(void **state)
{
    struct fixture *fixture = *state;
    const struct str uris[] = { STR("urn:a"), STR("urn:b") };
    struct http_peer peer = peer_of("ca", "00", uris, 2);
    write_file(fixture->path, "[client a]\nauthority=ca\ncertificate=san:urn:a\n"
                              "[client b]\nauthority=ca\ncertificate=san:urn:b\n");
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    assert_null(registry_find(registry, &peer, fixture->arena));
    peer.uri_count = 1;
    assert_non_null(registry_find(registry, &peer, fixture->arena));
    registry_close(registry);
}

static void a_viewer_may_what_its_scopes_say(void **state)
{
    struct fixture *fixture = *state;
    struct http_peer peer = peer_of("ca", SPKI, NULL, 0);
    write_file(fixture->path, GOOD);
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    const struct viewer *plan = registry_find(registry, &peer, fixture->arena);
    const struct viewer *nobody = registry_find(registry, NULL, fixture->arena);
    assert_true(str_is(plan->organization, "Organization/p1"));
    assert_true(str_is(plan->party_role, "mltc-plan"));
    assert_int_equal(plan->purpose_count, 2);
    assert_true(str_is(plan->purposes[1], "HOPERAT"));
    assert_true(viewer_may(plan, STR("CarePlan"), ACT_DELETE));
    assert_true(viewer_may(plan, STR("Goal"), ACT_READ));
    assert_true(viewer_may(plan, STR("Goal"), ACT_SEARCH));
    assert_false(viewer_may(plan, STR("Goal"), ACT_CREATE));
    assert_true(viewer_may(plan, STR("Task"), ACT_UPDATE));
    assert_false(viewer_may(plan, STR("Task"), ACT_DELETE));
    assert_false(plan->is_anonymous || plan->is_tester || plan->is_server);
    assert_true(nobody->is_anonymous);
    assert_true(viewer_may(nobody, STR("Organization"), ACT_SEARCH));
    assert_false(viewer_may(nobody, STR("Organization"), ACT_UPDATE));
    assert_false(viewer_may(nobody, STR("Patient"), ACT_READ));
    registry_close(registry);
    assert_true(str_is(plan->client, "plan")); /* a copy outlives the registry */
}

static void in_dev_everyone_is_the_tester(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.path = NULL;
    fixture->options.is_dev = true;
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    const struct viewer *viewer = registry_find(registry, NULL, fixture->arena);
    assert_true(viewer->is_tester && viewer_may(viewer, STR("Patient"), ACT_DELETE));
    registry_close(registry);
}

static void a_wrong_file_names_its_line(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *issue;
    } CASES[] = {
        { "x = y\n", 1, "a line before the first [client NAME]: 'x'" },
        { "[plan]\n", 1, "a section is [client NAME]: 'plan'" },
        { "[client ]\n", 1, "a section is [client NAME]: 'client'" },
        { "\n[client a\n", 2, "neither [section] nor name = value: '[client a'" },
        { PLAN "nonsense\n", 4, "neither [section] nor name = value: 'nonsense'" },
        { PLAN "colour = red\n", 4, "a client has no such key: 'colour'" },
        { PLAN "scopes =\n", 4, "there is no value: 'scopes'" },
        { PLAN "[client plan]\n", 4, "the client is given twice: 'plan'" },
        { PLAN "authority = ca\n", 4, "authority is given twice: 'ca'" },
        { "[client a]\nauthority = nobody\n", 2, "no tls-ca has this name: 'nobody'" },
        { "[client a]\ncertificate = san:urn:a\n", 2,
          "authority must be given before certificate: 'san:urn:a'" },
        { "[client a]\n\n[client b]\n", 1, "the client has neither certificate nor jwks: 'a'" },
        { PLAN "certificate = spki-sha256:ABC\n", 4,
          "neither spki-sha256: and 64 lower-case hex digits nor san: and a URI: "
          "'spki-sha256:ABC'" },
        { PLAN "certificate = san:nouri\n", 4,
          "neither spki-sha256: and 64 lower-case hex digits nor san: and a URI: 'san:nouri'" },
        { PLAN "certificate = spki-sha256:" SPKI "\n", 4,
          "the certificate is already a client's: 'spki-sha256:" SPKI "'" },
        { PLAN "party-role = king\n", 4, "not a code of party-role: 'king'" },
        { PLAN "organization = Patient/1\n", 4, "not a reference Organization/id: 'Patient/1'" },
        { PLAN "patient = Patient/\n", 4, "not a reference Patient/id: 'Patient/'" },
        { PLAN "base = https://a/fhir/\n", 4,
          "base is https://host[:port][/path] without a slash at its end: 'https://a/fhir/'" },
        { PLAN "base = https://a/%66hir\n", 4,
          "base is https://host[:port][/path] without a slash at its end: 'https://a/%66hir'" },
        { PLAN "base = https://a/fhir\n", 1, "the client has a base and no organization: 'plan'" },
        { BASES "[client c]\nauthority = ca\ncertificate = san:urn:c\n"
                "organization = Organization/c\nbase = https://a.example/fhir/c\n",
          11, "the base is another organization's: 'https://a.example/fhir/c'" },
        { BASES "[client c]\nauthority = ca\ncertificate = san:urn:c\n"
                "organization = Organization/c\nbase = https://B.example:9443\n",
          11, "the base is another organization's: 'https://B.example:9443'" },
        { PLAN "jwks = http://a\n", 4, "jwks is an https URL or an absolute path: 'http://a'" },
        { PLAN "scopes = system/CarePlan.rs?category=x\n", 4,
          "a scope with a query is not supported: 'system/CarePlan.rs?category=x'" },
        { PLAN "scopes = user/CarePlan.rs\n", 4,
          "a scope begins with system/: 'user/CarePlan.rs'" },
        { PLAN "scopes = system/CarePlan.read\n", 4,
          "a scope ends with letters of cruds, in that order: 'system/CarePlan.read'" },
        { PLAN "scopes = system/CarePlan.sr\n", 4,
          "a scope ends with letters of cruds, in that order: 'system/CarePlan.sr'" },
        { PLAN "scopes = system/CarePlan\n", 4,
          "a scope ends with letters of cruds, in that order: 'system/CarePlan'" },
        { PLAN "scopes = system/CarePaln.rs\n", 4,
          "a scope names * or a resource type: 'system/CarePaln.rs'" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        issues_init(&issues, fixture->arena, STR(""));
        write_file(fixture->path, CASES[i].text);
        assert_null(registry_open(&fixture->options, &issues));
        assert_int_equal(issues.count, 1);
        if (!str_is(issues.first->diagnostics, CASES[i].issue) ||
            issues.first->line != CASES[i].line)
            fail_msg("line %d: " STR_FMT "\nwanted line %d: %s", issues.first->line,
                     STR_ARG(issues.first->diagnostics), CASES[i].line, CASES[i].issue);
    }
}

static void a_reload_takes_all_or_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct http_peer peer = peer_of("ca", SPKI, NULL, 0);
    write_file(fixture->path, GOOD);
    struct registry *registry = registry_open(&fixture->options, &fixture->issues);
    assert_non_null(registry);
    write_file(fixture->path, "[client b]\nauthority=ca\ncertificate=san:urn:b\nx=y\n");
    assert_false(registry_reload(registry, &fixture->issues));
    assert_non_null(registry_find(registry, &peer, fixture->arena));
    write_file(fixture->path, "[client b]\nauthority=ca\ncertificate=san:urn:b\n");
    assert_true(registry_reload(registry, &fixture->issues));
    assert_null(registry_find(registry, &peer, fixture->arena));
    unlink(fixture->path);
    assert_false(registry_reload(registry, &fixture->issues));
    assert_int_equal(registry_count(registry), 1);
    registry_close(registry);
}

#define WITH_FILE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILE(clients_are_found_by_what_their_certificates_hold),
        WITH_FILE(an_address_is_its_organizations_or_not),
        WITH_FILE(identifiers_of_a_base_are_its_organizations_to_give),
        WITH_FILE(names_of_two_clients_are_nobody),
        WITH_FILE(a_viewer_may_what_its_scopes_say),
        WITH_FILE(in_dev_everyone_is_the_tester),
        WITH_FILE(a_wrong_file_names_its_line),
        WITH_FILE(a_reload_takes_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
