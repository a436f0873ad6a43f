/* subset.c - leaves out elements by what the definitions say of them. */
#include "server/interactions/subset.h"

#include <string.h>

#include "resources/base/arena.h"
#include "resources/base/buf.h"
#include "resources/fhir/json/json.h"

enum { MOST_BODY = 64 << 20 };
#define TAG_SYSTEM "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"

bool subset_is_whole(const struct subset *subset)
{
    return !subset->element_count &&
           (subset->summary == SUMMARY_FALSE || subset->summary == SUMMARY_COUNT);
}

static bool is_always(struct str name)
{
    return str_is(name, "resourceType") || str_is(name, "id") || str_is(name, "meta");
}

/* "name", "Patient.name" or "name.family", which asks for the whole name. */
static bool is_listed(const struct subset *subset, struct str type, const struct element *element)
{
    struct str stem = str_slice(element->name, 0, str_find(element->name, '[', 0));
    for (size_t i = 0; i < subset->element_count; i++) {
        struct str rest = subset->elements[i], first = str_cut(&rest, '.');
        if (str_equal(first, type) && rest.len)
            first = str_cut(&rest, '.');
        if (str_equal(first, stem) || str_equal(first, element->name))
            return true;
    }
    return false;
}

static bool stays(const struct subset *subset, struct str type, const struct element *element)
{
    struct str name = element->name;
    if (subset->element_count)
        return element->min > 0 || is_listed(subset, type, element);
    switch (subset->summary) {
    case SUMMARY_TRUE:
        return element->is_summary || element->min > 0;
    case SUMMARY_TEXT:
        return element->min > 0 || str_is(name, "text");
    case SUMMARY_DATA:
        return !str_is(name, "text");
    case SUMMARY_FALSE:
    case SUMMARY_COUNT:
        break;
    }
    return true;
}

static const struct element *find_child(const struct element *parent, const char *name)
{
    struct str property = str_of(name);
    if (property.len && property.data[0] == '_')
        property = str_slice(property, 1, property.len);
    return definitions_child(parent, property, NULL);
}

/* Inside a backbone element of a summary stays what is of the summary; data types stay whole. */
static void cut_backbone(const struct subset *subset, struct str type,
                         const struct element *element, cJSON *item);

static void cut_object(const struct subset *subset, struct str type, const struct element *parent,
                       cJSON *object, bool is_root)
{
    for (cJSON *child = object->child, *next; child; child = next) {
        next = child->next;
        if (is_root && is_always(str_of(child->string)))
            continue;
        const struct element *element = find_child(parent, child->string);
        if (!element)
            continue;
        if (!stays(subset, type, element))
            json_unlink(object, child);
        else if (subset->summary == SUMMARY_TRUE && !subset->element_count)
            cut_backbone(subset, type, element, child);
    }
}

static void cut_backbone(const struct subset *subset, struct str type,
                         const struct element *element, cJSON *item)
{
    if (!element->child_count)
        return;
    if (cJSON_IsObject(item))
        cut_object(subset, type, element, item, false);
    for (cJSON *one = cJSON_IsArray(item) ? item->child : NULL; one; one = one->next)
        if (cJSON_IsObject(one))
            cut_object(subset, type, element, one, false);
}

static void add_tag(cJSON *resource, struct arena *arena)
{
    cJSON *meta = json_get(resource, "meta");
    if (!cJSON_IsObject(meta))
        meta = json_set(arena, resource, "meta", json_new_object(arena));
    cJSON *tags = json_get(meta, "tag");
    if (!cJSON_IsArray(tags))
        tags = json_set(arena, meta, "tag", json_new_array(arena));
    cJSON *tag = json_new_object(arena);
    json_set(arena, tag, "system", json_new_string(arena, STR(TAG_SYSTEM)));
    json_set(arena, tag, "code", json_new_string(arena, STR("SUBSETTED")));
    json_add(tags, tag);
}

void subset_apply(struct str *body, const struct subset *subset, struct arena *arena)
{
    struct issues ignored;
    struct buf out;
    issues_init(&ignored, arena, STR(""));
    cJSON *resource = json_parse(*body, arena, &ignored);
    struct str type = json_get_text(resource, "resourceType");
    const struct structure *structure = definitions_type(subset->definitions, type);
    if (!resource || !structure)
        return;
    cut_object(subset, type, structure->root, resource, true);
    add_tag(resource, arena);
    buf_init(&out, arena, MOST_BODY);
    json_print(&out, resource);
    if (!out.is_over)
        *body = buf_str(&out);
}
