/* inputs.h - the files that a command's arguments name, folders walked. */
#ifndef SERVER_CLI_INPUTS_H
#define SERVER_CLI_INPUTS_H
#include "resources/base/issue.h"

enum { INPUTS_MOST_FILES = 1000000, INPUTS_MOST_DEPTH = 32 };

/* Of a folder and those in it: every .json, .xml and .ndjson, also compressed (.gz, .bz2), by name.
 * Names that begin with a dot are left out; links to folders are not followed. */
struct inputs {
    const char **paths;
    size_t count;
};
/* False with an issue when a folder can not be read, or there are more than the limits. */
bool inputs_find(struct inputs *inputs, char *const *arguments, size_t count, struct arena *arena,
                 struct issues *issues);
/* One resource a line. */
bool inputs_is_lines(const char *path);
#endif
