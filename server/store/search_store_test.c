/* search_store_test.c - what a search finds: every kind of parameter over stored records, pages,
 * snapshots, guards. */
#include "resources/base/test.h"

#include <pthread.h>
#include <stdatomic.h>

#include "server/store/search_fixture.h"

static void tokens_are_found(void **state)
{
    static const struct search_case CASES[] = {
        { "category=x", "a b", "a code of any system" },
        { "category=http://s%7Cx", "a", "a code of a system" },
        { "category=http://s%7C", "a c", "any code of a system" },
        { "category=%7Cx", "b", "a code without a system" },
        { "category=http://other%7Cx", "", "a system that no record has" },
        { "category=X", "", "codes compare as bytes" },
        { "category=x,y", "a b c", "any of the values" },
        { "category=x&category=z", "a", "all of the parameters" },
        { "category=a\\,b", "d", "an escaped comma" },
        { "category:not=x", "c d e", "not: also those without" },
        { "category:not=x,y", "d e", "not any of the values" },
        { "category:missing=true", "e", "no value at all" },
        { "category:missing=false", "a b c d", "some value" },
        { "category:text=ZWEITENS", "c", "the display, folded" },
        { "category:text=the", "a", "the concept's own text" },
        { "status=active", "a b", "a bare code" },
        { "status=http://hl7.org/fhir/request-status%7Cactive", "a b", "its implied system" },
        { "status=http://hl7.org/fhir/task-status%7Cactive", "", "another system" },
        { "status=active&category=x&intent=plan", "a b", "three at once" },
    };
    struct fixture *f = *state;
    put(f, "CarePlan", "a",
        "'status':'active','intent':'plan','category':[{'coding':[{'system':'http://s','code':'x'},"
        "{'code':'z'}],'text':'The plan'}]");
    put(f, "CarePlan", "b",
        "'status':'active','intent':'plan','category':[{'coding':[{'code':'x'}]}]");
    put(f, "CarePlan", "c",
        "'status':'draft','category':[{'coding':[{'system':'http://s','code':'y',"
        "'display':'Zweitens'}]}]");
    put(f, "CarePlan", "d", "'category':[{'coding':[{'code':'a,b'}]}]");
    put(f, "CarePlan", "e", "'status':'draft'");
    check(f, "CarePlan", CASES, COUNT(CASES));
}

static void strings_are_found(void **state)
{
    static const struct search_case CASES[] = {
        { "family=mul", "a b", "begins with, no accents" },
        { "family=M%C3%9CLLER", "a", "upper case and accent" },
        { "family=uller", "", "begins, not contains" },
        { "family:contains=LLE", "a b", "contains" },
        { "family:exact=M%C3%BCller", "a", "exact is exact" },
        { "family:exact=Muller", "", "with its accents" },
        { "family:exact=M%C3%BCll", "", "and whole" },
        { "given=anna,bo", "a b", "any of the values" },
        { "given=anna&given=maria", "a", "all of the parameters, in several values" },
        { "name=muller", "a", "name holds the family name" },
        { "name=dr", "c", "and the prefix" },
        { "address=main", "c", "a line of the address" },
        { "address-city=b%C3%B8", "c", "a letter that does not decompose" },
        { "family=%EF%BF%BD", "", "above every letter" },
    };
    struct fixture *f = *state;
    put(f, "Patient", "a", "'name':[{'family':'Müller','given':['Anna','Maria']}]");
    put(f, "Patient", "b", "'name':[{'family':'Mulleta','given':['Bo']}]");
    put(f, "Patient", "c",
        "'name':[{'prefix':['Dr'],'family':'Zu'}],'address':[{'line':['Main St 1'],'city':'Bo'}]");
    check(f, "Patient", CASES, COUNT(CASES));
}

