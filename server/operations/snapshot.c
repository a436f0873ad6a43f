/* snapshot.c - StructureDefinition/$snapshot: a profile with its snapshot made from its
 * differential (R4 structuredefinition-operation-snapshot.html). */
#include "profiles/snapshot/snapshot.h"

#include "server/interactions/outcome.h"
#include "server/operations/operation.h"

enum { MOST_ANSWER = 64 << 20 };

static cJSON *read_stored(struct interaction *interaction)
{
    struct store_version found;
    const struct route_match *at = &interaction->at;
    if (!interaction_may(interaction, at->type, ACT_READ, NULL))
        return NULL;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer, at->type,
                                      at->id, 0, interaction->arena, &found);
    if (outcome == OUTCOME_OK)
        return json_parse(found.body, interaction->arena, &interaction->issues);
    outcome_raise(
        &interaction->issues, outcome,
        str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
    return NULL;
}

/* By canonical: what is loaded or posted. */
static cJSON *read_known(struct interaction *interaction, struct str canonical)
{
    struct str text;
    if (definitions_resource(interaction->service->definitions, STR("StructureDefinition"),
                             canonical, interaction->arena, &text))
        return json_parse(text, interaction->arena, &interaction->issues);
    issue_add(&interaction->issues, NULL, ISSUE_PROFILE_UNKNOWN, STR_FMT, STR_ARG(canonical));
    return NULL;
}

static bool find_url(struct interaction *interaction, struct str *url)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!interaction->request->query.len)
        return true;
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(pairs[i].name, "url"))
            return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                             STR_FMT " can not be used here", STR_ARG(pairs[i].name));
        *url = pairs[i].value;
    }
    return true;
}

/* The profile itself as the content, the parameter definition, or the parameter url. */
static cJSON *read_given(struct interaction *interaction)
{
    struct str url = { 0 };
    cJSON *body = NULL, *definition = NULL;
    if (!find_url(interaction, &url))
        return NULL;
    if (interaction->request->body.len || interaction->resource) {
        body = interaction_resource(interaction, STR(""));
        if (!body)
            return NULL;
    }
    if (str_is(json_get_text(body, "resourceType"), "StructureDefinition"))
        return body;
    const cJSON *given = operation_parameter(body, "definition");
    definition = given ? json_copy(interaction->arena, given) : NULL;
    if (!url.len)
        url = json_text(operation_parameter(body, "url"));
    if (!definition && url.len)
        return read_known(interaction, url);
    if (!definition)
        issue_add(&interaction->issues, NULL, ISSUE_REQUEST_INVALID,
                  "the profile is needed: as the content, or as the parameter definition or url");
    return definition;
}

bool operations_snapshot(struct interaction *interaction)
{
    struct buf out;
    cJSON *profile = interaction->at.id.len ? read_stored(interaction) : read_given(interaction);
    struct snapshot_request request = { interaction->service->definitions, NULL, false };
    if (!profile || !snapshot_make(profile, &request, interaction->arena, &interaction->issues))
        return false;
    buf_init(&out, interaction->arena, MOST_ANSWER);
    json_print(&out, profile);
    if (out.is_over)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_LARGE, "the snapshot");
    interaction_answer(interaction, 200, buf_str(&out));
    return true;
}
