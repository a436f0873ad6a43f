/* raw.c - Binary as bytes: a body of any format becomes one, and it is read as what it holds. */
#include "server/interactions/raw.h"

#include <strings.h>

#include "resources/base/base64.h"

#define CONTEXT "X-Security-Context"

/* An entry of a Bundle is always a resource. */
static bool is_binary(const struct interaction *interaction)
{
    return interaction->exchange && str_is(interaction->at.type, "Binary");
}

bool raw_is_taken(const struct interaction *interaction)
{
    const struct route *route = interaction->at.route;
    return is_binary(interaction) &&
           (route->run == interactions_create || route->run == interactions_update);
}

bool raw_is_given(const struct interaction *interaction)
{
    const struct route *route = interaction->at.route;
    return is_binary(interaction) && !interaction->has_format &&
           (route->run == interactions_read || route->run == interactions_vread);
}

static cJSON *new_reference(struct arena *arena, struct str reference)
{
    cJSON *context = json_new_object(arena);
    json_set(arena, context, "reference", json_new_string(arena, reference));
    return context;
}

/* Whoever names a context in the header and another one in the content is not understood. */
static cJSON *with_context(struct interaction *interaction, cJSON *binary)
{
    struct str asked = http_header(interaction->request, CONTEXT);
    const cJSON *own = json_get(binary, "securityContext");
    if (asked.len && !own)
        json_set(interaction->arena, binary, "securityContext",
                 new_reference(interaction->arena, asked));
    if (!asked.len || !own || str_equal(json_get_text(own, "reference"), asked))
        return binary;
    issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
              CONTEXT " and Binary.securityContext differ");
    return NULL;
}

static cJSON *wrap(struct interaction *interaction, struct str type)
{
    struct arena *arena = interaction->arena;
    struct str body = interaction->request->body;
    cJSON *binary = json_new_object(arena);
    json_set(arena, binary, "resourceType", json_new_string(arena, STR("Binary")));
    if (interaction->at.id.len)
        json_set(arena, binary, "id", json_new_string(arena, interaction->at.id));
    json_set(arena, binary, "contentType", json_new_string(arena, type));
    with_context(interaction, binary);
    if (body.len)
        json_set(arena, binary, "data", json_new_string(arena, base64_encode(body, arena)));
    return binary;
}

/* "including when the content type is application/fhir+xml or application/fhir+json, except for the
 * special case where the content is actually a Binary resource". What calls itself FHIR and can not
 * be read might have been one: it is refused. */
cJSON *raw_resource(struct interaction *interaction)
{
    struct str type = http_header(interaction->request, "Content-Type");
    bool may_be_resource = interaction->content == MEDIA_JSON || interaction->content == MEDIA_XML;
    if (type.len && !may_be_resource)
        return wrap(interaction, type);
    struct issues kept = interaction->issues;
    cJSON *tree = interaction_resource(interaction, STR(""));
    if (str_is(json_get_text(tree, "resourceType"), "Binary"))
        return with_context(interaction, tree);
    bool is_fhir = type.len >= 17 && strncasecmp(type.data, "application/fhir+", 17) == 0;
    if (!type.len || (!tree && is_fhir))
        return NULL;
    interaction->issues = kept;
    return wrap(interaction, type);
}

/* A stored type becomes a header field only if it could be one. */
static struct str sendable(struct str type)
{
    bool has_slash = false;
    for (size_t i = 0; i < type.len; i++) {
        if (type.data[i] < 0x20 || type.data[i] > 0x7e)
            return STR("application/octet-stream");
        has_slash |= type.data[i] == '/';
    }
    return has_slash ? type : STR("application/octet-stream");
}

bool raw_answer(struct interaction *interaction, struct str body)
{
    struct issues ignored;
    struct str bytes;
    if (!raw_is_given(interaction))
        return false;
    issues_init(&ignored, interaction->arena, (struct str){ 0 });
    const cJSON *binary = json_parse(body, interaction->arena, &ignored);
    struct str type = sendable(json_get_text(binary, "contentType"));
    if (!binary || !media_wants_content(http_header(interaction->request, "Accept"), type) ||
        !base64_decode(&bytes, json_get_text(binary, "data"), interaction->arena))
        return false;
    struct str context = json_get_text(json_get(binary, "securityContext"), "reference");
    struct http_answer *answer = &interaction->answer;
    answer->status = 200;
    answer->body = bytes;
    http_answer_header(answer, "Content-Type", type);
    http_answer_header(answer, "Content-Disposition", STR("attachment"));
    http_answer_header(answer, "X-Content-Type-Options", STR("nosniff"));
    http_answer_header(answer, "Content-Security-Policy",
                       STR("sandbox; default-src 'none'; frame-ancestors 'none'"));
    if (context.len)
        http_answer_header(answer, CONTEXT, context);
    interaction->accept = MEDIA_JSON;
    interaction->is_pretty = false;
    return true;
}
