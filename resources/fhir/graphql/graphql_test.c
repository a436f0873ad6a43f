/* graphql_test.c - queries over a few resources: what is answered, or the issue with its place. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/graphql/graphql.h"
#include "resources/fhir/json/json.h"

enum { MOST_PRINTED = 1 << 20, DEEP = 30 };

static const char PATIENT[] =
    "{'resourceType':'Patient','id':'p','active':true,'_birthDate':{'extension':[{'url':'u','value"
    "DateTime':'2016'}]},'identifier':[{'system':'s','value':'1'}],'name':[{'use':'official','famil"
    "y':'Chalmers','given':['Peter','James']},{'use':'usual','given':['Jim']}],'contained':[{'"
    "resour"
    "ceType':'Organization','id':'o','name':'Inside','partOf':{'reference':'#'}},{'resourceType':'"
    "En"
    "dpoint','id':'e','status':'active'}],'managingOrganization':{'reference':'#o'},'"
    "generalPractiti"
    "oner':[{'reference':'Practitioner/d'},{'reference':'Organization/none','display':'x'}],'multip"
    "leBirthInteger':2,'telecom':[{'system':'phone','value':'1'},{'system':'email','value':'2'}]}";
static const char DOCTOR[] = "{'resourceType':'Practitioner','id':'d','active':false}";

static struct definitions *definitions;

static int open_definitions(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    (void)state;
    issues_init(&issues, arena, (struct str){ 0 });
    definitions = definitions_open(PATHS, 1, &issues);
    return definitions ? 0 : -1;
}

static int close_definitions(void **state)
{
    (void)state;
    definitions_close(definitions);
    return 0;
}

/* ' stands for ". */
static struct str quoted(const char *text, struct arena *arena)
{
    char *copy = str_cstr(arena, str_of(text));
    for (char *at = copy; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    return str_of(copy);
}

static cJSON *tree_of(const char *text, struct arena *arena)
{
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    cJSON *tree = json_parse(quoted(text, arena), arena, &issues);
    assert_non_null(tree);
    return tree;
}

/* A world of a patient and a doctor; what was searched for is noted. */
struct world {
    struct arena *arena;
    struct buf searched;
};

static bool read(void *context, struct str type, struct str id, struct str version,
                 bool is_optional, const struct place *at, const cJSON **resource)
{
    struct world *world = context;
    (void)version;
    (void)is_optional;
    (void)at;
    if (str_is(type, "Practitioner") && str_is(id, "d"))
        *resource = tree_of(DOCTOR, world->arena);
    if (str_is(type, "Patient") && str_is(id, "p"))
        *resource = tree_of(PATIENT, world->arena);
    return true;
}

static bool search(void *context, const struct graphql_search *asked, const struct place *at,
                   struct graphql_found *found)
{
    struct world *world = context;
    const cJSON **resources = arena_array(world->arena, 2, sizeof *resources);
    (void)at;
    buf_add(&world->searched, asked->type);
    for (size_t i = 0; i < asked->pair_count; i++)
        buf_print(&world->searched, "%c" STR_FMT "=" STR_FMT, i ? '&' : '?',
                  STR_ARG(asked->pairs[i].name), STR_ARG(asked->pairs[i].value));
    if (asked->has_count || asked->offset || asked->cursor.len)
        buf_print(&world->searched, " %zu from %zu" STR_FMT, asked->count, asked->offset,
                  STR_ARG(asked->cursor));
    resources[0] = tree_of(DOCTOR, world->arena);
    resources[1] = tree_of(PATIENT, world->arena);
    *found = (struct graphql_found){ .resources = resources, .count = 2, .page_size = 2 };
    found->has_total = true;
    found->total = 7;
    found->first = STR("F");
    found->next = asked->is_counted ? STR("N") : STR("");
    return true;
}

static bool is_late(void *context)
{
    (void)context;
    return false;
}

struct row {
    const char *query; /* ' stands for " */
    const char *want;  /* the data, with ' for ", or "! line:column " and the issue's diagnostics */
    const char *claim;
};

static const char *print_issue(const struct issues *issues, struct arena *arena)
{
    const struct issue *issue = issues->first;
    struct str text = str_print(arena, "! %d:%d " STR_FMT, issue->line, issue->column,
                                STR_ARG(issue->diagnostics));
    return text.data;
}

static const char *run(const struct row *row, const char *resource, const char *variables,
                       struct world *world)
{
    struct arena *arena = world->arena;
    const struct graphql_reach reach = { world, read, search, is_late };
    struct issues issues;
    struct buf out;
    issues_init(&issues, arena, STR(""));
    buf_init(&out, arena, MOST_PRINTED);
    buf_init(&world->searched, arena, MOST_PRINTED);
    struct graphql_request request = { .document =
                                           graphql_parse(quoted(row->query, arena), arena, &issues),
                                       .variables = variables ? tree_of(variables, arena) : NULL,
                                       .resource = resource ? tree_of(resource, arena) : NULL,
                                       .base_url = STR("http://here/fhir"),
                                       .now = STR("2024-01-01T00:00:00Z"),
                                       .definitions = definitions,
                                       .reach = &reach };
    cJSON *data = request.document ? graphql_run(&request, arena, &issues) : NULL;
    assert_true((data != NULL) == (issues.errors == 0));
    if (!data)
        return print_issue(&issues, arena);
    json_print(&out, data);
    for (size_t i = 0; i < out.len; i++)
        out.data[i] = out.data[i] == '"' ? '\'' : out.data[i];
    return buf_str(&out).data;
}

static void check(const struct row *rows, size_t count, const char *resource, const char *variables)
{
    for (size_t i = 0; i < count; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct world world = { .arena = arena };
        const char *got = run(&rows[i], resource, variables, &world);
        struct str all = str_print(arena, "%s%s" STR_FMT, got, world.searched.len ? " " : "",
                                   STR_ARG(buf_str(&world.searched)));
        if (!str_is(all, rows[i].want))
            fail_msg("%s\n%s: got\n" STR_FMT "\nnot\n%s", rows[i].query, rows[i].claim,
                     STR_ARG(all), rows[i].want);
    }
}

static void test_syntax(void **state)
{
    static const struct row ROWS[] = {
        { "{ id, active }", "{'id':'p','active':true}", "commas are blanks" },
        { "\xEF\xBB\xBFquery Q { # all\n id }", "{'id':'p'}", "a mark, a name and a comment" },
        { "{ me: id }", "{'me':'p'}", "an alias" },
        { "{ }", "! 1:3 a field is expected", "something is asked" },
        { "{ id", "! 1:5 a field is expected", "what is open is closed" },
        { "", "! 0:0 'query', 'fragment' or '{' is expected", "nothing" },
        { "{ name(use: 01) { use } }", "! 1:13 this is no number", "no leading zero" },
        { "{ name(use: 1x) { use } }", "! 1:13 this is no number", "nor a name behind it" },
        { "{ name(use: 'a) { use } }", "! 1:13 the string does not end", "a string" },
        { "{ name(use: '\\q') { use } }", "! 1:16 this escape is not known", "an escape" },
        { "{ name(use: '\\uD800') { use } }", "! 1:20 this is no character", "half a pair" },
        { "{ name(use: '\\uD83D\\uDE00') { use } }", "{}", "a whole one" },
        { "{ name(use: '\\u0075sual') { use } }", "{'name':[{'use':'usual'}]}", "a character" },
        { "{ name(use: '''\n  usual\n  ''') { use } }", "{'name':[{'use':'usual'}]}",
          "a block string without its indentation" },
        { "{ name(use: {a: 1}) { use } }", "! 1:8 an object is not taken here", "an object" },
        { "mutation { id }",
          "! 1:1 nothing is changed or subscribed to here, only queries are answered",
          "read only" },
        { "{ id } ; ", "! 1:8 this character means nothing here", "a strange character" },
        { "query A { id } query B { active }",
          "! 1:16 operationName must say which of several to run", "two operations" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, NULL);
}

static void test_fields(void **state)
{
    static const struct row ROWS[] = {
        { "{ name { given family } }",
          "{'name':[{'given':['Peter','James'],'family':'Chalmers'},{'given':['Jim']}]}",
          "lists as they are" },
        { "{ name { something } }", "! 1:10 HumanName has no field 'something'", "an unknown one" },
        { "{ photo { nothing } }", "! 1:11 Attachment has no field 'nothing'",
          "also where there is no photo" },
        { "{ multipleBirthInteger }", "{'multipleBirthInteger':2}", "a choice by its JSON name" },
        { "{ multipleBirth }", "! 1:3 Patient has no field 'multipleBirth'", "not by its stem" },
        { "{ _birthDate { extension { valueDateTime } } birthDate }",
          "{'_birthDate':{'extension':[{'valueDateTime':'2016'}]}}", "a primitive's extension" },
        { "{ id { x } }", "! 1:3 'id' has no fields below", "a leaf" },
        { "{ name }", "! 1:3 'name' needs fields below", "an object" },
        { "{ resourceType __typename name { __typename } }",
          "{'resourceType':'Patient','__typename':'Patient','name':[{'__typename':'HumanName'},{'__"
          "t"
          "ypename':'HumanName'}]}",
          "types by name" },
        { "{ name { use } name { family } }",
          "{'name':[{'use':'official','family':'Chalmers'},{'use':'usual'}]}",
          "one field asked twice is one" },
        { "{ a: id a: active }", "! 1:9 'a' stands for two fields: give one an alias", "two" },
        { "{ contained { resourceType id ... on Organization { name } ... on Endpoint { status } } "
          "}",
          "{'contained':[{'resourceType':'Organization','id':'o','name':'Inside'},{'resourceType':'"
          "E"
          "ndpoint','id':'e','status':'active'}]}",
          "of each type its own" },
        { "{ contained { wrong } }", "! 1:15 Organization has no field 'wrong'",
          "which is known when it is there" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, NULL);
}

static void test_lists(void **state)
{
    static const struct row ROWS[] = {
        { "{ name(use: usual) { given } }", "{'name':[{'given':['Jim']}]}", "by a leaf" },
        { "{ name(use: [usual, official]) { use } }",
          "{'name':[{'use':'official'},{'use':'usual'}]}", "any of several" },
        { "{ name(given: James) { use } }", "{'name':[{'use':'official'}]}", "one of a list" },
        { "{ name(fhirpath: 'family.exists()') { use } }", "{'name':[{'use':'official'}]}",
          "by FHIRPath" },
        { "{ name(fhirpath: 'family.') { use } }",
          "! 1:8 'family.' is not FHIRPath: at character 8: a name is expected, not the end",
          "that has to be" },
        { "{ name(_count: 1, _offset: 1) { use } }", "{'name':[{'use':'usual'}]}", "a part" },
        { "{ name(_count: 0) { use } }", "{}", "nothing" },
        { "{ name(_offset: 9) { use } }", "{}", "behind the end" },
        { "{ name(_count: x) { use } }", "! 1:8 _count is a whole number from 0 on", "a number" },
        { "{ name(wrong: 1) { use } }", "! 1:8 'name' takes no argument 'wrong'", "unknown" },
        { "{ id(fhirpath: 'true') }", "! 1:3 'id' takes no arguments", "a leaf takes none" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, NULL);
}

static void test_directives(void **state)
{
    static const struct row ROWS[] = {
        { "{ id @skip(if: true) active @include(if: true) }", "{'active':true}", "skip, include" },
        { "{ id @skip }", "! 1:6 @skip takes the argument if", "which need it" },
        { "{ id @wrong }", "! 1:6 @wrong is not known", "an unknown one" },
        { "{ name @flatten { given family } }",
          "{'given':['Peter','James','Jim'],'family':['Chalmers']}", "flat" },
        { "{ name @flatten { given @first } }", "{'given':['Peter','Jim']}", "the first of each" },
        { "{ name @flatten @first { given family @singleton } }",
          "{'given':['Peter','James'],'family':'Chalmers'}", "of the first name" },
        { "{ name @flatten { use @singleton } }", "! 1:19 'use' has more than one value",
          "one alone" },
        { "{ name @flatten @slice(path: 'use') { given family @singleton } }",
          "{'given.official':['Peter','James'],'family.official':'Chalmers','given.usual':['Jim']}",
          "a key for each use" },
        { "{ name @flatten @slice(path: '$index') { given @first @singleton } }",
          "{'given.0':'Peter','given.1':'Jim'}", "or place" },
        { "{ telecom @slice(fhirpath: 'system') { value } }",
          "{'telecom.phone':[{'value':'1'}],'telecom.email':[{'value':'2'}]}", "not flat" },
        { "{ identifier @flatten { system } telecom @flatten { system } }",
          "! 1:53 'system' has values of two types", "together they are of one type" },
        { "{ name @first { use } }", "{'name':{'use':'official'}}", "one is no list" },
        { "{ name @first @slice(path: 'use') { use } }",
          "! 1:3 @slice and @first exclude one another", "not both" },
        { "{ id @flatten }", "! 1:3 @flatten needs fields below", "a leaf is flat" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, NULL);
}

static void test_fragments(void **state)
{
    static const struct row ROWS[] = {
        { "{ ...a } fragment a on Patient { id ...b } fragment b on Resource { id }", "{'id':'p'}",
          "in one another" },
        { "{ ...a }", "! 1:3 there is no fragment 'a'", "missing" },
        { "{ ...a } fragment a on Patient { id ...a }",
          "! 0:0 graphql-most-depth: a query is nested at most 24 deep", "in itself" },
        { "{ ... on Nothing { id } }", "! 1:3 there is no type 'Nothing' here", "no type" },
        { "{ name { ... on Period { start } } }", "! 1:10 a HumanName is never a Period", "never" },
        { "{ ... @include(if: false) { id } active }", "{'active':true}", "left out" },
        { "query($x: String!, $y: Boolean = true, $z: [String]) { id @include(if: $y) name(use: $x)"
          " { use } }",
          "{'id':'p','name':[{'use':'usual'}]}", "variables" },
        { "query($w: String!) { id name(use: $w) { use } }", "! 1:7 $w must be given", "needed" },
        { "query { name(use: $x) { use } }", "! 1:14 $x is not declared", "declared" },
        { "query($u: String) { name(use: $u) { use } }",
          "{'name':[{'use':'official'},{'use':'usual'}]}", "null asks for nothing" },
        { "query($l: [String]) { name(use: $l) { use } }", "{'name':[{'use':'official'}]}",
          "a list" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, "{'x':'usual','l':['old','official']}");
}

static void test_references(void **state)
{
    static const struct row ROWS[] = {
        { "{ managingOrganization { resource { ... on Organization { name partOf { resource { id } "
          "}"
          " } } } }",
          "{'managingOrganization':{'resource':{'name':'Inside','partOf':{'resource':{'id':'p'}}}}"
          "}",
          "contained, and back" },
        { "{ generalPractitioner(_count: 1) { resource { ... on Practitioner { active } } } }",
          "{'generalPractitioner':[{'resource':{'active':false}}]}", "stored" },
        { "{ generalPractitioner { resource(type: Practitioner) { active } resource(type: "
          "Organizati"
          "on, optional: true) { name } display } }",
          "{'generalPractitioner':[{'resource':{'active':false}},{'display':'x'}]}",
          "by type, twice" },
        { "{ generalPractitioner { resource { id } } }",
          "! 1:25 the reference 'Organization/none' can not be resolved", "must be there" },
        { "{ generalPractitioner { resource(optional: true) { id } } }",
          "{'generalPractitioner':[{'resource':{'id':'d'}},{}]}", "or not" },
        { "{ generalPractitioner { resource(optional: true) { name { wrong } } } }",
          "! 1:59 HumanName has no field 'wrong'", "fields of what is met" },
        { "{ generalPractitioner { resource(type: Wrong) { id } } }",
          "! 1:34 'Wrong' is no resource type", "a type" },
        { "{ ConditionList(_reference: patient) { id } }",
          "{'ConditionList':[{'id':'d'},{'id':'p'}]} Condition?patient=Patient/p",
          "what refers to it" },
        { "{ ConditionList { id } }",
          "! 1:3 'ConditionList' needs _reference: the parameter that leads here", "by what" },
        { "{ ConditionConnection(_reference: patient, cursor: 'x') { count } }",
          "! 1:44 'ConditionConnection' takes no argument 'cursor' here", "only at the top" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), PATIENT, NULL);
}

static void test_system(void **state)
{
    static const struct row ROWS[] = {
        { "{ Patient(id: p) { id } }", "{'Patient':{'id':'p'}}", "one" },
        { "{ Patient(id: q) { id } }", "! 1:3 Patient/q", "that is not there" },
        { "{ Patient { id } }", "! 1:3 'Patient' needs an id, and only that", "by its id" },
        { "{ id }", "! 1:3 the system has no field 'id'", "no resource in focus" },
        { "{ PatientList(address_city: ['a', 'b,c'], _lastUpdated: 'ge2020', _count: 2, _offset: 1)"
          " { id } }",
          "{'PatientList':[{'id':'d'},{'id':'p'}]} Patient?address-city=a,b\\,c&_lastUpdated=ge2020"
          " 2 from 1",
          "a search" },
        { "{ PatientList(fhirpath: 'active') { id } }", "{'PatientList':[{'id':'p'}]} Patient",
          "with FHIRPath" },
        { "{ PatientList(_filter: 'a eq 1, b', active: null) { id } }",
          "{'PatientList':[{'id':'d'},{'id':'p'}]} Patient?_filter=a eq 1, b", "as it is" },
        { "{ PatientList(_include: x) { id } }",
          "! 1:15 'PatientList' takes no argument '_include' here", "not these" },
        { "{ PatientConnection(active: true) { count offset pagesize edges { mode score resource { "
          "i"
          "d } } first previous next last __typename } }",
          "{'PatientConnection':{'count':7,'offset':0,'pagesize':2,'edges':[{'mode':'match','"
          "resourc"
          "e':{'id':'d'}},{'mode':'match','resource':{'id':'p'}}],'first':'F','next':'N','__"
          "typename"
          "':'PatientConnection'}} Patient?active=true",
          "a connection" },
        { "{ PatientConnection(cursor: 'N') { edges { resource { active } } } }",
          "{'PatientConnection':{'edges':[{'resource':{'active':false}},{'resource':{'active':true}"
          "}"
          "]}} Patient 0 from 0N",
          "its next page" },
        { "{ PatientConnection { edges { id } } }", "! 1:31 an edge has no field 'id'", "an edge" },
        { "{ PatientConnection { wrong } }", "! 1:23 a connection has no field 'wrong'",
          "its fields" },
        { "{ PatientConnection @flatten { edges @flatten { resource @flatten { id } } } }",
          "{'id':['d','p']} Patient", "flat" },
        { "{ __typename ... on Query { a: PatientList { id } } }",
          "{'__typename':'Query','a':[{'id':'d'},{'id':'p'}]} Patient", "its own type" },
    };
    (void)state;
    check(ROWS, COUNT(ROWS), NULL, NULL);
}

static void test_limits(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct world world = { .arena = arena };
    struct buf query;
    (void)state;
    buf_init(&query, arena, MOST_PRINTED);
    for (size_t i = 0; i < DEEP; i++)
        buf_add(&query, STR("{ a "));
    const struct row deep = { buf_str(&query).data, "", "" };
    assert_string_equal(run(&deep, PATIENT, NULL, &world),
                        "! 0:0 graphql-most-depth: a query is nested at most 24 deep");

    query.len = 0;
    buf_add(&query, STR("{ id"));
    for (size_t i = 0; i < GRAPHQL_MOST_NODES; i++)
        buf_print(&query, " a%zu: id", i);
    buf_add(&query, STR("}"));
    const struct row wide = { buf_str(&query).data, "", "" };
    assert_string_equal(run(&wide, PATIENT, NULL, &world),
                        "! 0:0 graphql-most-nodes: a query has at most 4000 parts");

    /* Each fragment asks twice for the one below: what it comes to is counted. */
    query.len = 0;
    buf_add(&query, STR("{ ...f0 }"));
    for (size_t i = 0; i < GRAPHQL_MOST_DEPTH - 2; i++)
        buf_print(&query, " fragment f%zu on Patient { ...f%zu ...f%zu }", i, i + 1, i + 1);
    buf_print(&query, " fragment f%d on Patient { id }", GRAPHQL_MOST_DEPTH - 2);
    const struct row many = { buf_str(&query).data, "", "" };
    assert_string_equal(
        run(&many, PATIENT, NULL, &world),
        "! 0:0 graphql-most-steps: the query asks for more than 200000 fields and items");
}

#define DIGITS "(0|1|2|3|4|5|6|7|8|9)"
/* However much an expression makes on its way, for each item of each field: it is given back. */
static void test_memory(void **state)
{
    enum { FIELDS = 200, MOST_KEPT = 16 << 20 };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct world world = { .arena = arena };
    struct buf query;
    (void)state;
    buf_init(&query, arena, FIELDS * 256);
    buf_add(&query, STR("{"));
    for (size_t i = 0; i < FIELDS; i++)
        buf_print(&query,
                  " f%zu: name @slice(path: '" DIGITS ".select(" DIGITS ".select(" DIGITS
                  ".count())).count()') { use }",
                  i);
    buf_add(&query, STR("}"));
    assert_false(query.is_over);
    const struct row sliced = { buf_str(&query).data, "", "" };
    const char *answer = run(&sliced, PATIENT, NULL, &world);
    assert_null(strstr(answer, "!"));
    assert_true(arena_size(arena) < MOST_KEPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_syntax),    cmocka_unit_test(test_fields),
        cmocka_unit_test(test_lists),     cmocka_unit_test(test_directives),
        cmocka_unit_test(test_fragments), cmocka_unit_test(test_references),
        cmocka_unit_test(test_system),    cmocka_unit_test(test_limits),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
