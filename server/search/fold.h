/* fold.h - text as a string search compares it: no case, no accents, single blanks (R4
 * search.html#string). */
#ifndef SERVER_SEARCH_FOLD_H
#define SERVER_SEARCH_FOLD_H
#include "resources/base/str.h"

/* Valid UTF-8 in, valid UTF-8 out, allocated in the arena. Folding twice changes nothing more. */
struct str search_fold(struct str text, struct arena *arena);
/* True for well-formed UTF-8. */
bool search_fold_is_utf8(struct str text);
#endif
