/* limit.c - one table of the extensions that bound an answer, and maxLength. */
#include "profiles/validator/questionnaire/limit.h"

#include "profiles/validator/invariant.h"
#include "profiles/validator/questionnaire/membership.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/ucum.h"
#include "resources/fhir/types/reference.h"

#define CORE "http://hl7.org/fhir/StructureDefinition/"
#define SDC "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"

enum { BYTES_OF_MEGABYTE = 1024 * 1024, MOST_EXPRESSION = 1 << 16 };

typedef enum fit (*limit_test)(const struct response *response, const struct value *answer,
                               const struct value *limit);

static bool is_quantity(const struct value *value)
{
    return value_is(value, "Quantity");
}

/* A bound of another type says nothing of this answer; a quantity of another kind, or without its
 * unit, can not be within the bound. */
static bool is_of_another_kind(const struct value *answer, const struct value *limit,
                               struct definitions *definitions)
{
    const struct ucum *units = definitions_units(definitions);
    if (!is_quantity(answer) || !is_quantity(limit))
        return false;
    struct str unit = json_get_text(answer->content, "code"),
               wanted = json_get_text(limit->content, "code");
    return wanted.len &&
           (!unit.len || (ucum_is_valid(unit, units) && ucum_is_valid(wanted, units)));
}

static enum fit is_least(const struct response *response, const struct value *answer,
                         const struct value *limit)
{
    struct definitions *definitions = response->run->validator->definitions;
    int order = value_compare(answer, limit, definitions);
    if (order == VALUE_UNORDERED)
        return is_of_another_kind(answer, limit, definitions) ? FIT_NO : FIT_UNKNOWN;
    return order >= 0 ? FIT_YES : FIT_NO;
}

static enum fit is_most(const struct response *response, const struct value *answer,
                        const struct value *limit)
{
    struct definitions *definitions = response->run->validator->definitions;
    int order = value_compare(answer, limit, definitions);
    if (order == VALUE_UNORDERED)
        return is_of_another_kind(answer, limit, definitions) ? FIT_NO : FIT_UNKNOWN;
    return order <= 0 ? FIT_YES : FIT_NO;
}

static size_t count_characters(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
    return count;
}

static enum fit is_long_enough(const struct response *response, const struct value *answer,
                               const struct value *limit)
{
    (void)response;
    int least;
    if (cJSON_IsObject(answer->content) || !str_to_int(&least, json_text(limit->content)))
        return FIT_UNKNOWN;
    return count_characters(json_text(answer->content)) >= (size_t)least ? FIT_YES : FIT_NO;
}

static enum fit has_places(const struct response *response, const struct value *answer,
                           const struct value *limit)
{
    (void)response;
    struct decimal number;
    int most;
    struct str text =
        is_quantity(answer) ? json_get_text(answer->content, "value") : json_text(answer->content);
    if (!decimal_parse(&number, text) || !str_to_int(&most, json_text(limit->content)))
        return FIT_UNKNOWN;
    return number.scale <= most ? FIT_YES : FIT_NO;
}

/* A text as a literal of FHIRPath. */
static void quote(struct buf *out, struct str text)
{
    buf_add_char(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\'' || text.data[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text.data[i]);
    }
    buf_add_char(out, '\'');
}

/* By FHIRPath, whose regular expressions are bounded. */
static enum fit has_form(const struct response *response, const struct value *answer,
                         const struct value *limit)
{
    struct run *run = response->run;
    if (cJSON_IsObject(answer->content))
        return FIT_UNKNOWN;
    struct arena_mark mark = validator_run_mark(run);
    struct buf out;
    buf_init(&out, run->scratch, MOST_EXPRESSION);
    quote(&out, json_text(answer->content));
    buf_add(&out, STR(".matchesFull("));
    quote(&out, json_text(limit->content));
    buf_add_char(&out, ')');
    int holds = out.is_over ? -1 : validator_invariant_test(run, buf_str(&out), response->node);
    validator_run_reset(run, mark);
    return holds < 0 ? FIT_UNKNOWN : holds ? FIT_YES : FIT_NO;
}

