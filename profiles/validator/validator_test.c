/* validator_test.c - the cases in profiles/validator/cases, and the guide's examples: exact issues.
 */
#include "profiles/validator/validator.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

#define CASES "profiles/validator/cases/"
#define BASE "build/definitions.db"
#define GUIDE "build/guide.db"
#define EXAMPLES "build/guide/package/example/"
#define INVALID "build/guide/invalid/"

struct world {
    struct arena *arena;
    struct definitions *definitions;
    struct terminology *terminology;
    struct validator *validator;
};

/* R4 and what a second database adds. */
static void open_world(struct world *world, const char *more)
{
    const char *const paths[] = { BASE, more };
    *world = (struct world){ .arena = arena_open() };
    struct issues issues;
    issues_init(&issues, world->arena, STR(""));
    world->definitions = definitions_open(paths, COUNT(paths), &issues);
    assert_non_null(world->definitions);
    world->terminology = terminology_open(world->definitions);
    world->validator = validator_open(world->definitions, world->terminology);
}

static void open_cases(struct world *world)
{
    static const char *const INPUTS[] = { CASES "profiles.json" };
    char path[] = "/tmp/tandem-validator-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    struct definitions_source source = { .inputs = INPUTS,
                                         .input_count = COUNT(INPUTS),
                                         .package = "test#1" };
    assert_true(definitions_compile(path, &source, &issues));
    assert_int_equal(issues.count, 0);
    open_world(world, path);
    unlink(path);
}

static void skip_without(const char *path)
{
    if (access(path, R_OK) == 0)
        return;
    print_message("skipped: %s is not built\n", path);
    skip();
}

static void close_world(struct world *world)
{
    validator_close(world->validator);
    terminology_close(world->terminology);
    definitions_close(world->definitions);
    arena_close(world->arena);
}

static enum validation level_of(const cJSON *row)
{
    struct str level = json_get_text(row, "level");
    if (str_is(level, "off"))
        return VALIDATION_OFF;
    return str_is(level, "base") ? VALIDATION_BASE : VALIDATION_FULL;
}

/* "policy": the names of what is wanted. */
static unsigned policy_of(const cJSON *row)
{
    static const struct {
        const char *name;
        unsigned policy;
    } POLICIES[] = {
        { "claims may be unknown", VALIDATION_CLAIMS_MAY_BE_UNKNOWN },
        { "definitions are here", VALIDATION_DEFINITIONS_ARE_HERE },
        { "no examples", VALIDATION_NO_EXAMPLES },
        { "targets are here", VALIDATION_TARGETS_ARE_HERE },
        { "targets may be away", VALIDATION_TARGETS_MAY_BE_AWAY },
        { "vital signs", VALIDATION_VITAL_SIGNS },
        { "canonicals are absolute", VALIDATION_CANONICALS_ARE_ABSOLUTE },
    };
    unsigned policy = 0;
    struct str name = json_get_text(row, "policy");
    for (size_t i = 0; i < COUNT(POLICIES); i++)
        policy |= str_is(name, POLICIES[i].name) ? POLICIES[i].policy : 0;
    assert_true(!name.len == !policy);
    return policy;
}

/* dom-6 asks every resource for a narrative; the cases are spared that. */
static bool is_said(const struct issue *issue)
{
    return !str_starts(issue->diagnostics, STR("dom-6"));
}

static struct str print_found(struct arena *arena, const struct issues *issues)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        if (is_said(issue))
            buf_print(&out, "%s " STR_FMT " " STR_FMT "\n", issue_severity_code(issue->severity),
                      STR_ARG(issue->key), STR_ARG(issue->expression));
    return buf_str(&out);
}

static struct str print_wanted(struct arena *arena, const cJSON *row)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (const cJSON *item = json_get(row, "issues")->child; item; item = item->next)
        buf_print(&out, STR_FMT "\n", STR_ARG(json_text(item)));
    return buf_str(&out);
}

