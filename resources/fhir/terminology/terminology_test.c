/* terminology_test.c - membership by lists, systems, filters, imports and grammars; R4's own value
 * sets where the definitions are built. */
#include "resources/fhir/terminology/terminology.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"

/* animals: a tree; bird stands below two parents. */
static const char *const RESOURCES[] = {
    "{'resourceType':'CodeSystem','url':'animals','content':'complete','caseSensitive':true,"
    "'concept':[{'code':'animal','display':'Animal','concept':["
    "{'code':'cat','display':'Cat','property':[{'code':'legs','valueInteger':4}]},"
    "{'code':'snake','property':[{'code':'legs','valueInteger':0}]}]},"
    "{'code':'flyer','property':[{'code':'child','valueCode':'bird'}]},"
    "{'code':'bird','property':[{'code':'parent','valueCode':'animal'},"
    "{'code':'legs','valueInteger':2}]},{'code':'stone'}]}",
    "{'resourceType':'CodeSystem','url':'loud','content':'complete','caseSensitive':false,"
    "'concept':[{'code':'Yes'},{'code':'No'}]}",
    "{'resourceType':'CodeSystem','url':'part','content':'fragment','concept':[{'code':'here'}]}",
    "{'resourceType':'ValueSet','url':'whole','version':'1','compose':{'include':[{'system':"
    "'animals'}]}}",
    "{'resourceType':'ValueSet','url':'listed','compose':{'include':[{'system':'animals','concept':"
    "[{'code':'cat'}]},{'system':'elsewhere','concept':[{'code':'x'}]}]}}",
    "{'resourceType':'ValueSet','url':'quiet','compose':{'include':[{'system':'loud','concept':["
    "{'code':'Yes'}]}]}}",
    "{'resourceType':'ValueSet','url':'isa','compose':{'include':[{'system':'animals','filter':["
    "{'property':'concept','op':'is-a','value':'animal'}]}]}}",
    "{'resourceType':'ValueSet','url':'below','compose':{'include':[{'system':'animals','filter':["
    "{'property':'concept','op':'descendent-of','value':'flyer'}]}]}}",
    "{'resourceType':'ValueSet','url':'nota','compose':{'include':[{'system':'animals','filter':["
    "{'property':'concept','op':'is-not-a','value':'animal'}]}]}}",
    "{'resourceType':'ValueSet','url':'legs','compose':{'include':[{'system':'animals','filter':["
    "{'property':'legs','op':'=','value':'4'}]}]}}",
    "{'resourceType':'ValueSet','url':'few','compose':{'include':[{'system':'animals','filter':["
    "{'property':'legs','op':'in','value':'0, 2'},{'property':'concept','op':'is-a','value':"
    "'animal'}]}]}}",
    "{'resourceType':'ValueSet','url':'legless','compose':{'include':[{'system':'animals','filter':"
    "["
    "{'property':'legs','op':'exists','value':'false'}]}]}}",
    "{'resourceType':'ValueSet','url':'regex','compose':{'include':[{'system':'animals','filter':["
    "{'property':'code','op':'regex','value':'c.*'}]}]}}",
    "{'resourceType':'ValueSet','url':'fragment','compose':{'include':[{'system':'part'}]}}",
    "{'resourceType':'ValueSet','url':'unloaded','compose':{'include':[{'system':'elsewhere'}]}}",
    "{'resourceType':'ValueSet','url':'tame','compose':{'include':[{'system':'animals'}],'exclude':"
    "["
    "{'system':'animals','concept':[{'code':'snake'}]}]}}",
    "{'resourceType':'ValueSet','url':'doubtful','compose':{'include':[{'system':'animals'}],"
    "'exclude':[{'valueSet':['unloaded']}]}}",
    "{'resourceType':'ValueSet','url':'both','compose':{'include':[{'valueSet':['isa','few']}]}}",
    "{'resourceType':'ValueSet','url':'circle','compose':{'include':[{'valueSet':['circle']},"
    "{'valueSet':['circle']},{'system':'animals','concept':[{'code':'cat'}]}]}}",
    "{'resourceType':'ValueSet','url':'units','compose':{'include':[{'system':"
    "'http://unitsofmeasure.org'}]}}",
    "{'resourceType':'ValueSet','url':'expanded','expansion':{'contains':[{'system':'a','code':'1',"
    "'contains':[{'system':'b','code':'2'}]},{'abstract':true,'system':'a','code':'3'}]}}",
    "{'resourceType':'ValueSet','url':'twice','version':'1','compose':{'include':[{'system':'a',"
    "'concept':[{'code':'1'}]}]}}",
    "{'resourceType':'ValueSet','url':'twice','version':'2','compose':{'include':[{'system':'a',"
    "'concept':[{'code':'2'}]}]}}",
};

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct definitions *definitions;
    struct terminology *terminology;
};

