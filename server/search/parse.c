/* parse.c - the pairs of a query to a plan, against the search parameters that the definitions
 * have.
 */
#include <time.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "server/search/kind.h"
#include "server/search/search.h"
#include "server/search/value.h"

enum { MOST_SELF = 1 << 20, DAY_SECONDS = 86400 };

struct parsing {
    struct search_plan *plan;
    struct search_condition *conditions;
    struct search_sort *sorts;
    struct definitions *definitions;
    struct str base_url;
    struct arena *arena;
    struct issues *issues;
    struct buf self;
    unsigned seen; /* bits of the controls met so far */
};

/* Which modifier goes with which kind, and the kind of index that it looks in; `suffix` is what the
 * parameter's name has there. */
static const struct modifier {
    const char *name;
    enum index_kind kind;
    enum search_modifier modifier;
    enum index_kind looks_in;
    const char *suffix;
} MODIFIERS[] = {
    { "not", INDEX_TOKEN, MODIFIER_NOT, INDEX_TOKEN, "" },
    { "text", INDEX_TOKEN, MODIFIER_TEXT, INDEX_STRING, ":text" },
    { "exact", INDEX_STRING, MODIFIER_EXACT, INDEX_STRING, "" },
    { "contains", INDEX_STRING, MODIFIER_CONTAINS, INDEX_STRING, "" },
    { "identifier", INDEX_REFERENCE, MODIFIER_IDENTIFIER, INDEX_TOKEN, ":identifier" },
};

static bool wrong(struct parsing *with, const struct search_pair *pair, const char *wanted)
{
    return issue_add(with->issues, NULL, ISSUE_PARAMETER_INVALID, STR_FMT "=" STR_FMT ": write %s",
                     STR_ARG(pair->name), STR_ARG(pair->value), wanted);
}

static bool unknown(struct parsing *with, const struct search_pair *pair, const char *why)
{
    return issue_add(with->issues, NULL, ISSUE_PARAMETER_UNKNOWN, STR_FMT "?" STR_FMT "%s",
                     STR_ARG(with->plan->type), STR_ARG(pair->name), why);
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

static bool keep(struct parsing *with, struct str name, struct str value)
{
    if (with->self.len)
        buf_add_char(&with->self, '&');
    add_encoded(&with->self, name);
    buf_add_char(&with->self, '=');
    add_encoded(&with->self, value);
    return true;
}

/* First the parameters that say how the answer is made, then those that say which records are in
 * it. */
static bool parse_count(struct parsing *with, const struct search_pair *pair)
{
    uint64_t count;
    if (!str_to_u64(&count, pair->value))
        return wrong(with, pair, "a number of records, 0 for the count alone");
    with->plan->count = count < SEARCH_MOST_COUNT ? count : SEARCH_MOST_COUNT;
    with->plan->is_count_only |= count == 0;
    return keep(with, pair->name, str_print(with->arena, "%zu", with->plan->count));
}

static bool parse_summary(struct parsing *with, const struct search_pair *pair)
{
    with->plan->is_count_only |= str_is(pair->value, "count");
    return (str_is(pair->value, "count") || str_is(pair->value, "false") ||
            wrong(with, pair, "count or false")) &&
           keep(with, pair->name, pair->value);
}

static bool parse_total(struct parsing *with, const struct search_pair *pair)
{
    static const char *const TOTALS[] = {
        [TOTAL_ACCURATE] = "accurate", [TOTAL_ESTIMATE] = "estimate", [TOTAL_NONE] = "none"
    };
    for (size_t i = 0; i < COUNT(TOTALS); i++)
        if (str_is(pair->value, TOTALS[i])) {
            with->plan->total = (enum search_total)i;
            return keep(with, pair->name, pair->value);
        }
    return wrong(with, pair, "accurate, estimate or none");
}

/* The answer's format is the business of whoever prints it. */
static bool parse_format(struct parsing *with, const struct search_pair *pair)
{
    (void)with, (void)pair;
    return true;
}

static bool sort_kind(struct parsing *with, struct search_sort *sort)
{
    if (str_is(sort->code, "_id") || str_is(sort->code, "_lastUpdated")) {
        sort->kind = str_is(sort->code, "_id") ? INDEX_TOKEN : INDEX_DATE;
        return true;
    }
    const struct search_parameter *parameter =
        definitions_search_parameter(with->definitions, with->plan->type, sort->code);
    return parameter && kind_of_parameter(&sort->kind, parameter);
}

static bool parse_sort(struct parsing *with, const struct search_pair *pair)
{
    struct str rest = pair->value;
    do {
        struct str code = str_cut(&rest, ',');
        struct search_sort sort = { .is_descending = str_starts(code, STR("-")) };
        sort.code = str_slice(code, sort.is_descending, code.len);
        if (with->plan->sort_count == SEARCH_MOST_SORTS)
            return wrong(with, pair, "at most 8 sort keys (search-most-sorts)");
        if (!sort_kind(with, &sort))
            return wrong(with, pair,
                         "search parameters of the type, '-' before those that go down");
        with->sorts[with->plan->sort_count++] = sort;
    } while (rest.data);
    return keep(with, pair->name, pair->value);
}

static const struct {
    const char *name;
    bool (*parse)(struct parsing *with, const struct search_pair *pair);
} CONTROLS[] = {
    { "_count", parse_count }, { "_sort", parse_sort },     { "_summary", parse_summary },
    { "_total", parse_total }, { "_format", parse_format }, { "_pretty", parse_format },
};

static int64_t today_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)(now.tv_sec - now.tv_sec % DAY_SECONDS) * 1000000;
}

