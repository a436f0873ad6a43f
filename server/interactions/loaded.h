/* loaded.h - the definitions that the server works with, read and searched beside stored records.
 */
#ifndef SERVER_INTERACTIONS_LOADED_H
#define SERVER_INTERACTIONS_LOADED_H
#include "server/service.h"

/* The current version of a record as store_read gives it; where nothing is stored under this type
 * and id, the loaded definition of this type and id: version 1, updated_us 0 (not known). */
enum outcome loaded_read(const struct service *service, const struct viewer *viewer,
                         struct str type, struct str id, struct arena *arena,
                         struct store_version *out);
/* As store_search, and behind what is stored the loaded definitions that match, but for those under
 * whose id a record is or was stored. Positions are this function's own. */
enum outcome loaded_search(const struct service *service, const struct viewer *viewer,
                           const struct search_plan *plan, uint64_t snapshot, struct str position,
                           struct arena *arena, struct store_page *out);
#endif
