/* compartment.c - compartment definitions as conditions on reference parameters. */
#include "server/search/compartment.h"

#include "resources/base/arena.h"
#include "resources/fhir/json/json.h"

#define DEFINITIONS "http://hl7.org/fhir/CompartmentDefinition/"

/* The definition of the compartment of that type, whose canonical begins with a small letter. */
static const cJSON *read_definition(struct definitions *definitions, struct str type,
                                    struct arena *arena)
{
    struct str text, url = str_print(arena, DEFINITIONS STR_FMT, STR_ARG(type));
    char *letter = arena_copy(arena, url.data, url.len);
    letter[sizeof DEFINITIONS - 1] = (char)(letter[sizeof DEFINITIONS - 1] | 0x20);
    struct issues ignored;
    issues_init(&ignored, arena, STR(""));
    if (!definitions_resource(definitions, STR("CompartmentDefinition"),
                              (struct str){ letter, url.len }, arena, &text))
        return NULL;
    return json_parse(text, arena, &ignored);
}

const struct str *compartment_types(struct definitions *definitions, struct str type,
                                    struct arena *arena, size_t *count)
{
    const cJSON *members = json_get(read_definition(definitions, type, arena), "resource");
    struct str *types = arena_array(arena, json_count(members), sizeof *types);
    *count = 0;
    for (const cJSON *member = members ? members->child : NULL; member; member = member->next)
        if (json_get(member, "param"))
            types[(*count)++] = json_get_text(member, "code");
    return types;
}

static bool is_asked(const struct search_plan *plan, struct str type)
{
    for (size_t i = 0; i < plan->type_count; i++)
        if (str_equal(plan->types[i], type))
            return true;
    return false;
}

static struct search_condition *own_id(struct parsing *with, struct search_condition *out,
                                       const struct str *type, const struct search_value *value)
{
    (void)with;
    *out = (struct search_condition){ .types = type,
                                      .type_count = 1,
                                      .kind = INDEX_TOKEN,
                                      .code = STR("_id"),
                                      .values = value,
                                      .value_count = 1 };
    return out;
}

/* The parts for one type of the compartment. */
static void add_member(struct parsing *with, struct search_condition *out,
                       struct search_condition *parts, const cJSON *member,
                       const struct search_value *value)
{
    struct str *type = arena_alloc(with->arena, sizeof *type);
    const cJSON *codes = json_get(member, "param");
    *type = json_get_text(member, "code");
    if (!is_asked(with->plan, *type))
        return;
    for (const cJSON *code = codes ? codes->child : NULL; code; code = code->next) {
        if (out->part_count == SEARCH_MOST_CONDITIONS)
            return;
        struct search_condition *part = &parts[out->part_count];
        if (str_is(json_text(code), "{def}")) {
            own_id(with, part, type, value);
            out->part_count++;
            continue;
        }
        *part = (struct search_condition){ .types = type,
                                           .type_count = 1,
                                           .kind = INDEX_REFERENCE,
                                           .code = json_text(code),
                                           .modifier = MODIFIER_TYPE,
                                           .values = value,
                                           .value_count = 1 };
        part->parameter =
            definitions_search_parameter(with->context->definitions, *type, part->code);
        out->part_count += part->parameter != NULL;
    }
}

bool compartment_condition(struct parsing *with, struct search_condition *out)
{
    const struct search_context *context = with->context;
    struct search_value *value = arena_alloc(with->arena, sizeof *value);
    *value = (struct search_value){ .first = context->compartment_type,
                                    .second = context->compartment_id };
    *out = (struct search_condition){ .test = TEST_COMPARTMENT,
                                      .types = with->plan->types,
                                      .type_count = with->plan->type_count,
                                      .values = value,
                                      .value_count = context->compartment_id.len > 0 };
    if (str_is(context->compartment_type, "Patient"))
        return true;
    const cJSON *definition =
        read_definition(context->definitions, context->compartment_type, with->arena);
    if (!definition)
        return issue_add(with->issues, NULL, ISSUE_NOT_FOUND, STR_FMT " has no compartment",
                         STR_ARG(context->compartment_type));
    struct search_condition *parts =
        arena_array(with->arena, SEARCH_MOST_CONDITIONS, sizeof *parts);
    const cJSON *members = json_get(definition, "resource");
    out->test = TEST_ANY;
    out->parts = parts;
    for (const cJSON *member = members ? members->child : NULL; member; member = member->next)
        add_member(with, out, parts, member, value);
    if (!out->part_count)
        out->test = TEST_NOTHING;
    return true;
}
