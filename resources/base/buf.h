/* buf.h - bytes that grow up to a stated maximum. */
#ifndef RESOURCES_BASE_BUF_H
#define RESOURCES_BASE_BUF_H
#include <stdbool.h>
#include <stddef.h>

#include "resources/base/str.h"

/* Grows in its arena. Past `most` bytes nothing more is added and is_over stays true: check it
 * once, at the end. */
struct buf {
    struct arena *arena;
    char *data;
    size_t len, room, most;
    bool is_over;
};

void buf_init(struct buf *buf, struct arena *arena, size_t most);
void buf_add(struct buf *buf, struct str bytes);
void buf_add_char(struct buf *buf, char c);
/* In decimal digits. */
void buf_add_number(struct buf *buf, uint64_t number);
void buf_print(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text between the quotes of a JSON string (RFC 8259 section 7). */
void buf_add_json(struct buf *buf, struct str text);
/* A JSON string with its quotes. */
void buf_add_json_string(struct buf *buf, struct str text);
/* Borrows; good until the next addition. NUL-terminated. */
struct str buf_str(struct buf *buf);
#endif
