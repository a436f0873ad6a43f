/* delete.c - delete and conditional delete of a single match (R4 http.html#delete, #cdelete). */
#include "server/interactions/change.h"

bool interactions_delete(struct interaction *interaction)
{
    struct write write = { .act = WRITE_DELETE,
                           .type = interaction->at.type,
                           .id = interaction->at.id };
    return change_preconditions(interaction, &write) && change_condition(interaction, &write) &&
           change_commit(interaction, &write, "delete");
}
