/* graphql_reach.c - reads and searches of a GraphQL query: each under the viewer and its scopes,
 * counted and in time. */
#include "server/operations/graphql_reach.h"

#include <time.h>

#include "server/interactions/loaded.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static struct issues *issues_of(struct graphql_reaching *with)
{
    return &with->interaction->issues;
}

static bool say_late(struct graphql_reaching *with)
{
    return issue_add(issues_of(with), NULL, ISSUE_TOO_COSTLY,
                     "seconds-per-request: the query took longer than %u s and was stopped; ask"
                     " with Prefer: respond-async",
                     with->interaction->service->seconds_per_request);
}

static bool is_late(void *context)
{
    struct graphql_reaching *with = context;
    return monotonic_us() > with->until_us && !say_late(with);
}

/* A resource's text as a tree, counted. NULL with an issue. */
static const cJSON *take(struct graphql_reaching *with, struct str body, const struct place *at)
{
    struct issues issues;
    with->bytes += body.len;
    if (++with->reads > GRAPHQL_REACH_MOST_READS) {
        issue_add(issues_of(with), at, ISSUE_TOO_COSTLY,
                  "graphql-most-reads: a query reads at most %d resources",
                  GRAPHQL_REACH_MOST_READS);
        return NULL;
    }
    if (with->bytes > GRAPHQL_REACH_MOST_BYTES) {
        issue_add(issues_of(with), at, ISSUE_TOO_COSTLY,
                  "graphql-most-bytes: a query reads at most %d bytes", GRAPHQL_REACH_MOST_BYTES);
        return NULL;
    }
    issues_init(&issues, with->interaction->arena, STR(""));
    const cJSON *resource = json_parse(body, with->interaction->arena, &issues);
    if (!resource)
        issue_add(issues_of(with), at, ISSUE_STORE_FAILED, "%s", "");
    return resource;
}

static bool read_stored(struct graphql_reaching *with, struct str type, struct str id,
                        uint64_t version, const struct place *at, const cJSON **resource)
{
    struct interaction *interaction = with->interaction;
    struct store_version found = { 0 };
    enum outcome outcome = version ? store_read(interaction->service->store, interaction->viewer,
                                                type, id, version, interaction->arena, &found)
                                   : loaded_read(interaction->service, interaction->viewer, type,
                                                 id, interaction->arena, &found);
    if (outcome == OUTCOME_NOT_FOUND || outcome == OUTCOME_GONE)
        return true;
    if (outcome != OUTCOME_OK)
        return outcome_raise(&interaction->issues, outcome, type);
    *resource = take(with, found.body, at);
    return *resource;
}

static bool read(void *context, struct str type, struct str id, struct str version,
                 bool is_optional, const struct place *at, const cJSON **resource)
{
    struct graphql_reaching *with = context;
    struct arena *arena = with->interaction->arena;
    uint64_t number = 0;
    struct str key = str_print(arena, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id),
                               STR_ARG(version));
    *resource = map_find(&with->read, key);
    if (*resource)
        return true;
    if (is_optional && !viewer_may(with->interaction->viewer, type, ACT_READ))
        return true;
    if (!interaction_may(with->interaction, type, ACT_READ, at))
        return false;
    if (!route_is_id(id) || (version.len && (!str_to_u64(&number, version) || !number)))
        return true;
    if (is_late(with) || !read_stored(with, type, id, number, at, resource))
        return false;
    union { /* the map keeps what it is given as it is */
        const cJSON *given;
        void *kept;
    } value = { *resource };
    if (*resource)
        map_set(&with->read, key, value.kept);
    return true;
}

/* A search while it is made. */
struct searching {
    const struct graphql_search *asked;
    struct search_plan plan;
    struct page page;
    size_t most; /* records of this page, those before the offset too */
};

static struct str about(const struct graphql_reaching *with, struct str type)
{
    return str_print(with->interaction->arena, "graphql " STR_FMT " " STR_FMT, STR_ARG(type),
                     STR_ARG(with->interaction->viewer->client));
}

static struct str seal(const struct graphql_reaching *with, const struct page *page,
                       struct str type)
{
    return page_seal(page, store_seal_key(with->interaction->service->store), about(with, type),
                     with->interaction->arena);
}

