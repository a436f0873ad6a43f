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
#define UNITS "node_modules/@lhncbc/ucum-lhc/data/ucumDefs.min.json"

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
    /* herbs: mint is retired, herb can not be chosen; two versions; one supplement. */
    "{'resourceType':'CodeSystem','url':'herbs','version':'1','content':'complete','valueSet':"
    "'all-herbs','concept':[{'code':'herb','display':'Herb','property':[{'code':'notSelectable',"
    "'valueBoolean':true}],'concept':[{'code':'mint','display':'Mint','property':[{'code':"
    "'inactive','valueBoolean':true}]},{'code':'Sage','display':'Common  Sage','designation':[{"
    "'language':'de','value':'Salbei'}]}]}]}",
    "{'resourceType':'CodeSystem','url':'herbs','version':'2','content':'complete','concept':["
    "{'code':'basil'}]}",
    "{'resourceType':'CodeSystem','url':'more-herbs','content':'supplement','supplements':'herbs',"
    "'concept':[{'code':'none','designation':[{'value':'nothing'}]},{'code':'mint','designation':"
    "[{'language':'fr-CH','value':'Menthe'}]}]}",
    "{'resourceType':'ValueSet','url':'live','compose':{'inactive':false,'include':[{'system':"
    "'herbs'}]}}",
    "{'resourceType':'ValueSet','url':'second','compose':{'include':[{'system':'herbs','version':"
    "'2'}]}}",
    "{'resourceType':'ValueSet','url':'third','compose':{'include':[{'system':'herbs','version':"
    "'3'}]}}",
    "{'resourceType':'ValueSet','url':'selectable','compose':{'include':[{'system':'herbs',"
    "'version':'1','filter':[{'property':'notSelectable','op':'=','value':'false'}]}]}}",
    "{'resourceType':'ValueSet','url':'notin','compose':{'include':[{'system':'animals','filter':["
    "{'property':'legs','op':'not-in','value':'0,4'}]}]}}",
    "{'resourceType':'ValueSet','url':'above','compose':{'include':[{'system':'animals','filter':["
    "{'property':'concept','op':'generalizes','value':'bird'}]}]}}",
    "{'resourceType':'ValueSet','url':'roots','compose':{'include':[{'system':'animals','filter':["
    "{'property':'parent','op':'exists','value':'false'}]}]}}",
    "{'resourceType':'ValueSet','url':'children','compose':{'include':[{'system':'animals',"
    "'filter':[{'property':'parent','op':'=','value':'animal'}]}]}}",
    "{'resourceType':'ValueSet','url':'shown','compose':{'include':[{'system':'animals','filter':["
    "{'property':'display','op':'regex','value':'[AC].*'}]}]}}",
    "{'resourceType':'ValueSet','url':'nopattern','compose':{'include':[{'system':'animals',"
    "'filter':[{'property':'code','op':'regex','value':'('}]}]}}",
    "{'resourceType':'ValueSet','url':'nosuch','compose':{'include':[{'system':'animals','filter':["
    "{'property':'wings','op':'=','value':'2'}]}]}}",
    "{'resourceType':'ValueSet','url':'costly','compose':{'include':[{'system':'aaa','filter':["
    "{'property':'code','op':'regex','value':'(a+)+[bd]'}]}]}}",
    "{'resourceType':'CodeSystem','url':'aaa','content':'complete','concept':[{'code':"
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac'}]}",
    "{'resourceType':'ValueSet','url':'common','compose':{'include':[{'system':'animals',"
    "'valueSet':['isa']}]}}",
    "{'resourceType':'ValueSet','url':'known-part','compose':{'include':[{'system':'elsewhere',"
    "'filter':[{'property':'x','op':'=','value':'y'}]}]},'expansion':{'contains':[{'system':"
    "'elsewhere','code':'in','display':'In'}]}}",
    "{'resourceType':'ValueSet','url':'mixed','compose':{'include':[{'system':'elsewhere'},"
    "{'system':'animals','concept':[{'code':'cat'}]}]}}",
    "{'resourceType':'ValueSet','url':'unsure','compose':{'include':[{'system':'part'}],"
    "'exclude':[{'system':'part','filter':[{'property':'x','op':'=','value':'y'}]}]}}",
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
    struct definitions_source source = {
        .inputs = &input.data, .input_count = 1, .units = UNITS, .package = "small#1"
    };
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
    { "regex", "animals", "cat", MEMBER_YES },
    { "regex", "animals", "snake", MEMBER_NO },
    { "regex", "animals", "unicorn", MEMBER_NO },
    { "live", "herbs", "Sage", MEMBER_YES },
    { "live", "herbs", "mint", MEMBER_NO },
    { "second", "herbs", "basil", MEMBER_YES },
    { "second", "herbs", "mint", MEMBER_NO },
    { "third", "herbs", "mint", MEMBER_UNKNOWN },
    { "all-herbs", "herbs", "mint", MEMBER_YES },
    { "all-herbs", "herbs", "sage", MEMBER_NO },
    { "selectable", "herbs", "herb", MEMBER_NO },
    { "selectable", "herbs", "mint", MEMBER_YES },
    { "notin", "animals", "bird", MEMBER_YES },
    { "notin", "animals", "stone", MEMBER_YES },
    { "notin", "animals", "cat", MEMBER_NO },
    { "above", "animals", "bird", MEMBER_YES },
    { "above", "animals", "animal", MEMBER_YES },
    { "above", "animals", "flyer", MEMBER_YES },
    { "above", "animals", "cat", MEMBER_NO },
    { "roots", "animals", "stone", MEMBER_YES },
    { "roots", "animals", "bird", MEMBER_NO },
    { "children", "animals", "bird", MEMBER_YES },
    { "children", "animals", "cat", MEMBER_YES },
    { "children", "animals", "animal", MEMBER_NO },
    { "shown", "animals", "cat", MEMBER_YES },
    { "shown", "animals", "stone", MEMBER_NO },
    { "nopattern", "animals", "cat", MEMBER_UNKNOWN },
    { "nosuch", "animals", "cat", MEMBER_UNKNOWN },
    { "costly", "aaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", MEMBER_UNKNOWN },
    { "common", "animals", "cat", MEMBER_YES },
    { "common", "animals", "stone", MEMBER_NO },
    { "known-part", "elsewhere", "in", MEMBER_YES },
    { "known-part", "elsewhere", "out", MEMBER_UNKNOWN },
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