/* True when the row's resource has just the row's issues. */
static bool run_row(struct world *world, struct str line)
{
    struct arena *arena = arena_open(), *scratch = arena_open();
    struct issues issues;
    issues_init(&issues, arena, line);
    const cJSON *row = json_parse(line, arena, &issues);
    assert_non_null(row);
    struct str profiles[4];
    size_t count = 0;
    const cJSON *list = json_get(row, "profile");
    for (const cJSON *item = list ? list->child : NULL; item && count < COUNT(profiles);
         item = item->next)
        profiles[count++] = json_text(item);
    struct validation_request request = { .level = level_of(row),
                                          .policy = policy_of(row),
                                          .profiles = profiles,
                                          .profile_count = count,
                                          .now = STR("2026-01-01T00:00:00Z"),
                                          .scratch = scratch };
    bool is_valid = validator_check(world->validator, json_get(row, "resource"), &request, &issues);
    struct str found = print_found(arena, &issues), wanted = print_wanted(arena, row);
    bool is_right = str_equal(found, wanted) && is_valid == (issues.errors == 0);
    if (!is_right) {
        print_error("%s\n  wanted:\n%s  found:\n%s", json_get_text(row, "claim").data, wanted.data,
                    found.data);
        for (const struct issue *issue = issues.first; issue; issue = issue->next)
            if (is_said(issue))
                print_error("    " STR_FMT ": " STR_FMT "\n", STR_ARG(issue->key),
                            STR_ARG(issue->diagnostics));
    }
    arena_close(scratch);
    arena_close(arena);
    return is_right;
}

static struct str read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return STR("");
    struct buf buf;
    char block[4096];
    buf_init(&buf, arena, 1 << 24);
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&buf, (struct str){ block, count });
    fclose(file);
    return buf_str(&buf);
}

static void run_file(const char *path)
{
    skip_without(BASE);
    struct world world;
    open_cases(&world);
    struct str rest = read_file(path, world.arena);
    size_t wrong = 0, rows = 0;
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        rows += line.len > 0;
        wrong += line.len > 0 && !run_row(&world, line);
    }
    close_world(&world);
    assert_true(rows > 0);
    assert_int_equal(wrong, 0);
}

static void holds_structure(void **state)
{
    (void)state;
    run_file(CASES "structure.jsonl");
}

static void holds_values(void **state)
{
    (void)state;
    run_file(CASES "values.jsonl");
}

static void holds_codes(void **state)
{
    (void)state;
    run_file(CASES "codes.jsonl");
}

static void holds_profiles(void **state)
{
    (void)state;
    run_file(CASES "profiles.jsonl");
}

static void holds_slices(void **state)
{
    (void)state;
    run_file(CASES "slices.jsonl");
}

static void holds_extensions(void **state)
{
    (void)state;
    run_file(CASES "extensions.jsonl");
}

static void holds_references(void **state)
{
    (void)state;
    run_file(CASES "references.jsonl");
}

static void holds_bundles(void **state)
{
    (void)state;
    run_file(CASES "bundles.jsonl");
}

static void holds_questionnaires(void **state)
{
    (void)state;
    run_file(CASES "questionnaires.jsonl");
}

static void holds_behaviour(void **state)
{
    (void)state;
    run_file(CASES "behaviour.jsonl");
}

static void holds_policies(void **state)
{
    (void)state;
    run_file(CASES "policies.jsonl");
}

/* Holds a file of the guide against R4 and the profiles that it claims. */
static void check_guide_file(struct world *world, struct str path, struct arena *arena,
                             struct issues *issues)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct str text = read_file(path.data, arena);
    issues_init(issues, arena, text);
    const cJSON *resource = json_parse(text, arena, issues);
    assert_non_null(resource);
    struct validation_request request = { .level = VALIDATION_FULL,
                                          .now = STR("2026-01-01T00:00:00Z"),
                                          .scratch = scratch };
    validator_check(world->validator, resource, &request, issues);
}