static bool add_value(struct parsing *with, const struct search_pair *pair,
                      const struct search_condition *condition, struct str text,
                      struct search_value *value)
{
    const char *wanted = NULL;
    struct value_context context = { .definitions = with->definitions,
                                     .base_url = with->base_url,
                                     .today_us = today_us(),
                                     .arena = with->arena };
    if (condition->modifier == MODIFIER_TYPE)
        context.type = str_slice(pair->name, condition->code.len + 1, pair->name.len);
    bool ok = str_is(condition->code, "_id")
                  ? value_parse_id(value, text, &wanted)
                  : value_parse(value, condition->kind, text, &context, &wanted);
    return ok || wrong(with, pair, wanted);
}

static bool add_values(struct parsing *with, const struct search_pair *pair,
                       struct search_condition *condition)
{
    struct str rest = pair->value, text;
    size_t most = 1;
    for (size_t i = 0; i < rest.len; i++)
        most += rest.data[i] == ',';
    most = most < SEARCH_MOST_VALUES ? most : SEARCH_MOST_VALUES;
    struct search_value *values = arena_array(with->arena, most, sizeof *values);
    if (!rest.len)
        return wrong(with, pair, "a value");
    while (value_next(&text, &rest)) {
        if (condition->value_count == most)
            return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY,
                             "search-most-values: " STR_FMT " has more than %d values",
                             STR_ARG(pair->name), SEARCH_MOST_VALUES);
        if (!add_value(with, pair, condition, text, &values[condition->value_count]))
            return false;
        condition->value_count++;
    }
    condition->values = values;
    if (condition->modifier == MODIFIER_MISSING && condition->value_count > 1)
        return wrong(with, pair, "true or false");
    return keep(with, pair->name, pair->value);
}

static bool is_target(const struct search_parameter *parameter, struct str type)
{
    for (size_t i = 0; i < parameter->target_count; i++)
        if (str_equal(parameter->targets[i], type))
            return true;
    return parameter->target_count == 0;
}

