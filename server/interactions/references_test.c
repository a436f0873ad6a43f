/* references_test.c - links between the entries of a transaction, one rule a row. */
#include "server/interactions/references.h"

#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"
#include "server/catalog_fake.h"
#include "server/interactions/outcome.h"

#define U1 "urn:uuid:00000000-0000-4000-8000-000000000001"
#define U2 "urn:uuid:00000000-0000-4000-8000-000000000002"
#define OTHER "http://other.example/fhir"
#define DIV "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">"

/* The store and the search of this test: "Patient?one" finds a record, "?none" nothing, "?two" two.
 */
enum outcome store_search(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, uint64_t snapshot, struct str position,
                          struct arena *arena, struct store_page *out)
{
    (void)store, (void)viewer, (void)snapshot, (void)position;
    *out = (struct store_page){ .count = str_is(plan->self, "two")   ? 2
                                         : str_is(plan->self, "one") ? 1
                                                                     : 0 };
    out->versions = arena_array(arena, 2, sizeof *out->versions);
    out->versions[0].id = STR("found");
    return OUTCOME_OK;
}

bool search_split(struct search_pair **pairs, size_t *count, struct str query, struct arena *arena,
                  struct issues *issues)
{
    (void)issues;
    *pairs = arena_array(arena, 1, sizeof **pairs);
    (*pairs)[0].name = query;
    *count = 1;
    return true;
}

bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, const struct search_context *context, struct arena *arena,
                  struct issues *issues)
{
    (void)count, (void)context, (void)arena, (void)issues;
    *plan = (struct search_plan){ .type = type, .self = pairs[0].name, .condition_count = 1 };
    return true;
}

uint64_t store_commit_number(struct store *store)
{
    (void)store;
    return 1;
}

enum outcome store_read(struct store *store, const struct viewer *viewer, struct str type,
                        struct str id, uint64_t version, struct arena *arena,
                        struct store_version *out)
{
    (void)store, (void)viewer, (void)type, (void)id, (void)version, (void)arena, (void)out;
    return OUTCOME_NOT_FOUND;
}

enum outcome store_referrers(struct store *store, const struct viewer *viewer, struct str target,
                             size_t most, struct arena *arena, struct store_page *out)
{
    (void)store, (void)viewer, (void)target, (void)most, (void)arena;
    *out = (struct store_page){ 0 };
    return OUTCOME_OK;
}

enum outcome store_commit(struct store *store, struct store_commit *commit, struct arena *arena)
{
    (void)store, (void)commit, (void)arena;
    return OUTCOME_FAILED;
}

void store_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context)
{
    done(context, store_commit(store, commit, arena));
}

enum outcome store_find_answer(struct store *store, struct str client, struct str key,
                               struct arena *arena, struct store_idempotency *out)
{
    (void)store, (void)client, (void)key, (void)arena, (void)out;
    return OUTCOME_NOT_FOUND;
}

struct str store_whole_body(const struct store_write *write, struct arena *arena)
{
    (void)arena;
    return write->body;
}

bool search_index(struct index_rows *out, struct search_indexer *indexer, const cJSON *resource,
                  struct arena *arena, struct issues *issues)
{
    (void)out, (void)indexer, (void)resource, (void)arena, (void)issues;
    return true;
}

bool validator_check(struct validator *validator, const cJSON *resource,
                     const struct validation_request *request, struct issues *issues)
{
    (void)validator, (void)resource, (void)request, (void)issues;
    return true;
}