static void answers_tell_why(void **state)
{
    static const struct {
        const char *value_set, *system, *version, *code;
        enum membership want;
        enum term_cause cause;
        const char *about, *found;
    } ROWS[] = {
        { "whole", "animals", "", "cat", MEMBER_YES, CAUSE_NONE, "", "animals" },
        { "whole", "", "", "cat", MEMBER_YES, CAUSE_NONE, "", "animals" },
        { "whole", "animals", "", "dog", MEMBER_NO, CAUSE_CODE_UNKNOWN, "animals", "" },
        { "legs", "animals", "", "snake", MEMBER_NO, CAUSE_NOT_CHOSEN, "legs", "" },
        { "live", "herbs", "", "mint", MEMBER_NO, CAUSE_INACTIVE, "live", "herbs" },
        { "unloaded", "elsewhere", "", "x", MEMBER_UNKNOWN, CAUSE_SYSTEM_UNKNOWN, "elsewhere", "" },
        { "fragment", "part", "", "x", MEMBER_UNKNOWN, CAUSE_SYSTEM_INCOMPLETE, "part", "" },
        { "nosuch", "animals", "", "cat", MEMBER_UNKNOWN, CAUSE_FILTER, "animals", "" },
        { "circle", "animals", "", "snake", MEMBER_UNKNOWN, CAUSE_LIMIT, "circle", "" },
        { "all-herbs", "herbs", "9", "thyme", MEMBER_UNKNOWN, CAUSE_SYSTEM_UNKNOWN, "herbs", "" },
        { "all-herbs", "herbs", "1", "thyme", MEMBER_NO, CAUSE_CODE_UNKNOWN, "herbs", "" },
        { "second", "herbs", "9", "basil", MEMBER_UNKNOWN, CAUSE_SYSTEM_UNKNOWN, "herbs", "herbs" },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct value_set *set =
            terminology_value_set(fixture->terminology, str_of(ROWS[i].value_set));
        struct term_coding coding = { str_of(ROWS[i].system), str_of(ROWS[i].version),
                                      str_of(ROWS[i].code) };
        assert_non_null(set);
        struct term_answer got = terminology_ask(fixture->terminology, set, &coding);
        if (got.membership != ROWS[i].want || got.cause != ROWS[i].cause ||
            !str_is(got.about, ROWS[i].about) || !str_is(got.system, ROWS[i].found))
            fail_msg("%s in %s: %d because %d of " STR_FMT ", system " STR_FMT, ROWS[i].code,
                     ROWS[i].value_set, (int)got.membership, (int)got.cause, STR_ARG(got.about),
                     STR_ARG(got.system));
    }
}

