/* values.c - from FHIR elements to System values, and from these to what C computes with (R4
 * fhirpath.html#types). */
#include <string.h>

#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/evaluate.h"
#include "resources/fhir/json/json.h"

#define UCUM "http://unitsofmeasure.org"

/* Every other primitive is a string. */
static const struct {
    const char *type;
    enum fhirpath_kind kind;
} KINDS[] = {
    { "boolean", FHIRPATH_BOOLEAN },     { "integer", FHIRPATH_INTEGER },
    { "unsignedInt", FHIRPATH_INTEGER }, { "positiveInt", FHIRPATH_INTEGER },
    { "decimal", FHIRPATH_DECIMAL },     { "date", FHIRPATH_DATE },
    { "dateTime", FHIRPATH_DATETIME },   { "instant", FHIRPATH_DATETIME },
    { "time", FHIRPATH_TIME },
};

bool fhirpath_values_of_untyped(struct fhirpath_item *out, const struct node *node)
{
    if (!node->value || cJSON_IsObject(node->value) || cJSON_IsNull(node->value))
        return false;
    *out = (struct fhirpath_item){ .kind = FHIRPATH_STRING, .text = json_text(node->value) };
    if (cJSON_IsBool(node->value))
        out->kind = FHIRPATH_BOOLEAN;
    else if (json_is_number(node->value))
        out->kind = FHIRPATH_INTEGER;
    for (size_t i = 0; i < out->text.len && out->kind == FHIRPATH_INTEGER; i++)
        if (!strchr("-0123456789", out->text.data[i]))
            out->kind = FHIRPATH_DECIMAL;
    return true;
}

static bool value_of_primitive(struct fhirpath_item *out, const struct node *node)
{
    if (!node->value)
        return false;
    struct str type = node_type(node);
    *out = (struct fhirpath_item){ .kind = FHIRPATH_STRING, .text = json_text(node->value) };
    for (size_t i = 0; i < COUNT(KINDS); i++)
        if (str_is(type, KINDS[i].type))
            out->kind = KINDS[i].kind;
    return true;
}

/* A FHIR Quantity with a comparator (<5 mg) is no one value. A unit in another system than UCUM is
 * known by system and code: it compares with itself alone. */
static bool value_of_quantity(struct fhirpath_item *out, const struct node *node,
                              struct fhirpath_run *run)
{
    struct str value = { NULL, 0 }, unit = value, system = value, code = value, comparator = value;
    const struct {
        const char *name;
        struct str *text;
    } parts[] = { { "value", &value },
                  { "unit", &unit },
                  { "system", &system },
                  { "code", &code },
                  { "comparator", &comparator } };
    struct node_walk walk;
    struct node child;
    node_walk_init(&walk, node, NULL, run->context->definitions);
    while (node_walk_next(&walk, &child))
        for (size_t i = 0; i < COUNT(parts); i++)
            if (str_is(str_of(child.place.name), parts[i].name))
                *parts[i].text = json_text(child.value);
    bool is_ucum = str_is(system, UCUM);
    bool is_other = system.len > 0 && !is_ucum;
    if (value.len == 0 || comparator.len > 0 || (is_other && code.len == 0))
        return false;
    if (is_other)
        unit = str_print(run->context->arena, STR_FMT "|" STR_FMT, STR_ARG(system), STR_ARG(code));
    else if (code.len > 0 && (is_ucum || unit.len == 0))
        unit = code;
    *out = (struct fhirpath_item){
        .kind = FHIRPATH_QUANTITY, .node = node, .text = value, .unit = unit.len ? unit : STR("1")
    };
    return true;
}

bool fhirpath_values_of(struct fhirpath_item *out, const struct fhirpath_item *item,
                        struct fhirpath_run *run)
{
    if (item->kind != FHIRPATH_NODE) {
        *out = *item;
        return true;
    }
    const struct node *node = item->node;
    if (!node->structure)
        return fhirpath_values_of_untyped(out, node);
    if (node_is_primitive(node))
        return value_of_primitive(out, node);
    struct str type = node_type(node);
    bool is_quantity = node->value && node->structure && node->structure->kind == KIND_COMPLEX &&
                       (str_is(type, "Quantity") ||
                        definitions_is_a(run->context->definitions, type, STR("Quantity")));
    return is_quantity && value_of_quantity(out, node, run);
}

bool fhirpath_values_decimal(struct decimal *out, const struct fhirpath_item *value)
{
    bool is_number = value->kind == FHIRPATH_INTEGER || value->kind == FHIRPATH_LONG ||
                     value->kind == FHIRPATH_DECIMAL;
    return is_number && decimal_parse(out, value->text);
}

bool fhirpath_values_integer(int64_t *out, const struct fhirpath_item *value)
{
    struct decimal decimal;
    return value->kind == FHIRPATH_INTEGER && decimal_parse(&decimal, value->text) &&
           decimal_to_int(out, &decimal);
}

bool fhirpath_values_date(struct date *out, const struct fhirpath_item *value)
{
    if (value->kind == FHIRPATH_TIME)
        return date_parse(out, value->text, DATE_FORM_PARTIAL_TIME);
    return (value->kind == FHIRPATH_DATE || value->kind == FHIRPATH_DATETIME) &&
           (date_parse(out, value->text, DATE_FORM_PARTIAL) ||
            date_parse(out, value->text, DATE_FORM_DATETIME));
}

bool fhirpath_values_quantity(struct quantity *out, const struct fhirpath_item *value)
{
    out->unit = value->kind == FHIRPATH_QUANTITY ? value->unit : STR("1");
    if (value->kind == FHIRPATH_QUANTITY)
        return decimal_parse(&out->value, value->text);
    return fhirpath_values_decimal(&out->value, value);
}

struct str fhirpath_values_text(const struct fhirpath_item *value, struct arena *arena)
{
    enum date_unit unit;
    struct decimal number, one = decimal_of_int(1);
    if (value->kind == FHIRPATH_NODE)
        return (struct str){ NULL, 0 };
    if (value->kind == FHIRPATH_TYPE)
        return str_print(arena, STR_FMT "." STR_FMT, STR_ARG(value->unit), STR_ARG(value->text));
    if (value->kind != FHIRPATH_QUANTITY)
        return value->text;
    if (!quantity_is_calendar(value->unit, &unit))
        return str_print(arena, STR_FMT " '" STR_FMT "'", STR_ARG(value->text),
                         STR_ARG(value->unit));
    bool is_one = decimal_parse(&number, value->text) && decimal_compare(&number, &one) == 0;
    return str_print(arena, STR_FMT " " STR_FMT "%s", STR_ARG(value->text), STR_ARG(value->unit),
                     is_one ? "" : "s");
}

bool fhirpath_values_truth(struct fhirpath_run *run, const struct fhirpath_items *items, int *truth)
{
    *truth = -1;
    if (items->count == 0)
        return true;
    if (items->count > 1)
        return fhirpath_evaluate_fail(run, ISSUE_FHIRPATH_TYPE,
                                      "true or false is expected, not %zu items", items->count);
    struct fhirpath_item value;
    if (fhirpath_values_of(&value, items->items, run))
        *truth = value.kind != FHIRPATH_BOOLEAN || str_is(value.text, "true");
    else
        *truth = node_is_primitive(items->items[0].node) ? -1 : 1;
    return true;
}
