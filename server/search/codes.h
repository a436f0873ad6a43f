/* codes.h - the code system that a bare code stands in, by the value set that its element is bound
 * to (R4 search.html#token). */
#ifndef SERVER_SEARCH_CODES_H
#define SERVER_SEARCH_CODES_H
#include <pthread.h>

#include "resources/base/map.h"
#include "resources/fhir/definitions/definitions.h"

/* Value sets are read once; safe to share between threads. */
struct codes {
    pthread_mutex_t lock;
    struct arena *arena;
    struct map systems;
};
void codes_init(struct codes *codes);
void codes_done(struct codes *codes);
/* The one system whose codes the value set holds; empty when there are several, or it is unknown.
 */
struct str codes_system(struct codes *codes, struct definitions *definitions, struct str value_set);
#endif
