/* capabilities.c - prints what is served from the tables of routes, operations and definitions. */
#include "server/interactions/capabilities.h"

#include <pthread.h>

#include "resources/fhir/definitions/heads.h"
#include "server/instant.h"
#include "server/interactions/capabilities_leads.h"
#include "server/interactions/capabilities_normative.h"
#include "server/interactions/capabilities_terms.h"
#include "server/interactions/interaction.h"
#include "server/operations/operation.h"
#include "server/search/kind.h"
#include "server/search/query.h"

enum { MOST_STATEMENT_BYTES = 16 << 20 };

#define CORE "http://hl7.org/fhir/StructureDefinition/"

struct capabilities {
    struct arena *arena;
    pthread_mutex_t lock;
    struct str json, normative; /* empty until the first request */
};

struct capabilities *capabilities_open(void)
{
    struct arena *arena = arena_open();
    struct capabilities *capabilities = arena_alloc(arena, sizeof *capabilities);
    capabilities->arena = arena;
    pthread_mutex_init(&capabilities->lock, NULL);
    return capabilities;
}

void capabilities_close(struct capabilities *capabilities)
{
    if (!capabilities)
        return;
    pthread_mutex_destroy(&capabilities->lock);
    arena_close(capabilities->arena);
}

static void comma(struct buf *out)
{
    if (out->data[out->len - 1] != '[' && out->data[out->len - 1] != '{')
        buf_add_char(out, ',');
}

static void add_text(struct buf *out, const char *name, struct str value)
{
    comma(out);
    buf_print(out, "\"%s\":", name);
    buf_add_json_string(out, value);
}

static bool has_route(const char *method, const char *shape)
{
    size_t count;
    const struct route *routes = route_table(&count);
    for (size_t i = 0; i < count; i++)
        if (str_is(str_of(routes[i].method), method) && str_is(str_of(routes[i].shape), shape))
            return true;
    return false;
}

/* The rows for a type's address, or for the server's own. */
static void add_interactions(struct buf *out, bool is_system)
{
    size_t count;
    const struct route *routes = route_table(&count);
    buf_add(out, STR(",\"interaction\":["));
    for (size_t i = 0; i < count; i++) {
        if (!routes[i].code || (routes[i].shape[0] != '{') != is_system)
            continue;
        comma(out);
        buf_print(out, "{\"code\":\"%s\"}", routes[i].code);
    }
    buf_add_char(out, ']');
}

static void add_conditions(struct buf *out, const struct service *service)
{
    bool has_update = has_route("PUT", "{type}"), has_delete = has_route("DELETE", "{type}");
    buf_add(out, STR(",\"versioning\":\"versioned\",\"readHistory\":true,\"updateCreate\":true,"
                     "\"conditionalCreate\":true,\"conditionalRead\":\"full-support\""));
    buf_print(out, ",\"conditionalUpdate\":%s,\"conditionalDelete\":\"%s\"",
              has_update ? "true" : "false",
              !has_delete                 ? "not-supported"
              : service->most_deletes > 1 ? "multiple"
                                          : "single");
    buf_add(out, STR(",\"referencePolicy\":[\"literal\",\"logical\",\"local\"]"));
}

static void add_profiles(struct buf *out, struct definitions *definitions, struct str type)
{
    size_t count = 0;
    const struct str *profiles = definitions_profiles(definitions, type, &count);
    if (!count)
        return;
    buf_add(out, STR(",\"supportedProfile\":["));
    for (size_t i = 0; i < count; i++) {
        comma(out);
        buf_add_json_string(out, profiles[i]);
    }
    buf_add_char(out, ']');
}

