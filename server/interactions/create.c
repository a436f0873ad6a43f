/* create.c - create and conditional create (R4 http.html#create, #ccreate). */
#include "server/interactions/change.h"
#include "server/interactions/raw.h"

bool interactions_create(struct interaction *interaction)
{
    struct str type = interaction->at.type;
    struct str none_exist = http_header(interaction->request, "If-None-Exist");
    struct write write = { .act = WRITE_CREATE, .type = type, .if_version = STORE_ANY_VERSION };
    if (!interaction_no_query(interaction) ||
        (none_exist.len && !interaction_may(interaction, type, ACT_SEARCH, NULL)))
        return false;
    write.resource = raw_is_taken(interaction) ? raw_resource(interaction)
                                               : interaction_resource(interaction, type);
    if (!write.resource)
        return false;
    /* The id is the server's to choose (R4: "the server SHALL ignore the id that is provided"). */
    json_remove(write.resource, "id");
    if (none_exist.len) {
        write.condition = write_condition(interaction->service, type, none_exist, NULL,
                                          interaction->arena, &interaction->issues);
        if (!write.condition)
            return false;
    }
    return change_commit(interaction, &write, "create");
}
