/* range.c - minValue[x] and maxValue[x]: numbers by value, quantities in any unit, dates as far as
 * both are precise. */
#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/decimal.h"
#include "resources/fhir/types/quantity.h"

enum { MOST_LIMIT_TEXT = 4096 };

struct range_rule {
    struct rule rule;
    struct str limit;
    const cJSON *quantity; /* the limit of a Quantity, or NULL */
    bool is_number, is_min;
};

/* Below 0, 0, above 0; 0 also when it cannot be told (the format has its own rule). */
static int compare_numbers(struct str a, struct str b)
{
    struct decimal x, y;
    return decimal_parse(&x, a) && decimal_parse(&y, b) ? decimal_compare(&x, &y) : 0;
}

static int compare_dates(struct str a, struct str b)
{
    struct date x, y;
    bool is_time = a.len > 2 && a.data[2] == ':';
    enum date_form form = is_time ? DATE_FORM_PARTIAL_TIME : DATE_FORM_PARTIAL;
    if (!date_parse(&x, a, form) || !date_parse(&y, b, form))
        return 0;
    enum date_order order = date_compare(&x, &y);
    return order == DATE_UNCERTAIN ? 0 : (int)order;
}

static bool read_quantity(struct quantity *out, const cJSON *value)
{
    struct str code = json_get_text(value, "code");
    out->unit = code.len ? code : json_get_text(value, "unit");
    return decimal_parse(&out->value, json_get_text(value, "value"));
}

/* 0 also when the units are of different kinds. */
static int compare_quantities(const cJSON *a, const cJSON *b, struct definitions *definitions)
{
    struct quantity x, y;
    if (!read_quantity(&x, a) || !read_quantity(&y, b))
        return 0;
    enum quantity_order order = quantity_compare(&x, &y, definitions_units(definitions));
    return order == QUANTITY_INCOMPARABLE ? 0 : (int)order;
}

static int compare(const struct range_rule *range, const cJSON *value,
                   struct definitions *definitions)
{
    if (range->quantity)
        return compare_quantities(value, range->quantity, definitions);
    return range->is_number ? compare_numbers(json_text(value), range->limit)
                            : compare_dates(json_text(value), range->limit);
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct range_rule *range = (const struct range_rule *)(const void *)rule;
    bool is_value = range->quantity ? cJSON_IsObject(node->value) : json_text(node->value).len > 0;
    int order = is_value ? compare(range, node->value, run->validator->definitions) : 0;
    if (range->is_min ? order >= 0 : order <= 0)
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str value = validator_run_show(run, node->value);
    validator_run_break(run, rule, node, ISSUE_VALUE_OUT_OF_RANGE, STR_FMT " is %s " STR_FMT,
                        STR_ARG(value), range->is_min ? "less than" : "more than",
                        STR_ARG(range->limit));
    validator_run_reset(run, mark);
}

static const struct rule_kind MIN = { "min-value", check }, MAX = { "max-value", check };

static bool same_min(const struct element *a, const struct element *b)
{
    return b->min_value && json_equal(a->min_value, b->min_value);
}

static bool same_max(const struct element *a, const struct element *b)
{
    return b->max_value && json_equal(a->max_value, b->max_value);
}

static void build(struct compiler *compiler, const struct element *element, bool is_min)
{
    const cJSON *limit = is_min ? element->min_value : element->max_value;
    if (!limit)
        return;
    struct buf key;
    buf_init(&key, compiler->validator->arena, MOST_LIMIT_TEXT);
    json_print(&key, limit);
    struct str origin = validator_compile_origin(compiler, element, is_min ? same_min : same_max);
    struct range_rule *rule =
        validator_compile_rule(compiler, is_min ? &MIN : &MAX, origin, buf_str(&key), sizeof *rule);
    if (!rule)
        return;
    rule->limit = cJSON_IsObject(limit) ? buf_str(&key) : json_text(limit);
    rule->quantity = cJSON_IsObject(limit) ? limit : NULL;
    rule->is_number = json_is_number(limit);
    rule->is_min = is_min;
}

void validator_range_build(struct compiler *compiler, const struct element *element)
{
    build(compiler, element, true);
    build(compiler, element, false);
}
