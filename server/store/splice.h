/* splice.h - puts meta.versionId and meta.lastUpdated into stored bytes without reading JSON. */
#ifndef SERVER_STORE_SPLICE_H
#define SERVER_STORE_SPLICE_H
#include "resources/base/str.h"

/* A stored body has neither: they are known only when the writer takes the commit. The room for a
 * whole body has SPLICE_GAP bytes in front: the body goes behind the gap, then what stands before
 * the splice moves forward, so that only the few bytes up to meta are moved. */
enum { SPLICE_GAP = 96 };
struct splice {
    char text[SPLICE_GAP];
    size_t len;
};
void splice_init(struct splice *splice, uint64_t version, int64_t updated_us);
size_t splice_room(size_t body_len);
/* room: splice_room(body_len) bytes, the body at room + SPLICE_GAP. meta_at: offset just behind the
 * '{' of meta. NUL-terminated. */
struct str splice_into(const struct splice *splice, char *room, size_t body_len, size_t meta_at);
#endif
