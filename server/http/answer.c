/* answer.c - writing the head of an answer, and the refusals of the HTTP layer. */
#include "server/http/answer.h"

#include <string.h>
#include <strings.h>

#include "resources/base/arena.h"

static const struct status_text {
    int status;
    const char *reason;
    const char *issue; /* FHIR issue type of a refusal */
} STATUS_TEXTS[] = {
    { 200, "OK", NULL },
    { 201, "Created", NULL },
    { 202, "Accepted", NULL },
    { 204, "No Content", NULL },
    { 303, "See Other", NULL },
    { 304, "Not Modified", NULL },
    { 400, "Bad Request", "invalid" },
    { 401, "Unauthorized", "login" },
    { 403, "Forbidden", "forbidden" },
    { 404, "Not Found", "not-found" },
    { 405, "Method Not Allowed", "not-supported" },
    { 406, "Not Acceptable", "not-supported" },
    { 408, "Request Timeout", "timeout" },
    { 409, "Conflict", "conflict" },
    { 410, "Gone", "deleted" },
    { 411, "Length Required", "invalid" },
    { 412, "Precondition Failed", "conflict" },
    { 413, "Content Too Large", "too-long" },
    { 414, "URI Too Long", "too-long" },
    { 415, "Unsupported Media Type", "not-supported" },
    { 417, "Expectation Failed", "not-supported" },
    { 421, "Misdirected Request", "invalid" },
    { 422, "Unprocessable Content", "processing" },
    { 425, "Too Early", "transient" },
    { 428, "Precondition Required", "required" },
    { 429, "Too Many Requests", "throttled" },
    { 431, "Request Header Fields Too Large", "too-long" },
    { 500, "Internal Server Error", "exception" },
    { 501, "Not Implemented", "not-supported" },
    { 502, "Bad Gateway", "transient" },
    { 503, "Service Unavailable", "transient" },
    { 504, "Gateway Timeout", "timeout" },
    { 505, "HTTP Version Not Supported", "not-supported" },
};

/* Added where the answer does not say otherwise. */
static const struct default_header {
    const char *name, *value;
} DEFAULTS[] = {
    { "Cache-Control", "no-store" },
    { "X-Content-Type-Options", "nosniff" },
    { "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
};

static const struct status_text *find_status(int status)
{
    for (size_t i = 0; i < COUNT(STATUS_TEXTS); i++)
        if (STATUS_TEXTS[i].status == status)
            return &STATUS_TEXTS[i];
    return NULL;
}

const char *answer_reason(int status)
{
    const struct status_text *found = find_status(status);
    return found ? found->reason : "Unknown";
}

static void add_header(struct buf *head, struct str name, struct str value)
{
    buf_add(head, name);
    buf_add(head, STR(": "));
    size_t plain = 0;
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if ((c >= 0x20 && c != 0x7f) || c == '\t')
            continue;
        buf_add(head, str_slice(value, plain, i));
        buf_add_char(head, '?');
        plain = i + 1;
    }
    buf_add(head, str_slice(value, plain, value.len));
    buf_add(head, STR("\r\n"));
}

static bool has_header(const struct http_answer *answer, struct str name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (answer->headers[i].name.len == name.len &&
            strncasecmp(answer->headers[i].name.data, name.data, name.len) == 0)
            return true;
    return false;
}

void answer_write_head(struct buf *head, const struct http_answer *answer,
                       const struct answer_context *context)
{
    buf_add(head, STR("HTTP/1.1 "));
    buf_add_number(head, (uint64_t)answer->status);
    buf_add_char(head, ' ');
    buf_add(head, str_of(answer_reason(answer->status)));
    buf_add(head, STR("\r\n"));
    add_header(head, STR("Date"), context->date);
    add_header(head, STR("X-Request-Id"), context->request_id);
    for (size_t i = 0; i < answer->header_count; i++)
        add_header(head, answer->headers[i].name, answer->headers[i].value);
    for (size_t i = 0; i < COUNT(DEFAULTS); i++)
        if (!has_header(answer, str_of(DEFAULTS[i].name)))
            add_header(head, str_of(DEFAULTS[i].name), str_of(DEFAULTS[i].value));
    /* RFC 9110 section 8.6: never with 204; a 304 has no body either */
    if (answer->status != 204 && answer->status != 304) {
        buf_add(head, STR("Content-Length: "));
        buf_add_number(head, answer->body.len);
        buf_add(head, STR("\r\n"));
    }
    if (!context->is_keep_alive)
        buf_add(head, STR("Connection: close\r\n"));
    buf_add(head, STR("\r\n"));
}

void answer_fill_refusal(struct http_answer *answer, int status, const char *text,
                         struct arena *arena)
{
    const struct status_text *found = find_status(status);
    *answer = (struct http_answer){ .status = status };
    http_answer_header(answer, "Content-Type", STR("application/fhir+json; charset=utf-8"));
    answer->body =
        str_print(arena,
                  "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\","
                  "\"code\":\"%s\",\"details\":{\"text\":\"%s\"}}]}",
                  found && found->issue ? found->issue : "processing", text);
}
