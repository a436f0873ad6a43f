/* xml_test.c - the two formats against each other: trees, texts, exact issues and places. */
#include "resources/base/test.h"

#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/xml/xml.h"

#define DATABASE "build/definitions.db"
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define PATIENT(inside) "<Patient xmlns=\"http://hl7.org/fhir\">" inside "</Patient>"
#define OBSERVATION(inside) "<Observation xmlns=\"http://hl7.org/fhir\">" inside "</Observation>"
#define DIV "<div xmlns=\"http://www.w3.org/1999/xhtml\">"
#define JSON_DIV "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">"

enum { MOST_OUTPUT = 64 << 20, MOST_BUILT = 16 << 20 };

struct fixture {
    struct definitions *definitions;
    struct arena *arena;
    struct issues issues;
};

static int open_fixture(void **state)
{
    static const char *const PATHS[] = { DATABASE };
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, (struct str){ "", 0 });
    fixture->definitions = definitions_open(PATHS, 1, &fixture->issues);
    if (!fixture->definitions)
        print_message(DATABASE " is not built\n");
    *state = fixture;
    return fixture->definitions ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    definitions_close(fixture->definitions);
    arena_close(fixture->arena);
    return 0;
}

/* Each issue as: key line:column expression (diagnostics), a warning with a ~ before. */
static const char *print_issues(const struct fixture *fixture)
{
    struct buf out;
    buf_init(&out, fixture->arena, MOST_OUTPUT);
    for (const struct issue *issue = fixture->issues.first; issue; issue = issue->next)
        buf_print(&out, "%s%s" STR_FMT " %d:%d " STR_FMT " (" STR_FMT ")", out.len ? "; " : "",
                  issue->severity > SEVERITY_ERROR ? "~" : "", STR_ARG(issue->key), issue->line,
                  issue->column, STR_ARG(issue->expression), STR_ARG(issue->diagnostics));
    return buf_str(&out).data;
}

static const cJSON *read_xml(struct fixture *fixture, struct str text, bool is_partly)
{
    issues_init(&fixture->issues, fixture->arena, (struct str){ "", 0 });
    return (is_partly ? xml_parse_partly : xml_parse)(text, fixture->definitions, fixture->arena,
                                                      &fixture->issues);
}

static const char *to_json(struct fixture *fixture, const cJSON *tree)
{
    struct buf out;
    buf_init(&out, fixture->arena, MOST_OUTPUT);
    if (tree)
        json_print(&out, tree);
    return buf_str(&out).data;
}

static const cJSON *read_json(struct fixture *fixture, const char *text)
{
    issues_init(&fixture->issues, fixture->arena, (struct str){ "", 0 });
    const cJSON *tree = json_parse(str_of(text), fixture->arena, &fixture->issues);
    assert_non_null(tree);
    return tree;
}

/* The XML of a tree, "" when it was refused. */
static const char *to_xml(struct fixture *fixture, const cJSON *tree)
{
    struct buf out;
    buf_init(&out, fixture->arena, MOST_OUTPUT);
    bool is_fine = xml_print(&out, tree, fixture->definitions, &fixture->issues);
    assert_int_equal(is_fine, fixture->issues.errors == 0);
    return is_fine ? buf_str(&out).data : "";
}

static void expect(const char *claim, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0)
        fail_msg("%s:\n  got    %s\n  wanted %s", claim, got, wanted);
}