/* The pairs of the search, or those that its cursor carries. */
static bool gather(struct graphql_reaching *with, struct searching *searching,
                   struct search_pair **pairs, size_t *count)
{
    struct arena *arena = with->interaction->arena;
    const struct graphql_search *asked = searching->asked;
    if (asked->cursor.len) {
        if (asked->pair_count || asked->has_count || asked->offset ||
            !page_unseal(&searching->page, asked->cursor,
                         store_seal_key(with->interaction->service->store),
                         about(with, asked->type), arena))
            return issue_add(issues_of(with), NULL, ISSUE_PARAMETER_INVALID,
                             "cursor: this is none of this search, or it does not stand alone");
        return search_split(pairs, count, searching->page.query, arena, issues_of(with));
    }
    struct search_pair *all = arena_array(arena, asked->pair_count + 1, sizeof *all);
    for (size_t i = 0; i < asked->pair_count; i++)
        all[i] = (struct search_pair){ asked->pairs[i].name, asked->pairs[i].value };
    *pairs = all;
    *count = asked->pair_count;
    if (asked->has_count)
        all[(*count)++] =
            (struct search_pair){ STR("_count"), str_print(arena, "%zu", asked->count) };
    return true;
}

static bool plan(struct graphql_reaching *with, struct searching *searching)
{
    const struct graphql_search *asked = searching->asked;
    const struct search_context context = service_search_context(with->interaction->service);
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!gather(with, searching, &pairs, &count) ||
        !search_parse(&searching->plan, asked->type, pairs, count, &context,
                      with->interaction->arena, issues_of(with)))
        return false;
    if (!asked->is_counted && !asked->has_count)
        searching->plan.count = SEARCH_MOST_COUNT; /* a list is whole, or an issue */
    searching->most = searching->plan.count;
    if (asked->offset > SEARCH_MOST_COUNT)
        return issue_add(issues_of(with), NULL, ISSUE_TOO_COSTLY,
                         "search-most-count: _offset is at most %d; follow the cursors of a"
                         " connection",
                         SEARCH_MOST_COUNT);
    searching->plan.count += asked->offset;
    searching->plan.total = asked->is_counted ? TOTAL_ACCURATE : TOTAL_NONE;
    searching->plan.most_us = with->until_us - monotonic_us();
    searching->plan.stop = with->interaction->service->stop;
    return searching->plan.most_us > 0 || say_late(with);
}

static bool raise(struct graphql_reaching *with, enum outcome outcome, struct str type)
{
    if (outcome == OUTCOME_LATE)
        return say_late(with);
    if (outcome == OUTCOME_GONE)
        return issue_add(issues_of(with), NULL, ISSUE_PAGE_GONE, "%s", "");
    return outcome_raise(issues_of(with), outcome, type);
}

static bool answer(struct graphql_reaching *with, const struct searching *searching,
                   const struct store_page *page, const struct place *at,
                   struct graphql_found *found)
{
    struct arena *arena = with->interaction->arena;
    size_t from = searching->asked->offset < page->count ? searching->asked->offset : page->count;
    const cJSON **resources = arena_array(arena, page->count, sizeof *resources);
    const struct page first = { page->snapshot, searching->plan.self, STR("") };
    const struct page next = { page->snapshot, searching->plan.self, page->next };
    for (size_t i = from; i < page->count; i++) {
        resources[i - from] = take(with, page->versions[i].body, at);
        if (!resources[i - from])
            return false;
    }
    *found = (struct graphql_found){ .resources = resources,
                                     .count = page->count - from,
                                     .page_size = searching->most,
                                     .has_total = page->has_total,
                                     .total = page->total,
                                     .first = seal(with, &first, searching->asked->type) };
    if (page->has_more && !searching->plan.is_count_only)
        found->next = seal(with, &next, searching->asked->type);
    return true;
}

static bool search(void *context, const struct graphql_search *asked, const struct place *at,
                   struct graphql_found *found)
{
    struct graphql_reaching *with = context;
    struct searching searching = { .asked = asked };
    struct store_page page = { 0 };
    if (++with->searches > GRAPHQL_REACH_MOST_SEARCHES)
        return issue_add(issues_of(with), at, ISSUE_TOO_COSTLY,
                         "graphql-most-searches: a query searches at most %d times",
                         GRAPHQL_REACH_MOST_SEARCHES);
    if (!interaction_may(with->interaction, asked->type, ACT_SEARCH, at) || !plan(with, &searching))
        return false;
    enum outcome outcome = loaded_search(with->interaction->service, with->interaction->viewer,
                                         &searching.plan, searching.page.snapshot,
                                         searching.page.position, with->interaction->arena, &page);
    return raise(with, outcome, asked->type) && answer(with, &searching, &page, at, found);
}

struct graphql_reach graphql_reach_begin(struct graphql_reaching *reaching,
                                         struct interaction *interaction)
{
    *reaching = (struct graphql_reaching){ .interaction = interaction };
    map_init(&reaching->read, interaction->arena);
    reaching->until_us =
        monotonic_us() + (int64_t)interaction->service->seconds_per_request * 1000000;
    return (struct graphql_reach){ reaching, read, search, is_late };
}
