/* inputs.c - holds what an operation is asked against its OperationDefinition (R4
 * operationdefinition.html). */
#include <ctype.h>

#include "resources/fhir/types/primitive.h"
#include "server/operations/parameters.h"

/* The loaded OperationDefinition; NULL when it is not loaded. */
static const cJSON *read_definition(struct interaction *interaction, const char *canonical)
{
    struct issues ignored;
    struct str text;
    issues_init(&ignored, interaction->arena, (struct str){ 0 });
    if (!definitions_resource(interaction->service->definitions, STR("OperationDefinition"),
                              str_of(canonical), interaction->arena, &text))
        return NULL;
    return json_parse(text, interaction->arena, &ignored);
}

static const cJSON *next_input(const cJSON *definition, const cJSON *before)
{
    const cJSON *one = before ? before->next : NULL;
    if (!before) {
        const cJSON *list = json_get(definition, "parameter");
        one = list ? list->child : NULL;
    }
    while (one && !str_is(json_get_text(one, "use"), "in"))
        one = one->next;
    return one;
}

static const cJSON *find_input(const cJSON *definition, struct str name)
{
    const cJSON *one = NULL;
    while ((one = next_input(definition, one)))
        if (str_equal(json_get_text(one, "name"), name))
            return one;
    return NULL;
}

/* The one that a resource alone as the body stands for. */
static const char *resource_input(struct interaction *interaction, const cJSON *definition)
{
    const cJSON *one = NULL;
    while ((one = next_input(definition, one))) {
        struct str type = json_get_text(one, "type");
        if (str_is(type, "Resource") || str_is(type, "Any") ||
            definitions_is_resource_type(interaction->service->definitions, type))
            return str_cstr(interaction->arena, json_get_text(one, "name"));
    }
    return "resource";
}

static bool refuse(struct interaction *interaction, struct str name, const char *why)
{
    return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID, STR_FMT ": %s",
                     STR_ARG(name), why);
}

/* valueMeta for a Meta; any resource for one of them. */
static bool has_type(const cJSON *given, struct str type)
{
    const cJSON *resource = json_get(given, "resource");
    if (resource)
        return str_is(type, "Resource") || str_is(type, "Any") ||
               str_equal(json_get_text(resource, "resourceType"), type);
    for (const cJSON *member = given->child; member; member = member->next) {
        struct str name = str_of(member->string), own = str_slice(name, 5, name.len);
        if (str_starts(name, STR("value")) && own.len == type.len &&
            toupper((unsigned char)type.data[0]) == own.data[0] &&
            str_equal(str_slice(own, 1, own.len), str_slice(type, 1, type.len)))
            return true;
    }
    return false;
}

static bool check_value(struct interaction *interaction, const cJSON *input, const cJSON *given)
{
    struct str name = json_get_text(input, "name"), type = json_get_text(input, "type");
    const char *reason;
    if (!type.len)
        return json_get(given, "part") || refuse(interaction, name, "its parts are needed");
    if (!primitive_is_type(type))
        return has_type(given, type) ||
               refuse(interaction, name,
                      str_print(interaction->arena, "a " STR_FMT " is needed", STR_ARG(type)).data);
    for (const cJSON *member = given->child; member; member = member->next)
        if (!strncmp(member->string, "value", 5))
            return primitive_check(type, json_text(member), PRIMITIVE_ANY, &reason) ||
                   refuse(interaction, name, reason);
    return refuse(interaction, name, "a value is needed");
}

static size_t count_given(const cJSON *list, struct str name)
{
    size_t count = 0;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        count += str_equal(json_get_text(one, "name"), name);
    return count;
}

static bool check_counts(struct interaction *interaction, const cJSON *definition,
                         const cJSON *list)
{
    const cJSON *input = NULL;
    while ((input = next_input(definition, input))) {
        struct str name = json_get_text(input, "name");
        size_t count = count_given(list, name);
        uint64_t min = 0, max = UINT64_MAX;
        str_to_u64(&min, json_get_text(input, "min"));
        str_to_u64(&max, json_get_text(input, "max"));
        if (count < min)
            return refuse(interaction, name, "it is needed");
        if (count > max)
            return refuse(interaction, name, "it is given more than once");
    }
    return true;
}

const cJSON *operation_inputs(struct interaction *interaction)
{
    const struct operation *operation = operations_find(&interaction->at);
    const cJSON *definition = read_definition(interaction, operation->definition);
    const cJSON *asked = operation_asked(interaction, resource_input(interaction, definition));
    const cJSON *list = json_get(asked, "parameter");
    if (!asked || !definition)
        return asked;
    for (const cJSON *given = list ? list->child : NULL; given; given = given->next) {
        struct str name = json_get_text(given, "name");
        const cJSON *input = find_input(definition, name);
        if (!input && !interaction->is_lenient) {
            issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                      STR_FMT " is no parameter of $%s", STR_ARG(name), operation->name);
            return NULL;
        }
        if (input && !check_value(interaction, input, given))
            return NULL;
    }
    return check_counts(interaction, definition, list) ? asked : NULL;
}
