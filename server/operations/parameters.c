/* parameters.c - what an operation is asked, however it was sent, and what it answers. */
#include "server/operations/parameters.h"

enum { MOST_ANSWER_BYTES = 64 << 20 };

static cJSON *list_of(struct arena *arena, cJSON *parameters, const char *key)
{
    cJSON *list = json_get(parameters, key);
    return list ? list : json_set(arena, parameters, key, json_new_array(arena));
}

static cJSON *add_named(struct arena *arena, cJSON *parameters, const char *name)
{
    bool is_part = !json_get(parameters, "resourceType");
    cJSON *one = json_new_object(arena);
    json_set(arena, one, "name", json_new_string(arena, str_of(name)));
    return json_add(list_of(arena, parameters, is_part ? "part" : "parameter"), one);
}

static cJSON *read_body(struct interaction *interaction, const char *resource)
{
    struct arena *arena = interaction->arena;
    if (!interaction->resource && !interaction->request->body.len)
        return operation_new_parameters(interaction);
    cJSON *body = interaction_resource(interaction, STR(""));
    if (!body || str_is(json_get_text(body, "resourceType"), "Parameters"))
        return body;
    cJSON *parameters = operation_new_parameters(interaction);
    json_set(arena, add_named(arena, parameters, resource), "resource", body);
    return parameters;
}

const cJSON *operation_asked(struct interaction *interaction, const char *resource)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    struct arena *arena = interaction->arena;
    cJSON *parameters = read_body(interaction, resource);
    if (!parameters ||
        (interaction->request->query.len &&
         !interaction_query(interaction, interaction->request->query, &pairs, &count)))
        return NULL;
    for (size_t i = 0; i < count; i++)
        json_set(arena, add_named(arena, parameters, str_cstr(arena, pairs[i].name)), "valueString",
                 json_new_string(arena, pairs[i].value));
    return parameters;
}

struct str operation_text(const cJSON *asked, const char *name)
{
    return json_text(operation_parameter(asked, name));
}

static bool refuse(struct interaction *interaction, const char *name, const char *wanted,
                   struct str got)
{
    return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                     "%s: '" STR_FMT "' is not %s", name, STR_ARG(got), wanted);
}

bool operation_flag(struct interaction *interaction, const cJSON *asked, const char *name,
                    bool *value)
{
    const cJSON *item = operation_parameter(asked, name);
    struct str text = json_text(item);
    if (!item)
        return true;
    *value = str_is(text, "true");
    return *value || str_is(text, "false") || refuse(interaction, name, "true or false", text);
}

bool operation_number(struct interaction *interaction, const cJSON *asked, const char *name,
                      uint64_t *value)
{
    const cJSON *item = operation_parameter(asked, name);
    struct str text = json_text(item);
    return !item || str_to_u64(value, text) ||
           refuse(interaction, name, "a number from 0 on", text);
}

cJSON *operation_new_parameters(struct interaction *interaction)
{
    struct arena *arena = interaction->arena;
    cJSON *parameters = json_new_object(arena);
    json_set(arena, parameters, "resourceType", json_new_string(arena, STR("Parameters")));
    return parameters;
}

void operation_add(struct interaction *interaction, cJSON *parameters, const char *name,
                   const char *value, cJSON *item)
{
    json_set(interaction->arena, add_named(interaction->arena, parameters, name), value, item);
}

void operation_add_text(struct interaction *interaction, cJSON *parameters, const char *name,
                        const char *value, struct str text)
{
    if (text.len)
        operation_add(interaction, parameters, name, value,
                      json_new_string(interaction->arena, text));
}

void operation_add_bool(struct interaction *interaction, cJSON *parameters, const char *name,
                        bool value)
{
    operation_add(interaction, parameters, name, "valueBoolean",
                  json_new_bool(interaction->arena, value));
}

cJSON *operation_add_parts(struct interaction *interaction, cJSON *parameters, const char *name)
{
    return add_named(interaction->arena, parameters, name);
}

bool operation_answer(struct interaction *interaction, const cJSON *resource)
{
    struct buf out;
    buf_init(&out, interaction->arena, MOST_ANSWER_BYTES);
    json_print(&out, resource);
    if (out.is_over)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the answer is larger than %d bytes", MOST_ANSWER_BYTES);
    interaction_answer(interaction, 200, buf_str(&out));
    return true;
}