static void accepts_the_examples_of_the_guide(void **state)
{
    (void)state;
    skip_without(GUIDE);
    struct world world;
    open_world(&world, GUIDE);
    DIR *folder = opendir(EXAMPLES);
    assert_non_null(folder);
    size_t files = 0, wrong = 0;
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || !str_ends(str_of(entry->d_name), STR(".json")))
            continue;
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        check_guide_file(&world, str_print(arena, EXAMPLES "%s", entry->d_name), arena, &issues);
        files++;
        wrong += issues.errors > 0;
        if (issues.errors)
            print_error("%s:\n%s", entry->d_name, print_found(arena, &issues).data);
    }
    closedir(folder);
    close_world(&world);
    assert_true(files > 30);
    assert_int_equal(wrong, 0);
}

static bool is_expected(const struct issue *issue, const cJSON *row)
{
    return str_equal(issue->key, json_get_text(row, "key")) &&
           str_equal(issue->expression, json_get_text(row, "expression")) &&
           str_equal(issue->profile, json_get_text(row, "profile"));
}

/* The expected issue is there, and no other error. */
static bool has_just(const struct issues *issues, const cJSON *row)
{
    bool is_warning = str_is(json_get_text(row, "severity"), "warning");
    size_t expected = 0;
    for (const struct issue *issue = issues->first; issue; issue = issue->next)
        expected += is_expected(issue, row) && (issue->severity == SEVERITY_WARNING) == is_warning;
    return expected == 1 && issues->errors == (is_warning ? 0 : 1);
}

static void gives_each_invalid_example_its_issue(void **state)
{
    (void)state;
    skip_without(GUIDE);
    struct world world;
    open_world(&world, GUIDE);
    struct str rest = read_file(INVALID "expected.jsonl", world.arena);
    size_t files = 0, wrong = 0;
    while (rest.len) {
        struct str line = str_cut(&rest, '\n');
        if (line.len == 0)
            continue;
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, line);
        const cJSON *row = json_parse(line, arena, &issues);
        assert_non_null(row);
        struct str name = json_get_text(row, "file");
        check_guide_file(&world, str_print(arena, INVALID STR_FMT, STR_ARG(name)), arena, &issues);
        bool is_right = has_just(&issues, row);
        files++;
        wrong += !is_right;
        if (!is_right)
            print_error("%s wants %s at %s of %s:\n%s", name.data, json_get_text(row, "key").data,
                        json_get_text(row, "expression").data, json_get_text(row, "profile").data,
                        print_found(arena, &issues).data);
    }
    close_world(&world);
    assert_true(files > 100);
    assert_int_equal(wrong, 0);
}

/* Threads that need the same profiles first at the same time get the same verdicts. */
static void *check_again(void *context)
{
    struct world *world = context;
    size_t *errors = calloc(1, sizeof *errors);
    for (int i = 0; i < 20; i++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        check_guide_file(world, STR(INVALID "plan-without-author.json"), arena, &issues);
        *errors += issues.errors;
    }
    return errors;
}

static void is_shared_by_threads(void **state)
{
    (void)state;
    skip_without(GUIDE);
    struct world world;
    open_world(&world, GUIDE);
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, check_again, &world), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *errors;
        pthread_join(threads[i], &errors);
        assert_int_equal(*(size_t *)errors, 20);
        free(errors);
    }
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_structure),
        cmocka_unit_test(holds_values),
        cmocka_unit_test(holds_codes),
        cmocka_unit_test(holds_profiles),
        cmocka_unit_test(holds_slices),
        cmocka_unit_test(holds_extensions),
        cmocka_unit_test(holds_references),
        cmocka_unit_test(holds_bundles),
        cmocka_unit_test(holds_behaviour),
        cmocka_unit_test(holds_policies),
        cmocka_unit_test(holds_questionnaires),

        cmocka_unit_test(accepts_the_examples_of_the_guide),
        cmocka_unit_test(gives_each_invalid_example_its_issue),
        cmocka_unit_test(is_shared_by_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
