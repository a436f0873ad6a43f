/* document.h - a Composition that was made, not stored, as a document Bundle. */
#ifndef SERVER_OPERATIONS_DOCUMENT_H
#define SERVER_OPERATIONS_DOCUMENT_H
#include "server/interactions/interaction.h"

/* Answers with the Composition, all records that it refers to (each must be there for the viewer)
 * and what supports those. False with issues. */
bool document_answer(struct interaction *interaction, cJSON *composition);
#endif
