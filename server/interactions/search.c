/* search.c - search by type, with GET or POST, on stable pages (R4 http.html#search). */
#include "server/interactions/bundle.h"
#include "server/interactions/interaction.h"
#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"

struct asked {
    struct search_plan plan;
    struct page page;
    struct str token;
};

static struct str about(const struct interaction *interaction)
{
    return str_print(interaction->arena, "search " STR_FMT " " STR_FMT,
                     STR_ARG(interaction->at.type), STR_ARG(interaction->viewer->client));
}

/* The pairs of the address and of a posted form together (R4 search.html). */
static bool gather(struct interaction *interaction, struct search_pair **pairs, size_t *count)
{
    struct search_pair *form = NULL;
    size_t form_count = 0;
    if (!interaction_query(interaction, interaction->request->query, pairs, count))
        return false;
    if (interaction->at.route->body != BODY_FORM || !interaction->request->body.len)
        return true;
    if (!interaction_query(interaction, interaction->request->body, &form, &form_count))
        return false;
    struct search_pair *both = arena_array(interaction->arena, *count + form_count, sizeof *both);
    for (size_t i = 0; i < *count + form_count; i++)
        both[i] = i < *count ? (*pairs)[i] : form[i - *count];
    *pairs = both;
    *count += form_count;
    return true;
}

/* A page link holds the whole query; beside it nothing else is listened to. */
static bool reopen(struct asked *asked, struct interaction *interaction, struct search_pair **pairs,
                   size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        if (str_is((*pairs)[i].name, "_page"))
            asked->token = (*pairs)[i].value;
    if (!asked->token.len)
        return true;
    if (*count != 1 ||
        !page_unseal(&asked->page, asked->token, store_seal_key(interaction->service->store),
                     about(interaction), interaction->arena))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_page: this is no page link of this search");
    return search_split(pairs, count, asked->page.query, interaction->arena, &interaction->issues);
}

static struct str link_to(const struct interaction *interaction, const char *name, struct str value)
{
    return str_print(interaction->arena, STR_FMT "/" STR_FMT "%s%s" STR_FMT,
                     STR_ARG(interaction->service->base_url), STR_ARG(interaction->at.type),
                     value.len || *name ? "?" : "", name, STR_ARG(value));
}

static bool print(struct interaction *interaction, const struct asked *asked,
                  const struct store_page *found)
{
    struct bundle bundle;
    struct str json;
    bundle_begin(&bundle, "searchset", interaction->service->base_url, interaction->arena);
    if (found->has_total)
        bundle_total(&bundle, found->total);
    bundle_link(&bundle, "self",
                asked->token.len ? link_to(interaction, "_page=", asked->token)
                                 : link_to(interaction, "", asked->plan.self));
    if (found->has_more && !asked->plan.is_count_only) {
        struct page next = { found->snapshot, asked->plan.self, found->next };
        bundle_link(&bundle, "next",
                    link_to(interaction, "_page=",
                            page_seal(&next, store_seal_key(interaction->service->store),
                                      about(interaction), interaction->arena)));
    }
    for (size_t i = 0; i < found->count; i++)
        bundle_match(&bundle, &found->versions[i]);
    if (!bundle_end(&bundle, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the page is too large; ask for a smaller _count");
    interaction_answer(interaction, 200, json);
    return true;
}

bool interactions_search(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct asked asked = { 0 };
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!gather(interaction, &pairs, &count) || !reopen(&asked, interaction, &pairs, &count) ||
        !search_parse(&asked.plan, interaction->at.type, pairs, count, service->definitions,
                      service->base_url, interaction->arena, &interaction->issues))
        return false;
    if (interaction->is_probe)
        return true;
    struct store_page found = { 0 };
    enum outcome outcome =
        loaded_search(service, interaction->viewer, &asked.plan, asked.page.snapshot,
                      asked.page.position, interaction->arena, &found);
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    return outcome_raise(&interaction->issues, outcome, interaction->at.type) &&
           print(interaction, &asked, &found);
}
