/* workers_test.c - all work is done once, and heavy work leaves a thread to light work. */
#include "resources/base/test.h"

#include <sched.h>
#include <stdatomic.h>

#include "server/http/workers.h"

static void count_one(void *argument)
{
    atomic_fetch_add((atomic_int *)argument, 1);
}

static void all_that_is_taken_is_done_once(void **state)
{
    (void)state;
    atomic_int done = 0;
    int taken = 0;
    struct workers *workers = workers_open(3, 16);
    for (int i = 0; i < 10000; i++)
        taken += workers_submit(workers, i % 3 ? WORK_LIGHT : WORK_HEAVY, count_one, &done);
    workers_close(workers);
    assert_true(taken >= 32);
    assert_int_equal(atomic_load(&done), taken);
}

struct gate {
    atomic_int inside, most_inside, is_open;
};

static void wait_at_gate(void *argument)
{
    struct gate *gate = argument;
    int inside = atomic_fetch_add(&gate->inside, 1) + 1;
    int most = atomic_load(&gate->most_inside);
    while (inside > most && !atomic_compare_exchange_weak(&gate->most_inside, &most, inside))
        ;
    while (!atomic_load(&gate->is_open))
        sched_yield();
    atomic_fetch_sub(&gate->inside, 1);
}

static void heavy_work_leaves_one_thread(void **state)
{
    (void)state;
    struct gate gate = { 0 };
    atomic_int done = 0;
    struct workers *workers = workers_open(3, 16);
    for (int i = 0; i < 6; i++)
        assert_true(workers_submit(workers, WORK_HEAVY, wait_at_gate, &gate));
    while (atomic_load(&gate.inside) < 2)
        sched_yield();
    assert_true(workers_submit(workers, WORK_LIGHT, count_one, &done));
    while (!atomic_load(&done)) /* would hang, were all three threads taken */
        sched_yield();
    assert_int_equal(atomic_load(&gate.inside), 2);
    assert_int_equal(workers_waiting(workers), 4);
    atomic_store(&gate.is_open, 1);
    workers_close(workers);
    assert_int_equal(atomic_load(&gate.most_inside), 2);
}

static void a_full_queue_refuses(void **state)
{
    (void)state;
    struct gate gate = { 0 };
    struct workers *workers = workers_open(1, 2);
    assert_true(workers_submit(workers, WORK_HEAVY, wait_at_gate, &gate));
    while (!atomic_load(&gate.inside))
        sched_yield();
    assert_true(workers_submit(workers, WORK_LIGHT, wait_at_gate, &gate));
    assert_true(workers_submit(workers, WORK_LIGHT, wait_at_gate, &gate));
    assert_false(workers_submit(workers, WORK_LIGHT, wait_at_gate, &gate));
    atomic_store(&gate.is_open, 1);
    workers_close(workers);
}

struct lender {
    struct workers *workers;
    struct gate gate;
    atomic_int ended;
};

static void lend_at_gate(void *argument)
{
    struct lender *lender = argument;
    workers_lend(lender->workers);
    wait_at_gate(&lender->gate);
    workers_reclaim(lender->workers);
    atomic_fetch_add(&lender->ended, 1);
}

static void who_waits_lends_its_place(void **state)
{
    (void)state;
    enum { MANY = 20 };
    atomic_int done = 0;
    struct lender lender = { .workers = workers_open(1, 2 * MANY) };
    for (int i = 0; i < MANY; i++)
        assert_true(workers_submit(lender.workers, WORK_LIGHT, lend_at_gate, &lender));
    while (atomic_load(&lender.gate.inside) < MANY) /* would hang, did they keep the one place */
        sched_yield();
    assert_true(workers_submit(lender.workers, WORK_LIGHT, count_one, &done));
    while (!atomic_load(&done))
        sched_yield();
    atomic_store(&lender.gate.is_open, 1);
    while (atomic_load(&lender.ended) < MANY)
        sched_yield();
    struct gate gate = { 0 };
    for (int i = 0; i < 4; i++)
        assert_true(workers_submit(lender.workers, WORK_LIGHT, wait_at_gate, &gate));
    while (!atomic_load(&gate.inside) || workers_waiting(lender.workers) < 3)
        sched_yield();
    atomic_store(&gate.is_open, 1);
    workers_close(lender.workers);
    assert_int_equal(atomic_load(&gate.most_inside), 1); /* the place was given back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_is_taken_is_done_once),
        cmocka_unit_test(heavy_work_leaves_one_thread),
        cmocka_unit_test(a_full_queue_refuses),
        cmocka_unit_test(who_waits_lends_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
