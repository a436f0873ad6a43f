/* emit.c - the values of a field under its key, as its directives have it: flattened, sliced, the
 * first alone (R4 graphql.html#flattening). */
#include "resources/fhir/graphql/run.h"
#include "resources/fhir/json/json.h"

/* What a field's directives ask for. */
struct wish {
    bool is_flat, is_first, is_singleton;
    struct str slice; /* expression; empty: none */
    size_t offset;    /* of it */
};

static bool read_wish(struct graphql_run *run, const struct graphql_selection *field,
                      struct wish *wish)
{
    const struct graphql_directive *slice = graphql_values_directive(field, "slice");
    *wish = (struct wish){ .is_flat = graphql_values_directive(field, "flatten"),
                           .is_first = graphql_values_directive(field, "first"),
                           .is_singleton = graphql_values_directive(field, "singleton") };
    if (!slice)
        return true;
    wish->offset = slice->offset;
    const char *name = graphql_values_find(slice->arguments, "path") ? "path" : "fhirpath";
    return graphql_values_text(run, slice->arguments, name, &wish->slice) &&
           (wish->slice.len || graphql_run_refuse(run, slice->offset, "@slice needs a path"));
}

/* The suffix of keys at this item of a sliced list: those of slices in one another add up. */
static bool add_suffix(struct graphql_run *run, const struct wish *wish, const struct node *node,
                       size_t index, struct str *suffix)
{
    struct str text;
    if (!wish->slice.len)
        return true;
    if (str_is(wish->slice, "$index"))
        text = str_print(run->arena, "%zu", index);
    else if (!graphql_filter_text(run, wish->slice, wish->offset, node, &text))
        return false;
    *suffix = str_print(run->arena, STR_FMT "." STR_FMT, STR_ARG(*suffix), STR_ARG(text));
    return graphql_run_grow(run, suffix->len);
}

/* Values that JSON has no object for are copied; a primitive with extensions alone has none. */
static bool make_value(struct graphql_run *run, const struct graphql_group *group,
                       const struct node *node, bool is_shadow, size_t depth, cJSON **value)
{
    struct graphql_target target = graphql_output_begin(run);
    const struct graphql_frame frame = { &target, false, STR(""), depth + 1 };
    *value = target.object;
    if (node_is_primitive(node) && !is_shadow) {
        *value = node->value ? json_copy(run->arena, node->value) : NULL;
        return !node->value || graphql_run_grow(run, json_text(node->value).len);
    }
    return graphql_select(run, group->sets, node, &frame);
}

static bool emit_one(struct graphql_run *run, const struct graphql_group *group,
                     const struct node *node, const struct graphql_output *as, bool is_shadow,
                     const struct graphql_frame *frame)
{
    struct graphql_output out = *as;
    if (!make_value(run, group, node, is_shadow, frame->depth, &out.value))
        return false;
    return !out.value || graphql_output_add(run, frame->target, &out);
}

bool graphql_emit(struct graphql_run *run, const struct graphql_group *group,
                  const struct graphql_values *values, const struct graphql_frame *frame)
{
    const struct graphql_selection *field = group->field;
    struct wish wish;
    if (!read_wish(run, field, &wish))
        return false;
    bool is_listed = frame->is_listed || (values->is_list && !wish.is_first);
    size_t count = wish.is_first && values->count > 1 ? 1 : values->count;
    for (size_t i = 0; i < count; i++) {
        const struct node *node = values->nodes[i];
        struct graphql_frame inner = { frame->target, is_listed, frame->suffix, frame->depth + 1 };
        if (!graphql_run_step(run) || !add_suffix(run, &wish, node, i, &inner.suffix))
            return false;
        const struct graphql_output out = {
            .key =
                str_print(run->arena, STR_FMT STR_FMT, STR_ARG(field->key), STR_ARG(inner.suffix)),
            .type = node->resource == node ? STR("Resource") : node_type(node),
            .shape = wish.is_singleton ? GRAPHQL_SINGLETON
                     : is_listed       ? GRAPHQL_REPEATING
                                       : GRAPHQL_SINGLE,
            .offset = field->offset
        };
        if (!(wish.is_flat ? graphql_select(run, group->sets, node, &inner)
                           : emit_one(run, group, node, &out, values->is_shadow, frame)))
            return false;
    }
    return true;
}
