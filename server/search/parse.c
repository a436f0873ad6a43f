/* parse.c - the pairs of a query to a plan, against the search parameters that the definitions
 * have.
 */
#include "server/search/parse.h"

#include <time.h>

#include "resources/base/arena.h"
#include "server/search/compartment.h"
#include "server/search/condition.h"
#include "server/search/include.h"
#include "server/search/kind.h"
#include "server/search/query.h"

enum { MOST_SELF = 1 << 20, DAY_SECONDS = 86400, MOST_ELEMENTS = 256 };

bool parse_wrong(struct parsing *with, const struct search_pair *pair, const char *wanted)
{
    return issue_add(with->issues, NULL, ISSUE_PARAMETER_INVALID, STR_FMT "=" STR_FMT ": write %s",
                     STR_ARG(pair->name), STR_ARG(pair->value), wanted);
}

bool parse_unknown(struct parsing *with, const struct search_pair *pair, const char *why)
{
    with->is_unknown = true;
    if (with->is_unready)
        why = "it is being indexed; $reindex-status says how far";
    return issue_add(with->issues, NULL, ISSUE_PARAMETER_UNKNOWN, STR_FMT "?" STR_FMT "%s%s",
                     STR_ARG(with->plan->type), STR_ARG(pair->name), *why ? ": " : "", why);
}

bool parse_too_many(struct parsing *with, const char *limit, int most, const char *what)
{
    with->is_over = true;
    return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY, "%s: at most %d %s", limit, most, what);
}

/* Percent-encodes what a query string can not hold as it is (RFC 3986 section 3.4), and what means
 * something in one. */
static void add_encoded(struct buf *out, struct str text)
{
    static const char HEX[] = "0123456789ABCDEF", SAFE[] = "-._~:/,$!*()'@;";
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_safe =
            (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z' && c < 128);
        for (const char *at = SAFE; !is_safe && *at; at++)
            is_safe = c == (unsigned char)*at;
        if (!is_safe) {
            buf_add_char(out, '%');
            buf_add_char(out, HEX[c >> 4]);
            buf_add_char(out, HEX[c & 15]);
        } else {
            buf_add_char(out, (char)c);
        }
    }
}

bool parse_keep(struct parsing *with, struct str name, struct str value)
{
    if (with->is_hidden)
        return true;
    if (with->self.len)
        buf_add_char(&with->self, '&');
    add_encoded(&with->self, name);
    buf_add_char(&with->self, '=');
    add_encoded(&with->self, value);
    return true;
}

const struct search_parameter *parse_find(const struct parsing *with, const struct str *types,
                                          size_t count, struct str code)
{
    const struct search_parameter *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct search_parameter *parameter =
            definitions_search_parameter(with->context->definitions, types[i], code);
        if (!parameter || (found && !str_equal(found->type, parameter->type)))
            return NULL;
        found = parameter;
    }
    return found;
}

/* First the parameters that say how the answer is made, then those that say which records are in
 * it. */
static bool parse_count(struct parsing *with, const struct search_pair *pair)
{
    uint64_t count;
    if (!str_to_u64(&count, pair->value))
        return parse_wrong(with, pair, "a number of records, 0 for the count alone");
    with->plan->count = count < SEARCH_MOST_COUNT ? count : SEARCH_MOST_COUNT;
    with->plan->is_count_only |= count == 0;
    return parse_keep(with, pair->name, str_print(with->arena, "%zu", with->plan->count));
}

static bool parse_summary(struct parsing *with, const struct search_pair *pair)
{
    static const char *const SUMMARIES[] = { [SUMMARY_FALSE] = "false",
                                             [SUMMARY_TRUE] = "true",
                                             [SUMMARY_TEXT] = "text",
                                             [SUMMARY_DATA] = "data",
                                             [SUMMARY_COUNT] = "count" };
    for (size_t i = 0; i < COUNT(SUMMARIES); i++)
        if (str_is(pair->value, SUMMARIES[i])) {
            with->plan->summary = (enum search_summary)i;
            with->plan->is_count_only |= i == SUMMARY_COUNT;
            return parse_keep(with, pair->name, pair->value);
        }
    return parse_wrong(with, pair, "true, text, data, count or false");
}

static bool parse_elements(struct parsing *with, const struct search_pair *pair)
{
    struct str *elements = arena_array(with->arena, MOST_ELEMENTS, sizeof *elements);
    struct str rest = pair->value;
    while (rest.len) {
        struct str element = str_trim(str_cut(&rest, ','));
        if (with->plan->element_count == MOST_ELEMENTS)
            return parse_too_many(with, "search-most-elements", MOST_ELEMENTS, "elements");
        if (element.len)
            elements[with->plan->element_count++] = element;
    }
    with->plan->elements = elements;
    return with->plan->element_count ? parse_keep(with, pair->name, pair->value)
                                     : parse_wrong(with, pair, "names of elements");
}

