/* provenance.h - X-Provenance: a Provenance that is stored in the commit of what it is about (R4
 * provenance.html#header). */
#ifndef SERVER_INTERACTIONS_PROVENANCE_H
#define SERVER_INTERACTIONS_PROVENANCE_H
#include "server/interactions/interaction.h"
#include "server/interactions/write.h"

/* The header's record as a second write, which may be left out: *count is 1 or 2. False with an
 * issue when it is no Provenance, names a target, or the viewer may not create one. */
bool provenance_read(struct interaction *interaction, struct write *write, size_t *count);
/* A settle function: sets the target of the second write to the record of the first. A first write
 * that changes nothing leaves the second out. */
bool provenance_settle(void *context, struct write_set *set);
#endif
