/* capabilities_normative.c - leaves out of a CapabilityStatement what is for trial use. */
#include "server/interactions/capabilities_normative.h"

#include "resources/base/arena.h"
#include "resources/base/map.h"
#include "resources/fhir/json/json.h"

enum { MOST_BYTES = 16 << 20 };

#define STATEMENT "http://hl7.org/fhir/StructureDefinition/CapabilityStatement"
#define STATUS "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"

static bool is_for_trial(const cJSON *element)
{
    const cJSON *extensions = json_get(element, "extension");
    for (const cJSON *one = extensions ? extensions->child : NULL; one; one = one->next)
        if (str_is(json_get_text(one, "url"), STATUS) &&
            str_is(json_get_text(one, "valueCode"), "trial-use"))
            return true;
    return false;
}

static bool find_trials(struct map *trials, struct definitions *definitions, struct arena *arena)
{
    struct issues ignored;
    struct str text;
    issues_init(&ignored, arena, (struct str){ 0 });
    if (!definitions_resource(definitions, STR("StructureDefinition"), STR(STATEMENT), arena,
                              &text))
        return false;
    const cJSON *definition = json_parse(text, arena, &ignored);
    const cJSON *elements = json_get(json_get(definition, "snapshot"), "element");
    for (const cJSON *one = elements ? elements->child : NULL; one; one = one->next)
        if (is_for_trial(one))
            map_set(trials, json_get_text(one, "path"), trials);
    return elements != NULL;
}

/* The statement is the server's own: it is not deep. */
static void prune(cJSON *item, struct str path, const struct map *trials, struct arena *arena)
{
    for (cJSON *child = item->child, *next; child; child = next) {
        next = child->next;
        struct str own =
            child->string ? str_print(arena, STR_FMT ".%s", STR_ARG(path), child->string) : path;
        if (child->string && map_find(trials, own))
            json_unlink(item, child);
        else
            prune(child, own, trials, arena);
    }
}

struct str capabilities_normative(struct str json, struct definitions *definitions,
                                  struct arena *arena)
{
    CLOSING_ARENA struct arena *scratch = arena_open();
    struct map trials;
    struct issues ignored;
    struct buf out;
    map_init(&trials, scratch);
    issues_init(&ignored, scratch, (struct str){ 0 });
    cJSON *statement = json_parse(json, scratch, &ignored);
    if (!statement || !find_trials(&trials, definitions, scratch))
        return json;
    prune(statement, STR("CapabilityStatement"), &trials, scratch);
    buf_init(&out, arena, MOST_BYTES);
    json_print(&out, statement);
    return buf_str(&out);
}
