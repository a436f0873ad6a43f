/* reference.c - where a reference leads, and whether its kind of target is allowed (R4
 * references.html). */
#include "profiles/validator/run.h"
#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

struct reference_rule {
    struct rule rule;
    struct str *types; /* resource types that may be the target, with the profile each must have */
    struct schema **profiles; /* NULL for a type as R4 has it */
    size_t count;
    bool is_any_type;       /* every resource type may be the target */
    bool is_contained_only; /* the target stands inside the resource */
    bool is_bundled_only;   /* the target stands in the same Bundle, or inside the resource */
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

/* Inside the Bundles around the node, the innermost first. */
static struct bundle_match find_in_bundles(struct run *run, struct str reference,
                                           const struct node *from)
{
    struct bundle_match match = { NULL, 0 };
    for (const struct bundle *bundle = run->bundle; bundle && !match.entry; bundle = bundle->outer)
        match = validator_bundle_find(run, bundle, reference, validator_bundle_url(bundle, from));
    return match;
}

struct bundle_match validator_reference_match(struct run *run, struct str reference,
                                              const struct node *from)
{
    struct bundle_match none = { NULL, 0 };
    bool is_local = reference.len && reference.data[0] == '#';
    return reference.len && !is_local ? find_in_bundles(run, reference, from) : none;
}

const cJSON *validator_reference_target(struct run *run, struct str reference,
                                        const struct node *from)
{
    if (!reference.len || !run->frame)
        return NULL;
    if (reference.data[0] != '#') {
        struct bundle_match match = find_in_bundles(run, reference, from);
        return match.entry ? match.entry->resource : NULL;
    }
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

/* The target in its place: what it refers to itself is found from there. */
static bool place_target(struct run *run, struct node *node, const cJSON *target,
                         const struct bundle_entry *entry, struct arena *arena)
{
    if (!node_root(node, target, run->validator->definitions))
        return false;
    if (entry) {
        struct node *around = arena_alloc(arena, sizeof *around);
        const struct node *bundle = entry->bundle->node;
        *around = (struct node){ .place = { &bundle->place, "entry", NULL, (int)entry->index,
                                            json_offset(entry->entry) },
                                 .value = entry->entry,
                                 .parent = bundle,
                                 .resource = bundle };
        node->place.in = &around->place;
        node->place.name = "resource";
        node->parent = around;
    } else if (target != run->frame->root->value) {
        node->place.in = &run->frame->root->place;
        node->place.name = "contained";
        node->parent = run->frame->root;
    }
    return true;
}

const struct node *validator_reference_resolve(void *context, struct str reference,
                                               const struct node *from, struct arena *arena)
{
    struct run *run = context;
    struct bundle_match match = validator_reference_match(run, reference, from);
    const cJSON *target =
        match.entry ? match.entry->resource : validator_reference_target(run, reference, from);
    if (target) {
        struct node *node = arena_alloc(arena, sizeof *node);
        return place_target(run, node, target, match.entry, arena) ? node : NULL;
    }
    const struct fhirpath_resolver *outer = run->request->resolver;
    return outer && outer->resolve ? outer->resolve(outer->context, reference, from, arena) : NULL;
}

static bool is_allowed(struct run *run, const struct reference_rule *rule, struct str type)
{
    bool is_known = rule->is_any_type;
    for (size_t i = 0; i < rule->count && !is_known; i++)
        is_known = validator_schema_is_type(run->validator, type, rule->types[i]);
    return is_known;
}

/* Does the target have one of the profiles that its type needs here: -1 when that can not be told,
 * also because the target is not here. */
static int has_profile(struct run *run, const struct reference_rule *rule, struct str type,
                       const struct node *target)
{
    int best = 0;
    for (size_t i = 0; i < rule->count && best <= 0; i++) {
        if (!validator_schema_is_type(run->validator, type, rule->types[i]))
            continue;
        if (!rule->profiles[i])
            return 1;
        const struct shape *shape = validator_schema_root(run->validator, rule->profiles[i]);
        int verdict = shape && target ? validator_conform_target(run, target, shape) : -1;
        best = verdict ? verdict : best;
    }
    return best;
}

static struct str list_profiles(struct run *run, const struct reference_rule *rule, struct str type)
{
    struct buf out;
    buf_init(&out, run->scratch, 4096);
    for (size_t i = 0; i < rule->count; i++)
        if (rule->profiles[i] && validator_schema_is_type(run->validator, type, rule->types[i]))
            buf_print(&out, "%s" STR_FMT, out.len ? ", " : "",
                      STR_ARG(rule->profiles[i]->canonical));
    return buf_str(&out);
}

static void check_profiles(struct run *run, const struct reference_rule *rule,
                           const struct node *node, struct str text, struct str type)
{
    struct arena_mark mark = validator_run_mark(run);
    const struct node *target = validator_reference_resolve(run, text, node, run->scratch);
    run->reason = STR("");
    int verdict = has_profile(run, rule, type, target);
    bool has_reason = target && verdict == 0 && run->reason.len;
    bool is_needed = run->request->policy & VALIDATION_TARGETS_ARE_HERE;
    if (verdict == 0 || (verdict < 0 && !target && is_needed))
        validator_run_break(run, &rule->rule, node, ISSUE_REFERENCE_PROFILE,
                            "'" STR_FMT "' %s%s" STR_FMT "%s; asked for: " STR_FMT, STR_ARG(text),
                            target ? "has none of them" : "is not here", has_reason ? " (" : "",
                            STR_ARG(has_reason ? run->reason : STR("")), has_reason ? ")" : "",
                            STR_ARG(list_profiles(run, rule, type)));
    validator_run_reset(run, mark);
}

static struct str list_types(struct run *run, const struct reference_rule *rule)
{
    struct buf out;
    buf_init(&out, run->scratch, 1024);
    for (size_t i = 0; i < rule->count; i++)
        buf_print(&out, "%s" STR_FMT, i ? ", " : "", STR_ARG(rule->types[i]));
    return buf_str(&out);
}

/* Where the target may stand (R4 elementdefinition.html#ElementDefinition.type.aggregation). Of a
 * resource that is in no Bundle, none can be told to be missing there. */
static void check_aggregation(struct run *run, const struct reference_rule *rule,
                              const struct node *node, struct str text)
{
    bool is_local = text.data[0] == '#';
    bool is_bundled = run->bundle && validator_reference_match(run, text, node).entry;
    if (rule->is_contained_only && !is_local)
        validator_run_break(run, &rule->rule, node, ISSUE_REFERENCE_AGGREGATION,
                            "'" STR_FMT "' is not contained", STR_ARG(text));
    else if (rule->is_bundled_only && run->bundle && !is_local && !is_bundled)
        validator_run_break(run, &rule->rule, node, ISSUE_REFERENCE_AGGREGATION,
                            "'" STR_FMT "' is not in the bundle", STR_ARG(text));
}

/* What begins with '#' is inside the resource, or nowhere. */
static void check_local(struct run *run, const struct rule *rule, const struct node *node,
                        struct str text)
{
    if (text.len > 1 && text.data[0] == '#' && !validator_reference_target(run, text, node))
        validator_run_break(run, rule, node, ISSUE_REFERENCE_UNRESOLVED,
                            "'" STR_FMT "' is not contained", STR_ARG(text));
}

static void check(struct run *run, const struct rule *rule, const struct node *node)
{
    const struct reference_rule *reference = (const struct reference_rule *)(const void *)rule;
    if (!cJSON_IsObject(node->value) || !str_is(node_type(node), "Reference"))
        return;
    struct str said = json_get_text(node->value, "type"),
               text = json_get_text(node->value, "reference");
    if (text.len && (reference->is_contained_only || reference->is_bundled_only))
        check_aggregation(run, reference, node, text);
    check_local(run, rule, node, text);
    struct str type = text.len ? validator_reference_type(run, text, node) : STR("");
    if (!type.len && definitions_is_resource_type(run->validator->definitions, said))
        type = said;
    if (type.len && text.len && reference->profiles && is_allowed(run, reference, type))
        check_profiles(run, reference, node, text, type);
    if (!type.len || is_allowed(run, reference, type))
        return;
    bool may_be_away = run->request->policy & VALIDATION_TARGETS_MAY_BE_AWAY;
    struct fault fault = { ISSUE_REFERENCE_TARGET, str_of(rule->kind->name), rule->profile, NULL,
                           may_be_away && !validator_reference_target(run, text, node) };
    struct arena_mark mark = validator_run_mark(run);
    struct str allowed = list_types(run, reference);
    validator_run_raise(run, node, fault, "it leads to " STR_FMT ", allowed: " STR_FMT,
                        STR_ARG(type), STR_ARG(allowed));
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
    return str_equal(x->aggregation, y->aggregation);
}

static struct str key_of(struct arena *arena, const struct element_type *type)
{
    struct buf out;
    buf_init(&out, arena, 1 << 16);
    for (size_t i = 0; i < type->target_count; i++)
        buf_print(&out, STR_FMT " ", STR_ARG(type->targets[i]));
    buf_add(&out, type->aggregation);
    return buf_str(&out);
}

/* False when the targets ask for nothing that could be checked. */
static bool find_targets(struct validator *validator, const struct element_type *type,
                         struct reference_rule *rule)
{
    bool has_profiles = false;
    struct str modes = type->aggregation;
    rule->is_contained_only = str_is(modes, "contained");
    rule->is_bundled_only = modes.len && !rule->is_contained_only &&
                            str_find_str(modes, STR("referenced"), 0) == modes.len;
    rule->types = arena_array(validator->arena, type->target_count, sizeof *rule->types);
    rule->profiles = arena_array(validator->arena, type->target_count, sizeof(struct schema *));
    for (size_t i = 0; i < type->target_count; i++) {
        const struct structure *structure =
            definitions_structure(validator->definitions, type->targets[i]);
        rule->types[i] = validator_compile_type_of(validator, type->targets[i]);
        if (!rule->types[i].len)
            return false;
        rule->is_any_type |= str_is(rule->types[i], "Resource");
        if (structure && structure->is_constraint) {
            rule->profiles[i] = validator_compile_schema(validator, type->targets[i]);
            has_profiles = true;
        }
    }
    if (!has_profiles)
        rule->profiles = NULL;
    return has_profiles || !rule->is_any_type || modes.len;
}

void validator_reference_build(struct compiler *compiler, const struct element *element)
{
    const struct element_type *type = reference_type(element);
    if (!type)
        return;
    struct validator *validator = compiler->validator;
    struct reference_rule targets = { .count = type->target_count };
    if (!find_targets(validator, type, &targets))
        return;
    struct reference_rule *rule =
        validator_compile_rule(compiler, &KIND, validator_compile_origin(compiler, element, same),
                               key_of(validator->arena, type), sizeof *rule);
    if (!rule)
        return;
    targets.rule = rule->rule;
    *rule = targets;
}
