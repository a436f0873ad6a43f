/* delete.c - delete, and conditional delete of one or of several matches (R4 http.html#delete,
 * #cdelete). */
#include "server/interactions/change.h"
#include "server/interactions/outcome.h"

/* Others may write what the condition matches between finding it and deleting it. */
enum { MOST_TRIES = 4 };

/* A deletion of all that matched, guarded by the search that found them. */
struct sweep {
    struct interaction *interaction;
    struct search_plan plan;
    struct store_page found;
    struct write *writes;
    struct store_guard guard;
};

static bool settle(void *context, struct write_set *set)
{
    const struct sweep *sweep = context;
    write_add_guard(set, &sweep->guard);
    return true;
}

static bool find(struct sweep *sweep)
{
    struct interaction *with = sweep->interaction;
    struct arena *arena = with->arena;
    size_t most = with->service->most_deletes;
    enum outcome outcome = store_search(with->service->store, with->viewer, &sweep->plan, 0,
                                        (struct str){ 0 }, arena, &sweep->found);
    size_t count = sweep->found.count;
    if (outcome != OUTCOME_OK)
        return outcome_raise(&with->issues, outcome, with->at.type);
    if (count > most)
        return issue_add(&with->issues, NULL, ISSUE_MULTIPLE_MATCHES,
                         "delete-matches is %zu: " STR_FMT "?" STR_FMT, most,
                         STR_ARG(with->at.type), STR_ARG(sweep->plan.self));
    struct str *ids = arena_array(arena, count, sizeof *ids);
    sweep->writes = arena_array(arena, count, sizeof *sweep->writes);
    for (size_t i = 0; i < count; i++) {
        ids[i] = sweep->found.versions[i].id;
        sweep->writes[i] = (struct write){ .act = WRITE_DELETE,
                                           .type = with->at.type,
                                           .id = ids[i],
                                           .if_version = STORE_ANY_VERSION };
    }
    sweep->guard = (struct store_guard){ .version = sweep->found.snapshot,
                                         .plan = &sweep->plan,
                                         .viewer = with->viewer,
                                         .ids = ids,
                                         .id_count = count };
    return true;
}

static bool try(struct sweep *sweep)
{
    struct interaction *with = sweep->interaction;
    struct write_set set = { .service = with->service,
                             .viewer = with->viewer,
                             .arena = with->arena,
                             .issues = &with->issues,
                             .writes = sweep->writes,
                             .count = sweep->found.count,
                             .extras = { .settle = settle, .context = sweep },
                             .most_tries = 1,
                             .interaction = "delete" };
    return write_commit(&set);
}

static bool is_clash(const struct issues *issues)
{
    return issues->first && issues->first->id == ISSUE_CONFLICT;
}

static bool delete_matches(struct interaction *interaction)
{
    struct write shape = { .type = interaction->at.type };
    if (!change_condition(interaction, &shape))
        return false;
    struct sweep sweep = { .interaction = interaction, .plan = *shape.condition };
    sweep.plan.count = interaction->service->most_deletes + 1;
    for (int i = 0; i < MOST_TRIES; i++) {
        issues_init(&interaction->issues, interaction->arena, (struct str){ 0 });
        bool is_done = find(&sweep) && (!sweep.found.count || try(&sweep));
        if (is_done)
            break;
        if (!is_clash(&interaction->issues) || i == MOST_TRIES - 1)
            return false;
    }
    bool has_outcome = interaction->prefer == RETURN_OUTCOME;
    interaction_answer(interaction, has_outcome ? 200 : 204,
                       has_outcome ? outcome_print(&interaction->issues) : (struct str){ 0 });
    return true;
}

bool interactions_delete(struct interaction *interaction)
{
    struct write write = { .act = WRITE_DELETE,
                           .type = interaction->at.type,
                           .id = interaction->at.id };
    if (!change_preconditions(interaction, &write) || !change_no_provenance(interaction))
        return false;
    if (!write.id.len && interaction->service->most_deletes > 1 &&
        write.if_version == STORE_ANY_VERSION)
        return delete_matches(interaction);
    return change_condition(interaction, &write) && change_commit(interaction, &write, "delete");
}
