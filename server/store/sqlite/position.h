/* position.h - the place behind a page's last row, as opaque text: its sort values and its id. */
#ifndef SERVER_STORE_SQLITE_POSITION_H
#define SERVER_STORE_SQLITE_POSITION_H
#include "server/store/sqlite/render.h"

/* Columns [from, from + count) of the row that the statement stands on. */
struct str position_write(sqlite3_stmt *row, int from, size_t count, struct arena *arena);
/* Exactly `count` values into an array; false when the text is not such a position. */
bool position_read(struct render_bind *values, size_t count, struct str text);
#endif