/* The two texts of one resource: each is written as the other. */
static const struct {
    const char *claim, *json, *xml;
} TWINS[] = {
    { "a resource alone", "{\"resourceType\":\"Patient\"}",
      "<Patient xmlns=\"http://hl7.org/fhir\"/>" },
    { "the id of a resource is an element, others are attributes",
      "{\"resourceType\":\"Patient\",\"id\":\"p\",\"name\":[{\"id\":\"n\",\"text\":\"T\"}]}",
      PATIENT("<id value=\"p\"/><name id=\"n\"><text value=\"T\"/></name>") },
    { "booleans and numbers keep their literals",
      "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"value\":1.00},"
      "\"component\":[{\"valueBoolean\":false},{\"valueInteger\":-0},"
      "{\"valueQuantity\":{\"value\":-1.50e-3}}]}",
      OBSERVATION("<valueQuantity><value value=\"1.00\"/></valueQuantity>"
                  "<component><valueBoolean value=\"false\"/></component>"
                  "<component><valueInteger value=\"-0\"/></component><component><valueQuantity>"
                  "<value value=\"-1.50e-3\"/></valueQuantity></component>") },
    { "what is no value of its type stays text",
      "{\"resourceType\":\"Patient\",\"active\":\"yes\",\"multipleBirthInteger\":\"1 2\"}",
      PATIENT("<active value=\"yes\"/><multipleBirthInteger value=\"1 2\"/>") },
    { "shadows of single values",
      "{\"resourceType\":\"Patient\",\"birthDate\":\"1970\",\"_birthDate\":{\"id\":\"b\","
      "\"extension\":"
      "[{\"url\":\"u\",\"valueString\":\"s\"}]},\"_deceasedBoolean\":{\"id\":\"d\"}}",
      PATIENT("<birthDate value=\"1970\" id=\"b\"><extension url=\"u\"><valueString value=\"s\"/>"
              "</extension></birthDate><deceasedBoolean id=\"d\"/>") },
    { "shadows in arrays are padded with null",
      "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[\"a\",null,\"c\"],"
      "\"_given\":[null,{\"id\":\"x\"},null]}]}",
      PATIENT("<name><given value=\"a\"/><given id=\"x\"/><given value=\"c\"/></name>") },
    { "shadows that come first leave room for the values",
      "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[null,\"b\"],\"_given\":[{\"id\":\"x\"},"
      "null]}]}",
      PATIENT("<name><given id=\"x\"/><given value=\"b\"/></name>") },
    { "shadows alone need no values",
      "{\"resourceType\":\"Patient\",\"name\":[{\"_given\":[{\"id\":\"x\"}]}]}",
      PATIENT("<name><given id=\"x\"/></name>") },
    { "an element without anything",
      "{\"resourceType\":\"Patient\",\"_active\":{},\"name\":[{}],\"gender\":\"\"}",
      PATIENT("<active/><name/><gender value=\"\"/>") },
    { "resources inside resources stand in an element of their type",
      "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\","
      "\"contained\":"
      "[{\"resourceType\":\"Basic\",\"id\":\"b\"},{\"resourceType\":\"Binary\"}]}}]}",
      "<Bundle xmlns=\"http://hl7.org/fhir\"><entry><resource><Patient><contained><Basic><id "
      "value=\"b\"/>"
      "</Basic></contained><contained><Binary/></contained></Patient></resource></entry></"
      "Bundle>" },
    { "an element that refers to another's content",
      "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"a\",\"part\":[{\"name\":\"b\","
      "\"part\":"
      "[{\"name\":\"c\",\"valueDecimal\":0.10}]}]}]}",
      "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"a\"/><part><name "
      "value=\"b\"/><part>"
      "<name value=\"c\"/><valueDecimal value=\"0.10\"/></part></part></parameter></Parameters>" },
    { "the narrative stands as it is, entities, comments and line ends included",
      "{\"resourceType\":\"Patient\",\"text\":{\"status\":\"generated\",\"div\":\"" JSON_DIV
      "a&lt;b &#160;<br/>\\r\\n<!-- c --><p xml:lang=\\\"en\\\">\xC3\xA9</p></div>\"}}",
      PATIENT("<text><status value=\"generated\"/>" DIV
              "a&lt;b &#160;<br/>\r\n<!-- c --><p xml:lang=\"en\">\xC3\xA9</p></div></text>") },
    { "characters that XML would change are escaped",
      "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"<&>\\\"' \\t\\n\\r "
      "\xF0\x9F\x98\x80\"}]}",
      PATIENT(
          "<name><text value=\"&lt;&amp;&gt;&quot;' &#9;&#10;&#13; \xF0\x9F\x98\x80\"/></name>") },
    { "a property named resourceType that is an element",
      "{\"resourceType\":\"ExampleScenario\",\"instance\":[{\"resourceId\":\"i\",\"resourceType\":"
      "\"Patient\"}]}",
      "<ExampleScenario xmlns=\"http://hl7.org/fhir\"><instance><resourceId value=\"i\"/>"
      "<resourceType value=\"Patient\"/></instance></ExampleScenario>" },
};

static void write_and_read_twins(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(TWINS); i++) {
        struct str text = str_print(fixture->arena, HEAD "%s", TWINS[i].xml);
        expect(TWINS[i].claim, to_xml(fixture, read_json(fixture, TWINS[i].json)), text.data);
        const cJSON *tree = read_xml(fixture, text, false);
        expect(TWINS[i].claim, print_issues(fixture), "");
        expect(TWINS[i].claim, to_json(fixture, tree), TWINS[i].json);
        tree = read_xml(fixture, text, true);
        expect(TWINS[i].claim, to_json(fixture, tree), TWINS[i].json);
    }
}

