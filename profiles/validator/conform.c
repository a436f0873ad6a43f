/* conform.c - does a value conform to a profile: the same walk, into a sink that nobody reads. */
#include "profiles/validator/run.h"

int validator_conform_check(struct run *run, const struct node *node, const struct shape *base,
                            const struct shape *shape)
{
    if (!base && node->structure) {
        struct schema *schema = validator_schema_find(run->validator, node_type(node));
        base = schema ? validator_schema_root(run->validator, schema) : NULL;
    }
    if (run->nested == MOST_NESTED_CHECKS || !base || !node->value)
        return -1;
    struct issues *issues = run->issues, silent;
    struct map raised = run->raised;
    struct arena_mark mark = validator_run_mark(run);
    bool keeps_scratch = run->keeps_scratch;
    size_t from = run->layer_count;
    issues_init(&silent, run->scratch, STR(""));
    silent.most = 0;
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
    validator_run_reset(run, mark);
    return conforms;
}
