/* endpoint.c - reading and judging an Endpoint. */
#include "server/exchange/endpoint.h"

#include "resources/fhir/json/json.h"
#include "server/security/registry.h"

#define REST_TYPE "hl7-fhir-rest"

static bool check_address(const struct endpoint *endpoint, struct registry *registry,
                          const struct url *url, struct issues *issues)
{
    static const char *const WHY[] = {
        [REGISTRY_ELSEWHERE] = "its address is not at the base that is registered for",
        [REGISTRY_NO_BASE] = "no client is registered with a base for",
        [REGISTRY_STRANGER] = "no client is registered for its managingOrganization",
    };
    enum registry_address found = registry_find_address(registry, endpoint->organization, url);
    return found == REGISTRY_AT_BASE ||
           issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED, "%s " STR_FMT, WHY[found],
                     STR_ARG(endpoint->organization));
}

static bool judge(struct endpoint *out, const struct service *service, const cJSON *record,
                  struct arena *arena, struct issues *issues)
{
    struct str status = json_get_text(record, "status");
    if (!str_is(status, "active"))
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "its status is " STR_FMT ", not active", STR_ARG(status));
    if (!str_is(json_get_text(json_get(record, "connectionType"), "code"), REST_TYPE))
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "its connectionType is not " REST_TYPE);
    struct url url;
    if (!url_parse(&url, json_get_text(record, "address")))
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "its address is not of the form https://host:port/path");
    out->address = str_copy(arena, url.text);
    out->organization = json_get_text(json_get(record, "managingOrganization"), "reference");
    return check_address(out, service->registry, &url, issues);
}

bool endpoint_find(struct endpoint *out, const struct service *service, const struct viewer *viewer,
                   struct str reference, struct arena *arena, struct issues *issues)
{
    struct store_version version;
    struct str id = str_slice(reference, sizeof "Endpoint/" - 1, reference.len);
    if (!str_starts(reference, STR("Endpoint/")) ||
        store_read(service->store, viewer, STR("Endpoint"), id, 0, arena, &version) != OUTCOME_OK)
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "'" STR_FMT "' is not an Endpoint that is stored here",
                         STR_ARG(reference));
    cJSON *record = json_parse(version.body, arena, issues);
    return record && judge(out, service, record, arena, issues);
}
