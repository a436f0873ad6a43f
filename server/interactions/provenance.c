/* provenance.c - reads X-Provenance, and gives it its target. */
#include "server/interactions/provenance.h"

bool provenance_read(struct interaction *interaction, struct write *write, size_t *count)
{
    struct str text = http_header(interaction->request, "X-Provenance");
    struct issues found;
    *count = 1;
    if (!text.len)
        return true;
    issues_init(&found, interaction->arena, (struct str){ 0 });
    cJSON *resource = json_parse(text, interaction->arena, &found);
    if (!resource || !str_is(json_get_text(resource, "resourceType"), "Provenance"))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "X-Provenance is not a Provenance in JSON");
    if (json_get(resource, "target"))
        return issue_add(&interaction->issues, NULL, ISSUE_HEADER_INVALID,
                         "the target of X-Provenance is set by the server");
    if (!interaction_may(interaction, STR("Provenance"), ACT_CREATE, NULL))
        return false;
    json_remove(resource, "id");
    static const struct place HEADER = { NULL, "X-Provenance", NULL, -1, -1 };
    *write = (struct write){ .act = WRITE_CREATE,
                             .type = STR("Provenance"),
                             .if_version = STORE_ANY_VERSION,
                             .resource = resource,
                             .at = &HEADER };
    *count = 2;
    return true;
}

bool provenance_settle(void *context, struct write_set *set)
{
    const struct write *about = &set->writes[0];
    struct write *own = &set->writes[1];
    (void)context;
    if (set->count < 2)
        return true;
    own->is_skipped = about->result == WRITE_MATCHED;
    cJSON *target = json_new_object(set->arena), *list = json_new_array(set->arena);
    struct str reference =
        str_print(set->arena, STR_FMT "/" STR_FMT, STR_ARG(about->type), STR_ARG(about->chosen_id));
    json_set(set->arena, target, "reference", json_new_string(set->arena, reference));
    json_add(list, target);
    json_set(set->arena, own->resource, "target", list);
    return true;
}
