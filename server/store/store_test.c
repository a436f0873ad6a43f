/* store_test.c - what every store does, whatever the database behind it. */
#include "resources/base/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/store/store.h"
#include "server/store/errand.h"
#include "server/store/store_fixture.h"
#include "server/store/uuid.h"

static void a_version_reads_back_with_its_meta(void **state)
{
    struct fixture *f = *state;
    struct store_version got;
    assert_int_equal(fixture_put(f, "CarePlan", "a",
                                 "{\"resourceType\":\"CarePlan\",\"id\":\"a\","
                                 "\"meta\":{},\"status\":\"active\"}"),
                     OUTCOME_OK);
    assert_int_equal(store_read(f->store, f->viewer, STR("CarePlan"), STR("a"), 0, f->arena, &got),
                     OUTCOME_OK);
    assert_int_equal(got.version, 1);
    assert_int_equal(got.method, STORE_UPDATE);
    char want[256], time[32];
    fixture_time(time, got.updated_us);
    snprintf(want, sizeof want,
             "{\"resourceType\":\"CarePlan\",\"id\":\"a\",\"meta\":{\"versionId\":\"1\","
             "\"lastUpdated\":\"%s\"},\"status\":\"active\"}",
             time);
    assert_string_equal(str_cstr(f->arena, got.body), want);
    fixture_put(f, "CarePlan", "a",
                "{\"resourceType\":\"CarePlan\",\"meta\":{\"profile\":[\"p\"]},\"id\":\"a\"}");
    store_read(f->store, f->viewer, STR("CarePlan"), STR("a"), 0, f->arena, &got);
    assert_int_equal(got.version, 2);
    assert_non_null(strstr(str_cstr(f->arena, got.body), "Z\",\"profile\":[\"p\"]},\"id\":\"a\"}"));
}

static void versions_are_kept_and_numbered(void **state)
{
    struct fixture *f = *state;
    struct store_version got;
    for (int i = 0; i < 3; i++)
        assert_int_equal(fixture_put_value(f, "Goal", "g", i), OUTCOME_OK);
    for (uint64_t version = 1; version <= 3; version++) {
        char part[32];
        snprintf(part, sizeof part, "\"value\":%d}", (int)version - 1);
        assert_int_equal(
            store_read(f->store, f->viewer, STR("Goal"), STR("g"), version, f->arena, &got),
            OUTCOME_OK);
        assert_true(str_ends(got.body, str_of(part)));
    }
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("g"), 4, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(
        store_read(f->store, f->viewer, STR("Goal"), STR("g"), UINT64_MAX, f->arena, &got),
        OUTCOME_NOT_FOUND);
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("h"), 0, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(store_read(f->store, f->viewer, STR("None"), STR("g"), 0, f->arena, &got),
                     OUTCOME_NOT_FOUND);
}

static void a_deletion_is_a_version_and_can_be_undone(void **state)
{
    struct fixture *f = *state;
    struct store_version got;
    fixture_put_value(f, "Goal", "g", 1);
    struct store_write gone = fixture_deletion("Goal", "g");
    assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
    assert_int_equal(gone.version, 2);
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("g"), 0, f->arena, &got),
                     OUTCOME_GONE);
    assert_int_equal(got.version, 2);
    assert_true(got.is_deleted);
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("g"), 2, f->arena, &got),
                     OUTCOME_GONE);
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("g"), 1, f->arena, &got),
                     OUTCOME_OK);
    struct store_write again = fixture_deletion("Goal", "g");
    assert_int_equal(fixture_commit_one(f, &again), OUTCOME_OK);
    assert_int_equal(again.version, 2);
    struct store_write back = fixture_write(f, "Goal", "g", 5);
    assert_int_equal(fixture_commit_one(f, &back), OUTCOME_OK);
    assert_int_equal(back.version, 3);
    assert_true(back.is_created);
    struct store_write never = fixture_deletion("Goal", "never");
    assert_int_equal(fixture_commit_one(f, &never), OUTCOME_OK);
    assert_int_equal(never.version, 0);
}

