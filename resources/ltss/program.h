/* program.h - a program pack in memory: what holds where a program is loaded. */
#ifndef RESOURCES_LTSS_PROGRAM_H
#define RESOURCES_LTSS_PROGRAM_H
#include <cjson/cJSON.h>

#include "resources/base/str.h"

enum { PROGRAM_MOST_PROFILES = 64, PROGRAM_MOST_ROLES = 32 };

/* What a record of a type that claims no profile is held against, when it has a code, or when a
 * party of one of these roles sends it. A row with neither fits every record of its type. */
struct program_profile {
    struct str canonical, type;
    struct str element, system,
        code; /* element: one of CodeableConcept, at the root; empty: no code is asked for */
    struct str roles[PROGRAM_MOST_ROLES];
    size_t role_count;
};
struct program {
    struct str name, title;
    struct program_profile profiles[PROGRAM_MOST_PROFILES]; /* the first that fits counts */
    size_t profile_count;
};

/* The canonical of the profile for a record, empty when the record claims one itself or no row
 * fits. */
struct str program_default_profile(const struct program *program, const cJSON *resource,
                                   struct str party_role);
#endif
