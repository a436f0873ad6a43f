/* validator_test.c - the cases in profiles/validator/cases: exact issues, in order. */
#include "profiles/validator/validator.h"

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

struct world {
    struct arena *arena;
    struct definitions *definitions;
    struct terminology *terminology;
    struct validator *validator;
};

static bool open_world(struct world *world)
{
    static const char *const INPUTS[] = { CASES "profiles.json" };
    char path[] = "/tmp/tandem-validator-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    world->arena = arena_open();
    struct issues issues;
    issues_init(&issues, world->arena, STR(""));
    struct definitions_source source = { INPUTS, COUNT(INPUTS), NULL, "test#1" };
    bool is_compiled = definitions_compile(path, &source, &issues);
    const char *const paths[] = { BASE, path };
    world->definitions = is_compiled ? definitions_open(paths, 2, &issues) : NULL;
    for (const struct issue *issue = issues.first; issue; issue = issue->next)
        print_error("%s: %s\n", issue->key.data, issue->diagnostics.data);
    unlink(path);
    if (!world->definitions)
        return false;
    world->terminology = terminology_open(world->definitions);
    world->validator = validator_open(world->definitions, world->terminology);
    return true;
}

static void close_world(struct world *world)
{
    if (world->definitions) {
        validator_close(world->validator);
        terminology_close(world->terminology);
        definitions_close(world->definitions);
    }
    arena_close(world->arena);
}

static enum validation level_of(const cJSON *row)
{
    struct str level = json_get_text(row, "level");
    if (str_is(level, "off"))
        return VALIDATION_OFF;
    return str_is(level, "base") ? VALIDATION_BASE : VALIDATION_FULL;
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
    if (access(BASE, R_OK) != 0) {
        print_message("skipped: %s is not built\n", BASE);
        skip();
    }
    struct world world = { 0 };
    assert_true(open_world(&world));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_structure),  cmocka_unit_test(holds_values),
        cmocka_unit_test(holds_profiles),   cmocka_unit_test(holds_slices),
        cmocka_unit_test(holds_extensions), cmocka_unit_test(holds_references),
        cmocka_unit_test(holds_bundles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
