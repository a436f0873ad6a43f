/* together_test.c - each piece is done once, not more than allowed at a time, also when no worker
 * has time. */
#include "server/interactions/together.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "resources/base/test.h"
#include "resources/base/str.h"

enum { PIECES = 200 };

struct counting {
    atomic_int times[PIECES];
    atomic_int now, most;
    unsigned wait_us;
};

static void count_piece(void *context, size_t i)
{
    struct counting *counting = context;
    int now = atomic_fetch_add(&counting->now, 1) + 1, most = atomic_load(&counting->most);
    while (now > most && !atomic_compare_exchange_weak(&counting->most, &most, now))
        ;
    if (counting->wait_us)
        usleep(counting->wait_us);
    atomic_fetch_add(&counting->times[i], 1);
    atomic_fetch_sub(&counting->now, 1);
}

static void expect_once(struct counting *counting, size_t count)
{
    for (size_t i = 0; i < PIECES; i++)
        assert_int_equal(atomic_load(&counting->times[i]), i < count);
}

static void does_each_piece_once(void **state)
{
    static const size_t COUNTS[] = { 0, 1, 2, 7, PIECES };
    struct workers *workers = workers_open(4, 100);
    (void)state;
    for (size_t i = 0; i < COUNT(COUNTS); i++) {
        struct counting counting = { .wait_us = 10 };
        together_run(workers, WORK_LIGHT, COUNTS[i], 8, count_piece, &counting);
        expect_once(&counting, COUNTS[i]);
    }
    workers_close(workers);
}

static void several_at_a_time_and_not_more(void **state)
{
    struct workers *workers = workers_open(8, 100);
    struct counting counting = { .wait_us = 2000 };
    (void)state;
    together_run(workers, WORK_LIGHT, PIECES, 3, count_piece, &counting);
    expect_once(&counting, PIECES);
    assert_int_equal(atomic_load(&counting.most), 3);
    workers_close(workers);
}

static void alone_where_there_are_no_workers(void **state)
{
    struct counting counting = { 0 };
    (void)state;
    together_run(NULL, WORK_LIGHT, PIECES, 8, count_piece, &counting);
    expect_once(&counting, PIECES);
    assert_int_equal(atomic_load(&counting.most), 1);
}

struct blocking {
    pthread_mutex_t held;
    atomic_int begun;
};

static void block(void *argument)
{
    struct blocking *blocking = argument;
    atomic_fetch_add(&blocking->begun, 1);
    pthread_mutex_lock(&blocking->held);
    pthread_mutex_unlock(&blocking->held);
}

/* The helpers come when all is over, and find that out. */
static void does_not_wait_for_busy_workers(void **state)
{
    struct workers *workers = workers_open(1, 100);
    struct blocking blocking = { .held = PTHREAD_MUTEX_INITIALIZER };
    struct counting counting = { 0 };
    (void)state;
    pthread_mutex_lock(&blocking.held);
    assert_true(workers_submit(workers, WORK_LIGHT, block, &blocking));
    while (!atomic_load(&blocking.begun))
        usleep(100);
    together_run(workers, WORK_HEAVY, PIECES, 4, count_piece, &counting);
    expect_once(&counting, PIECES);
    pthread_mutex_unlock(&blocking.held);
    workers_close(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_piece_once),
        cmocka_unit_test(several_at_a_time_and_not_more),
        cmocka_unit_test(alone_where_there_are_no_workers),
        cmocka_unit_test(does_not_wait_for_busy_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