static void if_version_and_same_bodies_are_respected(void **state)
{
    static const struct {
        uint64_t if_version;
        int value;
        bool skip_if_same;
        enum outcome outcome;
        uint64_t version;
        const char *claim;
    } CASES[] = {
        { 0, 1, false, OUTCOME_OK, 1, "nothing is there yet" },
        { 0, 1, false, OUTCOME_CONFLICT, 0, "now something is" },
        { 2, 1, false, OUTCOME_CONFLICT, 0, "a version that is not there" },
        { 1, 2, false, OUTCOME_OK, 2, "the current version" },
        { 1, 3, false, OUTCOME_CONFLICT, 0, "no longer the current version" },
        { STORE_ANY_VERSION, 2, true, OUTCOME_OK, 2, "the same body makes no version" },
        { STORE_ANY_VERSION, 2, false, OUTCOME_OK, 3, "unless it is asked for" },
        { STORE_ANY_VERSION, 4, true, OUTCOME_OK, 4, "another body does" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct store_write write = fixture_write(f, "Goal", "g", CASES[i].value);
        write.if_version = CASES[i].if_version;
        write.skip_if_same = CASES[i].skip_if_same;
        enum outcome outcome = fixture_commit_one(f, &write);
        if (outcome != CASES[i].outcome || write.version != CASES[i].version)
            fail_msg("%s: %s, version %d", CASES[i].claim, store_outcome_name(outcome),
                     (int)write.version);
    }
}

/* What a change without If-Match was decided about must still be that record. */
static void a_living_version_is_of_the_same_record(void **state)
{
    static const struct {
        const char *owner, *rival; /* of what was decided about; of what stands at the commit */
        enum store_method method;
        bool is_there;
        enum outcome outcome;
        const char *claim;
    } CASES[] = {
        { "", "", STORE_UPDATE, true, OUTCOME_OK, "whichever version stands" },
        { "Organization/a", "Organization/a", STORE_UPDATE, true, OUTCOME_OK, "of one owner" },
        { "", "", STORE_DELETE, true, OUTCOME_OK, "to be deleted as well" },
        { "", "Organization/a", STORE_UPDATE, true, OUTCOME_CONFLICT, "made anew as a copy" },
        { "", "Organization/a", STORE_DELETE, true, OUTCOME_CONFLICT, "nor is that deleted" },
        { "Organization/a", "", STORE_UPDATE, true, OUTCOME_CONFLICT, "made anew as our own" },
        { "", "", STORE_UPDATE, false, OUTCOME_CONFLICT, "deleted meanwhile" },
        { "", "", STORE_DELETE, false, OUTCOME_CONFLICT, "deleted already" },
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct str id = str_print(f->arena, "g%zu", i);
        struct store_write rival = fixture_write(f, "Goal", id.data, 1);
        struct store_write gone = fixture_deletion("Goal", id.data);
        struct store_write write = fixture_write(f, "Goal", id.data, 2);
        rival.owner = str_of(CASES[i].rival);
        assert_int_equal(fixture_commit_one(f, &rival), OUTCOME_OK);
        if (!CASES[i].is_there)
            assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
        if (CASES[i].method == STORE_DELETE)
            write = fixture_deletion("Goal", id.data);
        write.if_version = STORE_LIVING_VERSION;
        write.owner = str_of(CASES[i].owner);
        enum outcome outcome = fixture_commit_one(f, &write);
        if (outcome != CASES[i].outcome)
            fail_msg("%s: %s", CASES[i].claim, store_outcome_name(outcome));
    }
}

static void a_commit_is_all_or_nothing(void **state)
{
    struct fixture *f = *state;
    struct store_version got;
    fixture_put_value(f, "Goal", "b", 1);
    struct store_write writes[] = { fixture_write(f, "Goal", "a", 1),
                                    fixture_write(f, "Goal", "b", 2),
                                    fixture_write(f, "Goal", "c", 3) };
    writes[1].if_version = 7;
    struct store_commit commit = { .writes = writes, .write_count = COUNT(writes) };
    uint64_t before = store_commit_number(f->store);
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_CONFLICT);
    assert_int_equal(commit.failed_write, 1);
    assert_string_equal(str_cstr(f->arena, commit.stale), "Goal/b");
    assert_int_equal(store_commit_number(f->store), before);
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("a"), 0, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    writes[1].if_version = 1;
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    assert_int_equal(commit.number, before + 1);
    assert_int_equal(writes[0].updated_us, writes[2].updated_us);
    assert_true(writes[0].is_created && !writes[1].is_created);
}

struct heard {
    atomic_int count, outcome;
};

static void hear(void *context, enum outcome outcome)
{
    struct heard *heard = context;
    atomic_store(&heard->outcome, (int)outcome);
    atomic_fetch_add(&heard->count, 1);
}

/* What is begun is told of once, whatever comes of it, and is durable then; also on closing. */
static void a_commit_that_is_begun_is_told_of(void **state)
{
    enum { COMMITS = 40 };
    struct fixture *f = *state;
    struct heard heard[COMMITS] = { { 0, 0 } };
    struct store_commit commits[COMMITS];
    struct store_write writes[COMMITS];
    struct store_version got;
    for (int i = 0; i < COMMITS; i++) {
        writes[i] =
            fixture_write(f, "Goal", i % 2 ? "same" : str_print(f->arena, "g%d", i).data, i);
        writes[i].if_version = 0;
        commits[i] = (struct store_commit){ .writes = &writes[i], .write_count = 1 };
        store_commit_begin(f->store, &commits[i], f->arena, hear, &heard[i]);
    }
    fixture_reopen(f);
    int conflicts = 0;
    for (int i = 0; i < COMMITS; i++) {
        assert_int_equal(atomic_load(&heard[i].count), 1);
        conflicts += atomic_load(&heard[i].outcome) == OUTCOME_CONFLICT;
        if (i % 2 == 0)
            assert_int_equal(
                store_read(f->store, f->viewer, STR("Goal"), writes[i].id, 0, f->arena, &got),
                OUTCOME_OK);
    }
    assert_int_equal(conflicts, COMMITS / 2 - 1);
}

static void time_only_grows(void **state)
{
    struct fixture *f = *state;
    int64_t last = 0;
    for (int i = 0; i < 50; i++) {
        struct store_write write = fixture_write(f, "Goal", "g", i);
        fixture_commit_one(f, &write);
        assert_true(write.updated_us > last);
        last = write.updated_us;
    }
    fixture_reopen(f);
    struct store_write write = fixture_write(f, "Goal", "g", 100);
    fixture_commit_one(f, &write);
    assert_true(write.updated_us > last);
    assert_int_equal(write.version, 51);
}

