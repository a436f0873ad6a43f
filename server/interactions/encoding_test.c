/* encoding_test.c - content encodings: what is chosen, what comes back, what is refused. */
#include "server/interactions/encoding.h"

#include <zlib.h>
#include <zstd.h>

#include "resources/base/arena.h"
#include "resources/base/test.h"

enum { MOST = 4 << 20 };

static const struct {
    const char *accept;
    enum encoding encoding;
} ACCEPTS[] = {
    { "", ENCODING_NONE },
    { "gzip", ENCODING_GZIP },
    { "gzip, deflate, br, zstd", ENCODING_ZSTD },
    { "zstd;q=0.1, gzip;q=0.2", ENCODING_GZIP },
    { "gzip;q=0", ENCODING_NONE },
    { "GZIP", ENCODING_GZIP },
    { "identity, gzip;q=0.5", ENCODING_NONE },
    { "br", ENCODING_NONE },
    { "*", ENCODING_NONE },
};

static void chooses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(ACCEPTS); i++)
        if (encoding_accept(str_of(ACCEPTS[i].accept)) != ACCEPTS[i].encoding)
            fail_msg("Accept-Encoding: %s", ACCEPTS[i].accept);
}

static struct str make_text(struct arena *arena, size_t len, unsigned variety)
{
    char *text = arena_alloc_raw(arena, len);
    uint32_t seed = 7;
    for (size_t i = 0; i < len; i++) {
        seed = seed * 1664525u + 1013904223u;
        text[i] = (char)('a' + (seed >> 16) % variety);
    }
    return (struct str){ text, len };
}

static void comes_back(void **state)
{
    (void)state;
    for (enum encoding encoding = ENCODING_GZIP; encoding <= ENCODING_ZSTD; encoding++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct issues issues;
        issues_init(&issues, arena, (struct str){ 0 });
        struct str text = make_text(arena, 300000, 4), packed = text;
        assert_true(encoding_encode(&packed, encoding, arena));
        assert_true(packed.len < text.len / 2);
        struct str cut = str_slice(packed, 0, packed.len - 1), again = packed;
        struct str name = str_of(encoding_name(encoding));
        assert_true(encoding_decode(&packed, name, MOST, arena, &issues));
        assert_true(str_equal(packed, text));
        assert_false(encoding_decode(&cut, name, MOST, arena, &issues));
        assert_int_equal(issues.last->id, ISSUE_REQUEST_INVALID);
        struct str longer = str_print(arena, STR_FMT "x", STR_ARG(STR("")));
        char *bytes = arena_alloc_raw(arena, again.len + 1);
        memcpy(bytes, again.data, again.len);
        bytes[again.len] = 'x';
        longer = (struct str){ bytes, again.len + 1 };
        assert_false(encoding_decode(&longer, name, MOST, arena, &issues));
        assert_false(encoding_decode(&again, name, text.len - 1, arena, &issues));
        assert_int_equal(issues.last->id, ISSUE_TOO_LARGE);
    }
}

/* 64 MiB of one letter in a few kilobytes. */
static void bombs_are_refused(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    (void)state;
    issues_init(&issues, arena, (struct str){ 0 });
    struct str text = make_text(arena, 64 << 20, 1), gzip = text, zstd = text;
    assert_true(encoding_encode(&gzip, ENCODING_GZIP, arena));
    assert_true(encoding_encode(&zstd, ENCODING_ZSTD, arena));
    assert_false(encoding_decode(&gzip, STR("gzip"), 1 << 30, arena, &issues));
    assert_int_equal(issues.last->id, ISSUE_TOO_LARGE);
    assert_false(encoding_decode(&zstd, STR("zstd"), 1 << 30, arena, &issues));
    assert_int_equal(issues.last->id, ISSUE_TOO_LARGE);
}

static void leaves_alone(void **state)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct issues issues;
    (void)state;
    issues_init(&issues, arena, (struct str){ 0 });
    struct str small = make_text(arena, 1000, 1), noise = make_text(arena, 5000, 26);
    assert_false(encoding_encode(&small, ENCODING_GZIP, arena));
    assert_false(encoding_encode(&noise, ENCODING_NONE, arena));
    assert_true(encoding_decode(&small, STR("identity"), MOST, arena, &issues));
    assert_false(encoding_decode(&small, STR("br"), MOST, arena, &issues));
    assert_int_equal(issues.last->id, ISSUE_ENCODING_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chooses),
        cmocka_unit_test(comes_back),
        cmocka_unit_test(bombs_are_refused),
        cmocka_unit_test(leaves_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
