/* lastn.c - Observation/$lastn: what a search for observations finds, and of each code the latest
 * (R4 observation-operation-lastn.html). */
#include "server/interactions/bundle.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"
#include "server/operations/latest.h"
#include "server/operations/parameters.h"

enum { BATCH = 1000, IDS_AT_ONCE = 200, MOST_FOUND = 10000 };

struct asked {
    struct interaction *interaction;
    struct search_plan plan;
    size_t max;
    struct page page; /* query: max and the search; position: how many stand before */
    struct str token;
};

static struct str about(const struct interaction *interaction)
{
    return str_print(interaction->arena, "lastn " STR_FMT, STR_ARG(interaction->viewer->client));
}

static bool refuse(const struct asked *asked, const char *why)
{
    return issue_add(&asked->interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "$lastn: %s", why);
}

/* Those of the address and those of the body, a Parameters whose values are written as in a query.
 */
static bool gather(struct interaction *interaction, struct search_pair **pairs, size_t *count)
{
    const cJSON *asked = operation_asked(interaction, "resource");
    const cJSON *list = json_get(asked, "parameter");
    *count = 0;
    *pairs = arena_array(interaction->arena, json_count(list), sizeof **pairs);
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct search_pair *pair = &(*pairs)[(*count)++];
        pair->name = json_get_text(one, "name");
        for (const cJSON *member = one->child; member; member = member->next)
            if (!strncmp(member->string, "value", 5))
                pair->value = json_text(member);
    }
    return asked != NULL;
}

static bool reopen(struct asked *asked, struct search_pair **pairs, size_t *count)
{
    struct interaction *interaction = asked->interaction;
    for (size_t i = 0; i < *count; i++)
        if (str_is((*pairs)[i].name, "_page"))
            asked->token = (*pairs)[i].value;
    if (!asked->token.len)
        return true;
    if (*count != 1 ||
        !page_unseal(&asked->page, asked->token, store_seal_key(interaction->service->store),
                     about(interaction), interaction->arena))
        return refuse(asked, "_page: this is no page link of this operation");
    return search_split(pairs, count, asked->page.query, interaction->arena, &interaction->issues);
}

/* Takes max out of the pairs. */
static bool take_max(struct asked *asked, struct search_pair *pairs, size_t *count)
{
    size_t kept = 0;
    uint64_t max = 1;
    for (size_t i = 0; i < *count; i++) {
        if (!str_is(pairs[i].name, "max")) {
            pairs[kept++] = pairs[i];
            continue;
        }
        if (!str_to_u64(&max, pairs[i].value) || !max)
            return refuse(asked, "max is a number from 1 on");
    }
    *count = kept;
    asked->max = max < MOST_FOUND ? (size_t)max : MOST_FOUND;
    return true;
}

static struct str stem(struct str name)
{
    size_t end = str_find(name, ':', 0), dot = str_find(name, '.', 0);
    return str_slice(name, 0, end < dot ? end : dot);
}

/* "a category parameter and/or a search parameter that contains a code element in its FHIRpath
 * expression" */
static bool is_about_code(const struct asked *asked, struct str name)
{
    const struct search_parameter *parameter = definitions_search_parameter(
        asked->interaction->service->definitions, STR("Observation"), name);
    bool has_code = parameter && (str_find_str(parameter->expression, STR(".code"), 0) <
                                      parameter->expression.len ||
                                  str_starts(parameter->code, STR("code-")));
    for (size_t i = 0; parameter && i < parameter->component_count; i++)
        has_code |= str_is(parameter->components[i].expression, "code");
    return has_code || str_is(name, "category");
}

/* What a request SHALL include. */
static bool check_scope(const struct asked *asked, const struct search_pair *pairs, size_t count)
{
    bool has_subject = false, has_code = false;
    for (size_t i = 0; i < count; i++) {
        struct str name = stem(pairs[i].name);
        has_subject |= str_is(name, "patient") || str_is(name, "subject");
        has_code |= is_about_code(asked, name);
    }
    if (!has_subject)
        return refuse(asked, "whose observations? patient or subject is needed");
    return has_code || refuse(asked, "category, code or another parameter of a code is needed");
}

static bool read_asked(struct asked *asked)
{
    struct interaction *interaction = asked->interaction;
    struct search_context context = service_search_context(interaction->service);
    struct search_pair *pairs = NULL;
    size_t count = 0;
    if (!gather(interaction, &pairs, &count) || !reopen(asked, &pairs, &count) ||
        !take_max(asked, pairs, &count) || !check_scope(asked, pairs, count))
        return false;
    context.is_lenient = interaction->is_lenient;
    if (!search_parse(&asked->plan, STR("Observation"), pairs, count, &context, interaction->arena,
                      &interaction->issues))
        return false;
    const struct search_plan *plan = &asked->plan;
    bool is_plain = !plan->sort_count && !plan->include_count && !plan->element_count &&
                    !plan->is_count_only && plan->summary == SUMMARY_FALSE;
    return is_plain || refuse(asked, "the order is of time, and observations come whole and alone");
}

