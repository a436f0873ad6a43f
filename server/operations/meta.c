/* meta.c - $meta, $meta-add and $meta-delete: profiles, tags and security labels (R4
 * resource-operation-meta.html, -meta-add.html, -meta-delete.html). */
#include "server/interactions/change.h"
#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"
#include "server/operations/parameters.h"

enum { MOST_VALUES = 5000 };

/* The lists of a Meta that these operations are about, and by which parameter each is searched. */
static const struct {
    const char *name, *code;
    enum index_kind kind;
} LISTS[] = {
    { "profile", "_profile", INDEX_URI },
    { "security", "_security", INDEX_TOKEN },
    { "tag", "_tag", INDEX_TOKEN },
};

/* Where nothing is in use there is no Meta: an element may not be empty. */
static bool answer_meta(struct interaction *interaction, cJSON *meta)
{
    cJSON *parameters = operation_new_parameters(interaction);
    if (meta->child)
        operation_add(interaction, parameters, "return", "valueMeta", meta);
    return operation_answer(interaction, parameters);
}

static cJSON *meta_of(struct interaction *interaction, struct str body)
{
    cJSON *resource = json_parse(body, interaction->arena, &interaction->issues);
    cJSON *meta = json_get(resource, "meta");
    return meta ? meta : json_new_object(interaction->arena);
}

