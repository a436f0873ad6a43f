/* chain_store_test.c - conditions on other records, compartments, searches of the whole system, and
 * what is included: found, and not found by those who may not see it. */
#include "resources/base/test.h"

#include "server/store/search_fixture.h"

static void put_care(struct fixture *f)
{
    put(f, "Organization", "o1", "'name':'Riverside'");
    put(f, "Organization", "o2", "'name':'Hillside','partOf':{'reference':'Organization/o1'}");
    put(f, "Practitioner", "d1", "'name':[{'family':'Doctor'}]");
    put(f, "Patient", "p1",
        "'name':[{'family':'Adams'}],'gender':'male','managingOrganization':{'reference':"
        "'Organization/o2'},'generalPractitioner':[{'reference':'Practitioner/d1'}]");
    put(f, "Patient", "p2", "'name':[{'family':'Brown'}],'gender':'female'");
    put(f, "Group", "p1", "'actual':true");
    put(f, "Encounter", "e1",
        "'status':'finished','class':{'code':'IMP'},"
        "'period':{'start':'2010-05-01','end':'2010-05-02'},"
        "'subject':{'reference':'Patient/p1'}");
    put(f, "Encounter", "e2",
        "'status':'planned','class':{'code':'AMB'},"
        "'subject':{'reference':'Patient/p2'}");
    put(f, "Observation", "b1",
        "'status':'final','code':{'coding':[{'code':'bp'}]},"
        "'subject':{'reference':'Patient/p1'},"
        "'encounter':{'reference':'Encounter/e1'}");
    put(f, "Observation", "b2",
        "'status':'final','code':{'coding':[{'code':'bp'}]},"
        "'subject':{'reference':'Patient/p2'},"
        "'encounter':{'reference':'Encounter/e2'}");
    put(f, "Observation", "b3",
        "'status':'final','code':{'coding':[{'code':'hr'}]},"
        "'subject':{'reference':'Group/p1'}");
    put(f, "Provenance", "v1",
        "'target':[{'reference':'Observation/b1'}],"
        "'recorded':'2010-05-02T00:00:00Z'");
    put(f, "List", "l1",
        "'status':'current','mode':'working','entry':[{'item':{'reference':"
        "'Observation/b1'}},{'item':{'reference':'Patient/p2'}}]");
}

static void chains_lead_to_other_records(void **state)
{
    static const struct search_case CASES[] = {
        { "subject:Patient.name=adams", "b1", "one link, with its type" },
        { "subject.name=adams", "b1", "without" },
        { "patient.name=adams,brown", "b1 b2", "any of the values" },
        { "subject.family=nobody", "", "nobody" },
        { "subject:Patient.gender:not=male", "b2", "a modifier at the end" },
        { "subject:Patient.name:exact=Adams", "b1", "another" },
        { "subject:Patient._id=p1", "b1", "an id: of the Patient, not of the Group" },
        { "subject:Group._id=p1", "b3", "of the Group" },
        { "encounter.subject:Patient.name=adams", "b1", "two links" },
        { "encounter.subject:Patient.organization.name=hill", "b1", "three" },
        { "encounter.subject:Patient.organization.partof.name=river", "b1", "four" },
        { "encounter:Encounter.date=2010&code=bp", "b1", "with another condition" },
        { "subject:Patient.name=adams&encounter.class=AMB", "", "both must hold" },
        { "subject:Patient.name:missing=true", "", "what is missing there" },
        { "subject:Patient.general-practitioner:missing=true", "b2", "is missing" },
        { "patient._has:Encounter:patient:class=IMP", "b1", "_has behind a link" },
        { "subject:Patient._lastUpdated=gt2000&code=bp", "b1 b2", "the other record's time" },
    };
    struct fixture *f = *state;
    put_care(f);
    check(f, "Observation", CASES, COUNT(CASES));
}

static void has_finds_what_is_led_to(void **state)
{
    static const struct search_case CASES[] = {
        { "_has:Observation:patient:code=bp", "p1 p2", "some record leads here" },
        { "_has:Observation:patient:code=hr", "", "not from another type's id" },
        { "_has:Encounter:patient:class=IMP&_has:Encounter:patient:date=2010", "p1", "two" },
        { "gender=male&_has:Encounter:patient:class=AMB", "", "with another condition" },
        { "_has:Observation:patient:encounter.class=IMP", "p1", "a chain in _has" },
        { "_has:Observation:patient:_has:Provenance:target:recorded=2010", "p1", "_has in _has" },
        { "_has:Observation:patient:status:not=final", "", "a modifier" },
        { "_has:List:item:_id=l1", "p2", "by a list" },
        { "_list=l1", "p2", "_list says the same" },
        { "_list=l2", "", "another list" },
    };
    struct fixture *f = *state;
    put_care(f);
    check(f, "Patient", CASES, COUNT(CASES));
    struct store_write gone = fixture_deletion("Encounter", "e1");
    fixture_commit_one(f, &gone);
    static const struct search_case AFTER[] = {
        { "_has:Encounter:patient:class=IMP", "", "what was deleted leads nowhere" },
    };
    check(f, "Patient", AFTER, COUNT(AFTER));
}

