/* entry.h - an entry of a batch or transaction: a request inside a Bundle (R4 bundle.html#http). */
#ifndef SERVER_INTERACTIONS_ENTRY_H
#define SERVER_INTERACTIONS_ENTRY_H
#include "server/interactions/bundle.h"
#include "server/interactions/interaction.h"

enum { ENTRY_MOST_HELD = 512 << 20 }; /* bytes of a request, past which no GET entry is run */

struct entry {
    struct place place; /* Bundle.entry[i] */
    struct route_match at;
    struct str full_url, path, query;
    const cJSON *request;
    cJSON *resource;
};

/* Reads method, url and the rest. False with an issue for what can not be asked for inside a
 * Bundle; the scopes are not judged here. */
bool entry_read(struct entry *entry, cJSON *item, int index, struct interaction *whole);
/* What the viewer must be allowed on entry->at.type. */
unsigned entry_acts(const struct entry *entry);
/* Runs the entry as a request of its own; true when it succeeded. `issues` are its own, and
 * `response` is filled either way. */
bool entry_run(struct entry *entry, const struct interaction *whole,
               struct bundle_response *response, struct issues *issues);
/* Whether a GET entry can be answered, as far as that is known without doing its work: a record
 * that is not there, a parameter that is wrong. Holds no memory when it can. */
bool entry_probe(const struct entry *entry, const struct interaction *whole, struct issues *issues);
/* "201 Created": the text of response.status. */
struct str entry_status(int status);
#endif
