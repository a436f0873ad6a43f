/* words.c - a record's texts, folded, and what is looked for in them. Its signature tells most
 * records apart from those that have the words; the body decides. An index of words would be more
 * rows than all the rest together. */
#include "server/store/sqlite/words.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/search/fold.h"
#include "server/search/words.h"

struct looking {
    struct arena *arena;
    struct words words;
    uint32_t found; /* a bit for each term */
};

static void look(void *context, struct str folded)
{
    struct looking *with = context;
    words_look(&with->words, folded, &with->found, with->arena);
}

static void has_words(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct looking with = { .arena = arena };
    struct issues issues;
    struct body_room room = { .before = 0 };
    struct body_packed packed = { { sqlite3_value_blob(values[1]),
                                    (size_t)sqlite3_value_bytes(values[1]) },
                                  sqlite3_value_int(values[0]) };
    struct str asked = { sqlite3_value_blob(values[3]), (size_t)sqlite3_value_bytes(values[3]) };
    issues_init(&issues, arena, STR(""));
    const cJSON *tree = NULL;
    if (words_parse(&with.words, asked, arena) &&
        bodies_unpack(&room, sqlite3_user_data(context), &packed, arena))
        tree = json_parse((struct str){ room.bytes, room.len }, arena, &issues);
    if (tree)
        words_walk(tree, sqlite3_value_int(values[2]), arena, look, &with);
    sqlite3_result_int(context, tree && words_hold(&with.words, with.found));
}

/* 1 also for a version that has no signature: then its body tells. */
static void may_have_words(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    CLOSING_ARENA struct arena *arena = arena_open();
    struct words words;
    struct str signature = { sqlite3_value_blob(values[0]),
                             (size_t)sqlite3_value_bytes(values[0]) };
    struct str asked = { sqlite3_value_blob(values[1]), (size_t)sqlite3_value_bytes(values[1]) };
    bool is_signed = sqlite3_value_type(values[0]) != SQLITE_NULL;
    sqlite3_result_int(context, !is_signed || (words_parse(&words, asked, arena) &&
                                               words_may_hold(&words, signature)));
}

bool words_register(struct db *db, struct bodies *bodies)
{
    enum { VALUES = 4, SIGNED_VALUES = 2 };
    return sqlite3_create_function_v2(db->handle, "may_have_words", SIGNED_VALUES,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, may_have_words,
                                      NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(db->handle, "has_words", VALUES,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC, bodies, has_words, NULL,
                                      NULL, NULL) == SQLITE_OK;
}
