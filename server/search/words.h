/* words.h - what _text and _content ask of a record's texts: words, phrases, and, or, brackets (R4
 * search.html#content). */
#ifndef SERVER_SEARCH_WORDS_H
#define SERVER_SEARCH_WORDS_H
#include <stdbool.h>
#include <cjson/cJSON.h>
#include <stdint.h>

#include "resources/base/str.h"

/* A word is a run of letters and digits of a folded text (fold.h). Words side by side must all be
 * there, in any order; those between quotation marks one behind the other, in one text. */
enum { WORDS_MOST_TERMS = 32, WORDS_MOST_NODES = 96, WORDS_MOST_DEPTH = 8 };
struct words_term {
    const struct str *words;
    size_t count;
};
enum words_kind { WORDS_TERM, WORDS_AND, WORDS_OR };
struct words_node {
    enum words_kind kind;
    unsigned left, right; /* nodes; of a term, left is its number */
};
struct words {
    struct words_term terms[WORDS_MOST_TERMS];
    size_t term_count;
    struct words_node nodes[WORDS_MOST_NODES];
    size_t node_count; /* the last one is the whole */
};
/* False when there is no word, a bracket or quotation mark does not end, or there are too many.
 * folded outlives it. */
bool words_parse(struct words *out, struct str folded, struct arena *arena);
/* The next word of a folded text; empty at its end. */
struct str words_next(struct str *rest);
/* Adds the bits of the terms that a folded text has to *found. */
void words_look(const struct words *words, struct str folded, uint32_t *found, struct arena *arena);
/* Whether the terms found are enough. */
bool words_hold(const struct words *words, uint32_t found);
/* Visits each text of a resource, folded: of its narrative, or of all strings (of markup what is
 * between the tags). The text is gone after the visit. */
void words_walk(const cJSON *resource, bool is_narrative, struct arena *arena,
                void (*visit)(void *context, struct str folded), void *context);
/* A signature of all words there: bytes that tell most texts apart from those that have the words
 * (a Bloom filter of about ten bits a word); empty when there are none. */
struct str words_sign(const cJSON *resource, bool is_narrative, struct arena *arena);
/* False when a resource with this signature does not hold them; true when it may. */
bool words_may_hold(const struct words *words, struct str signature);
#endif