static void write_resources(const char *path, struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, arena, 1 << 16);
    buf_add(&buf, STR("{'resourceType':'Bundle','entry':["));
    for (size_t i = 0; i < COUNT(RESOURCES); i++)
        buf_print(&buf, "%s{'resource':%s}", i ? "," : "", RESOURCES[i]);
    buf_add(&buf, STR("]}"));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < buf.len; i++)
        fputc(buf.data[i] == '\'' ? '"' : buf.data[i], file);
    assert_int_equal(fclose(file), 0);
}

static struct fixture *open_fixture(const char *path)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, (struct str){ "", 0 });
    if (path) {
        fixture->definitions = definitions_open(&path, 1, &fixture->issues);
        assert_non_null(fixture->definitions);
        fixture->terminology = terminology_open(fixture->definitions);
    }
    return fixture;
}

static int set_up(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str input = str_print(arena, "/tmp/terminology_test.%ld.json", (long)getpid());
    struct str output = str_print(arena, "/tmp/terminology_test.%ld.db", (long)getpid());
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    write_resources(input.data, arena);
    struct definitions_source source = { .inputs = &input.data,
                                         .input_count = 1,
                                         .package = "small#1" };
    assert_true(definitions_compile(output.data, &source, &issues));
    *state = open_fixture(output.data);
    unlink(input.data);
    unlink(output.data);
    return 0;
}

/* R4's own definitions, where they are built. */
static int set_up_r4(void **state)
{
    static const char PATH[] = "build/definitions.db";
    *state = open_fixture(access(PATH, R_OK) == 0 ? PATH : NULL);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    terminology_close(fixture->terminology);
    definitions_close(fixture->definitions);
    arena_close(fixture->arena);
    return 0;
}

struct claim {
    const char *value_set, *system, *code;
    enum membership want;
};

static void check_claims(struct terminology *terminology, const struct claim *claims, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct claim *c = &claims[i];
        enum membership got = terminology_contains(terminology, str_of(c->value_set),
                                                   str_of(c->system), str_of(c->code));
        if (got != c->want)
            fail_msg("%s of %s in %s: %d, not %d", c->code, c->system, c->value_set, (int)got,
                     (int)c->want);
    }
}

static const struct claim SMALL[] = {
    { "whole", "animals", "cat", MEMBER_YES },
    { "whole", "animals", "Cat", MEMBER_NO },
    { "whole", "", "cat", MEMBER_YES },
    { "whole", "elsewhere", "cat", MEMBER_NO },
    { "whole|1", "animals", "cat", MEMBER_YES },
    { "whole|7", "animals", "cat", MEMBER_YES },
    { "nowhere", "animals", "cat", MEMBER_UNKNOWN },
    { "listed", "animals", "cat", MEMBER_YES },
    { "listed", "animals", "snake", MEMBER_NO },
    { "listed", "elsewhere", "x", MEMBER_YES },
    { "listed", "elsewhere", "y", MEMBER_NO },
    { "listed", "", "x", MEMBER_YES },
    { "quiet", "loud", "YES", MEMBER_YES },
    { "quiet", "loud", "no", MEMBER_NO },
    { "isa", "animals", "animal", MEMBER_YES },
    { "isa", "animals", "snake", MEMBER_YES },
    { "isa", "animals", "bird", MEMBER_YES },
    { "isa", "animals", "stone", MEMBER_NO },
    { "below", "animals", "bird", MEMBER_YES },
    { "below", "animals", "flyer", MEMBER_NO },
    { "nota", "animals", "stone", MEMBER_YES },
    { "nota", "animals", "cat", MEMBER_NO },
    { "legs", "animals", "cat", MEMBER_YES },
    { "legs", "animals", "snake", MEMBER_NO },
    { "few", "animals", "snake", MEMBER_YES },
    { "few", "animals", "bird", MEMBER_YES },
    { "few", "animals", "cat", MEMBER_NO },
    { "legless", "animals", "stone", MEMBER_YES },
    { "legless", "animals", "snake", MEMBER_NO },
    { "regex", "animals", "cat", MEMBER_UNKNOWN },
    { "regex", "animals", "unicorn", MEMBER_NO },
    { "fragment", "part", "here", MEMBER_YES },
    { "fragment", "part", "there", MEMBER_UNKNOWN },
    { "unloaded", "elsewhere", "x", MEMBER_UNKNOWN },
    { "unloaded", "animals", "cat", MEMBER_NO },
    { "tame", "animals", "cat", MEMBER_YES },
    { "tame", "animals", "snake", MEMBER_NO },
    { "doubtful", "animals", "cat", MEMBER_YES },
    { "doubtful", "", "cat", MEMBER_UNKNOWN },
    { "both", "animals", "snake", MEMBER_YES },
    { "both", "animals", "cat", MEMBER_NO },
    { "circle", "animals", "cat", MEMBER_YES },
    { "circle", "animals", "snake", MEMBER_UNKNOWN },
    { "units", "http://unitsofmeasure.org", "mg/dL", MEMBER_YES },
    { "units", "http://unitsofmeasure.org", "mg dL", MEMBER_NO },
    { "expanded", "a", "1", MEMBER_YES },
    { "expanded", "b", "2", MEMBER_YES },
    { "expanded", "a", "2", MEMBER_NO },
    { "expanded", "a", "3", MEMBER_NO },
    { "twice|2", "a", "2", MEMBER_YES },
    { "twice|1", "a", "2", MEMBER_NO },
    { "twice", "a", "1", MEMBER_YES },
    { "twice|3", "a", "1", MEMBER_UNKNOWN },
};

