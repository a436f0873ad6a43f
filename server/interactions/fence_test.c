/* fence_test.c - who waits at a fence, and until when. */
#include "server/interactions/fence.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"

static const struct {
    const char *resource;
    bool waits;
    const char *claim;
} CASES[] = {
    { "{\"subject\":{\"reference\":\"Patient/s\"}}", true, "a reference to the record" },
    { "{\"a\":[{\"b\":{\"reference\":\"https://x.example/fhir/Patient/s\"}}]}", true,
      "deep inside, as an address" },
    { "{\"subject\":{\"reference\":\"Patient/s/_history/1\"}}", true, "to a version of it" },
    { "{\"subject\":{\"reference\":\"Patient/s2\"}}", false, "a reference to another one" },
    { "{\"subject\":{\"reference\":\"Group/s\"}}", false, "of another type" },
    { "{\"subject\":{\"display\":\"Patient/s\"}}", false, "what is no reference" },
};

struct passing {
    struct fence *fence;
    struct write_set *set;
    atomic_bool is_through;
};

static void *pass(void *context)
{
    struct passing *passing = context;
    fence_pass(passing->fence, passing->set);
    atomic_store(&passing->is_through, true);
    return NULL;
}

static bool is_through_soon(struct passing *passing)
{
    for (int i = 0; i < 50 && !atomic_load(&passing->is_through); i++)
        usleep(1000);
    return atomic_load(&passing->is_through);
}

static void keeps_what_refers_to_a_post(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    static const struct service service;
    struct fence *fence = fence_open();
    struct issues issues;
    (void)state;
    issues_init(&issues, arena, STR(""));
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct fence_post post = { .type = STR("Patient"), .id = STR("s") };
        struct write write = { .resource = json_parse(str_of(CASES[i].resource), arena, &issues) };
        struct write_set set = { .service = &service, .writes = &write, .count = 1 };
        struct passing passing = { .fence = fence, .set = &set };
        pthread_t thread;
        fence_raise(fence, &post);
        assert_int_equal(pthread_create(&thread, NULL, pass, &passing), 0);
        if (is_through_soon(&passing) == CASES[i].waits)
            fail_msg("%s", CASES[i].claim);
        fence_lower(fence, &post);
        pthread_join(thread, NULL);
        assert_true(atomic_load(&passing.is_through));
    }
    fence_close(fence);
}

/* These return at once, or the test does not end. */
static void lets_through(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    static const struct service service;
    struct issues issues;
    (void)state;
    issues_init(&issues, arena, STR(""));
    struct fence_post post = { .type = STR("Patient"), .id = STR("s") };
    struct write writes[] = {
        { .resource = NULL }, { .resource = json_parse(str_of(CASES[0].resource), arena, &issues) }
    };
    struct write_set set = { .service = &service, .writes = writes, .count = 2 };
    struct fence *fence = fence_open();
    fence_pass(fence, &set); /* nothing stands */
    fence_raise(fence, &post);
    set.passes_fence = true; /* it is what the others wait for */
    fence_pass(fence, &set);
    fence_lower(fence, &post);
    set.passes_fence = false;
    fence_pass(fence, &set); /* nothing stands any more */
    fence_close(fence);
    fence_raise(NULL, &post);
    fence_pass(NULL, &set);
    fence_lower(NULL, &post);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(keeps_what_refers_to_a_post),
                                        cmocka_unit_test(lets_through) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
