/* shelf.h - StructureDefinitions by canonical, their snapshots read or made at first use. */
#ifndef PROFILES_SNAPSHOT_SHELF_H
#define PROFILES_SNAPSHOT_SHELF_H
#include "profiles/snapshot/maker.h"

void snapshot_shelf_init(struct shelf *shelf, const struct snapshot_request *request,
                         struct arena *arena, struct issues *issues);
/* By url, url|version, or the bare name of a type of R4; NULL when it is not known. */
struct book *snapshot_shelf_find(struct shelf *shelf, struct str canonical);
/* The same for a baseDefinition: without that version, the one that is there. */
struct book *snapshot_shelf_find_base(struct shelf *shelf, struct str canonical);
/* Its snapshot; NULL, with an issue for maker's profile at `at`, when it has none and none can be
 * made, or when it is being made already (a cycle). */
const struct branch *snapshot_shelf_tree(struct book *book, struct maker *maker,
                                         const struct branch *at);
/* The root element alone, which is there even while the rest is being made; NULL without an issue.
 */
const struct branch *snapshot_shelf_root(struct book *book, struct maker *maker,
                                         const struct branch *at);
/* True when the StructureDefinition is `ancestor` (a canonical) or goes back to it through
 * baseDefinition. *is_known is false when the way could not be followed to its end. */
bool snapshot_shelf_goes_back(struct shelf *shelf, struct str canonical, struct str ancestor,
                              bool *is_known);
/* Canonical of a type of R4 by its code; http://hl7.org/fhirpath/System.String is string. */
struct str snapshot_shelf_type_url(struct shelf *shelf, struct str code);
#endif
