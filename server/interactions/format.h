/* format.h - the answer in the format that was asked for: JSON as it is stored, indented, or XML.
 */
#ifndef SERVER_INTERACTIONS_FORMAT_H
#define SERVER_INTERACTIONS_FORMAT_H
#include "server/interactions/interaction.h"

/* Of JSON; past it an answer is not turned into XML, and not indented. */
enum { FORMAT_MOST_BYTES = 64 << 20 };

/* Whether format_answer has anything to do: then it is work for a worker. */
bool format_is_needed(const struct interaction *interaction);
/* Turns the body into interaction->accept, indented when _pretty asks. What can not be XML becomes
 * 406 with an OperationOutcome, unless the request changed something: then its status stands. */
void format_answer(struct interaction *interaction);
#endif
