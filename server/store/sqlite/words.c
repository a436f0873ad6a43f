/* words.c - a record's texts, folded, and what is looked for in them. No index holds words: they
 * would be more rows than all the rest together, so what other conditions leave is read. */
#include "server/store/sqlite/words.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"
#include "server/search/fold.h"
#include "server/search/words.h"

struct looking {
    struct arena *arena;
    struct words words;
    uint32_t found; /* a bit for each term */
};

static void look_in_text(struct looking *with, struct str text)
{
    words_look(&with->words, search_fold(text, with->arena), &with->found, with->arena);
}

/* The text of XHTML: tags become blanks. */
static void look_in_markup(struct looking *with, struct str markup)
{
    char *text = arena_copy(with->arena, markup.data, markup.len);
    bool is_tag = false;
    for (size_t i = 0; i < markup.len; i++) {
        is_tag = is_tag || text[i] == '<';
        bool ends = is_tag && text[i] == '>';
        if (is_tag)
            text[i] = ' ';
        is_tag = is_tag && !ends;
    }
    look_in_text(with, (struct str){ text, markup.len });
}

/* The depth of what was stored is bounded by the parser. */
static void look_in_tree(struct looking *with, const cJSON *item)
{
    for (; item; item = item->next) {
        if (cJSON_IsString(item) && item->string && strcmp(item->string, "div") == 0)
            look_in_markup(with, json_text(item));
        else if (cJSON_IsString(item))
            look_in_text(with, json_text(item));
        else
            look_in_tree(with, item->child);
    }
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
    if (tree && sqlite3_value_int(values[2]))
        look_in_markup(&with, json_get_text(json_get(tree, "text"), "div"));
    else if (tree)
        look_in_tree(&with, tree->child);
    sqlite3_result_int(context, tree && words_hold(&with.words, with.found));
}

bool words_register(struct db *db, struct bodies *bodies)
{
    enum { VALUES = 4 };
    return sqlite3_create_function_v2(db->handle, "has_words", VALUES,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC, bodies, has_words, NULL,
                                      NULL, NULL) == SQLITE_OK;
}
