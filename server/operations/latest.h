/* latest.h - the latest observations of each code, out of a stream of observations in any order (R4
 * observation-operation-lastn.html). */
#ifndef SERVER_OPERATIONS_LATEST_H
#define SERVER_OPERATIONS_LATEST_H
#include "resources/base/map.h"
#include "resources/fhir/json/json.h"

/* Observations that have a coding (system and code) in common are of one group, and so are groups
 * that an observation joins; what has only a text is grouped by it. Of a group the `max` latest
 * stay, and those that are as late as the last of these. */
struct latest {
    struct arena *arena;
    size_t max;
    struct map groups;       /* by key -> struct latest_group * */
    struct latest_one *free; /* to be used again */
    size_t kept;
};
struct latest_one {
    int64_t at_us; /* when it began to be true; INT64_MIN: not told */
    struct str id;
    struct latest_one *next;
};
void latest_init(struct latest *latest, size_t max, struct arena *arena);
/* The observation may be gone afterwards. */
void latest_add(struct latest *latest, const cJSON *observation);
/* All that stayed, the latest first, as late ones by id. */
struct latest_one *latest_list(struct latest *latest, size_t *count);
#endif
