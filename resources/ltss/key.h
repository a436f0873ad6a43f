/* key.h - the issue keys of the guide (CodeSystem tandem-issue): what a refusal or warning is
 * called, its sentence, its kind and its status. */
#ifndef RESOURCES_LTSS_KEY_H
#define RESOURCES_LTSS_KEY_H
#include "resources/base/issue.h"

struct definitions;

struct ltss_key {
    struct str code, text;
    enum issue_id id; /* one of the RULE_ issues: it leads to the HTTP status */
    enum issue_type type;
    bool is_warning;
};
struct ltss_keys {
    struct ltss_key *keys;
    size_t count;
};
/* Reads them once; false with an issue when the guide or its code system is not there. */
bool ltss_key_read(struct ltss_keys *keys, struct definitions *definitions, struct arena *arena,
                   struct issues *issues);
const struct ltss_key *ltss_key_find(const struct ltss_keys *keys, struct str code);
#endif
