/* reach.c - beyond the resource: references, reads and searches (R4 graphql.html#references,
 * #searching, #reverse). */
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

static bool emit_nodes(struct graphql_run *run, const struct graphql_group *group,
                       const struct node *const *nodes, size_t count, bool is_list,
                       const struct graphql_frame *frame)
{
    const struct graphql_values values = { nodes, count, is_list, false };
    return graphql_emit(run, group, &values, frame);
}

/* Only now is known what the fields are of. container: of a contained resource, or NULL. */
static bool emit_resource(struct graphql_run *run, const struct graphql_group *group,
                          const cJSON *resource, const struct node *container,
                          const struct graphql_frame *frame)
{
    struct node *root = arena_alloc(run->arena, sizeof *root);
    const struct node *nodes[] = { root };
    if (!node_root(root, resource, run->request->definitions))
        return graphql_run_refuse(run, group->field->offset, "this is no resource of R4");
    root->parent = container;
    for (const struct graphql_set *set = group->sets; set; set = set->next)
        if (!graphql_check(run, set->selections, node_type(root), frame->depth))
            return false;
    return emit_nodes(run, group, nodes, 1, false, frame);
}

/* The resource that holds the contained ones. */
static const struct node *container_of(const struct node *node)
{
    while (node->parent)
        node = node->parent;
    return node;
}

static const cJSON *find_contained(const struct node *container, struct str fragment)
{
    const cJSON *list = json_get(container->value, "contained");
    const cJSON *one = list ? list->child : NULL;
    if (!fragment.len)
        return container->value;
    while (one && !str_equal(json_get_text(one, "id"), fragment))
        one = one->next;
    return one;
}

/* *resource stays NULL where the reference leads to nothing that can be seen. */
static bool resolve(struct graphql_run *run, const struct node *node, struct str wanted,
                    bool is_optional, const struct place *at, const cJSON **resource)
{
    const struct graphql_reach *reach = run->request->reach;
    struct reference to = reference_parse(json_get_text(node->value, "reference"));
    bool is_ours = to.kind == REFERENCE_RELATIVE || (to.kind == REFERENCE_ABSOLUTE && to.type.len &&
                                                     str_equal(to.base, run->request->base_url));
    if (to.kind == REFERENCE_CONTAINED)
        *resource = find_contained(container_of(node), to.fragment);
    if (!is_ours || !definitions_is_resource_type(run->request->definitions, to.type) ||
        (wanted.len && !str_equal(wanted, to.type)))
        return true;
    return reach->read(reach->context, to.type, to.id, to.version, is_optional, at, resource);
}

/* Whether the type asked for leaves out what the reference names anyway. */
static bool is_other(struct graphql_run *run, const struct node *node, struct str wanted,
                     const cJSON *resource)
{
    struct reference to = reference_parse(json_get_text(node->value, "reference"));
    struct str type = resource ? json_get_text(resource, "resourceType") : to.type;
    return wanted.len && type.len && !definitions_is_a(run->request->definitions, type, wanted);
}

bool graphql_reach_reference(struct graphql_run *run, const struct graphql_group *group,
                             const struct node *node, const struct graphql_frame *frame)
{
    const struct graphql_selection *field = group->field;
    struct place at = PLACE_ROOT("query");
    const cJSON *resource = NULL;
    struct str wanted;
    bool is_optional = false;
    at.offset = (long)field->offset;
    if (!graphql_run_step(run) || !graphql_values_text(run, field->arguments, "type", &wanted) ||
        !graphql_values_flag(run, field->arguments, "optional", &is_optional) ||
        !resolve(run, node, wanted, is_optional, &at, &resource))
        return false;
    if (is_other(run, node, wanted, resource) || (!resource && is_optional))
        return true;
    if (!resource)
        return issue_add(run->issues, &at, ISSUE_NOT_FOUND,
                         "the reference '" STR_FMT "' can not be resolved",
                         STR_ARG(json_get_text(node->value, "reference")));
    bool is_contained =
        reference_parse(json_get_text(node->value, "reference")).kind == REFERENCE_CONTAINED;
    const struct node *container = is_contained ? container_of(node) : NULL;
    bool is_self = container && container->value == resource;
    return emit_resource(run, group, resource, is_self ? NULL : container, frame);
}

