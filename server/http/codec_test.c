/* codec_test.c - bytes and what becomes of them, fed whole, byte by byte and in thirds. */
#include "resources/base/test.h"

#include <string.h>

#include "resources/base/arena.h"
#include "server/http/codec.h"

static const struct http_limits LIMITS = {
    .head_bytes = 512, .headers = 8, .body_bytes = 64, .large_body_bytes = 128
};

#define GET "GET /fhir/metadata HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define POST "POST /fhir/Task HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define X16 "xxxxxxxxxxxxxxxx"
#define X64 X16 X16 X16 X16

/* status 0: accepted, text is then the body; -1: more is wanted. */
static const struct codec_case {
    const char *bytes;
    int status;
    const char *text;
    const char *claim;
} CASES[] = {
    { GET HOST "\r\n", 0, "", "the least request" },
    { "\r\n" GET HOST "\r\n", 0, "", "an empty line before the request line is ignored" },
    { "\r\n\r\n" GET HOST "\r\n", 400, "there is no request line", "two are not" },
    { "GET / HTTP/1.0\r\n\r\n", 0, "", "HTTP/1.0 needs no Host" },
    { "GET /a?b=c|d&e=%41 HTTP/1.1\r\n" HOST "\r\n", 0, "", "a bar may stand in the query" },
    { GET HOST "X: a\tb \xc3\xa9\r\n\r\n", 0, "", "tabs and bytes above ASCII in a value" },
    { GET HOST "X:\r\n\r\n", 0, "", "an empty value" },
    { GET HOST, -1, "", "the empty line is missing" },
    { "GET", -1, "", "the line is not whole" },
    { GET "\r\n", 400, "Host is missing", "HTTP/1.1 needs Host" },
    { GET HOST HOST "\r\n", 400, "Host is given twice", "even when the same" },
    { GET "Host: a b\r\n\r\n", 400, "Host is not a host and port", "a space" },
    { GET "Host: a, b\r\n\r\n", 400, "Host is not a host and port", "a list" },
    { GET "Host: a/b\r\n\r\n", 400, "Host is not a host and port", "a path" },
    { GET "Host: [::1]:8443\r\n\r\n", 0, "", "an IPv6 literal" },
    { "GET / HTTP/1.1\n" HOST "\r\n", 400, "a line does not end with CR LF", "bare LF" },
    { GET "Host: a\n\r\n", 400, "a line does not end with CR LF", "bare LF in a field" },
    { GET HOST "\n", 400, "a line does not end with CR LF", "bare LF at the end" },
    { GET "Host: a\rX: b\r\n\r\n", 400, "a header's value holds a control character", "bare CR" },
    { GET HOST "X: a\x01\r\n\r\n", 400, "a header's value holds a control character", "control" },
    { GET HOST "X: a\x7f\r\n\r\n", 400, "a header's value holds a control character", "DEL" },
    { GET HOST " folded\r\n\r\n", 400, "a header is folded over two lines", "obs-fold" },
    { GET " Host: a\r\n\r\n", 400, "a header is folded over two lines", "space before the first" },
    { GET "Host : a\r\n\r\n", 400, "a header's name is not a token before a colon", "a space" },
    { GET HOST "X\r\n\r\n", 400, "a header's name is not a token before a colon", "no colon" },
    { GET HOST ": x\r\n\r\n", 400, "a header's name is not a token before a colon", "no name" },
    { GET HOST "X(: x\r\n\r\n", 400, "a header's name is not a token before a colon", "bracket" },
    { "GET  / HTTP/1.1\r\n", 400, "the request line does not end with a version", "two spaces" },
    { "GET /\r\n", 400, "the request line does not have three parts", "HTTP/0.9" },
    { "GET / HTTP/1.1 \r\n", 400, "the request line does not end with a version", "a space more" },
    { "GET / http/1.1\r\n", 400, "the request line does not end with a version", "lower case" },
    { "GET / HTTP/1.2\r\n", 505, "only HTTP/1.1 and HTTP/1.0 are spoken here", "1.2" },
    { "PRI * HTTP/2.0\r\n", 505, "only HTTP/1.1 and HTTP/1.0 are spoken here", "HTTP/2" },
    { "get / HTTP/1.1\r\n", 501, "the method is not known here", "lower case" },
    { X16 "YYYYY / HTTP/1.1\r\n", 501, "the method is not known here", "too long" },
    { "G(T / HTTP/1.1\r\n", 400, "the method is not a token", "bracket" },
    { " / HTTP/1.1\r\n", 400, "the method is not a token", "none" },
    { "GET * HTTP/1.1\r\n", 400, "the target does not begin with '/'", "asterisk form" },
    { "GET http://a/ HTTP/1.1\r\n", 400, "the target does not begin with '/'", "absolute form" },
    { "CONNECT a:1 HTTP/1.1\r\n", 400, "the target does not begin with '/'", "authority form" },
    { "GET ?a HTTP/1.1\r\n", 400, "the target does not begin with '/'", "no path" },
    { "GET /a#b HTTP/1.1\r\n", 400, "the target holds a byte that must be percent-encoded",
      "fragment" },
    { "GET /a\tb HTTP/1.1\r\n", 400, "the target holds a byte that must be percent-encoded",
      "tab" },
    { "GET /\xc3\xa9 HTTP/1.1\r\n", 400, "the target holds a byte that must be percent-encoded",
      "UTF-8" },
    { "GET /a|b HTTP/1.1\r\n", 400, "the target holds a byte that must be percent-encoded",
      "a bar in the path" },
    { "GET /%4 HTTP/1.1\r\n", 400, "the target holds a percent sign that begins no escape",
      "half an escape" },
    { "GET /?a=%zz HTTP/1.1\r\n", 400, "the target holds a percent sign that begins no escape",
      "no hex" },
    { POST "Content-Length: 3\r\n\r\nabc", 0, "abc", "a body by its length" },
    { POST "content-length:  003 \r\n\r\nabc", 0, "abc", "any case, zeros, white space" },
    { POST "Content-Length: 0\r\n\r\n", 0, "", "no body" },
    { POST "Content-Length: 4\r\n\r\nabc", -1, "", "a byte is missing" },
    { POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\n", 400, "Content-Length is given twice",
      "even when the same" },
    { POST "Content-Length: 3, 3\r\n\r\n", 400, "Content-Length is not a number", "a list" },
    { POST "Content-Length: +5\r\n\r\n", 400, "Content-Length is not a number", "a sign" },
    { POST "Content-Length: -5\r\n\r\n", 400, "Content-Length is not a number", "a minus" },
    { POST "Content-Length: 0x5\r\n\r\n", 400, "Content-Length is not a number", "hex" },
    { POST "Content-Length: \r\n\r\n", 400, "Content-Length is not a number", "empty" },
    { POST "Content-Length: 5 5\r\n\r\n", 400, "Content-Length is not a number", "a space" },
    { POST "Content-Length: 64\r\n\r\n" X64, 0, X64, "as much as is allowed" },
    { POST "Content-Length: 65\r\n\r\n", 413, "the body is larger than body-bytes", "one more" },
    { "POST /fhir HTTP/1.1\r\n" HOST "Content-Length: 65\r\n\r\n" X64 "y", 0, X64 "y",
      "a transaction may be larger" },
    { "POST /fhir/ HTTP/1.1\r\n" HOST "Content-Length: 129\r\n\r\n", 413,
      "the body is larger than body-bytes", "but not without end" },
    { "PUT /fhir HTTP/1.1\r\n" HOST "Content-Length: 65\r\n\r\n", 413,
      "the body is larger than body-bytes", "and only when posted" },
    { POST "Content-Length: 99999999999999999999999999999999\r\n\r\n", 413,
      "the body is larger than body-bytes", "a number past 64 bits" },
    { POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
      "Content-Length and Transfer-Encoding are both given", "smuggling" },
    { POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
      "Transfer-Encoding is given twice", "two lines" },
    { POST "Transfer-Encoding: chunked, chunked\r\n\r\n", 501,
      "no Transfer-Encoding but chunked is known here", "a list" },
    { POST "Transfer-Encoding: gzip, chunked\r\n\r\n", 501,
      "no Transfer-Encoding but chunked is known here", "gzip" },
    { POST "Transfer-Encoding: xchunked\r\n\r\n", 501,
      "no Transfer-Encoding but chunked is known here", "look-alike" },
    { POST "Transfer-Encoding:\r\n\r\n", 400, "Transfer-Encoding is empty", "empty" },
    { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
      "HTTP/1.0 has no Transfer-Encoding", "1.0" },
    { CHUNKED "3\r\nabc\r\n0\r\n\r\n", 0, "abc", "one chunk" },
    { CHUNKED "3\r\nabc\r\n0a\r\n0123456789\r\n000\r\n\r\n", 0, "abc0123456789", "two chunks" },
    { CHUNKED "3;a=b; c=\"d\"\r\nabc\r\n0;x\r\n\r\n", 0, "abc", "extensions are ignored" },
    { CHUNKED "3 ;a\r\nabc\r\n0\r\n\r\n", 0, "abc", "bad white space before an extension" },
    { CHUNKED "0\r\nX-Sum: 1\r\n\r\n", 0, "", "a trailer is dropped" },
    { CHUNKED "0\r\n", -1, "", "the end of the trailer is missing" },
    { CHUNKED "0\r\nX Sum: 1\r\n\r\n", 400, "a header's name is not a token before a colon",
      "a trailer is checked" },
    { CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", 400, "a chunk's size is not a number", "0x" },
    { CHUNKED "+3\r\nabc\r\n0\r\n\r\n", 400, "a chunk's size is not a number", "a sign" },
    { CHUNKED "3 \r\nabc\r\n0\r\n\r\n", 400, "a chunk's size is not a number", "a space" },
    { CHUNKED "\r\n", 400, "a chunk's size is not a number", "empty" },
    { CHUNKED "g\r\n", 400, "a chunk's size is not a number", "no hex" },
    { CHUNKED "3\nabc\r\n0\r\n\r\n", 400, "a line does not end with CR LF", "bare LF" },
    { CHUNKED "3\r\nabcd\r\n0\r\n\r\n", 400, "a chunk is longer than its size", "longer" },
    { CHUNKED "3\r\nabc\n0\r\n\r\n", 400, "a line does not end with CR LF", "bare LF behind" },
    { CHUNKED "11111111111111111\r\n", 400, "a chunk's size is not a number", "past 64 bits" },
    { CHUNKED "ffffffffffffffff\r\n", 413, "the body is larger than body-bytes", "64 bits" },
    { CHUNKED "41\r\n", 413, "the body is larger than body-bytes", "past the limit" },
    { CHUNKED "40\r\n" X64 "\r\n1\r\n", 413, "the body is larger than body-bytes", "in sum" },
    { CHUNKED "3;" X64 X64 X64 X64, 400, "the line of a chunk is too long", "long extension" },
    { POST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", 0, "x", "an expectation" },
    { POST "Expect: tea\r\n\r\n", 417, "nothing but 100-continue can be expected here", "tea" },
    { "GET /" X64 X64 X64 X64 X64 X64 X64 X64, 414, "the request line is longer than head-bytes",
      "a long target" },
    { GET HOST "X: " X64 X64 X64 X64 X64 X64 X64 X64, 431, "the head is longer than head-bytes",
      "a long field" },
    { GET HOST "a:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\na:\r\n\r\n", 431,
      "there are more headers than headers allows", "nine of eight" },
};

/* Feeds `step` bytes at a time; what is not taken when the message is whole is not fed. */
static size_t feed_in_steps(struct codec *codec, struct str bytes, size_t step)
{
    size_t taken = 0;
    while (taken < bytes.len && codec->state < CODEC_DONE) {
        size_t count = codec_feed(codec, str_slice(bytes, taken, taken + step));
        assert_true(count > 0);
        taken += count;
    }
    return taken;
}

static void check_case(const struct codec_case *test, size_t step)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct codec codec;
    struct str bytes = str_of(test->bytes);
    codec_init(&codec, &LIMITS, STR("/fhir"), arena);
    size_t taken = feed_in_steps(&codec, bytes, step);
    int status = codec.state == CODEC_DONE ? 0 : codec.state == CODEC_FAILED ? 1 : -1;
    if (status == 1)
        status = codec.failure.status;
    struct str text = status > 0    ? str_of(codec.failure.text)
                      : status == 0 ? codec.request.body
                                    : STR("");
    if (status != test->status || !str_is(text, test->text))
        fail_msg("%s (by %zu): %d '" STR_FMT "', wanted %d '%s'", test->claim, step, status,
                 STR_ARG(text), test->status, test->text);
    if (status <= 0)
        assert_int_equal(taken, bytes.len);
}

static void bytes_have_one_outcome_however_they_are_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        check_case(&CASES[i], 1 << 20);
        check_case(&CASES[i], 1);
        check_case(&CASES[i], 3);
    }
}