/* An attachment that does not say its type is none of those that are taken. */
static enum fit has_media_type(const struct response *response, const struct value *answer,
                               const struct value *limit)
{
    (void)response;
    struct str type = json_get_text(answer->content, "contentType");
    type = str_trim(str_slice(type, 0, str_find(type, ';', 0)));
    return str_equal(type, json_text(limit->content)) ? FIT_YES : FIT_NO;
}

/* The limit is in megabytes. What does not say its size has the size of its data: four characters
 * of base64 hold three bytes. */
static enum fit is_small(const struct response *response, const struct value *answer,
                         const struct value *limit)
{
    (void)response;
    struct decimal size, most, mega = decimal_of_int(BYTES_OF_MEGABYTE);
    size_t data = json_get_text(answer->content, "data").len;
    if (!decimal_parse(&size, json_get_text(answer->content, "size"))) {
        if (!data)
            return FIT_UNKNOWN;
        size = decimal_of_int((int64_t)(data / 4 * 3));
    }
    if (!decimal_parse(&most, json_text(limit->content)) || !decimal_multiply(&most, &most, &mega))
        return FIT_UNKNOWN;
    return decimal_compare(&size, &most) <= 0 ? FIT_YES : FIT_NO;
}

static enum fit has_unit(const struct response *response, const struct value *answer,
                         const struct value *limit)
{
    (void)response;
    struct str code = json_get_text(answer->content, "code");
    if (code.len)
        return value_is_same_coding(answer->content, limit->content) ? FIT_YES : FIT_NO;
    struct str unit = json_get_text(answer->content, "unit");
    bool is_named = str_equal(unit, json_get_text(limit->content, "display")) ||
                    str_equal(unit, json_get_text(limit->content, "code"));
    return unit.len && is_named ? FIT_YES : FIT_NO;
}

static enum fit has_unit_of_set(const struct response *response, const struct value *answer,
                                const struct value *limit)
{
    struct str system = json_get_text(answer->content, "system"),
               code = json_get_text(answer->content, "code");
    if (!system.len || !code.len)
        return FIT_UNKNOWN;
    enum membership member = membership_test(response, json_text(limit->content), system, code);
    return member == MEMBER_UNKNOWN ? FIT_UNKNOWN : member == MEMBER_YES ? FIT_YES : FIT_NO;
}

static struct str target_type(const struct response *response, const struct value *answer)
{
    struct str text = json_get_text(answer->content, "reference");
    struct str type = validator_reference_type(response->run, text, response->node);
    return type.len ? type : json_get_text(answer->content, "type");
}

static enum fit leads_to(const struct response *response, const struct value *answer,
                         struct str wanted)
{
    struct str type = target_type(response, answer);
    if (!type.len || !wanted.len)
        return FIT_UNKNOWN;
    return validator_schema_is_type(response->run->validator, type, wanted) ? FIT_YES : FIT_NO;
}

static enum fit leads_to_type(const struct response *response, const struct value *answer,
                              const struct value *limit)
{
    return leads_to(response, answer, json_text(limit->content));
}

/* Whether the target itself conforms can not be seen from here; its type can. */
static enum fit leads_to_profile(const struct response *response, const struct value *answer,
                                 const struct value *limit)
{
    const struct structure *profile =
        definitions_structure(response->run->validator->definitions, json_text(limit->content));
    return profile ? leads_to(response, answer, profile->type) : FIT_UNKNOWN;
}

/* takes: the one type of answer that it is about, NULL for any. any_of: one of several is enough.
 * of_value: said of the value, else of the answer. */
