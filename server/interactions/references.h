/* references.h - the links between the entries of a transaction, and their rewriting to the records
 * that the entries become (R4 http.html#transaction, bundle.html#references). */
#ifndef SERVER_INTERACTIONS_REFERENCES_H
#define SERVER_INTERACTIONS_REFERENCES_H
#include "server/interactions/write.h"

/* All links are found once; rewriting can be repeated, because a later try may decide other ids. */
struct references;
struct references *references_open(const struct service *service, struct arena *arena);

/* Makes a full URL, or a condition ("Patient?identifier=x"), a name of the record that the write
 * decides on. False when the name was given before. */
bool references_name(struct references *references, struct str name, struct write *write);
/* Finds every link in a resource: Reference.reference; elements of type uri, url, oid and uuid;
 * href and src in narratives. Canonicals, and Bundles inside, are left alone. full_url: of the
 * resource's entry, which relative links are relative to. */
void references_collect(struct references *references, const cJSON *resource, struct str full_url,
                        const struct place *at);
/* The same for one that is made anew on each try; forget drops what the last try collected so. */
void references_collect_again(struct references *references, const cJSON *resource,
                              const struct place *at);
void references_forget(struct references *references);
/* Sets each link to "Type/id" of what it names, and each conditional reference to its one match,
 * which must stay so (a guard) until the commit. An urn:uuid reference or a condition that leads
 * nowhere is an issue. */
bool references_rewrite(struct references *references, struct write_set *set);
/* The types that conditional references search, for the viewer's scopes. */
bool references_each_condition(const struct references *references, void *context,
                               bool (*visit)(void *context, struct str type,
                                             const struct place *at));
#endif