/* Read only: what the two readers make of it. */
static const struct {
    const char *claim, *xml, *json, *issues, *partly_json, *partly_issues;
} READS[] = {
    { "what is no content",
      "\xEF\xBB\xBF<?xml version='1.0'?><!-- a --><?b c?>\n"
      "<Patient xmlns='http://hl7.org/fhir' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
      "xsi:schemaLocation='x y'>\n <!-- d --> <active value='true'></active> <?e f?>\n</Patient>\n",
      "{\"resourceType\":\"Patient\",\"active\":true}", "",
      "{\"resourceType\":\"Patient\",\"active\":true}", "" },
    { "any prefix",
      "<f:Patient xmlns:f=\"http://hl7.org/fhir\"><f:active value=\"true\"/></f:Patient>",
      "{\"resourceType\":\"Patient\",\"active\":true}", "",
      "{\"resourceType\":\"Patient\",\"active\":true}", "" },
    { "an integer may have a plus sign", PATIENT("<multipleBirthInteger value=\"+5\"/>"),
      "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":5}", "",
      "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":5}", "" },
    { "but not two signs", PATIENT("<multipleBirthInteger value=\"+-5\"/>"),
      "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":\"+-5\"}", "",
      "{\"resourceType\":\"Patient\",\"multipleBirthInteger\":\"+-5\"}", "" },
    { "a narrative with a prefix from outside is written anew",
      "<Patient xmlns=\"http://hl7.org/fhir\" "
      "xmlns:h=\"http://www.w3.org/1999/xhtml\"><text><h:div>a"
      "<h:b title=\"&quot;&#10;\" xml:lang=\"en\">&amp;<![CDATA[<]]></h:b> "
      "<h:br></h:br></h:div></text>"
      "</Patient>",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV
      "a<b title=\\\"&quot;&#10;\\\" xml:lang=\\\"en\\\">&amp;&lt;</b> <br/></div>\"}}",
      "",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV
      "a<b title=\\\"&quot;&#10;\\\" xml:lang=\\\"en\\\">&amp;&lt;</b> <br/></div>\"}}",
      "" },
    { "a narrative that does not use the outer prefix stands as it is",
      "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:h=\"urn:h\"><text>" DIV
      "<br  /></div></text></Patient>",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV "<br  /></div>\"}}", "",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV "<br  /></div>\"}}", "" },
    { "an outer prefix of an attribute in the narrative comes along",
      "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:h=\"urn:h\"><text>" DIV
      "<br h:a=\"1\" h:b=\"2\"/></div></text></Patient>",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV
      "<br xmlns:h=\\\"urn:h\\\" h:a=\\\"1\\\" h:b=\\\"2\\\"/></div>\"}}",
      "",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV
      "<br xmlns:h=\\\"urn:h\\\" h:a=\\\"1\\\" h:b=\\\"2\\\"/></div>\"}}",
      "" },
    { "an unknown element", PATIENT("<active value=\"true\"/>\n  <foo value=\"a\"/>"), "",
      "unknown-element 2:3 Patient.foo (foo)",
      "{\"resourceType\":\"Patient\",\"active\":true,\"foo\":\"a\"}", "" },
    { "unknown elements in full",
      PATIENT("<foo id=\"i\" value=\"a\"/><bar id=\"b\"><x value=\"1\"/><x><y/></x>"
              "<x value=\"2\"/></bar>"),
      "", "unknown-element 1:38 Patient.foo (foo); unknown-element 1:61 Patient.bar (bar)",
      "{\"resourceType\":\"Patient\",\"foo\":\"a\",\"_foo\":{\"id\":\"i\"},\"bar\":{\"id\":\"b\","
      "\"x\":[\"1\",{\"y\":{}},\"2\"]}}",
      "" },
    { "an unknown list of primitives has no shadows",
      PATIENT("<foo id=\"i\" value=\"a\"/><foo value=\"b\"/>"), "",
      "unknown-element 1:38 Patient.foo (foo); unknown-element 1:61 Patient.foo (foo)",
      "{\"resourceType\":\"Patient\",\"foo\":\"a\",\"_foo\":{\"id\":\"i\"}}",
      "unknown-element 1:1 Patient (foo)" },
    { "a name that the tree has for something else", PATIENT("<_active value=\"a\"/>"), "",
      "unknown-element 1:38 Patient._active (_active)", "{\"resourceType\":\"Patient\"}",
      "unknown-element 1:38 Patient._active (_active)" },
    { "a complex element with a value", PATIENT("<name value=\"a\"/>"), "",
      "xml-attribute 1:38 Patient.name[0] (@value)",
      "{\"resourceType\":\"Patient\",\"name\":[\"a\"]}", "" },
    { "a complex element with a value and more",
      PATIENT("<name value=\"a\"><text value=\"t\"/></name>"), "",
      "xml-attribute 1:38 Patient.name[0] (@value)",
      "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"t\"}]}",
      "xml-attribute 1:38 Patient.name[0] (@value)" },
    { "elements out of order",
      PATIENT("<gender value=\"male\"/>\n<active value=\"true\"/>\n<name/>"), "",
      "xml-order 2:1 Patient.active (active stands before gender); "
      "xml-order 3:1 Patient.name[0] (name stands before gender)",
      "{\"resourceType\":\"Patient\",\"gender\":\"male\",\"active\":true,\"name\":[{}]}",
      "xml-order 2:1 Patient.active (active stands before gender); "
      "xml-order 3:1 Patient.name[0] (name stands before gender)" },
    { "a list in two parts is one list",
      PATIENT("<name id=\"a\"/><gender value=\"male\"/><name id=\"b\"/>"), "",
      "xml-order 1:74 Patient.name[1] (name stands before gender)",
      "{\"resourceType\":\"Patient\",\"name\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"gender\":\"male\"}",
      "xml-order 1:74 Patient.name[1] (name stands before gender)" },
    { "an element given again", PATIENT("<active value=\"true\"/><active value=\"false\"/>"), "",
      "too-many 1:60 Patient.active (active is given again)",
      "{\"resourceType\":\"Patient\",\"active\":true}",
      "too-many 1:60 Patient.active (active is given again)" },
    { "a choice in two types is the validator's affair",
      PATIENT("<deceasedBoolean value=\"true\"/><deceasedDateTime value=\"1970\"/>"),
      "{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,\"deceasedDateTime\":\"1970\"}", "",
      "{\"resourceType\":\"Patient\",\"deceasedBoolean\":true,\"deceasedDateTime\":\"1970\"}", "" },
    { "an attribute that is none", PATIENT("<active value=\"true\" foo=\"1\"/>"), "",
      "xml-attribute 1:38 Patient.active (@foo)", "{\"resourceType\":\"Patient\",\"active\":true}",
      "xml-attribute 1:38 Patient.active (@foo)" },
    { "a choice's place", OBSERVATION("<valueQuantity foo=\"1\"/>"), "",
      "xml-attribute 1:42 Observation.value.ofType(Quantity) (@foo)",
      "{\"resourceType\":\"Observation\",\"valueQuantity\":{}}",
      "xml-attribute 1:42 Observation.value.ofType(Quantity) (@foo)" },
    { "a resource's id as an attribute", "<Patient xmlns=\"http://hl7.org/fhir\" id=\"a\"/>", "",
      "xml-attribute 1:1 Patient (@id)", "{\"resourceType\":\"Patient\"}",
      "xml-attribute 1:1 Patient (@id)" },
    { "an attribute as an element", PATIENT("<extension><url value=\"u\"/></extension>"), "",
      "unknown-element 1:49 Patient.extension[0].url (url is an attribute)",
      "{\"resourceType\":\"Patient\",\"extension\":[{}]}",
      "unknown-element 1:49 Patient.extension[0].url (url is an attribute)" },
    { "stray text", PATIENT("<name>\n Eve <text value=\"t\"/></name>"), "",
      "xml-text 1:38 Patient.name[0] ('Eve')",
      "{\"resourceType\":\"Patient\",\"name\":[{\"text\":\"t\"}]}",
      "xml-text 1:38 Patient.name[0] ('Eve')" },
    { "no namespace", "<Patient/>", "",
      "xml-namespace 1:1 Patient ('' where 'http://hl7.org/fhir' is expected)", "",
      "xml-namespace 1:1 Patient ('' where 'http://hl7.org/fhir' is expected)" },
    { "another namespace", PATIENT("<active xmlns=\"urn:x\" value=\"true\"/>"), "",
      "xml-namespace 1:38 Patient.active ('urn:x' where 'http://hl7.org/fhir' is expected)",
      "{\"resourceType\":\"Patient\"}",
      "xml-namespace 1:38 Patient.active ('urn:x' where 'http://hl7.org/fhir' is expected)" },
    { "a narrative in FHIR's namespace", PATIENT("<text><div>a</div></text>"), "",
      "xml-namespace 1:44 Patient.text.div ('http://www.w3.org/1999/xhtml' is expected)",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"<div>a</div>\"}}",
      "xml-namespace 1:44 Patient.text.div ('http://www.w3.org/1999/xhtml' is expected)" },
    { "an unknown resource", "<Foo xmlns=\"http://hl7.org/fhir\"><a/></Foo>", "",
      "resource-type-unknown 1:1 Foo (Foo)", "", "resource-type-unknown 1:1 Foo (Foo)" },
    { "an abstract resource", "<Resource xmlns=\"http://hl7.org/fhir\"/>", "",
      "resource-type-unknown 1:1 Resource (Resource)", "",
      "resource-type-unknown 1:1 Resource (Resource)" },
    { "what is wrong around a resource inside",
      PATIENT("<contained "
              "id=\"a\"/><contained>x<Basic/><Basic/></contained><contained><Foo/></contained>"),
      "",
      "xml-attribute 1:38 Patient.contained[0] (@id); empty-value 1:38 Patient.contained[0] (a "
      "resource is "
      "expected); xml-text 1:57 Patient.contained[0] ('x'); too-many 1:77 Patient.contained[0] "
      "(one resource "
      "is expected); resource-type-unknown 1:108 Patient.contained[1] (Foo)",
      "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Basic\"}]}",
      "xml-attribute 1:38 Patient.contained[0] (@id); empty-value 1:38 Patient.contained[0] (a "
      "resource is "
      "expected); xml-text 1:57 Patient.contained[0] ('x'); too-many 1:77 Patient.contained[0] "
      "(one resource "
      "is expected); resource-type-unknown 1:108 Patient.contained[1] (Foo)" },
    { "not well-formed", PATIENT("\n<active value=\"true\">"), "",
      "xml-syntax 2:32  (Opening and ending tag mismatch: active line 2 and Patient)", "",
      "xml-syntax 2:32  (Opening and ending tag mismatch: active line 2 and Patient)" },
    { "cut off", "<Patient xmlns=\"http://hl7.org/fhir\"><name>", "",
      "xml-syntax 1:44  (the document ends too soon)", "",
      "xml-syntax 1:44  (the document ends too soon)" },
    { "an attribute twice", PATIENT("<active value=\"true\" value=\"true\"/>"), "",
      "xml-syntax 1:71  (Attribute value redefined)", "",
      "xml-syntax 1:71  (Attribute value redefined)" },
    { "a prefix that is not declared", PATIENT("<f:active value=\"true\"/>"), "",
      "xml-syntax 1:60  (Namespace prefix f on active is not defined)", "",
      "xml-syntax 1:60  (Namespace prefix f on active is not defined)" },
    { "an entity that is not declared", PATIENT("<active value=\"&x;\"/>"), "",
      "xml-syntax 1:56  (Entity 'x' not defined)", "",
      "xml-syntax 1:56  (Entity 'x' not defined)" },
    { "a document type declaration",
      "<?xml version=\"1.0\"?>\n <!DOCTYPE a [<!ENTITY b \"c\">]>\n<a/>", "",
      "xml-doctype 2:2  (<!DOCTYPE)", "", "xml-doctype 2:2  (<!DOCTYPE)" },
    { "another encoding", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>", "",
      "xml-encoding 1:31  (UTF-8 is expected)", "", "xml-encoding 1:31  (UTF-8 is expected)" },
    { "not UTF-8", PATIENT("<active value=\"\xE9\"/>"), "",
      "xml-syntax 1:53  (Input is not proper UTF-8, indicate encoding !)", "",
      "xml-syntax 1:53  (Input is not proper UTF-8, indicate encoding !)" },
    { "a '<' alone", "<", "", "xml-syntax 1:1  (Extra content at the end of the document)", "",
      "xml-syntax 1:1  (Extra content at the end of the document)" },
    { "JSON", "{}", "", "xml-syntax 1:1  ('<' is expected)", "",
      "xml-syntax 1:1  ('<' is expected)" },
    { "nothing", "", "", "xml-syntax 1:1  (the document is empty)", "",
      "xml-syntax 1:1  (the document is empty)" },
};

