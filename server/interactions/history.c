/* history.c - the versions of one record, newest first, page by page (R4 http.html#history). */
#include "server/interactions/bundle.h"
#include "server/interactions/interaction.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"

struct window {
    size_t count;
    struct page page;
    struct str token; /* of the page asked for, or empty */
};

/* A page's link belongs to this record's history and this client. */
static struct str about(const struct interaction *interaction)
{
    return str_print(interaction->arena, "history " STR_FMT "/" STR_FMT " " STR_FMT,
                     STR_ARG(interaction->at.type), STR_ARG(interaction->at.id),
                     STR_ARG(interaction->viewer->client));
}

static bool parse_count(struct window *window, struct str text, struct issues *issues)
{
    int count;
    if (!str_to_int(&count, text))
        return issue_add(issues, NULL, ISSUE_PARAMETER_INVALID, "_count=" STR_FMT, STR_ARG(text));
    window->count = (size_t)count < SEARCH_MOST_COUNT ? (size_t)count : SEARCH_MOST_COUNT;
    return true;
}

static bool parse(struct window *window, struct interaction *interaction)
{
    const uint8_t *key = store_seal_key(interaction->service->store);
    struct search_pair *pairs = NULL;
    size_t count = 0;
    *window = (struct window){ .count = SEARCH_DEFAULT_COUNT };
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (str_is(pairs[i].name, "_page"))
            window->token = pairs[i].value;
        else if (!str_is(pairs[i].name, "_count"))
            return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                             STR_FMT " can not be used with a history", STR_ARG(pairs[i].name));
        else if (!parse_count(window, pairs[i].value, &interaction->issues))
            return false;
    }
    if (window->token.len &&
        !page_unseal(&window->page, window->token, key, about(interaction), interaction->arena))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_page: this is no page link of this history");
    return true;
}

static struct str link_to(const struct interaction *interaction, const struct window *window,
                          struct str token)
{
    struct str path = str_print(interaction->arena, STR_FMT "/" STR_FMT "/" STR_FMT "/_history",
                                STR_ARG(interaction->service->base_url),
                                STR_ARG(interaction->at.type), STR_ARG(interaction->at.id));
    return token.len
               ? str_print(interaction->arena, STR_FMT "?_count=%zu&_page=" STR_FMT, STR_ARG(path),
                           window->count, STR_ARG(token))
               : str_print(interaction->arena, STR_FMT "?_count=%zu", STR_ARG(path), window->count);
}

static bool print(struct interaction *interaction, const struct window *window,
                  const struct store_page *found)
{
    struct bundle bundle;
    struct str json;
    bundle_begin(&bundle, "history", interaction->service->base_url, interaction->arena);
    if (found->has_total)
        bundle_total(&bundle, found->total);
    bundle_link(&bundle, "self", link_to(interaction, window, window->token));
    if (found->has_more && window->count) {
        struct page next = { found->snapshot, (struct str){ 0 }, found->next };
        struct str token = page_seal(&next, store_seal_key(interaction->service->store),
                                     about(interaction), interaction->arena);
        bundle_link(&bundle, "next", link_to(interaction, window, token));
    }
    for (size_t i = 0; i < found->count; i++)
        bundle_version(&bundle, &found->versions[i]);
    if (!bundle_end(&bundle, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the page is too large; ask for a smaller _count");
    interaction_answer(interaction, 200, json);
    return true;
}

bool interactions_history(struct interaction *interaction)
{
    struct window window;
    struct store_page found = { 0 };
    if (!parse(&window, interaction))
        return false;
    if (interaction->is_probe) /* whether there is one */
        window.count = 0;
    enum outcome outcome = store_history(
        interaction->service->store, interaction->viewer, interaction->at.type, interaction->at.id,
        window.count, window.page.snapshot, window.page.position, interaction->arena, &found);
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    return outcome_raise(&interaction->issues, outcome,
                         str_print(interaction->arena, STR_FMT "/" STR_FMT,
                                   STR_ARG(interaction->at.type), STR_ARG(interaction->at.id))) &&
           print(interaction, &window, &found);
}