static void references_are_found(void **state)
{
    static const struct search_case CASES[] = {
        { "subject=p1", "a b d", "an id of any type" },
        { "subject=Patient/p1", "a b", "type and id" },
        { "subject:Patient=p1", "a b", "the type as modifier" },
        { "subject:Group=p1", "d", "another type" },
        { "subject=https://here.example/fhir/Patient/p1", "a b", "our own url" },
        { "subject=https://there.example/fhir/Patient/p1", "c", "another server's url" },
        { "patient=p1", "a b", "patient: only what leads to a Patient" },
        { "subject:identifier=urn:mrn%7C7", "e", "an identifier without a reference" },
        { "subject:identifier=8", "", "another one" },
        { "subject:missing=true", "f", "none" },
        { "patient=p1,p2", "a b", "any" },
        { "instantiates-canonical=http://p", "f", "a canonical without its version" },
        { "instantiates-canonical=http://p%7C1", "f", "and with it" },
        { "instantiates-canonical=http://p%7C2", "", "not with another" },
    };
    struct fixture *f = *state;
    put(f, "CarePlan", "a", "'subject':{'reference':'Patient/p1'}");
    put(f, "CarePlan", "b", "'subject':{'reference':'https://here.example/fhir/Patient/p1'}");
    put(f, "CarePlan", "c", "'subject':{'reference':'https://there.example/fhir/Patient/p1'}");
    put(f, "CarePlan", "d", "'subject':{'reference':'Group/p1'}");
    put(f, "CarePlan", "e", "'subject':{'identifier':{'system':'urn:mrn','value':'7'}}");
    put(f, "CarePlan", "f", "'instantiatesCanonical':['http://p|1']");
    check(f, "CarePlan", CASES, COUNT(CASES));
}

/* Each prefix against a day, a month, a year, an instant and open periods (R4 search.html#prefix).
 */
static void dates_are_found_by_range(void **state)
{
    static const struct search_case CASES[] = {
        { "date=2020-03-15", "day moment", "eq: the value holds the whole target" },
        { "date=2020-03", "day moment month", "a month holds its days" },
        { "date=2020", "day moment month year", "a year holds its months" },
        { "date=2020-03-15T10:30:00Z", "moment", "a second" },
        { "date=2020-03-15T10:30Z", "moment", "a minute" },
        { "date=2020-03-15T12:30:00%2B02:00", "moment", "in another zone" },
        { "date=ne2020-03", "closed from to year", "ne: the others that have a date" },
        { "date=gt2020-03-15", "closed from month year", "gt: something of it is later" },
        { "date=lt2020-03-15", "month to year", "lt: something of it is earlier" },
        { "date=ge2020-03-15", "closed day from moment month year", "ge: gt or eq" },
        { "date=le2020-03-15", "day moment month to year", "le: lt or eq" },
        { "date=sa2020-03-14", "closed day from moment", "sa: all of it is later" },
        { "date=sa2020-03-15", "closed from", "sa: not the day itself" },
        { "date=eb2020-03-16", "day moment to", "eb: all of it is earlier" },
        { "date=eb2020-03-15", "to", "eb: not the day itself" },
        { "date=ge2020-03-15&date=le2020-03-15", "day moment month year", "both on one record" },
        { "date=2020-03-15,2019", "day moment", "any of the values" },
        { "date=gt2029", "from", "only the open end" },
        { "date=lt1900", "to", "only the open start" },
        { "date:missing=true", "none", "no date" },
    };
    static const char *const PERIODS[][2] = {
        { "day", "'start':'2020-03-15','end':'2020-03-15'" },
        { "moment", "'start':'2020-03-15T10:30:00Z','end':'2020-03-15T10:30:00Z'" },
        { "month", "'start':'2020-03','end':'2020-03'" },
        { "year", "'start':'2020','end':'2020'" },
        { "from", "'start':'2020-04-01'" },
        { "to", "'end':'2020-02-01'" },
        { "closed", "'start':'2021-01-01','end':'2021-06-30'" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(PERIODS); i++)
        put(f, "CarePlan", PERIODS[i][0], str_print(f->arena, "'period':{%s}", PERIODS[i][1]).data);
    put(f, "CarePlan", "none", "");
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct search_case sorted = CASES[i];
        sorted.query = str_print(f->arena, "%s&_sort=_id", CASES[i].query).data;
        check(f, "CarePlan", &sorted, 1);
    }
}