static enum outcome history(struct fixture *f, const struct viewer *viewer, struct str type,
                            struct str id, uint64_t snapshot, struct str position,
                            struct store_page *page)
{
    const struct store_history asked = {
        .type = type, .id = id, .count = 4, .snapshot = snapshot, .position = position
    };
    return store_history(f->store, viewer, &asked, f->arena, page);
}

static void history_is_newest_first_in_pages(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    for (int i = 0; i < 5; i++)
        fixture_put_value(f, "Goal", "g", i);
    struct store_write gone = fixture_deletion("Goal", "g");
    fixture_commit_one(f, &gone);
    assert_int_equal(history(f, f->viewer, STR("Goal"), STR("g"), 0, STR(""), &page), OUTCOME_OK);
    assert_int_equal(page.count, 4);
    assert_int_equal(page.total, 6);
    assert_true(page.has_more && page.versions[0].is_deleted);
    assert_int_equal(page.versions[1].version, 5);
    uint64_t snapshot = page.snapshot;
    fixture_put_value(f, "Goal", "g", 9);
    assert_int_equal(history(f, f->viewer, STR("Goal"), STR("g"), snapshot, page.next, &page),
                     OUTCOME_OK);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.total, 6);
    assert_false(page.has_more);
    assert_int_equal(page.versions[1].version, 1);
    assert_int_equal(history(f, f->viewer, STR("Goal"), STR("x"), 0, STR(""), &page),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(history(f, f->viewer, STR("Goal"), STR("g"), 0, STR("zz"), &page),
                     OUTCOME_GONE);
}

static void expect_versions(struct fixture *f, const struct viewer *viewer,
                            const struct store_history *asked, const char *wanted)
{
    struct store_page page;
    struct buf text;
    buf_init(&text, f->arena, 1000);
    assert_int_equal(store_history(f->store, viewer, asked, f->arena, &page), OUTCOME_OK);
    for (size_t i = 0; i < page.count; i++)
        buf_print(&text, "%s" STR_FMT "/" STR_FMT "@%d%s", i ? " " : "",
                  STR_ARG(page.versions[i].type), STR_ARG(page.versions[i].id),
                  (int)page.versions[i].version, page.versions[i].is_deleted ? "-" : "");
    if (!str_is(buf_str(&text), wanted))
        fail_msg(STR_FMT " not %s", STR_ARG(buf_str(&text)), wanted);
}

/* Who may read little has much to walk over: it ends with its time. */
static void a_history_ends_with_its_time(void **state)
{
    struct fixture *f = *state;
    struct store_page page;
    struct store_history asked = { .count = 10, .most_us = 1 };
    const struct viewer narrow = { .scopes = NULL };
    for (int i = 0; i < 2000; i++)
        fixture_put_value(f, "Goal", "g", i);
    assert_int_equal(store_history(f->store, &narrow, &asked, f->arena, &page), OUTCOME_LATE);
    asked.most_us = 0;
    assert_int_equal(store_history(f->store, &narrow, &asked, f->arena, &page), OUTCOME_OK);
    assert_int_equal(page.count, 0);
}

/* Who has nothing under way comes first; what was begun is begun anew, or has failed. */
static void errands_are_done_in_turn(void **state)
{
    struct fixture *f = *state;
    static const char *const ROWS[][2] = { { "1", "a" }, { "2", "a" }, { "3", "b" } };
    struct errand found;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        const struct errand errand = { .id = str_of(ROWS[i][0]),
                                       .client = str_of(ROWS[i][1]),
                                       .is_write = i == 2,
                                       .request = STR("r") };
        assert_int_equal(errand_add(f->store, &errand, 2), OUTCOME_OK);
    }
    const struct errand more = { .id = STR("4"), .client = STR("a"), .request = STR("r") };
    assert_int_equal(errand_add(f->store, &more, 2), OUTCOME_BUSY);
    assert_int_equal(errand_find(f->store, STR("b"), STR("1"), f->arena, &found),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(errand_find(f->store, STR("b"), STR("3"), f->arena, &found), OUTCOME_OK);
    assert_int_equal(found.before, 0); /* others' are not counted */
    assert_int_equal(errand_find(f->store, STR("a"), STR("2"), f->arena, &found), OUTCOME_OK);
    assert_int_equal(found.before, 1);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(errand_take(f->store, f->arena, &found), OUTCOME_OK);
        assert_true(str_is(found.id, i ? "3" : "1") && str_is(found.request, "r"));
    }
    fixture_reopen(f);
    assert_int_equal(errand_resume(f->store, STR("ended"), 5), OUTCOME_OK);
    assert_int_equal(errand_find(f->store, STR("b"), STR("3"), f->arena, &found), OUTCOME_OK);
    assert_true(found.state == ERRAND_DONE && str_is(found.answer, "ended"));
    assert_int_equal(errand_take(f->store, f->arena, &found), OUTCOME_OK);
    assert_true(str_is(found.id, "1"));
    assert_int_equal(errand_drop(f->store, STR("b"), STR("1")), OUTCOME_NOT_FOUND);
    assert_int_equal(errand_drop(f->store, STR("a"), STR("1")), OUTCOME_OK);
    assert_int_equal(errand_finish(f->store, STR("1"), STR("late"), 5), OUTCOME_NOT_FOUND);
    store_keep_house(f->store, 6);
    assert_int_equal(errand_find(f->store, STR("b"), STR("3"), f->arena, &found),
                     OUTCOME_NOT_FOUND);
}

/* A file is there once its errand is done, for its client, as long as the errand; what was made by
 * an earlier run is not. */
