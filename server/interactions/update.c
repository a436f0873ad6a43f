/* update.c - update, update that creates, and conditional update (R4 http.html#update,
 * #cond-update). */
#include "server/interactions/change.h"
#include "server/interactions/raw.h"

static bool check_id(struct interaction *interaction, const cJSON *resource)
{
    const cJSON *id = json_get(resource, "id");
    if (str_equal(json_text(id), interaction->at.id))
        return true;
    struct place root = PLACE_ROOT("Resource");
    struct place at = { &root, "id", NULL, -1, id ? json_offset(id) : -1 };
    return issue_add(&interaction->issues, &at, ISSUE_ID_MISMATCH,
                     "the address says " STR_FMT ", the content '" STR_FMT "'",
                     STR_ARG(interaction->at.id), STR_ARG(json_text(id)));
}

bool interactions_update(struct interaction *interaction)
{
    struct str type = interaction->at.type;
    struct write write = { .act = WRITE_UPDATE, .type = type, .id = interaction->at.id };
    bool is_conditional = !write.id.len;
    if (!change_preconditions(interaction, &write))
        return false;
    write.resource = raw_is_taken(interaction) ? raw_resource(interaction)
                                               : interaction_resource(interaction, type);
    if (!write.resource || (!is_conditional && !check_id(interaction, write.resource)))
        return false;
    return change_condition(interaction, &write) && change_commit(interaction, &write, "update");
}