static void numbers_and_quantities_are_found(void **state)
{
    static const struct search_case RISKS[] = {
        { "probability=0.5", "a", "within half of the last digit" },
        { "probability=0.50", "a", "a finer value" },
        { "probability=0.500", "", "0.504 is outside of 0.500" },
        { "probability=gt0.504", "b", "a comparison takes the number itself" },
        { "probability=ge0.504", "a b", "or equal" },
        { "probability=lt0.8", "a", "less" },
        { "probability=ne0.5", "b", "not equal" },
        { "probability=ap0.52", "a", "about: a tenth" },
    };
    static const struct search_case VALUES[] = {
        { "value-quantity=5.4%7Chttp://unitsofmeasure.org%7Cmg", "o", "number and unit" },
        { "value-quantity=5.4%7C%7Cmg", "o", "a code of any system" },
        { "value-quantity=5.4%7C%7Cmilligram", "o", "the unit's word" },
        { "value-quantity=5.4%7Chttp://unitsofmeasure.org%7Cg", "", "another unit" },
        { "value-quantity=5.4", "o", "any unit" },
        { "value-quantity=gt5", "o p", "above; also what is only known to be above 3" },
    };
    struct fixture *f = *state;
    put(f, "RiskAssessment", "a", "'prediction':[{'probabilityDecimal':0.504}]");
    put(f, "RiskAssessment", "b", "'prediction':[{'probabilityDecimal':0.8}]");
    put(f, "Observation", "o",
        "'valueQuantity':{'value':5.4,'system':'http://unitsofmeasure.org','code':'mg',"
        "'unit':'milligram'}");
    put(f, "Observation", "p", "'valueQuantity':{'value':3,'comparator':'>'}");
    check(f, "RiskAssessment", RISKS, COUNT(RISKS));
    check(f, "Observation", VALUES, COUNT(VALUES));
}

static void ids_profiles_and_times_are_found(void **state)
{
    struct fixture *f = *state;
    struct store_version first;
    put(f, "Goal", "a", "'lifecycleStatus':'active'");
    put(f, "Goal", "b", "'lifecycleStatus':'active'");
    struct store_write c = indexed(f->arena, "Goal", "c", "");
    struct index_rows *rows = arena_alloc(f->arena, sizeof *rows);
    struct index_row row = { .kind = INDEX_URI,
                             .parameter = STR("_profile"),
                             .first = STR("http://p") };
    *rows = (struct index_rows){ .rows = &row, .count = 1 };
    c.index = rows;
    assert_int_equal(fixture_commit_one(f, &c), OUTCOME_OK);
    store_read(f->store, f->viewer, STR("Goal"), STR("b"), 0, f->arena, &first);
    char time[32];
    fixture_time(time, first.updated_us);
    static const struct search_case CASES[] = {
        { "_id=b", "b", "one" },
        { "_id=c,a,x", "a c", "several, in the order of time" },
        { "_id:not=a", "b c", "not one" },
        { "_id=a&lifecycle-status=active", "a", "and another" },
        { "_id=c&lifecycle-status=active", "", "and another that does not match" },
        { "_profile=http://p", "c", "a profile" },
        { "_lastUpdated=gt2000", "a b c", "since" },
        { "_lastUpdated=lt2000", "", "until" },
        { "_lastUpdated=lt2000,gt2001", "a b c", "any" },
        { "_lastUpdated=ge2000&lifecycle-status=active", "a b", "with another" },
    };
    check(f, "Goal", CASES, COUNT(CASES));
    const struct search_case at = { str_print(f->arena, "_lastUpdated=%s&_id=b", time).data, "b",
                                    "the moment as it is printed" };
    check(f, "Goal", &at, 1);
}

