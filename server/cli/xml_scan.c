/* xml_scan.c - tandem xml-scan: is it well-formed XML as it is taken here? */
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/xml/xml.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE_BYTES = 1 << 30 };

static const char HELP[] =
    "usage: tandem xml-scan FILE...\n"
    "Judges each file by the XML grammar alone, one line a file: well-formed, with namespaces, in\n"
    "UTF-8, without a document type declaration.\n";

static bool scan_file(const char *file)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct str text;
    struct xml_fault fault;
    int line, column;
    issues_init(&issues, arena, (struct str){ "", 0 });
    if (!cli_read_file(&text, file, MOST_FILE_BYTES, arena, &issues)) {
        cli_print_issues(file, &issues);
        return false;
    }
    if (xml_scan(text, &fault)) {
        printf("%s: well-formed\n", file);
        return true;
    }
    place_line(text, fault.offset, &line, &column);
    printf("%s:%d:%d: %s: %s\n", file, line, column, issue_kind(fault.id)->key, fault.reason);
    return false;
}

int xml_scan_run(int argc, char **argv)
{
    int code = CLI_DONE;
    if (argc > 1 && !strcmp(argv[1], "--help")) {
        fputs(HELP, stdout);
        return CLI_DONE;
    }
    if (argc < 2 || argv[1][0] == '-') {
        fputs(HELP, stderr);
        return CLI_MISUSED;
    }
    for (int i = 1; i < argc; i++)
        if (!scan_file(argv[i]))
            code = CLI_FAILED;
    return code;
}
