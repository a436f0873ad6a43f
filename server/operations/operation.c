/* operation.c - the table of operations, and the way from a request to its row. */
#include "server/operations/operation.h"

#include <string.h>

/* One row an operation; the last row ends the table. */
static const char *const CARE_PLAN[] = { "CarePlan", NULL };
static const char *const QUESTIONNAIRE[] = { "Questionnaire", NULL };
static const char *const PLANNED[] = { "ServiceRequest", "CarePlan", NULL };
static const char *const SERVICE_REQUEST[] = { "ServiceRequest", NULL };
static const char *const CARE_TEAM[] = { "CareTeam", NULL };
static const char *const CONTRACT[] = { "Contract", NULL };
static const char *const PRACTITIONER_ROLE[] = { "PractitionerRole", NULL };
static const char *const TASK[] = { "Task", NULL };
static const char *const VALUE_SET[] = { "ValueSet", NULL };
static const char *const CODE_SYSTEM[] = { "CodeSystem", NULL };
static const char *const CONCEPT_MAP[] = { "ConceptMap", NULL };
static const char *const PATIENT[] = { "Patient", NULL };
static const char *const COMPOSITION[] = { "Composition", NULL };
static const char *const OBSERVATION[] = { "Observation", NULL };
static const char *const ENCOUNTER[] = { "Encounter", NULL };
static const char *const GROUP[] = { "Group", NULL };
#define R4 "http://hl7.org/fhir/OperationDefinition/"
static const char *const STRUCTURE_DEFINITION[] = { "StructureDefinition", NULL };
#define BULK "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/"
#define GUIDE "http://tandem-fhir.org/ltss/OperationDefinition/"
static const struct operation OPERATIONS[] = {
    { .name = "push",
      .definition = GUIDE "push",
      .types = CARE_PLAN,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .run = operations_push },
    { .name = "retry",
      .definition = GUIDE "retry",
      .types = TASK,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_UPDATE,
      .weight = ROUTE_LIGHT,
      .run = operations_retry },
    { .name = "lead-propose",
      .definition = GUIDE "lead-propose",
      .types = CARE_TEAM,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_UPDATE,
      .weight = ROUTE_LIGHT,
      .run = operations_lead_propose },
    { .name = "lead-attest",
      .definition = GUIDE "lead-attest",
      .types = TASK,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_UPDATE,
      .weight = ROUTE_LIGHT,
      .run = operations_lead_attest },
    { .name = "led-members",
      .definition = GUIDE "led-members",
      .types = PRACTITIONER_ROLE,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_led_members },
    { .name = "plan-scope",
      .definition = GUIDE "plan-scope",
      .types = CONTRACT,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_plan_scope },
    { .name = "validate",
      .definition = "http://hl7.org/fhir/OperationDefinition/Resource-validate",
      .levels = OPERATION_SYSTEM | OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = 0, /* judged with the mode */
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_validate },
    { .name = "expand",
      .definition = R4 "ValueSet-expand",
      .types = VALUE_SET,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_expand },
    { .name = "validate-code",
      .definition = R4 "ValueSet-validate-code",
      .types = VALUE_SET,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_validate_code },
    { .name = "validate-code",
      .definition = R4 "CodeSystem-validate-code",
      .types = CODE_SYSTEM,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_validate_code },
    { .name = "lookup",
      .definition = R4 "CodeSystem-lookup",
      .types = CODE_SYSTEM,
      .levels = OPERATION_TYPE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_lookup },
    { .name = "subsumes",
      .definition = R4 "CodeSystem-subsumes",
      .types = CODE_SYSTEM,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_subsumes },
    { .name = "translate",
      .definition = R4 "ConceptMap-translate",
      .types = CONCEPT_MAP,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_translate },
    { .name = "explain",
      .definition = GUIDE "explain",
      .levels = OPERATION_SYSTEM | OPERATION_TYPE,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_explain },
    { .name = "graphql",
      .definition = R4 "Resource-graphql",
      .levels = OPERATION_SYSTEM | OPERATION_INSTANCE,
      .acts = 0, /* judged with each read and search */
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .takes_graphql = true,
      .run = operations_graphql },
    { .name = "reindex",
      .definition = GUIDE "reindex",
      .levels = OPERATION_SYSTEM | OPERATION_TYPE,
      .weight = ROUTE_LIGHT,
      .run = operations_reindex },
    { .name = "reindex-status",
      .definition = GUIDE "reindex-status",
      .levels = OPERATION_SYSTEM,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_reindex_status },
    { .name = "snapshot",
      .definition = R4 "StructureDefinition-snapshot",
      .types = STRUCTURE_DEFINITION,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = 0, /* judged where something stored is read */
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_snapshot },
    { .name = "meta",
      .definition = R4 "Resource-meta",
      .levels = OPERATION_SYSTEM | OPERATION_TYPE | OPERATION_INSTANCE | OPERATION_VERSION,
      .acts = 0, /* reading of a record, searching of more */
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_meta },
    { .name = "meta-add",
      .definition = R4 "Resource-meta-add",
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ | ACT_UPDATE,
      .weight = ROUTE_LIGHT,
      .run = operations_meta_add },
    { .name = "meta-delete",
      .definition = R4 "Resource-meta-delete",
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ | ACT_UPDATE,
      .weight = ROUTE_LIGHT,
      .run = operations_meta_delete },
    { .name = "status",
      .definition = GUIDE "referral-status",
      .types = SERVICE_REQUEST,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_LIGHT,
      .is_readonly = true,
      .run = operations_referral_status },
    { .name = "check-duplication",
      .definition = GUIDE "check-duplication",
      .types = PLANNED,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_check_duplication },
    { .name = "document",
      .definition = GUIDE "care-plan-document",
      .types = CARE_PLAN,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .has_page = true,
      .run = operations_plan_document },
    { .name = "populate",
      .definition = GUIDE "populate",
      .types = QUESTIONNAIRE,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_populate },
    { .name = "test-clock",
      .definition = GUIDE "test-clock",
      .levels = OPERATION_SYSTEM,
      .weight = ROUTE_HEAVY,
      .run = operations_test_clock },
    { .name = "merge",
      .definition = GUIDE "merge",
      .types = PATIENT,
      .levels = OPERATION_TYPE,
      .acts = ACT_READ | ACT_SEARCH | ACT_UPDATE, /* and so for all that refers to patients */
      .weight = ROUTE_HEAVY,
      .run = operations_merge },
    { .name = "lastn",
      .definition = R4 "Observation-lastn",
      .types = OBSERVATION,
      .levels = OPERATION_TYPE,
      .acts = ACT_SEARCH,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_lastn },
    { .name = "document",
      .definition = R4 "Composition-document",
      .types = COMPOSITION,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true, /* persist is R4's exception */
      .may_persist = true,
      .run = operations_document },
    { .name = "everything",
      .definition = R4 "Patient-everything",
      .types = PATIENT,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE,
      .acts = 0, /* judged by level */
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_everything },
    { .name = "everything",
      .definition = R4 "Encounter-everything",
      .types = ENCOUNTER,
      .levels = OPERATION_INSTANCE,
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .run = operations_everything },
    { .name = "export",
      .definition = BULK "export",
      .levels = OPERATION_SYSTEM,
      .acts = 0, /* judged by the types */
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .is_later = true,
      .run = operations_export },
    { .name = "export",
      .definition = BULK "patient-export",
      .types = PATIENT,
      .levels = OPERATION_TYPE,
      .acts = ACT_READ | ACT_SEARCH,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .is_later = true,
      .run = operations_export },
    { .name = "export",
      .definition = BULK "group-export",
      .types = GROUP,
      .levels = OPERATION_TYPE | OPERATION_INSTANCE, /* of the type: to say that an id is needed */
      .acts = ACT_READ,
      .weight = ROUTE_HEAVY,
      .is_readonly = true,
      .is_later = true,
      .run = operations_export },
    { .name = NULL },
};

