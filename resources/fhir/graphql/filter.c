/* filter.c - which items of a list a field's arguments leave (R4 graphql.html#list). */
#include "resources/base/arena.h"
#include "resources/fhir/fhirpath/fhirpath.h"
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"

static const struct fhirpath *compile(struct graphql_run *run, struct str text, size_t offset)
{
    struct fhirpath *found = map_find(&run->expressions, text);
    struct issues issues;
    if (found)
        return found;
    issues_init(&issues, run->arena, STR(""));
    found = fhirpath_parse(text, run->arena, &issues);
    if (found)
        map_set(&run->expressions, text, found);
    else
        graphql_run_refuse(run, offset, "'" STR_FMT "' is not FHIRPath: " STR_FMT, STR_ARG(text),
                           STR_ARG(issues.first->diagnostics));
    return found;
}

/* The result of an expression, in memory that is given back when it was read: there may be one for
 * each item. False with an issue when it fails. */
static bool evaluate(struct graphql_run *run, struct arena *scratch, struct str text, size_t offset,
                     const struct node *node, struct fhirpath_items *items)
{
    struct issues issues;
    const struct fhirpath *expression = compile(run, text, offset);
    if (!expression || !graphql_run_step(run))
        return false;
    issues_init(&issues, scratch, STR(""));
    struct fhirpath_context context = { .arena = scratch,
                                        .definitions = run->request->definitions,
                                        .issues = &issues,
                                        .now = run->request->now,
                                        .most_steps = GRAPHQL_MOST_FHIRPATH };
    return fhirpath_evaluate(items, expression, node, &context) ||
           graphql_run_refuse(run, offset, "'" STR_FMT "' fails: " STR_FMT, STR_ARG(text),
                              STR_ARG(issues.first->diagnostics));
}

bool graphql_filter_test(struct graphql_run *run, struct str expression, size_t offset,
                         const struct node *node, bool *is_true)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct fhirpath_items items = { 0 };
    if (!evaluate(run, scratch, expression, offset, node, &items))
        return false;
    *is_true = items.count == 1 && str_is(fhirpath_print(items.items, scratch), "true");
    return true;
}

bool graphql_filter_text(struct graphql_run *run, struct str expression, size_t offset,
                         const struct node *node, struct str *text)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct fhirpath_items items = { 0 };
    if (!evaluate(run, scratch, expression, offset, node, &items))
        return false;
    if (items.count > 1)
        return graphql_run_refuse(run, offset, "'" STR_FMT "' gives more than one value",
                                  STR_ARG(expression));
    *text = items.count ? str_copy(run->arena, fhirpath_print(items.items, scratch)) : STR("");
    return graphql_run_grow(run, text->len);
}

static bool has_text(const cJSON *value, const struct graphql_texts *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (!cJSON_IsObject(value) && value && str_equal(json_text(value), wanted->texts[i]))
            return true;
    return false;
}

/* Whether a value of the sub-element is one of those wanted. */
static bool matches(struct graphql_run *run, const struct node *node, struct str name,
                    const struct graphql_texts *wanted)
{
    const cJSON *value = json_get(node->value, str_cstr(run->arena, name));
    if (!cJSON_IsArray(value))
        return has_text(value, wanted);
    const cJSON *item = value->child;
    while (item && !has_text(item, wanted))
        item = item->next;
    return item;
}

static bool keep(struct graphql_run *run, const struct graphql_argument *argument,
                 const struct graphql_texts *wanted, const struct node *node, bool *is_kept)
{
    *is_kept = true;
    if (!graphql_run_step(run))
        return false;
    if (!str_is(argument->name, "fhirpath")) {
        *is_kept = matches(run, node, argument->name, wanted);
        return true;
    }
    for (size_t i = 0; i < wanted->count && *is_kept; i++)
        if (!graphql_filter_test(run, wanted->texts[i], argument->offset, node, is_kept))
            return false;
    return true;
}

static bool apply(struct graphql_run *run, const struct graphql_argument *argument,
                  const struct node **items, size_t *count)
{
    struct graphql_texts wanted;
    size_t kept = 0;
    if (!graphql_values_read(run, argument, &wanted))
        return false;
    if (wanted.is_null)
        return true;
    for (size_t i = 0; i < *count; i++) {
        bool is_kept;
        if (!keep(run, argument, &wanted, items[i], &is_kept))
            return false;
        if (is_kept)
            items[kept++] = items[i];
    }
    *count = kept;
    return true;
}

bool graphql_filter(struct graphql_run *run, const struct graphql_selection *field,
                    const struct node **items, size_t *count)
{
    size_t from = 0, most = SIZE_MAX;
    const struct graphql_argument *first = field->arguments;
    for (const struct graphql_argument *argument = first; argument; argument = argument->next)
        if (!str_is(argument->name, "_count") && !str_is(argument->name, "_offset") &&
            !apply(run, argument, items, count))
            return false;
    if (!graphql_values_number(run, first, "_offset", &from) ||
        !graphql_values_number(run, first, "_count", &most))
        return false;
    from = from < *count ? from : *count;
    *count = *count - from < most ? *count - from : most;
    if (from)
        memmove(items, items + from, *count * sizeof *items);
    return true;
}
