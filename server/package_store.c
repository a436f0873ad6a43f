/* package_store.c - a folder of installed packages. */
#include "server/package_store.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/definitions/version.h"

enum { MOST_NAME = 200 };

#define ENDING STR(".db")
#define R4_CORE STR("hl7.fhir.r4.core")

const char *package_store_folder(struct arena *arena)
{
    const char *folder = getenv("TANDEM_PACKAGES"), *home = getenv("HOME");
    if (folder && *folder)
        return folder;
    return home && *home ? str_print(arena, "%s/.local/share/tandem/packages", home).data : NULL;
}

bool package_store_is_name(struct str name)
{
    size_t separators = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_letter && !strchr(".-_+#", c))
            return false;
        separators += c == '#';
    }
    return name.len > 0 && name.len <= MOST_NAME && name.data[0] != '.' && name.data[0] != '#' &&
           name.data[name.len - 1] != '#' && separators == 1;
}

static int compare_names(const void *a, const void *b)
{
    struct str one = *(const struct str *)a, other = *(const struct str *)b;
    int order = str_compare(str_cut(&one, '#'), str_cut(&other, '#'));
    return order ? order : version_compare(one, other);
}

static void close_folder_at(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

struct package_store_list package_store_list(const char *folder, struct arena *arena)
{
    struct package_store_list list = { arena_array(arena, PACKAGE_STORE_MOST, sizeof *list.names),
                                       0 };
    DIR *open __attribute__((cleanup(close_folder_at))) = opendir(folder);
    struct dirent *entry;
    while (open && list.count < PACKAGE_STORE_MOST && (entry = readdir(open))) {
        struct str name = str_of(entry->d_name);
        if (!str_ends(name, ENDING))
            continue;
        name = str_slice(name, 0, name.len - ENDING.len);
        if (package_store_is_name(name))
            list.names[list.count++] = str_copy(arena, name);
    }
    qsort(list.names, list.count, sizeof *list.names, compare_names);
    return list;
}

static const char *path_of(const char *folder, struct str name, struct arena *arena)
{
    return str_print(arena, "%s/" STR_FMT STR_FMT, folder, STR_ARG(name), STR_ARG(ENDING)).data;
}

const char *package_store_find(const char *folder, struct str name, struct arena *arena)
{
    struct package_store_list list = package_store_list(folder, arena);
    for (size_t i = list.count; i-- > 0;) {
        struct str version = list.names[i], alone = str_cut(&version, '#');
        if (str_equal(list.names[i], name) || str_equal(alone, name))
            return path_of(folder, list.names[i], arena);
    }
    return NULL;
}

/* What is needed, being gathered: a package comes behind what it needs itself. */
struct gathering {
    const char *folder;
    struct package_store_list list;
    struct map seen;
    struct arena *arena;
    struct issues *issues;
};

static void gather(struct gathering *gathering, const struct str *dependencies, size_t count,
                   int depth)
{
    enum { MOST_DEPTH = 16 };
    for (size_t i = 0; i < count && depth < MOST_DEPTH; i++) {
        struct str version = dependencies[i], name = str_cut(&version, '#');
        if (str_equal(name, R4_CORE) || map_find(&gathering->seen, name))
            continue;
        map_set(&gathering->seen, name, gathering);
        const char *path = package_store_find(gathering->folder, dependencies[i], gathering->arena);
        struct definitions *opened = path ? definitions_open(&path, 1, gathering->issues) : NULL;
        if (!opened) {
            issue_add(gathering->issues, NULL, ISSUE_DEFINITION_LEFT_OUT,
                      STR_FMT " is needed and not installed", STR_ARG(dependencies[i]));
            continue;
        }
        struct definitions_package package;
        definitions_package(&package, opened, 0, gathering->arena);
        definitions_close(opened);
        gather(gathering, package.dependencies, package.dependency_count, depth + 1);
        if (gathering->list.count < PACKAGE_STORE_MOST)
            gathering->list.names[gathering->list.count++] = str_of(path);
    }
}

struct package_store_list package_store_needs(const char *folder, const struct str *dependencies,
                                              size_t count, struct arena *arena,
                                              struct issues *issues)
{
    struct gathering gathering = { .folder = folder, .arena = arena, .issues = issues };
    gathering.list.names = arena_array(arena, PACKAGE_STORE_MOST, sizeof *gathering.list.names);
    map_init(&gathering.seen, arena);
    gather(&gathering, dependencies, count, 0);
    return gathering.list;
}
