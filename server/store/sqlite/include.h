/* include.h - the records that a page's _include and _revinclude add. */
#ifndef SERVER_STORE_SQLITE_INCLUDE_H
#define SERVER_STORE_SQLITE_INCLUDE_H
#include "server/store/sqlite/render.h"

/* keys: of out->versions. Fills out->included and is_cut; `like` says snapshot, viewer and plan. */
enum outcome include_find(const struct render *like, struct sqlite_reader *reader,
                          const int64_t *keys, struct store_page *out);
#endif
