/* bundle.c - the entries of a Bundle in two maps, so that references between them cost one look
 * each. */
#include "profiles/validator/bundle.h"

#include <string.h>

#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"
#include "resources/fhir/types/reference.h"

static void add_url(struct bundle *bundle, struct bundle_entry *entry)
{
    if (!entry->url.len)
        return;
    struct bundle_entry *first = map_find(&bundle->urls, entry->url);
    if (!first) {
        map_set(&bundle->urls, entry->url, entry);
        return;
    }
    entry->again = first->again;
    first->again = entry;
}

static void add_name(struct run *run, struct bundle *bundle, struct bundle_entry *entry)
{
    struct str type = json_get_text(entry->resource, "resourceType"),
               id = json_get_text(entry->resource, "id");
    if (!type.len || !id.len)
        return;
    struct str name = str_print(run->scratch, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id));
    if (!map_find(&bundle->names, name))
        map_set(&bundle->names, name, entry);
}

void validator_bundle_open(struct run *run, struct bundle *bundle, const struct node *node)
{
    *bundle = (struct bundle){ .node = node,
                               .outer = run->bundle,
                               .type = json_get_text(node->value, "type") };
    map_init(&bundle->urls, run->scratch);
    map_init(&bundle->names, run->scratch);
    run->bundle = bundle;
    const cJSON *list = json_get(node->value, "entry");
    if (!cJSON_IsArray(list))
        return;
    bundle->entries = arena_array(run->scratch, json_count(list), sizeof *bundle->entries);
    size_t index = 0;
    for (cJSON *item = list->child; item; item = item->next, index++) {
        cJSON *resource = json_get(item, "resource");
        if (!cJSON_IsObject(resource))
            continue;
        struct bundle_entry *entry = &bundle->entries[bundle->count++];
        *entry = (struct bundle_entry){ bundle, item, resource, json_get_text(item, "fullUrl"),
                                        index,  NULL };
        add_url(bundle, entry);
        add_name(run, bundle, entry);
    }
}

static bool has_version(const struct bundle_entry *entry, struct str version)
{
    struct str own = json_get_text(json_get(entry->resource, "meta"), "versionId");
    return !own.len || str_equal(own, version);
}

static struct bundle_match match_url(const struct bundle *bundle, struct str url,
                                     struct str version)
{
    struct bundle_match match = { NULL, 0 };
    const struct bundle_entry *entry = map_find(&bundle->urls, url);
    for (; entry; entry = entry->again) {
        if (version.len && !has_version(entry, version))
            continue;
        if (match.count++ == 0)
            match.entry = entry;
    }
    return match;
}

/* A relative reference is one to the server that the full URL of its own entry names. A uuid there
 * names none: then the id alone is one. */
static struct str complete(struct run *run, const struct reference *reference, struct str from)
{
    struct reference base = reference_parse(from);
    if (base.kind == REFERENCE_ABSOLUTE && base.type.len)
        return str_print(run->scratch, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(base.base),
                         STR_ARG(reference->type), STR_ARG(reference->id));
    const char *scheme = base.kind == REFERENCE_UUID  ? "urn:uuid:"
                         : base.kind == REFERENCE_OID ? "urn:oid:"
                                                      : "";
    return str_print(run->scratch, "%s" STR_FMT, scheme, STR_ARG(reference->id));
}

struct bundle_match validator_bundle_find(struct run *run, const struct bundle *bundle,
                                          struct str reference, struct str from)
{
    struct bundle_match match = { NULL, 0 };
    struct reference parts = reference_parse(reference);
    struct arena_mark mark = validator_run_mark(run);
    struct str plain = str_slice(reference, 0, str_find_str(reference, STR("/_history/"), 0));
    plain = str_slice(plain, 0, str_find(plain, '#', 0));
    if (parts.kind != REFERENCE_RELATIVE) {
        match = match_url(bundle, plain, parts.version);
    } else if (from.len) {
        match = match_url(bundle, complete(run, &parts, from), parts.version);
    } else {
        match.entry = map_find(&bundle->names, plain);
        match.count = match.entry != NULL;
    }
    validator_run_reset(run, mark);
    return match;
}

struct str validator_bundle_url(const struct bundle *bundle, const struct node *node)
{
    for (; node && node->parent; node = node->parent)
        if (node->parent == bundle->node && !strcmp(node->place.name, "entry"))
            return json_get_text(node->value, "fullUrl");
    return STR("");
}