static void systems_know_names_versions_and_relations(void **state)
{
    struct fixture *fixture = *state;
    struct terminology *t = fixture->terminology;
    const struct system *herbs = terminology_system(t, STR("herbs"), STR("1"));
    const struct system *animals = terminology_system(t, STR("animals"), STR(""));
    assert_non_null(herbs);
    assert_null(terminology_system(t, STR("herbs"), STR("3")));
    assert_true(terminology_concept(herbs, STR("mint")).is_inactive);
    assert_true(terminology_concept(herbs, STR("herb")).is_abstract);
    assert_true(str_is(terminology_other_case(herbs, STR("sage")), "Sage"));
    assert_true(terminology_is_name(herbs, STR("Sage"), STR(" common sage")));
    assert_true(terminology_is_name(herbs, STR("Sage"), STR("salbei")));
    assert_false(terminology_is_name(herbs, STR("Sage"), STR("Basil")));
    assert_true(terminology_is_name(herbs, STR("mint"), STR("Menthe")));
    assert_true(terminology_is_name(animals, STR("stone"), STR("anything")));
    assert_true(str_is(terminology_display_in(herbs, STR("mint"), STR("fr")), "Menthe"));
    assert_true(str_is(terminology_display_in(herbs, STR("Sage"), STR("de-AT")), "Salbei"));
    assert_true(str_is(terminology_display_in(herbs, STR("Sage"), STR("fr")), ""));
    assert_int_equal(terminology_relate(animals, STR("animal"), STR("bird")), RELATION_SUBSUMES);
    assert_int_equal(terminology_relate(animals, STR("bird"), STR("flyer")), RELATION_SUBSUMED_BY);
    assert_int_equal(terminology_relate(animals, STR("cat"), STR("bird")), RELATION_NONE);
    assert_int_equal(terminology_relate(animals, STR("cat"), STR("cat")), RELATION_EQUIVALENT);
}

static struct str print_expansion(const struct term_expansion *expansion, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, 10000);
    for (size_t i = 0; i < expansion->count; i++) {
        const struct term_entry *entry = &expansion->entries[i];
        buf_print(&out, "%s" STR_FMT "%s%s", i ? " " : "", STR_ARG(entry->code),
                  entry->is_inactive ? "-" : "", entry->is_abstract ? "+" : "");
        if (entry->parent != SIZE_MAX)
            buf_print(&out, "<%zu", entry->parent);
    }
    if (expansion->is_unclosed)
        buf_add(&out, STR(" ..."));
    return buf_str(&out);
}

