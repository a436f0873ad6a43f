/* state.h - by which definitions an index was made: what has to be made anew when they change. */
#ifndef SERVER_SEARCH_STATE_H
#define SERVER_SEARCH_STATE_H
#include "server/search/search.h"

/* The search parameters of a type as text, a line each: its code and a hash of what its rows depend
 * on. */
struct str state_print(struct definitions *definitions, struct str type, struct arena *arena);
enum state { STATE_SAME, STATE_CHANGED, STATE_NEW };
/* How the parameter `code` of the text `now` stands to the text `before`, by which the index was
 * made; `before` empty: by a program that kept none. */
enum state state_compare(struct str before, struct str now, struct str code);
#endif