bool graphql_reach_read(struct graphql_run *run, const struct graphql_group *group,
                        const struct graphql_frame *frame)
{
    const struct graphql_selection *field = group->field;
    const struct graphql_reach *reach = run->request->reach;
    struct place at = PLACE_ROOT("query");
    const cJSON *resource = NULL;
    struct str id;
    at.offset = (long)field->offset;
    const char *name = graphql_values_find(field->arguments, "id") ? "id" : "_id";
    if (!graphql_values_text(run, field->arguments, name, &id) ||
        !reach->read(reach->context, field->name, id, STR(""), false, &at, &resource))
        return false;
    if (!resource)
        return issue_add(run->issues, &at, ISSUE_NOT_FOUND, STR_FMT "/" STR_FMT,
                         STR_ARG(field->name), STR_ARG(id));
    return emit_resource(run, group, resource, NULL, frame);
}

/* A search while its arguments are read. */
struct asking {
    struct graphql_search search;
    struct graphql_pair *pairs;
    struct str filter; /* fhirpath */
    size_t filter_offset;
};

/* '-' is written '_' behind the beginning. */
static struct str code_of(struct graphql_run *run, struct str name)
{
    char *code = str_cstr(run->arena, name);
    size_t at = 0;
    while (code[at] == '_')
        at++;
    for (; code[at]; at++)
        code[at] = code[at] == '_' ? '-' : code[at];
    return (struct str){ code, name.len };
}

/* Several values are any of them; a comma in one is a comma. _filter and _sort are whole texts. */
static struct str join(struct graphql_run *run, struct str name, const struct graphql_texts *texts)
{
    struct buf out;
    bool is_whole = str_is(name, "_filter") || str_is(name, "_sort");
    buf_init(&out, run->arena, (size_t)GRAPHQL_MOST_ANSWER);
    for (size_t i = 0; i < texts->count; i++) {
        struct str text = texts->texts[i];
        if (i)
            buf_add_char(&out, ',');
        for (size_t at = 0; at < text.len; at++) {
            bool is_escape = text.data[at] == '\\' && at + 1 < text.len;
            if (text.data[at] == ',' && !is_whole)
                buf_add_char(&out, '\\');
            buf_add_char(&out, text.data[at]);
            if (is_escape)
                buf_add_char(&out, text.data[++at]);
        }
    }
    return buf_str(&out);
}

/* These are not searched by, but say what of the result is wanted. False with an issue; *is_taken
 * when it was one of them. */
static bool take_own(struct graphql_run *run, struct asking *asking,
                     const struct graphql_argument *argument, const struct node *from,
                     bool *is_taken)
{
    struct str name = argument->name;
    *is_taken = true;
    if (str_is(name, "_count")) {
        asking->search.has_count = true;
        return graphql_values_number(run, argument, "_count", &asking->search.count);
    }
    if (str_is(name, "_offset"))
        return graphql_values_number(run, argument, "_offset", &asking->search.offset);
    if (str_is(name, "cursor"))
        return graphql_values_text(run, argument, "cursor", &asking->search.cursor);
    if (str_is(name, "_cursor"))
        return graphql_values_text(run, argument, "_cursor", &asking->search.cursor);
    if (str_is(name, "fhirpath")) {
        asking->filter_offset = argument->offset;
        return graphql_values_text(run, argument, "fhirpath", &asking->filter);
    }
    *is_taken = from && str_is(name, "_reference");
    return true;
}

static bool read_arguments(struct graphql_run *run, struct asking *asking,
                           const struct graphql_selection *field, const struct node *from)
{
    size_t count = 0;
    const struct graphql_argument *one;
    for (one = field->arguments; one; one = one->next)
        count++;
    asking->pairs = arena_array(run->arena, count + 1, sizeof *asking->pairs);
    asking->search.pairs = asking->pairs;
    for (one = field->arguments; one; one = one->next) {
        struct graphql_texts texts;
        bool is_taken;
        if (!take_own(run, asking, one, from, &is_taken) ||
            (!is_taken && !graphql_values_read(run, one, &texts)))
            return false;
        if (!is_taken && !texts.is_null)
            asking->pairs[asking->search.pair_count++] =
                (struct graphql_pair){ code_of(run, one->name), join(run, one->name, &texts) };
    }
    struct str reference;
    if (!from)
        return true;
    if (!graphql_values_text(run, field->arguments, "_reference", &reference))
        return false;
    asking->pairs[asking->search.pair_count++] =
        (struct graphql_pair){ code_of(run, reference),
                               str_print(run->arena, STR_FMT "/" STR_FMT, STR_ARG(node_type(from)),
                                         STR_ARG(json_get_text(from->value, "id"))) };
    return true;
}

