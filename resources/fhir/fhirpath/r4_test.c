/* r4_test.c - every expression that R4 and the guide bring compiles, and runs over the official
 * examples. */
#include "resources/base/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/map.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"

#define DEFINITIONS "build/definitions.db"
#define GUIDE "build/guide.db"

enum {
    MOST_EXAMPLE = 64 << 20,
    LEAST_PARAMETERS = 1300,
    LEAST_CONSTRAINTS = 200,
    LEAST_EXAMPLES = 300
};

static struct definitions *definitions;
static struct arena *kept;
static struct map compiled; /* by the text of the expression */
static struct map visited;  /* types by name and profiles by canonical */
static size_t parameters, constraints, unknown_names;

/* Compiles once; a fault fails the test. */
static const struct fhirpath *compile(struct str text)
{
    struct fhirpath *known = map_find(&compiled, text);
    if (known)
        return known;
    struct issues issues;
    issues_init(&issues, kept, (struct str){ "", 0 });
    known = fhirpath_parse(text, kept, &issues);
    if (!known)
        fail_msg(STR_FMT ": " STR_FMT, STR_ARG(text), STR_ARG(issues.first->diagnostics));
    map_set(&compiled, text, known);
    return known;
}

/* R4's own expressions name what R4 has, but for one: strict checking has to find that alone. */
static bool fits(const struct fhirpath *expression, const struct element *element,
                 const struct structure *structure)
{
    const struct node focus = { .element = element, .structure = structure };
    struct issues issues;
    issues_init(&issues, kept, (struct str){ "", 0 });
    return fhirpath_check(expression, &focus, definitions, &issues);
}

/* Of a choice it is enough when one type has what is named. */
static void check_constraint(const struct element *element, struct str text)
{
    const struct fhirpath *expression = compile(text);
    bool has_fit = element->type_count == 0 && fits(expression, element, element->structure);
    for (size_t t = 0; t < element->type_count && !has_fit; t++) {
        const struct structure *type = definitions_type(definitions, element->types[t].code);
        has_fit = !type || fits(expression, element, type);
    }
    unknown_names += !has_fit;
    if (!has_fit)
        print_message(STR_FMT ": " STR_FMT "\n", STR_ARG(element->path), STR_ARG(text));
}

static void compile_structure(const struct structure *structure)
{
    static char seen;
    if (!structure || map_set(&visited, structure->url, &seen))
        return;
    for (size_t e = 0; e < structure->element_count; e++) {
        const struct element *element = &structure->elements[e];
        for (size_t c = 0; c < element->constraint_count; c++)
            if (element->constraints[c].expression.len) {
                check_constraint(element, element->constraints[c].expression);
                constraints++;
            }
        for (size_t t = 0; t < element->type_count; t++)
            compile_structure(definitions_type(definitions, element->types[t].code));
    }
    for (size_t i = 0; i < structure->context_invariant_count; i++)
        compile(structure->context_invariants[i]);
}

static void compile_parameters(struct str type)
{
    size_t count;
    const struct search_parameter *const *all =
        definitions_search_parameters(definitions, type, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i]->expression.len)
            compile(all[i]->expression);
        parameters++;
        for (size_t c = 0; c < all[i]->component_count; c++)
            compile(all[i]->components[c].expression);
    }
}

static void every_expression_compiles(void **state)
{
    (void)state;
    size_t types, profiles;
    const struct str *names = definitions_resource_types(definitions, &types);
    for (size_t i = 0; i < types; i++) {
        compile_parameters(names[i]);
        compile_structure(definitions_type(definitions, names[i]));
        const struct str *canonicals = definitions_profiles(definitions, names[i], &profiles);
        for (size_t p = 0; p < profiles; p++)
            compile_structure(definitions_structure(definitions, canonicals[p]));
    }
    print_message("%zu search parameters, %zu constraints, %zu expressions\n", parameters,
                  constraints, compiled.count);
    assert_true(parameters >= LEAST_PARAMETERS);
    assert_true(constraints >= LEAST_CONSTRAINTS);
    /* cnl-0 of ChargeItemDefinition, which has no name. */
    assert_int_equal(unknown_names, 1);
}

/* What came of running one example. */
struct tally {
    const char *file;
    struct arena *arena;
    size_t examples, runs, found, failed;
};

