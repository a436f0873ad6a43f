/* resource.c - a resource at its place: the whole, a contained one, an entry of a Bundle. */
#include <string.h>

#include "profiles/validator/behaviour/behaviour.h"
#include "profiles/validator/questionnaire/questionnaire.h"
#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"

/* R4's shape goes below those that the place asks for: what both say is R4's. */
static void push_first(struct run *run, size_t from, const struct shape *base)
{
    validator_run_push(run, from, base);
    size_t at = run->layer_count;
    while (at > from && run->layers[at - 1] != base)
        at--;
    if (at == from)
        return;
    at--;
    for (; at > from; at--)
        run->layers[at] = run->layers[at - 1];
    run->layers[from] = base;
}

/* Types that mean more than their structure says. */
static const struct behaviour {
    const char *type;
    void (*check)(struct run *run, const struct node *node);
} BEHAVIOURS[] = {
    { "Questionnaire", questionnaire_check },
    { "QuestionnaireResponse", questionnaire_check_response },
    { "SearchParameter", behaviour_search_parameter },
    { "StructureDefinition", behaviour_structure },
    { "MeasureReport", behaviour_measure_report },
};

/* Once a resource, not while it is only asked whether something conforms. */
static void check_behaviour(struct run *run, const struct node *node, struct str type)
{
    if (run->nested || run->request->level != VALIDATION_FULL)
        return;
    for (size_t i = 0; i < COUNT(BEHAVIOURS); i++)
        if (str_is(type, BEHAVIOURS[i].type))
            BEHAVIOURS[i].check(run, node);
}

void validator_resource_walk(struct run *run, struct node *node, size_t from)
{
    struct str type = json_get_text(node->value, "resourceType");
    if (!type.len) {
        struct fault fault = { .id = ISSUE_RESOURCE_TYPE_MISSING };
        validator_run_raise(run, node, fault, "resourceType is needed");
        return;
    }
    struct schema *schema = definitions_is_resource_type(run->validator->definitions, type)
                                ? validator_schema_find(run->validator, type)
                                : NULL;
    if (!schema) {
        struct fault fault = { .id = ISSUE_RESOURCE_TYPE_UNKNOWN };
        validator_run_raise(run, node, fault, "'" STR_FMT "'", STR_ARG(type));
        return;
    }
    const struct shape *base = validator_schema_root(run->validator, schema);
    bool is_contained = node->parent && run->frame && !strcmp(node->place.name, "contained");
    struct frame frame = { .resource = node, .outer = run->frame };
    frame.root = is_contained ? run->frame->root : node;
    frame.owner = is_contained ? run->frame->owner : &frame;
    struct bundle *outer = run->bundle;
    struct bundle bundle;
    struct arena_mark mark = validator_run_mark(run);
    node->structure = base->element->structure;
    node->resource = node;
    run->frame = &frame;
    if (str_is(type, "Bundle"))
        validator_bundle_open(run, &bundle, node);
    push_first(run, from, base);
    validator_profile_claim(run, node, from);
    validator_walk_value(run, node, base, from);
    if (run->bundle != outer)
        validator_bundle_check(run, &bundle);
    check_behaviour(run, node, type);
    validator_run_reset(run, mark);
    run->bundle = outer;
    run->frame = frame.outer;
}
