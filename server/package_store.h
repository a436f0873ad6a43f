/* package_store.h - a folder of installed packages: NAME#VERSION.db, compiled with snapshots. */
#ifndef SERVER_PACKAGE_STORE_H
#define SERVER_PACKAGE_STORE_H
#include "resources/base/issue.h"

enum { PACKAGE_STORE_MOST = 1000 };

/* The folder that is meant where none is named: TANDEM_PACKAGES, else .local/share/tandem/packages
 * of the home. NULL when there is no home. */
const char *package_store_folder(struct arena *arena);

/* The installed packages, by name and then from the earliest version to the latest. A folder that
 * is not there holds none. */
struct package_store_list {
    struct str *names; /* NAME#VERSION */
    size_t count;
};
struct package_store_list package_store_list(const char *folder, struct arena *arena);
/* The database of an installed package; NAME alone means its latest version. NULL when it is not
 * installed. */
const char *package_store_find(const char *folder, struct str name, struct arena *arena);
/* The databases of the packages that one needs and which are installed, what is needed first,
 * without R4 itself; those that are not are issues (warnings). */
struct package_store_list package_store_needs(const char *folder, const struct str *dependencies,
                                              size_t count, struct arena *arena,
                                              struct issues *issues);
/* True for a NAME#VERSION that may be a file's name: letters, digits, points, - _ +. */
bool package_store_is_name(struct str name);
#endif
