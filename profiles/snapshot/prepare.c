/* prepare.c - gives profiles without a snapshot one while they are compiled. */
#include "profiles/snapshot/prepare.h"

#include "resources/fhir/json/json.h"

static bool has_elements(const cJSON *structure, const char *part)
{
    return json_count(json_get(json_get(structure, part), "element")) > 0;
}

static bool is_usable(const cJSON *structure)
{
    const cJSON *elements = json_get(json_get(structure, "snapshot"), "element");
    for (const cJSON *element = elements ? elements->child : NULL; element; element = element->next)
        if (!json_get_text(element, "id").len)
            return false;
    return has_elements(structure, "snapshot");
}

bool snapshot_prepare(void *context, cJSON *resource, struct arena *arena, struct issues *issues)
{
    if (!str_is(json_get_text(resource, "resourceType"), "StructureDefinition") ||
        is_usable(resource) ||
        (has_elements(resource, "snapshot") && !has_elements(resource, "differential")))
        return true;
    struct str url = json_get_text(resource, "url");
    return snapshot_make(resource, context, arena, issues) ||
           issue_add(issues, NULL, ISSUE_DEFINITION_LEFT_OUT, STR_FMT ": no snapshot can be made",
                     STR_ARG(url));
}
