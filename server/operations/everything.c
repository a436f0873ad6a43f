/* everything.c - Patient/[id]/$everything, Patient/$everything, Encounter/[id]/$everything: what is
 * asked, and its pages (R4 patient-operation-everything.html, encounter-operation-everything.html).
 */
#include "server/interactions/bundle.h"
#include "server/interactions/outcome.h"
#include "server/interactions/page.h"
#include "server/operations/gather.h"
#include "server/operations/parameters.h"

enum { MOST_QUERY = 64 * 1024, MOST_TYPES = 256 };

struct asked {
    struct gather gather;
    struct str *types;
    struct buf query; /* canonical, for the links */
    struct str token; /* of the page that is asked for */
};

static struct str path_of(const struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    return str_print(interaction->arena, STR_FMT "%s" STR_FMT "/$everything", STR_ARG(at->type),
                     at->id.len ? "/" : "", STR_ARG(at->id));
}

static struct str about(const struct interaction *interaction)
{
    return str_print(interaction->arena, "everything " STR_FMT " " STR_FMT,
                     STR_ARG(path_of(interaction)), STR_ARG(interaction->viewer->client));
}

static bool refuse(struct interaction *interaction, const char *name, struct str value,
                   const char *wanted)
{
    return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID, "%s=" STR_FMT ": %s",
                     name, STR_ARG(value), wanted);
}

static bool take_types(struct asked *asked, struct str list)
{
    struct gather *gather = &asked->gather;
    struct interaction *interaction = gather->interaction;
    while (list.len) {
        struct str type = str_trim(str_cut(&list, ','));
        if (!definitions_is_resource_type(interaction->service->definitions, type))
            return refuse(interaction, "_type", type, "no resource type of R4");
        if (gather->type_count == MOST_TYPES)
            return refuse(interaction, "_type", type, "too many");
        asked->types[gather->type_count++] = type;
    }
    gather->types = asked->types;
    return true;
}

static bool take_count(struct asked *asked, struct str text)
{
    uint64_t count;
    if (!str_to_u64(&count, text) || !count)
        return refuse(asked->gather.interaction, "_count", text, "write a number from 1 on");
    asked->gather.count = count < SEARCH_MOST_COUNT ? (size_t)count : SEARCH_MOST_COUNT;
    return true;
}

static void keep(struct asked *asked, struct str name, struct str value)
{
    buf_print(&asked->query, "%s" STR_FMT "=", asked->query.len ? "&" : "", STR_ARG(name));
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] == '+')
            buf_add(&asked->query, STR("%2B"));
        else
            buf_add_char(&asked->query, value.data[i]);
}

/* Values have the form of their types: operation_inputs has looked, or a page link was sealed. */
static bool take(struct asked *asked, struct str name, struct str value)
{
    struct gather *gather = &asked->gather;
    struct {
        const char *name;
        struct str *to;
    } texts[] = { { "start", &gather->start },
                  { "end", &gather->end },
                  { "_since", &gather->since } };
    keep(asked, name, value);
    for (size_t i = 0; i < COUNT(texts); i++)
        if (str_is(name, texts[i].name)) {
            *texts[i].to = value;
            return true;
        }
    if (str_is(name, "_type"))
        return take_types(asked, value);
    if (str_is(name, "_count"))
        return take_count(asked, value);
    return refuse(gather->interaction, "_offset", value, "pages go by their links here");
}

static struct str value_of(const cJSON *given)
{
    for (const cJSON *member = given->child; member; member = member->next)
        if (!strncmp(member->string, "value", 5))
            return json_text(member);
    return (struct str){ 0 };
}

static bool is_known(struct str name)
{
    static const char *const NAMES[] = { "start", "end", "_since", "_type", "_count", "_offset" };
    for (size_t i = 0; i < COUNT(NAMES); i++)
        if (str_is(name, NAMES[i]))
            return true;
    return false;
}

static bool read_inputs(struct asked *asked)
{
    const cJSON *inputs = operation_inputs(asked->gather.interaction);
    const cJSON *list = json_get(inputs, "parameter");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct str name = json_get_text(one, "name");
        if (is_known(name) && !take(asked, name, value_of(one)))
            return false;
    }
    return inputs != NULL;
}

