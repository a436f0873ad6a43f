/* types.c - types and profiles of an element, held against those of its base. */
#include "profiles/snapshot/types.h"

#include "profiles/snapshot/maker.h"
#include "profiles/snapshot/shelf.h"
#include "profiles/snapshot/snapshot.h"
#include "resources/fhir/definitions/definitions.h"
#include "resources/fhir/json/json.h"

#define FHIR_TYPE "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
#define SYSTEM "http://hl7.org/fhirpath/System."

/* The FHIRPath types that R4's snapshots use where the FHIR type is not said. */
static const struct system_type {
    const char *code, *fhir;
} SYSTEM_TYPES[] = {
    { SYSTEM "String", "string" },   { SYSTEM "Boolean", "boolean" },
    { SYSTEM "Date", "date" },       { SYSTEM "DateTime", "dateTime" },
    { SYSTEM "Time", "time" },       { SYSTEM "Integer", "integer" },
    { SYSTEM "Decimal", "decimal" },
};

struct str snapshot_types_code(const cJSON *type)
{
    struct str code = json_get_text(type, "code");
    const cJSON *extensions = json_get(type, "extension");
    for (const cJSON *item = extensions ? extensions->child : NULL; item; item = item->next)
        if (str_is(json_get_text(item, "url"), FHIR_TYPE)) {
            struct str url = json_get_text(item, "valueUrl");
            return url.len ? url : json_get_text(item, "valueUri");
        }
    for (size_t i = 0; i < COUNT(SYSTEM_TYPES); i++)
        if (str_is(code, SYSTEM_TYPES[i].code))
            return str_of(SYSTEM_TYPES[i].fhir);
    return code;
}

struct str snapshot_types_profile(const cJSON *type)
{
    const cJSON *profile = json_get(type, "profile");
    return json_text(cJSON_IsArray(profile) ? profile->child : profile);
}

static const cJSON *first_type(const struct branch *branch)
{
    const cJSON *types = json_get(branch->element, "type");
    return types ? types->child : NULL;
}

static bool is_a(struct maker *maker, struct str type, struct str ancestor)
{
    bool is_known;
    if (str_equal(type, ancestor))
        return true;
    return snapshot_shelf_goes_back(maker->shelf, snapshot_shelf_type_url(maker->shelf, type),
                                    snapshot_shelf_type_url(maker->shelf, ancestor), &is_known);
}

/* A target of the differential's reference type against those of the base's. */
static bool is_target_allowed(struct maker *maker, const cJSON *targets, struct str target,
                              const struct branch *diff)
{
    bool is_known = true, is_allowed = json_count(targets) == 0;
    for (const cJSON *item = targets ? targets->child : NULL; item && !is_allowed;
         item = item->next) {
        bool goes_to_end;
        is_allowed = snapshot_shelf_goes_back(maker->shelf, target, json_text(item), &goes_to_end);
        is_known = is_known && goes_to_end;
    }
    if (is_allowed || is_known)
        return is_allowed;
    snapshot_maker_warn(maker, diff, "the target profile '" STR_FMT "' is not known",
                        STR_ARG(target));
    return true;
}

/* The targets of a type, each against all the base's types of that code: older snapshots give each
 * target a type of its own. */
static bool are_targets_allowed(struct maker *maker, const struct branch *out, const cJSON *type,
                                const struct branch *diff)
{
    const cJSON *targets = json_get(type, "targetProfile");
    const cJSON *target = cJSON_IsArray(targets) ? targets->child : targets;
    for (; target; target = cJSON_IsArray(targets) ? target->next : NULL) {
        bool is_allowed = false;
        for (const cJSON *base = first_type(out); base && !is_allowed; base = base->next)
            is_allowed =
                str_equal(snapshot_types_code(base), snapshot_types_code(type)) &&
                is_target_allowed(maker, json_get(base, "targetProfile"), json_text(target), diff);
        if (!is_allowed)
            return snapshot_maker_refuse(maker, diff,
                                         "the target '" STR_FMT "' is none of the base's",
                                         STR_ARG(json_text(target)));
    }
    return true;
}

/* What R4 says of an element in words, where its type says less. */
static const struct meaning {
    const char *path, *type;
} MEANINGS[] = {
    { "Bundle.entry.response.outcome", "OperationOutcome" },
};

static struct str meant_type(const struct branch *out, const cJSON *type)
{
    struct str path = json_get_text(json_get(out->element, "base"), "path");
    for (size_t i = 0; i < COUNT(MEANINGS); i++)
        if (str_is(path, MEANINGS[i].path))
            return str_of(MEANINGS[i].type);
    return snapshot_types_code(type);
}

