/* write_test.c - the loop of a write against a store that clashes when it is told to. */
#include "server/interactions/write.h"

#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"
#include "server/catalog_fake.h"
#include "server/interactions/outcome.h"

/* A store of one Patient, in place of the real one: what a rival does is scripted. */
struct store {
    uint64_t version; /* 0: there is no record */
    bool is_deleted;
    const char *owner;
    int clashes;                        /* commits still to be refused */
    void (*rival)(struct store *store); /* what somebody else does at each clash */
    int commits, searches, checks;
    enum outcome failure; /* instead of OK */
    struct store_commit last;
    struct store_guard guard;
    struct str audit;
    bool has_answer;
    struct store_idempotency answer;
};
static struct store fake;

uint64_t store_commit_number(struct store *store)
{
    (void)store;
    return 1;
}

enum outcome store_read(struct store *store, const struct viewer *viewer, struct str type,
                        struct str id, uint64_t version, struct arena *arena,
                        struct store_version *out)
{
    (void)viewer, (void)version, (void)arena;
    if (!store->version || !str_is(id, "p"))
        return OUTCOME_NOT_FOUND;
    *out = (struct store_version){ .type = type,
                                   .id = id,
                                   .version = store->version,
                                   .owner = str_of(store->owner),
                                   .body = STR("{\"resourceType\":\"Patient\"}") };
    return store->is_deleted ? OUTCOME_GONE : OUTCOME_OK;
}

/* A condition matches the record when it is there. */
enum outcome store_search(struct store *store, const struct viewer *viewer,
                          const struct search_plan *plan, uint64_t snapshot, struct str position,
                          struct arena *arena, struct store_page *out)
{
    (void)viewer, (void)snapshot, (void)position;
    store->searches++;
    *out = (struct store_page){ .snapshot = 5 };
    if (str_is(plan->self, "several"))
        out->count = 2;
    else if (store->version && !store->is_deleted)
        out->count = 1;
    out->versions = arena_array(arena, 2, sizeof *out->versions);
    for (size_t i = 0; i < out->count; i++)
        out->versions[i] = (struct store_version){
            .type = plan->type, .id = STR("p"), .version = store->version, .body = STR("{}")
        };
    return OUTCOME_OK;
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
    store->commits++;
    store->last = *commit;
    if (commit->audit_count)
        store->audit = str_copy(arena, commit->audits[0]);
    if (commit->guard_count)
        store->guard = commit->guards[0];
    if (store->clashes) {
        store->clashes--;
        if (store->rival)
            store->rival(store);
        return OUTCOME_CONFLICT;
    }
    if (store->failure)
        return store->failure;
    for (size_t i = 0; i < commit->write_count; i++) {
        struct store_write *row = &commit->writes[i];
        row->is_created = !store->version || store->is_deleted;
        row->version = store->version + 1;
        row->updated_us = 1000000;
    }
    if (commit->answer)
        store->answer.answer = commit->answer(commit->context, commit, arena);
    commit->number = 9;
    return OUTCOME_OK;
}

void store_commit_begin(struct store *store, struct store_commit *commit, struct arena *arena,
                        void (*done)(void *context, enum outcome outcome), void *context)
{
    done(context, store_commit(store, commit, arena));
}

enum outcome store_find_answer(struct store *store, struct str client, struct str key,
                               struct arena *arena, struct store_idempotency *out)
{
    (void)client, (void)key, (void)arena;
    if (!store->has_answer)
        return OUTCOME_NOT_FOUND;
    *out = store->answer;
    return OUTCOME_OK;
}

struct str store_whole_body(const struct store_write *write, struct arena *arena)
{
    return str_print(arena, STR_FMT "@%llu", STR_ARG(write->body),
                     (unsigned long long)write->version);
}

bool search_index(struct index_rows *out, struct search_indexer *indexer, const cJSON *resource,
                  struct arena *arena, struct issues *issues)
{
    (void)indexer, (void)resource, (void)arena, (void)issues;
    *out = (struct index_rows){ 0 };
    return true;
}

bool search_split(struct search_pair **pairs, size_t *count, struct str query, struct arena *arena,
                  struct issues *issues)
{
    (void)pairs, (void)query, (void)arena, (void)issues;
    *count = 0;
    return true;
}

bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, const struct search_context *context, struct arena *arena,
                  struct issues *issues)
{
    (void)plan, (void)type, (void)pairs, (void)count, (void)context, (void)arena, (void)issues;
    return true;
}

bool validator_check(struct validator *validator, const cJSON *resource,
                     const struct validation_request *request, struct issues *issues)
{
    (void)validator, (void)request;
    fake.checks++;
    struct place root = PLACE_ROOT("Patient");
    struct place at = { &root, "gender", NULL, -1, -1 };
    if (json_get(resource, "wrong"))
        return issue_add(issues, &at, ISSUE_CODE_INVALID, "wrong");
    return true;
}

static int64_t now(void)
{
    return 1000000;
}

static const struct scope SCOPES[] = { { { "Patient", 7 }, ACT_CREATE | ACT_READ | ACT_UPDATE } };
static const struct viewer SENDER = { .client = { "sender", 6 },
                                      .scopes = SCOPES,
                                      .scope_count = 1,
                                      .organization = { "Organization/sender", 19 } };
static const struct service SERVICE = { .store = &fake,
                                        .base_url = { "http://here/fhir", 16 },
                                        .validation = VALIDATION_FULL,
                                        .most_body = 1000,
                                        .now_us = now };

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct write write;
    struct write_set set;
};

static void prepare(struct fixture *fixture, enum write_act act, const char *json)
{
    fake = (struct store){ .owner = "" };
    fixture->arena = arena_open();
    issues_init(&fixture->issues, fixture->arena, (struct str){ 0 });
    fixture->write = (struct write){ .act = act,
                                     .type = STR("Patient"),
                                     .id = act == WRITE_CREATE ? STR("") : STR("p"),
                                     .if_version = STORE_ANY_VERSION };
    if (json)
        fixture->write.resource = json_parse(str_of(json), fixture->arena, &fixture->issues);
    fixture->set = (struct write_set){ .service = &SERVICE,
                                       .viewer = &SENDER,
                                       .arena = fixture->arena,
                                       .issues = &fixture->issues,
                                       .writes = &fixture->write,
                                       .count = 1,
                                       .interaction = "update" };
}

static const struct search_plan ONE = { .type = { "Patient", 7 }, .self = { "one", 3 } };
static const struct search_plan SEVERAL = { .type = { "Patient", 7 }, .self = { "several", 7 } };

static void rival_creates(struct store *store)
{
    store->version = 1;
    store->is_deleted = false;
}

static void rival_updates(struct store *store)
{
    store->version++;
}

static void puts_identity_first_and_takes_versions_out(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *stored;
    } CASES[] = {
        { "{\"resourceType\":\"Patient\",\"active\":true}",
          "{\"resourceType\":\"Patient\",\"id\":\"x\",\"meta\":{},\"active\":true}" },
        { "{\"resourceType\":\"Patient\",\"id\":\"other\",\"a\":1.00}",
          "{\"resourceType\":\"Patient\",\"id\":\"x\",\"meta\":{},\"a\":1.00}" },
        { "{\"meta\":{\"versionId\":\"7\",\"tag\":[],\"lastUpdated\":\"2020-01-01T00:00:00Z\"},"
          "\"resourceType\":\"Patient\"}",
          "{\"meta\":{\"tag\":[]},\"resourceType\":\"Patient\",\"id\":\"x\"}" },
    };
    for (size_t i = 0; i < COUNT(CASES); i++) {
        struct fixture fixture;
        struct store_write row = { 0 };
        prepare(&fixture, WRITE_UPDATE, CASES[i].sent);
        assert_true(
            write_prepare(&row, fixture.write.resource, STR("x"), &SERVICE, &fixture.issues));
        if (!str_is(row.body, CASES[i].stored))
            fail_msg("case %zu: " STR_FMT, i, STR_ARG(row.body));
        const char *behind_brace = strstr(CASES[i].stored, "\"meta\":{") + 8;
        assert_int_equal(row.meta_at, behind_brace - CASES[i].stored);
        arena_close(fixture.arena);
    }
}

