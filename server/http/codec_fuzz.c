/* codec_fuzz.c - fuzz target: a message means the same however it is cut, and nothing illegal gets
 * through. */
#include <assert.h>

#include "resources/base/arena.h"
#include "server/http/answer.h"
#include "server/http/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const struct http_limits LIMITS = {
    .head_bytes = 1024, .headers = 16, .body_bytes = 4096, .large_body_bytes = 16384
};

/* Feeds pieces whose lengths come from the input itself (step 0: all at once). */
static void feed(struct codec *codec, struct str text, size_t step, struct arena *arena)
{
    codec_init(codec, &LIMITS, STR("/fhir"), arena);
    size_t taken = 0, seed = text.len;
    while (taken < text.len && codec->state < CODEC_DONE) {
        seed = seed * 31 + (unsigned char)text.data[taken];
        size_t length = step ? 1 + seed % step : text.len;
        struct str piece = str_slice(text, taken, taken + length);
        size_t count = codec_feed(codec, piece);
        assert(count > 0 && count <= piece.len);
        assert(count == piece.len || codec->state >= CODEC_DONE);
        taken += count;
    }
}

static void check_same(const struct codec *a, const struct codec *b)
{
    assert(a->state == b->state && a->is_keep_alive == b->is_keep_alive);
    assert(a->failure.status == b->failure.status && a->failure.text == b->failure.text);
    if (a->state != CODEC_DONE)
        return;
    assert(str_equal(a->request.method, b->request.method));
    assert(str_equal(a->request.path, b->request.path));
    assert(str_equal(a->request.query, b->request.query));
    assert(str_equal(a->request.body, b->request.body));
    assert(a->request.header_count == b->request.header_count);
    for (size_t i = 0; i < a->request.header_count; i++) {
        assert(str_equal(a->request.headers[i].name, b->request.headers[i].name));
        assert(str_equal(a->request.headers[i].value, b->request.headers[i].value));
    }
}

static void check_no_control(struct str text, bool has_space)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        assert(c != '\r' && c != '\n' && c != 0 && c != 0x7f);
        assert(has_space || (c > 0x20 && c < 0x7f));
    }
}

static void check_request(const struct http_request *request, struct arena *arena)
{
    struct str decoded;
    assert(request->path.len > 0 && request->path.data[0] == '/');
    assert(request->header_count <= LIMITS.headers);
    assert(request->body.len <= LIMITS.large_body_bytes);
    check_no_control(request->method, false);
    check_no_control(request->path, false);
    check_no_control(request->query, false);
    for (size_t i = 0; i < request->header_count; i++) {
        check_no_control(request->headers[i].name, false);
        check_no_control(request->headers[i].value, true);
    }
    if (http_decode(&decoded, request->query, true, arena))
        assert(decoded.len <= request->query.len);
}

/* What a client sends, sent back in headers, makes no further lines. */
static void check_answer(const struct codec *codec, struct str text, struct arena *arena)
{
    struct http_answer answer = { .status = 200, .body = codec->request.body };
    struct answer_context context = { .request_id = STR("1"), .date = STR("-") };
    struct buf head;
    size_t lines = 0;
    http_answer_header(&answer, "X-Text", text);
    http_answer_header(&answer, "X-Method", codec->request.method);
    buf_init(&head, arena, 1 << 20);
    answer_write_head(&head, &answer, &context);
    for (size_t i = 0; i < head.len; i++)
        lines += head.data[i] == '\n';
    assert(lines == 11);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const size_t STEPS[] = { 1, 3, 17, 200 };
    CLOSING_ARENA struct arena *arena = arena_open();
    struct str text = { (const char *)bytes, size };
    struct codec whole, cut;
    feed(&whole, text, 0, arena);
    for (size_t i = 0; i < COUNT(STEPS); i++) {
        feed(&cut, text, STEPS[i], arena);
        check_same(&whole, &cut);
    }
    if (whole.state == CODEC_DONE)
        check_request(&whole.request, arena);
    if (whole.state == CODEC_FAILED)
        assert(whole.failure.status >= 400 && whole.failure.text && !whole.is_keep_alive);
    check_answer(&whole, str_slice(text, 0, 4096), arena);
    return 0;
}
