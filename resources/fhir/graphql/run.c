/* run.c - runs the operation that was asked for, inside its limits. */
#include "resources/fhir/graphql/run.h"

#include <stdarg.h>
#include <stdio.h>

#include "resources/fhir/json/json.h"

enum { STEPS_A_LOOK = 256, MOST_REASON = 400 };

bool graphql_run_step(struct graphql_run *run)
{
    const struct graphql_reach *reach = run->request->reach;
    if (++run->steps > GRAPHQL_MOST_STEPS)
        return issue_add(run->issues, NULL, ISSUE_TOO_COSTLY,
                         "graphql-most-steps: the query asks for more than %d fields and items",
                         GRAPHQL_MOST_STEPS);
    return run->steps % STEPS_A_LOOK || !reach->is_late(reach->context);
}

bool graphql_run_grow(struct graphql_run *run, size_t bytes)
{
    run->bytes += bytes;
    return run->bytes <= GRAPHQL_MOST_ANSWER ||
           issue_add(run->issues, NULL, ISSUE_TOO_COSTLY,
                     "graphql-most-answer: the answer is larger than %d bytes",
                     GRAPHQL_MOST_ANSWER);
}

bool graphql_run_refuse(struct graphql_run *run, size_t offset, const char *format, ...)
{
    char reason[MOST_REASON];
    struct place at = PLACE_ROOT("query");
    va_list arguments;
    at.offset = (long)offset;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    struct str whole = str_head(str_of(reason), MOST_REASON - 4); /* no character is cut in two */
    return issue_add(run->issues, &at, ISSUE_GRAPHQL_INVALID, STR_FMT, STR_ARG(whole));
}

static bool choose(struct graphql_run *run)
{
    struct str name = run->request->operation;
    struct graphql_operation *operation = run->request->document->operations;
    if (!name.len && operation && operation->next)
        return graphql_run_refuse(run, operation->next->offset,
                                  "operationName must say which of several to run");
    while (operation && name.len && !str_equal(operation->name, name))
        operation = operation->next;
    run->operation = operation;
    return operation || graphql_run_refuse(run, 0, "there is no such operation to run");
}

static bool run_system(struct graphql_run *run, const struct graphql_set *sets,
                       const struct graphql_frame *frame)
{
    struct graphql_group *groups;
    if (!graphql_check(run, sets->selections, STR(""), 0) ||
        !graphql_collect(run, sets, STR(""), &groups))
        return false;
    for (; groups; groups = groups->next) {
        struct str type;
        bool is_good = true;
        if (str_is(groups->field->name, "__typename")) {
            const struct graphql_output out = { .key = groups->field->key,
                                                .value = json_new_string(run->arena, STR("Query")),
                                                .offset = groups->field->offset };
            is_good = graphql_output_add(run, frame->target, &out);
        } else if (graphql_property_search(groups->field->name, &type, run->request->definitions)) {
            is_good = graphql_reach_search(run, groups, NULL, frame);
        } else {
            is_good = graphql_reach_read(run, groups, frame);
        }
        if (!is_good)
            return false;
    }
    return true;
}

cJSON *graphql_run(const struct graphql_request *request, struct arena *arena,
                   struct issues *issues)
{
    struct graphql_run run = { .request = request, .arena = arena, .issues = issues };
    map_init(&run.expressions, arena);
    if (!choose(&run))
        return NULL;
    struct graphql_target target = graphql_output_begin(&run);
    const struct graphql_frame frame = { &target, false, STR(""), 0 };
    const struct graphql_set sets = { run.operation->selections, NULL };
    bool is_good = request->resource
                       ? graphql_select_resource(&run, &sets, request->resource, &frame)
                       : run_system(&run, &sets, &frame);
    return is_good ? target.object : NULL;
}
