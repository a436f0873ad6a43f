/* operation_test.c - which operations may change records. */
#include "server/operations/operation.h"

#include "resources/base/arena.h"
#include "resources/base/test.h"

static void knows_what_may_write(void **state)
{
    static const struct {
        const char *path;
        bool may_write;
    } ROWS[] = { { "/Patient/$merge", true },           { "/$test-clock", true },
                 { "/Patient/1/$meta-add", true },      { "/Composition/1/$document", true },
                 { "/CarePlan/1/$document", false },    { "/$graphql", false },
                 { "/Patient/1/$everything", false },   { "/Questionnaire/$populate", false },
                 { "/Observation/1/$document", false }, { "/$nonsense", false } };
    CLOSING_ARENA struct arena *arena = arena_open();
    (void)state;
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct route_match at = route_find(STR("POST"), str_of(ROWS[i].path), arena);
        if (operations_may_write(&at) != ROWS[i].may_write)
            fail_msg("%s", ROWS[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(knows_what_may_write) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
