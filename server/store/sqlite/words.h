/* words.h - whether a body holds words: what _text and _content ask, as a function of SQL. */
#ifndef SERVER_STORE_SQLITE_WORDS_H
#define SERVER_STORE_SQLITE_WORDS_H
#include "server/store/sqlite/bodies.h"
#include "server/store/sqlite/db.h"

/* Adds may_have_words(signature, folded words), and has_words(dictionary, bytes, is_narrative,
 * folded words) to the connection: 1 when what is asked (server/search/words.h) is in the
 * narrative, or anywhere in the record's texts. `bodies` must outlive the connection. */
bool words_register(struct db *db, struct bodies *bodies);
#endif
