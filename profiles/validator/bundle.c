/* bundle.c - the full URLs of a Bundle in one map, so that references between entries cost one look
 * each. */
#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"

static void add_target(struct map *map, struct str key, cJSON *resource)
{
    if (key.len && !map_find(map, key))
        map_set(map, key, resource);
}

void validator_bundle_open(struct run *run, struct bundle *bundle, const struct node *node)
{
    *bundle = (struct bundle){ .node = node, .outer = run->bundle };
    map_init(&bundle->targets, run->scratch);
    run->bundle = bundle;
    const cJSON *entries = json_get(node->value, "entry");
    if (!cJSON_IsArray(entries))
        return;
    for (const cJSON *entry = entries->child; entry; entry = entry->next) {
        cJSON *resource = json_get(entry, "resource");
        if (!cJSON_IsObject(resource))
            continue;
        struct str type = json_get_text(resource, "resourceType"),
                   id = json_get_text(resource, "id");
        add_target(&bundle->targets, json_get_text(entry, "fullUrl"), resource);
        if (type.len && id.len)
            add_target(&bundle->targets,
                       str_print(run->scratch, STR_FMT "/" STR_FMT, STR_ARG(type), STR_ARG(id)),
                       resource);
    }
}
