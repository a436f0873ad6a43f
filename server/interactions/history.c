/* history.c - the versions of one record, of a type or of everything, newest first, page by page
 * (R4 http.html#history). */
#include "resources/fhir/types/date.h"
#include "server/interactions/bundle.h"
#include "server/interactions/interaction.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"

struct window {
    struct store_history asked;
    struct page page;
    struct str token;     /* of the page asked for, or empty */
    struct str since, at; /* as they were asked for */
};

static struct str address(const struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    return str_print(interaction->arena, STR_FMT "%s" STR_FMT "%s_history", STR_ARG(at->type),
                     at->id.len ? "/" : "", STR_ARG(at->id), at->type.len ? "/" : "");
}

/* A page's link belongs to this history and this client. */
static struct str about(const struct interaction *interaction)
{
    return str_print(interaction->arena, "history " STR_FMT " " STR_FMT,
                     STR_ARG(address(interaction)), STR_ARG(interaction->viewer->client));
}

static bool refuse(struct issues *issues, const struct search_pair *pair)
{
    return issue_add(issues, NULL, ISSUE_PARAMETER_INVALID, STR_FMT "=" STR_FMT,
                     STR_ARG(pair->name), STR_ARG(pair->value));
}

static bool take_count(struct window *window, const struct search_pair *pair, struct issues *issues)
{
    int count;
    if (!str_to_int(&count, pair->value))
        return refuse(issues, pair);
    window->asked.count = (size_t)count < SEARCH_MOST_COUNT ? (size_t)count : SEARCH_MOST_COUNT;
    return true;
}

static bool take_since(struct window *window, const struct search_pair *pair, struct issues *issues)
{
    struct date date;
    int64_t high;
    if (!date_parse(&date, pair->value, DATE_FORM_PARTIAL))
        return refuse(issues, pair);
    date_range(&date, &window->asked.since_us, &high);
    window->since = pair->value;
    return true;
}

static bool take_at(struct window *window, const struct search_pair *pair, struct issues *issues)
{
    struct date date;
    if (!date_parse(&date, pair->value, DATE_FORM_PARTIAL))
        return refuse(issues, pair);
    date_range(&date, &window->asked.at_low, &window->asked.at_high);
    window->at = pair->value;
    return true;
}

static bool take_page(struct window *window, const struct search_pair *pair, struct issues *issues)
{
    (void)issues;
    window->token = pair->value;
    return true;
}

static const struct {
    const char *name;
    bool (*take)(struct window *window, const struct search_pair *pair, struct issues *issues);
} PARAMETERS[] = {
    { "_count", take_count },
    { "_since", take_since },
    { "_at", take_at },
    { "_page", take_page },
};

static bool take(struct window *window, const struct search_pair *pair, struct issues *issues)
{
    for (size_t i = 0; i < COUNT(PARAMETERS); i++)
        if (str_is(pair->name, PARAMETERS[i].name))
            return PARAMETERS[i].take(window, pair, issues);
    return issue_add(issues, NULL, ISSUE_PARAMETER_UNKNOWN,
                     STR_FMT " can not be used with a history", STR_ARG(pair->name));
}

/* What was asked for, without the place in it: a page's link carries it. */
static struct str query_of(const struct window *window, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, 400);
    buf_print(&text, "_count=%zu", window->asked.count);
    if (window->since.len)
        buf_print(&text, "&_since=" STR_FMT, STR_ARG(window->since));
    if (window->at.len)
        buf_print(&text, "&_at=" STR_FMT, STR_ARG(window->at));
    return buf_str(&text);
}

/* The plus sign of a zone is a space where it is not escaped. */
static struct str escape(struct str query, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena, 400);
    for (size_t i = 0; i < query.len; i++)
        buf_add(&text, query.data[i] == '+' ? STR("%2B") : str_slice(query, i, i + 1));
    return buf_str(&text);
}

static bool parse(struct window *window, struct interaction *interaction)
{
    const uint8_t *key = store_seal_key(interaction->service->store);
    struct search_pair *pairs = NULL;
    size_t count = 0;
    *window = (struct window){ .asked = { .type = interaction->at.type,
                                          .id = interaction->at.id,
                                          .count = SEARCH_DEFAULT_COUNT } };
    if (!interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take(window, &pairs[i], &interaction->issues))
            return false;
    if (!window->token.len)
        return true;
    struct str query = query_of(window, interaction->arena);
    if (!page_unseal(&window->page, window->token, key, about(interaction), interaction->arena) ||
        !str_equal(window->page.query, query))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_page: this is no page link of this history");
    window->asked.snapshot = window->page.snapshot;
    window->asked.position = window->page.position;
    return true;
}

static struct str link_to(const struct interaction *interaction, const struct window *window,
                          struct str token)
{
    struct str query = escape(query_of(window, interaction->arena), interaction->arena);
    return str_print(interaction->arena, STR_FMT "/" STR_FMT "?" STR_FMT "%s" STR_FMT,
                     STR_ARG(interaction->service->base_url), STR_ARG(address(interaction)),
                     STR_ARG(query), token.len ? "&_page=" : "", STR_ARG(token));
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
    if (found->has_more && window->asked.count) {
        struct page next = { found->snapshot, query_of(window, interaction->arena), found->next };
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
        window.asked.count = 0;
    window.asked.most_us = (int64_t)interaction->service->seconds_per_request * 1000000;
    window.asked.stop = interaction->service->stop;
    enum outcome outcome = store_history(interaction->service->store, interaction->viewer,
                                         &window.asked, interaction->arena, &found);
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    if (outcome == OUTCOME_LATE)
        return issue_add(
            &interaction->issues, NULL, ISSUE_TOO_COSTLY,
            "seconds-per-request: the history took longer than %u s and was stopped; ask"
            " with Prefer: respond-async",
            interaction->service->seconds_per_request);
    return outcome_raise(&interaction->issues, outcome, address(interaction)) &&
           print(interaction, &window, &found);
}
