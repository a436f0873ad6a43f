/* library.h - the StructureDefinitions of packages, for commands that make snapshots. */
#ifndef SERVER_CLI_LIBRARY_H
#define SERVER_CLI_LIBRARY_H
#include <stdbool.h>

struct arena;
struct issues;
struct snapshot_library_set;

/* Adds those of a file, a folder or a package (.tgz) to the set; is_anew: without their snapshots,
 * where there is a differential. They stay in the set's arena. False when the path can not be read;
 * documents that can not are passed over. Issues are printed. */
bool cli_library_read(struct snapshot_library_set *set, const char *path, bool is_anew);
/* The definitions beside the program; NULL, with an issue, when they are not there. */
struct definitions *cli_library_definitions(struct arena *arena, struct issues *issues);
#endif
