/* measure.c - a MeasureReport against the Measure that it reports on. */
#include "profiles/validator/behaviour/behaviour.h"
#include "resources/fhir/json/json.h"

/* A coding of the one is a coding of the other, or their texts agree. */
static bool same_concept(const cJSON *a, const cJSON *b)
{
    const cJSON *first = json_get(a, "coding"), *second = json_get(b, "coding");
    for (const cJSON *x = cJSON_IsArray(first) ? first->child : NULL; x; x = x->next)
        for (const cJSON *y = cJSON_IsArray(second) ? second->child : NULL; y; y = y->next)
            if (str_equal(json_get_text(x, "code"), json_get_text(y, "code")) &&
                str_equal(json_get_text(x, "system"), json_get_text(y, "system")))
                return true;
    struct str text = json_get_text(a, "text");
    return text.len && str_equal(text, json_get_text(b, "text"));
}

static const cJSON *find_code(const cJSON *list, const cJSON *code)
{
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (same_concept(json_get(item, "code"), code))
            return item;
    return NULL;
}

static bool has_scoring(const cJSON *measure, const char *code)
{
    const cJSON *list = json_get(json_get(measure, "scoring"), "coding");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        if (str_is(json_get_text(item, "code"), code))
            return true;
    return false;
}

/* Populations and stratifiers are named by code: each is one that the Measure has. */
static void check_named(struct run *run, const struct node *group, const cJSON *of_measure,
                        const char *name)
{
    const cJSON *list = json_get(group->value, name), *known = json_get(of_measure, name);
    int index = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item;
         item = item->next, index++) {
        struct node at = behaviour_part(group, name, index, item);
        const cJSON *code = json_get(item, "code");
        /* R4 lets a stratifier of the report have several codes. */
        code = cJSON_IsArray(code) ? code->child : code;
        if (code && !find_code(known, code))
            behaviour_break(run, &at, "code", "the measure has no %s with this code", name);
    }
}

static void check_subjects(struct run *run, const struct node *group, struct str type)
{
    const cJSON *list = json_get(group->value, "population");
    int index = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item;
         item = item->next, index++) {
        struct node at = behaviour_part(group, "population", index, item);
        if (json_get(item, "subjectResults") && !str_is(type, "subject-list"))
            behaviour_break(run, &at, "subjects", "a report of type " STR_FMT " lists no subjects",
                            STR_ARG(type));
    }
}

static void check_group(struct run *run, const struct node *group, const cJSON *measure,
                        const cJSON *of_measure)
{
    const cJSON *score = json_get(group->value, "measureScore");
    struct node at = behaviour_part(group, "measureScore", -1, score);
    if (score && has_scoring(measure, "cohort"))
        behaviour_break(run, &at, "score", "a cohort has no score");
    check_named(run, group, of_measure, "population");
    check_named(run, group, of_measure, "stratifier");
}

/* A Measure with one group needs no code for it. */
static const cJSON *group_of(const cJSON *measure, const cJSON *group)
{
    const cJSON *list = json_get(measure, "group");
    return json_count(list) == 1 ? list->child : find_code(list, json_get(group, "code"));
}

void behaviour_measure_report(struct run *run, const struct node *node)
{
    struct str url = json_get_text(node->value, "measure"),
               type = json_get_text(node->value, "type");
    const cJSON *measure = url.len ? behaviour_find(run, node, STR("Measure"), url) : NULL;
    const cJSON *list = json_get(node->value, "group");
    int index = 0;
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item;
         item = item->next, index++) {
        struct node group = behaviour_part(node, "group", index, item);
        const cJSON *of_measure = measure ? group_of(measure, item) : NULL;
        check_subjects(run, &group, type);
        if (of_measure)
            check_group(run, &group, measure, of_measure);
        else if (measure)
            behaviour_break(run, &group, "code", "the measure has no group with this code");
    }
}
