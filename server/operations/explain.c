/* explain.c - GET [type]/$explain?query: how the store would run a search, in words and rows. */
#include "server/interactions/outcome.h"
#include "server/operations/operation.h"

static cJSON *part_of(struct arena *arena, const char *name, const char *value, cJSON *item)
{
    cJSON *part = json_new_object(arena);
    json_set(arena, part, "name", json_new_string(arena, str_of(name)));
    json_set(arena, part, value, item);
    return part;
}

static cJSON *print_step(struct arena *arena, const struct store_step *step)
{
    cJSON *parameter = json_new_object(arena), *parts = json_new_array(arena);
    struct str rows = str_print(arena, "%llu", (unsigned long long)step->rows);
    json_set(arena, parameter, "name", json_new_string(arena, STR("step")));
    json_add(parts, part_of(arena, "does", "valueString", json_new_string(arena, step->text)));
    json_add(parts, part_of(arena, "rows", "valueDecimal", json_new_number(arena, rows)));
    json_set(arena, parameter, "part", parts);
    return parameter;
}

static void answer(struct interaction *interaction, const struct search_plan *plan,
                   const struct store_step *steps, size_t count)
{
    enum { MOST_ANSWER = 1 << 20 };
    struct arena *arena = interaction->arena;
    cJSON *tree = json_new_object(arena), *parameters = json_new_array(arena);
    struct buf out;
    json_set(arena, tree, "resourceType", json_new_string(arena, STR("Parameters")));
    if (plan->self.len)
        json_add(parameters,
                 part_of(arena, "query", "valueString", json_new_string(arena, plan->self)));
    for (size_t i = 0; i < count; i++)
        json_add(parameters, print_step(arena, &steps[i]));
    json_set(arena, tree, "parameter", parameters);
    buf_init(&out, arena, MOST_ANSWER);
    json_print(&out, tree);
    interaction_answer(interaction, 200, buf_str(&out));
}

/* The rows tell what there is, also where the caller may not look: for those who may see all. */
bool operations_explain(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    const struct search_context context = service_search_context(service);
    struct search_pair *pairs = NULL;
    struct search_plan plan;
    struct store_step *steps = NULL;
    size_t count = 0, step_count = 0;
    if (!interaction_may(interaction, STR("*"), ACT_READ | ACT_SEARCH, NULL) ||
        !interaction_query(interaction, interaction->request->query, &pairs, &count) ||
        !search_parse(&plan, interaction->at.type, pairs, count, &context, interaction->arena,
                      &interaction->issues))
        return false;
    plan.most_us = (int64_t)service->seconds_per_request * 1000000;
    enum outcome outcome = store_explain(service->store, interaction->viewer, &plan,
                                         interaction->arena, &steps, &step_count);
    if (!outcome_raise(&interaction->issues, outcome, interaction->at.type))
        return false;
    answer(interaction, &plan, steps, step_count);
    return true;
}