static void sorts_put_missing_last_and_ties_by_id(void **state)
{
    static const struct search_case CASES[] = {
        { "", "d b a c e", "in the order of time" },
        { "_sort=_id", "a b c d e", "by id" },
        { "_sort=-_id", "e d c b a", "down" },
        { "_sort=date", "b a c d e", "missing last, ties by id" },
        { "_sort=-date", "a c b d e", "also when it goes down" },
        { "_sort=status,-date", "d a c b e", "two keys" },
        { "_sort=-status,date", "b a c d e", "the first one down" },
        { "_sort=-_lastUpdated", "e c a b d", "the last first" },
        { "_sort=_lastUpdated&status=x", "d", "with a condition" },
    };
    struct fixture *f = *state;
    put(f, "CarePlan", "d", "'status':'x'");
    put(f, "CarePlan", "b", "'status':'y','period':{'start':'2019'}");
    put(f, "CarePlan", "a", "'status':'y','period':{'start':'2020'}");
    put(f, "CarePlan", "c", "'status':'y','period':{'start':'2020'}");
    put(f, "CarePlan", "e", "");
    check(f, "CarePlan", CASES, COUNT(CASES));
}

static const char *walk_pages(struct fixture *f, const char *query, bool is_disturbed)
{
    struct search_plan plan = plan_of(f->arena, "CarePlan", query);
    struct store_page page = { .next = STR("") };
    struct buf ids;
    buf_init(&ids, f->arena, 1 << 20);
    for (int round = 0; round == 0 || page.has_more; round++) {
        struct str position = page.next;
        assert_int_equal(
            store_search(f->store, f->viewer, &plan, page.snapshot, position, f->arena, &page),
            OUTCOME_OK);
        assert_true(page.count <= plan.count);
        assert_int_equal(page.total, 20);
        for (size_t i = 0; i < page.count; i++) {
            assert_non_null(strstr(page.versions[i].body.data, "\"old"));
            buf_print(&ids, STR_FMT " ", STR_ARG(page.versions[i].id));
        }
        if (!is_disturbed)
            continue;
        struct store_write gone = fixture_deletion("CarePlan", "p07");
        assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
        char id[16];
        for (int i = 0; i < 20; i += 3) {
            snprintf(id, sizeof id, "p%02d", i);
            put(f, "CarePlan", id, "'status':'new','title':'new'");
        }
        snprintf(id, sizeof id, "q%02d", round);
        put(f, "CarePlan", id, "'status':'s1','title':'new'");
    }
    return buf_str(&ids).data;
}

static void pages_stay_as_they_were(void **state)
{
    static const char *const QUERIES[] = {
        "_count=3",
        "_count=20",
        "_count=3&_sort=-_lastUpdated",
        "_count=3&_sort=_id",
        "_count=3&_sort=status",
        "_count=3&_sort=-date,status",
        "_count=3&status:not=zz",
        "_count=7&_sort=-status,-_id&_lastUpdated=gt2000",
    };
    struct fixture *f = *state;
    for (size_t q = 0; q < COUNT(QUERIES); q++) {
        for (int i = 0; i < 20; i++) {
            char id[16], members[128];
            snprintf(id, sizeof id, "p%02d", i);
            snprintf(members, sizeof members, "'status':'s%d'%s,'title':'old%zu'", i % 3,
                     i % 4 == 3 ? "" : ",'period':{'start':'2020'}", q);
            put(f, "CarePlan", id, members);
        }
        for (int i = 0; i < 20; i++) {
            char id[16];
            snprintf(id, sizeof id, "q%02d", i);
            struct store_write gone = fixture_deletion("CarePlan", id);
            assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
        }
        const char *still = walk_pages(f, QUERIES[q], false);
        const char *moving = walk_pages(f, QUERIES[q], true);
        assert_string_equal(still, moving);
        assert_int_equal(strlen(still), 20 * 4);
    }
}

