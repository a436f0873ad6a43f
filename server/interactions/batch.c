/* batch.c - a batch Bundle: each entry for itself (R4 http.html#transaction). */
#include "server/interactions/entry.h"
#include "server/interactions/outcome.h"

/* What one entry gets wrong is its own answer, and nobody else's. So is its memory: of what an
 * entry needs nothing is left but its line of the answer. */
static void run_entry(struct interaction *interaction, cJSON *item, int index,
                      struct bundle *answer)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct interaction one = *interaction;
    struct bundle_response response = { 0 };
    struct issues own;
    struct entry entry;
    one.arena = arena;
    one.held = arena_size(interaction->arena);
    issues_init(&one.issues, arena, interaction->issues.source);
    one.issues.mark = interaction->issues.mark;
    if (entry_read(&entry, item, index, &one)) {
        entry_run(&entry, &one, &response, &own);
        interaction->issues.mark = own.mark;
    } else {
        response.status = entry_status(outcome_status(&one.issues));
        response.outcome = outcome_print(&one.issues);
    }
    bundle_response(answer, &response);
}

bool interactions_batch(struct interaction *interaction, const cJSON *bundle)
{
    const cJSON *list = json_get(bundle, "entry");
    size_t most = interaction->service->most_entries;
    struct bundle answer;
    struct str json;
    int index = 0;
    if (json_count(list) > most)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_LARGE, "most-entries is %zu", most);
    bundle_begin(&answer, "batch-response", interaction->service->base_url, interaction->arena);
    for (cJSON *item = list ? list->child : NULL; item; item = item->next)
        run_entry(interaction, item, index++, &answer);
    if (!bundle_end(&answer, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "it was run, but the answer is too large: Prefer return=minimal");
    interaction_answer(interaction, 200, json);
    return true;
}