static void a_request_is_cut_into_its_parts(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct codec codec;
    codec_init(&codec, &LIMITS, STR("/fhir"), arena);
    assert_true(codec_is_empty(&codec));
    codec_feed(&codec, STR("PUT /fhir/Task/1?a=b?c HTTP/1.1\r\nHost: a\r\nIf-Match: W/\"1\"  \r\n"
                           "IF-MATCH:\t2\r\nConnection: keep-alive, Close\r\n\r\n"));
    const struct http_request *request = &codec.request;
    struct str value;
    assert_int_equal(codec.state, CODEC_DONE);
    assert_true(str_is(request->method, "PUT"));
    assert_true(str_is(request->path, "/fhir/Task/1"));
    assert_true(str_is(request->query, "a=b?c"));
    assert_int_equal(request->header_count, 4);
    assert_true(str_is(http_header(request, "if-match"), "W/\"1\""));
    assert_true(http_header_at(request, "if-match", 1, &value));
    assert_true(str_is(value, "2"));
    assert_false(http_header_at(request, "if-match", 2, &value));
    assert_int_equal(http_header(request, "Accept").len, 0);
    assert_false(codec.is_keep_alive);
    assert_false(codec.wants_continue);
}

static void pipelined_requests_are_taken_one_by_one(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct codec codec;
    struct str bytes =
        STR(POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab" GET HOST "\r\n");
    codec_init(&codec, &LIMITS, STR("/fhir"), arena);
    size_t taken = codec_feed(&codec, bytes);
    assert_int_equal(codec.state, CODEC_DONE);
    assert_true(codec.wants_continue && codec.is_keep_alive);
    bytes = str_slice(bytes, taken, bytes.len);
    assert_true(str_starts(bytes, STR("GET")));
    codec_init(&codec, &LIMITS, STR("/fhir"), arena);
    assert_int_equal(codec_feed(&codec, bytes), bytes.len);
    assert_int_equal(codec.state, CODEC_DONE);
}

static void every_byte_is_judged_by_the_grammar(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct codec codec;
        bool is_alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        bool is_token = is_alnum || strchr("!#$%&'*+-.^_`|~", c) != NULL;
        bool is_path = is_alnum || strchr("-._~!$&'()*+,;=:@/?", c) != NULL;
        bool is_query = c > 0x20 && c < 0x7f && !strchr("\"#<>%", c);
        bool is_value = c == '\t' || (c >= 0x20 && c != 0x7f);
        struct {
            bool is_legal;
            struct str bytes;
        } const tries[] = {
            { is_token, str_print(arena, GET HOST "x%cx: y\r\n\r\n", c) },
            { is_path, str_print(arena, "GET /x%cx HTTP/1.1\r\n" HOST "\r\n", c) },
            { is_query, str_print(arena, "GET /?x%cx HTTP/1.1\r\n" HOST "\r\n", c) },
            { is_value, str_print(arena, GET HOST "x: y%cy\r\n\r\n", c) },
        };
        for (size_t i = 0; i < COUNT(tries); i++) {
            if (c == ':' && i == 0)
                continue; /* ends the name */
            codec_init(&codec, &LIMITS, STR("/fhir"), arena);
            codec_feed(&codec, tries[i].bytes);
            if ((codec.state == CODEC_DONE) != tries[i].is_legal)
                fail_msg("byte 0x%02x in place %zu", (unsigned)c, i);
        }
    }
}

