/* http.c - reading a request's fields, and putting an answer's together. */
#include "server/http/http.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

#include "resources/base/arena.h"

bool http_header_at(const struct http_request *request, const char *name, size_t n,
                    struct str *value)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        if (header->name.len != length || strncasecmp(header->name.data, name, length) != 0)
            continue;
        if (n-- == 0) {
            *value = header->value;
            return true;
        }
    }
    return false;
}

struct str http_header(const struct http_request *request, const char *name)
{
    struct str value = { NULL, 0 };
    http_header_at(request, name, 0, &value);
    return value;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool http_decode(struct str *out, struct str text, bool is_query, struct arena *arena)
{
    char *decoded = arena_alloc_raw(arena, text.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '+' && is_query)
            c = ' ';
        if (c == '%') {
            int high = text.len - i > 2 ? hex_digit(text.data[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text.data[i + 2]) : -1;
            if (low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
            return false;
        decoded[length++] = c;
    }
    decoded[length] = '\0';
    *out = (struct str){ decoded, length };
    return true;
}

void http_answer_header(struct http_answer *answer, const char *name, struct str value)
{
    assert(answer->header_count < HTTP_MOST_ANSWER_HEADERS);
    answer->headers[answer->header_count++] = (struct http_header){ str_of(name), value };
}
