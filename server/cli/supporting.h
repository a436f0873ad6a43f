/* supporting.h - the files of --supporting: definitions, and records that references lead to. */
#ifndef SERVER_CLI_SUPPORTING_H
#define SERVER_CLI_SUPPORTING_H
#include "resources/base/issue.h"
#include "resources/base/map.h"
#include "resources/fhir/fhirpath/fhirpath.h"

enum { SUPPORTING_MOST_FILES = 512, SUPPORTING_MOST_BYTES = 128 << 20 };

/* What a run works with. Read once, then shared by all threads. */
struct supporting {
    struct arena *arena;
    struct definitions *definitions;
    struct map records; /* Type/id, and the fullUrl in a Bundle, to cJSON */
    struct fhirpath_resolver resolver;
};

/* Opens R4, the guide, packages (server/packages.h) and files, each a resource as JSON or XML; what
 * can not be used is printed to stderr and left out. False when a path can not be read, which is
 * printed too. */
struct supporting_paths {
    const char *packages[SUPPORTING_MOST_FILES], *files[SUPPORTING_MOST_FILES];
    size_t package_count, file_count;
};
bool supporting_open(struct supporting *supporting, const struct supporting_paths *paths,
                     struct arena *arena);
void supporting_close(struct supporting *supporting);
/* Adds the value of --package or --supporting to a list; false when there is no room. */
bool supporting_add(const char **list, size_t *count, const char *path);
#endif