static void errands_have_files(void **state)
{
    struct fixture *f = *state;
    const struct errand errand = { .id = STR("1"), .client = STR("a"), .request = STR("r") };
    struct errand_file file = { .number = 1, .bytes = STR("early") }, got = { 0 };
    struct errand found;
    assert_int_equal(errand_add(f->store, &errand, 2), OUTCOME_OK);
    assert_int_equal(errand_add_file(f->store, STR("1"), &file), OUTCOME_NOT_FOUND);
    assert_int_equal(errand_take(f->store, f->arena, &found), OUTCOME_OK);
    assert_int_equal(found.snapshot, store_commit_number(f->store));
    assert_true(found.taken_us > 0);
    assert_int_equal(errand_add_file(f->store, STR("1"), &file), OUTCOME_OK);
    fixture_reopen(f);
    assert_int_equal(errand_resume(f->store, STR("ended"), 5), OUTCOME_OK);
    assert_int_equal(errand_take(f->store, f->arena, &found), OUTCOME_OK);
    file.bytes = STR("late");
    assert_int_equal(errand_add_file(f->store, STR("1"), &file), OUTCOME_OK);
    assert_int_equal(errand_find_file(f->store, STR("a"), STR("1"), 1, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(errand_finish(f->store, STR("1"), STR("done"), 5), OUTCOME_OK);
    assert_int_equal(errand_find_file(f->store, STR("a"), STR("1"), 1, f->arena, &got), OUTCOME_OK);
    assert_true(str_is(got.bytes, "late"));
    assert_int_equal(errand_find_file(f->store, STR("b"), STR("1"), 1, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(errand_find_file(f->store, STR("a"), STR("1"), 2, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    store_keep_house(f->store, 6);
    assert_int_equal(errand_add(f->store, &errand, 2), OUTCOME_OK);
    assert_int_equal(errand_take(f->store, f->arena, &found), OUTCOME_OK);
    assert_int_equal(errand_finish(f->store, STR("1"), STR("done"), 7), OUTCOME_OK);
    assert_int_equal(errand_find_file(f->store, STR("a"), STR("1"), 1, f->arena, &got),
                     OUTCOME_NOT_FOUND);
}

static int64_t time_of(struct fixture *f, const char *type, const char *id, uint64_t version)
{
    struct store_version got;
    store_read(f->store, f->viewer, str_of(type), str_of(id), version, f->arena, &got);
    return got.updated_us;
}

static void history_of_a_type_and_of_all(void **state)
{
    struct fixture *f = *state;
    const struct scope scopes[] = { { STR("Task"), ACT_READ } };
    const struct viewer narrow = { .scopes = scopes, .scope_count = 1 };
    fixture_put_value(f, "Goal", "g", 1);
    fixture_put_value(f, "Task", "t", 1);
    fixture_put_value(f, "Goal", "g", 2);
    fixture_put_value(f, "Goal", "h", 1);
    struct store_write gone = fixture_deletion("Goal", "g");
    fixture_commit_one(f, &gone);
    int64_t first = time_of(f, "Goal", "g", 1), second = time_of(f, "Goal", "g", 2);
    struct store_history all = { .count = 10 }, type = { .type = STR("Goal"), .count = 10 };
    expect_versions(f, f->viewer, &all, "Goal/g@3- Goal/h@1 Goal/g@2 Task/t@1 Goal/g@1");
    expect_versions(f, &narrow, &all, "Task/t@1");
    expect_versions(f, f->viewer, &type, "Goal/g@3- Goal/h@1 Goal/g@2 Goal/g@1");
    type.since_us = second;
    expect_versions(f, f->viewer, &type, "Goal/g@3- Goal/h@1 Goal/g@2");
    struct store_history at = { .count = 10, .at_low = first + 1, .at_high = second };
    expect_versions(f, f->viewer, &at, "Task/t@1 Goal/g@1");
    at = (struct store_history){ .count = 10, .at_low = second, .at_high = second + 1 };
    expect_versions(f, f->viewer, &at, "Goal/g@2 Task/t@1");
    at = (struct store_history){ .count = 10, .at_low = INT64_MAX - 1, .at_high = INT64_MAX };
    expect_versions(f, f->viewer, &at, "Goal/h@1 Task/t@1");
}

static void a_viewer_sees_only_the_types_of_its_scopes(void **state)
{
    struct fixture *f = *state;
    const struct scope scopes[] = { { STR("Goal"), ACT_READ } };
    const struct viewer narrow = { .scopes = scopes, .scope_count = 1 };
    struct store_version got;
    struct store_page page;
    fixture_put_value(f, "Goal", "g", 1);
    fixture_put_value(f, "Task", "t", 1);
    assert_int_equal(store_read(f->store, &narrow, STR("Goal"), STR("g"), 0, f->arena, &got),
                     OUTCOME_OK);
    assert_int_equal(store_read(f->store, &narrow, STR("Task"), STR("t"), 0, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(history(f, &narrow, STR("Task"), STR("t"), 0, STR(""), &page),
                     OUTCOME_NOT_FOUND);
    struct search_plan plan = { .types = &FIXTURE_TASK, .type_count = 1, .count = 10 };
    assert_int_equal(store_search(f->store, &narrow, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(page.count + page.total, 0);
    assert_int_equal(store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(page.total, 1);
}

/* A version with a context is its viewers' who may read that type as well. */
static void a_context_narrows_the_viewers(void **state)
{
    struct fixture *f = *state;
    const struct scope scopes[] = { { STR("Goal"), ACT_READ } };
    const struct viewer narrow = { .scopes = scopes, .scope_count = 1 };
    struct store_version got;
    struct store_page page;
    struct str goal = STR("Goal");
    struct store_write write = fixture_write(f, "Goal", "g", 1);
    struct store_history type = { .type = goal, .count = 10 };
    fixture_put_value(f, "Goal", "open", 1);
    write.context = STR("Task");
    assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
    for (int again = 0; again < 2; again++) { /* the second time from what was kept */
        assert_int_equal(store_read(f->store, f->viewer, goal, STR("g"), 0, f->arena, &got),
                         OUTCOME_OK);
        assert_int_equal(store_read(f->store, &narrow, goal, STR("g"), 0, f->arena, &got),
                         OUTCOME_NOT_FOUND);
        assert_int_equal(got.body.len, 0);
    }
    struct search_plan plan = { .types = &goal, .type_count = 1, .count = 10 };
    assert_int_equal(store_search(f->store, &narrow, &plan, 0, STR(""), f->arena, &page),
                     OUTCOME_OK);
    assert_int_equal(page.total, 1);
    expect_versions(f, &narrow, &type, "Goal/open@1");
    expect_versions(f, f->viewer, &type, "Goal/g@1 Goal/open@1");
    struct store_write gone = fixture_deletion("Goal", "g");
    assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
    expect_versions(f, &narrow, &type, "Goal/open@1");
    assert_int_equal(store_read(f->store, &narrow, goal, STR("g"), 0, f->arena, &got),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(history(f, &narrow, goal, STR("g"), 0, STR(""), &page), OUTCOME_NOT_FOUND);
    fixture_put_value(f, "Goal", "g", 3); /* without a context; the versions before keep theirs */
    expect_versions(f, &narrow, &type, "Goal/g@3 Goal/open@1");
}

static struct index_row tagged(const char *parameter, const char *system, const char *code)
{
    return (struct index_row){ .kind = INDEX_TOKEN,
                               .parameter = str_of(parameter),
                               .first = str_of(system),
                               .second = str_of(code) };
}

static void put_rows(struct fixture *f, const char *type, const char *id, struct index_row *rows,
                     size_t count)
{
    struct store_write write = fixture_write(f, type, id, 0);
    struct index_rows index = { .rows = rows, .count = count };
    write.index = &index;
    assert_int_equal(fixture_commit_one(f, &write), OUTCOME_OK);
}

/* "list|system|code" of each value. */
static void expect_values(struct fixture *f, const struct viewer *viewer, size_t most,
                          const char *wanted)
{
    static const struct str TYPES[] = { { "Goal", 4 }, { "Task", 4 } };
    static const struct store_values_of PARAMETERS[] = { { { "_profile", 8 }, INDEX_URI },
                                                         { { "_tag", 4 }, INDEX_TOKEN } };
    struct store_values asked = { TYPES, COUNT(TYPES), PARAMETERS, COUNT(PARAMETERS), most, 0 };
    struct store_found_values found;
    struct buf text;
    assert_int_equal(store_values(f->store, viewer, &asked, f->arena, &found), OUTCOME_OK);
    buf_init(&text, f->arena, 1000);
    for (size_t i = 0; i < found.count; i++)
        buf_print(&text, "%s%zu|" STR_FMT "|" STR_FMT, i ? " " : "", found.values[i].parameter,
                  STR_ARG(found.values[i].first), STR_ARG(found.values[i].second));
    buf_add(&text, found.is_cut ? STR(" ...") : STR(""));
    if (!str_is(buf_str(&text), wanted))
        fail_msg(STR_FMT ", not %s", STR_ARG(buf_str(&text)), wanted);
}

static void lists_the_values_in_use(void **state)
{
    struct fixture *f = *state;
    const struct scope scopes[] = { { STR("Goal"), ACT_READ } };
    const struct viewer narrow = { .scopes = scopes, .scope_count = 1 };
    struct index_row goal[] = { tagged("_tag", "urn:s", "b"),
                                tagged("_tag", "", "a"),
                                { .kind = INDEX_URI,
                                  .parameter = STR("_profile"),
                                  .first = STR("http://p") } },
                     task[] = { tagged("_tag", "urn:s", "c"), tagged("_tag", "urn:s", "b") };
    expect_values(f, f->viewer, 9, "");
    put_rows(f, "Goal", "g", goal, COUNT(goal));
    put_rows(f, "Goal", "h", goal, COUNT(goal));
    put_rows(f, "Task", "t", task, COUNT(task));
    expect_values(f, f->viewer, 9, "0||http://p 1||a 1|urn:s|b 1|urn:s|c");
    expect_values(f, &narrow, 9, "0||http://p 1||a 1|urn:s|b");
    expect_values(f, f->viewer, 2, "0||http://p 1||a ...");
    put_rows(f, "Task", "t", task, 0);
    expect_values(f, f->viewer, 9, "0||http://p 1||a 1|urn:s|b");
}

static enum outcome put_relying_on(struct fixture *f, const char *type, const char *id,
                                   uint64_t version)
{
    struct store_guard guard = { .type = str_of(type), .id = str_of(id), .version = version };
    struct store_write write = fixture_write(f, "Task", "t", 0);
    struct store_commit commit = {
        .writes = &write, .write_count = 1, .guards = &guard, .guard_count = 1
    };
    return store_commit(f->store, &commit, f->arena);
}

static void a_guarded_record_must_stand_as_it_was_read(void **state)
{
    struct fixture *f = *state;
    struct store_write gone = fixture_deletion("CareTeam", "a");
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 0), OUTCOME_OK);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 1), OUTCOME_CONFLICT);
    assert_int_equal(fixture_put_value(f, "CareTeam", "a", 1), OUTCOME_OK);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 0), OUTCOME_CONFLICT);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 1), OUTCOME_OK);
    assert_int_equal(fixture_put_value(f, "CareTeam", "a", 2), OUTCOME_OK);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 1), OUTCOME_CONFLICT);
    assert_int_equal(fixture_commit_one(f, &gone), OUTCOME_OK);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 2), OUTCOME_CONFLICT);
    assert_int_equal(put_relying_on(f, "CareTeam", "a", 0), OUTCOME_OK);
}

