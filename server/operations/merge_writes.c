/* merge_writes.c - finds what refers to a patient, and makes the changes of a merge. */
#include "resources/base/map.h"
#include "resources/fhir/types/reference.h"
#include "server/interactions/outcome.h"
#include "server/operations/merge.h"
#include "server/search/kind.h"

enum { MOST_PAIRS = 128 };

/* Records of what has happened are left as they are: they say it of the patient that it happened
 * to. */
static bool is_history(struct str type)
{
    return str_is(type, "AuditEvent") || str_is(type, "Provenance");
}

static bool leads_to_patients(const struct search_parameter *parameter)
{
    enum index_kind kind;
    if (!kind_of_parameter(&kind, parameter) || kind != INDEX_REFERENCE)
        return false;
    for (size_t i = 0; i < parameter->target_count; i++)
        if (str_is(parameter->targets[i], "Patient"))
            return true;
    return !parameter->target_count;
}

static bool refers(const struct service *service, struct str type)
{
    size_t count;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(service->definitions, type, &count);
    for (size_t i = 0; i < count && !is_history(type); i++)
        if (leads_to_patients(parameters[i]))
            return true;
    return false;
}

bool merge_may(struct interaction *interaction)
{
    size_t count;
    const struct service *service = interaction->service;
    const struct str *types = definitions_resource_types(service->definitions, &count);
    for (size_t i = 0; i < count; i++)
        if (refers(service, types[i]) &&
            !interaction_may(interaction, types[i], ACT_READ | ACT_SEARCH | ACT_UPDATE, NULL))
            return false;
    return true;
}

/* Any record of the type that leads to the source by one of its parameters. */
static bool plan_referrers(const struct merge *merge, struct str type, struct search_plan *plan)
{
    struct interaction *interaction = merge->interaction;
    struct arena *arena = interaction->arena;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair *pairs = arena_array(arena, MOST_PAIRS, sizeof *pairs);
    struct search_condition *any = arena_alloc(arena, sizeof *any);
    struct str target = str_print(arena, "Patient/" STR_FMT, STR_ARG(merge->source.id));
    size_t count, pair_count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(context.definitions, type, &count);
    for (size_t i = 0; i < count && pair_count < MOST_PAIRS; i++)
        if (leads_to_patients(parameters[i]))
            pairs[pair_count++] = (struct search_pair){ parameters[i]->code, target };
    if (!search_parse(plan, type, pairs, pair_count, &context, arena, &interaction->issues))
        return false;
    *any = (struct search_condition){ .test = TEST_ANY,
                                      .types = plan->types,
                                      .type_count = plan->type_count,
                                      .parts = plan->conditions,
                                      .part_count = plan->condition_count };
    plan->conditions = any;
    plan->condition_count = 1;
    plan->total = TOTAL_NONE;
    plan->count = SEARCH_MOST_COUNT;
    return true;
}

/* A place of the tree that says "Patient/source" says "Patient/target" from now on. A reference to
 * a version of the source stays: the version does. */
static void move(const struct merge *merge, cJSON *item)
{
    const struct service *service = merge->interaction->service;
    for (cJSON *child = item->child; child; child = child->next) {
        if (cJSON_IsObject(child) || cJSON_IsArray(child)) {
            move(merge, child);
            continue;
        }
        if (!child->string || strcmp(child->string, "reference") != 0)
            continue;
        struct reference to = reference_parse(json_text(child));
        bool is_here = to.kind == REFERENCE_RELATIVE ||
                       (to.kind == REFERENCE_ABSOLUTE && str_equal(to.base, service->base_url));
        if (is_here && str_is(to.type, "Patient") && str_equal(to.id, merge->source.id) &&
            !to.version.len)
            json_set_text(merge->interaction->arena, child,
                          str_print(merge->interaction->arena, "Patient/" STR_FMT,
                                    STR_ARG(merge->target.id)));
    }
}

static cJSON *read_found(struct write_set *set, const struct write *write)
{
    return json_parse(write->found.body, set->arena, set->issues);
}

static cJSON *change_referrer(const void *context, struct write_set *set, const struct write *write)
{
    cJSON *resource = read_found(set, write);
    if (resource)
        move(context, resource);
    return resource;
}

static bool is_link_to(const cJSON *link, struct str id)
{
    struct reference to = reference_parse(json_get_text(json_get(link, "other"), "reference"));
    return str_is(to.type, "Patient") && (!id.len || str_equal(to.id, id));
}