static void a_page_ends_with_its_life(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    const int64_t hour = (int64_t)3600 * 1000000;
    struct search_plan plan = plan_of(f->arena, "CarePlan", "status=a&_count=1");
    put(f, "CarePlan", "x", "'status':'a'");
    put(f, "CarePlan", "y", "'status':'a'");
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    uint64_t snapshot = page.snapshot;
    struct str next = page.next;
    put(f, "CarePlan", "y", "'status':'b'");
    store_keep_house(f->store, fixture_now());
    assert_int_equal(store_search(f->store, f->viewer, &plan, snapshot, next, f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(page.count, 1);
    store_keep_house(f->store, fixture_now() + 2 * hour);
    assert_int_equal(store_search(f->store, f->viewer, &plan, snapshot, next, f->arena, &page),
                     OUTCOME_GONE);
    assert_int_equal(
        store_search(f->store, f->viewer, &plan, snapshot + 1000, next, f->arena, &page),
        OUTCOME_GONE);
    assert_string_equal(found(f, "CarePlan", "status=a"), "x");
    assert_string_equal(found(f, "CarePlan", "status=b"), "y");
    /* Nothing has changed since: such a snapshot does not age. */
    snapshot = store_commit_number(f->store);
    store_keep_house(f->store, fixture_now() + 9 * hour);
    assert_int_equal(store_search(f->store, f->viewer, &plan, snapshot, STR(""), f->arena, &page),
                     OUTCOME_OK);
    struct store_version old;
    assert_int_equal(store_read(f->store, f->viewer, STR("CarePlan"), STR("y"), 1, f->arena, &old),
                     OUTCOME_OK);
}

static void counts_and_totals(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    for (int i = 0; i < 7; i++)
        put(f, "Goal", str_print(f->arena, "g%d", i).data, "");
    struct search_plan plan = plan_of(f->arena, "Goal", "_summary=count");
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    assert_true(page.count == 0 && page.total == 7 && page.has_total);
    plan = plan_of(f->arena, "Goal", "_count=0");
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    assert_true(page.count == 0 && page.total == 7 && page.has_total && !page.has_more);
    plan = plan_of(f->arena, "Goal", "_count=2&_total=none");
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    assert_true(page.count == 2 && !page.has_total && page.has_more);
    plan = plan_of(f->arena, "Goal", "_count=7");
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    assert_true(page.count == 7 && page.total == 7 && !page.has_more);
    assert_int_equal(
        store_search(f->store, f->viewer, &plan, 0, STR("i1;t2:ab;x"), f->arena, &page),
        OUTCOME_GONE);
}

static void a_search_with_a_thousand_values_runs(void **state)
{
    static const char *const PARAMETERS[] = { "lifecycle-status", "_id", "subject", "start-date" };
    struct fixture *f = *state;
    put(f, "Goal", "g",
        "'lifecycleStatus':'v7','subject':{'reference':'Patient/v7'},"
        "'startDate':'2007-01-01'");
    put(f, "Goal", "v7", "");
    for (size_t p = 0; p < COUNT(PARAMETERS); p++)
        for (int filters = 0; filters < 2; filters++) {
            struct buf query;
            buf_init(&query, f->arena, 1 << 20);
            buf_print(&query, "%s%s=", filters ? "_id=g,v7&" : "", PARAMETERS[p]);
            for (int i = 0; i < SEARCH_MOST_VALUES; i++)
                buf_print(&query, p == 3 ? "%s%04d" : "%sv%d", i ? "," : "", p == 3 ? i + 1500 : i);
            assert_string_equal(found(f, "Goal", buf_str(&query).data), p == 1 ? "v7" : "g");
        }
}

static void search_guards_see_what_came_between(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    struct search_plan plan = plan_of(f->arena, "Patient", "identifier=urn:s%7C1");
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    struct store_guard none = { .plan = &plan, .version = page.snapshot, .viewer = f->viewer };
    struct store_write first =
        indexed(f->arena, "Patient", "a", "'identifier':[{'system':'urn:s','value':'1'}]");
    struct store_commit commit = {
        .writes = &first, .write_count = 1, .guards = &none, .guard_count = 1
    };
    put(f, "Patient", "other", "'identifier':[{'system':'urn:s','value':'2'}]");
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_CONFLICT);
    assert_string_equal(str_cstr(f->arena, commit.stale), "identifier=urn:s%7C1");
    const struct str ids[] = { STR("a") };
    struct store_guard one = { .plan = &plan, .ids = ids, .id_count = 1, .viewer = f->viewer };
    commit.guards = &one;
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    put(f, "Patient", "b", "'identifier':[{'system':'urn:s','value':'1'}]");
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_CONFLICT);
}

