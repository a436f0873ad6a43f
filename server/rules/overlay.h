/* overlay.h - the store as it will be when a set of writes has happened: what rules look at. */
#ifndef SERVER_RULES_OVERLAY_H
#define SERVER_RULES_OVERLAY_H
#include "resources/base/map.h"
#include "resources/ltss/rule.h"
#include "server/interactions/write.h"

/* For one attempt at one set. */
struct overlay {
    struct write_set *set;
    struct map read;  /* "Type/id" -> struct ltss_record, what was asked of the store so far */
    struct map found; /* "Type?parameter=value" -> struct store_page, likewise */
    bool has_failed;  /* the store did not answer, with an issue in the set */
};
void overlay_init(struct overlay *overlay, struct write_set *set);
/* Its context is the overlay. */
extern const struct lookup overlay_lookup;
#endif
