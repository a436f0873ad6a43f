/* codec.c - feeding: line by line in heads and around chunks, by runs of bytes in bodies. */
#include "server/http/codec.h"

#include <string.h>
#include <strings.h>

/* What a byte may stand in. */
enum byte_class {
    IN_TOKEN = 1, /* RFC 9110 section 5.6.2 */
    IN_PATH = 2,  /* RFC 3986 pchar, "/" and "%" */
    IN_QUERY = 4, /* and what clients send there unescaped: all of ASCII that is seen but " # < > */
    IN_VALUE = 8, /* RFC 9110 section 5.5: field-vchar, obs-text, space and tab */
    IN_HOST = 16, /* RFC 3986 host and port, but no comma: merged fields are told apart */
    IN_HEX = 32
};
static const uint8_t BYTES[256] = {
    /* a test holds this against the grammar */
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x08, 0x1f, 0x08, 0x09, 0x1f, 0x1f, 0x1f, 0x1f, 0x1e, 0x1e, 0x1f, 0x1f, 0x0e, 0x1f, 0x1f, 0x0e,
    0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x1e, 0x1e, 0x08, 0x1e, 0x08, 0x0c,
    0x0e, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f,
    0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1c, 0x0c, 0x1c, 0x0d, 0x1f,
    0x0d, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f,
    0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x1f, 0x0c, 0x0d, 0x0c, 0x1f, 0x00,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
    0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
};

/* A body is reserved in full only when this much of it has come. */
enum { FIRST_BODY_ROOM = 1 << 20, LEAST_BODY_ROOM = 4096 };

static bool fail(struct codec *codec, int status, const char *text)
{
    codec->state = CODEC_FAILED;
    codec->failure = (struct codec_failure){ status, text };
    codec->is_keep_alive = false;
    return false;
}

static bool is_all(struct str text, enum byte_class class)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(BYTES[(unsigned char)text.data[i]] & class))
            return false;
    return true;
}

static bool is_name(struct str text, const char *name)
{
    return text.len == strlen(name) && strncasecmp(text.data, name, text.len) == 0;
}

