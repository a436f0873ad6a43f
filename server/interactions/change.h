/* change.h - what create, update and delete of one record have in common: preconditions and the
 * answer. */
#ifndef SERVER_INTERACTIONS_CHANGE_H
#define SERVER_INTERACTIONS_CHANGE_H
#include "server/interactions/interaction.h"
#include "server/interactions/write.h"

/* If-Match and If-None-Match into the write. HEADER_INVALID for anything but one version. */
bool change_preconditions(struct interaction *interaction, struct write *write);
/* Without an id in the address: the query as the write's condition. With one: no query. */
bool change_condition(struct interaction *interaction, struct write *write);
/* Where X-Provenance has no record to be about. */
bool change_no_provenance(struct interaction *interaction);
/* Commits the one write, with the Provenance that came in its header, and answers as Prefer asks.
 * No thread waits for the commit: the interaction is handed over (but an entry of a Bundle is not).
 * *write is copied. */
bool change_commit(struct interaction *interaction, const struct write *write, const char *code);
#endif
