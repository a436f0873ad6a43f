/* graphql.c - [base]/$graphql and [type]/[id]/$graphql: a query read, run, and answered as GraphQL
 * has it (R4 graphql.html). */
#include "resources/fhir/graphql/graphql.h"

#include "server/interactions/outcome.h"
#include "server/operations/graphql_reach.h"
#include "server/operations/operation.h"
#include "server/search/fold.h"

enum { MOST_ANSWER_BYTES = 64 << 20 };

/* What is asked, however it came. */
struct asked {
    struct str query, operation;
    const cJSON *variables;
};

static bool read_variables(struct interaction *interaction, struct str text, struct asked *asked)
{
    if (text.len)
        asked->variables = json_parse(text, interaction->arena, &interaction->issues);
    return !text.len || asked->variables;
}

static bool read_query(struct interaction *interaction, struct asked *asked)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool is_variables = str_is(pairs[i].name, "variables");
        if (str_is(pairs[i].name, "query"))
            asked->query = pairs[i].value;
        else if (str_is(pairs[i].name, "operationName"))
            asked->operation = pairs[i].value;
        else if (!is_variables)
            return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN, STR_FMT,
                             STR_ARG(pairs[i].name));
        else if (!read_variables(interaction, pairs[i].value, asked))
            return false;
    }
    return true;
}

/* {"query": ..., "operationName": ..., "variables": ...}, or Parameters with the query. */
static bool read_json(struct interaction *interaction, struct asked *asked)
{
    const cJSON *body =
        json_parse(interaction->request->body, interaction->arena, &interaction->issues);
    if (!body)
        return false;
    if (str_is(json_get_text(body, "resourceType"), "Parameters")) {
        asked->query = json_text(operation_parameter(body, "query"));
        return true;
    }
    asked->query = json_get_text(body, "query");
    asked->operation = json_get_text(body, "operationName");
    asked->variables = json_get(body, "variables");
    if (cJSON_IsNull(asked->variables))
        asked->variables = NULL;
    return true;
}

static bool read_asked(struct interaction *interaction, struct asked *asked)
{
    bool has_body = str_is(interaction->request->method, "POST") && interaction->request->body.len;
    if (!read_query(interaction, asked))
        return false;
    if (has_body && interaction->content == MEDIA_GRAPHQL)
        asked->query = interaction->request->body;
    else if (has_body && !read_json(interaction, asked))
        return false;
    if (!asked->query.len)
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "query is missing");
    if (asked->variables && !cJSON_IsObject(asked->variables))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "variables: this is no object");
    return search_fold_is_utf8(asked->query) ||
           issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "query: not in UTF-8");
}

/* The resource of the address; *resource stays NULL for the system. */
static bool read_resource(struct interaction *interaction, const struct graphql_reach *reach,
                          const cJSON **resource)
{
    const struct route_match *at = &interaction->at;
    if (!at->id.len)
        return true;
    return reach->read(reach->context, at->type, at->id, STR(""), false, NULL, resource) &&
           (*resource || issue_add(&interaction->issues, NULL, ISSUE_NOT_FOUND, STR_FMT "/" STR_FMT,
                                   STR_ARG(at->type), STR_ARG(at->id)));
}

static cJSON *run(struct interaction *interaction)
{
    struct asked asked = { 0 };
    struct graphql_reaching reaching;
    const struct graphql_reach reach = graphql_reach_begin(&reaching, interaction);
    struct graphql_request request = { .base_url = interaction->service->base_url,
                                       .now = interaction_now(interaction),
                                       .definitions = interaction->service->definitions,
                                       .reach = &reach };
    if (!read_asked(interaction, &asked))
        return NULL;
    request.operation = asked.operation;
    request.variables = asked.variables;
    request.document = graphql_parse(asked.query, interaction->arena, &interaction->issues);
    if (!request.document || !read_resource(interaction, &reach, &request.resource))
        return NULL;
    /* Places are of the query, also behind what was read since. */
    issues_read(&interaction->issues, asked.query);
    return graphql_run(&request, interaction->arena, &interaction->issues);
}

/* One error: the issue as a message, with its OperationOutcome (R4 graphql.html#errors). */
static void print_error(struct buf *out, const struct issue *issue, struct arena *arena)
{
    struct issue alone = *issue;
    struct issues one;
    alone.next = NULL;
    alone.expression = STR(""); /* it is about the query */
    issues_init(&one, arena, STR(""));
    one.first = one.last = &alone;
    one.count = one.errors = 1;
    buf_add(out, STR("{\"message\":"));
    buf_add_json_string(out, issue->diagnostics.len
                                 ? str_print(arena, STR_FMT " " STR_FMT, STR_ARG(issue->text),
                                             STR_ARG(issue->diagnostics))
                                 : issue->text);
    if (issue->line)
        buf_print(out, ",\"locations\":[{\"line\":%d,\"column\":%d}]", issue->line, issue->column);
    buf_add(out, STR(",\"extensions\":{\"resource\":"));
    buf_add(out, outcome_print(&one));
    buf_add(out, STR("}}"));
}

static void print_errors(struct buf *out, const struct issues *issues)
{
    buf_add(out, STR("{\"errors\":["));
    for (const struct issue *issue = issues->first; issue; issue = issue->next) {
        if (issue != issues->first)
            buf_add_char(out, ',');
        print_error(out, issue, issues->arena);
    }
    buf_add(out, STR("]}"));
}

/* Always application/json: it looks like a resource, and is none. */
bool operations_graphql(struct interaction *interaction)
{
    struct buf out;
    cJSON *data = run(interaction), *whole = json_new_object(interaction->arena);
    buf_init(&out, interaction->arena, MOST_ANSWER_BYTES);
    interaction->answer.status = data ? 200 : outcome_status(&interaction->issues);
    if (data)
        json_set(interaction->arena, whole, "data", data);
    if (!data)
        print_errors(&out, &interaction->issues);
    else if (interaction->is_pretty)
        json_print_pretty(&out, whole);
    else
        json_print(&out, whole);
    if (out.is_over)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the answer is larger than %d bytes", MOST_ANSWER_BYTES);
    interaction->answer.body = buf_str(&out);
    http_answer_header(&interaction->answer, "Content-Type",
                       STR("application/json; charset=utf-8"));
    return true;
}
