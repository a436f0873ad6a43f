/* packages.h - the definitions that the program works with: R4, the guide, and packages on top. */
#ifndef SERVER_PACKAGES_H
#define SERVER_PACKAGES_H
#include <cjson/cJSON.h>

#include "resources/base/issue.h"

struct definitions;
struct definitions_source;

/* Opens R4 and the guide, which stand beside the program, and the packages: each a FHIR package
 * (.tgz), a folder of one or a database that `tandem package` made (.db). Where two define one
 * canonical, a package outweighs the guide, a database a package, and the later version or database
 * an earlier one. Profiles without a snapshot get one; what can not be used is an issue and is left
 * out, the rest goes on. NULL when a path can not be read at all. To be closed. */
struct definitions *packages_open(const char *const *paths, size_t count, struct issues *issues);
/* One layer more: single resources or Bundles, which outweigh what is below. */
struct definitions *packages_extend(struct definitions *below, const cJSON *const *resources,
                                    size_t count, struct issues *issues);
/* definitions_compile, with snapshots made for profiles that have none. R4 beside the program helps
 * where it is there. */
bool packages_build(const char *output, struct definitions_source *source, struct issues *issues);
#endif
