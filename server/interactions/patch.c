/* patch.c - patch and conditional patch with JSON Patch, FHIRPath Patch and XML Patch (R4
 * http.html#patch). */
#include "server/interactions/patch.h"

#include "resources/base/base64.h"
#include "resources/fhir/patch/patch.h"
#include "resources/fhir/xml/xml.h"
#include "server/interactions/change.h"

static bool patch_as_xml(const struct patch *patch, const struct service *service, cJSON **resource,
                         struct issues *issues)
{
    struct buf before, after;
    struct arena *arena = issues->arena;
    buf_init(&before, arena, PATCH_MOST_XML_BYTES * 2);
    buf_init(&after, arena, service->most_body);
    if (!xml_print(&before, *resource, service->definitions, issues))
        return false;
    if (before.is_over || !patch_xml(&after, buf_str(&before), patch->xml, issues))
        return issues->errors ? false : issue_add(issues, NULL, ISSUE_TOO_LARGE, "%s", "");
    *resource = xml_parse(buf_str(&after), service->definitions, arena, issues);
    return *resource != NULL;
}

static bool apply(const struct patch *patch, const struct service *service, cJSON **resource,
                  struct issues *issues)
{
    if (patch->operations)
        return patch_json(resource, patch->operations, issues->arena, issues);
    if (patch->parameters)
        return patch_fhirpath(*resource, patch->parameters, service->definitions, issues->arena,
                              issues);
    return patch_as_xml(patch, service, resource, issues);
}

/* What the server alone decides, a patch leaves as it is. */
static bool check_identity(const cJSON *before, const cJSON *after, struct issues *issues)
{
    static const char *const OWN[] = { "resourceType", "id" };
    static const char *const META[] = { "versionId", "lastUpdated" };
    for (size_t i = 0; i < COUNT(OWN); i++)
        if (!str_equal(json_get_text(before, OWN[i]), json_get_text(after, OWN[i])))
            return issue_add(issues, NULL, ISSUE_PATCH_FAILED, "%s can not be changed", OWN[i]);
    const cJSON *meta = json_get(after, "meta");
    for (size_t i = 0; i < COUNT(META); i++) {
        struct str text = json_get_text(meta, META[i]);
        if (text.len && !str_equal(text, json_get_text(json_get(before, "meta"), META[i])))
            return issue_add(issues, NULL, ISSUE_PATCH_FAILED, "meta.%s can not be changed",
                             META[i]);
    }
    return true;
}

/* The client does not have the texts that are read here, so no line in them means anything. */
static void move_errors(struct issues *to, const struct issues *from, const struct place *at)
{
    for (const struct issue *issue = from->first; issue; issue = issue->next) {
        struct issue *raised = issue_raise(to, at, issue->id, STR_FMT, STR_ARG(issue->diagnostics));
        issue_set_severity(to, raised, issue->severity);
        if (!at)
            raised->expression = issue->expression;
    }
}

static cJSON *change(const void *context, struct write_set *set, const struct write *write)
{
    struct issues found;
    issues_init(&found, set->arena, (struct str){ 0 });
    const cJSON *before = json_parse(write->found.body, set->arena, &found);
    cJSON *after = json_parse(write->found.body, set->arena, &found);
    bool is_good = before && after && apply(context, set->service, &after, &found) &&
                   check_identity(before, after, &found);
    if (!is_good)
        move_errors(set->issues, &found, write->at);
    return is_good ? after : NULL;
}

void patch_prepare(struct write *write, const struct patch *patch)
{
    write->act = WRITE_PATCH;
    write->change = change;
    write->change_context = patch;
}

static struct patch *read_text(struct str text, enum media media, struct arena *arena,
                               struct issues *issues)
{
    struct patch *patch = arena_alloc(arena, sizeof *patch);
    if (media == MEDIA_XML_PATCH)
        patch->xml = text;
    else
        patch->operations = json_parse_array(text, arena, issues);
    return patch->xml.len || patch->operations ? patch : NULL;
}

struct patch *patch_of_entry(cJSON *resource, const struct place *at, struct arena *arena,
                             struct issues *issues)
{
    struct str type = json_get_text(resource, "resourceType"), text;
    if (str_is(type, "Parameters")) {
        struct patch *patch = arena_alloc(arena, sizeof *patch);
        patch->parameters = resource;
        return patch;
    }
    enum media media = media_content(json_get_text(resource, "contentType"));
    bool is_patch = str_is(type, "Binary") &&
                    (media == MEDIA_JSON_PATCH || media == MEDIA_XML_PATCH) &&
                    base64_decode(&text, json_get_text(resource, "data"), arena);
    struct issues found;
    issues_init(&found, arena, (struct str){ 0 });
    struct patch *patch = is_patch ? read_text(text, media, arena, &found) : NULL;
    if (!patch)
        issue_add(issues, at, ISSUE_PATCH_INVALID,
                  "Parameters are expected, or a Binary with application/json-patch+json or "
                  "application/xml-patch+xml");
    return patch;
}

static struct patch *read_patch(struct interaction *interaction)
{
    if (interaction->resource)
        return patch_of_entry(interaction->resource, NULL, interaction->arena,
                              &interaction->issues);
    if (interaction->content == MEDIA_JSON_PATCH || interaction->content == MEDIA_XML_PATCH)
        return read_text(interaction->request->body, interaction->content, interaction->arena,
                         &interaction->issues);
    struct patch *patch = arena_alloc(interaction->arena, sizeof *patch);
    patch->parameters = interaction_resource(interaction, STR("Parameters"));
    return patch->parameters ? patch : NULL;
}

bool interactions_patch(struct interaction *interaction)
{
    struct write write = { .type = interaction->at.type, .id = interaction->at.id };
    if (!change_preconditions(interaction, &write))
        return false;
    const struct patch *patch = read_patch(interaction);
    if (!patch)
        return false;
    patch_prepare(&write, patch);
    return change_condition(interaction, &write) && change_commit(interaction, &write, "patch");
}