/* Optional white space is space and tab alone (RFC 9110 section 5.6.3). */
static struct str trim(struct str text)
{
    while (text.len && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = str_slice(text, 1, text.len);
    while (text.len && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
        text.len--;
    return text;
}

static bool has_whole_escapes(struct str text)
{
    for (size_t at = str_find(text, '%', 0); at < text.len; at = str_find(text, '%', at + 1))
        if (text.len - at < 3 || !is_all(str_slice(text, at + 1, at + 3), IN_HEX))
            return false;
    return true;
}

static bool check_target(struct codec *codec, struct str target)
{
    struct str query = target, path = str_cut(&query, '?');
    if (path.len == 0 || path.data[0] != '/')
        return fail(codec, 400, "the target does not begin with '/'");
    if (!is_all(path, IN_PATH) || !is_all(query, IN_QUERY))
        return fail(codec, 400, "the target holds a byte that must be percent-encoded");
    if (!has_whole_escapes(target))
        return fail(codec, 400, "the target holds a percent sign that begins no escape");
    return true;
}

static bool read_version(struct codec *codec, struct str version)
{
    if (str_is(version, "HTTP/1.1"))
        return true;
    codec->is_old = true;
    if (str_is(version, "HTTP/1.0"))
        return true;
    bool is_version =
        version.len == 8 && str_starts(version, STR("HTTP/")) && version.data[6] == '.';
    return fail(codec, is_version ? 505 : 400,
                is_version ? "only HTTP/1.1 and HTTP/1.0 are spoken here"
                           : "the request line does not end with a version");
}

static bool read_request_line(struct codec *codec, struct str line)
{
    if (line.len == 0) {
        if (codec->empty_lines++ < CODEC_MOST_EMPTY_LINES)
            return true;
        return fail(codec, 400, "there is no request line");
    }
    size_t first = str_find(line, ' ', 0), second = str_find(line, ' ', first + 1);
    if (second >= line.len)
        return fail(codec, 400, "the request line does not have three parts");
    struct str method = str_slice(line, 0, first);
    if (method.len == 0 || !is_all(method, IN_TOKEN))
        return fail(codec, 400, "the method is not a token");
    if (!read_version(codec, str_slice(line, second + 1, line.len)))
        return false;
    for (size_t i = 0; i < method.len; i++)
        if (method.len > CODEC_MOST_METHOD || method.data[i] < 'A' || method.data[i] > 'Z')
            return fail(codec, 501, "the method is not known here");
    if (!check_target(codec, str_slice(line, first + 1, second)))
        return false;
    codec->line = (struct codec_field){ codec->line_start, first, codec->line_start + first + 1,
                                        second - first - 1 };
    codec->step = STEP_FIELD;
    return true;
}

/* Cuts a field line into name and trimmed value. */
static bool cut_field(struct codec *codec, struct str line, struct str *name, struct str *value)
{
    if (line.data[0] == ' ' || line.data[0] == '\t')
        return fail(codec, 400, "a header is folded over two lines");
    size_t colon = str_find(line, ':', 0);
    *name = str_slice(line, 0, colon);
    *value = trim(str_slice(line, colon + 1, line.len));
    if (colon == line.len || name->len == 0 || !is_all(*name, IN_TOKEN))
        return fail(codec, 400, "a header's name is not a token before a colon");
    if (!is_all(*value, IN_VALUE))
        return fail(codec, 400, "a header's value holds a control character");
    return true;
}

/* What the fields say of the message as a whole. */
struct framing {
    unsigned hosts, lengths, codings;
    uint64_t length;
    bool is_close;
};

static bool read_host(struct codec *codec, struct framing *framing, struct str value)
{
    if (framing->hosts++ > 0)
        return fail(codec, 400, "Host is given twice");
    return is_all(value, IN_HOST) || fail(codec, 400, "Host is not a host and port");
}

static bool read_length(struct codec *codec, struct framing *framing, struct str value)
{
    if (framing->lengths++ > 0)
        return fail(codec, 400, "Content-Length is given twice");
    if (value.len == 0)
        return fail(codec, 400, "Content-Length is not a number");
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return fail(codec, 400, "Content-Length is not a number");
        /* Past any limit a number of any length is just too large. */
        framing->length = framing->length > UINT64_MAX / 20
                              ? framing->length
                              : framing->length * 10 + (uint64_t)(value.data[i] - '0');
    }
    return true;
}

static bool read_coding(struct codec *codec, struct framing *framing, struct str value)
{
    if (framing->codings++ > 0)
        return fail(codec, 400, "Transfer-Encoding is given twice");
    if (value.len == 0)
        return fail(codec, 400, "Transfer-Encoding is empty");
    return is_name(value, "chunked") ||
           fail(codec, 501, "no Transfer-Encoding but chunked is known here");
}

static bool read_connection(struct codec *codec, struct framing *framing, struct str value)
{
    (void)codec;
    while (value.data)
        framing->is_close |= is_name(trim(str_cut(&value, ',')), "close");
    return true;
}

static bool read_expect(struct codec *codec, struct framing *framing, struct str value)
{
    (void)framing;
    if (codec->is_old)
        return true;
    if (!is_name(value, "100-continue"))
        return fail(codec, 417, "nothing but 100-continue can be expected here");
    codec->wants_continue = true;
    return true;
}

static const struct framing_field {
    const char *name;
    size_t length;
    bool (*read)(struct codec *codec, struct framing *framing, struct str value);
} FRAMING_FIELDS[] = {
    { "Host", 4, read_host },
    { "Content-Length", 14, read_length },
    { "Transfer-Encoding", 17, read_coding },
    { "Connection", 10, read_connection },
    { "Expect", 6, read_expect },
};

static bool read_framing(struct codec *codec, struct framing *framing)
{
    for (size_t i = 0; i < codec->request.header_count; i++) {
        struct http_header header = codec->request.headers[i];
        for (size_t f = 0; f < COUNT(FRAMING_FIELDS); f++)
            if (header.name.len == FRAMING_FIELDS[f].length &&
                is_name(header.name, FRAMING_FIELDS[f].name) &&
                !FRAMING_FIELDS[f].read(codec, framing, header.value))
                return false;
    }
    if (framing->hosts == 0 && !codec->is_old)
        return fail(codec, 400, "Host is missing");
    if (framing->codings && framing->lengths)
        return fail(codec, 400, "Content-Length and Transfer-Encoding are both given");
    if (framing->codings && codec->is_old)
        return fail(codec, 400, "HTTP/1.0 has no Transfer-Encoding");
    return true;
}

/* Points the request into the head, which will not move any more. */
static void fill_request(struct codec *codec)
{
    struct str head = buf_str(&codec->head);
    struct http_request *request = &codec->request;
    const struct codec_field *line = &codec->line;
    request->method = str_slice(head, line->name, line->name + line->name_length);
    request->query = str_slice(head, line->value, line->value + line->value_length);
    request->path = str_cut(&request->query, '?');
    const struct codec_field *fields = (const void *)codec->fields.data;
    struct http_header *headers =
        arena_alloc_raw(codec->arena, codec->field_count * sizeof *headers);
    for (size_t i = 0; i < codec->field_count; i++)
        headers[i] = (struct http_header){
            str_slice(head, fields[i].name, fields[i].name + fields[i].name_length),
            str_slice(head, fields[i].value, fields[i].value + fields[i].value_length),
        };
    request->headers = headers;
    request->header_count = codec->field_count;
}

static bool is_base(const struct codec *codec)
{
    struct str path = codec->request.path;
    if (str_ends(path, STR("/")))
        path.len--;
    return str_is(codec->request.method, "POST") && str_equal(path, codec->base_path);
}

static bool end_head(struct codec *codec)
{
    struct framing framing = { 0 };
    fill_request(codec);
    if (!read_framing(codec, &framing))
        return false;
    codec->most_body = is_base(codec) ? codec->limits->large_body_bytes : codec->limits->body_bytes;
    if (framing.length > codec->most_body)
        return fail(codec, 413, "the body is larger than body-bytes");
    codec->is_keep_alive = !codec->is_old && !framing.is_close;
    codec->is_chunked = framing.codings > 0;
    codec->left = framing.length;
    codec->state = codec->is_chunked || codec->left ? CODEC_BODY : CODEC_DONE;
    codec->step = codec->is_chunked ? STEP_CHUNK_SIZE : STEP_FIXED;
    if (codec->is_chunked) /* the head stays; lines of chunks go elsewhere */
        buf_init(&codec->head, codec->arena, CODEC_MOST_CHUNK_LINE + CODEC_MOST_TRAILER);
    return true;
}

static bool read_field(struct codec *codec, struct str line)
{
    struct str name, value;
    if (line.len == 0)
        return end_head(codec);
    if (!cut_field(codec, line, &name, &value))
        return false;
    if (codec->field_count == codec->limits->headers)
        return fail(codec, 431, "there are more headers than headers allows");
    const char *start = codec->head.data;
    struct codec_field field = { (size_t)(name.data - start), name.len,
                                 (size_t)(value.data - start), value.len };
    buf_add(&codec->fields, (struct str){ (const char *)&field, sizeof field });
    codec->field_count++;
    return true;
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* chunk-size [ chunk-ext ] (RFC 9112 section 7.1). Extensions are ignored, and bounded. */
static bool read_chunk_size(struct codec *codec, struct str line)
{
    size_t digits = 0;
    uint64_t size = 0;
    while (digits < line.len && (BYTES[(unsigned char)line.data[digits]] & IN_HEX)) {
        if (size > UINT64_MAX / 16)
            return fail(codec, 400, "a chunk's size is not a number");
        size = size * 16 + (uint64_t)hex_digit(line.data[digits++]);
    }
    struct str extension = str_slice(line, digits, line.len);
    codec->extension_bytes += extension.len;
    bool is_extension =
        extension.len == 0 || (trim(extension).len && trim(extension).data[0] == ';');
    if (digits == 0 || !is_extension || !is_all(extension, IN_VALUE))
        return fail(codec, 400, "a chunk's size is not a number");
    if (codec->extension_bytes > CODEC_MOST_CHUNK_EXTENSIONS)
        return fail(codec, 400, "the chunks have too many extensions");
    if (size > codec->most_body - codec->body_length)
        return fail(codec, 413, "the body is larger than body-bytes");
    codec->left = size;
    codec->step = size ? STEP_CHUNK_BYTES : STEP_TRAILER;
    return true;
}

static bool read_chunk_end(struct codec *codec, struct str line)
{
    (void)line; /* its limit leaves room for the line end alone */
    codec->step = STEP_CHUNK_SIZE;
    return true;
}

static void end_body(struct codec *codec)
{
    codec->request.body = (struct str){ codec->body, codec->body_length };
    codec->state = CODEC_DONE;
}

/* Trailer fields are checked and dropped (RFC 9110 section 6.5.1). */
static bool read_trailer(struct codec *codec, struct str line)
{
    struct str name, value;
    if (line.len) {
        codec->trailer_bytes += line.len + 2;
        return cut_field(codec, line, &name, &value);
    }
    end_body(codec);
    return true;
}

/* The steps that take lines. Past its limit a line, with its end, is refused. */
static const struct line_step {
    bool (*read)(struct codec *codec, struct str line);
    int status;
    const char *text;
} LINE_STEPS[] = {
    [STEP_REQUEST_LINE] = { read_request_line, 414, "the request line is longer than head-bytes" },
    [STEP_FIELD] = { read_field, 431, "the head is longer than head-bytes" },
    [STEP_CHUNK_SIZE] = { read_chunk_size, 400, "the line of a chunk is too long" },
    [STEP_CHUNK_END] = { read_chunk_end, 400, "a chunk is longer than its size" },
    [STEP_TRAILER] = { read_trailer, 431, "the trailer is too long" },
};

static size_t most_line(const struct codec *codec)
{
    switch (codec->step) {
    case STEP_CHUNK_SIZE:
        return CODEC_MOST_CHUNK_LINE;
    case STEP_CHUNK_END:
        return 2;
    case STEP_TRAILER:
        return CODEC_MOST_TRAILER - codec->trailer_bytes;
    case STEP_REQUEST_LINE:
    case STEP_FIELD:
    case STEP_FIXED:
    case STEP_CHUNK_BYTES:
        break;
    }
    return codec->limits->head_bytes - codec->line_start;
}

static size_t feed_line(struct codec *codec, struct str bytes)
{
    const struct line_step *step = &LINE_STEPS[codec->step];
    size_t end = str_find(bytes, '\n', 0);
    size_t count = end < bytes.len ? end + 1 : bytes.len;
    if (codec->head.len - codec->line_start + count > most_line(codec)) {
        fail(codec, step->status, step->text);
        return count;
    }
    buf_add(&codec->head, str_slice(bytes, 0, count));
    if (end == bytes.len)
        return count;
    struct str line = str_slice(buf_str(&codec->head), codec->line_start, codec->head.len);
    if (line.len < 2 || line.data[line.len - 2] != '\r') {
        fail(codec, 400, "a line does not end with CR LF");
        return count;
    }
    line.len -= 2;
    bool is_head = codec->state == CODEC_HEAD;
    if (!step->read(codec, line))
        return count;
    if (!is_head)
        codec->head.len = 0;
    codec->line_start = codec->head.len;
    return count;
}

static void reserve_body(struct codec *codec, size_t need)
{
    if (need < codec->body_room)
        return;
    size_t room = codec->body_room * 2;
    if (!codec->is_chunked) {
        size_t whole = codec->body_length + (size_t)codec->left;
        room = whole < FIRST_BODY_ROOM || codec->body_room ? whole : FIRST_BODY_ROOM;
    }
    if (room < LEAST_BODY_ROOM)
        room = LEAST_BODY_ROOM;
    while (room < need)
        room *= 2;
    char *body = arena_alloc_raw(codec->arena, room + 1);
    if (codec->body_length)
        memcpy(body, codec->body, codec->body_length);
    codec->body = body;
    codec->body_room = room + 1;
}

static size_t feed_body(struct codec *codec, struct str bytes)
{
    size_t count = bytes.len < codec->left ? bytes.len : (size_t)codec->left;
    reserve_body(codec, codec->body_length + count);
    memcpy(codec->body + codec->body_length, bytes.data, count);
    codec->body_length += count;
    codec->body[codec->body_length] = '\0'; /* kind to parsers that read one byte on */
    codec->left -= count;
    if (codec->left)
        return count;
    if (codec->is_chunked)
        codec->step = STEP_CHUNK_END;
    else
        end_body(codec);
    return count;
}

void codec_init(struct codec *codec, const struct http_limits *limits, struct str base_path,
                struct arena *arena)
{
    *codec = (struct codec){ .limits = limits, .base_path = base_path, .arena = arena };
    buf_init(&codec->head, arena, limits->head_bytes);
    buf_init(&codec->fields, arena, limits->headers * sizeof(struct codec_field));
}

size_t codec_feed(struct codec *codec, struct str bytes)
{
    size_t taken = 0;
    while (taken < bytes.len && codec->state < CODEC_DONE) {
        struct str rest = str_slice(bytes, taken, bytes.len);
        bool is_body = codec->step == STEP_FIXED || codec->step == STEP_CHUNK_BYTES;
        taken += is_body ? feed_body(codec, rest) : feed_line(codec, rest);
    }
    return taken;
}

bool codec_is_empty(const struct codec *codec)
{
    return codec->state == CODEC_HEAD && codec->head.len == 0;
}
