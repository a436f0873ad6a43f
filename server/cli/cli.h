/* cli.h - the commands of the tandem program. */
#ifndef SERVER_CLI_CLI_H
#define SERVER_CLI_CLI_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"
#include "resources/base/str.h"

struct definitions;

/* Exit codes of every command: done, the input has errors (or the work failed), the command was
 * misused. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_MISUSED = 2 };

struct cli_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

/* Path of a file that belongs to the program (definitions.db, guide.db): beside the binary, in
 * ../share/tandem of an installed one, or one folder up for another build of it. NULL when there is
 * none. */
const char *cli_find_file(const char *name, struct arena *arena);
/* Reads a whole file (at most `most` bytes); false with an issue. */
bool cli_read_file(struct str *text, const char *path, size_t most, struct arena *arena,
                   struct issues *issues);
/* A resource from text: XML when its first character is '<', else JSON. Issues and what is carried
 * are those of xml_parse_partly and json_parse. */
cJSON *cli_parse(struct str text, struct definitions *definitions, struct arena *arena,
                 struct issues *issues);
/* Prints issues to stderr, one a line, as file:line:column: severity: key: text (diagnostics) at
 * expression. */
void cli_print_issues(const char *file, const struct issues *issues);
#endif