static void a_named_guard_lets_one_of_two_pass(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(store_guard_version(f->store, STR("lead/p1")), 0);
    for (uint64_t round = 0; round < 3; round++) {
        struct store_guard guard = { .name = STR("lead/p1"), .version = round };
        struct store_write write = fixture_write(f, "Goal", "g", (int)round);
        struct store_commit commit = {
            .writes = &write, .write_count = 1, .guards = &guard, .guard_count = 1
        };
        assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
        assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_CONFLICT);
        assert_string_equal(str_cstr(f->arena, commit.stale), "lead/p1");
        assert_int_equal(store_guard_version(f->store, STR("lead/p1")), round + 1);
    }
}

static struct str make_answer(void *context, const struct store_commit *commit, struct arena *arena)
{
    return str_print(arena, "%s %llu", (const char *)context,
                     (unsigned long long)commit->writes[0].version);
}

static void an_answer_is_kept_with_its_key(void **state)
{
    struct fixture *f = *state;
    struct store_idempotency found;
    char word[] = "version";
    struct store_write write = fixture_write(f, "Goal", "g", 1);
    struct store_commit commit = { .writes = &write,
                                   .write_count = 1,
                                   .answer = make_answer,
                                   .context = word,
                                   .idempotency = { .client = STR("c"),
                                                    .key = STR("k"),
                                                    .body_sha256 = { 1, 2, 3 },
                                                    .expires_us = INT64_MAX } };
    assert_int_equal(store_find_answer(f->store, STR("c"), STR("k"), f->arena, &found),
                     OUTCOME_NOT_FOUND);
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    assert_int_equal(store_find_answer(f->store, STR("c"), STR("k"), f->arena, &found), OUTCOME_OK);
    assert_string_equal(str_cstr(f->arena, found.answer), "version 1");
    assert_int_equal(found.body_sha256[2], 3);
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_CONFLICT);
    assert_int_equal(store_find_answer(f->store, STR("d"), STR("k"), f->arena, &found),
                     OUTCOME_NOT_FOUND);
    struct store_version got;
    store_read(f->store, f->viewer, STR("Goal"), STR("g"), 0, f->arena, &got);
    assert_int_equal(got.version, 1);
}