static bool answer_record(struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    struct store_version found = { 0 };
    if (!interaction_may(interaction, at->type, ACT_READ, NULL))
        return false;
    const struct service *service = interaction->service;
    enum outcome outcome = at->version ? store_read(service->store, interaction->viewer, at->type,
                                                    at->id, at->version, interaction->arena, &found)
                                       : loaded_read(service, interaction->viewer, at->type, at->id,
                                                     interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(
            &interaction->issues, outcome,
            str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
    interaction_answer_version(interaction, found.version, found.updated_us);
    return answer_meta(interaction, meta_of(interaction, found.body));
}

static void add_value(struct interaction *interaction, cJSON *meta, const struct store_value *value)
{
    struct arena *arena = interaction->arena;
    const char *name = LISTS[value->parameter].name;
    cJSON *list = json_get(meta, name);
    if (!list)
        list = json_set(arena, meta, name, json_new_array(arena));
    if (LISTS[value->parameter].kind == INDEX_URI) {
        json_add(list, json_new_string(arena, value->second));
        return;
    }
    cJSON *coding = json_new_object(arena);
    if (value->first.len)
        json_set(arena, coding, "system", json_new_string(arena, value->first));
    if (value->second.len)
        json_set(arena, coding, "code", json_new_string(arena, value->second));
    json_add(list, coding);
}

/* Of the types that the viewer may search: what is in use tells what is there. */
static const struct str *types_of(struct interaction *interaction, size_t *count)
{
    size_t all, kept = 0;
    const struct str *types = definitions_resource_types(interaction->service->definitions, &all);
    struct str *may = arena_array(interaction->arena, all, sizeof *may);
    for (size_t i = 0; i < all; i++)
        if (viewer_may(interaction->viewer, types[i], ACT_SEARCH) &&
            (!interaction->at.type.len || str_equal(types[i], interaction->at.type)))
            may[kept++] = types[i];
    *count = kept;
    return may;
}

static bool answer_summary(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct store_values_of parameters[COUNT(LISTS)];
    struct store_values asked = { .parameters = parameters,
                                  .parameter_count = COUNT(LISTS),
                                  .most = MOST_VALUES,
                                  .most_us = (int64_t)service->seconds_per_request * 1000000 };
    struct store_found_values found = { 0 };
    for (size_t i = 0; i < COUNT(LISTS); i++)
        parameters[i] = (struct store_values_of){ str_of(LISTS[i].code), LISTS[i].kind };
    asked.types = types_of(interaction, &asked.type_count);
    if (!asked.type_count)
        return interaction_may(interaction,
                               interaction->at.type.len ? interaction->at.type : STR("*"),
                               ACT_SEARCH, NULL);
    enum outcome outcome =
        store_values(service->store, interaction->viewer, &asked, interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, STR("$meta"));
    if (found.is_cut)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "more than %d different ones are in use", MOST_VALUES);
    cJSON *meta = json_new_object(interaction->arena);
    for (size_t i = 0; i < found.count; i++)
        add_value(interaction, meta, &found.values[i]);
    return answer_meta(interaction, meta);
}

bool operations_meta(struct interaction *interaction)
{
    if (!operation_inputs(interaction))
        return false;
    return interaction->at.id.len ? answer_record(interaction) : answer_summary(interaction);
}

/* A profile by its url; a tag or label by system and code, whatever its version and display. */
static bool is_same(const cJSON *a, const cJSON *b)
{
    if (cJSON_IsString(a) || cJSON_IsString(b))
        return cJSON_IsString(a) && cJSON_IsString(b) && str_equal(json_text(a), json_text(b));
    return str_equal(json_get_text(a, "system"), json_get_text(b, "system")) &&
           str_equal(json_get_text(a, "code"), json_get_text(b, "code"));
}

static cJSON *find_same(cJSON *list, const cJSON *item)
{
    for (cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (is_same(one, item))
            return one;
    return NULL;
}

static void add_all(struct arena *arena, cJSON *meta, const char *name, const cJSON *asked)
{
    cJSON *list = json_get(meta, name);
    for (const cJSON *one = asked ? asked->child : NULL; one; one = one->next) {
        if (find_same(list, one))
            continue;
        if (!list)
            list = json_set(arena, meta, name, json_new_array(arena));
        json_add(list, json_copy(arena, one));
    }
}

/* An array may not be empty, so it goes with its last member. */
static void remove_all(cJSON *meta, const char *name, const cJSON *asked)
{
    cJSON *list = json_get(meta, name), *same;
    for (const cJSON *one = asked ? asked->child : NULL; list && one; one = one->next)
        while ((same = find_same(list, one)))
            json_unlink(list, same);
    if (list && !list->child)
        json_remove(meta, name);
}

struct asked_change {
    const cJSON *meta;
    bool is_removal;
};

static cJSON *change(const void *context, struct write_set *set, const struct write *write)
{
    const struct asked_change *asked = context;
    struct arena *arena = set->arena;
    cJSON *resource = json_parse(write->found.body, arena, set->issues);
    cJSON *meta = json_get(resource, "meta");
    for (size_t i = 0; meta && i < COUNT(LISTS); i++) {
        const cJSON *list = json_get(asked->meta, LISTS[i].name);
        if (asked->is_removal)
            remove_all(meta, LISTS[i].name, list);
        else
            add_all(arena, meta, LISTS[i].name, list);
    }
    return resource;
}

static bool is_list_of(const cJSON *list, bool of_texts)
{
    if (list && !cJSON_IsArray(list))
        return false;
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (of_texts ? !cJSON_IsString(one) : !cJSON_IsObject(one))
            return false;
    return true;
}

static const cJSON *read_meta(struct interaction *interaction)
{
    const cJSON *asked = operation_inputs(interaction);
    const cJSON *meta = asked ? operation_parameter(asked, "meta") : NULL;
    for (size_t i = 0; meta && i < COUNT(LISTS); i++)
        if (!is_list_of(json_get(meta, LISTS[i].name), LISTS[i].kind == INDEX_URI)) {
            issue_add(&interaction->issues, NULL, ISSUE_TYPE_MISMATCH, "meta.%s", LISTS[i].name);
            return NULL;
        }
    return meta;
}

/* A change like any other: a new version with the viewer's name in the audit, unless it changes
 * nothing; held against the profiles that the record claims then. */
static bool change_meta(struct interaction *interaction, bool is_removal)
{
    struct asked_change asked = { read_meta(interaction), is_removal };
    struct write write = { .act = WRITE_PATCH,
                           .type = interaction->at.type,
                           .id = interaction->at.id,
                           .change = change,
                           .change_context = &asked };
    struct write_set set = { .service = interaction->service,
                             .viewer = interaction->viewer,
                             .arena = interaction->arena,
                             .issues = &interaction->issues,
                             .writes = &write,
                             .count = 1,
                             .interaction = "operation" };
    if (!asked.meta || !change_preconditions(interaction, &write) || !write_commit(&set))
        return false;
    interaction_answer_version(interaction, write.version, write.updated_us);
    return answer_meta(interaction, meta_of(interaction, write.body));
}

bool operations_meta_add(struct interaction *interaction)
{
    return change_meta(interaction, false);
}

bool operations_meta_delete(struct interaction *interaction)
{
    return change_meta(interaction, true);
}
