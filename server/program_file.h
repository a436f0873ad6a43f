/* program_file.h - reads a program pack: profiles/programs/NAME/program.ini. */
#ifndef SERVER_PROGRAM_FILE_H
#define SERVER_PROGRAM_FILE_H
#include "resources/base/issue.h"
#include "resources/ltss/program.h"

struct definitions;

/* The pack is looked for beside the program, as programs/NAME/program.ini. False with issues that
 * name the file's line: there is no such pack, a line is not one of a pack, or a profile or type is
 * not known. */
bool program_file_read(struct program *program, struct str name, struct definitions *definitions,
                       struct arena *arena, struct issues *issues);
#endif