/* A profile on the type has to be one of that type. One that is for an element inside ("#...", or
 * with an extension that says so) is not judged. */
static bool is_profile_of_type(struct maker *maker, const struct branch *out, const cJSON *type,
                               const struct branch *diff)
{
    struct str profile = snapshot_types_profile(type), code = meant_type(out, type);
    const struct book *book = profile.len && !json_get(type, "_profile")
                                  ? snapshot_shelf_find(maker->shelf, profile)
                                  : NULL;
    if (book && !is_a(maker, book->type, code))
        return snapshot_maker_refuse(maker, diff,
                                     "the profile '" STR_FMT "' is on " STR_FMT ", not on " STR_FMT,
                                     STR_ARG(profile), STR_ARG(book->type), STR_ARG(code));
    return true;
}

static bool is_type_allowed(struct maker *maker, const struct branch *out, const cJSON *type,
                            const struct branch *diff)
{
    const cJSON *base = first_type(out);
    if (!base)
        return true;
    struct str code = snapshot_types_code(type);
    while (base && !is_a(maker, code, snapshot_types_code(base)))
        base = base->next;
    if (!base)
        return snapshot_maker_refuse(maker, diff, "the type '" STR_FMT "' is none of the base's",
                                     STR_ARG(code));
    return are_targets_allowed(maker, out, type, diff);
}

bool snapshot_types_narrow(struct maker *maker, const struct branch *out, const struct branch *diff)
{
    bool is_allowed = true;
    for (const cJSON *type = first_type(diff); type; type = type->next) {
        if (!cJSON_IsObject(type))
            return snapshot_maker_refuse(maker, diff, "a type is no object");
        if (!maker->is_specialization)
            is_allowed = is_type_allowed(maker, out, type, diff) && is_allowed;
        is_allowed = is_profile_of_type(maker, out, type, diff) && is_allowed;
    }
    return is_allowed;
}

static struct str decapitalized(struct maker *maker, struct str text)
{
    char *copy = str_cstr(maker->arena, text);
    if (*copy >= 'A' && *copy <= 'Z')
        *copy = (char)(*copy - 'A' + 'a');
    return (struct str){ copy, text.len };
}

/* "CodeableConcept" is one; "Code" is the code of a primitive. */
static bool is_suffix(struct maker *maker, struct str suffix, struct str code)
{
    return str_equal(suffix, code) || str_equal(decapitalized(maker, suffix), code);
}

bool snapshot_types_allow(struct maker *maker, const struct branch *out, struct str type)
{
    const cJSON *base = first_type(out);
    if (!base)
        return true;
    for (; base; base = base->next) {
        struct str code = snapshot_types_code(base);
        if (is_suffix(maker, type, code) || is_a(maker, decapitalized(maker, type), code) ||
            is_a(maker, code, decapitalized(maker, type)) || is_a(maker, type, code))
            return true;
    }
    return false;
}

void snapshot_types_drop_binding(struct maker *maker, struct branch *out)
{
    const cJSON *types = json_get(out->element, "type");
    static const char *const CODED[] = { "Coding", "CodeableConcept", "Quantity",
                                         "uri",    "string",          "code" };
    if (!json_get(out->element, "binding") || json_count(types) == 0)
        return;
    for (const cJSON *type = types ? types->child : NULL; type; type = type->next)
        for (size_t i = 0; i < COUNT(CODED); i++)
            if (is_a(maker, snapshot_types_code(type), str_of(CODED[i])))
                return;
    json_remove(out->element, "binding");
}

bool snapshot_types_is_type(struct maker *maker, struct str suffix)
{
    struct str name = decapitalized(maker, suffix);
    return snapshot_shelf_find(maker->shelf, snapshot_shelf_type_url(maker->shelf, suffix)) ||
           snapshot_shelf_find(maker->shelf, snapshot_shelf_type_url(maker->shelf, name));
}

const cJSON *snapshot_types_of_suffix(struct maker *maker, const struct branch *choice,
                                      struct str suffix)
{
    const cJSON *type = first_type(choice);
    while (type && !is_suffix(maker, suffix, snapshot_types_code(type)))
        type = type->next;
    if (type)
        return type;
    /* valueAge of a Quantity: a type that is a profile of one of these. */
    const struct book *book =
        snapshot_shelf_find(maker->shelf, snapshot_shelf_type_url(maker->shelf, suffix));
    for (type = book ? first_type(choice) : NULL; type; type = type->next)
        if (str_equal(book->type, snapshot_types_code(type)))
            return type;
    return NULL;
}