static void hierarchies_are_climbed(void **state)
{
    static const struct search_case PATIENTS[] = {
        { "organization:below=o1", "p1", "a part of it" },
        { "organization:below=Organization/o2", "p1", "itself" },
        { "organization:above=o2", "p1", "itself again" },
        { "organization=o1", "", "without the modifier only itself" },
    };
    static const struct search_case ORGANIZATIONS[] = {
        { "partof:below=o1", "o2", "those below it" },
        { "partof:above=o2", "o2", "those whose parent stands above" },
    };
    struct fixture *f = *state;
    put_care(f);
    check(f, "Patient", PATIENTS, COUNT(PATIENTS));
    check(f, "Organization", ORGANIZATIONS, COUNT(ORGANIZATIONS));
    /* A ring has an end too. */
    put(f, "Organization", "o1", "'name':'Riverside','partOf':{'reference':'Organization/o2'}");
    check(f, "Patient", PATIENTS, 3);
}

static void includes_follow_and_lead_back(void **state)
{
    static const struct search_case CASES[] = {
        { "_id=b1&_include=Observation:subject", "b1 + Patient/p1", "one link" },
        { "_id=b1,b3&_include=Observation:subject", "b1 b3 + Patient/p1 Group/p1", "of any type" },
        { "_id=b1,b3&_include=Observation:subject:Group", "b1 b3 + Group/p1", "of this type" },
        { "_id=b1&_include=*", "b1 + Patient/p1 Encounter/e1", "all links" },
        { "_id=b1&_include=Observation:*", "b1 + Patient/p1 Encounter/e1", "all of the type" },
        { "_id=b1&_include=Encounter:subject", "b1", "another type's links are not here" },
        { "_id=b1&_include=Observation:encounter&_include:iterate=Encounter:subject",
          "b1 + Encounter/e1 Patient/p1", "a link of what was included" },
        { "_id=b1&_include=Observation:subject&_include:iterate=Patient:organization"
          "&_include:iterate=Organization:partof",
          "b1 + Patient/p1 Organization/o2 Organization/o1", "and on" },
        { "_id=b1&_include=Observation:subject&_include=Patient:organization", "b1 + Patient/p1",
          "not without iterate" },
        { "_id=b1&_revinclude=Provenance:target", "b1 + Provenance/v1", "what leads here" },
        { "_id=b1&_revinclude=*", "b1 + Provenance/v1 List/l1", "all that leads here" },
        { "_id=b1&_revinclude=List:*", "b1 + List/l1", "all of a type" },
        { "_id=b1,b2&_include=Observation:subject&_revinclude:iterate=Encounter:patient",
          "b1 b2 + Patient/p1 Patient/p2 Encounter/e1 Encounter/e2",
          "and leads to what was added" },
        { "_id=b1&_include=Observation:subject&_total=none", "b1 + Patient/p1", "with no total" },
    };
    struct fixture *f = *state;
    put_care(f);
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (!strstr(CASES[i].query, "_total"))
            check(f, "Observation", &CASES[i], 1);
}

static void canonicals_are_followed(void **state)
{
    static const struct search_case CASES[] = {
        { "questionnaire.title=intake", "r1 r2", "a chain over a canonical" },
        { "questionnaire.title=other", "", "that leads to nothing" },
        { "_id=r1&_include=QuestionnaireResponse:questionnaire", "r1 + Questionnaire/q1",
          "included" },
        { "questionnaire:below=http://q%7C1", "r2", "a version below" },
        { "questionnaire:below=http://q%7C1.2", "r2", "that version" },
        { "questionnaire:below=http://q%7C2", "", "another" },
        { "questionnaire:above=http://q%7C1.2.3", "r2", "the version above" },
    };
    struct fixture *f = *state;
    put(f, "Questionnaire", "q1", "'url':'http://q','title':'Intake','status':'active'");
    put(f, "QuestionnaireResponse", "r1", "'questionnaire':'http://q','status':'completed'");
    put(f, "QuestionnaireResponse", "r2", "'questionnaire':'http://q|1.2','status':'completed'");
    check(f, "QuestionnaireResponse", CASES, COUNT(CASES));
}

