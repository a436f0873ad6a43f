/* fhirpath.c - `tandem fhirpath`: an expression over a resource, one result a line. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE = 256 << 20 };

static int print_usage(FILE *to, int code)
{
    fputs("usage: tandem fhirpath [--types] [--null] EXPRESSION FILE.json\n"
          "       tandem fhirpath --functions\n"
          "Evaluates a FHIRPath expression over a resource and prints one result a line; with\n"
          "--types its type and a tab go before each, with --null a NUL byte behind each instead\n"
          "of the line's end. An element that is no primitive is printed as JSON. --functions\n"
          "lists the functions that there are.\n",
          to);
    return code;
}

static int print_functions(void)
{
    const char *name;
    for (size_t i = 0; (name = fhirpath_functions_name(i)); i++)
        puts(name);
    return CLI_DONE;
}

static void close_definitions(struct definitions **definitions)
{
    if (*definitions)
        definitions_close(*definitions);
}

static struct definitions *open_definitions(struct arena *arena, struct issues *issues)
{
    static const char *const NAMES[] = { "definitions.db", "guide.db" };
    const char *paths[COUNT(NAMES)];
    size_t count = 0;
    for (size_t i = 0; i < COUNT(NAMES); i++) {
        const char *path = cli_find_file(NAMES[i], arena);
        if (path)
            paths[count++] = path;
    }
    if (count > 0)
        return definitions_open(paths, count, issues);
    issue_add(issues, NULL, ISSUE_DEFINITION_INVALID, "definitions.db is not beside the program");
    return NULL;
}

static struct str print_now(struct arena *arena)
{
    char text[32];
    time_t now = time(NULL);
    struct tm parts;
    size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
    return str_copy(arena, (struct str){ text, length });
}

struct printing {
    bool with_types;
    char end;
};

static void print_items(const struct fhirpath_items *items, const struct printing *how,
                        struct arena *arena)
{
    for (size_t i = 0; i < items->count; i++) {
        struct str text = fhirpath_print(&items->items[i], arena);
        struct str type = fhirpath_print_type(&items->items[i], arena);
        if (how->with_types)
            printf(STR_FMT "\t", STR_ARG(type));
        fwrite(text.data, 1, text.len, stdout);
        putchar(how->end);
    }
}

static bool evaluate(const char *text, const char *path, const struct printing *how,
                     struct issues *issues)
{
    struct arena *arena = issues->arena;
    struct definitions *definitions __attribute__((cleanup(close_definitions))) =
        open_definitions(arena, issues);
    if (!definitions || !cli_read_file(&issues->source, path, MOST_FILE, arena, issues))
        return false;
    const cJSON *resource = json_parse(issues->source, arena, issues);
    struct node root;
    if (!resource)
        return false;
    if (!node_root(&root, resource, definitions))
        return issue_add(issues, NULL, ISSUE_RESOURCE_TYPE_UNKNOWN, "%s", path);
    const struct fhirpath *expression = fhirpath_parse(str_of(text), arena, issues);
    struct fhirpath_context context = {
        .arena = arena, .definitions = definitions, .issues = issues, .now = print_now(arena)
    };
    struct fhirpath_items items;
    if (!expression || !fhirpath_evaluate(&items, expression, &root, &context))
        return false;
    print_items(&items, how, arena);
    return true;
}

int fhirpath_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "types", no_argument, NULL, 't' },
        { "null", no_argument, NULL, '0' },
        { "functions", no_argument, NULL, 'f' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    struct printing how = { .end = '\n' };
    for (int option; (option = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1;) {
        if (option == 't')
            how.with_types = true;
        else if (option == '0')
            how.end = '\0';
        else if (option == 'f')
            return print_functions();
        else
            return option == 'h' ? print_usage(stdout, CLI_DONE) : print_usage(stderr, CLI_MISUSED);
    }
    if (argc - optind != 2)
        return print_usage(stderr, CLI_MISUSED);
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_done = evaluate(argv[optind], argv[optind + 1], &how, &issues);
    cli_print_issues(argv[optind + 1], &issues);
    return is_done ? CLI_DONE : CLI_FAILED;
}