static void value_sets_are_expanded_in_order(void **state)
{
    static const struct {
        const char *value_set, *want; /* NULL: can not be */
        bool is_active_only;
    } ROWS[] = {
        { "whole", "animal cat<0 snake<0 flyer bird stone", false },
        { "all-herbs", "herb+ mint-<0 Sage<0", false },
        { "all-herbs", "herb+ Sage<0", true },
        { "live", "herb+ Sage<0", false },
        { "listed", "cat x", false },
        { "mixed", "cat ...", false },
        { "unsure", NULL, false },
        { "isa", "animal cat<0 snake<0 bird", false },
        { "tame", "animal cat<0 flyer bird stone", false },
        { "both", "snake bird", false },
        { "common", "animal cat<0 snake<0 bird", false },
        { "fragment", "here ...", false },
        { "expanded", "1 2", false },
        { "known-part", "in ...", false },
        { "units", NULL, false },
        { "nosuch", NULL, false },
        { "circle", NULL, false },
        { "doubtful", "animal cat<0 snake<0 flyer bird stone", false },
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct term_expansion expansion;
        bool is_made = terminology_expand(
            fixture->terminology,
            terminology_value_set(fixture->terminology, str_of(ROWS[i].value_set)),
            ROWS[i].is_active_only, fixture->arena, &expansion);
        struct str got = print_expansion(&expansion, fixture->arena);
        if (is_made != (ROWS[i].want != NULL) || (is_made && !str_is(got, ROWS[i].want)))
            fail_msg("%s: " STR_FMT, ROWS[i].value_set, STR_ARG(got));
    }
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
    { NULL, "urn:ietf:bcp:47", "zh-yue-HK", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "sl-rozaj-biske-1994", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "es-419", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "en-US-u-islamcal-x-any", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "i-klingon", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "en-GB-oed", MEMBER_YES },
    { NULL, "urn:ietf:bcp:47", "en-US-foo", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en-US-GB", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en-u", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en-u-x", MEMBER_NO },
    { NULL, "urn:ietf:bcp:47", "en--US", MEMBER_NO },
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
    { NULL, "http://unitsofmeasure.org", "mcg", MEMBER_NO },
    { NULL, "http://unitsofmeasure.org", "[degF]", MEMBER_YES },
    { NULL, "urn:iso:std:iso:4217", "USD", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:4217", "usd", MEMBER_NO },
    { NULL, "urn:iso:std:iso:4217", "US$", MEMBER_NO },
    { NULL, "urn:iso:std:iso:3166", "US", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:3166", "840", MEMBER_UNKNOWN },
    { NULL, "urn:iso:std:iso:3166", "U", MEMBER_NO },
    { NULL, "http://unstats.un.org/unsd/methods/m49/m49.htm", "276", MEMBER_UNKNOWN },
    { NULL, "http://unstats.un.org/unsd/methods/m49/m49.htm", "Germany", MEMBER_NO },
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
    { VS "currencies|4.0.1", "", "USD", MEMBER_YES },
    { VS "currencies|4.0.1", "", "UDS", MEMBER_NO },
    { "http://www.rfc-editor.org/bcp/bcp13.txt", "", "text/fhirpath", MEMBER_YES },
    { "http://www.rfc-editor.org/bcp/bcp13.txt", "", "fhirpath", MEMBER_NO },
    { VS "iso3166-1-2", "", "DE", MEMBER_YES },
    { VS "iso3166-1-2", "", "DEU", MEMBER_NO },
    { VS "iso3166-1-3", "", "DEU", MEMBER_YES },
    { VS "iso3166-1-N", "urn:iso:std:iso:3166", "840", MEMBER_YES },
    { VS "iso3166-1-2", "", "XQ", MEMBER_NO },
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
        CASE(answers_tell_why),
        CASE(systems_know_names_versions_and_relations),
        CASE(value_sets_are_expanded_in_order),
        CASE(grammars_decide_where_there_is_no_list),
        CASE(threads_may_ask_at_once),
        cmocka_unit_test_setup_teardown(the_value_sets_of_r4_are_known, set_up_r4, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
