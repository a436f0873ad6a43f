/* change.c - preconditions, commit and answer of a change to one record. */
#include "server/interactions/change.h"

#include "server/interactions/outcome.h"

bool change_preconditions(struct interaction *interaction, struct write *write)
{
    struct str match = http_header(interaction->request, "If-Match");
    struct str none_match = http_header(interaction->request, "If-None-Match");
    write->if_version = STORE_ANY_VERSION;
    if (match.len && !headers_parse_etag(&write->if_version, match))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "If-Match must be one version, such as W/\"3\"");
    if (none_match.len && !str_is(none_match, "*"))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "If-None-Match of a change must be *");
    write->must_be_new = none_match.len > 0;
    return true;
}

bool change_condition(struct interaction *interaction, struct write *write)
{
    struct str query = interaction->request->query;
    if (write->id.len)
        return interaction_no_query(interaction);
    write->condition = write_condition(interaction->service, write->type, query, NULL,
                                       interaction->arena, &interaction->issues);
    return write->condition != NULL;
}

static int status_of(enum write_result result)
{
    static const int STATUSES[] = { [WRITE_CREATED] = 201,
                                    [WRITE_UPDATED] = 200,
                                    [WRITE_DELETED] = 204,
                                    [WRITE_MATCHED] = 200,
                                    [WRITE_ABSENT] = 204 };
    return STATUSES[result];
}

static void answer_location(struct interaction *interaction, const struct write *write)
{
    struct str location =
        str_print(interaction->arena, STR_FMT "/" STR_FMT "/" STR_FMT "/_history/%llu",
                  STR_ARG(interaction->service->base_url), STR_ARG(write->type),
                  STR_ARG(write->chosen_id), (unsigned long long)write->version);
    http_answer_header(&interaction->answer, "Location", location);
}

static void answer(struct interaction *interaction, const struct write *write)
{
    int status = status_of(write->result);
    struct str body = write->body;
    if (interaction->prefer == RETURN_OUTCOME) {
        body = outcome_print(&interaction->issues);
        status = status == 204 ? 200 : status;
    } else if (interaction->prefer == RETURN_MINIMAL || status == 204) {
        body = (struct str){ 0 };
    }
    if (write->version)
        interaction_answer_version(interaction, write->version, write->updated_us);
    if (write->result == WRITE_CREATED || write->result == WRITE_UPDATED ||
        write->result == WRITE_MATCHED)
        answer_location(interaction, write);
    interaction_answer(interaction, status, body);
}

bool change_commit(struct interaction *interaction, struct write *write, const char *code)
{
    struct write_set set = { .service = interaction->service,
                             .viewer = interaction->viewer,
                             .arena = interaction->arena,
                             .issues = &interaction->issues,
                             .writes = write,
                             .count = 1,
                             .interaction = code };
    if (!write_commit(&set))
        return false;
    answer(interaction, write);
    return true;
}
