/* snapshot.c - `tandem snapshot`: StructureDefinitions with their snapshots made anew. */
#include "profiles/snapshot/snapshot.h"

#include <getopt.h>
#include <stdio.h>

#include "profiles/snapshot/library.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/cli/library.h"

enum { MOST_FILE_BYTES = 64 << 20 };

static int print_usage(FILE *to, int code)
{
    fputs(
        "usage: tandem snapshot [--package PATH]... [--supporting FILE]... [--any-order] FILE...\n"
        "Makes each StructureDefinition's snapshot from its differential and prints it as JSON.\n"
        "  --package PATH     a FHIR package (.tgz) or a folder with profiles that it needs\n"
        "  --supporting FILE  one more StructureDefinition that it needs\n"
        "  --any-order        elements of the differential may stand in any order\n",
        to);
    return code;
}

/* What one run works with. */
struct snapshot_run {
    struct arena *arena;
    struct snapshot_library_set *library;
    struct definitions *definitions;
    bool is_any_order;
};

static bool print(const cJSON *profile, struct arena *arena)
{
    struct buf out;
    buf_init(&out, arena, MOST_FILE_BYTES);
    json_print_pretty(&out, profile);
    puts(buf_str(&out).data);
    return !out.is_over;
}

static bool run_file(const struct snapshot_run *run, const char *file)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct str text;
    struct snapshot_library library = snapshot_library_of(run->library);
    struct snapshot_request request = { run->definitions, &library, run->is_any_order };
    issues_init(&issues, arena, (struct str){ 0 });
    cJSON *profile = cli_read_file(&text, file, MOST_FILE_BYTES, arena, &issues)
                         ? json_parse(text, arena, &issues)
                         : NULL;
    bool is_made = profile && snapshot_make(profile, &request, arena, &issues);
    cli_print_issues(file, &issues);
    return is_made && print(profile, arena);
}

static int run_files(struct snapshot_run *run, char *const *files, int count)
{
    int code = CLI_DONE;
    struct issues issues;
    issues_init(&issues, run->arena, (struct str){ 0 });
    run->definitions = cli_library_definitions(run->arena, &issues);
    cli_print_issues("definitions.db", &issues);
    if (!run->definitions)
        return CLI_FAILED;
    for (int i = 0; i < count; i++)
        if (!run_file(run, files[i]))
            code = CLI_FAILED;
    definitions_close(run->definitions);
    return code;
}

int snapshot_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "package", required_argument, NULL, 'p' },
        { "supporting", required_argument, NULL, 's' },
        { "any-order", no_argument, NULL, 'a' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct snapshot_run run = { .arena = arena, .library = snapshot_library_open(arena) };
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'a')
            run.is_any_order = true;
        else if (option == 'h')
            return print_usage(stdout, CLI_DONE);
        else if (option != 'p' && option != 's')
            return print_usage(stderr, CLI_MISUSED);
        else if (!cli_library_read(run.library, optarg, option == 's'))
            return CLI_FAILED;
    }
    if (optind >= argc)
        return print_usage(stderr, CLI_MISUSED);
    return run_files(&run, argv + optind, argc - optind);
}
