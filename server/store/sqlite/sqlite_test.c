/* sqlite_test.c - what only the SQLite backend has: files that are refused, triggers, dictionaries,
 * names, damaged bodies. */
#include "resources/base/test.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "server/store/sqlite/bodies.h"
#include "server/store/sqlite/position.h"
#include "server/store/sqlite/sqlite.h"
#include "server/store/store_fixture.h"

/* Runs SQL on the store's file, which nobody has open, and gives the first value as a number. */
static int64_t run_sql(struct fixture *f, const char *sql)
{
    sqlite3 *handle;
    sqlite3_stmt *statement;
    int64_t value = -1;
    assert_int_equal(sqlite3_open(strchr(f->location, ':') + 1, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    else if (code != SQLITE_DONE)
        value = -code;
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return value;
}

static void close_store(struct fixture *f)
{
    store_close(f->store);
    f->store = NULL;
}

static void refused(struct fixture *f, const char *why)
{
    struct issues issues;
    struct store_options options = { 0 };
    issues_init(&issues, f->arena, STR(""));
    f->store = store_open(f->location, &options, &issues);
    assert_null(f->store);
    assert_true(str_ends(issues.last->diagnostics, str_of(why)));
}

static void a_newer_store_is_refused(void **state)
{
    struct fixture *f = *state;
    close_store(f);
    run_sql(f, "INSERT INTO step(number, at_us) VALUES(99, 0)");
    refused(f, "this store was made by a newer version of Tandem");
    run_sql(f, "DELETE FROM step WHERE number = 99");
    fixture_reopen(f);
}

static void another_database_is_refused(void **state)
{
    struct fixture *f = *state;
    close_store(f);
    run_sql(f, "PRAGMA application_id = 7");
    refused(f, "this is a database, but not a store of Tandem");
}

static void what_is_no_database_is_refused(void **state)
{
    struct fixture *f = *state;
    close_store(f);
    FILE *file = fopen(strchr(f->location, ':') + 1, "wb");
    for (int i = 0; i < 1000; i++)
        fputs("this is no database ", file);
    fclose(file);
    refused(f, "file is not a database");
}

static void a_folder_that_is_not_there_is_an_issue(void **state)
{
    struct fixture *f = *state;
    char kept[sizeof f->location];
    close_store(f);
    memcpy(kept, f->location, sizeof kept);
    snprintf(f->location, sizeof f->location, "sqlite:/none/such/store.db");
    refused(f, "No such file or directory");
    memcpy(f->location, kept, sizeof kept);
}

static void audit_can_only_grow(void **state)
{
    struct fixture *f = *state;
    const struct str audits[] = { STR("{\"resourceType\":\"AuditEvent\"}"), STR("{}") };
    struct store_commit commit = { .audits = audits, .audit_count = 2 };
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    close_store(f);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM audit"), 2);
    assert_int_equal(run_sql(f, "DELETE FROM audit"), -SQLITE_CONSTRAINT);
    assert_int_equal(run_sql(f, "UPDATE audit SET at_us = 0"), -SQLITE_CONSTRAINT);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM audit WHERE number = 1"), 2);
}

static void put_many(struct fixture *f, int from, int count)
{
    struct store_write *writes = arena_array(f->arena, (size_t)count, sizeof *writes);
    for (int i = 0; i < count; i++) {
        const char *id = str_print(f->arena, "n%d", from + i).data;
        struct str body = str_print(
            f->arena,
            "{\"resourceType\":\"Goal\",\"id\":\"%s\",\"meta\":{},\"note\":[{\"authorReference\":"
            "{\"reference\":\"PractitionerRole/role-%d\"},\"text\":\"Visited on day %d; member is "
            "walking %d steps and prefers mornings\"}],\"number\":%d}",
            id, i % 7, i * 31 % 365, i * 7919 % 10007, i);
        writes[i] = fixture_write(f, "Goal", id, 0);
        writes[i].body = body;
        writes[i].meta_at = str_find_str(body, STR("\"meta\":{"), 0) + 8;
    }
    struct store_commit commit = { .writes = writes, .write_count = (size_t)count };
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
}

static void dictionaries_are_learned_and_old_bodies_stay(void **state)
{
    struct fixture *f = *state;
    struct store_version old, young;
    put_many(f, 0, 2000);
    store_keep_house(f->store, fixture_now());
    store_keep_house(f->store, fixture_now());
    put_many(f, 2000, 100);
    for (int opened = 0; opened < 2; opened++) {
        assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("n5"), 0, f->arena, &old),
                         OUTCOME_OK);
        assert_int_equal(
            store_read(f->store, f->viewer, STR("Goal"), STR("n2005"), 0, f->arena, &young),
            OUTCOME_OK);
        assert_true(str_ends(old.body, STR("\"number\":5}")));
        assert_true(str_ends(young.body, STR("\"number\":5}")));
        fixture_reopen(f);
    }
    close_store(f);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM dictionary"), 2);
    assert_true(run_sql(f, "SELECT sum(length(bytes)) FROM body WHERE dictionary = 2") * 20 <
                run_sql(f, "SELECT sum(length(bytes)) FROM body WHERE dictionary = 1"));
}