static void check_issues(const struct tally *tally, const struct issues *issues,
                         struct str expression)
{
    if (issues->count)
        fail_msg("%s: " STR_FMT ": " STR_FMT ": " STR_FMT " at " STR_FMT, tally->file,
                 STR_ARG(expression), STR_ARG(issues->first->key),
                 STR_ARG(issues->first->diagnostics), STR_ARG(issues->first->expression));
}

static void run_expression(struct tally *tally, struct str text, const struct node *focus,
                           bool is_constraint)
{
    if (text.len == 0)
        return;
    struct arena_mark mark = arena_mark(tally->arena);
    struct issues issues;
    issues_init(&issues, tally->arena, (struct str){ "", 0 });
    struct fhirpath_context context = { .arena = tally->arena,
                                        .definitions = definitions,
                                        .issues = &issues,
                                        .now = STR("2024-05-06T07:08:09.123Z") };
    struct fhirpath_items items = { NULL, 0 };
    const struct fhirpath *expression = compile(text);
    if (is_constraint)
        tally->failed += fhirpath_test(expression, focus, &context) == 0;
    else
        fhirpath_evaluate(&items, expression, focus, &context);
    tally->runs++;
    tally->found += items.count;
    check_issues(tally, &issues, text);
    arena_reset(tally->arena, mark);
}

static void run_constraints(struct tally *tally, const struct element *element,
                            const struct node *focus)
{
    for (size_t c = 0; element && c < element->constraint_count; c++)
        run_expression(tally, element->constraints[c].expression, focus, true);
}

/* Depth is bounded by the JSON reader. */
static void run_node(struct tally *tally, const struct node *node)
{
    struct node_walk walk;
    struct node child;
    run_constraints(tally, node->element, node);
    if (node->structure && (!node->element || node->structure->root != node->element))
        run_constraints(tally, node->structure->root, node);
    node_walk_init(&walk, node, NULL, definitions);
    while (node_walk_next(&walk, &child))
        run_node(tally, &child);
}

static struct str read_example(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    struct buf text;
    buf_init(&text, arena, MOST_EXAMPLE);
    char block[65536];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, (struct str){ block, count });
    fclose(file);
    return buf_str(&text);
}

static void run_example(struct tally *tally, const char *path)
{
    struct issues issues;
    issues_init(&issues, tally->arena, (struct str){ "", 0 });
    const cJSON *resource = json_parse(read_example(path, tally->arena), tally->arena, &issues);
    struct node root;
    if (!resource || !node_root(&root, resource, definitions))
        return;
    tally->examples++;
    size_t count;
    const struct search_parameter *const *all =
        definitions_search_parameters(definitions, node_type(&root), &count);
    for (size_t i = 0; i < count; i++)
        run_expression(tally, all[i]->expression, &root, false);
    run_node(tally, &root);
}

static void every_expression_runs_over_the_examples(void **state)
{
    (void)state;
    const char *suites = getenv("TANDEM_SUITES");
    char folder_path[4096];
    snprintf(folder_path, sizeof folder_path, "%s/r4-examples",
             suites ? suites : "../shared/suites");
    DIR *folder = opendir(folder_path);
    if (!folder) {
        print_message("%s is absent\n", folder_path);
        skip();
    }
    struct tally tally = { .examples = 0 };
    for (const struct dirent *entry; (entry = readdir(folder));) {
        if (!str_ends(str_of(entry->d_name), STR(".json")))
            continue;
        CLOSING_ARENA struct arena *arena = arena_open();
        tally.arena = arena;
        tally.file = entry->d_name;
        run_example(&tally, str_print(arena, "%s/%s", folder_path, entry->d_name).data);
    }
    closedir(folder);
    print_message("%zu examples, %zu runs, %zu values for search, %zu constraints not met\n",
                  tally.examples, tally.runs, tally.found, tally.failed);
    assert_true(tally.examples >= LEAST_EXAMPLES);
    assert_true(tally.found > tally.examples);
}

static int open_definitions(void **state)
{
    (void)state;
    const char *const paths[] = { DEFINITIONS, GUIDE };
    kept = arena_open();
    map_init(&compiled, kept);
    map_init(&visited, kept);
    struct issues issues;
    issues_init(&issues, kept, (struct str){ "", 0 });
    definitions = definitions_open(paths, access(GUIDE, R_OK) == 0 ? 2 : 1, &issues);
    return definitions ? 0 : -1;
}

static int close_definitions(void **state)
{
    (void)state;
    definitions_close(definitions);
    arena_close(kept);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_expression_compiles),
        cmocka_unit_test(every_expression_runs_over_the_examples),
    };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
