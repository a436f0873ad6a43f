/* package.c - `tandem package build`: conformance resources compiled into a definitions database.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "profiles/snapshot/library.h"
#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/cli/library.h"

static int print_usage(FILE *to, int code)
{
    fputs(
        "usage: tandem package build --output FILE.db [--corrections FILE]\n"
        "                            [--package NAME#VERSION] INPUT...\n"
        "Compiles conformance resources for the server. An INPUT is a JSON file (a resource or a\n"
        "Bundle), a folder of them, or a FHIR package (.tgz). A profile without a snapshot gets "
        "one.\n",
        to);
    return code;
}

/* Makes snapshots for profiles that come without one; opens what it needs when the first of them
 * comes. */
struct preparing {
    struct arena *arena;
    const struct definitions_source *source;
    struct snapshot_library_set *library;
    struct definitions *definitions; /* may stay NULL: then a base has to be among the inputs */
};

static void open_library(struct preparing *preparing)
{
    struct issues issues;
    issues_init(&issues, preparing->arena, (struct str){ 0 });
    preparing->library = snapshot_library_open(preparing->arena);
    for (size_t i = 0; i < preparing->source->input_count; i++)
        cli_library_read(preparing->library, preparing->source->inputs[i], false);
    preparing->definitions = cli_library_definitions(preparing->arena, &issues);
}

static bool prepare(void *context, cJSON *resource, struct arena *arena, struct issues *issues)
{
    struct preparing *preparing = context;
    const cJSON *snapshot = json_get(resource, "snapshot");
    if (!str_is(json_get_text(resource, "resourceType"), "StructureDefinition") ||
        json_count(json_get(snapshot, "element")) > 0)
        return true;
    if (!preparing->library)
        open_library(preparing);
    struct snapshot_library library = snapshot_library_of(preparing->library);
    struct snapshot_request request = { preparing->definitions, &library, false };
    return snapshot_make(resource, &request, arena, issues);
}

static int build(const char *output, struct definitions_source *source)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct preparing preparing = { .arena = arena, .source = source };
    struct definitions_preparation preparation = { &preparing, prepare };
    source->preparation = &preparation;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_made = definitions_compile(output, source, &issues);
    cli_print_issues(output, &issues);
    if (preparing.definitions)
        definitions_close(preparing.definitions);
    return is_made ? CLI_DONE : CLI_FAILED;
}

int package_run(int argc, char **argv)
{
    static const struct option OPTIONS[] = {
        { "output", required_argument, NULL, 'o' },
        { "corrections", required_argument, NULL, 'c' },
        { "package", required_argument, NULL, 'p' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    const char *output = NULL;
    struct definitions_source source = { 0 };
    for (int option; (option = getopt_long(argc, argv, "", OPTIONS, NULL)) != -1;) {
        if (option == 'o')
            output = optarg;
        else if (option == 'c')
            source.corrections = optarg;
        else if (option == 'p')
            source.package = optarg;
        else
            return option == 'h' ? print_usage(stdout, CLI_DONE) : print_usage(stderr, CLI_MISUSED);
    }
    if (optind >= argc || strcmp(argv[optind], "build") != 0 || !output || optind + 1 >= argc)
        return print_usage(stderr, CLI_MISUSED);
    source.inputs = (const char *const *)argv + optind + 1;
    source.input_count = (size_t)(argc - optind - 1);
    return build(output, &source);
}
