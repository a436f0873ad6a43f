/* search.c - search by type, of a compartment or of the whole system, with GET or POST, on stable
 * pages (R4 http.html#search). */
#include "server/interactions/bundle.h"
#include "server/interactions/contained.h"
#include "server/interactions/interaction.h"
#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"
#include "server/interactions/subset.h"

struct asked {
    struct str type; /* that is searched; empty: any */
    struct str path; /* behind the base: "/Patient", "/Patient/1/CarePlan" or "" */
    struct search_plan plan;
    struct page page;
    struct str token;
};

static bool find_address(struct asked *asked, struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    struct arena *arena = interaction->arena;
    if (!at->member.len) {
        asked->type = at->type;
        asked->path = at->type.len ? str_print(arena, "/" STR_FMT, STR_ARG(at->type)) : STR("");
        return true;
    }
    if (!str_is(at->member, "*"))
        asked->type = at->member;
    asked->path = str_print(arena, "/" STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(at->type),
                            STR_ARG(at->id), STR_ARG(at->member));
    return !asked->type.len ||
           definitions_is_resource_type(interaction->service->definitions, asked->type) ||
           issue_add(&interaction->issues, NULL, ISSUE_TYPE_UNKNOWN, STR_FMT, STR_ARG(asked->type));
}

static struct str about(const struct interaction *interaction, const struct asked *asked)
{
    return str_print(interaction->arena, "search " STR_FMT " " STR_FMT, STR_ARG(asked->path),
                     STR_ARG(interaction->viewer->client));
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
                     about(interaction, asked), interaction->arena))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_page: this is no page link of this search");
    return search_split(pairs, count, asked->page.query, interaction->arena, &interaction->issues);
}

static bool parse(struct asked *asked, struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    struct search_context context = service_search_context(service);
    if (!gather(interaction, &pairs, &count) || !reopen(asked, interaction, &pairs, &count))
        return false;
    context.is_lenient = interaction->is_lenient;
    if (interaction->at.member.len) {
        context.compartment_type = interaction->at.type;
        context.compartment_id = interaction->at.id;
    }
    return search_parse(&asked->plan, asked->type, pairs, count, &context, interaction->arena,
                        &interaction->issues);
}

/* What the address names must be allowed; what a search of the system finds beyond that is narrowed
 * by the store. A compartment is one of records that may be known, so its head must be readable. */
static bool may(struct asked *asked, struct interaction *interaction)
{
    const struct search_plan *plan = &asked->plan;
    if (interaction->at.member.len &&
        !interaction_may(interaction, interaction->at.type, ACT_READ, NULL))
        return false;
    if (plan->type.len)
        return interaction_may(interaction, plan->type, ACT_SEARCH, NULL);
    for (size_t i = 0; i < plan->type_count; i++)
        if (viewer_may(interaction->viewer, plan->types[i], ACT_SEARCH))
            return true;
    return interaction_may(interaction, plan->types[0], ACT_SEARCH, NULL);
}

static struct str link_to(const struct interaction *interaction, const struct asked *asked,
                          const char *name, struct str value)
{
    return str_print(interaction->arena, STR_FMT STR_FMT "%s%s" STR_FMT,
                     STR_ARG(interaction->service->base_url), STR_ARG(asked->path),
                     value.len || *name ? "?" : "", name, STR_ARG(value));
}

static void add_links(struct bundle *bundle, struct interaction *interaction,
                      const struct asked *asked, const struct store_page *found)
{
    bundle_link(bundle, "self",
                asked->token.len ? link_to(interaction, asked, "_page=", asked->token)
                                 : link_to(interaction, asked, "", asked->plan.self));
    if (!found->has_more || asked->plan.is_count_only)
        return;
    struct page next = { found->snapshot, asked->plan.self, found->next };
    bundle_link(bundle, "next",
                link_to(interaction, asked, "_page=",
                        page_seal(&next, store_seal_key(interaction->service->store),
                                  about(interaction, asked), interaction->arena)));
}

static void add_entries(struct bundle *bundle, struct interaction *interaction,
                        const struct asked *asked, const struct store_page *found)
{
    const struct subset subset = { .summary = asked->plan.summary,
                                   .elements = asked->plan.elements,
                                   .element_count = asked->plan.element_count,
                                   .definitions = interaction->service->definitions };
    bool is_whole = subset_is_whole(&subset);
    for (size_t i = 0; i < found->count + found->included_count; i++) {
        struct store_version *version =
            i < found->count ? &found->versions[i] : &found->included[i - found->count];
        if (!is_whole)
            subset_apply(&version->body, &subset, interaction->arena);
        bundle_found(bundle, version, i < found->count ? "match" : "include");
    }
    if (!found->is_cut)
        return;
    struct issues cut;
    issues_init(&cut, interaction->arena, STR(""));
    issue_raise_as(&cut, NULL, ISSUE_TOO_COSTLY, SEVERITY_WARNING,
                   "search-most-included: only the first %d included records are here; ask for a"
                   " smaller _count",
                   SEARCH_MOST_INCLUDED);
    bundle_outcome(bundle, outcome_print(&cut));
}

static bool print(struct interaction *interaction, const struct asked *asked,
                  const struct store_page *found)
{
    struct bundle bundle;
    struct str json;
    bundle_begin(&bundle, "searchset", interaction->service->base_url, interaction->arena);
    if (found->has_total)
        bundle_total(&bundle, found->total);
    add_links(&bundle, interaction, asked, found);
    add_entries(&bundle, interaction, asked, found);
    if (!bundle_end(&bundle, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the page is too large; ask for a smaller _count");
    interaction_answer(interaction, 200, json);
    return true;
}

static bool raise(struct interaction *interaction, enum outcome outcome, struct str what)
{
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    if (outcome == OUTCOME_LATE)
        return issue_add(
            &interaction->issues, NULL, ISSUE_TOO_COSTLY,
            "seconds-per-request: the search took longer than %u s and was stopped; ask"
            " with Prefer: respond-async",
            interaction->service->seconds_per_request);
    return outcome_raise(&interaction->issues, outcome, what);
}

bool interactions_search(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    struct asked asked = { .page = { 0 } };
    if (!find_address(&asked, interaction) || !parse(&asked, interaction) ||
        !may(&asked, interaction))
        return false;
    if (interaction->is_probe)
        return true;
    struct store_page found = { 0 };
    asked.plan.most_us = (int64_t)service->seconds_per_request * 1000000;
    asked.plan.stop = service->stop;
    bool is_contained = asked.plan.contained != CONTAINED_FALSE;
    if (is_contained && !contained_check(service, &asked.plan, &interaction->issues))
        return false;
    enum outcome outcome = (is_contained ? contained_search : loaded_search)(
        service, interaction->viewer, &asked.plan, asked.page.snapshot, asked.page.position,
        interaction->arena, &found);
    return raise(interaction, outcome, asked.path) && print(interaction, &asked, &found);
}