static bool set_modifier(struct parsing *with, const struct search_pair *pair, struct str modifier,
                         struct search_condition *condition)
{
    bool is_own = !condition->parameter;
    if (str_is(modifier, "missing") && !is_own) {
        condition->modifier = MODIFIER_MISSING;
        condition->kind = INDEX_PRESENCE;
        return true;
    }
    for (size_t i = 0; i < COUNT(MODIFIERS); i++) {
        const struct modifier *row = &MODIFIERS[i];
        if (!str_is(modifier, row->name) || row->kind != condition->kind ||
            (is_own && row->modifier != MODIFIER_NOT))
            continue;
        condition->modifier = row->modifier;
        condition->kind = row->looks_in;
        condition->code =
            str_print(with->arena, STR_FMT "%s", STR_ARG(condition->code), row->suffix);
        return true;
    }
    if (condition->kind == INDEX_REFERENCE &&
        definitions_is_resource_type(with->definitions, modifier) &&
        is_target(condition->parameter, modifier)) {
        condition->modifier = MODIFIER_TYPE;
        return true;
    }
    return wrong(with, pair, "another modifier or none: this one does not go with the parameter");
}

/* The two that every resource has and that no expression extracts. */
static bool is_own(struct str code, enum index_kind *kind)
{
    *kind = str_is(code, "_id") ? INDEX_TOKEN : INDEX_DATE;
    return str_is(code, "_id") || str_is(code, "_lastUpdated");
}

static bool parse_condition(struct parsing *with, const struct search_pair *pair)
{
    struct str modifier = pair->name, code = str_cut(&modifier, ':');
    if (with->plan->condition_count == SEARCH_MOST_CONDITIONS)
        return issue_add(with->issues, NULL, ISSUE_TOO_COSTLY,
                         "search-most-conditions: at most %d conditions", SEARCH_MOST_CONDITIONS);
    struct search_condition *condition = &with->conditions[with->plan->condition_count];
    *condition = (struct search_condition){ .code = code };
    if (!is_own(code, &condition->kind)) {
        condition->parameter =
            definitions_search_parameter(with->definitions, with->plan->type, code);
        if (!condition->parameter)
            return unknown(with, pair, "");
        if (!kind_of_parameter(&condition->kind, condition->parameter))
            return unknown(with, pair, ": parameters of this kind are not supported");
    }
    if (modifier.data && !set_modifier(with, pair, modifier, condition))
        return false;
    if (!add_values(with, pair, condition))
        return false;
    with->plan->condition_count++;
    return true;
}

static bool parse_pair(struct parsing *with, const struct search_pair *pair)
{
    for (size_t i = 0; i < COUNT(CONTROLS); i++) {
        if (!str_is(pair->name, CONTROLS[i].name))
            continue;
        if (with->seen & 1u << i)
            return wrong(with, pair, "the parameter once");
        with->seen |= 1u << i;
        return CONTROLS[i].parse(with, pair);
    }
    return parse_condition(with, pair);
}

bool search_parse(struct search_plan *plan, struct str type, const struct search_pair *pairs,
                  size_t count, struct definitions *definitions, struct str base_url,
                  struct arena *arena, struct issues *issues)
{
    struct parsing with = {
        .plan = plan,
        .conditions = arena_array(arena, SEARCH_MOST_CONDITIONS, sizeof *with.conditions),
        .sorts = arena_array(arena, SEARCH_MOST_SORTS, sizeof *with.sorts),
        .definitions = definitions,
        .base_url = base_url,
        .arena = arena,
        .issues = issues,
    };
    *plan = (struct search_plan){ .type = type,
                                  .conditions = with.conditions,
                                  .sorts = with.sorts,
                                  .count = SEARCH_DEFAULT_COUNT };
    buf_init(&with.self, arena, MOST_SELF);
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        ok = parse_pair(&with, &pairs[i]) && ok;
    plan->self = buf_str(&with.self);
    if (with.self.is_over)
        return issue_add(issues, NULL, ISSUE_TOO_COSTLY, "the query is too long");
    return ok;
}
