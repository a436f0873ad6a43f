/* conform.c - does a value conform to a profile: the same walk, into a sink that nobody reads. */
#include "profiles/validator/run.h"

static void leave_reason(struct run *run, const struct issues *silent)
{
    const struct issue *issue = silent->first;
    while (issue && issue->severity > SEVERITY_ERROR)
        issue = issue->next;
    run->reason = issue ? str_print(run->kept, STR_FMT ": " STR_FMT, STR_ARG(issue->expression),
                                    STR_ARG(issue->diagnostics))
                        : STR("");
}

int validator_conform_check(struct run *run, const struct node *node, const struct shape *base,
                            const struct shape *shape)
{
    if (!base && node->structure) {
        struct schema *schema = validator_schema_find(run->validator, node_type(node));
        base = schema ? validator_schema_root(run->validator, schema) : NULL;
    }
    const struct element *element = shape->element;
    if (node->structure && !element->parent &&
        !definitions_is_a(run->validator->definitions, node_type(node), element->structure->type))
        return 0;
    if (run->nested == MOST_NESTED_CHECKS || !base || !node->value)
        return -1;
    struct issues *issues = run->issues, silent;
    struct map raised = run->raised;
    struct arena_mark mark = validator_run_mark(run);
    bool keeps_scratch = run->keeps_scratch;
    size_t from = run->layer_count;
    issues_init(&silent, run->scratch, STR(""));
    bool wants_reason = run->wants_reason;
    silent.most = wants_reason;
    run->wants_reason = false;
    map_init(&run->raised, run->scratch);
    run->issues = &silent;
    run->keeps_scratch = true; /* the silent issues stand there */
    run->nested++;
    validator_run_push(run, from, shape);
    if (node->structure && node->structure->kind == KIND_RESOURCE) {
        struct node copy = *node;
        validator_resource_walk(run, &copy, from);
    } else {
        validator_run_push(run, from, base);
        validator_walk_value(run, node, base, from);
    }
    run->nested--;
    run->issues = issues;
    run->keeps_scratch = keeps_scratch;
    run->raised = raised;
    run->layer_count = from;
    bool conforms = silent.errors == 0;
    if (wants_reason && !conforms)
        leave_reason(run, &silent);
    validator_run_reset(run, mark);
    return conforms;
}

/* What was told of a resource and a profile. */
struct verdict {
    int conforms;
    struct str reason;
};

int validator_conform_target(struct run *run, const struct node *target, const struct shape *shape)
{
    const void *pair[] = { target->value, shape };
    struct str key = { (const char *)pair, sizeof pair };
    struct verdict *verdict = map_find(&run->verdicts, key);
    if (verdict) {
        run->reason = verdict->reason;
        return verdict->conforms;
    }
    if (run->nested == MOST_NESTED_CHECKS)
        return -1;
    verdict = arena_alloc(run->kept, sizeof *verdict);
    verdict->conforms = 1;
    map_set(&run->verdicts, str_copy(run->kept, key), verdict);
    run->wants_reason = run->nested == 0; /* inside another, nobody reads it */
    run->reason = STR("");
    verdict->conforms = validator_conform_check(run, target, NULL, shape);
    verdict->reason = run->reason;
    run->wants_reason = false;
    return verdict->conforms;
}
