/* packages.h - the definitions that the program works with: R4, the guide, and packages on top. */
#ifndef SERVER_PACKAGES_H
#define SERVER_PACKAGES_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

struct definitions;
struct definitions_source;
struct package_store_list;

enum { PACKAGES_MOST = 256 };

/* Opens R4 and the guide, which stand beside the program, and the packages: each a FHIR package
 * (.tgz), a folder of one, a database that `tandem package build` made (.db), or the name of an
 * installed one (NAME#VERSION, or NAME for its latest version), which brings what it needs along.
 * Where two define one canonical, a package outweighs the guide, one that is compiled here those
 * that are databases, and of each kind the later version or the later database. Profiles without a
 * snapshot get one; what can not be used is an issue and is left out, the rest goes on. NULL when a
 * path can not be read at all. To be closed. */
struct definitions *packages_open(const char *const *paths, size_t count, struct issues *issues);
/* One layer more: single resources or Bundles, which outweigh what is below. */
struct definitions *packages_extend(struct definitions *below, const cJSON *const *resources,
                                    size_t count, struct issues *issues);
/* definitions_compile, with snapshots made for profiles that have none, on top of R4 (where that is
 * beside the program) and of the databases of `needs` (may be NULL). output NULL: nothing is
 * written, for the issues alone. */
bool packages_build(const char *output, struct definitions_source *source,
                    const struct package_store_list *needs, struct issues *issues);
#endif
