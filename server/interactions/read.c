/* read.c - read and vread: the stored bytes of one version (R4 http.html#read, #vread). */
#include "server/interactions/interaction.h"
#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"
#include "server/interactions/raw.h"

/* If-Modified-Since counts only where there is no If-None-Match (RFC 9110 section 13.1.3). */
static bool is_unchanged(const struct http_request *request, const struct store_version *found)
{
    struct str none_match = http_header(request, "If-None-Match");
    int64_t seconds;
    if (none_match.len)
        return headers_etag_matches(none_match, found->version);
    return headers_parse_date(&seconds, http_header(request, "If-Modified-Since")) &&
           found->updated_us && found->updated_us / 1000000 <= seconds;
}

/* The current version, or the first: a loaded definition has only that one. */
static enum outcome read_first(struct interaction *interaction, uint64_t version,
                               struct store_version *found)
{
    const struct service *service = interaction->service;
    const struct route_match *at = &interaction->at;
    enum outcome outcome = OUTCOME_NOT_FOUND;
    if (version)
        outcome = store_read(service->store, interaction->viewer, at->type, at->id, version,
                             interaction->arena, found);
    if (outcome != OUTCOME_NOT_FOUND)
        return outcome;
    outcome =
        loaded_read(service, interaction->viewer, at->type, at->id, interaction->arena, found);
    return version && found->version != version ? OUTCOME_NOT_FOUND : outcome;
}

static bool answer_version(struct interaction *interaction, uint64_t version)
{
    const struct route_match *at = &interaction->at;
    struct store_version found = { 0 };
    if (!interaction_no_query(interaction))
        return false;
    enum outcome outcome = version > 1
                               ? store_read(interaction->service->store, interaction->viewer,
                                            at->type, at->id, version, interaction->arena, &found)
                               : read_first(interaction, version, &found);
    if (outcome == OUTCOME_GONE)
        http_answer_header(&interaction->answer, "ETag",
                           headers_print_etag(found.version, interaction->arena));
    if (outcome != OUTCOME_OK)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
    bool is_same = is_unchanged(interaction->request, &found);
    interaction_answer_version(interaction, found.version, found.updated_us);
    if (!is_same && raw_answer(interaction, found.body))
        return true;
    interaction_answer(interaction, is_same ? 304 : 200, is_same ? (struct str){ 0 } : found.body);
    return true;
}

bool interactions_read(struct interaction *interaction)
{
    return answer_version(interaction, 0);
}

bool interactions_vread(struct interaction *interaction)
{
    return answer_version(interaction, interaction->at.version);
}