static void jobs_of_the_timed_lane_wait_for_their_time_alone(void **state)
{
    struct fixture *f = *state;
    struct store_pending *jobs;
    size_t count;
    const struct store_job made[] = {
        { STR("look"), STR(STORE_TIMED_LANE), STR("t3"), STR("three"), 3000 },
        { STR("look"), STR(STORE_TIMED_LANE), STR("t1"), STR("one"), 1000 },
        { STR("look"), STR(STORE_TIMED_LANE), STR("t2"), STR("two"), 2000 },
    };
    struct store_commit commit = { .jobs = made, .job_count = COUNT(made) };
    assert_true(store_timed_next(f->store) == INT64_MAX);
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    assert_true(store_jobs_next(f->store) == INT64_MAX);
    store_jobs_take(f->store, INT64_MAX, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 0);
    assert_true(store_timed_next(f->store) == 1000);
    store_timed_take(f->store, 2000, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 2);
    assert_string_equal(str_cstr(f->arena, jobs[0].payload), "one");
    assert_string_equal(str_cstr(f->arena, jobs[1].payload), "two");
    assert_int_equal(store_job_done(f->store, jobs[0].job), OUTCOME_OK);
    assert_int_equal(store_job_retry(f->store, jobs[1].job, 2500), OUTCOME_OK);
    assert_true(store_timed_next(f->store) == 2500);
    store_timed_take(f->store, 2499, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 0);
    store_timed_take(f->store, 3000, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 2);
}