/* A page link holds everything that was asked; beside it nothing else is listened to. */
static bool read_token(struct asked *asked, const struct search_pair *sent, size_t sent_count)
{
    struct interaction *interaction = asked->gather.interaction;
    struct search_pair *pairs;
    struct page page;
    size_t count;
    asked->token = sent[0].value;
    if (sent_count != 1 ||
        !page_unseal(&page, asked->token, store_seal_key(interaction->service->store),
                     about(interaction), interaction->arena))
        return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_page: this is no page link of this operation");
    asked->gather.snapshot = page.snapshot;
    asked->gather.position = page.position;
    if (!search_split(&pairs, &count, page.query, interaction->arena, &interaction->issues))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!take(asked, pairs[i].name, pairs[i].value))
            return false;
    return true;
}

static bool read_asked(struct asked *asked)
{
    struct interaction *interaction = asked->gather.interaction;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    buf_init(&asked->query, interaction->arena, MOST_QUERY);
    asked->types = arena_array(interaction->arena, MOST_TYPES, sizeof *asked->types);
    if (interaction->request->query.len &&
        !interaction_query(interaction, interaction->request->query, &pairs, &count))
        return false;
    bool is_page = count && str_is(pairs[0].name, "_page");
    return is_page ? read_token(asked, pairs, count) : read_inputs(asked);
}

/* Of a record, it must be there and the viewer's to read; of all, the type. What else belongs to it
 * is narrowed by the store. */
static bool may(struct interaction *interaction)
{
    const struct route_match *at = &interaction->at;
    struct store_version head;
    if (!at->id.len)
        return interaction_may(interaction, at->type, ACT_READ | ACT_SEARCH, NULL);
    if (!interaction_may(interaction, at->type, ACT_READ, NULL))
        return false;
    enum outcome outcome = store_read(interaction->service->store, interaction->viewer, at->type,
                                      at->id, 0, interaction->arena, &head);
    return outcome_raise(
        &interaction->issues, outcome,
        str_print(interaction->arena, STR_FMT "/" STR_FMT, STR_ARG(at->type), STR_ARG(at->id)));
}

static struct str link_to(struct asked *asked, const char *name, struct str value)
{
    struct interaction *interaction = asked->gather.interaction;
    return str_print(interaction->arena, STR_FMT "/" STR_FMT "%s%s" STR_FMT,
                     STR_ARG(interaction->service->base_url), STR_ARG(path_of(interaction)),
                     value.len ? "?" : "", name, STR_ARG(value));
}

static bool print(struct asked *asked, const struct gather_page *page)
{
    struct interaction *interaction = asked->gather.interaction;
    struct page next = { asked->gather.snapshot, buf_str(&asked->query), page->next };
    struct bundle bundle;
    struct str json;
    bundle_begin(&bundle, "searchset", interaction->service->base_url, interaction->arena);
    bundle_link(&bundle, "self",
                asked->token.len ? link_to(asked, "_page=", asked->token)
                                 : link_to(asked, "", buf_str(&asked->query)));
    if (page->next.len)
        bundle_link(&bundle, "next",
                    link_to(asked, "_page=",
                            page_seal(&next, store_seal_key(interaction->service->store),
                                      about(interaction), interaction->arena)));
    for (size_t i = 0; i < page->member_count; i++)
        bundle_found(&bundle, &page->members[i], "match");
    for (size_t i = 0; i < page->supporting_count; i++)
        bundle_found(&bundle, &page->supporting[i], "include");
    if (!bundle_end(&bundle, &json))
        return issue_add(&interaction->issues, NULL, ISSUE_TOO_COSTLY,
                         "the page is too large; ask for a smaller _count");
    interaction_answer(interaction, 200, json);
    return true;
}

bool operations_everything(struct interaction *interaction)
{
    struct asked asked = { .gather = { .interaction = interaction,
                                       .head = interaction->at.type,
                                       .id = interaction->at.id,
                                       .count = SEARCH_MOST_COUNT } };
    struct gather_page page;
    return read_asked(&asked) && may(interaction) && gather_page(&asked.gather, &page) &&
           print(&asked, &page);
}
