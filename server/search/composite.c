/* composite.c - every combination of the components' values in one element. */
#include "server/search/composite.h"

#include "resources/base/arena.h"
#include "server/search/kind.h"

struct composite *composite_compile(struct definitions *definitions, struct str type,
                                    const struct search_parameter *parameter, struct arena *arena,
                                    struct issues *issues)
{
    struct composite *made = arena_alloc(arena, sizeof *made);
    made->count = kind_of_components(made->kinds, definitions, type, parameter);
    for (size_t i = 0; i < made->count; i++) {
        const struct search_component *component = &parameter->components[i];
        made->parameters[i] = kind_find_component(definitions, type, component->definition);
        made->expressions[i] = fhirpath_parse(component->expression, arena, issues);
        if (!made->expressions[i])
            return NULL;
    }
    return made->count ? made : NULL;
}

/* The rows of one component; their parts are copied by the caller. */
static void find_part(struct extract *out, const struct extract *like,
                      const struct composite *composite, size_t at, const struct node *element,
                      struct fhirpath_context *context)
{
    struct fhirpath_items found = { 0 };
    *out = (struct extract){ .arena = like->arena,
                             .definitions = like->definitions,
                             .codes = like->codes,
                             .base_url = like->base_url,
                             .parameter = composite->parameters[at] };
    if (!fhirpath_evaluate(&found, composite->expressions[at], element, context))
        return;
    for (size_t i = 0; i < found.count; i++)
        extract_item(out, &found.items[i]);
}

/* Not the rows of another name that a modifier looks in. */
static bool is_plain(const struct index_row *row, const struct composite *composite, size_t at)
{
    return row->kind == composite->kinds[at] &&
           str_equal(row->parameter, composite->parameters[at]->code);
}

static void combine(struct extract *extract, const struct composite *composite,
                    const struct extract *found, size_t at, struct index_row *parts)
{
    if (at == composite->count) {
        struct index_row *row = extract_add(extract, INDEX_COMPOSITE, "");
        row->parts = arena_copy(extract->arena, parts, composite->count * sizeof *parts);
        row->part_count = composite->count;
        return;
    }
    for (size_t i = 0; i < found[at].count && !extract->is_over; i++) {
        if (!is_plain(&found[at].rows[i], composite, at))
            continue;
        parts[at] = found[at].rows[i];
        combine(extract, composite, found, at + 1, parts);
    }
}

void composite_extract(struct extract *extract, const struct composite *composite,
                       const struct node *element, struct fhirpath_context *context)
{
    struct extract found[INDEX_MOST_PARTS];
    struct index_row parts[INDEX_MOST_PARTS];
    for (size_t i = 0; i < composite->count; i++) {
        find_part(&found[i], extract, composite, i, element, context);
        if (!found[i].count)
            return;
    }
    combine(extract, composite, found, 0, parts);
}
