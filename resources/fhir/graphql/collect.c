/* collect.c - the fields asked of one object: fragments opened, those of one key put together
 * (GraphQL October 2021, section 6.3.2). */
#include "resources/fhir/graphql/run.h"

struct collecting {
    struct graphql_run *run;
    struct str type;
    struct graphql_group *first, **end;
    size_t depth;
};

const struct graphql_fragment *graphql_collect_fragment(const struct graphql_run *run,
                                                        struct str name)
{
    const struct graphql_fragment *fragment = run->request->document->fragments;
    while (fragment && !str_equal(fragment->name, name))
        fragment = fragment->next;
    return fragment;
}

static bool is_same_value(const struct graphql_value *a, const struct graphql_value *b)
{
    if (a->kind != b->kind || !str_equal(a->text, b->text))
        return false;
    a = a->items;
    b = b->items;
    while (a && b && is_same_value(a, b)) {
        a = a->next;
        b = b->next;
    }
    return !a && !b;
}

static bool has_same_arguments(const struct graphql_selection *a, const struct graphql_selection *b)
{
    const struct graphql_argument *one = a->arguments, *other = b->arguments;
    while (one && other && str_equal(one->name, other->name) &&
           is_same_value(&one->value, &other->value)) {
        one = one->next;
        other = other->next;
    }
    return !one && !other;
}

static void add_set(struct collecting *with, struct graphql_group *group,
                    const struct graphql_selection *selections)
{
    struct graphql_set *set = arena_alloc(with->run->arena, sizeof *set), **end = &group->sets;
    set->selections = selections;
    while (*end)
        end = &(*end)->next;
    *end = set;
}

/* Two fields of one key are one field. `resource` may be there for each type of its target. */
static bool add_field(struct collecting *with, const struct graphql_selection *field)
{
    struct graphql_group *group = with->first;
    for (; group; group = group->next) {
        if (!str_equal(group->field->key, field->key))
            continue;
        bool is_same = str_equal(group->field->name, field->name);
        if (is_same && has_same_arguments(group->field, field))
            break;
        if (!is_same || !str_is(field->name, "resource"))
            return graphql_run_refuse(with->run, field->offset,
                                      "'" STR_FMT "' stands for two fields: give one an alias",
                                      STR_ARG(field->key));
    }
    if (!group) {
        group = arena_alloc(with->run->arena, sizeof *group);
        group->field = field;
        *with->end = group;
        with->end = &group->next;
    }
    if (field->selections)
        add_set(with, group, field->selections);
    return true;
}

static bool collect(struct collecting *with, const struct graphql_selection *selections)
{
    struct graphql_run *run = with->run;
    if (++with->depth > GRAPHQL_MOST_DEPTH)
        return issue_add(run->issues, NULL, ISSUE_TOO_DEEP,
                         "graphql-most-depth: a query is nested at most %d deep",
                         GRAPHQL_MOST_DEPTH);
    for (; selections; selections = selections->next) {
        const struct graphql_selection *inner = selections->selections;
        struct str type = selections->type;
        bool is_taken;
        if (!graphql_run_step(run) || !graphql_values_is_taken(run, selections, &is_taken))
            return false;
        if (!is_taken)
            continue;
        if (selections->kind == GRAPHQL_SPREAD) {
            const struct graphql_fragment *fragment =
                graphql_collect_fragment(run, selections->name);
            type = fragment->type;
            inner = fragment->selections;
        }
        bool is_met = !type.len || !with->type.len ||
                      definitions_is_a(run->request->definitions, with->type, type);
        if (selections->kind == GRAPHQL_FIELD ? !add_field(with, selections)
                                              : is_met && !collect(with, inner))
            return false;
    }
    with->depth--;
    return true;
}

bool graphql_collect(struct graphql_run *run, const struct graphql_set *sets, struct str type,
                     struct graphql_group **groups)
{
    struct collecting with = { .run = run, .type = type };
    with.end = &with.first;
    for (; sets; sets = sets->next)
        if (!collect(&with, sets->selections))
            return false;
    *groups = with.first;
    return true;
}