static void jobs_go_in_order_of_their_lane(void **state)
{
    struct fixture *f = *state;
    struct store_pending *jobs;
    size_t count;
    const struct store_job made[] = {
        { STR("push"), STR("A"), STR("a1"), STR("one"), 0 },
        { STR("push"), STR("A"), STR("a2"), STR("two"), 0 },
        { STR("push"), STR("B"), STR("b1"), STR("three"), INT64_MAX / 2 },
        { STR("push"), STR("A"), STR("a1"), STR("again"), 0 },
    };
    assert_true(store_jobs_next(f->store) == INT64_MAX);
    struct store_commit commit = { .jobs = made, .job_count = COUNT(made) };
    assert_int_equal(store_commit(f->store, &commit, f->arena), OUTCOME_OK);
    assert_true(store_jobs_next(f->store) <= fixture_now());
    assert_int_equal(store_jobs_waiting(f->store, STR("A"), 10), 2);
    assert_int_equal(store_jobs_waiting(f->store, STR("A"), 1), 1);
    assert_int_equal(store_jobs_waiting(f->store, STR("B"), 10), 1);
    store_jobs_take(f->store, fixture_now(), 10, f->arena, &jobs, &count);
    assert_int_equal(count, 1);
    assert_string_equal(str_cstr(f->arena, jobs[0].payload), "one");
    assert_string_equal(str_cstr(f->arena, jobs[0].key), "a1");
    uint64_t first = jobs[0].job;
    store_jobs_take(f->store, fixture_now(), 10, f->arena, &jobs, &count);
    assert_int_equal(count, 0);
    assert_true(store_jobs_next(f->store) == INT64_MAX / 2);
    assert_int_equal(store_job_retry(f->store, first, fixture_now() + 1000000000), OUTCOME_OK);
    store_jobs_take(f->store, fixture_now(), 10, f->arena, &jobs, &count);
    assert_int_equal(count, 0);
    store_jobs_take(f->store, fixture_now() + 2000000000, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 1);
    assert_int_equal(jobs[0].attempts, 1);
    fixture_reopen(f);
    store_jobs_take(f->store, fixture_now() + 2000000000, 10, f->arena, &jobs, &count);
    assert_int_equal(count, 1);
    struct store_commit finish = { .finish_job = first };
    assert_int_equal(store_commit(f->store, &finish, f->arena), OUTCOME_OK);
    store_jobs_take(f->store, fixture_now(), 10, f->arena, &jobs, &count);
    assert_int_equal(count, 1);
    assert_string_equal(str_cstr(f->arena, jobs[0].payload), "two");
    assert_int_equal(store_job_done(f->store, jobs[0].job), OUTCOME_OK);
    assert_int_equal(store_jobs_waiting(f->store, STR("A"), 10), 0);
    assert_true(store_jobs_next(f->store) == INT64_MAX / 2);
}

static void a_store_is_opened_once_and_as_what_it_is(void **state)
{
    struct fixture *f = *state;
    struct issues issues;
    issues_init(&issues, f->arena, STR(""));
    struct store_options dev = { .is_dev = true }, plain = { 0 };
    assert_null(store_open(f->location, &plain, &issues));
    assert_non_null(strstr(str_cstr(f->arena, issues.last->diagnostics), "in use"));
    uint8_t seal[32];
    memcpy(seal, store_seal_key(f->store), sizeof seal);
    store_close(f->store);
    f->store = NULL;
    assert_null(store_open(f->location, &dev, &issues));
    assert_non_null(strstr(str_cstr(f->arena, issues.last->diagnostics), "without --dev"));
    assert_null(store_open("mysql:here", &plain, &issues));
    fixture_reopen(f);
    assert_memory_equal(seal, store_seal_key(f->store), sizeof seal);
}

static void uuids_are_random_version_4(void **state)
{
    struct fixture *f = *state;
    struct str a = uuid_make(f->arena), b = uuid_make(f->arena);
    assert_int_equal(a.len, UUID_LENGTH);
    assert_false(str_equal(a, b));
    assert_int_equal(a.data[14], '4');
    assert_true(strchr("89ab", a.data[19]) && a.data[8] == '-' && a.data[23] == '-');
}

enum { BUSY_WRITES = 40, BUSY_WRITERS = 4, BUSY_READERS = 3 };
struct busy {
    struct fixture *f;
    atomic_int next, running;
};

static void *write_busily(void *argument)
{
    struct busy *busy = argument;
    int writer = atomic_fetch_add(&busy->next, 1);
    for (int i = 0; i < BUSY_WRITES; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct fixture own = { .arena = arena, .store = busy->f->store };
        struct str lane = str_print(arena, "lane%d", writer);
        struct store_write writes[] = { fixture_write(&own, "Goal", "shared", i),
                                        fixture_write(&own, "Goal", lane.data, i) };
        struct store_job job = { STR("k"), lane, str_print(arena, STR_FMT ".%d", STR_ARG(lane), i),
                                 STR("p"), 0 };
        struct store_commit commit = {
            .writes = writes, .write_count = 2, .jobs = &job, .job_count = 1
        };
        assert_int_equal(store_commit(own.store, &commit, arena), OUTCOME_OK);
        struct store_version got;
        assert_int_equal(store_read(own.store, busy->f->viewer, STR("Goal"), lane, 0, arena, &got),
                         OUTCOME_OK);
        assert_int_equal(got.version, i + 1);
    }
    atomic_fetch_sub(&busy->running, 1);
    return NULL;
}

/* What a search has shown, a read shows too, and never again an older version. */
static void read_shared(struct busy *busy, const struct store_page *page, uint64_t *seen,
                        struct arena *arena)
{
    struct store_version got;
    for (size_t i = 0; i < page->count; i++)
        if (str_is(page->versions[i].id, "shared") && page->versions[i].version > *seen)
            *seen = page->versions[i].version;
    if (!*seen)
        return;
    assert_int_equal(
        store_read(busy->f->store, busy->f->viewer, STR("Goal"), STR("shared"), 0, arena, &got),
        OUTCOME_OK);
    assert_true(got.version >= *seen);
    *seen = got.version;
}

