/* search_parameter.c - a SearchParameter can work: it has its components, fits the one that it is
 * derived from, and its expression begins at its own resource types. */
#include "profiles/validator/behaviour/behaviour.h"
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/json/json.h"

static bool has_base(const cJSON *parameter, struct str type)
{
    const cJSON *list = json_get(parameter, "base");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (str_equal(json_text(item), type))
            return true;
    return false;
}

/* A base that is more general holds of its own kinds. */
static bool covers(struct run *run, const cJSON *parameter, struct str type)
{
    const cJSON *list = json_get(parameter, "base");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (definitions_is_a(run->validator->definitions, type, json_text(item)))
            return true;
    return false;
}

static void check_derivation(struct run *run, const struct node *node, const cJSON *from)
{
    struct str type = json_get_text(node->value, "type"), wanted = json_get_text(from, "type"),
               url = json_get_text(from, "url");
    if (type.len && wanted.len && !str_equal(type, wanted))
        behaviour_break(run, node, "type",
                        "its type is " STR_FMT ", that of " STR_FMT " is " STR_FMT, STR_ARG(type),
                        STR_ARG(url), STR_ARG(wanted));
    const cJSON *list = json_get(node->value, "base");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (!covers(run, from, json_text(item)))
            behaviour_break(run, node, item->valuestring, "%s is no base of " STR_FMT,
                            item->valuestring, STR_ARG(url));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does a path that begins with this type lead anywhere from the bases? */
static bool may_begin(struct run *run, const cJSON *parameter, struct str type)
{
    const cJSON *list = json_get(parameter, "base");
    if (!definitions_is_resource_type(run->validator->definitions, type) ||
        has_base(parameter, type))
        return true;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (definitions_is_a(run->validator->definitions, json_text(item), type) ||
            definitions_is_a(run->validator->definitions, type, json_text(item)))
            return true;
    return false;
}

/* Each branch of the union is a path of its own: the word that it begins with. */
static void check_branches(struct run *run, const struct node *at, const cJSON *parameter,
                           struct str text)
{
    while (text.len) {
        struct str branch = str_trim(str_cut(&text, '|'));
        while (str_starts(branch, STR("(")))
            branch = str_trim(str_slice(branch, 1, branch.len));
        size_t end = 0;
        while (end < branch.len && is_letter(branch.data[end]))
            end++;
        struct str type = str_slice(branch, 0, end);
        bool is_step = end == branch.len || branch.data[end] == '.' || branch.data[end] == ' ' ||
                       branch.data[end] == ')';
        if (type.len && is_step && !may_begin(run, parameter, type))
            behaviour_break(run, at, "base", STR_FMT " is none of its base types", STR_ARG(type));
    }
}

static void check_expression(struct run *run, const struct node *node)
{
    const cJSON *value = json_get(node->value, "expression");
    struct str text = json_text(value);
    if (!text.len)
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct node at = behaviour_part(node, "expression", -1, value);
    struct issues issues;
    issues_init(&issues, run->scratch, STR(""));
    if (fhirpath_parse(text, run->scratch, &issues))
        check_branches(run, &at, node->value, text);
    else
        behaviour_break(run, &at, "syntax", STR_FMT, STR_ARG(issues.first->diagnostics));
    validator_run_reset(run, mark);
}

void behaviour_search_parameter(struct run *run, const struct node *node)
{
    bool is_composite = str_is(json_get_text(node->value, "type"), "composite");
    if (is_composite && json_count(json_get(node->value, "component")) < 2)
        behaviour_break(run, node, "components", "a composite has two components or more");
    struct str derived = json_get_text(node->value, "derivedFrom");
    const cJSON *from =
        derived.len ? behaviour_find(run, node, STR("SearchParameter"), derived) : NULL;
    if (from)
        check_derivation(run, node, from);
    check_expression(run, node);
}