static void read_what_is_wrong(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(READS); i++) {
        const cJSON *tree = read_xml(fixture, str_of(READS[i].xml), false);
        expect(READS[i].claim, print_issues(fixture), READS[i].issues);
        expect(READS[i].claim, to_json(fixture, tree), READS[i].json);
        tree = read_xml(fixture, str_of(READS[i].xml), true);
        expect(READS[i].claim, print_issues(fixture), READS[i].partly_issues);
        expect(READS[i].claim, to_json(fixture, tree), READS[i].partly_json);
    }
}

/* Written only: "" for what is refused. */
static const struct {
    const char *claim, *json, *xml, *issues;
} WRITES[] = {
    { "elements come in the order of the definition",
      "{\"_birthDate\":{\"id\":\"b\"},\"name\":[{\"given\":[\"g\"],\"family\":\"f\"}],\"active\":"
      "true,"
      "\"resourceType\":\"Patient\",\"birthDate\":\"1970\",\"id\":\"p\"}",
      PATIENT("<id value=\"p\"/><active value=\"true\"/><name><family value=\"f\"/><given "
              "value=\"g\"/></name>"
              "<birthDate value=\"1970\" id=\"b\"/>"),
      "" },
    { "unknown properties that read back",
      "{\"resourceType\":\"Patient\",\"foo\":\"a\",\"_foo\":{\"id\":\"i\"},"
      "\"bar\":[\"a\",{\"b\":\"c\"}]}",
      PATIENT("<foo value=\"a\" id=\"i\"/><bar value=\"a\"/><bar><b value=\"c\"/></bar>"),
      "~unknown-element 1:33 Patient.foo (foo); ~unknown-element 1:61 Patient.bar (bar); "
      "~unknown-element 1:71 Patient.bar[1].b (b)" },
    { "unknown properties that do not",
      "{\"resourceType\":\"Patient\",\"a\":1,\"b\":[\"x\"],\"_c\":{},\"d\":null,"
      "\"<e\":\"\",\"f\":{\"g\":true},\"\":\"\",\"_\":\"\"}",
      "",
      "unknown-element 1:31 Patient.a (a); unknown-element 1:37 Patient.b (b); unknown-element "
      "1:48 "
      "Patient._c (_c); unknown-element 1:55 Patient.d (d); unknown-element 1:65 Patient.<e (<e); "
      "~unknown-element 1:72 Patient.f (f); unknown-element 1:86 Patient. (); "
      "unknown-element 1:77 Patient.f.g (g)" },
    { "a string in place of an object", "{\"resourceType\":\"Patient\",\"name\":[\"a\"]}",
      PATIENT("<name value=\"a\"/>"),
      "~type-mismatch 1:35 Patient.name[0] (an object is expected)" },
    { "wrong JSON types",
      "{\"resourceType\":\"Patient\",\"active\":\"true\",\"multipleBirthInteger\":\"1\","
      "\"birthDate\":1970,\"gender\":[\"male\"],\"name\":{},\"photo\":[1],\"maritalStatus\":true,"
      "\"text\":{\"div\":{}}}",
      "",
      "type-mismatch 1:162 Patient.text.div (xhtml is expected); "
      "type-mismatch 1:36 Patient.active (boolean is expected); "
      "type-mismatch 1:112 Patient.name (an array is expected); "
      "type-mismatch 1:96 Patient.gender (a single value is expected); "
      "type-mismatch 1:82 Patient.birthDate (date is expected); "
      "type-mismatch 1:143 Patient.maritalStatus (CodeableConcept is expected); "
      "type-mismatch 1:66 Patient.multipleBirth.ofType(integer) (integer is expected); "
      "type-mismatch 1:124 Patient.photo[0] (Attachment is expected)" },
    { "nothing where something must be",
      "{\"resourceType\":\"Patient\",\"active\":null,\"name\":[],"
      "\"contact\":[null],\"_gender\":null}",
      "",
      "empty-value 1:36 Patient.active (null); "
      "empty-value 1:48 Patient.name ([]); "
      "empty-value 1:78 Patient.gender (null); "
      "empty-value 1:62 Patient.contact[0] (null)" },
    { "characters that XML does not have",
      "{\"resourceType\":\"Patient\",\"id\":\"\\u0001\",\"gender\":\"\xEF\xBF\xBE\","
      "\"birthDate\":\"\xEF\xBF\xBD\",\"name\":[{\"id\":\"\\u001f\"}]}",
      "",
      "xml-character 1:32 Patient.id (U+0001); "
      "xml-character 1:82 Patient.name[0] (U+001F); "
      "xml-character 1:50 Patient.gender (U+FFFE)" },
    { "attributes have no shadow and are strings",
      "{\"resourceType\":\"Patient\",\"extension\":[{\"url\":1,\"_url\":{\"id\":\"a\"}}]}", "",
      "type-mismatch 1:47 Patient.extension[0].url (a string is expected); "
      "unknown-element 1:56 Patient.extension[0]._url (_url)" },
    { "a shadow of what is no primitive",
      "{\"resourceType\":\"Patient\",\"_name\":[{\"id\":\"a\"}]}", "",
      "unknown-element 1:35 Patient._name (_name)" },
    { "resources without a type",
      "{\"resourceType\":\"Patient\",\"contained\":[{},{\"resourceType\":\"Foo\"},1]}", "",
      "resource-type-missing 1:40 Patient.contained[0] (resourceType is expected); "
      "resource-type-unknown 1:43 Patient.contained[1] (Foo); "
      "type-mismatch 1:66 Patient.contained[2] (Resource is expected)" },
    { "no resource", "{}", "", "resource-type-missing 1:1 Resource (resourceType is expected)" },
    { "narratives that are no div",
      "{\"resourceType\":\"Bundle\",\"entry\":["
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"\"}}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"<div>a</div>\"}}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV "<p></div>\"}}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV
      "</div><br/>\"}}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"<?xml "
      "version='1.0'?>" JSON_DIV "</div>\"}}},"
      "{\"resource\":{\"resourceType\":\"Patient\",\"text\":{\"div\":\"<!DOCTYPE div><div/>\"}}}]}",
      "",
      "value-invalid 1:87 Bundle.entry[0].resource.text.div (the document is empty); "
      "value-invalid 1:145 Bundle.entry[1].resource.text.div (a div in the namespace "
      "http://www.w3.org/1999/xhtml is expected); "
      "value-invalid 1:215 Bundle.entry[2].resource.text.div (Opening and ending tag mismatch: p "
      "line 1 and div); "
      "value-invalid 1:326 Bundle.entry[3].resource.text.div (Extra content at the end of the "
      "document); "
      "value-invalid 1:439 Bundle.entry[4].resource.text.div (only one div is expected); "
      "xml-doctype 1:568 Bundle.entry[5].resource.text.div (<!DOCTYPE)" },
    { "white space around a narrative is none of it",
      "{\"resourceType\":\"Patient\",\"text\":{\"div\":\" " JSON_DIV "</div>\\n\"}}",
      PATIENT("<text>" DIV "</div></text>"), "" },
};

