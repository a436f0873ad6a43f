/* encoding.h - content encodings, in and out: gzip and zstd (RFC 9110 section 8.4, RFC 8878). */
#ifndef SERVER_INTERACTIONS_ENCODING_H
#define SERVER_INTERACTIONS_ENCODING_H
#include "resources/base/issue.h"

/* What a compressed body may become: at most the bytes that an uncompressed one may have, and, past
 * a mebibyte, at most MOST_RATIO times what was sent. */
enum {
    ENCODING_MOST_RATIO = 200,
    ENCODING_FREE_BYTES = 1 << 20,
    ENCODING_MOST_WINDOW = 23,  /* of zstd, as a power of two: 8 MiB */
    ENCODING_LEAST_BYTES = 1024 /* what is shorter is sent as it is */
};

enum encoding { ENCODING_NONE, ENCODING_GZIP, ENCODING_ZSTD };

/* Which of them Accept-Encoding weighs most; of equal ones zstd. */
enum encoding encoding_accept(struct str accept_encoding);
const char *encoding_name(enum encoding encoding);
/* The content that a Content-Encoding stands for. An unknown encoding is ENCODING_UNKNOWN, faulty
 * bytes are REQUEST_INVALID, too many TOO_LARGE. */
bool encoding_decode(struct str *body, struct str content_encoding, size_t most,
                     struct arena *arena, struct issues *issues);
/* False, and nothing changed, when it would not get shorter. */
bool encoding_encode(struct str *body, enum encoding encoding, struct arena *arena);
#endif
