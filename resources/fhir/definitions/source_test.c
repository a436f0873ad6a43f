/* source_test.c - what is shown of a file, a folder and a package, and what hostile ones meet. */
#include "resources/fhir/definitions/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/base/test.h"

struct fixture {
    struct arena *arena;
    struct issues issues;
    struct str folder;
    struct buf seen; /* "name=text;" of each document, "(text)" of package.json */
};

static void see(void *context, const char *name, struct str text, struct arena *arena)
{
    struct fixture *fixture = context;
    const char *slash = strrchr(name, '/');
    assert_non_null(arena);
    buf_print(&fixture->seen, "%s=" STR_FMT ";", slash ? slash + 1 : name, STR_ARG(text));
}

static void see_package(void *context, struct str text, struct arena *arena)
{
    struct fixture *fixture = context;
    assert_non_null(arena);
    buf_print(&fixture->seen, "(" STR_FMT ")", STR_ARG(text));
}

static int set_up(void **state)
{
    struct arena *arena = arena_open();
    struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
    fixture->arena = arena;
    issues_init(&fixture->issues, arena, (struct str){ "", 0 });
    buf_init(&fixture->seen, arena, 1 << 20);
    fixture->folder = str_print(arena, "/tmp/source_test.%ld", (long)getpid());
    assert_int_equal(mkdir(fixture->folder.data, 0700), 0);
    *state = fixture;
    return 0;
}

static const char *path_of(struct fixture *fixture, const char *name)
{
    return str_print(fixture->arena, STR_FMT "/%s", STR_ARG(fixture->folder), name).data;
}

static int tear_down(void **state)
{
    static const char *const NAMES[] = { "b.json", "a.json", "package.json", ".c.json",
                                         "d.txt",  "p.tgz",  "x.json" };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT(NAMES); i++)
        unlink(path_of(fixture, NAMES[i]));
    assert_int_equal(rmdir(fixture->folder.data), 0);
    arena_close(fixture->arena);
    return 0;
}

static void write_file(struct fixture *fixture, const char *name, const char *text)
{
    FILE *file = fopen(path_of(fixture, name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

/* type: AE_IFREG and so on; size: what the header says, text: what comes. */
static void add_entry(struct archive *archive, const char *name, unsigned type, int64_t size,
                      const char *text)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, size);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(entry, "/etc/passwd");
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    if (type == AE_IFREG)
        archive_write_data(archive, text, strlen(text));
    archive_entry_free(entry);
}

static struct archive *begin_package(struct fixture *fixture)
{
    struct archive *archive = archive_write_new();
    assert_int_equal(archive_write_add_filter_gzip(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_set_format_pax_restricted(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(archive, path_of(fixture, "p.tgz")), ARCHIVE_OK);
    return archive;
}

static bool read_it(struct fixture *fixture, const char *name)
{
    struct definitions_visitor visitor = { fixture, see, see_package };
    return definitions_source_read(path_of(fixture, name), &visitor, &fixture->issues);
}

static void assert_seen(struct fixture *fixture, const char *text)
{
    assert_string_equal(buf_str(&fixture->seen).data, text);
}

static void a_file_is_shown(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "x.json", "one");
    assert_true(read_it(fixture, "x.json"));
    assert_seen(fixture, "x.json=one;");
}

static void a_folder_is_shown_by_name(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "b.json", "2");
    write_file(fixture, "a.json", "1");
    write_file(fixture, ".c.json", "3");
    write_file(fixture, "d.txt", "4");
    write_file(fixture, "package.json", "name");
    assert_true(read_it(fixture, ""));
    assert_seen(fixture, "a.json=1;b.json=2;(name)");
}

static void a_package_is_shown_in_its_order(void **state)
{
    struct fixture *fixture = *state;
    struct archive *archive = begin_package(fixture);
    add_entry(archive, "package/b.json", AE_IFREG, 1, "2");
    add_entry(archive, "./package/a.json", AE_IFREG, 1, "1");
    add_entry(archive, "package/package.json", AE_IFREG, 4, "name");
    add_entry(archive, "package/.index.json", AE_IFREG, 1, "x");
    add_entry(archive, "package/other/c.json", AE_IFREG, 1, "x");
    add_entry(archive, "package/../c.json", AE_IFREG, 1, "x");
    add_entry(archive, "/package/c.json", AE_IFREG, 1, "x");
    add_entry(archive, "package/link.json", AE_IFLNK, 0, "");
    add_entry(archive, "package/dir.json", AE_IFDIR, 0, "");
    add_entry(archive, "package/readme.md", AE_IFREG, 1, "x");
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    assert_true(read_it(fixture, "p.tgz"));
    assert_seen(fixture, "b.json=2;a.json=1;(name)");
}

/* An entry that says it is huge is refused before a byte of it is read. */
static void a_huge_entry_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct archive *archive = begin_package(fixture);
    add_entry(archive, "package/a.json", AE_IFREG, (int64_t)SOURCE_MOST_DOCUMENT + 1, "1");
    archive_write_free(archive);
    assert_false(read_it(fixture, "p.tgz"));
    assert_int_equal(fixture->issues.last->id, ISSUE_TOO_LARGE);
    assert_int_equal(fixture->seen.len, 0);
}

static void too_many_bytes_in_all_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct archive *archive = begin_package(fixture);
    for (int i = 0; i < 5; i++)
        add_entry(archive, "package/x/a.json", AE_IFREG, SOURCE_MOST_DOCUMENT, "1");
    archive_write_free(archive);
    assert_false(read_it(fixture, "p.tgz"));
    assert_int_equal(fixture->issues.last->id, ISSUE_TOO_LARGE);
}

static void a_package_that_ends_early_is_an_issue(void **state)
{
    struct fixture *fixture = *state;
    struct archive *archive = begin_package(fixture);
    add_entry(archive, "package/a.json", AE_IFREG, 1, "1");
    add_entry(archive, "package/b.json", AE_IFREG, 1, "2");
    assert_int_equal(archive_write_free(archive), ARCHIVE_OK);
    struct stat about;
    assert_int_equal(stat(path_of(fixture, "p.tgz"), &about), 0);
    for (off_t size = about.st_size - 1; size >= 0; size--) {
        assert_int_equal(truncate(path_of(fixture, "p.tgz"), size), 0);
        assert_false(read_it(fixture, "p.tgz"));
    }
}

static void what_is_no_package_is_an_issue(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture, "p.tgz", "this is no archive at all");
    assert_false(read_it(fixture, "p.tgz"));
    assert_false(read_it(fixture, "gone.tgz"));
    assert_false(read_it(fixture, "gone"));
    assert_int_equal(fixture->issues.errors, 3);
    assert_int_equal(fixture->seen.len, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_file_is_shown),
        CASE(a_folder_is_shown_by_name),
        CASE(a_package_is_shown_in_its_order),
        CASE(a_huge_entry_is_refused),
        CASE(too_many_bytes_in_all_are_refused),
        CASE(a_package_that_ends_early_is_an_issue),
        CASE(what_is_no_package_is_an_issue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