static bool search(struct asked *asked, struct search_plan *plan, struct str position,
                   struct arena *arena, struct store_page *found)
{
    struct interaction *interaction = asked->interaction;
    const struct service *service = interaction->service;
    plan->total = TOTAL_NONE;
    plan->most_us = (int64_t)service->seconds_per_request * 1000000;
    enum outcome outcome = store_search(service->store, interaction->viewer, plan,
                                        asked->page.snapshot, position, arena, found);
    if (outcome == OUTCOME_GONE)
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    asked->page.snapshot = found->snapshot;
    return outcome_raise(&interaction->issues, outcome, STR("Observation"));
}

/* All matches once, of which little is held at a time. */
static bool run_through(struct asked *asked, struct latest *latest)
{
    struct interaction *interaction = asked->interaction;
    struct search_plan plan = asked->plan;
    struct str position = { 0 };
    int64_t ends_us = interaction->service->now_us() +
                      (int64_t)interaction->service->seconds_per_request * 1000000;
    plan.count = BATCH;
    for (bool has_more = true; has_more;) {
        CLOSING_ARENA struct arena *scratch = arena_open();
        struct store_page found = { 0 };
        struct issues ignored;
        if (!search(asked, &plan, position, scratch, &found))
            return false;
        for (size_t i = 0; i < found.count; i++) {
            issues_init(&ignored, scratch, (struct str){ 0 });
            const cJSON *observation = json_parse(found.versions[i].body, scratch, &ignored);
            if (observation)
                latest_add(latest, observation);
        }
        has_more = found.has_more;
        position = str_copy(interaction->arena, found.next);
        if (has_more && interaction->service->now_us() > ends_us)
            return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                             "seconds-per-request: these are too many observations to go through");
    }
    return true;
}

/* By their ids, at the same snapshot, into the places that they have in the order. */
static bool fetch(struct asked *asked, const struct latest_one *ones, size_t count,
                  struct store_version *versions)
{
    struct interaction *interaction = asked->interaction;
    struct search_context context = service_search_context(interaction->service);
    struct search_plan plan;
    struct store_page found = { 0 };
    struct buf ids;
    buf_init(&ids, interaction->arena, IDS_AT_ONCE * 128);
    for (size_t i = 0; i < count; i++) {
        buf_add(&ids, i ? STR(",") : STR(""));
        buf_add(&ids, ones[i].id);
    }
    struct search_pair pair = { STR("_id"), buf_str(&ids) };
    if (!search_parse(&plan, STR("Observation"), &pair, 1, &context, interaction->arena,
                      &interaction->issues))
        return false;
    plan.count = count;
    if (!search(asked, &plan, (struct str){ 0 }, interaction->arena, &found))
        return false;
    for (size_t i = 0; i < found.count; i++)
        for (size_t k = 0; k < count; k++)
            if (str_equal(found.versions[i].id, ones[k].id))
                versions[k] = found.versions[i];
    return true;
}

static struct str link_to(const struct asked *asked, const char *name, struct str value)
{
    return str_print(asked->interaction->arena, STR_FMT "/Observation/$lastn?%s" STR_FMT,
                     STR_ARG(asked->interaction->service->base_url), name, STR_ARG(value));
}

static bool print(struct asked *asked, const struct latest_one *ones, size_t count, size_t from)
{
    struct interaction *interaction = asked->interaction;
    size_t end = count - from < asked->plan.count ? count : from + asked->plan.count;
    struct store_version *versions = arena_array(interaction->arena, end - from, sizeof *versions);
    struct bundle bundle;
    struct str json, query = str_print(interaction->arena, "max=%zu&" STR_FMT, asked->max,
                                       STR_ARG(asked->plan.self));
    for (size_t i = from; i < end; i += IDS_AT_ONCE)
        if (!fetch(asked, ones + i, end - i < IDS_AT_ONCE ? end - i : IDS_AT_ONCE,
                   versions + (i - from)))
            return false;
    bundle_begin(&bundle, "searchset", interaction->service->base_url, interaction->arena);
    bundle_total(&bundle, count);
    bundle_link(&bundle, "self",
                asked->token.len ? link_to(asked, "_page=", asked->token)
                                 : link_to(asked, "", query));
    if (end < count) {
        struct page next = { asked->page.snapshot, query,
                             str_print(interaction->arena, "%zu", end) };
        bundle_link(&bundle, "next",
                    link_to(asked, "_page=",
                            page_seal(&next, store_seal_key(interaction->service->store),
                                      about(interaction), interaction->arena)));
    }
    for (size_t i = 0; i < end - from; i++)
        bundle_found(&bundle, &versions[i], "match");
    if (!bundle_end(&bundle, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the page is too large; ask for a smaller _count");
    interaction_answer(interaction, 200, json);
    return true;
}

bool operations_lastn(struct interaction *interaction)
{
    struct asked asked = { .interaction = interaction };
    struct latest latest;
    uint64_t from = 0;
    size_t count;
    if (!read_asked(&asked))
        return false;
    latest_init(&latest, asked.max, interaction->arena);
    if (!run_through(&asked, &latest))
        return false;
    if (latest.kept > MOST_FOUND)
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "more than %d observations are left: ask for fewer codes or a smaller max",
                         MOST_FOUND);
    const struct latest_one *ones = latest_list(&latest, &count);
    if (asked.page.position.len && (!str_to_u64(&from, asked.page.position) || from > count))
        return issue_add(&interaction->issues, NULL, ISSUE_PAGE_GONE, "%s", "");
    return print(&asked, ones, count, (size_t)from);
}