/* ---- a thousand at once ---- */

enum { RACERS = 1000, THREADS = 50 };
struct race {
    struct fixture *f;
    atomic_int made, found, next;
};

/* What a conditional create does: search, and commit if nothing was found; again on a clash. */
static void create_once(struct race *race, int number)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    const struct search_plan plan = plan_of(arena, "Patient", "identifier=urn:s%7Csame");
    struct str id = str_print(arena, "r%d", number);
    struct store_write write =
        indexed(arena, "Patient", id.data, "'identifier':[{'system':'urn:s','value':'same'}]");
    for (;;) {
        struct store_page page;
        assert_int_equal(
            store_search(race->f->store, race->f->viewer, &plan, 0, STR(""), arena, &page),
            OUTCOME_OK);
        if (page.count) {
            assert_int_equal(page.count, 1);
            atomic_fetch_add(&race->found, 1);
            return;
        }
        struct store_guard guard = { .plan = &plan,
                                     .version = page.snapshot,
                                     .viewer = race->f->viewer };
        struct store_commit commit = {
            .writes = &write, .write_count = 1, .guards = &guard, .guard_count = 1
        };
        enum outcome outcome = store_commit(race->f->store, &commit, arena);
        if (outcome == OUTCOME_OK) {
            atomic_fetch_add(&race->made, 1);
            return;
        }
        assert_int_equal(outcome, OUTCOME_CONFLICT);
    }
}

static void *run_racer(void *argument)
{
    struct race *race = argument;
    for (int n; (n = atomic_fetch_add(&race->next, 1)) < RACERS;)
        create_once(race, n);
    return NULL;
}

static void a_thousand_creates_of_one_identity_make_one(void **state)
{
    struct race race = { .f = *state };
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, run_racer, &race), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&race.made), 1);
    assert_int_equal(atomic_load(&race.found), RACERS - 1);
    assert_int_equal(strlen(found(*state, "Patient", "")) > 0, 1);
    struct store_page page;
    struct search_plan plan = plan_of(race.f->arena, "Patient", "");
    store_search(race.f->store, race.f->viewer, &plan, 0, STR(""), race.f->arena, &page);
    assert_int_equal(page.total, 1);
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(tokens_are_found),
        IN_STORE(strings_are_found),
        IN_STORE(references_are_found),
        IN_STORE(dates_are_found_by_range),
        IN_STORE(numbers_and_quantities_are_found),
        IN_STORE(ids_profiles_and_times_are_found),
        IN_STORE(sorts_put_missing_last_and_ties_by_id),
        IN_STORE(pages_stay_as_they_were),
        IN_STORE(a_page_ends_with_its_life),
        IN_STORE(counts_and_totals),
        IN_STORE(a_search_with_a_thousand_values_runs),
        IN_STORE(search_guards_see_what_came_between),
        IN_STORE(a_thousand_creates_of_one_identity_make_one),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