/* The resources found as nodes, without those that `fhirpath` leaves out. */
static bool take_found(struct graphql_run *run, const struct asking *asking,
                       const struct graphql_found *found, const struct node **nodes, size_t *kept)
{
    *kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        struct node *root = arena_alloc(run->arena, sizeof *root);
        bool is_kept = true;
        if (!graphql_run_step(run))
            return false;
        if (!node_root(root, found->resources[i], run->request->definitions))
            continue;
        if (asking->filter.len &&
            !graphql_filter_test(run, asking->filter, asking->filter_offset, root, &is_kept))
            return false;
        if (is_kept)
            nodes[(*kept)++] = root;
    }
    return true;
}

static void set_number(struct graphql_run *run, cJSON *object, const char *key, uint64_t number)
{
    json_set(
        run->arena, object, key,
        json_new_number(run->arena, str_print(run->arena, "%llu", (unsigned long long)number)));
}

static void set_text(struct graphql_run *run, cJSON *object, const char *key, struct str text)
{
    if (text.len)
        json_set(run->arena, object, key, json_new_string(run->arena, text));
}

/* A connection as plain JSON, whose members are then selected from like any. */
static cJSON *make_connection(struct graphql_run *run, const struct asking *asking,
                              const struct graphql_found *found, const struct node *const *nodes,
                              size_t count)
{
    struct arena *arena = run->arena;
    cJSON *object = json_new_object(arena), *edges = json_new_array(arena);
    struct str type = asking->search.type;
    set_text(run, object, "__typename", str_print(arena, STR_FMT "Connection", STR_ARG(type)));
    if (found->has_total)
        set_number(run, object, "count", found->total);
    if (!asking->search.cursor.len)
        set_number(run, object, "offset", asking->search.offset);
    set_number(run, object, "pagesize", found->page_size);
    for (size_t i = 0; i < count; i++) {
        cJSON *edge = json_new_object(arena);
        cJSON *resource = arena_copy(arena, nodes[i]->value, sizeof *resource);
        resource->next = resource->prev = NULL; /* the members are shared */
        set_text(run, edge, "__typename", str_print(arena, STR_FMT "Edge", STR_ARG(type)));
        set_text(run, edge, "mode", STR("match"));
        json_set(arena, edge, "resource", resource);
        json_add(edges, edge);
    }
    if (count)
        json_set(arena, object, "edges", edges);
    set_text(run, object, "first", found->first);
    set_text(run, object, "next", found->next);
    return object;
}

static bool emit_connection(struct graphql_run *run, const struct graphql_group *group,
                            const cJSON *connection, const struct graphql_frame *frame)
{
    struct node *root = arena_alloc(run->arena, sizeof *root);
    const struct node *nodes[] = { root };
    node_root(root, connection, NULL);
    return emit_nodes(run, group, nodes, 1, false, frame);
}

bool graphql_reach_search(struct graphql_run *run, const struct graphql_group *group,
                          const struct node *from, const struct graphql_frame *frame)
{
    const struct graphql_selection *field = group->field;
    const struct graphql_reach *reach = run->request->reach;
    struct asking asking = { .filter = STR("") };
    struct graphql_found found = { 0 };
    struct place at = PLACE_ROOT("query");
    size_t count;
    enum graphql_reverse kind =
        graphql_property_search(field->name, &asking.search.type, run->request->definitions);
    asking.search.is_counted = kind == GRAPHQL_CONNECTION;
    at.offset = (long)field->offset;
    if (!read_arguments(run, &asking, field, from) ||
        !reach->search(reach->context, &asking.search, &at, &found))
        return false;
    if (kind == GRAPHQL_LIST && found.next.len && !asking.search.has_count)
        return issue_add(run->issues, &at, ISSUE_TOO_COSTLY,
                         STR_FMT ": more than %zu match; ask for less, or for a connection",
                         STR_ARG(field->name), found.page_size);
    const struct node **nodes = arena_array(run->arena, found.count, sizeof *nodes);
    if (!take_found(run, &asking, &found, nodes, &count))
        return false;
    if (kind == GRAPHQL_LIST)
        return emit_nodes(run, group, nodes, count, true, frame);
    return emit_connection(run, group, make_connection(run, &asking, &found, nodes, count), frame);
}
