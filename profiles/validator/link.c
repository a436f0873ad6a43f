/* link.c - where a narrativeLink leads: an id in the markup of a resource's narratives. */
#include "profiles/validator/link.h"

#include <string.h>

#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/narrative/xhtml.h"

/* How often an id stands in the narratives of a resource. */
struct mark {
    size_t count;
};

static void count_id(void *context, struct str id)
{
    struct map *marks = context;
    struct mark *mark = map_find(marks, id);
    if (!mark) {
        mark = arena_alloc(marks->arena, sizeof *mark);
        map_set(marks, id, mark);
    }
    mark->count++;
}

/* The text of every div in the tree, which the reader has bounded in depth. */
static void count_ids(struct map *marks, const cJSON *item)
{
    if (cJSON_IsString(item) && item->string && !strcmp(item->string, "div"))
        xhtml_ids(json_text(item), count_id, marks);
    for (const cJSON *child = item->child; child; child = child->next)
        count_ids(marks, child);
}

/* Made once a resource: each of its entries may have a link. */
static const struct map *marks_of(struct run *run, const cJSON *resource)
{
    struct str key = { (const char *)&resource, sizeof resource };
    struct map *marks = map_find(&run->narratives, key);
    if (marks)
        return marks;
    marks = arena_alloc(run->kept, sizeof *marks);
    map_init(marks, run->kept);
    count_ids(marks, resource);
    map_set(&run->narratives, str_copy(run->kept, key), marks);
    return marks;
}

static struct str url_of(const cJSON *extension)
{
    struct str url = json_get_text(extension, "valueUrl");
    return url.len ? url : json_get_text(extension, "valueUri");
}

void validator_link_check(struct run *run, const struct node *node)
{
    struct str id = url_of(node->value), about = str_cut(&id, '#');
    if (!id.len || !run->frame)
        return;
    const cJSON *target = run->frame->root->value;
    if (about.len) {
        struct bundle_match match = validator_reference_match(run, about, node);
        target = match.entry ? match.entry->resource : NULL;
    }
    bool is_away = !target && !(run->bundle && str_starts(about, STR("urn:")));
    const struct mark *mark = target ? map_find(marks_of(run, target), id) : NULL;
    struct fault fault = { .id = ISSUE_REFERENCE_UNRESOLVED, .about = STR("narrativeLink") };
    if (!is_away && !mark)
        validator_run_raise(run, node, fault, "no narrative of '" STR_FMT "' has '" STR_FMT "'",
                            STR_ARG(about), STR_ARG(id));
    fault.id = ISSUE_REFERENCE_AMBIGUOUS;
    if (mark && mark->count > 1)
        validator_run_raise(run, node, fault,
                            "'" STR_FMT "' is %zu times in the narratives of '" STR_FMT "'",
                            STR_ARG(id), mark->count, STR_ARG(about));
}