static void add_parameters(struct buf *out, struct definitions *definitions, struct str type)
{
    size_t count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(definitions, type, &count);
    buf_add(out, STR(",\"searchParam\":["));
    for (size_t i = 0; i < count; i++) {
        enum index_kind kind;
        if (!kind_of_parameter(&kind, parameters[i]))
            continue;
        comma(out);
        buf_add_char(out, '{');
        add_text(out, "name", parameters[i]->code);
        add_text(out, "definition", parameters[i]->url);
        add_text(out, "type", parameters[i]->type);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

/* What _include takes, and what _revinclude takes: any parameter that leads to the type. */
static void add_includes(struct buf *out, struct definitions *definitions, struct str type,
                         const struct map *leads)
{
    struct buf *reverse = map_find(leads, type);
    size_t count = 0;
    const struct search_parameter *const *parameters =
        definitions_search_parameters(definitions, type, &count);
    buf_add(out, STR(",\"searchInclude\":[\"*\""));
    for (size_t i = 0; i < count; i++) {
        enum index_kind kind;
        if (kind_of_parameter(&kind, parameters[i]) && kind == INDEX_REFERENCE)
            buf_print(out, ",\"" STR_FMT ":" STR_FMT "\"", STR_ARG(type),
                      STR_ARG(parameters[i]->code));
    }
    buf_add(out, STR("],\"searchRevInclude\":[\"*\""));
    buf_add(out, reverse ? buf_str(reverse) : STR(""));
    buf_add_char(out, ']');
}

/* Named queries are told of as operations are. */
static bool add_queries(struct buf *out, struct definitions *definitions, struct str type,
                        bool has_any)
{
    CLOSING_ARENA struct arena *arena = arena_open();
    size_t count = 0;
    const struct query *queries = query_list(definitions, type, arena, &count);
    for (size_t i = 0; i < count; i++) {
        buf_add(out, has_any || i ? STR(",{") : STR(",\"operation\":[{"));
        add_text(out, "name", queries[i].code);
        add_text(out, "definition", queries[i].url);
        buf_add_char(out, '}');
    }
    return has_any || count;
}

/* type empty: the operations of the whole server. */
static void add_operations(struct buf *out, struct definitions *definitions, struct str type)
{
    bool has_any = false;
    unsigned levels = type.len ? OPERATION_TYPE | OPERATION_INSTANCE : OPERATION_SYSTEM;
    for (const struct operation *one = operations_table(); one->name; one++) {
        if (!(one->levels & levels) || (type.len && !operations_has_type(one, type)))
            continue;
        buf_add(out, has_any ? STR(",{") : STR(",\"operation\":[{"));
        add_text(out, "name", str_of(one->name));
        add_text(out, "definition", str_of(one->definition));
        buf_add_char(out, '}');
        has_any = true;
    }
    if (type.len)
        has_any = add_queries(out, definitions, type, has_any);
    if (has_any)
        buf_add_char(out, ']');
}

static void add_type(struct buf *out, const struct service *service, struct str type,
                     const struct map *leads)
{
    struct definitions *definitions = service->definitions;
    comma(out);
    buf_add_char(out, '{');
    add_text(out, "type", type);
    buf_print(out, ",\"profile\":\"" CORE STR_FMT "\"", STR_ARG(type));
    add_profiles(out, definitions, type);
    add_interactions(out, false);
    add_conditions(out, service);
    add_includes(out, definitions, type, leads);
    add_parameters(out, definitions, type);
    add_operations(out, definitions, type);
    buf_add_char(out, '}');
}

static void add_head(struct buf *out, const struct service *service, struct arena *arena)
{
    buf_add_char(out, '{');
    add_text(out, "resourceType", STR("CapabilityStatement"));
    buf_add(
        out,
        STR(",\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/"
            "xhtml\\\">What this server does: see rest.</div>\"}"));
    add_text(out, "name", STR("Tandem"));
    add_text(out, "title", STR("Tandem, a FHIR R4 server"));
    add_text(out, "status", STR("active"));
    add_text(out, "date", instant_print(service->now_us(), arena));
    add_text(out, "kind", STR("instance"));
    buf_add(out, STR(",\"software\":{"));
    add_text(out, "name", STR("Tandem"));
    add_text(out, "version", service->version);
    buf_add(out, STR("},\"implementation\":{"));
    add_text(out, "description",
             STR("Coordination of long-term services and supports between care organizations"));
    add_text(out, "url", service->base_url);
    buf_add(out,
            STR("},\"fhirVersion\":\"4.0.1\",\"format\":[\"application/"
                "fhir+json\",\"application/json\",\"application/fhir+xml\",\"application/xml\"]"
                ",\"patchFormat\":[\"application/json-patch+json\",\"application/"
                "xml-patch+xml\",\"application/fhir+json\",\"application/fhir+xml\"]"));
}

static void add_security(struct buf *out, const struct service *service)
{
    bool is_dev = service->is_dev;
    buf_print(out, ",\"security\":{\"cors\":%s", service->cors_count ? "true" : "false");
    if (!is_dev)
        buf_add(out, STR(",\"service\":[{\"coding\":[{\"system\":\"http://terminology.hl7.org/"
                         "CodeSystem/restful-security-service\",\"code\":\"Certificates\"}],"
                         "\"text\":\"Mutual TLS with a registered client certificate\"}]"));
    buf_add(out, STR(",\"description\":"));
    buf_add_json_string(out, is_dev ? STR("Development: every caller on this machine may do all.")
                                    : STR("What a client may do is in its registration, as SMART "
                                          "on FHIR v2 system scopes."));
    buf_add_char(out, '}');
}

static void add_compartments(struct buf *out, struct definitions *definitions, struct arena *arena)
{
    size_t count;
    const struct definition_head *heads = definitions_heads(
        definitions, STR("CompartmentDefinition"), STR(""), STR(""), arena, &count);
    if (!count)
        return;
    buf_add(out, STR(",\"compartment\":["));
    for (size_t i = 0; i < count; i++) {
        comma(out);
        buf_add_json_string(out, heads[i].url);
    }
    buf_add_char(out, ']');
}

static struct str print(struct arena *arena, const struct service *service)
{
    struct buf out;
    size_t count = 0;
    const struct str *types = definitions_resource_types(service->definitions, &count);
    struct map leads;
    capabilities_leads(&leads, service->definitions, arena);
    buf_init(&out, arena, MOST_STATEMENT_BYTES);
    add_head(&out, service, arena);
    buf_add(&out, STR(",\"rest\":[{\"mode\":\"server\""));
    add_security(&out, service);
    buf_add(&out, STR(",\"resource\":["));
    for (size_t i = 0; i < count; i++)
        add_type(&out, service, types[i], &leads);
    buf_add_char(&out, ']');
    add_interactions(&out, true);
    add_parameters(&out, service->definitions, STR("Resource"));
    add_operations(&out, service->definitions, (struct str){ 0 });
    add_compartments(&out, service->definitions, arena);
    buf_add(&out, STR("}]}"));
    return buf_str(&out);
}

struct str capabilities_print(struct capabilities *capabilities, const struct service *service,
                              bool is_normative)
{
    pthread_mutex_lock(&capabilities->lock);
    if (!capabilities->json.len)
        capabilities->json = print(capabilities->arena, service);
    if (is_normative && !capabilities->normative.len)
        capabilities->normative =
            capabilities_normative(capabilities->json, service->definitions, capabilities->arena);
    struct str json = is_normative ? capabilities->normative : capabilities->json;
    pthread_mutex_unlock(&capabilities->lock);
    return json;
}

static bool answer_full(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    interaction_answer(interaction, 200, capabilities_print(service->capabilities, service, false));
    return true;
}

static bool answer_normative(struct interaction *interaction)
{
    const struct service *service = interaction->service;
    interaction_answer(interaction, 200, capabilities_print(service->capabilities, service, true));
    return true;
}

/* R4 http.html#capabilities; the first without one. */
static const struct {
    const char *mode;
    interaction_function answer;
} MODES[] = {
    { "full", answer_full },
    { "normative", answer_normative },
    { "terminology", capabilities_terms },
};

/* Other parameters are nobody's. */
bool interactions_capabilities(struct interaction *interaction)
{
    struct search_pair *pairs = NULL;
    size_t count = 0;
    struct str query = interaction->request->query, mode = STR("full");
    if (query.len && !interaction_query(interaction, query, &pairs, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (str_is(pairs[i].name, "mode"))
            mode = pairs[i].value;
    for (size_t i = 0; i < COUNT(MODES); i++)
        if (str_is(mode, MODES[i].mode))
            return MODES[i].answer(interaction);
    return issue_add(&interaction->issues, NULL, ISSUE_PARAMETER_INVALID,
                     "mode=" STR_FMT ": write full, normative or terminology", STR_ARG(mode));
}
