/* form.c - how JSON writes a value: of which kind, never empty, an array where the element repeats
 * (R4 json.html). */
#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"

static const char *json_kind(const cJSON *value)
{
    if (cJSON_IsObject(value))
        return "an object";
    if (cJSON_IsArray(value))
        return "an array";
    if (cJSON_IsString(value))
        return "a string";
    if (cJSON_IsBool(value))
        return "true or false";
    return cJSON_IsNull(value) ? "null" : "a number";
}

static const char *const FORMS[] = {
    [FORM_OBJECT] = "an object",      [FORM_STRING] = "a string",    [FORM_NUMBER] = "a number",
    [FORM_BOOLEAN] = "true or false", [FORM_RESOURCE] = "an object",
};

static bool has_form(const cJSON *value, enum json_form form)
{
    switch (form) {
    case FORM_STRING:
        return cJSON_IsString(value);
    case FORM_NUMBER:
        return json_is_number(value);
    case FORM_BOOLEAN:
        return cJSON_IsBool(value);
    case FORM_OBJECT:
    case FORM_RESOURCE:
        break;
    }
    return cJSON_IsObject(value);
}

static bool is_empty(const cJSON *value)
{
    bool is_empty_text = cJSON_IsString(value) && value->valuestring[0] == '\0';
    return is_empty_text || ((cJSON_IsObject(value) || cJSON_IsArray(value)) && !value->child);
}

static void raise_type(struct run *run, const struct node *node, const struct property *property,
                       const char *wanted, const cJSON *given)
{
    struct fault fault = { ISSUE_TYPE_MISMATCH, STR("form"),
                           property->shape->element->structure->url, NULL, false };
    validator_run_raise(run, node, fault, "%s is needed, %s is given", wanted, json_kind(given));
}

static void raise_empty(struct run *run, const struct node *node, const struct property *property,
                        const char *what)
{
    struct fault fault = { .id = ISSUE_EMPTY_VALUE,
                           .profile = property->shape->element->structure->url };
    validator_run_raise(run, node, fault, "%s", what);
}

/* R4's rule for every element, which no other check of an empty one would come to. */
static void raise_element_rule(struct run *run, const struct node *node,
                               const struct property *property)
{
    static const char ELEMENT[] = "http://hl7.org/fhir/StructureDefinition/Element";
    struct fault fault = { .id = ISSUE_INVARIANT_FAILED,
                           .about = STR("ele-1"),
                           .profile = str_of(ELEMENT) };
    if (property->form != FORM_RESOURCE)
        validator_run_raise(run, node, fault,
                            "ele-1: All FHIR elements must have a @value or children");
}

static const char *what_is_empty(const cJSON *value)
{
    return cJSON_IsString(value)  ? "the string is empty"
           : cJSON_IsArray(value) ? "the array is empty"
                                  : "the object is empty";
}

bool validator_form_check(struct run *run, const struct node *node, const struct property *property)
{
    const cJSON *value = node->value, *shadow = node->shadow;
    bool has_empty_value = value && is_empty(value), has_empty_shadow = shadow && is_empty(shadow);
    if (!value && !shadow)
        raise_empty(run, node, property, "null is given");
    else if (value && !has_form(value, property->form))
        raise_type(run, node, property, FORMS[property->form], value);
    else if (shadow && !cJSON_IsObject(shadow))
        raise_type(run, node, property, "an object (of id and extension)", shadow);
    else if (has_empty_value || has_empty_shadow) {
        raise_empty(run, node, property, what_is_empty(has_empty_value ? value : shadow));
        if (!value || has_empty_value)
            raise_element_rule(run, node, property);
    } else
        return true;
    return false;
}

void validator_form_check_list(struct run *run, const struct node *list,
                               const struct property *property, const cJSON *value)
{
    if (property->is_array && !cJSON_IsArray(value))
        raise_type(run, list, property, "an array", value);
    else if (!property->is_array && cJSON_IsArray(value))
        raise_type(run, list, property, FORMS[property->form], value);
    else if (cJSON_IsArray(value) && !value->child)
        raise_empty(run, list, property, what_is_empty(value));
}