static const struct {
    const char *full_url; /* of the entry that holds the link */
    const char *sent, *want;
    const char *claim;
} CASES[] = {
    { U2, "'subject':{'reference':'" U1 "'}", "'subject':{'reference':'Patient/new'}",
      "a urn:uuid becomes the record" },
    { U2, "'subject':{'reference':'" U1 "#x'}", "'subject':{'reference':'Patient/new#x'}",
      "a fragment stays" },
    { OTHER "/Goal/1", "'subject':{'reference':'Patient/9'}",
      "'subject':{'reference':'Group/made'}", "relative to the full URL's base" },
    { OTHER "/Goal/1/_history/3", "'subject':{'reference':'Patient/9'}",
      "'subject':{'reference':'Patient/9'}", "a versioned full URL is no base" },
    { U2, "'subject':{'reference':'Patient/9'}", "'subject':{'reference':'Patient/9'}",
      "relative in an entry with a urn is this server's" },
    { U2, "'subject':{'reference':'Patient/local'}", "'subject':{'reference':'Patient/kept'}",
      "this server's, and among the entries" },
    { U2, "'subject':{'reference':'" OTHER "/Patient/9'}", "'subject':{'reference':'Group/made'}",
      "absolute, and a full URL of an entry" },
    { U2, "'subject':{'reference':'" OTHER "/Patient/9/_history/2'}",
      "'subject':{'reference':'Group/made/_history/1'}", "a version becomes the one that is made" },
    { U2, "'subject':{'reference':'Patient/same/_history/2'}",
      "'subject':{'reference':'Patient/same/_history/1'}", "whichever was sent" },
    { U2, "'subject':{'reference':'" U1 "/_history/7#x'}",
      "'subject':{'reference':'Patient/new/_history/1#x'}", "of a urn too" },
    { U2, "'meta':{'source':'" U1 "#x'}", "'meta':{'source':'Patient/new#x'}",
      "a uri's fragment stays" },
    { U2, "'subject':{'reference':'http://unknown.example/fhir/Patient/9'}",
      "'subject':{'reference':'http://unknown.example/fhir/Patient/9'}", "others are left alone" },
    { U2, "'subject':{'reference':'#inside'}", "'subject':{'reference':'#inside'}",
      "contained ones are left alone" },
    { U2, "'subject':{'reference':'Patient?one'}", "'subject':{'reference':'Patient/found'}",
      "a condition becomes its match" },
    { U2, "'subject':{'reference':'Patient?mine'}", "'subject':{'reference':'Patient/new'}",
      "a condition of an entry is that entry" },
    { U2, "'subject':{'identifier':{'system':'" U1 "','value':'" U1 "'}}",
      "'subject':{'identifier':{'system':'Patient/new','value':'" U1 "'}}",
      "a uri is a link, a string is not" },
    { U2, "'meta':{'profile':['" U1 "'],'source':'" U1 "'}",
      "'meta':{'profile':['" U1 "'],'source':'Patient/new'}", "a canonical is not a link" },
    { U2, "'extension':[{'url':'http://x','valueReference':{'reference':'" U1 "'}}]",
      "'extension':[{'url':'http://x','valueReference':{'reference':'Patient/new'}}]",
      "inside an extension" },
    { U2, "'contained':[{'resourceType':'Basic','id':'b','subject':{'reference':'" U1 "'}}]",
      "'contained':[{'resourceType':'Basic','id':'b','subject':{'reference':'Patient/new'}}]",
      "inside a contained resource" },
    { U2, "'text':{'status':'generated','div':'" DIV "<a href=\\\"" U1 "\\\">a</a></div>'}",
      "'text':{'status':'generated','div':'" DIV "<a href=\\\"Patient/new\\\">a</a></div>'}",
      "href in a narrative" },
    { U2,
      "'text':{'status':'generated','div':'" DIV "<img alt=\\\"\\\"  src = \\\"" U1
      "\\\"/></div>'}",
      "'text':{'status':'generated','div':'" DIV
      "<img alt=\\\"\\\"  src = \\\"Patient/new\\\"/></div>'}",
      "src in a narrative" },
    { U2, "'text':{'status':'generated','div':'" DIV U1 " <a href=\\\"#a\\\">a</a></div>'}",
      "'text':{'status':'generated','div':'" DIV U1 " <a href=\\\"#a\\\">a</a></div>'}",
      "a narrative's text is no link" },
    { U2, "'text':{'status':'generated','div':'" DIV "<a href=\\\"" U1 "'}",
      "'text':{'status':'generated','div':'" DIV "<a href=\\\"Patient/new'}",
      "an attribute without an end ends with the text" },
};

static const struct {
    const char *sent;
    enum issue_id issue;
} WRONG[] = {
    { "'subject':{'reference':'" U2 "'}", ISSUE_REFERENCE_NOT_FOUND },
    { "'subject':{'reference':'Patient?none'}", ISSUE_REFERENCE_NOT_FOUND },
    { "'subject':{'reference':'Patient?two'}", ISSUE_MULTIPLE_MATCHES },
};

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct service service;
    struct references *references;
    struct write writes[4];
    struct write_set set;
};
static struct definitions *definitions;

static void prepare(struct fixture *fixture)
{
    static const struct {
        const char *name, *type, *id;
    } NAMES[] = { { U1, "Patient", "new" },
                  { OTHER "/Patient/9", "Group", "made" },
                  { "http://here/fhir/Patient/local", "Patient", "kept" },
                  { "http://here/fhir/Patient/same", "Patient", "same" } };
    *fixture = (struct fixture){ .arena = arena_open() };
    fixture->service =
        (struct service){ .definitions = definitions, .base_url = STR("http://here/fhir") };
    issues_init(&fixture->issues, fixture->arena, (struct str){ 0 });
    fixture->references = references_open(&fixture->service, fixture->arena);
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        fixture->writes[i].type = str_of(NAMES[i].type);
        fixture->writes[i].chosen_id = str_of(NAMES[i].id);
        assert_true(
            references_name(fixture->references, str_of(NAMES[i].name), &fixture->writes[i]));
    }
    references_name(fixture->references, STR("Patient?mine"), &fixture->writes[0]);
    fixture->set = (struct write_set){ .service = &fixture->service,
                                       .arena = fixture->arena,
                                       .issues = &fixture->issues };
}

