/* bundle.h - the entries of a Bundle, found by full URL (R4 bundle.html#references). */
#ifndef PROFILES_VALIDATOR_BUNDLE_H
#define PROFILES_VALIDATOR_BUNDLE_H
#include "resources/base/map.h"
#include "resources/fhir/node.h"

struct run;

struct bundle;
struct bundle_entry {
    const struct bundle *bundle;
    cJSON *entry, *resource;
    struct str url;             /* its full URL, or empty */
    size_t index;               /* among all entries */
    struct bundle_entry *again; /* the next one with the same full URL */
};

/* Lives as long as the entries are walked. */
struct bundle {
    struct bundle_entry *entries; /* those with a resource */
    size_t count;
    struct map urls;  /* full URL -> its first struct bundle_entry */
    struct map names; /* Type/id -> struct bundle_entry */
    const struct node *node;
    struct bundle *outer;
    struct str type;
    const struct map *questionnaires; /* canonical -> cJSON; made at the first use */
};

/* What a reference leads to: how many entries it may mean, and the first of them. */
struct bundle_match {
    const struct bundle_entry *entry;
    size_t count;
};

void validator_bundle_open(struct run *run, struct bundle *bundle, const struct node *node);
/* By the rules for references inside a Bundle, from a resource whose entry has this full URL. */
struct bundle_match validator_bundle_find(struct run *run, const struct bundle *bundle,
                                          struct str reference, struct str from);
/* The full URL of the entry that a node stands in; empty when it has none or stands in no entry. */
struct str validator_bundle_url(const struct bundle *bundle, const struct node *node);
/* bundle_rules.c: what must be true of the entries together. */
void validator_bundle_check(struct run *run, const struct bundle *bundle);
#endif
