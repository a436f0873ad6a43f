/* gather.h - the records that belong to a patient or an encounter, type by type, and what they
 * refer to (R4 patient-operation-everything.html, encounter-operation-everything.html). */
#ifndef SERVER_OPERATIONS_GATHER_H
#define SERVER_OPERATIONS_GATHER_H
#include "server/interactions/interaction.h"

/* What is to be gathered. */
struct gather {
    struct interaction *interaction;
    struct str head, id;     /* type and id of the compartment; id empty: of every patient */
    struct str start, end;   /* care dates, or empty */
    struct str since;        /* instant, or empty */
    const struct str *types; /* to be given; none: all */
    size_t type_count;
    size_t count;        /* records of the compartment on a page */
    uint64_t snapshot;   /* 0: now; set by the first page */
    struct str position; /* where the page begins; empty: at the beginning */
};
struct gather_page {
    struct store_version *members, *supporting;
    size_t member_count, supporting_count;
    struct str next; /* empty: this is the last page */
};
/* The next page: records of the compartment, each on one page, and with them those that they refer
 * to and that are no members themselves, on the first page that needs them (given.h: as long as a
 * link has room to say so). False with an issue. */
bool gather_page(struct gather *gather, struct gather_page *page);
#endif