static void *read_busily(void *argument)
{
    struct busy *busy = argument;
    uint64_t seen = 0;
    while (atomic_load(&busy->running)) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct store_page page, again;
        struct store_pending *jobs;
        size_t count;
        struct search_plan plan = { .types = &FIXTURE_GOAL, .type_count = 1, .count = 5 };
        assert_int_equal(
            store_search(busy->f->store, busy->f->viewer, &plan, 0, STR(""), arena, &page),
            OUTCOME_OK);
        if (page.snapshot == 0) /* before the first commit; 0 asks for now */
            continue;
        assert_int_equal(store_search(busy->f->store, busy->f->viewer, &plan, page.snapshot,
                                      STR(""), arena, &again),
                         OUTCOME_OK);
        assert_int_equal(page.total, again.total);
        for (int i = 0; i < 3; i++)
            read_shared(busy, &page, &seen, arena);
        store_jobs_take(busy->f->store, INT64_MAX, 2, arena, &jobs, &count);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(store_job_done(busy->f->store, jobs[i].job), OUTCOME_OK);
        store_keep_house(busy->f->store, fixture_now());
    }
    return NULL;
}

static void everything_goes_on_at_once(void **state)
{
    struct fixture *f = *state;
    struct busy busy = { .f = f, .running = BUSY_WRITERS };
    pthread_t threads[BUSY_WRITERS + BUSY_READERS];
    struct store_version got;
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, i < BUSY_WRITERS ? write_busily : read_busily, &busy);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    store_read(f->store, f->viewer, STR("Goal"), STR("shared"), 0, f->arena, &got);
    assert_int_equal(got.version, BUSY_WRITERS * BUSY_WRITES);
    assert_int_equal(store_commit_number(f->store) >= BUSY_WRITERS * BUSY_WRITES, 1);
}

/* Writes that fail after they have begun, together with writes that do not. */
static void *write_and_fail(void *argument)
{
    struct busy *busy = argument;
    int writer = atomic_fetch_add(&busy->next, 1);
    for (int i = 0; i < BUSY_WRITES; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct fixture own = { .arena = arena, .store = busy->f->store };
        bool is_to_fail = (i + writer) % 3 == 0;
        struct str id = str_print(arena, "%s-%d-%d", is_to_fail ? "bad" : "good", writer, i);
        struct store_write writes[] = { fixture_write(&own, "Goal", id.data, i),
                                        fixture_write(&own, "Goal", "old", i) };
        writes[1].if_version = is_to_fail ? 0 : STORE_ANY_VERSION;
        struct store_commit commit = { .writes = writes, .write_count = 2 };
        assert_int_equal(store_commit(own.store, &commit, arena),
                         is_to_fail ? OUTCOME_CONFLICT : OUTCOME_OK);
        struct store_version got;
        assert_int_equal(store_read(own.store, busy->f->viewer, STR("Goal"), id, 0, arena, &got),
                         is_to_fail ? OUTCOME_NOT_FOUND : OUTCOME_OK);
    }
    return NULL;
}

static void a_late_failure_spares_those_that_share_its_fsync(void **state)
{
    struct fixture *f = *state;
    struct busy busy = { .f = f };
    pthread_t threads[BUSY_WRITERS];
    struct store_version got;
    fixture_put_value(f, "Goal", "old", 0);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_create(&threads[i], NULL, write_and_fail, &busy);
    for (size_t i = 0; i < COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    int good = 0;
    for (int writer = 0; writer < BUSY_WRITERS; writer++)
        for (int i = 0; i < BUSY_WRITES; i++)
            good += (i + writer) % 3 != 0;
    assert_int_equal(store_read(f->store, f->viewer, STR("Goal"), STR("old"), 0, f->arena, &got),
                     OUTCOME_OK);
    assert_int_equal(got.version, 1 + good);
    assert_int_equal(store_commit_number(f->store), 1 + good);
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)
    const struct CMUnitTest tests[] = {
        IN_STORE(a_version_reads_back_with_its_meta),
        IN_STORE(versions_are_kept_and_numbered),
        IN_STORE(a_deletion_is_a_version_and_can_be_undone),
        IN_STORE(if_version_and_same_bodies_are_respected),
        IN_STORE(a_living_version_is_of_the_same_record),
        IN_STORE(a_commit_is_all_or_nothing),
        IN_STORE(a_commit_that_is_begun_is_told_of),
        IN_STORE(time_only_grows),
        IN_STORE(history_is_newest_first_in_pages),
        IN_STORE(a_history_ends_with_its_time),
        IN_STORE(errands_are_done_in_turn),
        IN_STORE(errands_have_files),
        IN_STORE(a_viewer_sees_only_the_types_of_its_scopes),
        IN_STORE(a_context_narrows_the_viewers),
        IN_STORE(lists_the_values_in_use),
        IN_STORE(a_guarded_record_must_stand_as_it_was_read),
        IN_STORE(a_named_guard_lets_one_of_two_pass),
        IN_STORE(an_answer_is_kept_with_its_key),
        IN_STORE(jobs_go_in_order_of_their_lane),
        IN_STORE(jobs_of_the_timed_lane_wait_for_their_time_alone),
        IN_STORE(a_store_is_opened_once_and_as_what_it_is),
        IN_STORE(history_of_a_type_and_of_all),
        IN_STORE(everything_goes_on_at_once),
        IN_STORE(a_late_failure_spares_those_that_share_its_fsync),
        IN_STORE(uuids_are_random_version_4),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
