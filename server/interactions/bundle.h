/* bundle.h - prints a Bundle around the stored bytes of its entries (R4 bundle.html). */
#ifndef SERVER_INTERACTIONS_BUNDLE_H
#define SERVER_INTERACTIONS_BUNDLE_H
#include "resources/base/buf.h"
#include "server/store/store.h"

/* Members are printed in R4's order: begin, total, links, entries, end. Resources are copied as
 * they are stored, neither parsed nor printed anew. */
struct bundle {
    struct buf out;
    struct arena *arena;
    struct str base_url;
    bool has_link, has_entry;
};
void bundle_begin(struct bundle *bundle, const char *type, struct str base_url,
                  struct arena *arena);
void bundle_total(struct bundle *bundle, uint64_t total);
void bundle_link(struct bundle *bundle, const char *relation, struct str url);
/* An entry of a search: fullUrl, resource, search.mode: match or include. */
void bundle_found(struct bundle *bundle, const struct store_version *version, const char *mode);
/* An OperationOutcome among them, with search.mode outcome. */
void bundle_outcome(struct bundle *bundle, struct str outcome);
/* An entry of a history: fullUrl, resource unless deleted, request, response. */
void bundle_version(struct bundle *bundle, const struct store_version *version);

/* An entry of a transaction-response. Empty members are left out. */
struct bundle_response {
    struct str full_url, resource;
    struct str status, location, etag, outcome;
    int64_t updated_us; /* 0: no lastModified */
};
void bundle_response(struct bundle *bundle, const struct bundle_response *response);
/* False when it grew past MOST_BUNDLE_BYTES. */
bool bundle_end(struct bundle *bundle, struct str *json);
#endif