const struct operation *operations_table(void)
{
    return OPERATIONS;
}

/* One name may stand for several operations, each of other types or levels. */
static const struct operation *find(struct str name, struct str type, unsigned levels)
{
    for (const struct operation *operation = OPERATIONS; operation->name; operation++)
        if (str_is(name, operation->name) && (operation->levels & levels) &&
            (!type.len || operations_has_type(operation, type)))
            return operation;
    return NULL;
}

bool operations_has_type(const struct operation *operation, struct str type)
{
    if (!operation->types)
        return true;
    for (const char *const *one = operation->types; *one; one++)
        if (str_is(type, *one))
            return true;
    return false;
}

enum route_weight operations_weight(struct str name)
{
    const struct operation *operation = find(name, STR(""), ~0U);
    return operation ? operation->weight : ROUTE_LIGHT;
}

enum route_body operations_body(struct str name)
{
    const struct operation *operation = find(name, STR(""), ~0U);
    return operation && operation->takes_graphql ? BODY_GRAPHQL : BODY_RESOURCE;
}

static unsigned level_of(const struct route_match *at)
{
    if (at->version)
        return OPERATION_VERSION;
    if (at->id.len)
        return OPERATION_INSTANCE;
    return at->type.len ? OPERATION_TYPE : OPERATION_SYSTEM;
}

const struct operation *operations_find(const struct route_match *at)
{
    return find(at->operation, at->type, level_of(at));
}

bool operations_has_page(const struct route_match *at)
{
    const struct operation *operation = operations_find(at);
    return operation && operation->has_page;
}

bool operations_may_write(const struct route_match *at)
{
    const struct operation *operation = operations_find(at);
    return operation && (!operation->is_readonly || operation->may_persist);
}

bool operations_run(struct interaction *interaction)
{
    struct route_match *at = &interaction->at;
    const struct operation *operation = operations_find(at);
    if (!operation)
        return issue_add(&interaction->issues, NULL, ISSUE_OPERATION_UNKNOWN,
                         "$" STR_FMT " is not known at this address", STR_ARG(at->operation));
    if (!operation->is_readonly && !str_is(interaction->request->method, "POST")) {
        at->allowed = STR("POST");
        return issue_add(&interaction->issues, NULL, ISSUE_METHOD_NOT_ALLOWED,
                         "$" STR_FMT " changes records: use POST", STR_ARG(at->operation));
    }
    return interaction_may(interaction, at->type, operation->acts, NULL) &&
           operation->run(interaction);
}

const cJSON *operation_parameter(const cJSON *parameters, const char *name)
{
    const cJSON *list = json_get(parameters, "parameter");
    for (const cJSON *one = list ? list->child : NULL; one; one = one->next) {
        if (!str_is(json_get_text(one, "name"), name))
            continue;
        for (const cJSON *member = one->child; member; member = member->next)
            if (!strncmp(member->string, "value", 5) || !strcmp(member->string, "resource"))
                return member;
        return one;
    }
    return NULL;
}

cJSON *operation_parameters(struct interaction *interaction)
{
    if (interaction->request->body.len)
        return interaction_resource(interaction, STR("Parameters"));
    cJSON *empty = json_new_object(interaction->arena);
    json_set(interaction->arena, empty, "resourceType",
             json_new_string(interaction->arena, STR("Parameters")));
    return empty;
}
