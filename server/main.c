/* main.c - the tandem program: picks the command named on the command line. */
#include <stdio.h>
#include <string.h>

#include "server/cli/cli.h"
#include "server/cli/commands.h"
#include "server/version.h"

/* One row a command, in the order of `tandem --help`; the last row ends the table. */
static const struct cli_command COMMANDS[] = {
    { "serve", "serves FHIR over HTTP and TLS", serve_run },
    { "package", "compiles FHIR packages for the server", package_run },
    { "validate", "holds resources against R4 and their profiles", validate_run },
    { "convert", "converts resources between JSON and XML", convert_run },
    { "patch", "applies a JSON, FHIRPath or XML Patch", patch_run },
    { "json-scan", "judges files by the JSON grammar", json_scan_run },
    { "xml-scan", "judges files by the XML grammar", xml_scan_run },
    { "fhirpath", "evaluates a FHIRPath expression over a resource", fhirpath_run },
    { "rules", "prints the rules of program packs, and who may do what", rules_run },
    { "snapshot", "makes the snapshots of profiles", snapshot_run },
    { NULL, NULL, NULL },
};

static int print_usage(FILE *to, int code)
{
    fputs("usage: tandem COMMAND [ARGUMENT...]\n", to);
    for (const struct cli_command *command = COMMANDS; command->name; command++)
        fprintf(to, "  %-10s %s\n", command->name, command->summary);
    fputs("tandem COMMAND --help says more; tandem --version prints the version.\n", to);
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return print_usage(stderr, CLI_MISUSED);
    if (!strcmp(argv[1], "--help"))
        return print_usage(stdout, CLI_DONE);
    if (!strcmp(argv[1], "--version")) {
        puts("tandem " TANDEM_VERSION);
        return CLI_DONE;
    }
    for (const struct cli_command *command = COMMANDS; command->name; command++)
        if (!strcmp(argv[1], command->name))
            return command->run(argc - 1, argv + 1);
    fprintf(stderr, "tandem: there is no command '%s'\n", argv[1]);
    return print_usage(stderr, CLI_MISUSED);
}
