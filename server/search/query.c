/* query.c - finds a named query in the definitions and puts its arguments into its search. */
#include "server/search/query.h"

#include <time.h>

#include "resources/base/arena.h"
#include "resources/fhir/definitions/heads.h"
#include "resources/fhir/json/json.h"

enum { MOST_VALUE = 64 << 10 };

static bool lists(const cJSON *array, struct str text)
{
    const cJSON *one = array ? array->child : NULL;
    while (one && !str_equal(json_text(one), text))
        one = one->next;
    return one;
}

static struct str find_search(const cJSON *definition)
{
    const cJSON *list = json_get(definition, "extension");
    const cJSON *one = list ? list->child : NULL;
    while (one && !str_is(json_get_text(one, "url"), QUERY_SEARCH))
        one = one->next;
    return one ? json_get_text(one, "valueString") : STR("");
}

/* R4's own operations are no queries: they are not read. */
static bool is_query(struct query *out, const struct definition_head *head, struct str type,
                     struct arena *arena)
{
    struct str text;
    struct issues issues;
    issues_init(&issues, arena, STR(""));
    if (str_starts(head->url, STR("http://hl7.org/fhir/")) ||
        !definitions_head_text(head, arena, &text))
        return false;
    const cJSON *definition = json_parse(text, arena, &issues);
    *out = (struct query){ .code = json_get_text(definition, "code"),
                           .url = head->url,
                           .search = find_search(definition),
                           .definition = definition };
    return str_is(json_get_text(definition, "kind"), "query") && out->search.len &&
           lists(json_get(definition, "resource"), type);
}

const struct query *query_list(struct definitions *definitions, struct str type,
                               struct arena *arena, size_t *count)
{
    size_t all;
    const struct definition_head *heads =
        definitions_heads(definitions, STR("OperationDefinition"), STR(""), STR(""), arena, &all);
    struct query *found = arena_array(arena, all + 1, sizeof *found);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (is_query(&found[*count], &heads[i], type, arena))
            ++*count;
    return found;
}

void query_begin(struct parsing *with, const struct search_pair *pairs, size_t count)
{
    with->pairs = pairs;
    with->pair_count = count;
    for (size_t i = 0; i < count; i++) {
        size_t known = 0;
        if (!str_is(pairs[i].name, "_query") || !with->plan->type.len)
            continue;
        const struct query *all =
            query_list(with->context->definitions, with->plan->type, with->arena, &known);
        for (size_t k = 0; k < known; k++)
            if (str_equal(all[k].code, pairs[i].value))
                with->query = &all[k];
    }
}

/* The input parameter of that name, or NULL. */
static const cJSON *find_parameter(const struct query *query, struct str name)
{
    const cJSON *list = json_get(query->definition, "parameter");
    const cJSON *one = list ? list->child : NULL;
    while (one && !(str_equal(json_get_text(one, "name"), name) &&
                    str_is(json_get_text(one, "use"), "in")))
        one = one->next;
    return one;
}

bool query_takes(const struct parsing *with, struct str name)
{
    return with->query && find_parameter(with->query, name);
}

/* The argument that was given; empty when there is none. */
static struct str find_argument(const struct parsing *with, struct str name)
{
    for (size_t i = 0; i < with->pair_count; i++)
        if (str_equal(with->pairs[i].name, name) && query_takes(with, name))
            return with->pairs[i].value;
    return STR("");
}

/* Each argument once, and each that must be given. */
static bool check_arguments(struct parsing *with, const struct search_pair *pair)
{
    const cJSON *list = json_get(with->query->definition, "parameter");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        struct str name = json_get_text(one, "name");
        size_t given = 0;
        for (size_t i = 0; i < with->pair_count; i++)
            given += str_equal(with->pairs[i].name, name) && with->pairs[i].value.len;
        bool is_required = !str_is(json_get_text(one, "min"), "0");
        if (!str_is(json_get_text(one, "use"), "in") || given == 1 || (!given && !is_required))
            continue;
        return issue_add(with->issues, NULL, ISSUE_PARAMETER_INVALID,
                         STR_FMT "=" STR_FMT ": give '" STR_FMT "' once", STR_ARG(pair->name),
                         STR_ARG(pair->value), STR_ARG(name));
    }
    return true;
}

static struct str today(const struct parsing *with)
{
    struct tm day;
    time_t seconds = (time_t)(with->today_us / 1000000);
    gmtime_r(&seconds, &day);
    return str_print(with->arena, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1,
                     day.tm_mday);
}

/* The value with its arguments put in; false where one of them was not given: then nothing is asked
 * of this parameter. */
static bool fill(struct parsing *with, struct str value, struct str *out)
{
    struct buf text;
    buf_init(&text, with->arena, MOST_VALUE);
    while (value.len) {
        size_t open = str_find(value, '{', 0), close = str_find(value, '}', open);
        struct str name = str_slice(value, open + 1, close);
        buf_add(&text, str_slice(value, 0, open));
        value = str_slice(value, close + 1, value.len);
        if (!name.len)
            continue;
        struct str given = str_is(name, "today") ? today(with) : find_argument(with, name);
        if (!given.len)
            return false;
        buf_add(&text, given);
    }
    *out = buf_str(&text);
    return !text.is_over;
}

bool query_parse(struct parsing *with, const struct search_pair *pair)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    bool is_good = true;
    if (!with->query)
        return parse_unknown(with, pair, "there is no such query");
    if (!check_arguments(with, pair) ||
        !search_split(&pairs, &count, with->query->search, with->arena, with->issues))
        return false;
    with->is_hidden = true;
    for (size_t i = 0; i < count && is_good; i++) {
        struct search_pair filled = { pairs[i].name, STR("") };
        if (fill(with, pairs[i].value, &filled.value))
            is_good = parse_pair_of_query(with, &filled);
    }
    with->is_hidden = false;
    return is_good && parse_keep(with, pair->name, pair->value);
}
