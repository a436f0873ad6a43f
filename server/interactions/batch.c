/* batch.c - a batch Bundle: each entry for itself (R4 http.html#transaction). */
#include "server/interactions/entry.h"
#include "server/interactions/outcome.h"

/* What one entry gets wrong is its own answer, and nobody else's. */
static void run_entry(struct interaction *interaction, cJSON *item, int index,
                      struct bundle_response *response)
{
    struct issues whole = interaction->issues, own;
    struct entry entry;
    issues_init(&interaction->issues, interaction->arena, whole.source);
    interaction->issues.mark = whole.mark;
    if (entry_read(&entry, item, index, interaction)) {
        entry_run(&entry, interaction, response, &own);
        whole.mark = own.mark;
    } else {
        response->status = entry_status(outcome_status(&interaction->issues));
        response->outcome = outcome_print(&interaction->issues);
    }
    interaction->issues = whole;
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
    for (cJSON *item = list ? list->child : NULL; item; item = item->next) {
        struct bundle_response response = { 0 };
        run_entry(interaction, item, index++, &response);
        bundle_response(&answer, &response);
    }
    if (!bundle_end(&answer, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "it was run, but the answer is too large: Prefer return=minimal");
    interaction_answer(interaction, 200, json);
    return true;
}
