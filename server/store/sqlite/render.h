/* render.h - a search plan as SQLite's SQL: the conditions, the order, the viewer. */
#ifndef SERVER_STORE_SQLITE_RENDER_H
#define SERVER_STORE_SQLITE_RENDER_H
#include "resources/base/buf.h"
#include "server/store/sqlite/sqlite.h"

/* A value for the next '?' of the text. */
struct render_bind {
    enum render_type { RENDER_INTEGER, RENDER_REAL, RENDER_TEXT, RENDER_NULL } type;
    int64_t integer;
    double real;
    struct str text;
};
enum { RENDER_MOST_BINDS = 32000, RENDER_MOST_TEXT = 4 << 20 };
struct render {
    struct sqlite *sqlite;
    struct db *db;
    struct arena *arena;
    const struct viewer *viewer; /* NULL: the server itself */
    const struct search_plan *plan;
    uint64_t snapshot;
    int64_t type; /* key of the plan's type */
    struct buf sql;
    struct render_bind *binds;
    size_t bind_count, bind_room;
};
/* Takes everything but the text and its values from `like`. */
void render_begin(struct render *render, const struct render *like);
void render_add(struct render *render, const char *text);
void render_integer(struct render *render, int64_t value);
void render_value(struct render *render, const struct render_bind *value);
/* The statement, bound, ready to step; NULL when it is too large or the database fails. */
sqlite3_stmt *render_statement(struct render *render);

/* What a query starts from: the index of one condition, or every version of the type in the order
 * of time. */
enum { RENDER_BY_TIME = -1 };
/* True when a query can start from this condition's index. */
bool render_can_drive(const struct search_condition *condition);
/* True for a condition on the time of the version itself. */
bool render_is_time(const struct search_condition *condition);
/* A SELECT of the versions that the condition's index holds. */
void render_driver(struct render *render, const struct search_condition *condition);
/* A SELECT of the versions of the type in the stretch of time that _lastUpdated leaves. */
void render_time(struct render *render);
/* " FROM version v ... WHERE ...": all conditions, the snapshot, the viewer. v is the version; r
 * its resource, when it is asked for. */
void render_from(struct render *render, int driver, bool has_resource);
/* The value that v is sorted by, NULL when it has none. */
void render_sort_key(struct render *render, const struct search_sort *sort);
#endif
