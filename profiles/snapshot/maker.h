/* maker.h - what the parts of snapshot generation share: one profile being made, and the shelf of
 * StructureDefinitions that it and its bases are made from. */
#ifndef PROFILES_SNAPSHOT_MAKER_H
#define PROFILES_SNAPSHOT_MAKER_H
#include "profiles/snapshot/branch.h"
#include "resources/base/issue.h"
#include "resources/base/map.h"

struct snapshot_request;

/* Filled once a call, shared by the profile and the bases made for it. */
struct shelf {
    const struct snapshot_request *request;
    struct arena *arena;
    struct issues *issues;
    struct map books; /* canonical to struct book */
    size_t element_count, base_count;
    bool is_full; /* SNAPSHOT_MOST_ELEMENTS was passed, and said */
};

/* A StructureDefinition found: its tree is read, or made, when it is first needed. */
struct book {
    const cJSON *profile;
    struct str url, type;
    struct branch *tree; /* NULL until then; while it is made, the root with what is there */
    bool is_made, is_being_made, is_broken;
};

/* One profile being made. */
struct maker {
    struct shelf *shelf;
    struct arena *arena;
    struct issues *issues;
    struct str url, type;
    bool is_specialization;
    bool is_any_order;
    const struct branch *base; /* the base's snapshot, for content references */
    struct branch *root;       /* what is being made */
};

/* One more element; false, with an issue the first time, when there are too many. */
bool snapshot_maker_count(struct maker *maker);
/* An error at an element of the differential (at may be NULL: at all of it). Always false. */
bool snapshot_maker_refuse(struct maker *maker, const struct branch *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same as a warning: what could not be judged. */
void snapshot_maker_warn(struct maker *maker, const struct branch *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#endif