/* A Goal with these members; ' stands for ". */
static cJSON *goal(struct fixture *fixture, const char *members)
{
    struct str text = str_print(fixture->arena, "{'resourceType':'Goal',%s}", members);
    char *json = str_cstr(fixture->arena, text);
    for (char *at = json; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    cJSON *tree = json_parse(str_of(json), fixture->arena, &fixture->issues);
    assert_non_null(tree);
    return tree;
}

static void rewrites_each_kind_of_link(void **state)
{
    (void)state;
    if (!definitions)
        skip();
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct fixture fixture;
        struct place at = PLACE_ROOT("Bundle");
        prepare(&fixture);
        cJSON *tree = goal(&fixture, CASES[i].sent), *want = goal(&fixture, CASES[i].want);
        references_collect(fixture.references, tree, str_of(CASES[i].full_url), &at);
        bool is_good = references_rewrite(fixture.references, &fixture.set);
        if (!is_good || !json_equal(tree, want)) {
            struct buf out;
            buf_init(&out, fixture.arena, 10000);
            json_print(&out, tree);
            fail_msg("%s: " STR_FMT, CASES[i].claim, STR_ARG(buf_str(&out)));
        }
        arena_close(fixture.arena);
    }
}

static void rewrites_again_when_ids_change(void **state)
{
    (void)state;
    if (!definitions)
        skip();
    struct fixture fixture;
    struct place at = PLACE_ROOT("Bundle");
    prepare(&fixture);
    cJSON *tree = goal(&fixture, "'subject':{'reference':'" U1 "'}");
    references_collect(fixture.references, tree, STR(U2), &at);
    assert_true(references_rewrite(fixture.references, &fixture.set));
    fixture.writes[0].chosen_id = STR("later");
    assert_true(references_rewrite(fixture.references, &fixture.set));
    assert_true(str_is(json_get_text(json_get(tree, "subject"), "reference"), "Patient/later"));
    arena_close(fixture.arena);
}

static void searches_a_condition_once_a_try(void **state)
{
    (void)state;
    if (!definitions)
        skip();
    struct fixture fixture;
    struct place at = PLACE_ROOT("Bundle");
    prepare(&fixture);
    for (int i = 0; i < 5; i++)
        references_collect(fixture.references,
                           goal(&fixture, "'subject':{'reference':'Patient?one'}"), STR(U2), &at);
    assert_true(references_rewrite(fixture.references, &fixture.set));
    assert_int_equal(fixture.set.guard_count, 1);
    fixture.set.guard_count = 0;
    assert_true(references_rewrite(fixture.references, &fixture.set));
    assert_int_equal(fixture.set.guard_count, 1);
    arena_close(fixture.arena);
}

static void refuses_links_that_lead_nowhere(void **state)
{
    (void)state;
    if (!definitions)
        skip();
    for (size_t i = 0; i < COUNT(WRONG); i++) {
        struct fixture fixture;
        struct place at = PLACE_ROOT("Bundle");
        prepare(&fixture);
        references_collect(fixture.references, goal(&fixture, WRONG[i].sent), STR(U2), &at);
        assert_false(references_rewrite(fixture.references, &fixture.set));
        assert_int_equal(fixture.issues.first->id, WRONG[i].issue);
        assert_true(str_is(fixture.issues.first->expression, "Bundle.resource"));
        arena_close(fixture.arena);
    }
}

static void refuses_a_name_given_twice(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture);
    assert_false(references_name(fixture.references, STR(U1), &fixture.writes[1]));
    arena_close(fixture.arena);
}

static int open_definitions(void **state)
{
    static const char *const PATHS[] = { "build/definitions.db" };
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ 0 });
    if (access(PATHS[0], R_OK) == 0)
        definitions = definitions_open(PATHS, 1, &issues);
    return 0;
}

static int close_definitions(void **state)
{
    (void)state;
    if (definitions)
        definitions_close(definitions);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rewrites_each_kind_of_link),
        cmocka_unit_test(rewrites_again_when_ids_change),
        cmocka_unit_test(searches_a_condition_once_a_try),
        cmocka_unit_test(refuses_links_that_lead_nowhere),
        cmocka_unit_test(refuses_a_name_given_twice),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
