/* crew_test.c - jobs are all done, and finished in their order, whatever they take. */
#include "server/cli/crew.h"

#include <sched.h>
#include <stdatomic.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"

enum { JOBS = 5000 };

struct job {
    int number, result;
};
struct tally {
    atomic_int running, most;
    int next, sum;
};

/* Some jobs take longer than others. */
static void run(void *context, void *work, struct arena *arena)
{
    struct tally *tally = context;
    struct job *job = work;
    int now = atomic_fetch_add(&tally->running, 1) + 1, most = atomic_load(&tally->most);
    while (now > most && !atomic_compare_exchange_weak(&tally->most, &most, now))
        continue;
    for (int i = 0; i < job->number % 7; i++)
        sched_yield();
    job->result = *(int *)arena_copy(arena, &job->number, sizeof job->number);
    atomic_fetch_sub(&tally->running, 1);
}

static void finish(void *context, void *work)
{
    struct tally *tally = context;
    const struct job *job = work;
    assert_int_equal(job->number, tally->next++);
    tally->sum += job->result;
}

static void run_with(unsigned threads)
{
    struct tally tally = { 0 };
    const struct crew_work work = { &tally, run, finish };
    struct crew *crew = crew_open(threads, &work);
    for (int i = 0; i < JOBS; i++) {
        struct arena *arena = arena_open();
        struct job *job = arena_alloc(arena, sizeof *job);
        job->number = i;
        crew_add(crew, job, arena);
    }
    crew_close(crew);
    assert_int_equal(tally.next, JOBS);
    assert_int_equal(tally.sum, JOBS * (JOBS - 1) / 2);
    assert_true(atomic_load(&tally.most) <= (int)threads);
}

static void jobs_are_finished_in_their_order(void **state)
{
    (void)state;
    run_with(1);
    run_with(2);
    run_with(16);
}

static void nothing_to_do_is_done(void **state)
{
    (void)state;
    const struct crew_work work = { NULL, run, finish };
    crew_close(crew_open(8, &work));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_are_finished_in_their_order),
        cmocka_unit_test(nothing_to_do_is_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