/* A viewer that may not see a type does not see it through others either. */
static void what_is_hidden_stays_hidden_behind_links(void **state)
{
    static const struct search_case CASES[] = {
        { "subject:Patient.name=adams", "", "no chain" },
        { "encounter.class=IMP", "b1", "but to what may be seen" },
        { "encounter.subject:Patient.name=adams", "", "not in the middle" },
        { "_has:Provenance:target:recorded=2010", "", "no _has" },
        { "_id=b1&_include=*", "b1 + Encounter/e1", "no include" },
        { "_id=b1&_revinclude=*", "b1", "none back" },
        { "_list=l1", "", "no list" },
        { "_filter=subject.name eq \"adams\"", "", "no filter" },
        { "_filter=not(subject.name eq \"adams\")", "b1 b2 b3", "as if it were not there" },
    };
    static const struct scope SCOPES[] = { { { "Observation", 11 }, ACT_READ | ACT_SEARCH },
                                           { { "Encounter", 9 }, ACT_READ | ACT_SEARCH } };
    static const struct viewer NARROW = { .scopes = SCOPES, .scope_count = COUNT(SCOPES) };
    struct fixture *f = *state;
    put_care(f);
    f->viewer = &NARROW;
    check(f, "Observation", CASES, COUNT(CASES));
    check(f, "", (const struct search_case[]){ { "", "e1 e2 b1 b2 b3", "of all types" } }, 1);
}

static void the_whole_system_is_searched(void **state)
{
    static const struct search_case CASES[] = {
        { "_id=p1", "p1 p1", "two records of one id" },
        { "_id=p1&_count=1&_total=none", "p1", "" },
        { "_type=Patient,Group&_sort=_id", "p1 p1 p2", "of these types" },
        { "_type=Patient&name=adams", "p1", "with a parameter of the type" },
        { "_type=Observation,Encounter&status=final", "b1 b2 b3", "that all types have" },
        { "_type=Observation,Encounter&subject:Patient.name=brown", "e2 b2", "a chain" },
        { "_lastUpdated=lt2000", "", "a time" },
        { "_type=Patient&_sort=-_lastUpdated", "p2 p1", "sorted" },
    };
    struct fixture *f = *state;
    put_care(f);
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (*CASES[i].claim)
            check(f, "", &CASES[i], 1);
    struct search_plan plan = plan_of(f->arena, "", "_count=1&_id=p1");
    struct store_page page, next;
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(
        store_search(f->store, f->viewer, &plan, page.snapshot, page.next, f->arena, &next),
        OUTCOME_OK);
    assert_true(page.has_more && !next.has_more && page.total == 2 && next.count == 1);
    assert_false(str_equal(page.versions[0].type, next.versions[0].type));
}

static const char *in_compartment(struct fixture *f, const char *of, const char *id,
                                  const char *type, const char *query)
{
    struct issues issues;
    struct search_plan plan;
    struct store_page page;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    const struct search_context context = { .definitions = definitions,
                                            .base_url = str_of(BASE),
                                            .compartment_type = str_of(of),
                                            .compartment_id = str_of(id) };
    struct buf ids;
    buf_init(&ids, f->arena, 1 << 20);
    issues_init(&issues, f->arena, STR(""));
    assert_true(search_split(&pairs, &count, str_of(query), f->arena, &issues) &&
                search_parse(&plan, str_of(type), pairs, count, &context, f->arena, &issues));
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    for (size_t i = 0; i < page.count; i++)
        buf_print(&ids, "%s" STR_FMT, i ? " " : "", STR_ARG(page.versions[i].id));
    return buf_str(&ids).data;
}

static void compartments_hold_their_members(void **state)
{
    static const struct {
        const char *of, *id, *type, *query, *want;
    } CASES[] = {
        { "Patient", "p1", "Observation", "", "b1" },
        { "Patient", "p1", "Observation", "code=hr", "" },
        { "Patient", "p1", "", "", "p1 e1 b1" },
        { "Patient", "p1", "", "_type=Encounter,Observation", "e1 b1" },
        { "Patient", "p2", "Practitioner", "", "" },
        { "Encounter", "e1", "Observation", "", "b1" },
        { "Encounter", "e1", "Observation", "code=bp", "b1" },
        { "Encounter", "e1", "", "", "e1 b1" },
        { "Practitioner", "d1", "Patient", "", "p1" },
        { "Device", "x", "Observation", "", "" },
    };
    struct fixture *f = *state;
    put_care(f);
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_string_equal(
            in_compartment(f, CASES[i].of, CASES[i].id, CASES[i].type, CASES[i].query),
            CASES[i].want);
}

