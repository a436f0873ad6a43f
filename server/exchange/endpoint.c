/* endpoint.c - reading and judging an Endpoint. */
#include "server/exchange/endpoint.h"

#include "resources/fhir/json/json.h"
#include "server/security/registry.h"

#define REST_TYPE "hl7-fhir-rest"

static bool is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == ':' || c == '[' || c == ']';
}

static bool is_path_byte(char c)
{
    return is_host_byte(c) || c == '/' || c == '_' || c == '~' || c == '%';
}

bool endpoint_parse_address(struct str *out, struct str address, struct arena *arena)
{
    if (!str_starts(address, STR("https://")))
        return false;
    struct str rest = str_slice(address, 8, address.len);
    size_t slash = str_find(rest, '/', 0);
    for (size_t i = 0; i < rest.len; i++)
        if (i < slash ? !is_host_byte(rest.data[i]) : !is_path_byte(rest.data[i]))
            return false;
    if (slash == 0)
        return false;
    while (address.data[address.len - 1] == '/')
        address.len--;
    *out = str_copy(arena, address);
    return true;
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
    if (!endpoint_parse_address(&out->address, json_get_text(record, "address"), arena))
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "its address is not of the form https://host:port/path");
    out->organization = json_get_text(json_get(record, "managingOrganization"), "reference");
    if (!registry_has_organization(service->registry, out->organization))
        return issue_add(issues, NULL, ISSUE_ENDPOINT_REFUSED,
                         "its managingOrganization is not the organization of a registered client");
    return true;
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
