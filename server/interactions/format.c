/* format.c - turns an answer's JSON into XML, and indents. */
#include "server/interactions/format.h"

#include "resources/fhir/xml/xml.h"
#include "server/interactions/outcome.h"

enum { MOST_GROWTH = 8 }; /* an indented answer is at most so many times as long */

static struct http_header *find_type(struct http_answer *answer)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_is(answer->headers[i].name, "Content-Type"))
            return &answer->headers[i];
    return NULL;
}

bool format_is_needed(const struct interaction *interaction)
{
    return interaction->answer.body.len &&
           (interaction->accept == MEDIA_XML || interaction->is_pretty);
}

static void print(struct interaction *interaction, struct buf *out, const cJSON *tree,
                  struct issues *issues)
{
    struct definitions *definitions = interaction->service->definitions;
    if (interaction->accept != MEDIA_XML)
        json_print_pretty(out, tree);
    else if (interaction->is_pretty)
        xml_print_pretty(out, tree, definitions, issues);
    else
        xml_print(out, tree, definitions, issues);
    if (out->is_over)
        issue_add(issues, NULL, ISSUE_TOO_COSTLY, "%s", "");
}

static bool turn(struct interaction *interaction, struct str *body)
{
    struct issues issues;
    struct buf out;
    if (body->len > FORMAT_MOST_BYTES)
        return false;
    issues_init(&issues, interaction->arena, (struct str){ 0 });
    const cJSON *tree = json_parse(*body, interaction->arena, &issues);
    buf_init(&out, interaction->arena, (size_t)FORMAT_MOST_BYTES * MOST_GROWTH);
    if (tree)
        print(interaction, &out, tree, &issues);
    if (issues.errors)
        return false;
    *body = buf_str(&out);
    return true;
}

/* The OperationOutcome that says so is one that XML can carry. */
static void refuse(struct interaction *interaction, struct str *body)
{
    struct issues issues;
    bool is_read =
        str_is(interaction->request->method, "GET") || str_is(interaction->request->method, "HEAD");
    issues_init(&issues, interaction->arena, (struct str){ 0 });
    struct issue *issue = issue_raise(&issues, NULL, ISSUE_NOT_ACCEPTABLE,
                                      "this answer can not be written as XML; ask for JSON");
    if (is_read)
        interaction->answer.status = outcome_status(&issues);
    else
        issue_set_severity(&issues, issue, SEVERITY_WARNING);
    *body = outcome_print(&issues);
    turn(interaction, body);
}

void format_answer(struct interaction *interaction)
{
    struct http_header *type = find_type(&interaction->answer);
    struct str body = interaction->answer.body;
    if (!type || !str_equal(type->value, media_name(MEDIA_JSON)) || !format_is_needed(interaction))
        return;
    if (!turn(interaction, &body) && interaction->accept == MEDIA_XML)
        refuse(interaction, &body);
    interaction->answer.body = body;
    type->value = media_name(interaction->accept);
}