/* Starts where the fewest rows are, whichever way the query is written. */
static void a_search_starts_at_the_rarest(void **state)
{
    static const struct {
        const char *query, *want;
    } CASES[] = {
        { "status=final&code=hr",
          "start at the index of token code (1 value) 1|live at the snapshot,"
          " and are the viewer's to see 1|keep if token status (1 value) 1|" },
        { "code=bp&subject:Patient.name=adams",
          "start at the index of subject leads to Patient: string name (1 value) 1|live at the"
          " snapshot, and are the viewer's to see 1|keep if token code (1 value) 1|" },
        { "_lastUpdated=gt2000",
          "start at all records of the types, by time 3|live at the snapshot,"
          " and are the viewer's to see 3|keep if date _lastUpdated (1 value)"
          " 3|" },
    };
    struct fixture *f = *state;
    put_care(f);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct store_step *steps;
        struct buf text;
        size_t count;
        struct search_plan plan = plan_of(f->arena, "Observation", CASES[i].query);
        assert_int_equal(store_explain(f->store, f->viewer, &plan, f->arena, &steps, &count),
                         OUTCOME_OK);
        buf_init(&text, f->arena, 1 << 16);
        for (size_t s = 0; s < count; s++)
            buf_print(&text, STR_FMT " %llu|", STR_ARG(steps[s].text),
                      (unsigned long long)steps[s].rows);
        assert_string_equal(buf_str(&text).data, CASES[i].want);
    }
}

/* A search that takes too long ends, and says so. */
static void a_search_ends_with_its_time(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    put_care(f);
    struct search_plan plan = plan_of(f->arena, "Observation", "_content=x,y,z,a,b,c,d");
    plan.most_us = 1;
    char id[16];
    for (int i = 0; i < 400; i++) {
        snprintf(id, sizeof id, "n%d", i);
        put(f, "Observation", id, "'status':'final','code':{'text':'some words'}");
    }
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_LATE);
    plan.most_us = 0;
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
}

/* The deepest and the broadest that the limits let through must still be SQL that SQLite takes. */
static void the_limits_are_low_enough(void **state)
{
    static const struct {
        const char *first, *part, *last;
        size_t times;
    } CASES[] = {
        { "", "part-of.", "_id=a", SEARCH_MOST_DEPTH },
        { "", "part-of.", "_id:not=a", SEARCH_MOST_DEPTH },
        { "", "_has:CarePlan:part-of:", "_id=a", SEARCH_MOST_DEPTH },
        { "_has:Task:focus:", "focus.", "_id=a", 2 },
        { "_filter=", "not(", "status eq a))))))))", SEARCH_MOST_DEPTH },
        { "_filter=", "part-of.", "status eq a", SEARCH_MOST_DEPTH - 1 },
        { "", "part-of.", "instantiates-uri:above=http://a/b/c/d/e/f", 3 },
    };
    struct fixture *f = *state;
    put(f, "CarePlan", "a", "'partOf':[{'reference':'CarePlan/a'}],'status':'a'");
    for (size_t i = 0; i < COUNT(CASES); i++)
        for (int filters = 0; filters < 2; filters++) {
            struct buf query;
            buf_init(&query, f->arena, 1 << 20);
            buf_add(&query, filters ? STR("_id=a&") : STR(""));
            buf_add(&query, str_of(CASES[i].first));
            for (size_t k = 0; k < CASES[i].times; k++)
                buf_add(&query, str_of(CASES[i].part));
            buf_add(&query, str_of(CASES[i].last));
            found(f, "CarePlan", buf_str(&query).data);
        }
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(chains_lead_to_other_records),  IN_STORE(has_finds_what_is_led_to),
        IN_STORE(hierarchies_are_climbed),       IN_STORE(includes_follow_and_lead_back),
        IN_STORE(canonicals_are_followed),       IN_STORE(what_is_hidden_stays_hidden_behind_links),
        IN_STORE(the_whole_system_is_searched),  IN_STORE(compartments_hold_their_members),
        IN_STORE(a_search_starts_at_the_rarest), IN_STORE(a_search_ends_with_its_time),
        IN_STORE(the_limits_are_low_enough),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
