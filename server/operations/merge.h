/* merge.h - what Patient/$merge has to change: two patients, and all that refers to the one which
 * goes. */
#ifndef SERVER_OPERATIONS_MERGE_H
#define SERVER_OPERATIONS_MERGE_H
#include "server/interactions/interaction.h"
#include "server/interactions/write.h"

/* What says what has happened is left to say it of whom it happened to. */
enum { MERGE_MOST_RECORDS = 10000 };

struct merge {
    struct interaction *interaction;
    struct store_version source, target;
    const cJSON *result; /* what the target shall be, or NULL */
    /* found anew on each try */
    struct store_guard *guards; /* a search for each type that can refer to a patient */
    size_t guard_count;
    struct write *writes; /* the target, the source, then what refers to the source */
    size_t write_count;
    struct write_set set;
};
/* Whether the viewer may read, find and change every type that can refer to a patient: what is
 * hidden from it would be left behind. Tells nothing of what is there. */
bool merge_may(struct interaction *interaction);
/* Finds what has to be changed, as the viewer, and makes merge->set of it. */
bool merge_find(struct merge *merge);
/* "replaced-by" or "replaces": whether the patient has such a link to the other one; an empty id:
 * to any. */
bool merge_has_link(const cJSON *patient, const char *type, struct str id);
#endif
