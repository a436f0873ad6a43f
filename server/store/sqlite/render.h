/* render.h - a search plan as SQLite's SQL: the text and its values, the viewer, the order. */
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
enum { RENDER_MOST_BINDS = 32000, RENDER_MOST_TEXT = 4 << 20, RENDER_ALIAS = 16 };
struct render {
    struct sqlite *sqlite;
    struct db *db;
    struct arena *arena;
    const struct viewer *viewer; /* NULL: the server itself */
    const struct search_plan *plan;
    uint64_t snapshot;
    struct buf sql, with; /* the statement; and what stands before it, as WITH has it */
    struct render_bind *binds;
    size_t bind_count, bind_room;
    unsigned aliases; /* given out */
    unsigned nesting; /* of EXISTS in EXISTS */
};
/* Takes everything but the text and its values from `like`. */
void render_begin(struct render *render, const struct render *like);
void render_add(struct render *render, const char *text);
/* The text with each '@' replaced by the alias. */
void render_of(struct render *render, const char *text, const char *alias);
void render_integer(struct render *render, int64_t value);
void render_text(struct render *render, struct str text);
void render_value(struct render *render, const struct render_bind *value);
/* The statement, bound, ready to step; NULL when it is too large or the database fails. */
sqlite3_stmt *render_statement(struct render *render);

/* What is added between these two becomes a table of that name, before the statement: SQLite's
 * parser takes few brackets in one another, and many tables. */
struct buf render_table_begin(struct render *render);
void render_table_end(struct render *render, struct buf kept, const char *name,
                      bool is_materialized);
/* A name for a table in the text that no other has: the letter and a number. */
void render_alias(struct render *render, char *alias, char letter);
/* " = ?" or " IN (...)": the key of the type, or those of the types. */
void render_types(struct render *render, const struct str *types, size_t count);
/* The same for a parameter's code on these types. */
void render_parameter(struct render *render, const struct str *types, size_t count,
                      struct str code);
/* Key of the parameter, NAME_UNKNOWN when no record ever had it. */
int64_t render_parameter_key(struct render *render, struct str type, struct str code);
/* Whether records of one of the types have urls, by which canonicals lead to them. */
bool render_has_url(struct render *render, const struct str *types, size_t count);
/* " AND ...": the version lives at the snapshot, has its index rows, and the viewer may see it: the
 * one place where a viewer narrows a query. */
void render_alive(struct render *render, const char *version);

/* What a query starts from: the index of one condition, or every version of the types in the order
 * of time. */
enum { RENDER_BY_TIME = -1 };
/* A SELECT of the versions of the types in the stretch of time that _lastUpdated leaves. */
void render_time(struct render *render);
/* " FROM version v ... WHERE ...": all conditions, the snapshot, the viewer. v is the version; r
 * its resource, when it is asked for. */
void render_from(struct render *render, int driver, bool has_resource);
/* The value that v is sorted by, NULL when it has none. */
void render_sort_key(struct render *render, const struct search_sort *sort);
#endif
