/* compiler.c - adds rows to the database that is being written. */
#include "resources/fhir/definitions/compiler.h"

#include <assert.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_JSON = 128 << 20 };

struct row compiler_row(struct compiler *compiler, enum insert insert)
{
    return (struct row){ compiler, compiler->inserts[insert], 0 };
}

void compiler_text(struct row *row, struct str text)
{
    assert(text.len <= INT32_MAX);
    sqlite3_bind_text(row->statement, ++row->at, text.data ? text.data : "", (int)text.len,
                      SQLITE_STATIC);
}

void compiler_optional(struct row *row, struct str text)
{
    if (text.len)
        compiler_text(row, text);
    else
        sqlite3_bind_null(row->statement, ++row->at);
}

void compiler_number(struct row *row, int64_t number)
{
    sqlite3_bind_int64(row->statement, ++row->at, number);
}

void compiler_place(struct row *row, int64_t number)
{
    if (number >= 0)
        compiler_number(row, number);
    else
        sqlite3_bind_null(row->statement, ++row->at);
}

void compiler_blob(struct row *row, const void *bytes, size_t size)
{
    sqlite3_bind_blob64(row->statement, ++row->at, bytes, size, SQLITE_STATIC);
}

void compiler_add(struct row *row)
{
    assert(row->at == sqlite3_bind_parameter_count(row->statement));
    if (sqlite3_step(row->statement) != SQLITE_DONE && !row->compiler->has_failed) {
        row->compiler->has_failed = true;
        issue_add(row->compiler->issues, NULL, ISSUE_DEFINITION_INVALID, "%s: %s",
                  sqlite3_sql(row->statement), sqlite3_errmsg(row->compiler->db));
    }
    sqlite3_reset(row->statement);
}

int64_t compiler_intern(struct compiler *compiler, struct map *map, struct str text, bool *is_new)
{
    int64_t *number = map_find(map, text);
    *is_new = !number;
    if (!number) {
        number = arena_alloc(compiler->arena, sizeof *number);
        *number = (int64_t)map->count + 1;
        map_set(map, str_copy(compiler->arena, text), number);
    }
    return *number;
}

struct str compiler_json(const cJSON *item, struct arena *arena)
{
    if (!item)
        return (struct str){ "", 0 };
    struct buf buf;
    buf_init(&buf, arena, MOST_JSON);
    json_print(&buf, item);
    return buf_str(&buf);
}

struct str compiler_words(const cJSON *list, struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, arena, MOST_JSON);
    for (size_t i = 0; i < json_count(list); i++) {
        if (i > 0)
            buf_add_char(&buf, ' ');
        buf_add(&buf, json_text(json_at(list, i)));
    }
    return buf_str(&buf);
}
