/* patch_test.c - JSON Patch, FHIRPath Patch and XML Patch: what becomes of a document, or the
 * issue. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/patch/patch.h"

enum { MOST_PRINTED = 1 << 20 };

struct row {
    const char *document, *patch;
    const char *result; /* or "! " and the diagnostics of the first issue */
    const char *claim;
};

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

static struct str print(const cJSON *tree, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_PRINTED);
    json_print(&out, tree);
    return buf_str(&out);
}

static struct str run_json(const struct row *row, struct arena *arena, struct issues *issues)
{
    cJSON *document = json_parse(str_of(row->document), arena, issues);
    const cJSON *patch = json_parse_array(str_of(row->patch), arena, issues);
    return patch && patch_json(&document, patch, arena, issues) ? print(document, arena)
                                                                : (struct str){ 0 };
}

static struct str run_fhirpath(const struct row *row, struct arena *arena, struct issues *issues)
{
    cJSON *document = json_parse(str_of(row->document), arena, issues);
    struct str text =
        str_print(arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", row->patch);
    const cJSON *patch = json_parse(text, arena, issues);
    return patch && patch_fhirpath(document, patch, definitions, arena, issues)
               ? print(document, arena)
               : (struct str){ 0 };
}

static struct str run_xml(const struct row *row, struct arena *arena, struct issues *issues)
{
    struct buf out;
    struct str head = STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    buf_init(&out, arena, MOST_PRINTED);
    if (!patch_xml(&out, str_of(row->document), str_of(row->patch), issues))
        return (struct str){ 0 };
    return str_trim(str_slice(buf_str(&out), head.len, out.len));
}

static void check(const struct row *rows, size_t count,
                  struct str (*run)(const struct row *, struct arena *, struct issues *))
{
    for (size_t i = 0; i < count; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        struct str result = run(&rows[i], arena, &issues);
        if (issues.first)
            result = str_print(arena, "! " STR_FMT, STR_ARG(issues.first->diagnostics));
        if (!str_is(result, rows[i].result))
            fail_msg("%s:\n  " STR_FMT "\nnot\n  %s", rows[i].claim, STR_ARG(result),
                     rows[i].result);
    }
}

#define OP(op, rest) "[{\"op\":\"" op "\"," rest "}]"
static const struct row JSON_ROWS[] = {
    { "{\"a\":1.00}", OP("add", "\"path\":\"/b\",\"value\":2.50"), "{\"a\":1.00,\"b\":2.50}",
      "literals stay" },
    { "{\"a\":1}", OP("add", "\"path\":\"/a\",\"value\":[]"), "{\"a\":[]}", "add replaces" },
    { "{\"a\":[1,3]}", OP("add", "\"path\":\"/a/1\",\"value\":2"), "{\"a\":[1,2,3]}", "insert" },
    { "{\"a\":[1]}", OP("add", "\"path\":\"/a/-\",\"value\":2"), "{\"a\":[1,2]}", "append" },
    { "{\"a\":[1]}", OP("add", "\"path\":\"/a/2\",\"value\":2"),
      "! the index is behind the end: '2'", "no holes" },
    { "{\"a\":[1]}", OP("add", "\"path\":\"/a/01\",\"value\":2"),
      "! not an index of an array: '/a/01'", "no leading zero" },
    { "{\"a\":[1]}", OP("remove", "\"path\":\"/a/-\""), "! there is nothing at: '/a/-'",
      "- is behind the end" },
    { "{\"a\":1}", OP("add", "\"path\":\"a\",\"value\":2"), "! not a JSON Pointer: 'a'",
      "a pointer begins with a slash" },
    { "{\"a\":1}", OP("add", "\"path\":\"/~2\",\"value\":2"),
      "! '~' stands before 0 or 1 alone: '/~2'", "escapes" },
    { "{\"a/b\":1,\"m~n\":2}", OP("remove", "\"path\":\"/a~1b\""), "{\"m~n\":2}", "~1 is a slash" },
    { "{\"~1\":1}", OP("remove", "\"path\":\"/~01\""), "{}", "~01 is ~1" },
    { "{\"a\":1}", OP("replace", "\"path\":\"\",\"value\":{\"b\":2}"), "{\"b\":2}",
      "the whole document" },
    { "{\"a\":1}", OP("remove", "\"path\":\"\""), "! the whole document can not be removed: ''",
      "not without a document" },
    { "{\"a\":{\"b\":1}}", OP("move", "\"from\":\"/a\",\"path\":\"/a/b\""),
      "! a value can not be moved into itself: '/a/b'", "no cycles" },
    { "{\"a\":{\"b\":1},\"ab\":2}", OP("move", "\"from\":\"/a\",\"path\":\"/ab\""),
      "{\"ab\":{\"b\":1}}", "a longer name is no child" },
    { "{\"a\":[1,2,3]}", OP("move", "\"from\":\"/a/0\",\"path\":\"/a/2\""), "{\"a\":[2,3,1]}",
      "the index counts after the removal" },
    { "{\"a\":{\"b\":1}}", OP("copy", "\"from\":\"/a\",\"path\":\"/a/c\""),
      "{\"a\":{\"b\":1,\"c\":{\"b\":1}}}", "a copy of what was" },
    { "{\"a\":1.0}", OP("test", "\"path\":\"/a\",\"value\":1e0"), "{\"a\":1.0}",
      "numbers are equal by value, and keep their literal" },
    { "{\"a\":1}", OP("test", "\"path\":\"/a\",\"value\":\"1\""), "! the test failed at: '/a'",
      "a string is no number" },
    { "{\"a\":{\"x\":1,\"y\":2}}", OP("test", "\"path\":\"/a\",\"value\":{\"y\":2,\"x\":1}"),
      "{\"a\":{\"x\":1,\"y\":2}}", "members have no order" },
    { "{\"a\":1}", OP("test", "\"path\":\"/b\",\"value\":null"), "! there is nothing at: '/b'",
      "absent is not null" },
    { "{\"a\":1}", OP("add", "\"path\":\"/b\""), "! the operation needs a: 'value'", "no value" },
    { "{\"a\":1}", OP("add", "\"value\":1"), "! the operation needs a string: 'path'", "no path" },
    { "{\"a\":1}", OP("spoil", "\"path\":\"/a\""),
      "! op is add, remove, replace, move, copy or test, not: 'spoil'", "unknown operation" },
    { "{\"a\":1}", OP("remove", "\"path\":\"/a\",\"xyz\":1"), "{}", "other members are ignored" },
    { "{\"a\":1}", OP("add", "\"path\":\"/a/b\",\"value\":1"),
      "! a value that is neither object nor array holds nothing: '/a/b'", "into a number" },
};

static void json_patches(void **state)
{
    (void)state;
    check(JSON_ROWS, COUNT(JSON_ROWS), run_json);
}

#define PART(name, value) "{\"name\":\"" name "\"," value "}"
#define TEXT(name, text) PART(name, "\"valueString\":\"" text "\"")
#define FP(type, path, rest)                                                                       \
    "{\"name\":\"operation\",\"part\":[{\"name\":\"type\",\"valueCode\":\"" type                   \
    "\"}," TEXT("path", path) rest "]}"
#define PATIENT(rest) "{\"resourceType\":\"Patient\"" rest "}"
#define OBSERVATION(rest) "{\"resourceType\":\"Observation\"" rest "}"
#define NUMBER(name, number) PART(name, "\"valueInteger\":" number)
static const struct row FHIRPATH_ROWS[] = {
    { PATIENT(""),
      FP("add", "Patient",
         "," TEXT("name", "birthDate") "," PART("value", "\"valueDate\":\"2020\"")),
      PATIENT(",\"birthDate\":\"2020\""), "add a primitive" },
    { PATIENT(",\"birthDate\":\"2020\""),
      FP("add", "Patient",
         "," TEXT("name", "birthDate") "," PART("value", "\"valueDate\":\"2021\"")),
      "! the element is there already in: Patient", "a single element is added once" },
    { PATIENT(",\"birthDate\":\"2020\""),
      FP("add", "Patient.birthDate",
         "," TEXT("name", "extension") "," PART("value", "\"valueExtension\":{\"url\":\"u\"}")),
      PATIENT(",\"birthDate\":\"2020\",\"_birthDate\":{\"extension\":[{\"url\":\"u\"}]}"),
      "a primitive's extension is in its shadow" },
    { PATIENT(",\"name\":[{\"given\":[\"A\",\"B\"]}]"),
      FP("add", "Patient.name.given[1]",
         "," TEXT("name", "extension") "," PART("value", "\"valueExtension\":{\"url\":\"u\"}")),
      PATIENT(
          ",\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,{\"extension\":[{\"url\":\"u\"}]"
          "}]}]"),
      "a shadow in a list has its place" },
    { PATIENT(",\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,{\"id\":\"x\"}]}]"),
      FP("delete", "Patient.name.given[0]", ""),
      PATIENT(",\"name\":[{\"given\":[\"B\"],\"_given\":[{\"id\":\"x\"}]}]"),
      "shadows move with their values" },
    { PATIENT(",\"name\":[{\"given\":[\"A\",\"B\"],\"_given\":[null,{\"id\":\"x\"}]}]"),
      FP("move", "Patient.name.given", "," NUMBER("source", "1") "," NUMBER("destination", "0")),
      PATIENT(",\"name\":[{\"given\":[\"B\",\"A\"],\"_given\":[{\"id\":\"x\"},null]}]"),
      "shadows move with their values" },
    { PATIENT(",\"name\":[{\"_given\":[{\"id\":\"x\"}]}]"),
      FP("delete", "Patient.name.given.id", ""), PATIENT(""), "what is empty goes" },
    { PATIENT(",\"birthDate\":\"2020\",\"_birthDate\":{\"id\":\"x\"}"),
      FP("delete", "Patient.birthDate.id", ""), PATIENT(",\"birthDate\":\"2020\""),
      "a value stays without its shadow" },
    { PATIENT(""), FP("delete", "Patient.birthDate", ""), PATIENT(""), "nothing to delete" },
    { PATIENT(",\"name\":[{\"text\":\"a\"},{\"text\":\"b\"}]"), FP("delete", "Patient.name", ""),
      "! there are several elements at: Patient.name", "one element at a time" },
    { PATIENT(""), FP("delete", "Patient", ""), "! the record itself can not be deleted: Patient",
      "never the record" },
    { OBSERVATION(",\"status\":\"final\",\"valueString\":\"x\",\"issued\":\"2020\""),
      FP("replace", "Observation.value", "," PART("value", "\"valueQuantity\":{\"value\":70.10}")),
      OBSERVATION(",\"status\":\"final\",\"valueQuantity\":{\"value\":70.10},\"issued\":\"2020\""),
      "a choice changes its type, in its place" },
    { OBSERVATION(""),
      FP("add", "Observation",
         "," TEXT("name", "value") "," PART("value", "\"valueBoolean\":true")),
      OBSERVATION(",\"valueBoolean\":true"), "a choice is named by its stem" },
    { OBSERVATION(""),
      FP("add", "Observation",
         "," TEXT("name", "value[x]") "," PART("value", "\"valueBoolean\":true")),
      OBSERVATION(",\"valueBoolean\":true"), "or as it is defined" },
    { OBSERVATION(",\"valueString\":\"x\""),
      FP("add", "Observation",
         "," TEXT("name", "value") "," PART("value", "\"valueBoolean\":true")),
      "! the element is there already in: Observation", "a choice is there once" },
    { OBSERVATION(""),
      FP("add", "Observation",
         "," TEXT("name", "value") "," PART("value", "\"valueAddress\":{\"text\":\"x\"}")),
      "! there is no element of this name and type in: Observation", "not of that type" },
    { PATIENT(""),
      FP("add", "Patient",
         "," TEXT("name", "name") "," PART("value", "\"valueAddress\":{\"text\":\"x\"}")),
      "! the value does not have the type of its place in: Patient", "not of that type" },
    { PATIENT(""),
      FP("add", "Patient",
         "," TEXT("name", "contact") "," PART(
             "value",
             "\"part\":[" PART("name", "\"valueHumanName\":{\"text\":\"a\"}") "," PART(
                 "telecom",
                 "\"valueContactPoint\":{\"value\":\"1\"}") "," PART("telecom",
                                                                     "\"valueContactPoint\":{"
                                                                     "\"value\":\"2\"}") "]")),
      PATIENT(",\"contact\":[{\"name\":{\"text\":\"a\"},\"telecom\":[{\"value\":\"1\"},{\"value\":"
              "\"2\"}]}]"),
      "a nameless type from its parts, lists as lists" },
    { PATIENT(""),
      FP("insert", "Patient.identifier",
         "," NUMBER("index", "0") "," PART("value", "\"valueIdentifier\":{\"value\":\"1\"}")),
      PATIENT(",\"identifier\":[{\"value\":\"1\"}]"), "the first of a list" },
    { PATIENT(""),
      FP("insert", "Patient.identifier",
         "," NUMBER("index", "1") "," PART("value", "\"valueIdentifier\":{\"value\":\"1\"}")),
      "! index is not within the list or at its end: Patient.identifier", "no holes" },
    { PATIENT(",\"name\":[{\"text\":\"a\"},{\"text\":\"b\"}]"),
      FP("move", "Patient.name.where(text='b')",
         "," NUMBER("source", "0") "," NUMBER("destination", "0")),
      "! this is not one whole list: Patient.name.where(text='b')", "a part of a list" },
    { PATIENT(",\"gender\":\"male\""),
      FP("replace", "Patient.gender.length()", "," PART("value", "\"valueInteger\":1")),
      "! the path leads to no element of the record: Patient.gender.length()", "a computed value" },
    { PATIENT(""), FP("replace", "Patient.gender", "," PART("value", "\"valueCode\":\"male\"")),
      "! there is nothing at: Patient.gender", "replace needs something" },
    { PATIENT(",\"contained\":[" PATIENT(",\"id\":\"c\"") "]"),
      FP("replace", "Patient.contained[0]", "," PART("value", "\"resource\":" OBSERVATION(""))),
      PATIENT(",\"contained\":[" OBSERVATION("") "]"), "a whole contained resource" },
    { PATIENT(""), FP("invent", "Patient", ""),
      "! type is add, insert, delete, replace or move, not: 'invent'", "unknown type" },
    { PATIENT(",\"name\":[{\"given\":[\"A\"],\"_given\":\"F\"}]"),
      FP("insert", "Patient.name.given",
         "," NUMBER("index", "0") "," PART("value", "\"_valueString\":{\"id\":\"x\"}")),
      PATIENT(",\"name\":[{\"given\":[null,\"A\"],\"_given\":[{\"id\":\"x\"},null]}]"),
      "what is no shadow gives way" },
    { PATIENT(",\"name\":\"x\""),
      FP("add", "Patient",
         "," TEXT("name", "name") "," PART("value", "\"valueHumanName\":{\"text\":\"a\"}")),
      "! there is no element of this name and type in: Patient", "a list that is none" },
    { "{\"resourceType\":\"Hat\"}", FP("delete", "Hat.name", ""), "! Hat", "no resource of R4" },
    { PATIENT(""), "{\"name\":\"other\"}", "! the parameters are named operation, not: 'other'",
      "unknown parameter" },
    { PATIENT(""), FP("add", "Patient", "," TEXT("name", "hat") "," TEXT("value", "red")),
      "! there is no element of this name and type in: Patient", "unknown element" },
};

static void fhirpath_patches(void **state)
{
    (void)state;
    check(FHIRPATH_ROWS, COUNT(FHIRPATH_ROWS), run_fhirpath);
}

#define FHIR "xmlns=\"http://hl7.org/fhir\""
#define DIFF(inside) "<diff " FHIR ">" inside "</diff>"
#define DOC(inside) "<P " FHIR ">" inside "</P>"
static const struct row XML_ROWS[] = {
    { DOC("<a value=\"1\"/>"), DIFF("<replace sel=\"P/a/@value\">2</replace>"),
      DOC("<a value=\"2\"/>"), "the default namespace counts for names without a prefix" },
    { DOC("<a value=\"1\"/>"),
      "<d xmlns:f=\"http://hl7.org/fhir\"><replace sel=\"f:P/f:a/@value\">2</replace></d>",
      DOC("<a value=\"2\"/>"), "prefixes are the patch's" },
    { DOC("<a value=\"1\"/>"), "<d><replace sel=\"P/a/@value\">2</replace></d>",
      "! there is nothing at: P/a/@value", "without a namespace it is another name" },
    { DOC("<a value=\"1\"/><a value=\"2\"/>"), DIFF("<remove sel=\"P/a[@value = '2']\"/>"),
      DOC("<a value=\"1\"/>"), "predicates" },
    { DOC("<a value=\"1\"/><a value=\"2\"/>"),
      DIFF("<remove sel=\"P/a[position() = 1 and not(@value = '2')]\"/>"), DOC("<a value=\"2\"/>"),
      "operators and functions are no names" },
    { DOC("<a/><div/>"), DIFF("<remove sel=\"P/div\"/>"), DOC("<a/>"),
      "div is a name where no operand stands before" },
    { DOC("<a/><b/>"), DIFF("<add sel=\"P/child::b\" pos=\"before\"><c/></add>"),
      DOC("<a/><c " FHIR "/><b/>"), "before, by an axis" },
    { DOC("<a/><b/>"), DIFF("<add sel=\"P/a\" pos=\"after\"><c/><d/></add>"),
      DOC("<a/><c " FHIR "/><d " FHIR "/><b/>"), "several, in order" },
    { DOC("<a/>"), DIFF("<add sel=\"P\" pos=\"prepend\"><c/></add>"), DOC("<c " FHIR "/><a/>"),
      "prepend" },
    { DOC("<a/>"), DIFF("<add sel=\"P/a\" type=\"@value\">x&lt;</add>"),
      DOC("<a value=\"x&lt;\"/>"), "an attribute" },
    { DOC("<a value=\"1\"/>"), DIFF("<add sel=\"P/a\" type=\"@value\">x</add>"),
      "! the attribute is there already: P/a", "an attribute is added once" },
    { DOC("<a/><a/>"), DIFF("<remove sel=\"P/a\"/>"), "! there are several nodes at: P/a",
      "one node at a time" },
    { DOC("<a/>"), DIFF("<remove sel=\"P\"/>"), "! the root can not be removed: P",
      "never the root" },
    { DOC("<a/>"), DIFF("<remove sel=\"P/comment()[1]\"/>"), DOC("<a/>"),
      "comments are no content" },
    { DOC("<a/>"), DIFF("<remove sel=\"count(P)\"/>"), "! sel is not a selector: count(P)",
      "a number is no node" },
    { DOC("<a/>"), DIFF("<remove sel=\"document('file:///etc/passwd')\"/>"),
      "! sel is not a selector: document('file:///etc/passwd')", "nothing outside" },
    { DOC("<a/>"), DIFF("<replace sel=\"P/a\"><b/><c/></replace>"),
      "! one node of the same kind is needed to replace it: P/a", "one for one" },
    { DOC("<a/>"), DIFF("<replace sel=\"P/a\"><b/></replace>"), DOC("<b " FHIR "/>"),
      "an element" },
    { DOC("<a/>"), DIFF("<mend sel=\"P\"/>"), "! an operation is add, replace or remove: P",
      "unknown operation" },
    { DOC("<a/>"), DIFF(""), "! there is no operation", "nothing to do" },
    { DOC("<a/>"), "<!DOCTYPE d><d/>", "! <!DOCTYPE, at byte 0", "no document type" },
};

static void xml_patches(void **state)
{
    (void)state;
    check(XML_ROWS, COUNT(XML_ROWS), run_xml);
}

/* Each operation doubles what is there: 40 of them would be a trillion values. */
static void growth_is_bounded(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct buf text;
    (void)state;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&text, arena, MOST_PRINTED);
    for (int i = 0; i < 40; i++)
        buf_print(&text, "%c{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/%d\"}", i ? ',' : '[',
                  i);
    buf_add_char(&text, ']');
    cJSON *document = json_parse(STR("{\"a\":{\"b\":[1,2,3]}}"), arena, &issues);
    const cJSON *patch = json_parse_array(buf_str(&text), arena, &issues);
    assert_non_null(patch);
    assert_false(patch_json(&document, patch, arena, &issues));
    assert_int_equal(issues.first->id, ISSUE_TOO_COSTLY);
}

static void selectors_are_bounded(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct buf document, out;
    (void)state;
    issues_init(&issues, arena, (struct str){ 0 });
    buf_init(&document, arena, MOST_PRINTED);
    buf_init(&out, arena, MOST_PRINTED);
    buf_add(&document, STR("<P>"));
    for (int i = 0; i < 5000; i++)
        buf_add(&document, STR("<a/>"));
    buf_add(&document, STR("</P>"));
    assert_false(patch_xml(&out, buf_str(&document),
                           STR("<d><remove sel=\"//a[count(//a[count(//a) = 1]) = 1]\"/></d>"),
                           &issues));
    assert_int_equal(issues.first->id, ISSUE_TOO_COSTLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_patches),          cmocka_unit_test(fhirpath_patches),
        cmocka_unit_test(xml_patches),           cmocka_unit_test(growth_is_bounded),
        cmocka_unit_test(selectors_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
