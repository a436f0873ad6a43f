/* reindex_test.c - an index is made anew when the definitions that it was made by are others. */
#include "resources/base/test.h"

#include <unistd.h>

#include "server/reindex.h"
#include "server/search/state.h"
#include "server/store/rebuild.h"
#include "server/store/search_fixture.h"

static void wait_until_complete(struct fixture *f, struct reindex *reindex)
{
    struct reindex_progress *progress;
    size_t count = 1, waiting = 1;
    for (int i = 0; waiting && i < 1000; i++) {
        waiting = 0;
        reindex_read(reindex, f->arena, &progress, &count);
        for (size_t k = 0; k < count; k++)
            waiting += progress[k].is_waiting;
        usleep(waiting ? 10000 : 0);
    }
    assert_int_equal(waiting, 0);
}

/* Records as a program left them that knew no search parameter at all. */
static void put_bare(struct fixture *f, int count)
{
    static const struct index_rows NONE = { 0 };
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        struct store_write write = indexed(f->arena, "Patient", id, "'gender':'male'");
        write.index = &NONE;
        assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
    }
}

static const char *count_males(struct fixture *f)
{
    struct store_page page;
    struct search_plan plan = plan_of(f->arena, "Patient", "gender=male&_summary=count");
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    return str_print(f->arena, "%llu", (unsigned long long)page.total).data;
}

static void old_records_get_their_rows(void **state)
{
    struct fixture *f = *state;
    put_bare(f, 120);
    assert_string_equal(count_males(f), "0");
    struct reindex *reindex = reindex_open(f->store, indexer, definitions, NULL);
    wait_until_complete(f, reindex);
    assert_string_equal(count_males(f), "120");
    reindex_close(reindex);
    /* Now the store knows by what its index was made. */
    struct str note = rebuild_find_note(f->store, STR("index:Patient"), f->arena);
    assert_true(str_equal(note, state_print(definitions, STR("Patient"), f->arena)));
    struct reindex_progress *progress;
    size_t count = 1;
    reindex = reindex_open(f->store, indexer, definitions, NULL);
    reindex_read(reindex, f->arena, &progress, &count);
    assert_int_equal(count, 0);
    reindex_start(reindex, STR("Patient"));
    wait_until_complete(f, reindex);
    reindex_read(reindex, f->arena, &progress, &count);
    assert_true(count == 1 && progress[0].done == 120 && progress[0].total == 120);
    assert_string_equal(count_males(f), "120");
    reindex_close(reindex);
}

static size_t count_referrers(struct fixture *f, const char *target)
{
    struct store_page page;
    assert_int_equal(store_referrers(f->store, f->viewer, str_of(target), 10, f->arena, &page),
                     OUTCOME_OK);
    return page.count;
}

/* What was written while integrity was not kept is not left pointing at nothing, and a run by hand
 * forgets no link. */
static void old_records_get_their_links(void **state)
{
    struct fixture *f = *state;
    struct str base = str_of(BASE);
    put(f, "Goal", "g", "'subject':{'reference':'Patient/p'},'addresses':[{'reference':'#x'}]");
    assert_int_equal(count_referrers(f, "Patient/p"), 0);
    struct reindex *reindex = reindex_open(f->store, indexer, definitions, &base);
    wait_until_complete(f, reindex);
    assert_int_equal(count_referrers(f, "Patient/p"), 1);
    reindex_start(reindex, STR(""));
    wait_until_complete(f, reindex);
    assert_int_equal(count_referrers(f, "Patient/p"), 1);
    reindex_close(reindex);
}

