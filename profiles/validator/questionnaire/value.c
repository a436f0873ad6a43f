/* value.c - reading and comparing the values of questions and answers. */
#include "profiles/validator/questionnaire/value.h"

#include <string.h>

#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/date.h"
#include "resources/fhir/types/quantity.h"

enum kind {
    KIND_TEXT,
    KIND_NUMBER,
    KIND_MOMENT,
    KIND_TIME,
    KIND_CODING,
    KIND_QUANTITY,
    KIND_ADDRESS
};

/* As JSON names the choices, and what they are. */
static const struct choice {
    const char *suffix, *type;
    enum kind kind;
} CHOICES[] = {
    { "Boolean", "boolean", KIND_TEXT },
    { "Decimal", "decimal", KIND_NUMBER },
    { "Integer", "integer", KIND_NUMBER },
    { "Date", "date", KIND_MOMENT },
    { "DateTime", "dateTime", KIND_MOMENT },
    { "Instant", "instant", KIND_MOMENT },
    { "Time", "time", KIND_TIME },
    { "String", "string", KIND_TEXT },
    { "Uri", "uri", KIND_TEXT },
    { "Code", "code", KIND_TEXT },
    { "Id", "id", KIND_TEXT },
    { "Canonical", "canonical", KIND_TEXT },
    { "Attachment", "Attachment", KIND_TEXT },
    { "Coding", "Coding", KIND_CODING },
    { "Quantity", "Quantity", KIND_QUANTITY },
    { "Reference", "Reference", KIND_ADDRESS },
};

struct value value_read(const cJSON *object, const char *stem)
{
    struct str start = str_of(stem);
    for (const cJSON *item = cJSON_IsObject(object) ? object->child : NULL; item;
         item = item->next) {
        struct str key = str_of(item->string);
        if (!str_starts(key, start))
            continue;
        struct str suffix = str_slice(key, start.len, key.len);
        for (size_t i = 0; i < COUNT(CHOICES); i++)
            if (str_is(suffix, CHOICES[i].suffix))
                return (struct value){ CHOICES[i].type, item };
    }
    return (struct value){ NULL, NULL };
}

bool value_is(const struct value *value, const char *type)
{
    return value->type && strcmp(value->type, type) == 0;
}

static enum kind kind_of(const struct value *value)
{
    for (size_t i = 0; i < COUNT(CHOICES); i++)
        if (value_is(value, CHOICES[i].type))
            return CHOICES[i].kind;
    return KIND_TEXT;
}

static int compare_numbers(struct str a, struct str b)
{
    struct decimal x, y;
    return decimal_parse(&x, a) && decimal_parse(&y, b) ? decimal_compare(&x, &y) : VALUE_UNORDERED;
}

static int compare_dates(struct str a, struct str b, enum date_form form)
{
    struct date x, y;
    if (!date_parse(&x, a, form) || !date_parse(&y, b, form))
        return VALUE_UNORDERED;
    enum date_order order = date_compare(&x, &y);
    return order == DATE_UNCERTAIN ? VALUE_UNORDERED : (int)order;
}

static bool read_quantity(struct quantity *out, const cJSON *content)
{
    struct str code = json_get_text(content, "code");
    out->unit = code.len ? code : json_get_text(content, "unit");
    return decimal_parse(&out->value, json_get_text(content, "value"));
}

static int compare_quantities(const cJSON *a, const cJSON *b, struct definitions *definitions)
{
    struct quantity x, y;
    if (!read_quantity(&x, a) || !read_quantity(&y, b))
        return VALUE_UNORDERED;
    if (str_equal(x.unit, y.unit))
        return decimal_compare(&x.value, &y.value);
    enum quantity_order order = quantity_compare(&x, &y, definitions_units(definitions));
    return order == QUANTITY_INCOMPARABLE ? VALUE_UNORDERED : (int)order;
}

int value_compare(const struct value *a, const struct value *b, struct definitions *definitions)
{
    enum kind kind = kind_of(a);
    if (!a->type || !b->type || kind != kind_of(b))
        return VALUE_UNORDERED;
    struct str x = json_text(a->content), y = json_text(b->content);
    if (kind == KIND_NUMBER)
        return compare_numbers(x, y);
    if (kind == KIND_MOMENT)
        return compare_dates(x, y, DATE_FORM_PARTIAL);
    if (kind == KIND_TIME)
        return compare_dates(x, y, DATE_FORM_PARTIAL_TIME);
    if (kind == KIND_QUANTITY)
        return compare_quantities(a->content, b->content, definitions);
    return VALUE_UNORDERED;
}

bool value_is_same_coding(const cJSON *a, const cJSON *b)
{
    struct str code = json_get_text(a, "code"), other = json_get_text(b, "code");
    if (!code.len && !other.len)
        return str_equal(json_get_text(a, "display"), json_get_text(b, "display"));
    return str_equal(code, other) &&
           str_equal(json_get_text(a, "system"), json_get_text(b, "system"));
}

enum fit value_equal(const struct value *a, const struct value *b, struct definitions *definitions)
{
    enum kind kind = kind_of(a);
    if (!a->type || !b->type || kind != kind_of(b))
        return FIT_NO;
    if (kind == KIND_CODING)
        return value_is_same_coding(a->content, b->content) ? FIT_YES : FIT_NO;
    if (kind == KIND_ADDRESS)
        return str_equal(json_get_text(a->content, "reference"),
                         json_get_text(b->content, "reference"))
                   ? FIT_YES
                   : FIT_NO;
    if (kind == KIND_TEXT)
        return json_equal(a->content, b->content) ? FIT_YES : FIT_NO;
    int order = value_compare(a, b, definitions);
    if (order == VALUE_UNORDERED)
        return str_equal(json_text(a->content), json_text(b->content)) && json_text(a->content).len
                   ? FIT_YES
                   : FIT_UNKNOWN;
    return order == 0 ? FIT_YES : FIT_NO;
}
