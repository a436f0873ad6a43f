/* program.c - choosing the profile of a record that names none. */
#include "resources/ltss/program.h"

#include "resources/fhir/json/json.h"

static bool has_coding(const cJSON *concept, const struct program_profile *row)
{
    const cJSON *codings = json_get(concept, "coding");
    for (const cJSON *coding = cJSON_IsArray(codings) ? codings->child : NULL; coding;
         coding = coding->next)
        if (str_equal(json_get_text(coding, "system"), row->system) &&
            str_equal(json_get_text(coding, "code"), row->code))
            return true;
    return false;
}

static bool has_code(const cJSON *resource, const struct program_profile *row)
{
    const cJSON *element = json_get(resource, row->element.data);
    if (!cJSON_IsArray(element))
        return has_coding(element, row);
    for (const cJSON *concept = element->child; concept; concept = concept->next)
        if (has_coding(concept, row))
            return true;
    return false;
}

static bool has_role(const struct program_profile *row, struct str role)
{
    for (size_t i = 0; i < row->role_count; i++)
        if (str_equal(row->roles[i], role))
            return true;
    return row->role_count == 0;
}

struct str program_default_profile(const struct program *program, const cJSON *resource,
                                   struct str party_role)
{
    const cJSON *claimed = json_get(json_get(resource, "meta"), "profile");
    struct str type = json_get_text(resource, "resourceType");
    if (json_count(claimed) > 0)
        return (struct str){ NULL, 0 };
    for (size_t i = 0; i < program->profile_count; i++) {
        const struct program_profile *row = &program->profiles[i];
        if (str_equal(row->type, type) && (!row->element.len || has_code(resource, row)) &&
            has_role(row, party_role))
            return row->canonical;
    }
    return (struct str){ NULL, 0 };
}
