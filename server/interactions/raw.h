/* raw.h - a Binary that comes or goes as the content that it stands for (R4 binary.html#rest). */
#ifndef SERVER_INTERACTIONS_RAW_H
#define SERVER_INTERACTIONS_RAW_H
#include "server/interactions/interaction.h"

/* What is created or updated here is a Binary, so a body of any format is taken. */
bool raw_is_taken(const struct interaction *interaction);
/* The body as a Binary: itself, if it is one; else its bytes with their Content-Type, and with
 * X-Security-Context. NULL with an issue. */
cJSON *raw_resource(struct interaction *interaction);

/* What is read here is a Binary, and no _format says that it is wanted as a resource. */
bool raw_is_given(const struct interaction *interaction);
/* Answers with the content of a stored Binary, as something that a browser keeps and does not run.
 * False when Accept asks for the resource, or the content can not be told. */
bool raw_answer(struct interaction *interaction, struct str body);
#endif
