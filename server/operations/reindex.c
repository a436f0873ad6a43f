/* reindex.c - $reindex: makes the index anew; $reindex-status: how far that is. */
#include "server/reindex.h"

#include "server/interactions/outcome.h"
#include "server/operations/operation.h"

static void add_part(struct arena *arena, cJSON *parts, const char *name, const char *value,
                     cJSON *item)
{
    cJSON *part = json_new_object(arena);
    json_set(arena, part, "name", json_new_string(arena, str_of(name)));
    json_set(arena, part, value, item);
    json_add(parts, part);
}

static cJSON *number(struct arena *arena, uint64_t value)
{
    return json_new_number(arena, str_print(arena, "%llu", (unsigned long long)value));
}

static cJSON *print_type(struct arena *arena, const struct reindex_progress *progress)
{
    cJSON *parameter = json_new_object(arena), *parts = json_new_array(arena);
    json_set(arena, parameter, "name", json_new_string(arena, STR("type")));
    add_part(arena, parts, "name", "valueCode", json_new_string(arena, progress->type));
    add_part(arena, parts, "done", "valueDecimal", number(arena, progress->done));
    add_part(arena, parts, "total", "valueDecimal", number(arena, progress->total));
    add_part(arena, parts, "unreadable", "valueDecimal", number(arena, progress->failed));
    add_part(arena, parts, "complete", "valueBoolean", json_new_bool(arena, !progress->is_waiting));
    json_set(arena, parameter, "part", parts);
    return parameter;
}

static void answer(struct interaction *interaction)
{
    enum { MOST_ANSWER = 1 << 20 };
    struct arena *arena = interaction->arena;
    struct reindex_progress *progress = NULL;
    size_t count = 0;
    struct buf out;
    cJSON *tree = json_new_object(arena), *parameters = json_new_array(arena);
    bool is_complete = true;
    if (interaction->service->reindex)
        reindex_read(interaction->service->reindex, arena, &progress, &count);
    for (size_t i = 0; i < count; i++)
        is_complete = is_complete && !progress[i].is_waiting;
    json_set(arena, tree, "resourceType", json_new_string(arena, STR("Parameters")));
    add_part(arena, parameters, "complete", "valueBoolean", json_new_bool(arena, is_complete));
    for (size_t i = 0; i < count; i++)
        json_add(parameters, print_type(arena, &progress[i]));
    json_set(arena, tree, "parameter", parameters);
    buf_init(&out, arena, MOST_ANSWER);
    json_print(&out, tree);
    interaction_answer(interaction, 200, buf_str(&out));
}

bool operations_reindex(struct interaction *interaction)
{
    if (!interaction_may(interaction, STR("*"), ACT_UPDATE, NULL))
        return false;
    if (interaction->service->reindex)
        reindex_start(interaction->service->reindex, interaction->at.type);
    answer(interaction);
    return true;
}

bool operations_reindex_status(struct interaction *interaction)
{
    if (!interaction_may(interaction, STR("*"), ACT_READ, NULL))
        return false;
    answer(interaction);
    return true;
}
