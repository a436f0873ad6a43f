/* duplication.h - the same service, or the same coordination, by two organizations at the same time
 * (R20): found, and said in a DetectedIssue. */
#ifndef RESOURCES_LTSS_DUPLICATION_H
#define RESOURCES_LTSS_DUPLICATION_H
#include "resources/ltss/rule.h"

/* Two ServiceRequests in force of one member. `ours` is the one that was asked about. */
struct duplication {
    struct str ours, theirs;                         /* "ServiceRequest/x" */
    struct str our_organization, their_organization; /* "Organization/x": who answers for it */
    struct str code;                                 /* what they share, in words or as a code */
    bool is_coordination; /* both coordinate care; else the same service */
};
enum { DUPLICATION_MOST = 50 };

/* What of the member's other requests, as the lookup gives them, duplicates this one. `id` of a
 * request that is not stored may be empty. Returns how many were found, at most DUPLICATION_MOST.
 */
size_t duplication_find(const struct rule_run *run, struct str id, const cJSON *request,
                        struct duplication found[DUPLICATION_MOST]);
/* The DetectedIssue that says it. */
cJSON *duplication_issue(const struct rule_run *run, const struct duplication *found,
                         struct str member);
#endif