static void write_what_is_wrong(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(WRITES); i++) {
        const char *xml = to_xml(fixture, read_json(fixture, WRITES[i].json));
        expect(WRITES[i].claim, print_issues(fixture), WRITES[i].issues);
        expect(WRITES[i].claim, *xml ? xml + strlen(HEAD) : "", WRITES[i].xml);
    }
}

static void indent(void **state)
{
    struct fixture *fixture = *state;
    const cJSON *tree = read_json(
        fixture, "{\"resourceType\":\"Patient\",\"text\":{\"div\":\"" JSON_DIV " <p/> </div>\"},"
                 "\"contained\":[{\"resourceType\":\"Basic\"}],\"name\":[{\"given\":[\"a\"]}]}");
    struct buf out;
    buf_init(&out, fixture->arena, MOST_OUTPUT);
    assert_true(xml_print_pretty(&out, tree, fixture->definitions, &fixture->issues));
    assert_string_equal(buf_str(&out).data, HEAD
                        "\n<Patient xmlns=\"http://hl7.org/fhir\">\n  <text>\n    " DIV
                        " <p/> </div>\n  </text>\n  <contained>\n    <Basic/>\n  </contained>\n"
                        "  <name>\n    <given value=\"a\"/>\n  </name>\n</Patient>\n");
}