static bool parse_total(struct parsing *with, const struct search_pair *pair)
{
    static const char *const TOTALS[] = {
        [TOTAL_ACCURATE] = "accurate", [TOTAL_ESTIMATE] = "estimate", [TOTAL_NONE] = "none"
    };
    for (size_t i = 0; i < COUNT(TOTALS); i++)
        if (str_is(pair->value, TOTALS[i])) {
            with->plan->total = (enum search_total)i;
            return parse_keep(with, pair->name, pair->value);
        }
    return parse_wrong(with, pair, "accurate, estimate or none");
}

/* The answer's format is the business of whoever prints it. */
static bool parse_format(struct parsing *with, const struct search_pair *pair)
{
    (void)with, (void)pair;
    return true;
}

static bool parse_contained(struct parsing *with, const struct search_pair *pair)
{
    static const char *const VALUES[] = {
        [CONTAINED_FALSE] = "false", [CONTAINED_TRUE] = "true", [CONTAINED_BOTH] = "both"
    };
    for (size_t i = 0; i < COUNT(VALUES); i++)
        if (str_is(pair->value, VALUES[i])) {
            with->plan->contained = (enum search_contained)i;
            return parse_keep(with, pair->name, pair->value);
        }
    return parse_wrong(with, pair, "true, both or false");
}

static bool parse_contained_type(struct parsing *with, const struct search_pair *pair)
{
    with->plan->returns_contained = str_is(pair->value, "contained");
    if (with->plan->returns_contained || str_is(pair->value, "container"))
        return parse_keep(with, pair->name, pair->value);
    return parse_wrong(with, pair, "container or contained");
}

static bool sort_kind(struct parsing *with, struct search_sort *sort)
{
    if (str_is(sort->code, "_id") || str_is(sort->code, "_lastUpdated")) {
        sort->kind = str_is(sort->code, "_id") ? INDEX_TOKEN : INDEX_DATE;
        return true;
    }
    const struct search_parameter *parameter =
        parse_find(with, with->plan->types, with->plan->type_count, sort->code);
    return parameter && kind_of_parameter(&sort->kind, parameter) &&
           sort->kind != INDEX_COMPOSITE && sort->kind != INDEX_POSITION;
}

static bool parse_sort(struct parsing *with, const struct search_pair *pair)
{
    struct str rest = pair->value;
    do {
        struct str code = str_cut(&rest, ',');
        struct search_sort sort = { .is_descending = str_starts(code, STR("-")) };
        sort.code = str_slice(code, sort.is_descending, code.len);
        if (with->plan->sort_count == SEARCH_MOST_SORTS)
            return parse_wrong(with, pair, "at most 8 sort keys (search-most-sorts)");
        if (!sort_kind(with, &sort)) {
            with->is_unknown = true;
            return parse_wrong(with, pair,
                               "search parameters of the type, '-' before those that go down");
        }
        with->sorts[with->plan->sort_count++] = sort;
    } while (rest.data);
    return parse_keep(with, pair->name, pair->value);
}

/* Was read before all others. */
static bool parse_type(struct parsing *with, const struct search_pair *pair)
{
    if (with->plan->type.len)
        return parse_unknown(with, pair, "the address names the type already");
    return parse_keep(with, pair->name, pair->value);
}

static const struct control {
    const char *name;
    bool (*parse)(struct parsing *with, const struct search_pair *pair);
} CONTROLS[] = {
    { "_count", parse_count },
    { "_sort", parse_sort },
    { "_summary", parse_summary },
    { "_elements", parse_elements },
    { "_total", parse_total },
    { "_format", parse_format },
    { "_pretty", parse_format },
    { "_contained", parse_contained },
    { "_containedType", parse_contained_type },
    { "_type", parse_type },
    { "_query", query_parse },
};

static int64_t today_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)(now.tv_sec - now.tv_sec % DAY_SECONDS) * 1000000;
}

static void add_condition(struct parsing *with, const struct search_condition *condition)
{
    struct search_plan *plan = with->plan;
    enum { FIRST_ROOM = 4 };
    with->conditions = arena_grow(with->arena, with->conditions, plan->condition_count,
                                  &with->condition_room, FIRST_ROOM, sizeof *with->conditions);
    with->conditions[plan->condition_count++] = *condition;
    plan->conditions = with->conditions;
}