static void refuses_what_is_too_large_or_has_no_meta(void **state)
{
    (void)state;
    struct fixture fixture;
    struct store_write row = { 0 };
    char large[2000];
    snprintf(large, sizeof large, "{\"resourceType\":\"Patient\",\"x\":\"%01500d\"}", 7);
    prepare(&fixture, WRITE_CREATE, large);
    assert_false(write_prepare(&row, fixture.write.resource, STR("x"), &SERVICE, &fixture.issues));
    assert_int_equal(outcome_status(&fixture.issues), 413);
    arena_close(fixture.arena);
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\",\"meta\":[]}");
    assert_false(write_commit(&fixture.set));
    assert_int_equal(outcome_status(&fixture.issues), 422);
    arena_close(fixture.arena);
}

static void creates_what_must_be_new(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    assert_true(write_commit(&fixture.set));
    assert_int_equal(fixture.write.result, WRITE_CREATED);
    assert_int_equal(fake.last.writes[0].if_version, 0);
    assert_int_equal(fake.last.audit_count, 1);
    assert_int_equal(fixture.set.number, 9);
    assert_true(str_ends(fixture.write.body, STR("@1")));
    arena_close(fixture.arena);
}

static void rival_deletes(struct store *store)
{
    store->version++;
    store->is_deleted = true;
}

/* Also when it is only found out on a second try that there is nothing left to update. */
static void an_update_that_creates_needs_both_scopes(void **state)
{
    (void)state;
    static const struct scope UPDATE[] = { { { "Patient", 7 }, ACT_READ | ACT_UPDATE } };
    struct viewer viewer = SENDER;
    viewer.scopes = UPDATE;
    for (int was_there = 0; was_there <= 1; was_there++) {
        struct fixture fixture;
        prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
        fixture.set.viewer = &viewer;
        fake.version = (uint64_t)was_there;
        fake.clashes = was_there;
        fake.rival = rival_deletes;
        assert_false(write_commit(&fixture.set));
        assert_int_equal(outcome_status(&fixture.issues), 403);
        assert_true(str_starts(fixture.issues.first->diagnostics, STR("system/Patient.c")));
        assert_int_equal(fake.commits, was_there);
        arena_close(fixture.arena);
    }
}

static void tells_the_audit_who_did_what(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    assert_true(write_commit(&fixture.set));
    static const char WANT[] =
        "{\"resourceType\":\"AuditEvent\",\"type\":{\"system\":"
        "\"http://terminology.hl7.org/CodeSystem/audit-event-type\",\"code\":\"rest\"},"
        "\"subtype\":[{\"system\":\"http://hl7.org/fhir/restful-interaction\",\"code\":"
        "\"update\"}],\"action\":\"C\",\"recorded\":\"1970-01-01T00:00:01.000Z\","
        "\"outcome\":\"0\",\"agent\":[{\"who\":{\"reference\":\"Organization/sender\","
        "\"identifier\":{\"value\":\"sender\"}},\"requestor\":true}],\"source\":{"
        "\"observer\":{\"display\":\"http://here/fhir\"}},\"entity\":[{\"what\":{"
        "\"reference\":\"Patient/p\"}}]}";
    if (!str_is(fake.audit, WANT))
        fail_msg(STR_FMT, STR_ARG(fake.audit));
    arena_close(fixture.arena);
}

static void decides_anew_when_somebody_was_faster(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    fake.clashes = 1;
    fake.rival = rival_creates;
    assert_true(write_commit(&fixture.set));
    assert_int_equal(fake.commits, 2);
    assert_int_equal(fake.checks, 1);
    assert_int_equal(fixture.write.result, WRITE_UPDATED);
    assert_int_equal(fixture.write.version, 2);
    arena_close(fixture.arena);
}

static void gives_up_a_hot_spot_with_409(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    fake.clashes = 1000;
    assert_false(write_commit(&fixture.set));
    assert_in_range(fake.commits, 2, 100);
    assert_int_equal(outcome_status(&fixture.issues), 409);
    arena_close(fixture.arena);
}

