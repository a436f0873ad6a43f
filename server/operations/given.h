/* given.h - which records were given on the pages before, as a page link carries it. */
#ifndef SERVER_OPERATIONS_GIVEN_H
#define SERVER_OPERATIONS_GIVEN_H
#include "resources/base/buf.h"

/* As many as a link has room for, 8 bytes of a digest each: two records of one patient are never
 * taken for one another. Past it records are given again. */
enum { GIVEN_MOST = 256 };
struct given {
    uint64_t records[GIVEN_MOST];
    size_t count;
};
bool given_has(const struct given *given, struct str type, struct str id, struct arena *arena);
void given_add(struct given *given, struct str type, struct str id, struct arena *arena);
void given_write(struct buf *out, const struct given *given);
/* Takes it from the front of *text; false when it does not stand there. */
bool given_read(struct given *given, struct str *text);
#endif