static void note_places(void **state)
{
    struct fixture *fixture = *state;
    static const char TEXT[] = PATIENT("\n <name> <given value=\"a\" id=\"b\"/></name>");
    const cJSON *tree = read_xml(fixture, str_of(TEXT), false);
    const cJSON *names = json_get(tree, "name"), *name = json_at(names, 0);
    long at_name = strstr(TEXT, "<name") - TEXT, at_given = strstr(TEXT, "<given") - TEXT;
    assert_int_equal(json_offset(tree), 0);
    assert_int_equal(json_offset(names), at_name);
    assert_int_equal(json_offset(name), at_name);
    assert_int_equal(json_offset(json_at(json_get(name, "given"), 0)), at_given);
    assert_int_equal(json_offset(json_at(json_get(name, "_given"), 0)), at_given);
    assert_ptr_equal(fixture->issues.source.data, TEXT);
}

/* `count` times `part` with %zu in it replaced, between head and tail. */
static struct str repeat(struct fixture *fixture, const char *head, const char *part, size_t count)
{
    struct buf out;
    buf_init(&out, fixture->arena, MOST_BUILT);
    buf_add(&out, str_of(head));
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_of(part);
        for (size_t at; (at = str_find(rest, '#', 0)) < rest.len;) {
            buf_add(&out, str_slice(rest, 0, at));
            buf_print(&out, "%zu", i);
            rest = str_slice(rest, at + 1, rest.len);
        }
        buf_add(&out, rest);
    }
    return buf_str(&out);
}

