/* json_scan.c - tandem json-scan: is it JSON, and what does the FHIR reader make of it? */
#include <stdio.h>
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/cli/cli.h"
#include "server/cli/commands.h"

enum { MOST_FILE_BYTES = 1 << 30 };

static const char HELP[] =
    "usage: tandem json-scan [--print] FILE...\n"
    "Judges each file by the JSON grammar alone (RFC 8259), one line a file.\n"
    "  --print  read the files as FHIR JSON instead and print each on one line\n";

static bool scan_file(const char *file, struct str text)
{
    struct json_error error;
    int line, column;
    if (json_scan(text, &error)) {
        printf("%s: valid\n", file);
        return true;
    }
    place_line(text, error.offset, &line, &column);
    printf("%s:%d:%d: %s\n", file, line, column, error.reason);
    return false;
}

static bool print_file(struct str text, struct arena *arena, struct issues *issues)
{
    cJSON *tree = json_parse(text, arena, issues);
    struct buf out;
    if (!tree)
        return false;
    buf_init(&out, arena, MOST_FILE_BYTES);
    json_print(&out, tree);
    puts(buf_str(&out).data);
    return !out.is_over;
}

static bool run_file(const char *file, bool is_printing)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    struct str text;
    issues_init(&issues, arena, (struct str){ 0 });
    bool is_fine = cli_read_file(&text, file, MOST_FILE_BYTES, arena, &issues);
    if (is_fine)
        is_fine = is_printing ? print_file(text, arena, &issues) : scan_file(file, text);
    cli_print_issues(file, &issues);
    return is_fine;
}

int json_scan_run(int argc, char **argv)
{
    bool is_printing = argc > 1 && !strcmp(argv[1], "--print");
    int first = 1 + is_printing, code = CLI_DONE;
    if (argc > 1 && !strcmp(argv[1], "--help")) {
        fputs(HELP, stdout);
        return CLI_DONE;
    }
    if (first >= argc || argv[first][0] == '-') {
        fputs(HELP, stderr);
        return CLI_MISUSED;
    }
    for (int i = first; i < argc; i++)
        if (!run_file(argv[i], is_printing))
            code = CLI_FAILED;
    return code;
}