bool merge_has_link(const cJSON *patient, const char *type, struct str id)
{
    const cJSON *links = json_get(patient, "link");
    for (const cJSON *link = links ? links->child : NULL; link; link = link->next)
        if (str_is(json_get_text(link, "type"), type) && is_link_to(link, id))
            return true;
    return false;
}

/* What else linked the two is outdone by the one link that is to be. */
static void set_link(struct arena *arena, cJSON *patient, const char *type, struct str id)
{
    cJSON *links = json_get(patient, "link"), *link = json_new_object(arena);
    cJSON *other = json_new_object(arena);
    if (!links)
        links = json_set(arena, patient, "link", json_new_array(arena));
    for (cJSON *one = links->child, *next; one; one = next) {
        next = one->next;
        if (is_link_to(one, id))
            json_unlink(links, one);
    }
    json_set(arena, other, "reference",
             json_new_string(arena, str_print(arena, "Patient/" STR_FMT, STR_ARG(id))));
    json_set(arena, link, "other", other);
    json_set(arena, link, "type", json_new_string(arena, str_of(type)));
    json_add(links, link);
}

static cJSON *change_source(const void *context, struct write_set *set, const struct write *write)
{
    const struct merge *merge = context;
    cJSON *patient = read_found(set, write);
    if (!patient)
        return NULL;
    move(merge, patient);
    json_set(set->arena, patient, "active", json_new_bool(set->arena, false));
    set_link(set->arena, patient, "replaced-by", merge->target.id);
    return patient;
}

static bool has_identifier(const cJSON *list, const cJSON *identifier)
{
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next)
        if (str_equal(json_get_text(one, "system"), json_get_text(identifier, "system")) &&
            str_equal(json_get_text(one, "value"), json_get_text(identifier, "value")))
            return true;
    return false;
}

/* The source's identifiers find the target from now on; they are marked as old. */
static void take_identifiers(struct arena *arena, cJSON *patient, const cJSON *source)
{
    const cJSON *old = json_get(source, "identifier");
    cJSON *list = json_get(patient, "identifier");
    for (const cJSON *one = old ? old->child : NULL; one; one = one->next) {
        if (has_identifier(list, one))
            continue;
        if (!list)
            list = json_set(arena, patient, "identifier", json_new_array(arena));
        cJSON *copy = json_copy(arena, one);
        json_set(arena, copy, "use", json_new_string(arena, STR("old")));
        json_add(list, copy);
    }
}

static cJSON *change_target(const void *context, struct write_set *set, const struct write *write)
{
    const struct merge *merge = context;
    if (merge->result)
        return json_copy(set->arena, merge->result);
    cJSON *patient = read_found(set, write);
    const cJSON *source = json_parse(merge->source.body, set->arena, set->issues);
    if (!patient || !source)
        return NULL;
    take_identifiers(set->arena, patient, source);
    move(merge, patient);
    set_link(set->arena, patient, "replaces", merge->source.id);
    /* a link of the target to the source was moved onto itself */
    cJSON *links = json_get(patient, "link");
    for (cJSON *one = links->child, *next; one; one = next) {
        next = one->next;
        if (is_link_to(one, merge->target.id))
            json_unlink(links, one);
    }
    return patient;
}

static bool settle(void *context, struct write_set *set)
{
    const struct merge *merge = context;
    for (size_t i = 0; i < merge->guard_count; i++)
        write_add_guard(set, &merge->guards[i]);
    return true;
}

static void add_write(struct merge *merge, struct str type, struct str id, uint64_t version,
                      write_change change)
{
    merge->writes[merge->write_count++] = (struct write){ .act = WRITE_PATCH,
                                                          .type = type,
                                                          .id = id,
                                                          .if_version = version,
                                                          .change = change,
                                                          .change_context = merge };
}

static bool is_one_of_both(const struct merge *merge, struct str type, struct str id)
{
    return str_is(type, "Patient") &&
           (str_equal(id, merge->source.id) || str_equal(id, merge->target.id));
}

static bool too_many(const struct merge *merge)
{
    return issue_add(&merge->interaction->issues, NULL, ISSUE_TOO_COSTLY,
                     "merge-most-records is %d", MERGE_MOST_RECORDS);
}