static void a_damaged_body_is_a_failure_not_a_crash(void **state)
{
    static const char *const HARM[] = {
        "UPDATE body SET bytes = zeroblob(20)",
        "UPDATE body SET dictionary = 31",
        "UPDATE body SET dictionary = 99",
        "UPDATE body SET dictionary = 0, bytes = x'7b7d', meta_at = 2",
        "UPDATE body SET dictionary = 0, bytes = x'7b7d', meta_at = 0",
    };
    struct fixture *f = *state;
    struct store_version got;
    for (size_t i = 0; i < COUNT(HARM); i++) {
        assert_int_equal(fixture_put_value(f, "Goal", "g", (int)i), OUTCOME_OK);
        close_store(f);
        run_sql(f, HARM[i]);
        fixture_reopen(f);
        assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("g"), 0, f->arena, &got),
                         OUTCOME_FAILED);
    }
}

static void sweeping_takes_index_rows_and_leaves_versions(void **state)
{
    struct fixture *f = *state;
    struct index_row row = { .kind = INDEX_TOKEN, .parameter = STR("p"), .second = STR("v") };
    struct str patient = STR("p1");
    struct index_rows rows = { .rows = &row, .count = 1, .patients = &patient, .patient_count = 1 };
    for (int i = 0; i < 10; i++) {
        struct store_write write = fixture_write(f, "Goal", "g", i);
        write.index = &rows;
        assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
    }
    struct store_write gone = fixture_deletion("Goal", "g");
    assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
    store_keep_house(f->store, fixture_now());
    close_store(f);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM token"), 10);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM compartment WHERE patient = 'p1'"), 10);
    fixture_reopen(f);
    store_keep_house(f->store, fixture_now() + (int64_t)4000 * 1000000);
    close_store(f);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM token"), 0);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM compartment"), 0);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM sweep"), 0);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM version"), 11);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM commits"), 1);
}

static void add_jobs(struct fixture *f, size_t payload)
{
    char *large = arena_alloc(f->arena, payload);
    const struct store_job jobs[] = {
        { STR("push"), STR("A"), STR("a"), STR("small"), 0 },
        { STR("push"), STR("B"), STR("b"), { large, payload }, 0 },
    };
    struct store_commit commit = { .jobs = jobs, .job_count = COUNT(jobs) };
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
}

static void limit_readers(struct fixture *f, int bytes)
{
    struct sqlite_pool *pool = &((struct sqlite *)f->store)->readers;
    for (size_t i = 0; i < pool->count; i++)
        sqlite3_limit(pool->all[i]->handle, SQLITE_LIMIT_LENGTH, bytes);
}

/* The second payload can not be read: the first job must not be nobody's from then on. */
static void what_is_taken_on_the_way_to_an_error_goes_back(void **state)
{
    struct fixture *f = *state;
    struct store_pending *jobs;
    size_t count;
    add_jobs(f, 100000);
    limit_readers(f, 50000);
    assert_int_equal(store_jobs_take(f->store, INT64_MAX, 10, f->arena, &jobs, &count),
                     OUTCOME_FAILED);
    assert_int_equal(count, 0);
    limit_readers(f, 1000000000);
    assert_int_equal(store_jobs_take(f->store, INT64_MAX, 10, f->arena, &jobs, &count), OUTCOME_OK);
    assert_int_equal(count, 2);
    assert_true(str_is(jobs[0].payload, "small") && jobs[1].payload.len == 100000);
}

static off_t size_of(struct fixture *f, const char *suffix)
{
    struct stat file = { 0 };
    stat(str_print(f->arena, "%s%s", strchr(f->location, ':') + 1, suffix).data, &file);
    return file.st_size;
}

/* A disk that takes no more: what was acknowledged stays, what was not is not there, and the store
 * goes on when there is room again. */
static void a_full_disk_fails_commits_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct rlimit before, tight;
    struct store_version got;
    put_many(f, 0, 100);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    tight = before;
    tight.rlim_cur = (rlim_t)size_of(f, "-wal") + 500000;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    int done = 0;
    while (done < 1000 && fixture_put_value(f, "Task", "t", done) == OUTCOME_OK)
        done++;
    uint64_t number = store_commit_number(f->store);
    struct store_write lost = fixture_write(f, "Unheard", "u", 1);
    assert_int_equal(fixture_commit_one(f, &lost), OUTCOME_FAILED);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_true(done > 0 && done < 1000);
    assert_int_equal(store_commit_number(f->store), number);
    for (int round = 0; round < 2; round++) {
        store_read(f->store, f->viewer, STR("Task"), STR("t"), 0, f->arena, &got);
        assert_int_equal(got.version, done + round);
        assert_int_equal(
            store_read(f->store, f->viewer, STR("Unheard"), STR("u"), 0, f->arena, &got),
            round ? OUTCOME_OK : OUTCOME_NOT_FOUND);
        if (round)
            break;
        assert_int_equal(fixture_put_value(f, "Task", "t", done), OUTCOME_OK);
        assert_int_equal(fixture_commit_one(f, &lost), OUTCOME_OK);
        fixture_reopen(f);
    }
}