static struct str join(struct fixture *fixture, struct str a, struct str b)
{
    return str_print(fixture->arena, STR_FMT STR_FMT, STR_ARG(a), STR_ARG(b));
}

#define OPEN_PATIENT "<Patient xmlns=\"http://hl7.org/fhir\">"

static void hold_the_bounds_of_tags(void **state)
{
    struct fixture *fixture = *state;
    struct str text =
        join(fixture, repeat(fixture, "<a", " a#=''", XML_MOST_ATTRIBUTES), STR("/>"));
    struct xml_fault fault;
    assert_true(xml_scan(text, &fault));
    text = join(fixture, repeat(fixture, "<a", " a#=''", XML_MOST_ATTRIBUTES + 1), STR("/>"));
    assert_false(xml_scan(text, &fault));
    assert_string_equal(fault.reason, "more than 64 attributes in one element");
    text = join(fixture, repeat(fixture, "", "<a>", XML_MOST_DEPTH),
                repeat(fixture, "", "</a>", XML_MOST_DEPTH));
    assert_true(xml_scan(text, &fault));
    text = repeat(fixture, "", "<a>", XML_MOST_DEPTH + 1);
    assert_false(xml_scan(text, &fault));
    assert_int_equal(fault.id, ISSUE_TOO_DEEP);
    assert_int_equal(fault.offset, 3 * XML_MOST_DEPTH);
    text = repeat(fixture, "", "<a xmlns:a = 'u:#' xmlns:b='u' c='d'><b xmlns:z='u'/>",
                  XML_MOST_NAMESPACES / 2);
    assert_false(xml_scan(text, &fault));
    assert_int_equal(fault.id, ISSUE_TOO_DEEP); /* 512 are just enough, the depth is not */
    text = repeat(fixture, "", "<a xmlns:a = 'u:#' xmlns:b='u' xmlns='v'>", 200);
    assert_false(xml_scan(text, &fault));
    assert_string_equal(fault.reason, "more than 512 namespaces are declared");
}

