/* kill_test.c - a process that writes is killed at random moments; every write it said was done is
 * there, whole, and the store goes on. TANDEM_KILL_ROUNDS: how often (10). */
#include "resources/base/test.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "resources/base/buf.h"
#include "server/store/store_fixture.h"
#include "server/store/uuid.h"

enum { ROUNDS = 10, MOST_ROUNDS = 1000, WRITERS = 4, LONGEST_MS = 250 };

/* What the child says on its pipe once a commit returned: thread, its last value. */
struct word {
    int writer, value;
};
struct writing {
    struct store *store;
    int writer, first, pipe;
};

/* Two resources in one commit, which must never be apart, and a job; then the word. */
static void *write_on(void *argument)
{
    const struct writing *writing = argument;
    for (int value = writing->first;; value++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct fixture f = { .arena = arena, .store = writing->store };
        struct str id = str_print(arena, "w%d", writing->writer);
        struct store_write writes[] = { fixture_write(&f, "Goal", id.data, value),
                                        fixture_write(&f, "Task", id.data, value) };
        struct index_row row = { .kind = INDEX_TOKEN,
                                 .parameter = STR("value"),
                                 .second = str_print(arena, "%d", value) };
        struct index_rows rows = { .rows = &row, .count = 1 };
        writes[0].index = writes[1].index = &rows;
        struct store_job job = { STR("k"), id, str_print(arena, STR_FMT "/%d", STR_ARG(id), value),
                                 STR("p"), 0 };
        struct store_commit commit = {
            .writes = writes, .write_count = 2, .jobs = &job, .job_count = 1
        };
        struct word word = { writing->writer, value };
        if (store_commit(writing->store, &commit, arena) != OUTCOME_OK)
            _exit(3);
        if (write(writing->pipe, &word, sizeof word) != sizeof word)
            _exit(4);
    }
}

static void run_child(const char *location, const int *values, int pipe)
{
    struct arena *arena = arena_open();
    struct issues issues;
    struct store_options options = { 0 };
    pthread_t threads[WRITERS];
    struct writing writing[WRITERS];
    issues_init(&issues, arena, STR(""));
    struct store *store = store_open(location, &options, &issues);
    for (int i = 0; store && i < WRITERS; i++) {
        writing[i] = (struct writing){ store, i, values[i] + 1, pipe };
        pthread_create(&threads[i], NULL, write_on, &writing[i]);
    }
    for (int i = 0; store && i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    _exit(2);
}

/* Lets a child write for a while, kills it, and notes the last values that it said were done. */
static size_t write_and_kill(const char *location, int *values)
{
    int ends[2];
    unsigned char random;
    struct word word;
    size_t words = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        run_child(location, values, ends[1]);
    }
    close(ends[1]);
    uuid_random(&random, sizeof random);
    /* The clock starts at the first word, so that something is always under way. */
    if (read(ends[0], &word, sizeof word) == sizeof word)
        values[word.writer] = word.value, words++;
    usleep((useconds_t)random * LONGEST_MS * 1000 / 255);
    kill(child, SIGKILL);
    while (read(ends[0], &word, sizeof word) == sizeof word)
        values[word.writer] = word.value, words++;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return words;
}

static int read_value(struct fixture *f, const char *type, const char *id)
{
    struct store_version got;
    if (store_read(f->store, f->viewer, str_of(type), str_of(id), 0, f->arena, &got) != OUTCOME_OK)
        return -1;
    return atoi(strstr(got.body.data, "\"value\":") + 8);
}

/* What was said is there; what was not may be, but only whole: both resources, index and job. */
static void check_writer(struct fixture *f, int writer, int *value)
{
    char id[16];
    struct store_page page;
    struct store_pending *jobs;
    size_t count;
    snprintf(id, sizeof id, "w%d", writer);
    int goal = read_value(f, "Goal", id), task = read_value(f, "Task", id);
    assert_true(goal >= *value && goal <= *value + 1);
    assert_int_equal(goal, task);
    *value = goal;
    if (goal < 0)
        return;
    struct search_value wanted = { .second = str_print(f->arena, "%d", goal) };
    struct search_condition condition = { .types = &FIXTURE_GOAL,
                                          .type_count = 1,
                                          .kind = INDEX_TOKEN,
                                          .code = STR("value"),
                                          .values = &wanted,
                                          .value_count = 1 };
    struct search_plan plan = { .types = &FIXTURE_GOAL,
                                .type_count = 1,
                                .conditions = &condition,
                                .condition_count = 1,
                                .count = 10 };
    store_search(f->store, f->viewer, &plan, 0, STR(""), f->arena, &page);
    size_t own = 0;
    for (size_t i = 0; i < page.count; i++)
        own += str_is(page.versions[i].id, id);
    assert_int_equal(own, 1);
    const struct store_history asked = { .type = STR("Goal"), .id = str_of(id), .count = 1 };
    store_history(f->store, f->viewer, &asked, f->arena, &page);
    assert_int_equal(page.total, goal + 1);
    assert_int_equal(store_jobs_take(f->store, INT64_MAX, 100, f->arena, &jobs, &count),
                     OUTCOME_OK);
}

static void every_acknowledged_write_is_there(void **state)
{
    struct fixture *f = *state;
    int values[WRITERS] = { -1, -1, -1, -1 }, rounds = ROUNDS;
    const char *asked = getenv("TANDEM_KILL_ROUNDS");
    size_t words = 0;
    if (asked)
        assert_true(str_to_int(&rounds, str_of(asked)) && rounds > 0 && rounds <= MOST_ROUNDS);
    for (int round = 0; round < rounds; round++) {
        store_close(f->store);
        f->store = NULL;
        words += write_and_kill(f->location, values);
        fixture_reopen(f);
        for (int i = 0; i < WRITERS; i++)
            check_writer(f, i, &values[i]);
    }
    print_message("%d kills, %zu acknowledged commits, all there\n", rounds, words);
    assert_true(words >= (size_t)rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_acknowledged_write_is_there, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