static void names_from_outside_do_not_fill_memory(void **state)
{
    struct fixture *f = *state;
    char system[1000];
    memset(system, 's', sizeof system - 1);
    system[sizeof system - 1] = '\0';
    struct index_row rows[] = {
        { .kind = INDEX_TOKEN, .parameter = STR("p"), .first = str_of(system), .second = STR("v") },
    };
    struct index_rows index = { .rows = rows, .count = 1 };
    for (int i = 0; i < 2; i++) {
        struct store_write write = fixture_write(f, "Goal", i ? "h" : "g", i);
        write.index = &index;
        assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
    }
    struct search_value value = { .first = str_of(system), .second = STR("v"), .has_system = true };
    struct search_condition condition = { .types = &FIXTURE_GOAL,
                                          .type_count = 1,
                                          .kind = INDEX_TOKEN,
                                          .code = STR("p"),
                                          .values = &value,
                                          .value_count = 1 };
    struct search_plan plan = { .types = &FIXTURE_GOAL,
                                .type_count = 1,
                                .conditions = &condition,
                                .condition_count = 1,
                                .count = 5 };
    struct store_page page;
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(page.count, 2);
    close_store(f);
    assert_int_equal(run_sql(f, "SELECT count(*) FROM name WHERE kind = 2"), 1);
}

static void positions_are_read_or_refused(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        bool ok;
    } CASES[] = {
        { "i1;t2:ab;", 2, true },
        { "n;t0:;", 2, true },
        { "r0x1.8p+1;t1:;;", 2, true },
        { "i-5;", 1, true },
        { "", 1, false },
        { "i1;", 2, false },
        { "i1;t2:ab;", 1, false },
        { "t9:ab;", 1, false },
        { "t2:abc;", 1, false },
        { "i;", 1, false },
        { "i1x;", 1, false },
        { "i 1;", 1, false },
        { "n1;", 1, false },
        { "x1;", 1, false },
        { "t18446744073709551615:;", 1, false },
        { "i99999999999999999999;", 1, false },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct render_bind values[2];
        if (position_read(values, CASES[i].count, str_of(CASES[i].text)) != CASES[i].ok)
            fail_msg("%s", CASES[i].text);
    }
}

static void fill_disk(struct fixture *f, struct rlimit *before)
{
    assert_int_equal(getrlimit(RLIMIT_FSIZE, before), 0);
    struct rlimit tight = *before;
    tight.rlim_cur = (rlim_t)size_of(f, "-wal");
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    for (int i = 0; i < 1000 && fixture_put_value(f, "Task", "t", i) == OUTCOME_OK; i++)
        ;
}

/* A next time that can not be written down holds all the same, and so does an end for a while. */
static void a_full_disk_does_not_repeat_jobs_at_once(void **state)
{
    struct fixture *f = *state;
    struct rlimit before;
    struct store_pending *jobs, *again;
    size_t count;
    add_jobs(f, 10);
    int64_t now = fixture_now(), later = now + 3600 * INT64_C(1000000);
    assert_int_equal(store_jobs_take(f->store, now + 1, 10, f->arena, &jobs, &count), OUTCOME_OK);
    assert_int_equal(count, 2);
    fill_disk(f, &before);
    assert_int_equal(store_job_retry(f->store, jobs[0].job, later), OUTCOME_FAILED);
    assert_int_equal(store_job_done(f->store, jobs[1].job), OUTCOME_FAILED);
    setrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_DFL);
    store_jobs_take(f->store, now + 1000000, 10, f->arena, &again, &count);
    assert_int_equal(count, 0);
    assert_true(store_jobs_next(f->store) > now + 20 * INT64_C(1000000));
    store_jobs_take(f->store, now + 120 * INT64_C(1000000), 10, f->arena, &again, &count);
    assert_int_equal(count, 1);
    assert_true(again[0].job == jobs[1].job);
    store_jobs_take(f->store, later, 10, f->arena, &again, &count);
    assert_int_equal(count, 1);
    assert_true(again[0].job == jobs[0].job);
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(a_newer_store_is_refused),
        IN_STORE(another_database_is_refused),
        IN_STORE(what_is_no_database_is_refused),
        IN_STORE(a_folder_that_is_not_there_is_an_issue),
        IN_STORE(audit_can_only_grow),
        IN_STORE(dictionaries_are_learned_and_old_bodies_stay),
        IN_STORE(a_damaged_body_is_a_failure_not_a_crash),
        IN_STORE(sweeping_takes_index_rows_and_leaves_versions),
        IN_STORE(a_full_disk_fails_commits_and_nothing_else),
        IN_STORE(what_is_taken_on_the_way_to_an_error_goes_back),
        IN_STORE(a_full_disk_does_not_repeat_jobs_at_once),
        IN_STORE(names_from_outside_do_not_fill_memory),
        cmocka_unit_test(positions_are_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
