/* source.c - reads the documents of a package: a file, a folder, or a FHIR NPM package (.tgz). */
#include "resources/fhir/definitions/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"

#define CLOSING_FD __attribute__((cleanup(fd_close_at)))
#define CLOSING_FOLDER __attribute__((cleanup(folder_close_at)))
#define CLOSING_ARCHIVE __attribute__((cleanup(archive_close_at)))

static void fd_close_at(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static void folder_close_at(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static void archive_close_at(struct archive **archive)
{
    if (*archive)
        archive_read_free(*archive);
}

static bool is_document(struct str name)
{
    return name.len > 0 && name.data[0] != '.' && str_ends(name, STR(".json"));
}

static void show(const struct definitions_visitor *visitor, const char *path, struct str text,
                 struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (strcmp(slash ? slash + 1 : path, "package.json") != 0)
        visitor->visit(visitor->context, path, text, arena);
    else if (visitor->describe)
        visitor->describe(visitor->context, text, arena);
}

/* All of a file that is open, of the size that the system says. */
static bool read_open(struct str *text, int fd, size_t size, struct arena *arena)
{
    char *bytes = arena_alloc_raw(arena, size + 1);
    size_t done = 0;
    while (done < size) {
        ssize_t count = read(fd, bytes + done, size - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    bytes[size] = '\0';
    *text = (struct str){ bytes, size };
    return true;
}

static bool read_file(const char *path, const struct definitions_visitor *visitor,
                      struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    CLOSING_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!S_ISREG(about.st_mode))
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s is no file", path);
    if (about.st_size > SOURCE_MOST_DOCUMENT)
        return issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s: more than %d bytes", path,
                         SOURCE_MOST_DOCUMENT);
    struct str text;
    if (!read_open(&text, fd, (size_t)about.st_size, arena))
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s can not be read", path);
    show(visitor, path, text, arena);
    return true;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted, so that the order on disk does not matter. */
static size_t list_folder(const char ***names, DIR *folder, struct arena *arena)
{
    size_t count = 0, room = 64;
    const char **list = arena_array(arena, room, sizeof *list);
    for (struct dirent *entry; count < SOURCE_MOST_DOCUMENTS && (entry = readdir(folder));) {
        if (!is_document(str_of(entry->d_name)))
            continue;
        if (count == room) {
            const char **more = arena_array(arena, room *= 2, sizeof *more);
            memcpy(more, list, count * sizeof *list);
            list = more;
        }
        list[count++] = str_cstr(arena, str_of(entry->d_name));
    }
    qsort(list, count, sizeof *list, compare_names);
    *names = list;
    return count;
}

static bool read_folder(const char *path, const struct definitions_visitor *visitor,
                        struct issues *issues)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str unpacked = str_print(arena, "%s/package", path);
    if (access(str_print(arena, "%s/package.json", unpacked.data).data, R_OK) == 0)
        path = unpacked.data;
    CLOSING_FOLDER DIR *folder = opendir(path);
    if (!folder)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
    const char **names;
    size_t count = list_folder(&names, folder, arena);
    bool is_read = true;
    for (size_t i = 0; i < count; i++) {
        struct str file = str_print(arena, "%s/%s", path, names[i]);
        is_read = read_file(file.data, visitor, issues) && is_read;
    }
    return is_read;
}

/* An entry's bytes; its header may lie about the size, so that only what comes counts. */
static bool read_entry(struct str *text, struct archive *archive, size_t size, struct arena *arena)
{
    char *bytes = arena_alloc_raw(arena, size + 1);
    size_t done = 0;
    while (done < size) {
        la_ssize_t count = archive_read_data(archive, bytes + done, size - done);
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    bytes[size] = '\0';
    *text = (struct str){ bytes, size };
    return true;
}

static bool is_wanted(struct archive_entry *entry, struct str *name)
{
    const char *path = archive_entry_pathname(entry);
    *name = str_of(path);
    if (!path || archive_entry_filetype(entry) != AE_IFREG)
        return false;
    if (str_starts(*name, STR("./")))
        *name = str_slice(*name, 2, name->len);
    if (!str_starts(*name, STR("package/")))
        return false;
    *name = str_slice(*name, sizeof "package/" - 1, name->len);
    return str_find(*name, '/', 0) == name->len && is_document(*name);
}

static bool read_entries(struct archive *archive, const char *path,
                         const struct definitions_visitor *visitor, struct issues *issues)
{
    struct archive_entry *entry;
    size_t entries = 0, total = 0;
    int code;
    while ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
        la_int64_t size = archive_entry_size(entry);
        if (size < 0 || size > SOURCE_MOST_DOCUMENT || ++entries > SOURCE_MOST_DOCUMENTS ||
            (total += (size_t)size) > SOURCE_MOST_TOTAL)
            return issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s", path);
        struct str name, text;
        if (!is_wanted(entry, &name))
            continue;
        CLOSING_ARENA struct arena *arena = arena_open();
        if (!read_entry(&text, archive, (size_t)size, arena))
            return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: " STR_FMT " is damaged", path,
                             STR_ARG(name));
        show(visitor, str_cstr(arena, name), text, arena);
    }
    if (code != ARCHIVE_EOF)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s is damaged", path);
    return true;
}

static bool read_package(const char *path, const struct definitions_visitor *visitor,
                         struct issues *issues)
{
    CLOSING_ARCHIVE struct archive *archive = archive_read_new();
    if (!archive || archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
        archive_read_support_format_tar(archive) != ARCHIVE_OK ||
        archive_read_open_filename(archive, path, 65536) != ARCHIVE_OK)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s is no .tgz that can be read", path);
    return read_entries(archive, path, visitor, issues);
}

bool definitions_source_read(const char *path, const struct definitions_visitor *visitor,
                             struct issues *issues)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return read_folder(path, visitor, issues);
    if (str_ends(str_of(path), STR(".tgz")) || str_ends(str_of(path), STR(".tar.gz")))
        return read_package(path, visitor, issues);
    return read_file(path, visitor, issues);
}
