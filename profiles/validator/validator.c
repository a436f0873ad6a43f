/* validator.c - one validation from beginning to end. */
#include "profiles/validator/validator.h"

#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"

/* conformsTo() of FHIRPath. */
static int conforms(void *context, const struct node *node, struct str canonical)
{
    struct run *run = context;
    struct schema *schema = validator_schema_find(run->validator, canonical);
    const struct shape *shape = schema ? validator_schema_root(run->validator, schema) : NULL;
    return shape ? validator_conform_check(run, node, NULL, shape) : -1;
}

static void open_run(struct run *run, struct validator *validator,
                     const struct validation_request *request, struct issues *issues)
{
    *run = (struct run){
        .validator = validator,
        .request = request,
        .issues = issues,
        .scratch = request->scratch,
        .kept = issues->arena,
        .keeps_scratch = issues->arena == request->scratch,
        .stamp_count = atomic_load(&validator->rule_count) + 1024,
    };
    map_init(&run->raised, issues->arena);
    map_init(&run->verdicts, issues->arena);
    run->layers = arena_alloc_raw(request->scratch, MOST_LAYERS * sizeof(struct shape *));
    run->stamps = arena_array(request->scratch, run->stamp_count, sizeof *run->stamps);
    run->resolver = (struct fhirpath_resolver){ .context = run,
                                                .resolve = validator_reference_resolve,
                                                .conforms = conforms };
}

static void push_asked(struct run *run, const struct node *node)
{
    for (size_t i = 0; i < run->request->profile_count; i++) {
        struct str canonical = run->request->profiles[i];
        struct schema *schema = validator_schema_find(run->validator, canonical);
        const struct shape *root = schema ? validator_schema_root(run->validator, schema) : NULL;
        struct str type = root ? root->element->structure->type : STR("");
        if (!root)
            validator_run_raise(
                run, node,
                (struct fault){ ISSUE_PROFILE_UNKNOWN, canonical, canonical, NULL, false },
                "'" STR_FMT "'", STR_ARG(canonical));
        else if (definitions_is_a(run->validator->definitions, node_type(node), type))
            validator_run_push(run, 0, root);
        else
            validator_profile_misfit(run, node, root);
    }
}

bool validator_check(struct validator *validator, const cJSON *resource,
                     const struct validation_request *request, struct issues *issues)
{
    size_t before = issues->errors;
    if (!cJSON_IsObject(resource))
        return issue_add(issues, NULL, ISSUE_JSON_NOT_OBJECT, "%s", "");
    struct node node;
    bool is_known = node_root(&node, resource, validator->definitions);
    if (!json_get_text(resource, "resourceType").len)
        return issue_add(issues, &node.place, ISSUE_RESOURCE_TYPE_MISSING, "%s",
                         "resourceType is needed");
    if (!is_known)
        return issue_add(issues, &node.place, ISSUE_RESOURCE_TYPE_UNKNOWN, "'" STR_FMT "'",
                         STR_ARG(json_get_text(resource, "resourceType")));
    if (request->level == VALIDATION_OFF)
        return true;
    struct arena_mark mark = arena_mark(request->scratch);
    struct run run;
    open_run(&run, validator, request, issues);
    push_asked(&run, &node);
    validator_resource_walk(&run, &node, 0);
    if (run.is_over)
        issue_add(issues, &node.place, ISSUE_TOO_COSTLY, "too many profiles hold of one place");
    validator_run_reset(&run, mark);
    return issues->errors == before;
}
