/* search_test.c - queries to plans, resources to index rows, text folded. */
#include "resources/base/test.h"

#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "server/search/fold.h"
#include "server/search/search.h"

static struct definitions *definitions;
static struct arena *arena;
static const char BASE[] = "https://here.example/fhir";

static int open_definitions(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    struct issues issues;
    (void)state;
    arena = arena_open();
    issues_init(&issues, arena, STR(""));
    definitions = definitions_open(PATHS, COUNT(PATHS), &issues);
    return definitions ? 0 : -1;
}

static int close_definitions(void **state)
{
    (void)state;
    definitions_close(definitions);
    arena_close(arena);
    return 0;
}

static void text_is_folded(void **state)
{
    static const struct {
        const char *text, *want, *claim;
    } CASES[] = {
        { "Smith", "smith", "case" },
        { "  van \t der\n Berg ", "van der berg", "blanks" },
        { "Müller", "muller", "a composed accent" },
        { "Mu\xcc\x88ller", "muller", "a combining accent" },
        { "Straße", "strasse", "case folding of one letter to two" },
        { "Ørsted Łódź", "orsted lodz", "letters that do not decompose" },
        { "Ægir Þór Đặng", "aegir thor dang", "ligatures and Icelandic letters" },
        { "İstanbul IŞIK ılık", "istanbul isik ilik", "Turkish letters" },
        { "O’Brien–Nuñez", "o'brien-nunez", "typographic apostrophe and dash" },
        { "ﬁne ＡＢＣ", "fine abc", "compatibility forms" },
        { "陈小明", "陈小明", "letters without case stay" },
        { "\xc2\xa0 \xe2\x80\x83", "", "nothing but blanks" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct str once = search_fold(str_of(CASES[i].text), arena);
        if (!str_is(once, CASES[i].want) || !str_equal(search_fold(once, arena), once))
            fail_msg("%s: " STR_FMT, CASES[i].claim, STR_ARG(once));
    }
}

static void a_query_is_split(void **state)
{
    static const struct {
        const char *query, *want; /* name<value> of each, or an issue */
    } CASES[] = {
        { "", "" },
        { "a=b&c=d", "a<b>c<d>" },
        { "a=1+2%2B3&&b", "a<1 2+3>b<>" },
        { "name:exact=M%C3%BCller", "name:exact<Müller>" },
        { "a==", "a<=>" },
        { "a=%", "! parameter 1 is not percent-encoded UTF-8" },
        { "a=1&b=%4", "! parameter 2 is not percent-encoded UTF-8" },
        { "a=%zz", "! parameter 1 is not percent-encoded UTF-8" },
        { "a=%00", "! parameter 1 is not percent-encoded UTF-8" },
        { "a=%ff", "! parameter 1 is not percent-encoded UTF-8" },
        { "a=%ed%a0%80", "! parameter 1 is not percent-encoded UTF-8" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        struct search_pair *pairs = NULL;
        struct buf got;
        size_t count;
        issues_init(&issues, arena, STR(""));
        buf_init(&got, arena, 1000);
        if (!search_split(&pairs, &count, str_of(CASES[i].query), arena, &issues))
            buf_print(&got, "! " STR_FMT, STR_ARG(issues.last->diagnostics));
        else
            for (size_t p = 0; p < count; p++)
                buf_print(&got, STR_FMT "<" STR_FMT ">", STR_ARG(pairs[p].name),
                          STR_ARG(pairs[p].value));
        assert_string_equal(buf_str(&got).data, CASES[i].want);
    }
}

static bool parse(struct search_plan *plan, const char *type, const char *query,
                  struct issues *issues)
{
    struct search_pair *pairs = NULL;
    size_t count;
    const struct search_context context = { .definitions = definitions, .base_url = str_of(BASE) };
    issues_init(issues, arena, STR(""));
    return search_split(&pairs, &count, str_of(query), arena, issues) &&
           search_parse(plan, str_of(type), pairs, count, &context, arena, issues);
}

static void wrong_parameters_are_named(void **state)
{
    static const struct {
        const char *query, *want;
    } CASES[] = {
        { "colour=red", "parameter-unknown CarePlan?colour" },
        { "status=active&colour=red&x=1", "parameter-unknown CarePlan?colour" },
        { "subject:Practitioner.name=x", "parameter-unknown CarePlan?subject:Practitioner.name" },
        { "subject.colour=x", "parameter-unknown CarePlan?subject.colour" },
        { "status.name=x", "parameter-unknown CarePlan?status.name" },
        { "subject.birthdate=x", "parameter-invalid subject.birthdate=x: write"
                                 " [eq|ne|gt|lt|ge|le|sa|eb|ap] and yyyy, yyyy-mm, yyyy-mm-dd, or"
                                 " yyyy-mm-ddThh:mm[:ss[.sss]] with Z or +hh:mm" },
        { "_has:Task:colour:status=x",
          "parameter-unknown CarePlan?_has:Task:colour:status: _has:Type:reference"
          " parameter:parameter" },
        { "_has:Task:focus:colour=x", "parameter-unknown CarePlan?_has:Task:focus:colour" },
        { "_include=CarePlan:status", "parameter-invalid _include=CarePlan:status: write a search"
                                      " parameter of the type that leads to records" },
        { "_include:often=*", "parameter-unknown CarePlan?_include:often: the modifier may be"
                              " iterate" },
        { "_include=CarePlan", "parameter-invalid _include=CarePlan: write Type:parameter,"
                               " Type:parameter:Target, Type:* or *" },
        { "_filter=status xx active",
          "parameter-invalid _filter=status xx active: write path, operator (eq ne co sw ew gt lt"
          " ge le ap sa eb pr po ss sb in ni re) and value, joined by and, or, not( ) and"
          " brackets" },
        { "_filter=colour eq red", "parameter-unknown CarePlan?_filter" },
        { "_query=mine", "parameter-unknown CarePlan?_query: there is no such query" },
        { "_contained=maybe", "parameter-invalid _contained=maybe: write true, both or false" },
        { "_text=(a",
          "parameter-invalid _text=(a: write words, \"phrases\", and, or, brackets; at most 32 of"
          " them" },
        { "_content=%22a",
          "parameter-invalid _content=\"a: write words, \"phrases\", and, or, brackets; at most"
          " 32 of them" },
        { "_content=a%20or", "parameter-invalid _content=a or: write words, \"phrases\", and, or,"
                             " brackets; at most 32 of them" },
        { "_containedType=both",
          "parameter-invalid _containedType=both: write container or contained" },
        { "_type=Patient", "parameter-unknown CarePlan?_type: the address names the type already" },
        { "status=", "parameter-invalid status=: write a value" },
        { "status=a%7Cb%7Cc", "parameter-invalid status=a|b|c: write code, system|code, |code or"
                              " system|, with \\ before , | $ and \\ in them" },
        { "status=|", "parameter-invalid status=|: write code, system|code, |code or system|,"
                      " with \\ before , | $ and \\ in them" },
        { "status=a,,b", "parameter-invalid status=a,,b: write code, system|code, |code or"
                         " system|, with \\ before , | $ and \\ in them" },
        { "status=a\\b", "parameter-invalid status=a\\b: write code, system|code, |code or"
                         " system|, with \\ before , | $ and \\ in them" },
        { "status:exact=a", "parameter-invalid status:exact=a: write another modifier or none:"
                            " this one does not go with the parameter" },
        { "status:missing=maybe", "parameter-invalid status:missing=maybe: write true or false" },
        { "date=2020-13", "parameter-invalid date=2020-13: write [eq|ne|gt|lt|ge|le|sa|eb|ap] and"
                          " yyyy, yyyy-mm, yyyy-mm-dd, or yyyy-mm-ddThh:mm[:ss[.sss]] with Z or"
                          " +hh:mm" },
        { "date=xx2020", "parameter-invalid date=xx2020: write [eq|ne|gt|lt|ge|le|sa|eb|ap] and"
                         " yyyy, yyyy-mm, yyyy-mm-dd, or yyyy-mm-ddThh:mm[:ss[.sss]] with Z or"
                         " +hh:mm" },
        { "subject=a%20b", "parameter-invalid subject=a b: write id, Type/id, or an absolute url" },
        { "subject:Patient=Group/1",
          "parameter-invalid subject:Patient=Group/1: write an id, or a reference to the type that"
          " the modifier names" },
        { "subject:Practitioner=1",
          "parameter-invalid subject:Practitioner=1: write another modifier or none: this one does"
          " not go with the parameter" },
        { "_id=a/b", "parameter-invalid _id=a/b: write an id: 1 to 64 of A-Z a-z 0-9 - ." },
        { "_count=many",
          "parameter-invalid _count=many: write a number of records, 0 for the count alone" },
        { "_count=1&_count=2", "parameter-invalid _count=2: write the parameter once" },
        { "_sort=colour", "parameter-invalid _sort=colour: write search parameters of the type,"
                          " '-' before those that go down" },
        { "_total=some", "parameter-invalid _total=some: write accurate, estimate or none" },
        { "_summary=some",
          "parameter-invalid _summary=some: write true, text, data, count or false" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        struct search_plan plan;
        if (parse(&plan, "CarePlan", CASES[i].query, &issues))
            fail_msg("%s is taken", CASES[i].query);
        struct str got = str_print(arena, "%s " STR_FMT, issue_kind(issues.first->id)->key,
                                   STR_ARG(issues.first->diagnostics));
        assert_string_equal(got.data, CASES[i].want);
    }
}

static void limits_are_named(void **state)
{
    static const struct {
        const char *first, *part;
        size_t times;
        const char *last, *want;
    } CASES[] = {
        { "", "status=a&", SEARCH_MOST_PAIRS, "a", "search-most-pairs" },
        { "status=", "a,", SEARCH_MOST_VALUES, "a", "search-most-values" },
        { "_sort=", "_id,", SEARCH_MOST_SORTS, "_id", "search-most-sorts" },
        { "", "part-of.", SEARCH_MOST_DEPTH + 1, "_id=a", "search-most-depth" },
        { "", "_has:CarePlan:part-of:", SEARCH_MOST_DEPTH + 1, "_id=a", "search-most-depth" },
        { "_has:Task:focus:", "focus.", 6, "_id=a", "search-most-conditions" },
        { "", "_include=CarePlan:subject&", SEARCH_MOST_INCLUDES + 1, "", "search-most-includes" },
        { "_filter=", "(", SEARCH_MOST_DEPTH + 2, "status eq a", "search-most-depth" },
        { "_filter=", "status eq a and ", 64, "status eq a", "search-most-terms" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        struct search_plan plan;
        struct buf query;
        buf_init(&query, arena, 1 << 20);
        buf_add(&query, str_of(CASES[i].first));
        for (size_t k = 0; k < CASES[i].times; k++)
            buf_add(&query, str_of(CASES[i].part));
        buf_add(&query, str_of(CASES[i].last));
        if (parse(&plan, "CarePlan", buf_str(&query).data, &issues))
            fail_msg("%s is not reached", CASES[i].want);
        struct str text = issues.first->diagnostics;
        if (str_find_str(text, str_of(CASES[i].want), 0) == text.len)
            fail_msg("%s: " STR_FMT, CASES[i].want, STR_ARG(text));
    }
}

static void a_plan_says_what_was_understood(void **state)
{
    static const struct {
        const char *query, *self;
        size_t conditions, values;
    } CASES[] = {
        { "status=active,draft&_sort=-date,_id&_count=5000&_format=json",
          "status=active,draft&_sort=-date,_id&_count=1000", 1, 2 },
        { "status=a\\,b", "status=a%5C,b", 1, 1 },
        { "category=http://x%7Cassess%2Bplan&_total=none",
          "category=http://x%7Cassess%2Bplan&_total=none", 1, 1 },
        { "patient=1&patient=Patient/2", "patient=1&patient=Patient/2", 2, 1 },
        { "date=ge2020-01-01T10:00:00+05:00", "date=ge2020-01-01T10:00:00%2005:00", 1, 1 },
        { "_id=a,b,c&_lastUpdated=gt2020&_summary=count",
          "_id=a,b,c&_lastUpdated=gt2020&_summary=count", 2, 3 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct issues issues;
        struct search_plan plan, again;
        assert_true(parse(&plan, "CarePlan", CASES[i].query, &issues));
        assert_string_equal(plan.self.data, CASES[i].self);
        assert_int_equal(plan.condition_count, CASES[i].conditions);
        assert_int_equal(plan.conditions[0].value_count, CASES[i].values);
        assert_true(parse(&again, "CarePlan", plan.self.data, &issues));
        assert_true(str_equal(plan.self, again.self));
    }
}

static void print_row(struct buf *out, const struct index_row *row)
{
    static const char *const KINDS[] = { "token", "string", "date",     "reference",
                                         "uri",   "number", "quantity", "presence" };
    buf_print(out, "%s " STR_FMT, KINDS[row->kind], STR_ARG(row->parameter));
    if (row->kind == INDEX_DATE)
        buf_print(out, " %lld %lld", (long long)(row->low / 1000000),
                  (long long)(row->high / 1000000));
    else if (row->kind != INDEX_PRESENCE)
        buf_print(out, " " STR_FMT "|" STR_FMT, STR_ARG(row->first), STR_ARG(row->second));
    if (row->kind == INDEX_NUMBER || row->kind == INDEX_QUANTITY)
        buf_print(out, " %g %g", row->number_low, row->number_high);
    buf_add_char(out, '\n');
}

/* The rows that are not of presence, and not of these parameters that every case would have. */
static struct str print_rows(const struct index_rows *rows, bool is_presence)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (size_t i = 0; i < rows->count; i++)
        if ((rows->rows[i].kind == INDEX_PRESENCE) == is_presence)
            print_row(&out, &rows->rows[i]);
    return buf_str(&out);
}

static const struct {
    const char *resource, *want, *patients;
} RESOURCES[] = {
    { "{'resourceType':'CarePlan','id':'c','status':'active','intent':'plan',"
      "'identifier':[{'system':'urn:s','value':'7','type':{'text':'Plan No'}}],"
      "'category':[{'coding':[{'system':'http://c','code':'x','display':'Ex'}],'text':'Cat'}],"
      "'subject':{'reference':'https://here.example/fhir/Patient/p1'},"
      "'period':{'start':'2020-01-01'},"
      "'goal':[{'reference':'Goal/g/_history/3'},{'reference':'#in'}],"
      "'careTeam':[{'reference':'https://there.example/fhir/CareTeam/t'}],"
      "'instantiatesCanonical':['http://p|2']}",
      "reference care-team |https://there.example/fhir/CareTeam/t\n"
      "token category http://c|x\n"
      "string category:text ex|Ex\n"
      "string category:text cat|Cat\n"
      "date date 1577836800 9223372036854\n"
      "reference goal Goal|g\n"
      "token identifier urn:s|7\n"
      "string identifier:text plan no|Plan No\n"
      "reference instantiates-canonical |http://p|2\n"
      "reference instantiates-canonical |http://p\n"
      "token intent http://hl7.org/fhir/request-intent|plan\n"
      "reference patient Patient|p1\n"
      "token status http://hl7.org/fhir/request-status|active\n"
      "reference subject Patient|p1\n",
      "p1" },
    { "{'resourceType':'Patient','id':'p9','active':true,'deceasedBoolean':false,"
      "'name':[{'family':'Łuk','given':['Ann','Bo']}],'birthDate':'1950-02',"
      "'telecom':[{'system':'phone','use':'home','value':'555'}],"
      "'generalPractitioner':[{'identifier':{'system':'urn:npi','value':'1'}}]}",
      "token active |true\n"
      "date birthdate -628473600 -626054400\n"
      "token deceased |false\n"
      "string family luk|Łuk\n"
      "token general-practitioner:identifier urn:npi|1\n"
      "string given ann|Ann\n"
      "string given bo|Bo\n"
      "string name luk|Łuk\n"
      "string name ann|Ann\n"
      "string name bo|Bo\n"
      "token phone home|555\n"
      "string phonetic luk|Łuk\n"
      "string phonetic ann|Ann\n"
      "string phonetic bo|Bo\n"
      "token telecom home|555\n",
      "p9" },
    { "{'resourceType':'Observation','id':'o','meta':{'profile':['http://a|1'],"
      "'tag':[{'code':'t'}]},'status':'final','code':{'text':'BP'},"
      "'effectiveTiming':{'event':['2020-01-02T00:00:00Z','2020-01-01T00:00:00Z']},"
      "'valueQuantity':{'value':5.40,'system':'http://unitsofmeasure.org','code':'mg',"
      "'unit':'milligram'},'subject':{'reference':'Group/g'}}",
      "uri _profile http://a|1|\n"
      "uri _profile http://a|\n"
      "token _tag |t\n"
      "string code:text bp|BP\n"
      "string combo-code:text bp|BP\n"
      "quantity combo-value-quantity http://unitsofmeasure.org|mg 5.4 5.4\n"
      "quantity combo-value-quantity |milligram 5.4 5.4\n"
      "quantity combo-value-quantity http://unitsofmeasure.org#base|g:1 0.0054 0.0054\n"
      "date date 1577836800 1577923201\n"
      "token status http://hl7.org/fhir/observation-status|final\n"
      "reference subject Group|g\n"
      "quantity value-quantity http://unitsofmeasure.org|mg 5.4 5.4\n"
      "quantity value-quantity |milligram 5.4 5.4\n"
      "quantity value-quantity http://unitsofmeasure.org#base|g:1 0.0054 0.0054\n",
      "" },
    { "{'resourceType':'RiskAssessment','id':'r','status':'final',"
      "'subject':{'reference':'Patient/p'},'prediction':[{'probabilityDecimal':0.5}]}",
      "reference patient Patient|p\n"
      "number probability | 0.5 0.5\n"
      "reference subject Patient|p\n",
      "p" },
};

static void resources_give_rows(void **state)
{
    (void)state;
    struct search_indexer *indexer = search_indexer_open(definitions, str_of(BASE));
    for (size_t i = 0; i < COUNT(RESOURCES); i++) {
        struct issues issues;
        struct index_rows rows;
        struct buf patients;
        char *text = str_cstr(arena, str_of(RESOURCES[i].resource));
        for (char *at = text; *at; at++)
            *at = *at == '\'' ? '"' : *at;
        issues_init(&issues, arena, STR(""));
        cJSON *resource = json_parse(str_of(text), arena, &issues);
        assert_non_null(resource);
        assert_true(search_index(&rows, indexer, resource, arena, &issues));
        for (const struct issue *issue = issues.first; issue; issue = issue->next)
            print_message("issue: " STR_FMT "\n", STR_ARG(issue->diagnostics));
        assert_string_equal(print_rows(&rows, false).data, RESOURCES[i].want);
        buf_init(&patients, arena, 1000);
        for (size_t p = 0; p < rows.patient_count; p++)
            buf_add(&patients, rows.patients[p]);
        assert_string_equal(buf_str(&patients).data, RESOURCES[i].patients);
        assert_int_equal(issues.count, 0);
    }
    search_indexer_close(indexer);
}

static void presence_is_a_row_for_each_parameter_with_a_value(void **state)
{
    struct issues issues;
    struct index_rows rows;
    (void)state;
    struct search_indexer *indexer = search_indexer_open(definitions, str_of(BASE));
    issues_init(&issues, arena, STR(""));
    cJSON *resource = json_parse(STR("{\"resourceType\":\"Goal\",\"lifecycleStatus\":\"active\","
                                     "\"subject\":{\"display\":\"someone\"}}"),
                                 arena, &issues);
    assert_true(search_index(&rows, indexer, resource, arena, &issues));
    assert_string_equal(print_rows(&rows, true).data,
                        "presence lifecycle-status\npresence subject\n");
    resource = json_parse(STR("{\"resourceType\":\"Goals\"}"), arena, &issues);
    assert_false(search_index(&rows, indexer, resource, arena, &issues));
    search_indexer_close(indexer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_folded),
        cmocka_unit_test(a_query_is_split),
        cmocka_unit_test(wrong_parameters_are_named),
        cmocka_unit_test(limits_are_named),
        cmocka_unit_test(a_plan_says_what_was_understood),
        cmocka_unit_test(resources_give_rows),
        cmocka_unit_test(presence_is_a_row_for_each_parameter_with_a_value),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
