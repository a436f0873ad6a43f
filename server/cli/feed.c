/* feed.c - the bytes of a file, also of a compressed one, whole or line by line. */
#include "server/cli/feed.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"

enum { BLOCK_BYTES = 1 << 17 };

static const char *const COMPRESSED[] = { ".gz", ".bz2" };

/* archive: of a compressed file, else fd. What was read and not yet given stands at [at, end). */
struct feed {
    const char *path;
    int fd;
    struct archive *archive;
    char *block;
    size_t at, end;
};

struct str feed_name(const char *path)
{
    struct str name = str_of(path);
    for (size_t i = 0; i < COUNT(COMPRESSED); i++)
        if (str_ends(name, str_of(COMPRESSED[i])))
            return str_slice(name, 0, name.len - strlen(COMPRESSED[i]));
    return name;
}

/* An archive of one nameless entry: what the filter gives. */
static bool open_archive(struct feed *feed, struct issues *issues)
{
    struct archive_entry *entry;
    feed->archive = archive_read_new();
    if (feed->archive && archive_read_support_filter_gzip(feed->archive) == ARCHIVE_OK &&
        archive_read_support_filter_bzip2(feed->archive) == ARCHIVE_OK &&
        archive_read_support_format_raw(feed->archive) == ARCHIVE_OK &&
        archive_read_open_fd(feed->archive, feed->fd, BLOCK_BYTES) == ARCHIVE_OK &&
        archive_read_next_header(feed->archive, &entry) == ARCHIVE_OK)
        return true;
    return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s can not be decompressed", feed->path);
}

struct feed *feed_open(const char *path, struct arena *arena, struct issues *issues)
{
    struct feed *feed = arena_alloc(arena, sizeof *feed);
    feed->path = path;
    feed->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (feed->fd < 0) {
        issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: %s", path, strerror(errno));
        return NULL;
    }
    if (feed_name(path).len < strlen(path) && !open_archive(feed, issues)) {
        feed_close(feed);
        return NULL;
    }
    feed->block = arena_alloc_raw(arena, BLOCK_BYTES);
    return feed;
}

void feed_close(struct feed *feed)
{
    if (feed->archive)
        archive_read_free(feed->archive);
    close(feed->fd);
}

static void close_feed_at(struct feed **feed)
{
    if (*feed)
        feed_close(*feed);
}
#define CLOSING_FEED __attribute__((cleanup(close_feed_at)))

/* More bytes into the block; 0 at the end, <0 when reading fails. */
static ssize_t fill(struct feed *feed)
{
    ssize_t count;
    do
        count = feed->archive ? archive_read_data(feed->archive, feed->block, BLOCK_BYTES)
                              : read(feed->fd, feed->block, BLOCK_BYTES);
    while (count < 0 && !feed->archive && errno == EINTR);
    feed->at = 0;
    feed->end = count > 0 ? (size_t)count : 0;
    return count;
}

static bool refuse(const struct feed *feed, const struct buf *buf, ssize_t count,
                   struct issues *issues)
{
    if (count < 0)
        return issue_add(issues, NULL, ISSUE_NOT_FOUND, "%s: it could not be read", feed->path);
    return issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s: more than %zu bytes", feed->path,
                     buf->most);
}

/* A plain file of known size is read into its place. */
static bool read_plain(const struct feed *feed, struct str *text, size_t size, struct arena *arena)
{
    char *bytes = arena_alloc_raw(arena, size + 1);
    size_t done = 0;
    while (done < size) {
        ssize_t count = read(feed->fd, bytes + done, size - done);
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

bool feed_read_file(struct str *text, const char *path, size_t most, struct arena *arena,
                    struct issues *issues)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    CLOSING_FEED struct feed *feed = feed_open(path, scratch, issues);
    if (!feed)
        return false;
    struct buf buf;
    struct stat about;
    ssize_t count = 0;
    buf_init(&buf, arena, most);
    if (!feed->archive && fstat(feed->fd, &about) == 0 && S_ISREG(about.st_mode)) {
        buf.is_over = (size_t)about.st_size > most;
        if (!buf.is_over && read_plain(feed, text, (size_t)about.st_size, arena))
            return true;
        count = buf.is_over ? 0 : -1;
    } else {
        while (!buf.is_over && (count = fill(feed)) > 0)
            buf_add(&buf, (struct str){ feed->block, (size_t)count });
    }
    *text = buf_str(&buf);
    return (count >= 0 && !buf.is_over) || refuse(feed, &buf, count, issues);
}

bool feed_read_line(struct feed *feed, struct str *line, size_t most, struct arena *arena,
                    struct issues *issues)
{
    struct buf buf;
    ssize_t count = 1;
    bool is_ended = false;
    buf_init(&buf, arena, most);
    while (!is_ended && !buf.is_over) {
        if (feed->at == feed->end && (count = fill(feed)) <= 0)
            break;
        struct str rest = { feed->block + feed->at, feed->end - feed->at };
        size_t end = str_find(rest, '\n', 0);
        is_ended = end < rest.len;
        buf_add(&buf, str_slice(rest, 0, end));
        feed->at += end + is_ended;
    }
    *line = buf_str(&buf);
    if (count < 0 || buf.is_over)
        return refuse(feed, &buf, count, issues);
    return is_ended || line->len > 0;
}