static void a_nul_is_refused_everywhere(void **state)
{
    (void)state;
    static const char TEXT[] = "GET /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    for (size_t at = 0; at < sizeof TEXT - 1; at++) {
        CLOSING_ARENA struct arena *arena = arena_open();
        struct codec codec;
        char bytes[sizeof TEXT];
        memcpy(bytes, TEXT, sizeof TEXT);
        bytes[at] = '\0';
        codec_init(&codec, &LIMITS, STR("/fhir"), arena);
        codec_feed(&codec, (struct str){ bytes, sizeof TEXT - 1 });
        assert_int_not_equal(codec.state, CODEC_DONE);
    }
}

static void a_large_body_arrives_whole(void **state)
{
    (void)state;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct http_limits limits = LIMITS;
    struct codec codec;
    enum { SIZE = 5000000, STEP = 16384 };
    limits.body_bytes = SIZE;
    char *body = arena_alloc_raw(arena, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        body[i] = (char)(i * 31 % 251);
    codec_init(&codec, &limits, STR("/fhir"), arena);
    codec_feed(&codec, STR(POST "Content-Length: 5000000\r\n\r\n"));
    for (size_t at = 0; at < SIZE; at += STEP)
        codec_feed(&codec, str_slice((struct str){ body, SIZE }, at, at + STEP));
    assert_int_equal(codec.state, CODEC_DONE);
    assert_true(str_equal(codec.request.body, (struct str){ body, SIZE }));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_have_one_outcome_however_they_are_cut),
        cmocka_unit_test(a_request_is_cut_into_its_parts),
        cmocka_unit_test(pipelined_requests_are_taken_one_by_one),
        cmocka_unit_test(every_byte_is_judged_by_the_grammar),
        cmocka_unit_test(a_nul_is_refused_everywhere),
        cmocka_unit_test(a_large_body_arrives_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
