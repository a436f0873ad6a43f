/* reference.c - where a reference leads, and whether its kind of target is allowed (R4
 * references.html). */
#include "profiles/validator/run.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

struct reference_rule {
    struct rule rule;
    struct str *types; /* resource types that may be the target */
    size_t count;
};

/* The ids of what the root contains. Made once a resource: many references must not walk the list
 * again. */
static const struct map *contained_ids(struct run *run)
{
    struct frame *frame = run->frame->owner;
    if (frame->contained)
        return frame->contained;
    struct arena *arena = run->kept;
    struct map *map = arena_alloc(arena, sizeof *map);
    map_init(map, arena);
    const cJSON *list = json_get(frame->root->value, "contained");
    if (cJSON_IsArray(list))
        for (cJSON *item = list->child; item; item = item->next) {
            struct str id = json_get_text(item, "id");
            if (id.len && !map_find(map, id))
                map_set(map, id, item);
        }
    frame->contained = map;
    return map;
}

static const cJSON *find_in_bundles(const struct run *run, struct str reference)
{
    for (const struct bundle *bundle = run->bundle; bundle; bundle = bundle->outer) {
        const cJSON *target = map_find(&bundle->targets, reference);
        if (target)
            return target;
    }
    return NULL;
}

static struct str without_version(struct str reference)
{
    return str_slice(reference, 0, str_find_str(reference, STR("/_history/"), 0));
}

const cJSON *validator_reference_target(struct run *run, struct str reference,
                                        const struct node *from)
{
    (void)from;
    if (!reference.len || !run->frame)
        return NULL;
    if (reference.data[0] != '#')
        return find_in_bundles(run, without_version(reference));
    struct str id = str_slice(reference, 1, reference.len);
    return id.len ? map_find(contained_ids(run), id) : run->frame->root->value;
}

struct str validator_reference_type(struct run *run, struct str reference, const struct node *from)
{
    const cJSON *target = validator_reference_target(run, reference, from);
    if (target)
        return json_get_text(target, "resourceType");
    struct str type = reference_parse(reference).type;
    return definitions_is_resource_type(run->validator->definitions, type) ? type : STR("");
}

const struct node *validator_reference_resolve(void *context, struct str reference,
                                               const struct node *from, struct arena *arena)
{
    struct run *run = context;
    const cJSON *target = validator_reference_target(run, reference, from);
    if (target) {
        struct node *node = arena_alloc(arena, sizeof *node);
        return node_root(node, target, run->validator->definitions) ? node : NULL;
    }
    const struct fhirpath_resolver *outer = run->request->resolver;
    return outer && outer->resolve ? outer->resolve(outer->context, reference, from, arena) : NULL;
}

static bool is_allowed(struct run *run, const struct reference_rule *rule, struct str type)
{
    for (size_t i = 0; i < rule->count; i++)
        if (validator_schema_is_type(run->validator, type, rule->types[i]))
            return true;
    return false;
}

static struct str list_types(struct run *run, const struct reference_rule *rule)
{
    struct buf out;
    buf_init(&out, run->scratch, 1024);
    for (size_t i = 0; i < rule->count; i++)
        buf_print(&out, "%s" STR_FMT, i ? ", " : "", STR_ARG(rule->types[i]));
    return buf_str(&out);
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct reference_rule *reference = (const struct reference_rule *)(const void *)rule;
    if (!cJSON_IsObject(node->value) || !str_is(node_type(node), "Reference"))
        return;
    struct str said = json_get_text(node->value, "type"),
               text = json_get_text(node->value, "reference");
    struct str type = text.len ? validator_reference_type(run, text, node) : STR("");
    if (!type.len && definitions_is_resource_type(run->validator->definitions, said))
        type = said;
    if (!type.len || is_allowed(run, reference, type))
        return;
    struct arena_mark mark = validator_run_mark(run);
    struct str allowed = list_types(run, reference);
    validator_run_break(run, rule, node, ISSUE_REFERENCE_TARGET,
                        "it leads to " STR_FMT ", allowed: " STR_FMT, STR_ARG(type),
                        STR_ARG(allowed));
    validator_run_reset(run, mark);
}

static const struct rule_kind KIND = { "reference", check };

static const struct element_type *reference_type(const struct element *element)
{
    for (size_t i = 0; i < element->type_count; i++)
        if (str_is(element->types[i].code, "Reference") && element->types[i].target_count)
            return &element->types[i];
    return NULL;
}

static bool same(const struct element *a, const struct element *b)
{
    const struct element_type *x = reference_type(a), *y = reference_type(b);
    if (!x || !y || x->target_count != y->target_count)
        return false;
    for (size_t i = 0; i < x->target_count; i++)
        if (!str_equal(x->targets[i], y->targets[i]))
            return false;
    return true;
}

static struct str key_of(struct arena *arena, const struct element_type *type)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (size_t i = 0; i < type->target_count; i++)
        buf_print(&out, STR_FMT " ", STR_ARG(type->targets[i]));
    return buf_str(&out);
}

void validator_reference_build(struct compiler *compiler, const struct element *element)
{
    const struct element_type *type = reference_type(element);
    if (!type)
        return;
    struct validator *validator = compiler->validator;
    struct str *types = arena_array(validator->arena, type->target_count, sizeof *types);
    for (size_t i = 0; i < type->target_count; i++) {
        types[i] = validator_compile_type_of(validator, type->targets[i]);
        if (!types[i].len || str_is(types[i], "Resource"))
            return;
    }
    struct reference_rule *rule =
        validator_compile_rule(compiler, &KIND, validator_compile_origin(compiler, element, same),
                               key_of(validator->arena, type), sizeof *rule);
    if (!rule)
        return;
    rule->types = types;
    rule->count = type->target_count;
}
