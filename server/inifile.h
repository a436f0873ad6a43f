/* inifile.h - the INI files that the server reads: sections, names, values, and where they stand.
 */
#ifndef SERVER_INIFILE_H
#define SERVER_INIFILE_H
#include "resources/base/issue.h"

/* One `name = value` line; section is empty before the first. Called with name empty for each
 * `[section]` line. at: for issues. Strings point into the text. False ends the reading. */
typedef bool (*inifile_entry)(void *context, struct str section, struct str name, struct str value,
                              const struct place *at, struct issues *issues);

/* Lines are `[section]`, `name = value`, empty, or begin with '#' or ';'. White space around names
 * and values is dropped; a value is the rest of its line, also when it holds '#', ';' or '='. False
 * with an issue at the first line that is none of these, or when `entry` gave false. */
bool inifile_read(struct str text, inifile_entry entry, void *context, struct issues *issues);
/* The next item of a list separated by commas or white space; false at its end. */
bool inifile_item(struct str *rest, struct str *item);
#endif