static void finds_the_record_of_the_faster_conditional_create(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\"}");
    fixture.write.condition = &ONE;
    fake.clashes = 1;
    fake.rival = rival_creates;
    assert_true(write_commit(&fixture.set));
    assert_int_equal(fake.commits, 1);
    assert_int_equal(fixture.write.result, WRITE_MATCHED);
    assert_true(str_is(fixture.write.chosen_id, "p"));
    assert_ptr_equal(fake.guard.plan, &ONE);
    assert_ptr_equal(fake.guard.viewer, &SENDER);
    assert_int_equal(fake.guard.version, 5);
    assert_int_equal(fake.guard.id_count, 0);
    arena_close(fixture.arena);
}

static void refuses_several_matches(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\"}");
    fixture.write.condition = &SEVERAL;
    assert_false(write_commit(&fixture.set));
    assert_int_equal(outcome_status(&fixture.issues), 412);
    assert_int_equal(fake.commits, 0);
    arena_close(fixture.arena);
}

/* The content holds the id that the first try chose; the second must not take it for a sent one. */
/* 201 or 200, a version, 412: each would tell a client what it may not read. */
static void a_change_by_id_needs_sight(void **state)
{
    (void)state;
    static const struct scope BLIND[] = { { { "Patient", 7 }, ACT_CREATE | ACT_UPDATE } };
    struct viewer viewer = SENDER;
    viewer.scopes = BLIND;
    for (int was_there = 0; was_there <= 1; was_there++) {
        struct fixture fixture;
        prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
        fixture.set.viewer = &viewer;
        fake.version = (uint64_t)was_there;
        assert_false(write_commit(&fixture.set));
        assert_int_equal(outcome_status(&fixture.issues), 403);
        assert_true(str_starts(fixture.issues.first->diagnostics, STR("system/Patient.r")));
        assert_int_equal(fake.commits, 0);
        arena_close(fixture.arena);
    }
}

static void forgets_the_id_of_the_first_try(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\"}");
    fixture.write.id = STR("");
    fixture.write.condition = &ONE;
    fake.clashes = 1;
    fake.rival = rival_creates;
    assert_true(write_commit(&fixture.set));
    assert_true(str_is(fixture.write.chosen_id, "p"));
    assert_int_equal(fixture.write.result, WRITE_UPDATED);
    arena_close(fixture.arena);
}

static void holds_if_match_also_after_a_clash(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    fake.version = 3;
    fake.clashes = 1;
    fake.rival = rival_updates;
    fixture.write.if_version = 3;
    assert_false(write_commit(&fixture.set));
    assert_int_equal(outcome_status(&fixture.issues), 412);
    assert_int_equal(fake.commits, 1);
    arena_close(fixture.arena);
}

static void lets_only_the_owner_change_a_copy(void **state)
{
    (void)state;
    static const enum write_act ACTS[] = { WRITE_UPDATE, WRITE_DELETE };
    for (size_t i = 0; i < COUNT(ACTS); i++) {
        struct fixture fixture;
        const char *json = ACTS[i] == WRITE_DELETE ? NULL : "{\"resourceType\":\"Patient\"}";
        prepare(&fixture, ACTS[i], json);
        fake.version = 1;
        fake.owner = "Organization/other";
        assert_false(write_commit(&fixture.set));
        assert_int_equal(outcome_status(&fixture.issues), 403);
        assert_int_equal(fake.commits, 0);
        arena_close(fixture.arena);

        prepare(&fixture, ACTS[i], json);
        fake.version = 1;
        fake.owner = "Organization/sender";
        assert_true(write_commit(&fixture.set));
        assert_true(str_is(fake.last.writes[0].owner, "Organization/sender"));
        assert_true(fake.last.writes[0].if_version == STORE_LIVING_VERSION);
        arena_close(fixture.arena);
    }
}

static void deletes_what_is_there_and_nothing_else(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_DELETE, NULL);
    assert_true(write_commit(&fixture.set));
    assert_int_equal(fixture.write.result, WRITE_ABSENT);
    assert_int_equal(fake.commits, 0);
    arena_close(fixture.arena);
    prepare(&fixture, WRITE_DELETE, NULL);
    fake.version = 2;
    assert_true(write_commit(&fixture.set));
    assert_int_equal(fixture.write.result, WRITE_DELETED);
    assert_int_equal(fake.last.writes[0].method, STORE_DELETE);
    arena_close(fixture.arena);
}