static void codes_are_in_value_sets_or_not_or_it_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    check_claims(fixture->terminology, SMALL, COUNT(SMALL));
}

static void systems_tell_codes_displays_and_properties(void **state)
{
    struct fixture *fixture = *state;
    struct terminology *t = fixture->terminology;
    bool is_known = false;
    assert_true(terminology_has_code(t, STR("animals"), STR("cat"), &is_known));
    assert_true(is_known);
    assert_true(terminology_has_code(t, STR("animals"), STR("dog"), &is_known));
    assert_false(is_known);
    assert_true(terminology_has_code(t, STR("part"), STR("here"), &is_known));
    assert_false(terminology_has_code(t, STR("part"), STR("there"), &is_known));
    assert_false(terminology_has_code(t, STR("elsewhere"), STR("x"), &is_known));
    assert_true(str_is(terminology_display(t, STR("animals"), STR("cat")), "Cat"));
    assert_true(str_is(terminology_display(t, STR("animals"), STR("dog")), ""));
    assert_true(str_is(terminology_display(t, STR("elsewhere"), STR("dog")), ""));
    struct str code = terminology_code_with(t, STR("animals"), STR("legs"), STR("2"));
    assert_true(str_is(code, "bird"));
    assert_true(str_is(terminology_code_with(t, STR("animals"), STR("legs"), STR("9")), ""));
    assert_true(str_is(terminology_code_with(t, STR("elsewhere"), STR("legs"), STR("2")), ""));
}

static const struct claim GRAMMAR[] = {
    { NULL, "urn:ietf:bcp:13", "application/fhir+json", MEMBER_YES },
    { NULL, "urn:ietf:bcp:13", "text/plain; charset=UTF-8", MEMBER_YES },
    { NULL, "urn:ietf:bcp:13", "text/plain;charset", MEMBER_NO },
    { NULL, "urn:ietf:bcp:13", "text", MEMBER_NO },
    { NULL, "urn:ietf:bcp:13", "text/", MEMBER_NO },
    { NULL, "urn:ietf:bcp:13", "text/a b", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "zh-Hant-TW", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "de-CH-1996", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "x-private", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "x", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "e", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en-", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en_US", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "english-123456789", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "1", MEMBER_YES },
    { NULL, "http://unitsofmeasure.org", "mm[Hg]", MEMBER_YES },
    { NULL, "http://unitsofmeasure.org", "{score}", MEMBER_YES },
    { NULL, "http://unitsofmeasure.org", "kg/(m.s2)", MEMBER_YES },
    { NULL, "http://unitsofmeasure.org", "", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "mm[Hg", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "(m", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "m)", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "m]", MEMBER_NO },
    { NULL, "urn:iso:std:iso:4217", "USD", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:4217", "usd", MEMBER_NO },
    { NULL, "urn:iso:std:iso:4217", "US$", MEMBER_NO },
    { NULL, "urn:iso:std:iso:3166", "US", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:3166", "840", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:3166", "U", MEMBER_NO },
};

static void grammars_decide_where_there_is_no_list(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(GRAMMAR); i++) {
        bool is_known = false;
        bool is_decided = terminology_has_code(fixture->terminology, str_of(GRAMMAR[i].system),
                                               str_of(GRAMMAR[i].code), &is_known);
        enum membership got = !is_decided ? MEMBER_UNKNOWN : is_known ? MEMBER_YES : MEMBER_NO;
        if (got != GRAMMAR[i].want)
            fail_msg("'%s' of %s: %d", GRAMMAR[i].code, GRAMMAR[i].system, (int)got);
    }
}

