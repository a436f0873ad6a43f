/* select.c - the fields of a resource or element. */
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"

/* Children of the element's name and type, as nodes that stay. */
static bool find_values(struct graphql_run *run, const struct graphql_property *property,
                        const struct node *node, struct str name, const struct node ***found,
                        size_t *count)
{
    struct node_walk walk;
    if (property->element)
        name = property->element->name;
    if (property->choice)
        name.len -= sizeof "[x]" - 1;
    const char *only = str_cstr(run->arena, name);
    struct node *child = arena_alloc(run->arena, sizeof *child);
    size_t room = 0;
    *count = 0;
    node_walk_init(&walk, node, only, run->request->definitions);
    while (node_walk_next(&walk, child)) {
        bool is_right = !property->choice || !strcmp(child->place.of_type, property->choice);
        if (!is_right || !(property->is_shadow ? child->shadow : child->value))
            continue;
        if (!graphql_run_step(run))
            return false;
        *found = arena_grow(run->arena, *found, *count, &room, 4, sizeof **found);
        (*found)[(*count)++] = child;
        child = arena_alloc(run->arena, sizeof *child);
    }
    return true;
}

static bool select_property(struct graphql_run *run, const struct graphql_group *group,
                            const struct node *node, const struct graphql_frame *frame)
{
    struct graphql_property property = { 0 };
    const struct node **found = NULL;
    size_t count = 0;
    bool is_known =
        !node->structure || graphql_property_find(&property, graphql_property_scope(node),
                                                  group->field->name, run->request->definitions);
    if (!is_known)
        return graphql_run_refuse(run, group->field->offset, STR_FMT " has no field '" STR_FMT "'",
                                  STR_ARG(node_type(node)), STR_ARG(group->field->name));
    if (!node->structure) /* of a connection: its members are plain JSON */
        property.is_list =
            cJSON_IsArray(json_get(node->value, str_cstr(run->arena, group->field->name)));
    if (!find_values(run, &property, node, group->field->name, &found, &count) ||
        !graphql_filter(run, group->field, found, &count))
        return false;
    const struct graphql_values values = { found, count, property.is_list, property.is_shadow };
    return graphql_emit(run, group, &values, frame);
}

static bool select_type(struct graphql_run *run, const struct graphql_group *group,
                        const struct node *node, const struct graphql_frame *frame)
{
    const struct graphql_output out = {
        .key = str_print(run->arena, STR_FMT STR_FMT, STR_ARG(group->field->key),
                         STR_ARG(frame->suffix)),
        .type = STR("code"),
        .shape = graphql_values_directive(group->field, "singleton") ? GRAPHQL_SINGLETON
                 : frame->is_listed                                  ? GRAPHQL_REPEATING
                                                                     : GRAPHQL_SINGLE,
        .value =
            json_new_string(run->arena, node->structure ? node_type(node)
                                                        : json_get_text(node->value, "__typename")),
        .offset = group->field->offset
    };
    return graphql_output_add(run, frame->target, &out);
}

static bool select_field(struct graphql_run *run, const struct graphql_group *group,
                         const struct node *node, const struct graphql_frame *frame)
{
    struct str name = group->field->name, type;
    bool is_resource = node->resource == node;
    if (str_is(name, "__typename") || (is_resource && str_is(name, "resourceType")))
        return select_type(run, group, node, frame);
    if (!node->structure)
        return select_property(run, group, node, frame);
    if (str_is(name, "resource") && str_is(node_type(node), "Reference"))
        return graphql_reach_reference(run, group, node, frame);
    if (is_resource && graphql_property_search(name, &type, run->request->definitions))
        return graphql_reach_search(run, group, node, frame);
    return select_property(run, group, node, frame);
}

bool graphql_select(struct graphql_run *run, const struct graphql_set *sets,
                    const struct node *node, const struct graphql_frame *frame)
{
    struct graphql_group *groups;
    if (frame->depth > GRAPHQL_MOST_DEPTH)
        return issue_add(run->issues, NULL, ISSUE_TOO_DEEP,
                         "graphql-most-depth: a query is nested at most %d deep",
                         GRAPHQL_MOST_DEPTH);
    /* Of a resource inside another only now is known what its fields are. */
    if (node->resource == node && node->parent)
        for (const struct graphql_set *set = sets; set; set = set->next)
            if (!graphql_check(run, set->selections, node_type(node), frame->depth))
                return false;
    if (!graphql_collect(run, sets, node_type(node), &groups))
        return false;
    for (; groups; groups = groups->next)
        if (!select_field(run, groups, node, frame))
            return false;
    return true;
}

bool graphql_select_resource(struct graphql_run *run, const struct graphql_set *sets,
                             const cJSON *resource, const struct graphql_frame *frame)
{
    struct node *root = arena_alloc(run->arena, sizeof *root);
    if (!node_root(root, resource, run->request->definitions))
        return graphql_run_refuse(run, 0, "this is no resource of R4");
    for (const struct graphql_set *set = sets; set; set = set->next)
        if (!graphql_check(run, set->selections, node_type(root), frame->depth))
            return false;
    return graphql_select(run, sets, root, frame);
}
