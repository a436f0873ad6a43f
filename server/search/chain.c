/* chain.c - names with dots, names with _has. */
#include "server/search/chain.h"

#include "resources/base/arena.h"

/* The types that a reference parameter may lead to. */
static const struct str *targets_of(const struct parsing *with, const struct search_condition *out,
                                    size_t *count)
{
    if (!out->parameter->target_count)
        return definitions_resource_types(with->context->definitions, count);
    *count = out->parameter->target_count;
    return out->parameter->targets;
}

/* A type that has no such parameter, or for which the value makes no sense, is not meant. What it
 * said is kept in case that none is. */
static bool try_part(struct parsing *with, struct search_condition *out, const struct str *type,
                     const struct chain_rest *rest, struct issues *told)
{
    struct issues *kept = with->issues;
    struct issues scratch;
    struct condition_text text = *rest->text;
    issues_init(&scratch, with->arena, STR(""));
    text.types = type;
    text.type_count = 1;
    with->issues = &scratch;
    size_t nodes = with->nodes;
    bool ok = rest->make(with, out, &text);
    with->issues = kept;
    if (!ok && !with->is_over)
        with->nodes = nodes;
    if (!ok && (!told->count || !with->is_unknown || with->is_over))
        *told = scratch;
    return ok;
}

bool chain_add_parts(struct parsing *with, struct search_condition *out, struct str only,
                     const struct chain_rest *rest)
{
    size_t count = 0;
    struct issues told;
    issues_init(&told, with->arena, STR(""));
    const struct str *targets = targets_of(with, out, &count);
    struct search_condition *parts = arena_array(with->arena, count, sizeof *parts);
    bool was_unknown = true;
    for (size_t i = 0; i < count && !with->is_over; i++) {
        if (only.len && !str_equal(only, targets[i]))
            continue;
        with->is_unknown = false;
        if (try_part(with, &parts[out->part_count], &targets[i], rest, &told))
            out->part_count++;
        else
            was_unknown = was_unknown && with->is_unknown;
    }
    out->parts = parts;
    with->plan->is_far = true;
    if (out->part_count && !with->is_over)
        return true;
    with->is_unknown = was_unknown;
    if (!told.count)
        return parse_unknown(with, rest->text->pair, "");
    return issue_add(with->issues, NULL, told.last->id, STR_FMT, STR_ARG(told.last->diagnostics));
}

bool chain_parse(struct parsing *with, struct search_condition *out,
                 const struct condition_text *text)
{
    size_t dot = str_find(text->name, '.', 0);
    struct condition_text inner = *text;
    struct str only = str_slice(text->name, 0, dot), code = str_cut(&only, ':');
    inner.name = str_slice(text->name, dot + 1, text->name.len);
    inner.depth++;
    if (!condition_find(with, out, code) || out->kind != INDEX_REFERENCE)
        return parse_unknown(with, text->pair, "");
    if (only.data && !definitions_is_resource_type(with->context->definitions, only))
        return parse_unknown(with, text->pair, "a resource type stands between ':' and '.'");
    const struct chain_rest rest = { condition_parse, &inner };
    out->test = TEST_CHAIN;
    return chain_add_parts(with, out, only, &rest);
}

bool chain_parse_has(struct parsing *with, struct search_condition *out,
                     const struct condition_text *text)
{
    struct str rest = str_slice(text->name, sizeof "_has:" - 1, text->name.len);
    struct str *type = arena_alloc(with->arena, sizeof *type);
    *type = str_cut(&rest, ':');
    struct str code = str_cut(&rest, ':');
    struct search_condition *part = arena_alloc(with->arena, sizeof *part);
    struct search_condition link = { .types = type, .type_count = 1 };
    if (!definitions_is_resource_type(with->context->definitions, *type) ||
        !condition_find(with, &link, code) || link.kind != INDEX_REFERENCE || !rest.len)
        return parse_unknown(with, text->pair, "_has:Type:reference parameter:parameter");
    struct condition_text inner = { .pair = text->pair,
                                    .types = type,
                                    .type_count = 1,
                                    .name = rest,
                                    .value = text->value,
                                    .depth = text->depth + 1 };
    out->test = TEST_HAS;
    out->kind = INDEX_REFERENCE;
    out->code = code;
    out->parameter = link.parameter;
    out->parts = part;
    out->part_count = 1;
    with->plan->is_far = true;
    return condition_parse(with, part, &inner);
}

/* Location.partof leads from Location to nothing but Location. */
static struct str step_up(const struct parsing *with, struct str type)
{
    size_t count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(with->context->definitions, type, &count);
    for (size_t i = 0; i < count; i++) {
        const struct search_parameter *one = parameters[i];
        if (str_is(one->type, "reference") && one->expression.len && one->target_count == 1 &&
            str_equal(one->targets[0], type) && str_starts(one->code, STR("part")))
            return one->code;
    }
    return (struct str){ 0 };
}

void chain_find_hierarchy(const struct parsing *with, struct search_condition *out)
{
    size_t count = 0;
    const struct str *targets = targets_of(with, out, &count);
    for (size_t i = 0; i < count; i++) {
        struct str up = step_up(with, targets[i]);
        if (!up.len)
            continue;
        out->target = targets[i];
        out->hierarchy = up;
        with->plan->is_far = true;
        return;
    }
}
