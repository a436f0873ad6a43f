/* interaction.c - what the interactions share: body, query, scope, answer. */
#include "server/interactions/interaction.h"

#include "resources/fhir/xml/xml.h"
#include "server/instant.h"

static cJSON *parse(struct interaction *interaction)
{
    struct str body = interaction->request->body;
    if (interaction->content == MEDIA_XML)
        return xml_parse(body, interaction->service->definitions, interaction->arena,
                         &interaction->issues);
    return json_parse(body, interaction->arena, &interaction->issues);
}

cJSON *interaction_resource(struct interaction *interaction, struct str type)
{
    cJSON *tree = interaction->resource;
    if (!tree)
        tree = parse(interaction);
    if (!tree)
        return NULL;
    struct str own = json_get_text(tree, "resourceType");
    if (!own.len) {
        issue_add(&interaction->issues, NULL, ISSUE_RESOURCE_TYPE_MISSING, "%s", "");
        return NULL;
    }
    if (type.len && !str_equal(own, type)) {
        issue_add(&interaction->issues, NULL, ISSUE_TYPE_IN_URL,
                  "a " STR_FMT " was sent to " STR_FMT, STR_ARG(own), STR_ARG(type));
        return NULL;
    }
    return tree;
}

/* False with an issue when _format names nothing; *is_taken: it was _format or _pretty. */
static bool take_format(struct interaction *interaction, const struct search_pair *pair,
                        bool *is_taken)
{
    *is_taken = true;
    if (str_is(pair->name, "_pretty")) {
        interaction->is_pretty = str_is(pair->value, "true");
    } else if (str_is(pair->name, "_format")) {
        enum media media = media_format(pair->value);
        if (media == MEDIA_NONE)
            return issue_add(&interaction->issues, NULL, ISSUE_NOT_ACCEPTABLE, "_format=" STR_FMT,
                             STR_ARG(pair->value));
        interaction->accept = media;
        interaction->has_format = true;
    } else {
        *is_taken = false;
    }
    return true;
}

bool interaction_query(struct interaction *interaction, struct str query,
                       struct search_pair **pairs, size_t *count)
{
    size_t kept = 0;
    bool is_taken;
    if (!search_split(pairs, count, query, interaction->arena, &interaction->issues))
        return false;
    for (size_t i = 0; i < *count; i++) {
        if (!take_format(interaction, &(*pairs)[i], &is_taken))
            return false;
        if (!is_taken)
            (*pairs)[kept++] = (*pairs)[i];
    }
    *count = kept;
    return true;
}

bool interaction_no_query(struct interaction *interaction)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!interaction->request->query.len)
        return true;
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    return count == 0 || issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                                   STR_FMT " can not be used here", STR_ARG(pairs[0].name));
}

bool interaction_may(struct interaction *interaction, struct str type, unsigned acts,
                     const struct place *at)
{
    static const struct {
        enum act act;
        char letter;
    } ACTS[] = { { ACT_CREATE, 'c' },
                 { ACT_READ, 'r' },
                 { ACT_UPDATE, 'u' },
                 { ACT_DELETE, 'd' },
                 { ACT_SEARCH, 's' } };
    for (size_t i = 0; i < COUNT(ACTS); i++) {
        if (!(acts & (unsigned)ACTS[i].act) || viewer_may(interaction->viewer, type, ACTS[i].act))
            continue;
        if (interaction->viewer->is_anonymous)
            return issue_add(&interaction->issues, at, ISSUE_LOGIN_REQUIRED, "%s", "");
        return issue_add(&interaction->issues, at, ISSUE_SCOPE_MISSING,
                         "system/" STR_FMT ".%c is needed", STR_ARG(type), ACTS[i].letter);
    }
    return true;
}

void interaction_answer(struct interaction *interaction, int status, struct str body)
{
    interaction->answer.status = status;
    interaction->answer.body = body;
    if (body.len)
        http_answer_header(&interaction->answer, "Content-Type", media_name(MEDIA_JSON));
}

void interaction_answer_version(struct interaction *interaction, uint64_t version,
                                int64_t updated_us)
{
    interaction->updated_us = updated_us;
    http_answer_header(&interaction->answer, "ETag",
                       headers_print_etag(version, interaction->arena));
    if (updated_us)
        http_answer_header(&interaction->answer, "Last-Modified",
                           instant_print_http(updated_us, interaction->arena));
}

struct str interaction_now(const struct interaction *interaction)
{
    return instant_print(interaction->service->now_us(), interaction->arena);
}
