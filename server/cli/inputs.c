/* inputs.c - the files that a command's arguments name, folders walked. */
#include "server/cli/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "resources/base/arena.h"
#include "server/cli/feed.h"

struct walk {
    struct inputs *inputs;
    struct arena *arena;
    struct issues *issues;
};

static void close_folder_at(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}
#define CLOSING_FOLDER __attribute__((cleanup(close_folder_at)))

/* An array that doubles when its count is a power of two. */
static const char **grow(const char **list, size_t count, struct arena *arena)
{
    if (count & (count - 1))
        return list;
    const char **more = arena_array(arena, count ? 2 * count : 1, sizeof *more);
    if (count)
        memcpy(more, list, count * sizeof *list);
    return more;
}

static bool add_file(const struct walk *walk, const char *path)
{
    struct inputs *inputs = walk->inputs;
    if (inputs->count == INPUTS_MOST_FILES)
        return issue_add(walk->issues, NULL, ISSUE_TOO_LARGE, "more than %d files",
                         INPUTS_MOST_FILES);
    inputs->paths = grow(inputs->paths, inputs->count, walk->arena);
    inputs->paths[inputs->count++] = path;
    return true;
}

bool inputs_is_lines(const char *path)
{
    return str_ends(feed_name(path), STR(".ndjson"));
}

static bool is_input(const char *path)
{
    struct str name = feed_name(path);
    return str_ends(name, STR(".json")) || str_ends(name, STR(".xml")) || inputs_is_lines(path);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool add_folder(const struct walk *walk, const char *path, int depth);

static bool add_member(const struct walk *walk, const char *path, int depth)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return true; /* gone meanwhile */
    if (S_ISDIR(about.st_mode))
        return add_folder(walk, path, depth + 1);
    return !is_input(path) || add_file(walk, path);
}

static bool add_folder(const struct walk *walk, const char *path, int depth)
{
    CLOSING_FOLDER DIR *folder = opendir(path);
    if (!folder)
        return issue_add(walk->issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (depth > INPUTS_MOST_DEPTH)
        return issue_add(walk->issues, NULL, ISSUE_TOO_DEEP, "%s", path);
    const char **names = NULL;
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        names = grow(names, count, walk->arena);
        names[count++] = str_print(walk->arena, "%s/%s", path, entry->d_name).data;
    }
    if (count)
        qsort(names, count, sizeof *names, compare_names);
    bool is_whole = true;
    for (size_t i = 0; i < count; i++)
        is_whole = add_member(walk, names[i], depth) && is_whole;
    return is_whole;
}

bool inputs_find(struct inputs *inputs, char *const *arguments, size_t count, struct arena *arena,
                 struct issues *issues)
{
    const struct walk walk = { inputs, arena, issues };
    *inputs = (struct inputs){ 0 };
    bool is_whole = true;
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        if (stat(arguments[i], &about) == 0 && S_ISDIR(about.st_mode))
            is_whole = add_folder(&walk, arguments[i], 0) && is_whole;
        else
            is_whole = add_file(&walk, arguments[i]) && is_whole;
    }
    return is_whole;
}