static bool parse_condition(struct parsing *with, const struct search_pair *pair)
{
    struct search_condition condition = { 0 };
    struct search_plan *plan = with->plan;
    if (plan->condition_count == SEARCH_MOST_CONDITIONS)
        return parse_too_many(with, "search-most-conditions", SEARCH_MOST_CONDITIONS, "conditions");
    struct condition_text text = { .pair = pair,
                                   .types = plan->types,
                                   .type_count = plan->type_count,
                                   .name = pair->name,
                                   .value = pair->value };
    if (!condition_parse(with, &condition, &text))
        return false;
    add_condition(with, &condition);
    return parse_keep(with, pair->name, pair->value);
}

static bool parse_one(struct parsing *with, const struct search_pair *pair)
{
    if (!with->is_hidden && query_takes(with, pair->name))
        return parse_keep(with, pair->name, pair->value);
    for (size_t i = 0; i < COUNT(CONTROLS); i++) {
        if (!str_is(pair->name, CONTROLS[i].name))
            continue;
        if (with->seen & (uint64_t)1 << i)
            return parse_wrong(with, pair, "the parameter once");
        with->seen |= (uint64_t)1 << i;
        return CONTROLS[i].parse(with, pair);
    }
    if (include_is(pair->name))
        return include_parse(with, pair);
    return parse_condition(with, pair);
}

bool parse_pair_of_query(struct parsing *with, const struct search_pair *pair)
{
    return parse_one(with, pair);
}

/* Leniently, a pair that is not known is left out as if it had not been sent. */
static bool parse_pair(struct parsing *with, const struct search_pair *pair)
{
    struct issues kept = *with->issues;
    size_t conditions = with->plan->condition_count, sorts = with->plan->sort_count;
    with->is_unknown = with->is_unready = false;
    if (parse_one(with, pair))
        return true;
    if (!with->context->is_lenient || !with->is_unknown)
        return false;
    *with->issues = kept;
    if (with->issues->last)
        with->issues->last->next = NULL;
    with->plan->condition_count = conditions;
    with->plan->sort_count = sorts;
    return true;
}

/* The types of a system search: those of _type, or all. */
static bool find_types(struct parsing *with, const struct search_pair *pairs, size_t count)
{
    struct search_plan *plan = with->plan;
    struct definitions *definitions = with->context->definitions;
    if (plan->type.len) {
        struct str *one = arena_alloc(with->arena, sizeof *one);
        *one = plan->type;
        plan->types = one;
        plan->type_count = 1;
        return true;
    }
    size_t most = 0;
    const struct str *all = definitions_resource_types(definitions, &most);
    plan->types = all;
    plan->type_count = most;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(pairs[i].name, "_type"))
            continue;
        struct str *types = arena_array(with->arena, most, sizeof *types), rest = pairs[i].value;
        for (plan->type_count = 0; rest.data && plan->type_count < most; plan->type_count++) {
            types[plan->type_count] = str_cut(&rest, ',');
            if (!definitions_is_resource_type(definitions, types[plan->type_count]))
                return parse_wrong(with, &pairs[i], "resource types of R4, with commas between");
        }
        plan->types = types;
        return true;
    }
    return true;
}

static bool add_compartment(struct parsing *with)
{
    struct search_condition condition = { 0 };
    if (!with->context->compartment_type.len)
        return true;
    if (!compartment_condition(with, &condition))
        return false;
    add_condition(with, &condition);
    return true;
}

bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, const struct search_context *context, struct arena *arena,
                  struct issues *issues)
{
    struct parsing with = {
        .plan = plan,
        .context = context,
        .sorts = arena_array(arena, SEARCH_MOST_SORTS, sizeof *with.sorts),
        .includes = arena_array(arena, SEARCH_MOST_INCLUDES, sizeof *with.includes),
        .arena = arena,
        .issues = issues,
        .today_us = today_us(),
    };
    *plan = (struct search_plan){
        .type = type, .sorts = with.sorts, .includes = with.includes, .count = SEARCH_DEFAULT_COUNT
    };
    buf_init(&with.self, arena, MOST_SELF);
    bool ok = find_types(&with, pairs, count) && add_compartment(&with);
    query_begin(&with, pairs, count);
    for (size_t i = 0; i < count && plan->type_count; i++)
        ok = parse_pair(&with, &pairs[i]) && ok;
    /* One type is kept in the order of time; several are sorted by it. */
    if (plan->type_count != 1 && !plan->sort_count)
        with.sorts[plan->sort_count++] =
            (struct search_sort){ .code = STR("_lastUpdated"), .kind = INDEX_DATE };
    plan->self = buf_str(&with.self);
    if (plan->summary == SUMMARY_TEXT && plan->include_count)
        return issue_add(issues, NULL, ISSUE_PARAMETER_INVALID,
                         "_summary=text can not be used with _include or _revinclude");
    if (with.self.is_over)
        return issue_add(issues, NULL, ISSUE_TOO_COSTLY, "the query is too long");
    return ok;
}
