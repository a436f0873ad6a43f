/* seed.h - the first dictionary of every store: FHIR as it is commonly written. */
#ifndef SERVER_STORE_SEED_H
#define SERVER_STORE_SEED_H
#include "resources/base/str.h"

/* Raw content for zstd: what is at its end is cheapest to refer to. Once in a store it stays the
 * same there; a change here is for new stores. */
struct str seed_dictionary(struct arena *arena);
#endif
