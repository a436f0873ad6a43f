/* encoding.c - gzip by zlib, zstd by libzstd; what comes in is bounded while it grows. */
#include "server/interactions/encoding.h"

#include <limits.h>
#include <strings.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/interactions/headers.h"

enum { BLOCK = 64 * 1024, GZIP_WINDOW = 15 + 16, GZIP_LEVEL = 5, ZSTD_LEVEL = 3 };

static const struct name {
    const char *name;
    enum encoding encoding;
} NAMES[] = {
    { "zstd", ENCODING_ZSTD },
    { "gzip", ENCODING_GZIP },
    { "x-gzip", ENCODING_GZIP },
    { "identity", ENCODING_NONE },
};

static bool is_same(struct str a, const char *b)
{
    return a.len == strlen(b) && strncasecmp(a.data, b, a.len) == 0;
}

static const struct name *find(struct str name)
{
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (is_same(name, NAMES[i].name))
            return &NAMES[i];
    return NULL;
}

const char *encoding_name(enum encoding encoding)
{
    return encoding == ENCODING_ZSTD ? "zstd" : "gzip";
}

enum encoding encoding_accept(struct str accept_encoding)
{
    enum encoding best = ENCODING_NONE;
    int most = 0;
    while (accept_encoding.len) {
        struct str rest = headers_cut_quoted(&accept_encoding, ',');
        const struct name *name = find(headers_cut_quoted(&rest, ';'));
        int weight = headers_weight(rest);
        bool is_better = weight > most || (weight == most && name && name->encoding > best);
        if (!name || !weight || !is_better)
            continue;
        best = name->encoding;
        most = weight;
    }
    return best;
}

/* A body that grows while it is unpacked. */
struct unpacking {
    struct str packed;
    struct buf out;
    size_t most;
    struct issues *issues;
    char *block;
};

static bool take(struct unpacking *unpacking, size_t count)
{
    size_t len = unpacking->out.len + count;
    if (len > unpacking->most)
        return issue_add(unpacking->issues, NULL, ISSUE_TOO_LARGE,
                         "unpacked it is more than %zu bytes", unpacking->most);
    if (len > ENCODING_FREE_BYTES && len / ENCODING_MOST_RATIO > unpacking->packed.len)
        return issue_add(unpacking->issues, NULL, ISSUE_TOO_LARGE,
                         "unpacked it is more than %d times as long", (int)ENCODING_MOST_RATIO);
    buf_add(&unpacking->out, (struct str){ unpacking->block, count });
    return true;
}

static bool refuse(const struct unpacking *unpacking, const char *name)
{
    return issue_add(unpacking->issues, NULL, ISSUE_REQUEST_INVALID, "the content is not %s", name);
}

static void close_inflater(z_stream **stream)
{
    inflateEnd(*stream);
}
static void close_zstd(ZSTD_DCtx **context)
{
    ZSTD_freeDCtx(*context);
}
#define CLOSING_INFLATER __attribute__((cleanup(close_inflater)))
#define CLOSING_ZSTD __attribute__((cleanup(close_zstd)))

static bool unpack_gzip(struct unpacking *unpacking)
{
    z_stream state = { 0 };
    int code = inflateInit2(&state, GZIP_WINDOW);
    CLOSING_INFLATER z_stream *stream = &state;
    if (code != Z_OK || unpacking->packed.len > UINT_MAX)
        return refuse(unpacking, "gzip");
    stream->next_in = (z_const Bytef *)unpacking->packed.data;
    stream->avail_in = (uInt)unpacking->packed.len;
    while (code == Z_OK) {
        stream->next_out = (Bytef *)unpacking->block;
        stream->avail_out = BLOCK;
        code = inflate(stream, Z_NO_FLUSH);
        if ((code == Z_OK || code == Z_STREAM_END) && !take(unpacking, BLOCK - stream->avail_out))
            return false;
    }
    return (code == Z_STREAM_END && !stream->avail_in) || refuse(unpacking, "gzip");
}

static bool unpack_zstd(struct unpacking *unpacking)
{
    CLOSING_ZSTD ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = { unpacking->packed.data, unpacking->packed.len, 0 };
    size_t left = 1;
    if (!context ||
        ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, ENCODING_MOST_WINDOW)))
        return refuse(unpacking, "zstd");
    for (bool is_full = true; left && (in.pos < in.size || is_full);) {
        ZSTD_outBuffer out = { unpacking->block, BLOCK, 0 };
        left = ZSTD_decompressStream(context, &out, &in);
        if (ZSTD_isError(left))
            return refuse(unpacking, "zstd");
        if (!take(unpacking, out.pos))
            return false;
        is_full = out.pos == BLOCK;
    }
    return (left == 0 && in.pos == in.size) || refuse(unpacking, "zstd");
}

bool encoding_decode(struct str *body, struct str content_encoding, size_t most,
                     struct arena *arena, struct issues *issues)
{
    const struct name *name = find(str_trim(content_encoding));
    if (!name)
        return issue_add(issues, NULL, ISSUE_ENCODING_UNKNOWN, "Content-Encoding: " STR_FMT,
                         STR_ARG(content_encoding));
    if (name->encoding == ENCODING_NONE || !body->len)
        return true;
    struct unpacking unpacking = {
        .packed = *body, .most = most, .issues = issues, .block = arena_alloc_raw(arena, BLOCK)
    };
    buf_init(&unpacking.out, arena, most);
    if (!(name->encoding == ENCODING_GZIP ? unpack_gzip : unpack_zstd)(&unpacking))
        return false;
    *body = buf_str(&unpacking.out);
    return true;
}

static size_t pack_gzip(char *to, size_t room, struct str body)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return 0;
    stream.next_in = (z_const Bytef *)body.data;
    stream.avail_in = (uInt)body.len;
    stream.next_out = (Bytef *)to;
    stream.avail_out = (uInt)room;
    bool is_done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    size_t len = stream.total_out;
    deflateEnd(&stream);
    return is_done ? len : 0;
}

/* The room is one byte less than the body has: what does not fit is not worth it. */
bool encoding_encode(struct str *body, enum encoding encoding, struct arena *arena)
{
    if (encoding == ENCODING_NONE || body->len < ENCODING_LEAST_BYTES || body->len > INT_MAX)
        return false;
    size_t room = body->len - 1, len;
    char *to = arena_alloc_raw(arena, room);
    if (encoding == ENCODING_GZIP)
        len = pack_gzip(to, room, *body);
    else
        len = ZSTD_compress(to, room, body->data, body->len, ZSTD_LEVEL);
    if (!len || (encoding == ENCODING_ZSTD && ZSTD_isError(len)))
        return false;
    *body = (struct str){ to, len };
    return true;
}