/* The room doubles whenever the count is a power of two. */
static void add_id(struct store_guard *guard, struct str id, struct arena *arena)
{
    if ((guard->id_count & (guard->id_count - 1)) == 0) {
        struct str *more = arena_array(arena, guard->id_count * 2 + 1, sizeof *more);
        if (guard->id_count)
            memcpy(more, guard->ids, guard->id_count * sizeof *more);
        guard->ids = more;
    }
    struct str *ids = (struct str *)(uintptr_t)guard->ids;
    ids[guard->id_count++] = id;
}

/* All matches of a type, at one snapshot; the guard says that they are all. */
static bool find_type(struct merge *merge, struct str type)
{
    struct interaction *interaction = merge->interaction;
    const struct service *service = interaction->service;
    struct search_plan *plan = arena_alloc(interaction->arena, sizeof *plan);
    struct store_guard *guard = &merge->guards[merge->guard_count++];
    struct store_page found = { 0 };
    if (!plan_referrers(merge, type, plan))
        return false;
    *guard = (struct store_guard){ .plan = plan, .viewer = interaction->viewer };
    do {
        plan->most_us = (int64_t)service->seconds_per_request * 1000000;
        enum outcome outcome = store_search(service->store, interaction->viewer, plan,
                                            guard->version, found.next, interaction->arena, &found);
        if (outcome != OUTCOME_OK)
            return outcome_raise(&interaction->issues, outcome, type);
        guard->version = found.snapshot;
        for (size_t i = 0; i < found.count; i++) {
            struct str id = found.versions[i].id;
            if (merge->write_count >= MERGE_MOST_RECORDS)
                return too_many(merge);
            add_id(guard, id, interaction->arena);
            if (!is_one_of_both(merge, type, id))
                add_write(merge, type, id, STORE_ANY_VERSION, change_referrer);
        }
    } while (found.has_more);
    plan->most_us = 0;
    return true;
}

static struct str name_of(const struct merge *merge, struct str type, struct str id)
{
    return str_print(merge->interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
}

/* Where integrity is kept, the links of each record are known, whatever element they stand in. */
static bool find_linked(struct merge *merge)
{
    struct interaction *interaction = merge->interaction;
    struct store_page found = { 0 };
    struct str target = name_of(merge, STR("Patient"), merge->source.id);
    struct map known;
    if (!interaction->service->has_integrity)
        return true;
    map_init(&known, interaction->arena);
    for (size_t i = 0; i < merge->write_count; i++)
        map_set(&known, name_of(merge, merge->writes[i].type, merge->writes[i].id), merge);
    enum outcome outcome = store_referrers(interaction->service->store, interaction->viewer, target,
                                           MERGE_MOST_RECORDS, interaction->arena, &found);
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, target);
    for (size_t i = 0; i < found.count; i++) {
        const struct store_version *one = &found.versions[i];
        if (is_history(one->type) || map_find(&known, name_of(merge, one->type, one->id)))
            continue;
        if (!interaction_may(interaction, one->type, ACT_UPDATE, NULL))
            return false;
        if (merge->write_count >= MERGE_MOST_RECORDS)
            return too_many(merge);
        add_write(merge, one->type, one->id, STORE_ANY_VERSION, change_referrer);
    }
    return true;
}

bool merge_find(struct merge *merge)
{
    struct interaction *interaction = merge->interaction;
    size_t count;
    const struct str *types = definitions_resource_types(interaction->service->definitions, &count);
    merge->write_count = merge->guard_count = 0;
    merge->writes = arena_array(interaction->arena, MERGE_MOST_RECORDS + 2, sizeof *merge->writes);
    merge->guards = arena_array(interaction->arena, count, sizeof *merge->guards);
    add_write(merge, STR("Patient"), merge->target.id, merge->target.version, change_target);
    add_write(merge, STR("Patient"), merge->source.id, merge->source.version, change_source);
    for (size_t i = 0; i < count; i++)
        if (refers(interaction->service, types[i]) && !find_type(merge, types[i]))
            return false;
    if (!find_linked(merge))
        return false;
    merge->set = (struct write_set){ .service = interaction->service,
                                     .viewer = interaction->viewer,
                                     .arena = interaction->arena,
                                     .issues = &interaction->issues,
                                     .writes = merge->writes,
                                     .count = merge->write_count,
                                     .extras = { .settle = settle, .context = merge },
                                     .most_tries = 1,
                                     .passes_fence = true,
                                     .interaction = "operation" };
    return true;
}
