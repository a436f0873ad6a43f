/* validator.c - one validation from beginning to end. */
#include "profiles/validator/validator.h"

#include "profiles/validator/run.h"
#include "profiles/validator/slice.h"
#include "resources/fhir/json/json.h"

/* conformsTo() of FHIRPath. */
static int conforms(void *context, const struct node *node, struct str canonical)
{
    struct run *run = context;
    struct schema *schema = validator_schema_find(run->validator, canonical);
    const struct shape *shape = schema ? validator_schema_root(run->validator, schema) : NULL;
    return shape ? validator_conform_check(run, node, NULL, shape) : -1;
}

/* The shape of the node in a profile of the resource or data type that it stands in. */
static const struct shape *find_shape(struct run *run, const struct node *node,
                                      const struct shape *root)
{
    const struct node *below[MOST_WALK_DEPTH];
    size_t depth = 0;
    struct str type = root->element->structure->type;
    struct definitions *definitions = run->validator->definitions;
    while (node && !definitions_is_a(definitions, node_type(node), type)) {
        if (depth == MOST_WALK_DEPTH)
            return NULL;
        below[depth++] = node;
        node = node->parent;
    }
    const struct shape *shape = node ? root : NULL;
    while (shape && depth) {
        struct str name = str_of(below[--depth]->place.name);
        shape = validator_shape_child(validator_shape_inside(shape), name);
    }
    return shape;
}

/* R4's shape of what is inside: of an element that its structure spells out, or of its type. */
static const struct shape *find_base(struct run *run, const struct node *node, struct str type)
{
    struct schema *around = validator_schema_find(run->validator, type);
    const struct shape *root = around ? validator_schema_root(run->validator, around) : NULL;
    const struct shape *shape = root ? find_shape(run, node, root) : NULL;
    if (shape && validator_shape_inside(shape)->child_count)
        return shape;
    struct schema *own =
        node->structure ? validator_schema_find(run->validator, node_type(node)) : NULL;
    return own ? validator_schema_root(run->validator, own) : NULL;
}

static int slices(void *context, const struct node *node, struct str canonical, struct str name)
{
    struct run *run = context;
    canonical = canonical.len ? canonical : run->invariant_of;
    struct schema *schema = validator_schema_find(run->validator, canonical);
    const struct shape *root = schema ? validator_schema_root(run->validator, schema) : NULL;
    const struct shape *shape = root ? find_shape(run, node, root) : NULL;
    const struct shape *base = root ? find_base(run, node, root->element->structure->type) : NULL;
    for (size_t i = 0; shape && base && shape->slicer && i < shape->slicer->count; i++) {
        const struct slice *slice = &shape->slicer->slices[i];
        if (!str_equal(slice->name, name) || slice->is_undecidable)
            continue;
        enum match match = validator_discriminate_entry(run, slice, node, base);
        return match == MATCH_UNKNOWN ? -1 : match == MATCH_YES;
    }
    return -1;
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
    map_init(&run->narratives, issues->arena);
    run->layers = arena_alloc_raw(request->scratch, MOST_LAYERS * sizeof(struct shape *));
    run->stamps = arena_array(request->scratch, run->stamp_count, sizeof *run->stamps);
    run->resolver = (struct fhirpath_resolver){ .context = run,
                                                .resolve = validator_reference_resolve,
                                                .conforms = conforms,
                                                .slices = slices };
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

int validator_slice(struct validator *validator, const struct node *node, struct str profile,
                    struct str slice, const struct validation_request *request)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    struct arena_mark mark = arena_mark(request->scratch);
    struct issues unseen;
    struct run run;
    issues_init(&unseen, arena, (struct str){ 0 });
    open_run(&run, validator, request, &unseen);
    struct frame frame = { .resource = node->resource ? node->resource : node };
    frame.root = frame.resource;
    while (frame.root->parent && frame.root->parent->resource)
        frame.root = frame.root->parent->resource;
    frame.owner = run.frame = &frame;
    int is_in = slices(&run, node, profile, slice);
    arena_reset(request->scratch, mark);
    return is_in;
}
