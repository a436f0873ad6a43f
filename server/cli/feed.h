/* feed.h - the bytes of a file, also of one that gzip or bzip2 compressed, whole or line by line.
 */
#ifndef SERVER_CLI_FEED_H
#define SERVER_CLI_FEED_H
#include "resources/base/issue.h"

/* The whole file, of at most `most` bytes (decompressed); false with an issue. NAME.gz and NAME.bz2
 * are compressed. */
bool feed_read_file(struct str *text, const char *path, size_t most, struct arena *arena,
                    struct issues *issues);

/* Lines of a file. */
struct feed;
struct feed *feed_open(const char *path, struct arena *arena, struct issues *issues);
void feed_close(struct feed *feed);
/* The next line, without its end, in the arena; false at the end of the file, or, with an issue,
 * when it can not be read or a line has more than `most` bytes. */
bool feed_read_line(struct feed *feed, struct str *line, size_t most, struct arena *arena,
                    struct issues *issues);
/* The file's name without the ending that says how it is compressed. */
struct str feed_name(const char *path);
#endif