static void stores_nothing_that_breaks_a_rule(void **state)
{
    (void)state;
    struct fixture fixture;
    struct place bundle = PLACE_ROOT("Bundle");
    struct place entry = { &bundle, "entry", NULL, 4, -1 };
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\",\"wrong\":1}");
    fixture.write.at = &entry;
    assert_false(write_commit(&fixture.set));
    assert_int_equal(fake.commits, 0);
    assert_true(str_is(fixture.issues.first->expression, "Bundle.entry[4].resource.gender"));
    arena_close(fixture.arena);
}

static struct str say_version(void *context, const struct write_set *set, struct arena *arena)
{
    (void)context;
    return str_print(arena, "version %llu", (unsigned long long)set->writes[0].version);
}

static void keeps_an_answer_and_replays_it(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\"}");
    fixture.set.extras.idempotency.key = STR("k");
    fixture.set.extras.answer = say_version;
    assert_true(write_commit(&fixture.set));
    assert_false(fixture.set.is_replayed);
    assert_true(str_is(fake.answer.answer, "version 1"));

    fake.has_answer = true;
    fake.commits = 0;
    assert_true(write_commit(&fixture.set));
    assert_true(fixture.set.is_replayed);
    assert_true(str_is(fixture.set.replayed, "version 1"));
    assert_int_equal(fake.commits, 0);

    fixture.set.extras.idempotency.body_sha256[0] = 1;
    assert_false(write_commit(&fixture.set));
    assert_int_equal(outcome_status(&fixture.issues), 422);
    arena_close(fixture.arena);
}

static bool pin(void *context, struct write_set *set)
{
    *(int *)context += 1;
    set->writes[0].is_pinned = true;
    return true;
}

static void asks_settle_on_each_try_and_pins(void **state)
{
    (void)state;
    struct fixture fixture;
    int calls = 0;
    prepare(&fixture, WRITE_UPDATE, "{\"resourceType\":\"Patient\",\"id\":\"p\"}");
    fake.version = 3;
    fake.clashes = 1;
    fake.rival = rival_updates;
    fixture.set.extras.settle = pin;
    fixture.set.extras.context = &calls;
    assert_true(write_commit(&fixture.set));
    assert_int_equal(calls, 2);
    assert_int_equal(fake.last.writes[0].if_version, 4);
    arena_close(fixture.arena);
}

static void says_when_the_store_fails(void **state)
{
    (void)state;
    struct fixture fixture;
    prepare(&fixture, WRITE_CREATE, "{\"resourceType\":\"Patient\"}");
    fake.failure = OUTCOME_BUSY;
    assert_false(write_commit(&fixture.set));
    assert_int_equal(outcome_status(&fixture.issues), 503);
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(puts_identity_first_and_takes_versions_out),
        cmocka_unit_test(refuses_what_is_too_large_or_has_no_meta),
        cmocka_unit_test(creates_what_must_be_new),
        cmocka_unit_test(an_update_that_creates_needs_both_scopes),
        cmocka_unit_test(tells_the_audit_who_did_what),
        cmocka_unit_test(decides_anew_when_somebody_was_faster),
        cmocka_unit_test(gives_up_a_hot_spot_with_409),
        cmocka_unit_test(finds_the_record_of_the_faster_conditional_create),
        cmocka_unit_test(refuses_several_matches),
        cmocka_unit_test(a_change_by_id_needs_sight),
        cmocka_unit_test(forgets_the_id_of_the_first_try),
        cmocka_unit_test(holds_if_match_also_after_a_clash),
        cmocka_unit_test(lets_only_the_owner_change_a_copy),
        cmocka_unit_test(deletes_what_is_there_and_nothing_else),
        cmocka_unit_test(stores_nothing_that_breaks_a_rule),
        cmocka_unit_test(keeps_an_answer_and_replays_it),
        cmocka_unit_test(asks_settle_on_each_try_and_pins),
        cmocka_unit_test(says_when_the_store_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
