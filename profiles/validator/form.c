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

static void raise_type(struct run *run, const struct node *node, const char *wanted,
                       const cJSON *given)
{
    validator_run_raise(run, node, ISSUE_TYPE_MISMATCH, STR("form"), "%s is needed, %s is given",
                        wanted, json_kind(given));
}

/* The JSON of a value and its shadow. False when it makes no sense to look inside. */
bool validator_form_check(struct run *run, const struct node *node, const struct property *property)
{
    const cJSON *value = node->value, *shadow = node->shadow;
    if (!value && !shadow) {
        validator_run_raise(run, node, ISSUE_EMPTY_VALUE, STR(""), "null is given");
        return false;
    }
    if (value && !has_form(value, property->form)) {
        raise_type(run, node, FORMS[property->form], value);
        return false;
    }
    if (shadow && !cJSON_IsObject(shadow)) {
        raise_type(run, node, "an object (of id and extension)", shadow);
        return false;
    }
    if ((value && is_empty(value)) || (shadow && is_empty(shadow))) {
        validator_run_raise(run, node, ISSUE_EMPTY_VALUE, STR(""), "%s is empty",
                            json_kind(value ? value : shadow));
        return false;
    }
    return true;
}

void validator_form_check_list(struct run *run, const struct node *list,
                               const struct property *property, const cJSON *value)
{
    if (property->is_array && !cJSON_IsArray(value))
        raise_type(run, list, "an array", value);
    else if (!property->is_array && cJSON_IsArray(value))
        raise_type(run, list, FORMS[property->form], value);
    else if (cJSON_IsArray(value) && !value->child)
        validator_run_raise(run, list, ISSUE_EMPTY_VALUE, STR(""), "the array is empty");
}
