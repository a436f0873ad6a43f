/* transaction.h - runs a transaction Bundle: all of it or nothing (R4 http.html#transaction). */
#ifndef SERVER_INTERACTIONS_TRANSACTION_H
#define SERVER_INTERACTIONS_TRANSACTION_H
#include "server/interactions/interaction.h"
#include "server/interactions/write.h"

/* Runs `bundle` (which is changed) as interaction->viewer and fills interaction->answer with the
 * transaction-response. False with issues, nothing stored. extras may be NULL. Its settle is called
 * when references are rewritten and sees the writes in the order DELETE, POST, PUT. With
 * extras->idempotency the response Bundle is the answer that is kept: extras->answer is not used.
 */
bool transaction_run(struct interaction *interaction, cJSON *bundle,
                     const struct write_extras *extras);
/* Fills extras->idempotency from the Idempotency-Key header and the body; leaves it alone without
 * such a header. */
bool transaction_idempotency(struct interaction *interaction, struct write_extras *extras);
#endif
