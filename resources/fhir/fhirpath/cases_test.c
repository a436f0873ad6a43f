/* cases_test.c - runs cases/: an expression, the resource it is evaluated over, what must come out.
 */
#include "resources/base/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/terminology/terminology.h"

#define CASES "resources/fhir/fhirpath/cases/"
#define DEFINITIONS "build/definitions.db"

enum { MOST_CASE_FILE = 1 << 20, MOST_FILES = 64 };

static struct definitions *definitions;
static struct terminology *terminology;

/* A case file: `input: NAME` names the resource for what follows, `> ` begins a case, `>> ` a
 * strict one, `= TYPE VALUE` is one result,
 * `! KEY: DIAGNOSTICS` the issue that is wanted instead; # comments. */
struct case_run {
    struct arena *arena;
    const char *file;
    int line;
    struct str expression, wanted;
    bool is_strict;
    const struct node *input;
    size_t count;
};

static struct str read_file(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s can not be read", path);
    struct buf text;
    buf_init(&text, arena, MOST_CASE_FILE);
    char block[4096];
    size_t count;
    while ((count = fread(block, 1, sizeof block, file)) > 0)
        buf_add(&text, (struct str){ block, count });
    fclose(file);
    return buf_str(&text);
}

static const struct node *read_input(const char *name, struct arena *arena)
{
    struct issues issues;
    struct str text = read_file(str_print(arena, CASES "%s", name).data, arena);
    issues_init(&issues, arena, text);
    struct node *root = arena_alloc(arena, sizeof *root);
    const cJSON *resource = json_parse(text, arena, &issues);
    if (!resource || !node_root(root, resource, definitions))
        fail_msg("%s is no resource", name);
    return root;
}

/* The other resource that resolve() finds, besides the types it can tell from a reference. */
static const struct node *resolve(void *context, struct str reference, const struct node *from,
                                  struct arena *arena)
{
    (void)context;
    (void)from;
    return str_is(reference, "Organization/known") ? read_input("organization.json", arena) : NULL;
}

static int conforms(void *context, const struct node *node, struct str canonical)
{
    (void)context;
    (void)node;
    return str_is(canonical, "http://example.org/yes")  ? 1
           : str_is(canonical, "http://example.org/no") ? 0
                                                        : -1;
}

/* Every second of a list is in the slice `odd`. */
static int slices(void *context, const struct node *node, struct str structure, struct str name)
{
    (void)context;
    bool is_known = str_is(structure, "http://example.org/yes") && str_is(name, "odd");
    return is_known ? node->place.index % 2 == 0 : -1;
}

static struct str evaluate(struct case_run *run)
{
    static const struct fhirpath_resolver RESOLVER = { .resolve = resolve,
                                                       .conforms = conforms,
                                                       .slices = slices };
    struct buf got;
    struct issues issues;
    issues_init(&issues, run->arena, (struct str){ "", 0 });
    buf_init(&got, run->arena, MOST_CASE_FILE);
    const struct fhirpath *expression = fhirpath_parse(run->expression, run->arena, &issues);
    struct fhirpath_context context = { .arena = run->arena,
                                        .definitions = definitions,
                                        .terminology = terminology,
                                        .resolver = &RESOLVER,
                                        .issues = &issues,
                                        .now = STR("2024-05-06T07:08:09.123Z") };
    struct fhirpath_items items = { NULL, 0 };
    bool is_checked = expression && (!run->is_strict ||
                                     fhirpath_check(expression, run->input, definitions, &issues));
    if (is_checked)
        fhirpath_evaluate(&items, expression, run->input, &context);
    for (size_t i = 0; i < items.count; i++) {
        struct str type = fhirpath_print_type(&items.items[i], run->arena);
        struct str text = fhirpath_print(&items.items[i], run->arena);
        buf_print(&got, "= " STR_FMT " " STR_FMT "\n", STR_ARG(type), STR_ARG(text));
    }
    for (const struct issue *issue = issues.first; issue; issue = issue->next)
        buf_print(&got, "! " STR_FMT ": " STR_FMT "\n", STR_ARG(issue->key),
                  STR_ARG(issue->diagnostics));
    return buf_str(&got);
}

static void finish_case(struct case_run *run)
{
    if (run->expression.len == 0)
        return;
    struct str got = evaluate(run);
    run->count++;
    if (!str_equal(got, run->wanted))
        fail_msg("%s:%d: " STR_FMT "\nwanted:\n" STR_FMT "got:\n" STR_FMT, run->file, run->line,
                 STR_ARG(run->expression), STR_ARG(run->wanted), STR_ARG(got));
    run->expression.len = 0;
}

static void run_file(const char *file, struct arena *arena, size_t *count)
{
    struct str rest = read_file(str_print(arena, CASES "%s", file).data, arena);
    struct case_run run = { .arena = arena, .file = file };
    for (int number = 1; rest.data && rest.len; number++) {
        struct str line = str_cut(&rest, '\n');
        if (str_starts(line, STR("input: "))) {
            finish_case(&run);
            run.input = read_input(str_cstr(arena, str_slice(line, 7, line.len)), arena);
        } else if (str_starts(line, STR("> ")) || str_starts(line, STR(">> "))) {
            finish_case(&run);
            run.line = number;
            run.is_strict = str_starts(line, STR(">> "));
            run.expression = str_slice(line, run.is_strict ? 3 : 2, line.len);
            run.wanted = (struct str){ "", 0 };
        } else if (str_starts(line, STR("= ")) || str_starts(line, STR("! "))) {
            run.wanted = str_print(arena, STR_FMT STR_FMT "\n", STR_ARG(run.wanted), STR_ARG(line));
        } else if (line.len > 0 && line.data[0] != '#') {
            fail_msg("%s:%d is not understood", file, number);
        }
    }
    finish_case(&run);
    *count += run.count;
}

static int compare_names(const void *a, const void *b)
{
    return str_compare(str_of(*(const char *const *)a), str_of(*(const char *const *)b));
}

static void every_case_gives_what_it_says(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    DIR *folder = opendir(CASES);
    assert_non_null(folder);
    const char *names[MOST_FILES];
    size_t files = 0, count = 0;
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (str_ends(str_of(entry->d_name), STR(".txt")) && files < MOST_FILES)
            names[files++] = str_copy(arena, str_of(entry->d_name)).data;
    closedir(folder);
    qsort(names, files, sizeof *names, compare_names);
    for (size_t i = 0; i < files; i++)
        run_file(names[i], arena, &count);
    print_message("%zu cases in %zu files\n", count, files);
    assert_true(count > 100);
}

static int open_definitions(void **state)
{
    (void)state;
    static const char *const PATHS[] = { DEFINITIONS };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    definitions = definitions_open(PATHS, 1, &issues);
    terminology = definitions ? terminology_open(definitions) : NULL;
    return terminology ? 0 : -1;
}

static int close_definitions(void **state)
{
    (void)state;
    terminology_close(terminology);
    definitions_close(definitions);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_case_gives_what_it_says) };
    return cmocka_run_group_tests(tests, open_definitions, close_definitions);
}