#define VS "http://hl7.org/fhir/ValueSet/"
#define THO "http://terminology.hl7.org/"
static const struct claim R4[] = {
    { VS "request-status|4.0.1", "", "active", MEMBER_YES },
    { VS "request-status|4.0.1", "", "Active", MEMBER_NO },
    { VS "request-status|4.0.1", "", "pending", MEMBER_NO },
    { VS "care-plan-intent|4.0.1", "", "plan", MEMBER_YES },
    { VS "care-plan-intent|4.0.1", "", "original-order", MEMBER_NO },
    { VS "administrative-gender|4.0.1", "http://hl7.org/fhir/administrative-gender", "female",
      MEMBER_YES },
    { VS "observation-status|4.0.1", "", "entered-in-error", MEMBER_YES },
    { VS "mimetypes|4.0.1", "", "application/pdf", MEMBER_YES },
    { VS "mimetypes|4.0.1", "", "pdf", MEMBER_NO },
    { VS "languages", "", "en-US", MEMBER_YES },
    { VS "all-languages|4.0.1", "urn:ietf:bcp:47", "de", MEMBER_YES },
    { VS "ucum-units|4.0.1", "http://unitsofmeasure.org", "mg", MEMBER_YES },
    { VS "currencies|4.0.1", "", "USD", MEMBER_UNKNOWN },
    { VS "condition-code", "http://snomed.info/sct", "38341003", MEMBER_UNKNOWN },
    { VS "marital-status", THO "CodeSystem/v3-MaritalStatus", "M", MEMBER_YES },
    { VS "marital-status", THO "CodeSystem/v3-NullFlavor", "UNK", MEMBER_YES },
    { VS "marital-status", THO "CodeSystem/v3-MaritalStatus", "Q", MEMBER_NO },
    { THO "ValueSet/v3-ActCoverageTypeCode", THO "CodeSystem/v3-ActCode", "PUBLICPOL", MEMBER_YES },
    { THO "ValueSet/v3-ActCoverageTypeCode", THO "CodeSystem/v3-ActCode", "AMB", MEMBER_NO },
    { THO "ValueSet/v3-PurposeOfUse", THO "CodeSystem/v3-ActReason", "TREAT", MEMBER_YES },
    { THO "ValueSet/v3-PurposeOfUse", THO "CodeSystem/v3-ActReason", "CAREMGT", MEMBER_YES },
    { VS "security-labels", THO "CodeSystem/v3-Confidentiality", "R", MEMBER_YES },
    { VS "detectedissue-status", "", "final", MEMBER_UNKNOWN },
    { VS "resource-types|4.0.1", "", "CarePlan", MEMBER_YES },
    { VS "resource-types|4.0.1", "", "SubscriptionStatus", MEMBER_NO },
    { VS "all-types|4.0.1", "", "HumanName", MEMBER_YES },
};

static void the_value_sets_of_r4_are_known(void **state)
{
    struct fixture *fixture = *state;
    if (!fixture->terminology) {
        print_message("build/definitions.db is not built\n");
        skip();
    }
    check_claims(fixture->terminology, R4, COUNT(R4));
    struct str display = terminology_display(
        fixture->terminology, STR("http://hl7.org/fhir/request-status"), STR("on-hold"));
    assert_true(str_is(display, "On Hold"));
}

static void *ask(void *context)
{
    struct terminology *t = context;
    for (size_t i = 0; i < COUNT(SMALL); i++)
        if (terminology_contains(t, str_of(SMALL[i].value_set), str_of(SMALL[i].system),
                                 str_of(SMALL[i].code)) != SMALL[i].want)
            return NULL;
    return t;
}

static void threads_may_ask_at_once(void **state)
{
    struct fixture *fixture = *state;
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask, fixture->terminology), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, fixture->terminology);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(codes_are_in_value_sets_or_not_or_it_is_not_known),
        CASE(systems_tell_codes_displays_and_properties),
        CASE(grammars_decide_where_there_is_no_list),
        CASE(threads_may_ask_at_once),
        cmocka_unit_test_setup_teardown(the_value_sets_of_r4_are_known, set_up_r4, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
