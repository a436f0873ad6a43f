/* page.h - a page link's token: where the next page begins, sealed, so that the server keeps no
 * state and nobody can make one or read one. */
#ifndef SERVER_INTERACTIONS_PAGE_H
#define SERVER_INTERACTIONS_PAGE_H
#include "resources/base/str.h"

struct arena;

enum { PAGE_KEY_BYTES = 32 };

/* AES-256-GCM with a random nonce; base64url. `about` is authenticated, not carried: a token opens
 * only for the same interaction, address and client that it was made for. */
struct page {
    uint64_t snapshot;   /* commit number that all pages are read at */
    struct str query;    /* canonical query of the search */
    struct str position; /* opaque to this file: store_page.next */
};
struct str page_seal(const struct page *page, const uint8_t *key, struct str about,
                     struct arena *arena);
/* False for anything that page_seal did not make with this key and `about`. */
bool page_unseal(struct page *page, struct str token, const uint8_t *key, struct str about,
                 struct arena *arena);
#endif