static void hold_the_bounds_of_trees(void **state)
{
    struct fixture *fixture = *state;
    enum { EXTENSIONS = (JSON_MOST_DEPTH - 1) / 2 }; /* an array and an object each */
    struct str tail =
        join(fixture, repeat(fixture, "", "</extension>", EXTENSIONS), STR("</Patient>"));
    struct str head = repeat(fixture, OPEN_PATIENT, "<extension url=''>", EXTENSIONS);
    const cJSON *tree = read_xml(fixture, join(fixture, head, tail), false);
    assert_non_null(tree);
    assert_non_null(read_json(fixture, to_json(fixture, tree)));
    head = join(fixture, head, STR("<extension url=''/>"));
    assert_null(read_xml(fixture, join(fixture, head, tail), true));
    assert_int_equal(fixture->issues.count, 1);
    assert_int_equal(fixture->issues.first->id, ISSUE_TOO_DEEP);
}

static void hold_the_bounds_of_values(void **state)
{
    struct fixture *fixture = *state;
    static const char HEAD_TEXT[] = "<Binary xmlns=\"http://hl7.org/fhir\"><data value=\"";
    struct str text = repeat(fixture, HEAD_TEXT, "AAAAAAAAAA", XML_MOST_VALUE_BYTES / 10);
    const cJSON *tree = read_xml(fixture, join(fixture, text, STR("\"/></Binary>")), false);
    assert_string_equal(print_issues(fixture), "");
    const char *xml = to_xml(fixture, tree);
    assert_int_equal(strlen(xml), strlen(HEAD) + text.len + strlen("\"/></Binary>"));
    cJSON *longer = json_copy(fixture->arena, tree);
    struct str data = repeat(fixture, "", "AAAAAAAAAA", XML_MOST_VALUE_BYTES / 10 + 1);
    json_set(fixture->arena, longer, "data", json_new_string(fixture->arena, data));
    assert_string_equal(to_xml(fixture, longer), "");
    assert_int_equal(fixture->issues.first->id, ISSUE_VALUE_TOO_LONG);
    struct buf out;
    buf_init(&out, fixture->arena, 1000);
    issues_init(&fixture->issues, fixture->arena, (struct str){ "", 0 });
    assert_false(xml_print(&out, tree, fixture->definitions, &fixture->issues));
    assert_int_equal(fixture->issues.first->id, ISSUE_TOO_LARGE);
}

static void hold_the_bounds_of_what_is_wrong(void **state)
{
    struct fixture *fixture = *state;
    struct str text =
        join(fixture, repeat(fixture, OPEN_PATIENT, "<a#/>", 1000), STR("</Patient>"));
    assert_null(read_xml(fixture, text, false));
    assert_int_equal(fixture->issues.count, XML_MOST_FAULTS);
    text = join(fixture, repeat(fixture, OPEN_PATIENT, "<a#/>", 64), STR("</Patient>"));
    const cJSON *tree = read_xml(fixture, text, true);
    assert_int_equal(fixture->issues.count, 0);
    assert_true(*to_xml(fixture, tree));
    assert_int_equal(fixture->issues.count, 64);
    text = join(fixture, repeat(fixture, OPEN_PATIENT, "<a#/>", 65), STR("</Patient>"));
    assert_non_null(read_xml(fixture, text, true));
    assert_string_equal(print_issues(fixture), "unknown-element 1:412 Patient.a64 (a64)");
    struct str json = repeat(fixture, "{\"resourceType\":\"Patient\"", ",\"a#\":{}", 65);
    assert_string_equal(to_xml(fixture, read_json(fixture, join(fixture, json, STR("}")).data)),
                        "");
    assert_int_equal(fixture->issues.errors, 1);
}

/* A narrative whose namespaces all come from outside, and far more often than it is long. */
static void hold_the_bounds_of_narratives(void **state)
{
    struct fixture *fixture = *state;
    struct str uri = repeat(fixture, "", "uuuuuuuuuu", 1000);
    struct str head = str_print(fixture->arena,
                                "<Patient xmlns=\"http://hl7.org/fhir\" xmlns:u=\"" STR_FMT "\""
                                " xmlns:h=\"http://www.w3.org/1999/xhtml\"><text><h:div>",
                                STR_ARG(uri));
    struct str body = repeat(fixture, "", "<u:a/>", 1000);
    struct str text = join(fixture, join(fixture, head, body), STR("</h:div></text></Patient>"));
    assert_null(read_xml(fixture, text, false));
    assert_int_equal(fixture->issues.first->id, ISSUE_TOO_COSTLY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_and_read_twins),
        cmocka_unit_test(read_what_is_wrong),
        cmocka_unit_test(write_what_is_wrong),
        cmocka_unit_test(indent),
        cmocka_unit_test(note_places),
        cmocka_unit_test(hold_the_bounds_of_tags),
        cmocka_unit_test(hold_the_bounds_of_trees),
        cmocka_unit_test(hold_the_bounds_of_values),
        cmocka_unit_test(hold_the_bounds_of_what_is_wrong),
        cmocka_unit_test(hold_the_bounds_of_narratives),
    };
    return cmocka_run_group_tests_name("xml", tests, open_fixture, close_fixture);
}