/* A run goes on behind the record where an earlier one for the same definitions ended. */
static void a_run_goes_on_where_it_ended(void **state)
{
    struct fixture *f = *state;
    struct rebuild_record *records;
    size_t count;
    put_bare(f, 10);
    assert_int_equal(rebuild_next(f->store, STR("Patient"), 0, 4, f->arena, &records, &count),
                     OUTCOME_OK);
    assert_int_equal(count, 4);
    struct str now = state_print(definitions, STR("Patient"), f->arena);
    const struct rebuild_note note = { STR("reindex:Patient"),
                                       str_print(f->arena, "%lld " STR_FMT,
                                                 (long long)records[3].key, STR_ARG(now)) };
    assert_int_equal(rebuild_set_notes(f->store, &note, 1), OUTCOME_OK);
    struct reindex *reindex = reindex_open(f->store, indexer, definitions, NULL);
    wait_until_complete(f, reindex);
    reindex_close(reindex);
    assert_string_equal(count_males(f), "6");
}

static void what_ended_meanwhile_is_left_alone(void **state)
{
    struct fixture *f = *state;
    struct rebuild_record *records;
    struct issues issues;
    struct index_rows rows;
    size_t count;
    put_bare(f, 2);
    issues_init(&issues, f->arena, STR(""));
    assert_int_equal(rebuild_next(f->store, STR("Patient"), 0, 9, f->arena, &records, &count),
                     OUTCOME_OK);
    cJSON *tree = json_parse(records[0].body, f->arena, &issues);
    assert_true(search_index(&rows, indexer, tree, f->arena, &issues));
    records[0].index = records[1].index = &rows;
    struct store_write gone = fixture_deletion("Patient", "p0");
    assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
    assert_int_equal(rebuild_put(f->store, STR("Patient"), records, count, f->arena), OUTCOME_OK);
    assert_string_equal(count_males(f), "1");
}

static void a_new_parameter_waits_until_all_have_it(void **state)
{
    static const struct {
        const char *before, *now, *code;
        enum state want;
    } CASES[] = {
        { "a 1\nb 2\n", "a 1\nb 2\n", "b", STATE_SAME },
        { "a 1\nb 2\n", "a 1\nb 3\n", "b", STATE_CHANGED },
        { "a 1\n", "a 1\nb 2\n", "b", STATE_NEW },
        { "", "a 1\n", "a", STATE_CHANGED },
        { "ab 1\n", "ab 1\na 2\n", "a", STATE_NEW },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(
            state_compare(str_of(CASES[i].before), str_of(CASES[i].now), str_of(CASES[i].code)),
            CASES[i].want);
    put_bare(f, 1);
    const struct rebuild_note notes[] = {
        { STR("index:Patient"), STR("family 0\n") },
        { STR("index:Goal"), STR("status 0\n") },
    };
    assert_int_equal(rebuild_set_notes(f->store, notes, COUNT(notes)), OUTCOME_OK);
    struct reindex *reindex = reindex_open(f->store, indexer, definitions, NULL);
    assert_true(reindex_is_ready(reindex, STR("Goal"), STR("lifecycle-status")));
    wait_until_complete(f, reindex);
    assert_true(reindex_is_ready(reindex, STR("Patient"), STR("gender")));
    reindex_close(reindex);
}

static bool never(void *context, struct str type, struct str code)
{
    (void)context, (void)type;
    return !str_is(code, "gender");
}

static void a_search_says_that_a_parameter_is_being_indexed(void **state)
{
    struct fixture *f = *state;
    struct issues issues;
    struct search_plan plan;
    struct search_pair pair = { STR("gender"), STR("male") };
    const struct search_context context = { .definitions = definitions, .is_ready = never };
    issues_init(&issues, f->arena, STR(""));
    assert_false(search_parse(&plan, STR("Patient"), &pair, 1, &context, f->arena, &issues));
    assert_string_equal(issues.first->diagnostics.data,
                        "Patient?gender: it is being indexed; $reindex-status says how far");
    pair.name = STR("family");
    assert_true(search_parse(&plan, STR("Patient"), &pair, 1, &context, f->arena, &issues));
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(old_records_get_their_rows),
        IN_STORE(old_records_get_their_links),
        IN_STORE(a_run_goes_on_where_it_ended),
        IN_STORE(what_ended_meanwhile_is_left_alone),
        IN_STORE(a_new_parameter_waits_until_all_have_it),
        IN_STORE(a_search_says_that_a_parameter_is_being_indexed),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
