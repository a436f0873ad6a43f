/* route_test.c - addresses and methods, and the interactions that they lead to. */
#include "resources/base/test.h"

#include "resources/base/arena.h"
#include "server/async.h"
#include "server/interactions/interaction.h"

#define ID64 "0123456789012345678901234567890123456789012345678901234567890123"

static const struct {
    const char *method, *path;
    interaction_function run; /* NULL: none */
    const char *type, *id, *operation;
    uint64_t version;
    const char *allowed;
} CASES[] = {
    { "GET", "/metadata", interactions_capabilities, "", "", "", 0, "" },
    { "HEAD", "/metadata/", interactions_capabilities, "", "", "", 0, "" },
    { "POST", "", interactions_transaction, "", "", "", 0, "" },
    { "POST", "/", interactions_transaction, "", "", "", 0, "" },
    { "GET", "/", interactions_search, "", "", "", 0, "" },
    { "PUT", "/", NULL, "", "", "", 0, "POST, GET, HEAD" },
    { "POST", "/_search", interactions_search, "", "", "", 0, "" },
    { "GET", "/_search", interactions_search, "", "", "", 0, "" },
    { "GET", "/Patient/_search", interactions_search, "Patient", "", "", 0, "" },
    { "GET", "/Patient/1/CarePlan", interactions_search, "Patient", "1", "", 0, "" },
    { "GET", "/Patient/1/*", interactions_search, "Patient", "1", "", 0, "" },
    { "POST", "/Patient/1/*/_search", interactions_search, "Patient", "1", "", 0, "" },
    { "GET", "/Patient/1/careplan", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/1", interactions_read, "Patient", "1", "", 0, "" },
    { "HEAD", "/Patient/1", interactions_read, "Patient", "1", "", 0, "" },
    { "GET", "/Patient/a%2Db", interactions_read, "Patient", "a-b", "", 0, "" },
    { "GET", "/Patient/a%2Fb", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/%zz", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/" ID64, interactions_read, "Patient", ID64, "", 0, "" },
    { "GET", "/Patient/" ID64 "0", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/a_b", NULL, "", "", "", 0, "" },
    { "GET", "/Patient//1", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/1/_history", interactions_history, "Patient", "1", "", 0, "" },
    { "GET", "/Patient/1/_history/7", interactions_vread, "Patient", "1", "", 7, "" },
    { "GET", "/Patient/1/_history/0", NULL, "", "", "", 0, "" },
    { "GET", "/Patient/1/_history/x", NULL, "", "", "", 0, "" },
    { "PUT", "/Patient/1/_history/7", NULL, "", "", "", 0, "GET, HEAD" },
    { "PUT", "/Patient/1", interactions_update, "Patient", "1", "", 0, "" },
    { "PUT", "/Patient", interactions_update, "Patient", "", "", 0, "" },
    { "DELETE", "/Patient/1", interactions_delete, "Patient", "1", "", 0, "" },
    { "POST", "/Patient/1", NULL, "", "", "", 0, "GET, HEAD, PUT, PATCH, DELETE" },
    { "POST", "/Patient", interactions_create, "Patient", "", "", 0, "" },
    { "GET", "/Patient", interactions_search, "Patient", "", "", 0, "" },
    { "POST", "/Patient/_search", interactions_search, "Patient", "", "", 0, "" },
    { "GET", "/patient/1", NULL, "", "", "", 0, "" },
    { "POST", "/$convert", operations_run, "", "", "convert", 0, "" },
    { "GET", "/Patient/$everything", operations_run, "Patient", "", "everything", 0, "" },
    { "POST", "/CarePlan/1/$push", operations_run, "CarePlan", "1", "push", 0, "" },
    { "GET", "/CarePlan/1/$", NULL, "", "", "", 0, "" },
    { "GET", "/a/b/c/d/e", NULL, "", "", "", 0, "" },
    { "GET", "/_async/1/2", async_file, "", "1", "", 2, "" },
    { "GET", "/Patient/1/_history/7/$meta", operations_run, "Patient", "1", "meta", 7, "" },
    { "POST", "/Patient/1/_history/7/$meta", NULL, "", "", "", 0, "GET, HEAD" },
    { "GET", "/Patient/1/_history/7/$meta/x", NULL, "", "", "", 0, "" },
};

static void finds_each_interaction(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct route_match got = route_find(str_of(CASES[i].method), str_of(CASES[i].path), arena);
        if ((got.route ? got.route->run : NULL) != CASES[i].run)
            fail_msg("%s %s leads elsewhere", CASES[i].method, CASES[i].path);
        if (!got.route && !str_is(got.allowed, CASES[i].allowed))
            fail_msg("%s %s allows " STR_FMT, CASES[i].method, CASES[i].path, STR_ARG(got.allowed));
        if (got.route &&
            (!str_is(got.type, CASES[i].type) || !str_is(got.id, CASES[i].id) ||
             !str_is(got.operation, CASES[i].operation) || got.version != CASES[i].version))
            fail_msg("%s %s: wrong parts", CASES[i].method, CASES[i].path);
    }
}

/* A change must name what the viewer needs, unless its function judges that itself. */
static void no_row_forgets_its_scope(void **state)
{
    (void)state;
    size_t count;
    const struct route *routes = route_table(&count);
    for (size_t i = 0; i < count; i++)
        if (!routes[i].acts && !routes[i].is_public && routes[i].run != interactions_transaction &&
            routes[i].run != operations_run &&
            !str_starts(str_of(routes[i].shape), STR("_async")) &&
            !str_is(str_of(routes[i].shape), "_history") &&
            (routes[i].run != interactions_search ||
             str_starts(str_of(routes[i].shape), STR("{type}/_"))))
            fail_msg("%s %s needs no scope", routes[i].method, routes[i].shape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_interaction),
        cmocka_unit_test(no_row_forgets_its_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