static const struct limit {
    const char *url, *takes;
    limit_test test;
    bool any_of, of_value;
} LIMITS[] = {
    { CORE "minValue", NULL, is_least, false, true },
    { CORE "maxValue", NULL, is_most, false, true },
    { SDC "minQuantity", "Quantity", is_least, false, true },
    { SDC "maxQuantity", "Quantity", is_most, false, true },
    { CORE "minLength", NULL, is_long_enough, false, true },
    { CORE "maxDecimalPlaces", NULL, has_places, false, true },
    { CORE "regex", NULL, has_form, false, true },
    { CORE "mimeType", "Attachment", has_media_type, true, false },
    { CORE "maxSize", "Attachment", is_small, false, false },
    { CORE "questionnaire-unitOption", "Quantity", has_unit, true, true },
    { CORE "questionnaire-unitValueSet", "Quantity", has_unit_of_set, true, true },
    { CORE "questionnaire-referenceResource", "Reference", leads_to_type, true, true },
    { CORE "questionnaire-referenceProfile", "Reference", leads_to_profile, true, true },
};

static void raise(const struct response *response, const struct question *question,
                  const struct answer *answer, const struct limit *limit, struct str allowed)
{
    struct run *run = response->run;
    struct node value = response_value_node(answer);
    struct arena_mark mark = validator_run_mark(run);
    struct str shown = validator_run_show(run, answer->value.content);
    const char *name = limit->url;
    for (const char *at = limit->url; *at; at++)
        if (*at == '/')
            name = at + 1;
    validator_run_raise(run, limit->of_value ? &value : &answer->node,
                        response_fault(response, ISSUE_ANSWER_LIMIT, str_of(limit->url)),
                        "'" STR_FMT "': " STR_FMT " is given, %s: " STR_FMT,
                        STR_ARG(question->link_id), STR_ARG(shown), name, STR_ARG(allowed));
    validator_run_reset(run, mark);
}

static void check_one(const struct response *response, const struct question *question,
                      const struct answer *answer, const struct limit *limit)
{
    struct run *run = response->run;
    struct arena_mark mark = validator_run_mark(run);
    struct buf allowed;
    size_t count = 0, broken = 0;
    const cJSON *extension = NULL;
    buf_init(&allowed, run->scratch, 1024);
    while ((extension = questions_extension(question->item, limit->url, extension))) {
        struct value wanted = value_read(extension, "value");
        if (!wanted.type)
            continue;
        if (count++)
            buf_add(&allowed, STR(", "));
        buf_add(&allowed, validator_run_show(run, wanted.content));
        broken += limit->test(response, &answer->value, &wanted) == FIT_NO;
    }
    if (limit->any_of ? count && broken == count : broken > 0)
        raise(response, question, answer, limit, buf_str(&allowed));
    validator_run_reset(run, mark);
}

/* Of free text and of what is written as text; a code has no length. */
static void check_length(const struct response *response, const struct question *question,
                         const struct answer *answer)
{
    int most;
    if (cJSON_IsObject(answer->value.content) ||
        !str_to_int(&most, json_get_text(question->item, "maxLength")))
        return;
    size_t count = count_characters(json_text(answer->value.content));
    struct node value = response_value_node(answer);
    if (count > (size_t)most)
        validator_run_raise(response->run, &value,
                            response_fault(response, ISSUE_ANSWER_LIMIT, STR("maxLength")),
                            "'" STR_FMT "': %zu characters are given, maxLength: %d",
                            STR_ARG(question->link_id), count, most);
}

void limit_check(const struct response *response, const struct question *question,
                 const struct answer *answer)
{
    check_length(response, question, answer);
    if (!question->extension_count ||
        !response_spend(response, question->extension_count * COUNT(LIMITS)))
        return;
    for (size_t i = 0; i < COUNT(LIMITS); i++)
        if (!LIMITS[i].takes || value_is(&answer->value, LIMITS[i].takes))
            check_one(response, question, answer, &LIMITS[i]);
}

bool limit_of_occurrence(const struct question *question, bool is_least, size_t *limit)
{
    const cJSON *extension = questions_extension(
        question->item, is_least ? CORE "questionnaire-minOccurs" : CORE "questionnaire-maxOccurs",
        NULL);
    int value;
    if (!extension || !str_to_int(&value, json_get_text(extension, "valueInteger")))
        return false;
    *limit = (size_t)value;
    return true;
}
