/* package.c - `tandem package build`: conformance resources compiled into a definitions database.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/compile.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/packages.h"

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

static int build(const char *output, struct definitions_source *source)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    issues_init(&issues, arena, (struct str){ "", 0 });
    bool is_made = packages_build(output, source, &issues);
    cli_print_issues(output, &issues);
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
