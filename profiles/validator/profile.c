/* profile.c - profiles that a value must conform to besides its type: those it claims, those its
 * element names. */
#include <stdio.h>

#include "profiles/validator/run.h"
#include "resources/fhir/json/json.h"

/* The measurements that R4 has a profile for. Its profiles name them by LOINC; SNOMED CT's names of
 * the same are here so that the LOINC code, which must be there too, is missed. */
static const struct {
    const char *code, *profile;
    bool is_loinc;
} VITAL_SIGNS[] = {
    { "85353-1", "vitalspanel", true },   { "9279-1", "resprate", true },
    { "8867-4", "heartrate", true },      { "2708-6", "oxygensat", true },
    { "8310-5", "bodytemp", true },       { "8302-2", "bodyheight", true },
    { "9843-4", "headcircum", true },     { "29463-7", "bodyweight", true },
    { "39156-5", "bmi", true },           { "85354-9", "bp", true },
    { "86290005", "resprate", false },    { "364075005", "heartrate", false },
    { "431314004", "oxygensat", false },  { "386725007", "bodytemp", false },
    { "276885007", "bodytemp", false },   { "50373000", "bodyheight", false },
    { "363812007", "headcircum", false }, { "27113001", "bodyweight", false },
    { "60621009", "bmi", false },         { "75367002", "bp", false },
};

/* A profile is used on a type when it constrains that type or an ancestor of it. */
static bool fits(struct run *run, const struct shape *profile, struct str type)
{
    struct str wanted = profile->element->structure->type;
    return str_equal(type, wanted) || definitions_is_a(run->validator->definitions, type, wanted);
}

void validator_profile_misfit(struct run *run, const struct node *at, const struct shape *profile)
{
    const struct structure *structure = profile->element->structure;
    struct fault fault = { ISSUE_TYPE_MISMATCH, STR("profile"), structure->url, NULL, false };
    validator_run_raise(run, at, fault, "'" STR_FMT "' is a profile of " STR_FMT,
                        STR_ARG(structure->url), STR_ARG(structure->type));
}

static void claim(struct run *run, const struct node *at, const struct node *resource,
                  struct str canonical, size_t from)
{
    struct schema *schema = validator_schema_find(run->validator, canonical);
    bool is_full = run->request->level == VALIDATION_FULL;
    if (!schema) {
        bool may_be = run->request->policy & VALIDATION_CLAIMS_MAY_BE_UNKNOWN;
        struct fault fault = { ISSUE_PROFILE_UNKNOWN, STR(""), canonical, NULL,
                               !is_full || may_be };
        validator_run_raise(run, at, fault, "'" STR_FMT "'", STR_ARG(canonical));
        return;
    }
    const struct shape *root = validator_schema_root(run->validator, schema);
    if (!is_full)
        return;
    if (fits(run, root, node_type(resource)))
        validator_run_push(run, from, root);
    else
        validator_profile_misfit(run, at, root);
}

/* R4's profile for the measurement that a coding names, or NULL (R4
 * observation-vitalsigns.html). */
static const char *vital_sign_of(const cJSON *coding, bool is_vital_sign)
{
    struct str code = json_get_text(coding, "code"), system = json_get_text(coding, "system");
    bool is_loinc = str_is(system, "http://loinc.org");
    if (!is_loinc && !(is_vital_sign && str_is(system, "http://snomed.info/sct")))
        return NULL;
    for (size_t i = 0; i < COUNT(VITAL_SIGNS); i++)
        if (VITAL_SIGNS[i].is_loinc == is_loinc && str_is(code, VITAL_SIGNS[i].code))
            return VITAL_SIGNS[i].profile;
    return NULL;
}

static const cJSON *first_coding(const cJSON *concept)
{
    const cJSON *codings = json_get(concept, "coding");
    return cJSON_IsArray(codings) ? codings->child : NULL;
}

static bool has_category(const cJSON *observation, const char *code)
{
    const cJSON *list = json_get(observation, "category");
    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next)
        for (const cJSON *coding = first_coding(item); coding; coding = coding->next)
            if (str_is(json_get_text(coding, "code"), code))
                return true;
    return false;
}

static void push_vital_sign(struct run *run, const struct node *observation, size_t from)
{
    bool is_vital_sign = has_category(observation->value, "vital-signs");
    const cJSON *coding = first_coding(json_get(observation->value, "code"));
    for (; coding; coding = coding->next) {
        const char *name = vital_sign_of(coding, is_vital_sign);
        struct schema *schema = NULL;
        if (name) {
            char url[96];
            snprintf(url, sizeof url, "http://hl7.org/fhir/StructureDefinition/%s", name);
            schema = validator_schema_find(run->validator, str_of(url));
        }
        if (schema)
            validator_run_push(run, from, validator_schema_root(run->validator, schema));
    }
}

void validator_profile_claim(struct run *run, const struct node *resource, size_t from)
{
    if (!run->nested && (run->request->policy & VALIDATION_VITAL_SIGNS) &&
        str_is(node_type(resource), "Observation"))
        push_vital_sign(run, resource, from);
    const cJSON *meta = json_get(resource->value, "meta"), *claims = json_get(meta, "profile");
    if (run->nested || !cJSON_IsArray(claims))
        return;
    struct node at = { .place = { &resource->place, "meta", NULL, -1, json_offset(meta) } };
    int index = 0;
    for (const cJSON *item = claims->child; item; item = item->next, index++) {
        struct node each = { .place = { &at.place, "profile", NULL, index, json_offset(item) } };
        struct str canonical = json_text(item);
        if (canonical.len && cJSON_IsString(item))
            claim(run, &each, resource, canonical, from);
    }
}

static void raise_unknown(struct run *run, const struct node *node, struct str canonical,
                          struct str profile)
{
    bool may_be = !(run->request->policy & VALIDATION_DEFINITIONS_ARE_HERE);
    struct fault fault = { ISSUE_PROFILE_UNKNOWN, canonical, profile, NULL, may_be };
    validator_run_raise(run, node, fault, "'" STR_FMT "', which the profile asks for",
                        STR_ARG(canonical));
}

/* One of several profiles is enough. */
static void require_any(struct run *run, const struct node *node, const struct shape_type *type,
                        struct str profile, size_t from)
{
    const struct shape *base = validator_schema_root(run->validator, type->base);
    for (size_t i = 0; i < type->profile_count; i++) {
        const struct shape *root = validator_schema_root(run->validator, type->profiles[i]);
        if (!root || validator_conform_check(run, node, base, root) != 0)
            return;
    }
    struct fault fault = { ISSUE_TYPE_MISMATCH, STR("profiles"), profile, NULL, false };
    validator_run_raise(run, node, fault,
                        "it conforms to none of the %zu profiles that are allowed here",
                        type->profile_count);
    /* Why not is said of each. */
    for (size_t i = 0; i < type->profile_count; i++)
        validator_run_push(run, from, validator_schema_root(run->validator, type->profiles[i]));
}

void validator_profile_require(struct run *run, const struct node *node,
                               const struct shape_type *type, struct str profile, size_t from)
{
    if (type->profile_count > 1) {
        require_any(run, node, type, profile, from);
        return;
    }
    if (type->profile_count == 0)
        return;
    const struct shape *root = validator_schema_root(run->validator, type->profiles[0]);
    if (!root)
        raise_unknown(run, node, type->profiles[0]->canonical, profile);
    else if (root->element->parent || fits(run, root, node_type(node)))
        validator_run_push(run, from, root);
    else
        validator_profile_misfit(run, node, root);
}
